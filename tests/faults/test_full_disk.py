"""A full disk, and folders in the place of files: one sentence each."""

import errno
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
import pytest
import quick_dbt
from click.testing import CliRunner

from core.commands import Command
from core.durable import make_folder, write_durably
from core.errors import StorageError
from core.settings import PROJECT_ROOT, Settings
from loaders.schema import initialise
from orchestration.dbt import PARSE, run_dbt
from orchestration.progress import EventLog, WeekState, weekly_lock, write_state
from reporting.index import remember_run, write_index
from reporting.steps import StepResult


@contextmanager
def full_disk() -> Iterator[None]:
    """Let no file of this process grow, as on a full disk.

    Not a fixture: pytest writes its own output before it ends one.
    """
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def _lock(settings: Settings) -> None:
    with weekly_lock(settings):
        pass


def _log(settings: Settings) -> None:
    EventLog(settings.logs_path).write("begun")


def _state(settings: Settings) -> None:
    write_state(settings, WeekState(0))


def _run(settings: Settings) -> None:
    remember_run(settings, [StepResult("load", "ok", 1.0, "done")])


@pytest.mark.parametrize(
    ("write", "name"),
    [
        (_lock, "logs/weekly-"),
        (_log, "logs/weekly-"),
        (_state, "logs/weekly-"),
        (_run, "reports/last_run.json"),
        (write_index, "reports/index.html"),
    ],
)
def test_what_a_full_disk_refuses_is_named(settings, write, name):
    make_folder(settings.logs_path)
    with full_disk(), pytest.raises(StorageError) as error:
        write(settings)
    assert str(settings.logs_path.parent / name) in str(error.value)
    assert "Free some space" in str(error.value)


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path):
    path = tmp_path / "state.json"
    path.write_text("before")
    with full_disk(), pytest.raises(StorageError, match=r"state\.json"):
        write_durably(path, "after")
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [
        ("state.json", "before")
    ]


def test_logs_that_are_a_file_are_one_sentence(settings, tmp_path):
    (tmp_path / "logs").write_text("")
    ended = subprocess.run(
        [sys.executable, "-m", "orchestration", "weekly"],
        env={
            "HOME": str(tmp_path),
            "ENV_FILE": os.devnull,
            "POSTGRES_DATA_DIR": str(settings.postgres_data_dir),
            "POSTGRES_DB": settings.postgres_db,
            "LOGS_PATH": str(tmp_path / "logs"),
        },
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 74
    assert ended.stderr == (
        f"Error: Cannot write {tmp_path / 'logs'}: File exists. Free some space or"
        " correct its permissions, then run the same command again.\n"
    )


def test_a_disk_that_is_full_anywhere_else_is_one_sentence():
    @click.command(cls=Command)
    def write() -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "/some/where")

    ended = CliRunner().invoke(write)
    assert ended.exit_code == 1
    assert ended.stderr == (
        "Error: /some/where: No space left on device. Fix that, then run the same"
        " command again.\n"
    )


@pytest.fixture
def dbt_folders(settings, tmp_path, monkeypatch):
    initialise(settings)
    monkeypatch.setenv("DBT_TARGET_PATH", str(tmp_path / "target"))
    monkeypatch.setenv("DBT_LOG_PATH", str(tmp_path / "dbt_logs"))
    return tmp_path


@pytest.mark.parametrize(
    "name", ["target/partial_parse.msgpack", "target/manifest.json", "dbt_logs/dbt.log"]
)
def test_an_empty_folder_where_dbt_writes_a_file_is_removed(
    settings, dbt_folders, name
):
    if PARSE not in name:
        quick_dbt.copy_parse(settings, dbt_folders / "target")
    (dbt_folders / name).mkdir(parents=True)
    run_dbt(settings, ["parse"])
    assert (dbt_folders / name).is_file()


def test_a_folder_with_files_where_dbt_writes_one_is_left_and_named(
    settings, dbt_folders
):
    folder = dbt_folders / "target" / "manifest.json"
    (folder / "mine").mkdir(parents=True)
    with pytest.raises(
        StorageError, match=r"target/manifest\.json: Directory not empty"
    ):
        run_dbt(settings, ["parse"])
    assert (folder / "mine").is_dir()


def test_a_file_in_the_place_of_dbts_folder_is_one_sentence(
    settings, dbt_folders, capfd
):
    (dbt_folders / "target").write_text("mine")
    with pytest.raises(StorageError, match=r"dbt cannot write to .*Not a directory"):
        run_dbt(settings, ["parse"])
    printed = capfd.readouterr()
    assert "Traceback" not in printed.out + printed.err
