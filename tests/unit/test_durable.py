"""Files that are either as they were before or complete."""

import errno
import fcntl
import os
from pathlib import Path

import pytest

from core.durable import durable_path, publish, sync, write_durably


def test_a_file_is_replaced_with_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "état.json"
    path.write_text("before")
    write_durably(path, "après", mode=0o600)
    assert path.read_text(encoding="utf-8") == "après"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["état.json"]


def write_half(path: Path, unwritable: Path) -> None:
    with durable_path(path) as work:
        work.write_text("half")
        unwritable.write_text("half")


def test_a_write_that_fails_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.write_text("before")
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(IsADirectoryError):
        write_half(path, folder)
    assert path.read_text() == "before"
    assert {entry.name for entry in tmp_path.iterdir()} == {"state.json", "folder"}


def test_a_folder_is_published_with_its_files(tmp_path: Path) -> None:
    work = tmp_path / "work"
    (work / "part").mkdir(parents=True)
    (work / "part" / "rows").write_text("1")
    publish(work, tmp_path / "done")
    assert (tmp_path / "done" / "part" / "rows").read_text() == "1"
    assert not work.exists()


def test_a_drive_that_cannot_flush_its_cache_is_synced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOTSUP, "Operation not supported")

    synced: list[int] = []
    monkeypatch.setattr(fcntl, "F_FULLFSYNC", 51, raising=False)
    monkeypatch.setattr(fcntl, "fcntl", refuse)
    monkeypatch.setattr(os, "fsync", synced.append)
    sync(tmp_path)
    assert len(synced) == 1


def test_a_path_that_is_not_utf_8_is_written_as_on_stderr(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    write_durably(path, os.fsdecode(b"/tmp/nd\xe9, line 2"))
    assert path.read_text(encoding="utf-8") == r"/tmp/nd\udce9, line 2"
