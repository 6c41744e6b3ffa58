"""Backups that fail, and restores that are interrupted."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from logged_dataset import log_dataset

from core.errors import BusyError, ConfigurationError, ServerError
from core.settings import Settings
from core.tracking import open_client
from loaders.load import load_slice
from orchestration.backup import BackupError, make_backup, restore_backup
from orchestration.progress import weekly_lock


@pytest.fixture
def backup(settings: Settings, tmp_path: Path) -> Path:
    """A backup of one batch and one dataset version."""
    load_slice(settings)
    settings = replace(
        settings, mlflow_tracking_uri=f"sqlite:///{tmp_path / 'mlflow.db'}"
    )
    log_dataset(settings, tmp_path, "week_1", noise=0.1)
    return make_backup(settings, tmp_path / "backup")


def elsewhere(settings: Settings, tmp_path: Path) -> Settings:
    return replace(
        settings,
        postgres_db=f"{settings.postgres_db}_restored",
        mlflow_tracking_uri=f"sqlite:///{tmp_path / 'new' / 'runs.db'}",
        reports_path=tmp_path / "new" / "reports",
        logs_path=tmp_path / "new" / "logs",
    )


def dataset_rows(settings: Settings, target: Path) -> int:
    client = open_client(settings)
    experiments = [e.experiment_id for e in client.search_experiments()]
    (run,) = client.search_runs(experiments)
    target.mkdir()
    folder = client.download_artifacts(run.info.run_id, "dataset", str(target))
    return len(list(Path(folder).glob("*.parquet")))


def test_a_restore_that_failed_is_run_again(
    settings: Settings, backup: Path, tmp_path: Path
) -> None:
    target = elsewhere(settings, tmp_path)
    dump = backup / "warehouse.dump"
    whole = dump.read_bytes()
    dump.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ServerError, match="nothing was changed"):
        restore_backup(target, backup)
    assert not (tmp_path / "new" / "runs.db").exists()
    dump.write_bytes(whole)
    restore_backup(target, backup)
    assert dataset_rows(target, tmp_path / "out") == 2
    assert load_slice(target).batch_name == "week_2"


def interrupt_restore(target: Settings, backup: Path, database: Path) -> None:
    """Leave what a restore leaves that is killed before its last step."""
    restore_backup(target, backup)
    database.rename(f"{database}.restoring")


def test_a_restore_killed_before_its_last_step_is_finished_by_the_next(
    settings: Settings, backup: Path, tmp_path: Path
) -> None:
    target = elsewhere(settings, tmp_path)
    interrupt_restore(target, backup, tmp_path / "new" / "runs.db")
    restore_backup(target, backup)
    assert dataset_rows(target, tmp_path / "out") == 2


def test_an_unfinished_restore_replaces_no_mlflow_made_since(
    settings: Settings, backup: Path, tmp_path: Path
) -> None:
    target = elsewhere(settings, tmp_path)
    database = tmp_path / "new" / "runs.db"
    interrupt_restore(target, backup, database)
    database.write_bytes(b"made since")
    with pytest.raises(ConfigurationError, match=r"runs\.db exists: move it away"):
        restore_backup(target, backup)
    assert database.read_bytes() == b"made since"


def test_an_unfinished_restore_does_not_take_another_warehouse_for_its_own(
    settings: Settings, backup: Path, tmp_path: Path
) -> None:
    target = elsewhere(settings, tmp_path)
    load_slice(target)
    database = tmp_path / "new" / "runs.db"
    database.parent.mkdir(exist_ok=True)
    pending = database.with_name("runs.db.restoring")
    pending.write_bytes(b"of an interrupted restore")
    with pytest.raises(ConfigurationError, match="holds a warehouse already"):
        restore_backup(target, backup)
    assert not database.exists()
    assert pending.read_bytes() == b"of an interrupted restore"


def test_nothing_is_overwritten(
    settings: Settings, backup: Path, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError, match="holds a warehouse already"):
        restore_backup(settings, backup)
    target = elsewhere(settings, tmp_path)
    open_client(target)
    with pytest.raises(ConfigurationError, match=r"runs\.db exists: move it away"):
        restore_backup(target, backup)
    with pytest.raises(ConfigurationError, match="name a new folder"):
        make_backup(settings, backup)


def test_a_folder_that_is_no_backup_is_refused(
    settings: Settings, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError, match=r"has no backup\.json"):
        restore_backup(settings, tmp_path)


def test_no_backup_is_made_while_a_week_is_running(
    settings: Settings, tmp_path: Path
) -> None:
    with weekly_lock(settings), pytest.raises(BusyError):
        make_backup(settings, tmp_path / "backup")
    assert not (tmp_path / "backup").exists()


def test_a_backup_that_cannot_be_written_leaves_nothing(
    settings: Settings, tmp_path: Path
) -> None:
    load_slice(settings)
    (tmp_path / "file").touch()
    with pytest.raises(BackupError, match="File exists"):
        make_backup(settings, tmp_path / "file" / "backup")


def test_a_backup_leaves_a_folder_of_the_user_alone(
    settings: Settings, tmp_path: Path
) -> None:
    mine = tmp_path / "deep" / "backup.partial" / "mine"
    mine.parent.mkdir(parents=True)
    mine.touch()
    target = make_backup(settings, tmp_path / "deep" / "backup")
    assert mine.exists()
    assert sorted(path.name for path in target.parent.iterdir()) == [
        "backup",
        "backup.partial",
    ]
    assert target.stat().st_mode & 0o777 == 0o700


def test_a_backup_says_what_it_is_of(settings: Settings, backup: Path) -> None:
    facts = json.loads((backup / "backup.json").read_text())
    assert facts["postgres_db"] == settings.postgres_db
    assert backup.stat().st_mode & 0o077 == 0


def test_a_backup_from_before_the_first_artifact_is_restored(
    settings: Settings, backup: Path, tmp_path: Path
) -> None:
    shutil.rmtree(backup / "mlflow" / "artifacts")
    address = f"sqlite:///{tmp_path / 'empty' / 'runs.db'}"
    target = replace(elsewhere(settings, tmp_path), mlflow_tracking_uri=address)
    restore_backup(target, backup)
    names = {found.name for found in open_client(target).search_experiments()}
    assert "rakuten_dataset_versioning" in names
