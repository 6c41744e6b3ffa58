"""A disk that is full while PostgreSQL loads: nothing stays, and the next load works."""

import contextlib
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from samples import write_sample
from servers import running_server
from test_loaders_faults import assert_all_is_there, statuses

from core.errors import ServerError
from core.settings import Settings
from loaders.load import load_slice
from warehouse.connection import connect
from warehouse.database import prepare

ROWS = 60_000
MEGABYTE = 1 << 20


@pytest.fixture
def small_disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A file system of 250 MB in memory."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small file system")
    disk = tmp_path_factory.mktemp("disk")
    command = ["mount", "-t", "tmpfs", "-o", "size=250m,mode=755", "tmpfs", str(disk)]
    mounted = subprocess.run(command, capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"no small file system can be made: {mounted.stderr.strip()}")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.parametrize("left", [6, 12, 24])
def test_a_full_disk_leaves_nothing_and_the_next_load_works(
    small_disk: Path, tmp_path: Path, left: int
) -> None:
    ballast = small_disk / "ballast"
    with running_server(small_disk, data_path=tmp_path / "raw") as settings:
        prepare(settings)
        try:
            write_sample(settings.data_path, ROWS, seed=3)
            load_slice(settings, percentage=settings.increment_percentage)
            fill(ballast, left)
            with pytest.raises(ServerError) as error:
                load_slice(settings, to_end=True)
            log = small_disk / "pg" / "cluster" / "server.log"
            assert f"once the server is back; its log is {log}." in str(error.value)
            # Where PostgreSQL had to give up, its log alone says why.
            assert "No space left on device" in str(error.value) + log.read_text()
            assert "Nothing was loaded. Run the same command again" in str(error.value)
            assert "\n" not in str(error.value)
            ballast.unlink()
            wait_until_it_answers(settings)
            assert statuses(settings) in (
                ["completed", "failed"],
                # When there was no room to write even this down:
                ["completed", "running"],
            )
            assert load_slice(settings, to_end=True).total_rows == ROWS
            assert statuses(settings) == ["completed", "failed", "completed"]
            assert_all_is_there(settings)
        finally:
            ballast.unlink(missing_ok=True)
            wait_until_it_answers(settings)


def fill(ballast: Path, left: int) -> None:
    """Leave this many megabytes free."""
    disk = os.statvfs(ballast.parent)
    size = disk.f_bavail * disk.f_frsize - left * MEGABYTE
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, size)


def wait_until_it_answers(settings: Settings) -> None:
    """If there was no room for its log, PostgreSQL restarts and recovers."""
    for _ in range(600):
        with contextlib.suppress(ServerError):
            connect(settings).close()
            return
        time.sleep(0.1)
    raise AssertionError("the server did not come back")
