"""A dataset version as files for other tools."""

import shutil
import tempfile
from pathlib import Path

import pyarrow.csv as pc_csv
import pyarrow.parquet as pq
from mlflow.entities import Run

from balancing.versions import download, find_version
from core.errors import PipelineError
from core.settings import Settings

SPLITS = ("train", "validation")
CARD = """\
---
pretty_name: Rakuten France products, {batch}
language: [fr]
task_categories: [text-classification]
configs:
  - config_name: default
    data_files:
      - split: train
        path: data/train-*.parquet
      - split: validation
        path: data/validation-*.parquet
---

# Rakuten France products, {batch}

Titles and descriptions of products with their type code (`prdtypecode`, {classes}
classes). The training split is oversampled ({strategy}, seed {seed}); `copy` is 0 for a
product's own row and counts its copies. The validation split is held out by fold and has
the natural distribution. Copies are next to each other: shuffle before training.

Content digest: `{digest}`.
"""


def export_version(settings: Settings, name: str, kind: str, out: Path) -> None:
    """Write a version to a new folder, whole or not at all.

    Args:
        settings: see Settings.
        name: run id or batch name.
        kind: csv, parquet, or hf for a folder that the `datasets` library loads.
        out: a folder that does not exist yet.

    Raises:
        PipelineError: `out` exists or cannot be written.
        SourceError: there is no such version.
    """
    if out.exists():
        raise PipelineError(f"{out} exists already: give another --out.")
    run = find_version(settings, name)
    folder = download(settings, run)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".export-", dir=out.parent) as work:
            whole = Path(work) / out.name
            whole.mkdir()
            for split in SPLITS:
                _write(folder / f"{split}.parquet", kind, whole, split)
            if kind == "hf":
                (whole / "README.md").write_text(_card(run))
            whole.rename(out)
    except OSError as error:
        raise PipelineError(
            f"Cannot write the export to {out}: {error.strerror or error}. Nothing is left"
            " of it; free some space or give another --out."
        ) from None


def _write(source: Path, kind: str, work: Path, split: str) -> None:
    if kind == "parquet":
        shutil.copy(source, work / f"{split}.parquet")
    elif kind == "hf":
        data = work / "data"
        data.mkdir(exist_ok=True)
        shutil.copy(source, data / f"{split}-00000-of-00001.parquet")
    else:
        file = pq.ParquetFile(source)
        with pc_csv.CSVWriter(work / f"{split}.csv", file.schema_arrow) as writer:
            for batch in file.iter_batches():
                writer.write(batch)


def _card(run: Run) -> str:
    return CARD.format(
        batch=run.data.tags["batch_name"],
        classes=int(run.data.metrics["classes"]),
        strategy=run.data.params["strategy"],
        seed=run.data.params["seed"],
        digest=run.data.tags["dataset_digest"],
    )
