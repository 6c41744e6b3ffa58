"""Processes on Linux, and what macOS answers instead, simulated."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from core.errors import ServerError
from core.settings import PROJECT_ROOT
from warehouse.processes import Account, processes_in, works_in


@pytest.fixture(params=[sys.platform, "darwin"], autouse=True)
def platform(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test asks Linux itself, and then psutil, as on macOS."""
    monkeypatch.setattr(sys, "platform", request.param)


@pytest.fixture
def worker(tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A process with `cluster` as its working directory that waits for its input to end."""
    cluster = tmp_path / "cluster"
    cluster.mkdir()
    process = subprocess.Popen(["cat"], cwd=cluster, stdin=subprocess.PIPE)
    yield process
    process.communicate()


def test_a_process_is_found_by_its_folder(
    worker: "subprocess.Popen[bytes]", tmp_path: Path
) -> None:
    assert list(processes_in(tmp_path / "cluster")) == [worker.pid]
    assert list(processes_in(tmp_path)) == []
    assert list(processes_in(tmp_path / "gone")) == []


def test_a_link_on_the_way_changes_nothing(
    worker: "subprocess.Popen[bytes]", tmp_path: Path
) -> None:
    """On macOS /tmp and /var are links, and processes report the folder behind them."""
    (tmp_path / "link").symlink_to(tmp_path)
    assert works_in(worker.pid, tmp_path / "link" / "cluster")


def test_a_zombie_works_nowhere(
    worker: "subprocess.Popen[bytes]", tmp_path: Path
) -> None:
    worker.kill()
    while psutil.Process(worker.pid).status() != psutil.STATUS_ZOMBIE:
        pass
    assert not works_in(worker.pid, tmp_path / "cluster")
    assert list(processes_in(tmp_path / "cluster")) == []


@pytest.mark.parametrize(
    "error", [psutil.AccessDenied, psutil.NoSuchProcess, psutil.ZombieProcess]
)
def test_processes_that_cannot_be_inspected_are_skipped(
    error: type[psutil.Error],
    worker: "subprocess.Popen[bytes]",
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """macOS denies the folder of other users' processes, such as that of launchd."""
    ask = psutil.Process.cwd

    def cwd(process: psutil.Process) -> str:
        if process.pid != worker.pid:
            raise error(process.pid)
        return ask(process)

    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(psutil.Process, "cwd", cwd)
    assert list(processes_in(tmp_path / "cluster")) == [worker.pid]


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to change user")
def test_the_server_can_run_as_nobody_on_macos(tmp_path: Path) -> None:
    """There its number is -2, which Python gives as 4294967294."""
    tmp_path.chmod(0o755)
    account = Account(2**32 - 2, 2**32 - 2)
    owned = tmp_path / "owned"
    owned.mkdir()
    account.give(owned)
    assert owned.stat().st_uid == 2**32 - 2
    for option in ("-u", "-g"):
        done = account.run(["/usr/bin/id", option], environment={}, cwd=Path("/"))
        assert done.stdout == "4294967294\n"


@pytest.mark.parametrize("kind", ["link", "link to nothing", "pipe", "device"])
def test_a_log_that_is_no_regular_file_is_refused(tmp_path: Path, kind: str) -> None:
    """The server's account owns the folder, and root would write where a link leads."""
    log = tmp_path / "server.log"
    precious = tmp_path / "precious"
    if kind == "pipe":
        os.mkfifo(log)
    elif kind == "device":
        log = Path(os.devnull)
    else:
        log.symlink_to(precious)
    if kind == "link":
        precious.touch()
    caller = Account(os.geteuid(), os.getegid())
    with pytest.raises(ServerError, match=f"^PostgreSQL cannot log to {log} "):
        caller.launch(["echo", "words"], environment={}, cwd=tmp_path, log=log)
    assert precious.exists() is (kind == "link")
    assert not precious.exists() or precious.read_bytes() == b""


def test_proc_is_read_in_one_place() -> None:
    """macOS has no /proc."""
    packages = ("core", "warehouse", "loaders", "balancing", "training", "reporting")
    files = [
        path
        for package in (*packages, "orchestration", "deploy")
        for path in (PROJECT_ROOT / package).rglob("*.py")
    ]
    assert len(files) > 90
    assert [path.name for path in files if "/proc" in path.read_text()] == [
        "processes.py"
    ]
