"""Artifacts are read where they are; copies of them do not outlast the process."""

import subprocess
import sys
from pathlib import Path

import pytest
from mlflow import MlflowClient

from core.artifacts import fetch_artifact, local_path
from core.settings import PROJECT_ROOT


def test_an_artifact_of_a_local_store_is_not_copied(tmp_path: Path) -> None:
    client = MlflowClient(f"sqlite:///{tmp_path / 'mlflow.db'}")
    home = tmp_path / "50 % & more"
    experiment = client.create_experiment("e", artifact_location=home.as_uri())
    run = client.create_run(experiment)
    client.log_text(run.info.run_id, "content", "dataset/file.txt")
    found = fetch_artifact(client, run.info.run_id, "dataset/file.txt")
    assert found == home / run.info.run_id / "artifacts" / "dataset" / "file.txt"
    assert found.read_text() == "content"
    with pytest.raises(FileNotFoundError):
        fetch_artifact(client, run.info.run_id, "dataset/other.txt")


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///a/b%20c", "/a/b c"),
        ("/a/b c", "/a/b c"),
        ("mlflow-artifacts:/1/2", None),
        ("s3://bucket/key", None),
    ],
)
def test_only_uris_of_files_are_local(uri: str, path: str | None) -> None:
    assert local_path(uri) == (None if path is None else Path(path))


def test_a_copy_is_removed_when_the_process_ends(tmp_path: Path) -> None:
    code = (
        "from core import artifacts; import mlflow; from types import SimpleNamespace;"
        "mlflow.artifacts.download_artifacts ="
        " lambda artifact_uri, dst_path, tracking_uri: dst_path;"
        "print(artifacts.fetch('s3://bucket/key', SimpleNamespace(tracking_uri='')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT_ROOT,
        env={"PATH": "/usr/bin", "TMPDIR": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(done.stdout.strip()).parent.parent == tmp_path
    assert list(tmp_path.glob("rakuten-artifacts-*")) == []
