"""Artifacts of MLflow as files: in place where the store is on this machine, else copies.

MLflow copies artifacts of a local store as well, to a new temporary folder each time, and
leaves it there.
"""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import mlflow
from mlflow import MlflowClient


def fetch_artifact(client: MlflowClient, run_id: str, path: str) -> Path:
    """Return a file or folder of a run's artifacts.

    Args:
        client: see `tracking.open_client`.
        run_id: the run.
        path: relative to its artifacts.

    Raises:
        MlflowException: the run or its artifacts are gone from the server.
        OSError: the files are gone.
    """
    return fetch(f"{client.get_run(run_id).info.artifact_uri}/{path}", client)


def fetch_model(client: MlflowClient, name: str, version: int) -> Path:
    """Return the folder of a registered model's version; raises as `fetch_artifact`."""
    return fetch(client.get_model_version_download_uri(name, str(version)), client)


def fetch(uri: str, client: MlflowClient) -> Path:
    """Return what an artifact URI leads to; raises as `fetch_artifact`.

    A copy lasts as long as this process.
    """
    local = local_path(uri)
    if local is not None:
        local.stat()
        return local
    folder = tempfile.mkdtemp(dir=_copies())
    return Path(
        mlflow.artifacts.download_artifacts(
            artifact_uri=uri, dst_path=folder, tracking_uri=client.tracking_uri
        )
    )


def local_path(uri: str) -> Path | None:
    """Return the path of a `file:` URI or of a plain path; None for any other URI."""
    parts = urlsplit(uri)
    if parts.scheme == "file":
        return Path(url2pathname(parts.path))
    return Path(uri) if uri.startswith("/") else None


@cache
def _copies() -> str:
    folder = tempfile.mkdtemp(prefix="rakuten-artifacts-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
