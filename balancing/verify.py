"""Prove that a version can be rebuilt from the history, byte for byte."""

import hashlib
import tempfile
from pathlib import Path

from balancing.build import build_content
from balancing.spec import DatasetSpec
from balancing.versions import download, find_version
from core.errors import PipelineError
from core.settings import Settings


def verify_version(settings: Settings, name: str) -> str:
    """Rebuild a version and compare digest and files; give the verdict as a sentence.

    Raises:
        PipelineError: the content or the stored files differ.
    """
    run = find_version(settings, name)
    stored = download(settings, run)
    params, tags = run.data.params, run.data.tags
    holdout = params["holdout_fold"]
    with tempfile.TemporaryDirectory() as out:
        content = build_content(
            settings,
            DatasetSpec(
                as_of=tags["batch_name"],
                strategy=params["strategy"],
                ratio=float(params["ratio"]) if "ratio" in params else None,
                target=int(params["target"]) if "target" in params else None,
                max_copies=int(params["max_copies"])
                if "max_copies" in params
                else None,
                seed=int(params["seed"]),
                holdout_fold=None if holdout == "none" else int(holdout),
                out=Path(out),
            ),
        )
        if content.digest != tags["dataset_digest"]:
            raise PipelineError(
                f"{tags['batch_name']} differs: the digest rebuilt from history is"
                f" {content.digest[:12]}, the logged one {tags['dataset_digest'][:12]}."
            )
        for file in ("train.parquet", "validation.parquet"):
            if _sha256(content.folder / file) != _sha256(stored / file):
                raise PipelineError(
                    f"{tags['batch_name']}: the content is the same, but the stored"
                    f" {file} does not have the bytes that this version of pyarrow"
                    " writes."
                )
    return (
        f"{tags['batch_name']} is verified: rebuilt from history, digest"
        f" {content.digest[:12]} and both files are the same."
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
