"""MLflow's address, and the names that this project uses in it."""

import logging
import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from sqlalchemy.exc import SQLAlchemyError

from core.durable import durable_path, hold_lock
from core.errors import ServerError
from core.mlflow_command import allow_percent_in_paths
from core.settings import Settings, sqlite_path, sqlite_uri

DATASET_EXPERIMENT = "rakuten_dataset_versioning"
TEST_EXPERIMENT = "rakuten_test_set"
TRAINING_EXPERIMENT = "rakuten_model_training"
MODEL_NAME = "rakuten_classifier"
CHAMPION = "champion"
TAG = "rakuten."
# Tags of what was made from a warehouse: its identity, and whether it held the sample.
WAREHOUSE = f"{TAG}warehouse"
SAMPLE = f"{TAG}sample"


def open_client(settings: Settings) -> MlflowClient:
    """Point MLflow at the configured tracking server or local database.

    Raises:
        ServerError: it cannot be reached or opened.
        StorageError: the lock of the local database cannot be opened.
    """
    # The first use of a local database logs every schema migration.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    for chatty in ("mlflow.store", "mlflow.tracking"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    # MLflow's default of seven retries takes minutes.
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
    allow_percent_in_paths()
    local = local_folder(settings)
    try:
        if local is not None:
            local.mkdir(parents=True, exist_ok=True)
            _create_database(local / local_database(settings).name)  # type: ignore[union-attr]
        mlflow.set_tracking_uri(settings.mlflow_tracking_uri)
        client = MlflowClient(settings.mlflow_tracking_uri)
        client.search_experiments(max_results=1)
        if local is not None:
            _remove_stray_folder(settings.mlflow_tracking_uri, local)
    except (MlflowException, SQLAlchemyError, OSError) as error:
        raise ServerError(
            f"MLflow at {shown_uri(settings)} cannot be used"
            f" ({_without_uri(error, settings)}): start it, or correct"
            " MLFLOW_TRACKING_URI."
        ) from None
    return client


def _remove_stray_folder(uri: str, local: Path) -> None:
    """Remove the empty folder that MLflow creates for an address that it did not unquote."""
    quoted = Path(uri.removeprefix("sqlite:///")).resolve().parent
    if quoted != local:
        with suppress(OSError):
            os.removedirs(quoted)


def _create_database(path: Path) -> None:
    """Create MLflow's tables in a file that takes its place when it is complete.

    MLflow creates them by dozens of migrations in place, for seconds; a kill in between
    leaves a file that it can no longer open. Such a file, which holds no run yet, is
    replaced.
    """
    if path.exists() and not _is_half_made(path):
        return
    with hold_lock(path.with_name(f".{path.name}.lock")):
        if path.exists() and not _is_half_made(path):
            return
        with durable_path(path) as work:
            MlflowClient(sqlite_uri(work)).search_experiments(max_results=1)


def _is_half_made(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as database:
        try:
            tables = {
                name
                for (name,) in database.execute(
                    "select name from sqlite_master where type = 'table'"
                )
            }
            if not tables:
                return True
            if "alembic_version" in tables and not any(
                name.startswith("_alembic_tmp_") for name in tables
            ):
                return False
            held = [name for name in ("runs", "registered_models") if name in tables]
            return not any(
                database.execute(f"select 1 from {name} limit 1").fetchone()  # noqa: S608
                for name in held
            )
        except sqlite3.DatabaseError:
            # Not a database: MLflow's error names the file.
            return False


def shown_uri(settings: Settings) -> str:
    """Return the tracking URI in printable form, without user and password."""
    scheme, separator, rest = settings.mlflow_tracking_uri.partition("://")
    if scheme.startswith("sqlite"):
        return settings.mlflow_tracking_uri
    return f"{scheme}{separator}{rest.rpartition('@')[2]}"


def experiment_id(client: MlflowClient, settings: Settings, name: str) -> str:
    """Find an experiment by name, or create it.

    With a local database the artifacts are put beside it; MLflow's own default is
    `mlruns` in the directory the command was started from.
    """
    experiment = client.get_experiment_by_name(name)
    if experiment is not None:
        return str(experiment.experiment_id)
    local = local_folder(settings)
    where = None if local is None else (local / "artifacts" / name).as_uri()
    # Without it MLflow's pages file an experiment that holds no model under "GenAI".
    kind = {"mlflow.experimentKind": "custom_model_development"}
    return str(client.create_experiment(name, artifact_location=where, tags=kind))


def _without_uri(error: Exception, settings: Settings) -> str:
    text = str(error).replace(settings.mlflow_tracking_uri, shown_uri(settings))
    return " ".join(text.split())[:200]


def local_folder(settings: Settings) -> Path | None:
    """Return the folder of the local database and artifacts; None with a server."""
    database = local_database(settings)
    return database and database.parent


def local_database(settings: Settings) -> Path | None:
    """Return the file of the local database; None with a server."""
    return sqlite_path(settings.mlflow_tracking_uri)
