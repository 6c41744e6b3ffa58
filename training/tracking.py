"""Where MLflow keeps things, and the names this project uses in it."""

import logging
import os
from pathlib import Path

import mlflow
from mlflow import MlflowClient

from warehouse.settings import Settings

DATASET_EXPERIMENT = "rakuten_dataset_versioning"
TEST_EXPERIMENT = "rakuten_test_set"
TRAINING_EXPERIMENT = "rakuten_model_training"
MODEL_NAME = "rakuten_classifier"
CHAMPION = "champion"
TAG = "rakuten."

_SQLITE = "sqlite:///"


def open_client(settings: Settings) -> MlflowClient:
    """Point MLflow at the configured tracking server or local database."""
    # The first use of a local database logs every schema migration.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    for chatty in ("mlflow.store", "mlflow.tracking"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    local = _local_folder(settings)
    if local is not None:
        local.mkdir(parents=True, exist_ok=True)
    mlflow.set_tracking_uri(settings.mlflow_tracking_uri)
    return MlflowClient(settings.mlflow_tracking_uri)


def experiment_id(client: MlflowClient, settings: Settings, name: str) -> str:
    """Find an experiment by name, or create it.

    With a local database the artifacts are put beside it; MLflow's own default is
    `mlruns` in whatever directory the command was started from.
    """
    found = client.get_experiment_by_name(name)
    if found is not None:
        return str(found.experiment_id)
    local = _local_folder(settings)
    where = None if local is None else (local / "artifacts" / name).as_uri()
    return str(client.create_experiment(name, artifact_location=where))


def _local_folder(settings: Settings) -> Path | None:
    uri = settings.mlflow_tracking_uri
    if not uri.startswith(_SQLITE):
        return None
    return Path(uri.removeprefix(_SQLITE)).resolve().parent
