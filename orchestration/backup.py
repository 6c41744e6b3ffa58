"""Back up everything the pipeline cannot recreate to one folder, and restore it."""

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp

from core.errors import ConfigurationError, PipelineError
from core.settings import Settings
from core.tracking import local_database, local_folder
from orchestration.progress import state_path, weekly_lock
from warehouse.database import ensure_prepared
from warehouse.dump import (
    export_warehouse,
    import_warehouse,
    refuse_a_filled_warehouse,
)
from warehouse.identity import identify_warehouse

DUMP = "warehouse.dump"
FACTS = "backup.json"
# Where MLflow's database holds absolute addresses of artifacts.
ADDRESSES = (
    ("experiments", "artifact_location"),
    ("runs", "artifact_uri"),
    ("logged_models", "artifact_location"),
    ("model_versions", "storage_location"),
)


class BackupError(PipelineError):
    """A backup could not be written or restored."""


def make_backup(settings: Settings, folder: Path | None = None) -> Path:
    """Copy the warehouse, the local MLflow, the reports and the run's state.

    The lock of the weekly run is held, so that nothing changes meanwhile. The folder
    gets its name when it is complete.

    Raises:
        BusyError: a weekly run is running.
        ConfigurationError: the folder exists.
        BackupError: it cannot be written.
        ServerError: the warehouse cannot be reached or dumped.
    """
    moment = datetime.now(UTC)
    target = folder or settings.backups_path / moment.strftime("%Y%m%dT%H%M%SZ")
    if target.exists():
        raise ConfigurationError(f"{target} already exists: name a new folder.")
    partial = None
    with weekly_lock(settings) as record_step:
        record_step("backup")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            partial = Path(mkdtemp(dir=target.parent, prefix=f".{target.name}."))
            export_warehouse(settings, partial / DUMP)
            _copy_files(settings, partial)
            (partial / FACTS).write_text(json.dumps(_facts(settings, moment), indent=2))
            partial.rename(target)
        except (OSError, shutil.Error, sqlite3.Error) as error:
            raise BackupError(f"No backup was made in {target}: {error}") from None
        finally:
            if partial is not None:
                shutil.rmtree(partial, ignore_errors=True)
    return target


def _facts(settings: Settings, moment: datetime) -> dict[str, str | None]:
    mlflow = local_folder(settings)
    return {
        "warehouse": _warehouse_id(settings),
        "made_at": moment.isoformat(timespec="seconds"),
        "postgres_db": settings.postgres_db,
        "mlflow": None if mlflow is None else str(mlflow),
    }


def _warehouse_id(settings: Settings) -> str | None:
    warehouse = identify_warehouse(settings)
    return warehouse.id if warehouse else None


def _copy_files(settings: Settings, target: Path) -> None:
    database = local_database(settings)
    if database is not None and database.exists():
        (target / "mlflow").mkdir()
        _copy_database(database, target / "mlflow" / "mlflow.db")
        _copy_tree(database.with_name("artifacts"), target / "mlflow" / "artifacts")
    _copy_tree(settings.reports_path, target / "reports")
    if state_path(settings).exists():
        shutil.copy2(state_path(settings), target / "weekly.json")


def _copy_tree(source: Path, target: Path) -> None:
    if source.exists():
        shutil.copytree(source, target, dirs_exist_ok=True)


def _copy_database(source: Path, target: Path) -> None:
    """Copy a database that may be in use (https://sqlite.org/backup.html)."""
    with (
        closing(sqlite3.connect(source)) as old,
        closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)


def restore_backup(settings: Settings, folder: Path) -> str:
    """Restore a backup; return when it was made. If it is interrupted, run it again.

    MLflow's database gets its name last, which marks a restore as complete.

    Raises:
        BusyError: a weekly run is running.
        ConfigurationError: no backup there, or something would be overwritten.
        BackupError: a file cannot be written.
        ServerError: the warehouse refused its part.
    """
    facts = _read_facts(folder)
    database = local_database(settings)
    pending = database and _pending(database)
    with weekly_lock(settings) as record_step:
        record_step("restore")
        try:
            if pending and pending.exists() and _is_imported(settings, facts):
                _refuse_an_mlflow_database(database)
            else:
                _restore_all(settings, folder, facts)
            if database and pending and pending.exists():
                pending.rename(database)
        except (OSError, shutil.Error, sqlite3.Error) as error:
            raise BackupError(f"{folder} was not restored: {error}") from None
    return str(facts["made_at"])


def _read_facts(folder: Path) -> dict[str, str | None]:
    try:
        facts: dict[str, str | None] = json.loads((folder / FACTS).read_text())
    except FileNotFoundError:
        raise ConfigurationError(
            f"{folder} is not a backup: it has no {FACTS}."
        ) from None
    return facts


def _is_imported(settings: Settings, facts: dict[str, str | None]) -> bool:
    """Return whether the database holds this backup's warehouse, and no other.

    Backups of earlier versions do not say which is theirs: they are refused where
    there is a warehouse.
    """
    ensure_prepared(settings)
    known = facts.get("warehouse")
    return known is not None and _warehouse_id(settings) == known


def _refuse_an_mlflow_database(database: Path | None) -> None:
    if database is not None and database.exists():
        raise ConfigurationError(
            f"{database} exists: move it away, or set MLFLOW_TRACKING_URI to"
            " another database. Nothing was changed."
        )


def _restore_all(
    settings: Settings, folder: Path, facts: dict[str, str | None]
) -> None:
    refuse_a_filled_warehouse(settings)
    database = local_database(settings)
    if database is not None:
        # Of another backup, whose restore was never finished.
        _pending(database).unlink(missing_ok=True)
    if database is not None and (folder / "mlflow").exists():
        _refuse_an_mlflow_database(database)
        _copy_tree(folder / "mlflow" / "artifacts", database.with_name("artifacts"))
        _restore_database(folder, Path(str(facts["mlflow"])), database)
    _copy_tree(folder / "reports", settings.reports_path)
    if (folder / "weekly.json").exists():
        shutil.copy2(folder / "weekly.json", state_path(settings))
    import_warehouse(settings, folder / DUMP)


def _restore_database(folder: Path, old: Path, database: Path) -> None:
    """Write the pending database, with the addresses its artifacts have now."""
    work = database.with_name(f"{database.name}.partial")
    work.parent.mkdir(parents=True, exist_ok=True)
    work.unlink(missing_ok=True)
    _copy_database(folder / "mlflow" / "mlflow.db", work)
    with closing(sqlite3.connect(work)) as connection, connection:
        for table, column in ADDRESSES:
            connection.execute(
                f"update {table} set {column} = replace({column}, ?, ?)",  # noqa: S608
                [old.as_uri(), database.parent.as_uri()],
            )
    work.rename(_pending(database))


def _pending(database: Path) -> Path:
    """Return the name the database has until the warehouse is restored too."""
    return database.with_name(f"{database.name}.restoring")
