"""One embedded cluster per session, one database per test."""

import gc
import itertools
import os
import random
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

# Before core.settings reads it: a user's .env must not reach the tests.
os.environ["ENV_FILE"] = os.devnull

import quick_dbt
from places import make_settings
from queries import run_as_superuser
from quick_mlflow import QuickMlflow
from run_folder import make_run_folder
from servers import running_server

import orchestration.dbt
from core.settings import Settings
from warehouse.database import prepare

# Before any test module imports it.
orchestration.dbt.run_dbt = quick_dbt.run_dbt

_databases = itertools.count()
MEMORY = Path("/dev/shm")
ROOM = 8 << 30
# Objects, of about 150 bytes.
UNCOLLECTED = 10_000_000
_own_folder = pytest.StashKey[Path]()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Use a separate folder for this run, let processes be interrupted, collect less often.

    pytest closes and prunes its default folder at every start, while servers of another
    run of the same user may be using it.
    """
    # Looking for cycles is a tenth of a dbt build, which leaves 22 MB of them.
    gc.set_threshold(UNCOLLECTED)
    # A shell starts background jobs with Ctrl-C ignored, nohup any command with SIGHUP,
    # which the processes of these tests would inherit.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    if config.option.basetemp is None and not hasattr(config, "workerinput"):
        parent = _find_memory() or Path(tempfile.gettempdir())
        config.stash[_own_folder] = make_run_folder(parent)
        config.option.basetemp = config.stash[_own_folder] / "run"


def _find_memory() -> Path | None:
    """Return a folder in memory that has room for a run, unless TMPDIR names another.

    The tests create hundreds of databases, and wait for the disk half of their time.
    """
    if "TMPDIR" in os.environ or not MEMORY.is_dir():
        return None
    system = os.statvfs(MEMORY)
    room = min(system.f_bavail * system.f_frsize, psutil.virtual_memory().available)
    may_run_programs = not system.f_flag & getattr(os, "ST_NOEXEC", 0)
    return MEMORY if may_run_programs and room > ROOM else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Shuffle the files, and the tests of each, if SHUFFLE gives a seed."""
    seed = os.environ.get("SHUFFLE")
    if not seed:
        return
    shuffled = random.Random(seed)
    shuffled.shuffle(items)
    # The tests of a file stay together: they share its fixtures.
    places = {path: shuffled.random() for path in dict.fromkeys(i.path for i in items)}
    items.sort(key=lambda item: places[item.path])


def pytest_xdist_auto_num_workers() -> int:
    """Return how many processes run tests: up to four, with 3 GB each.

    One more than there are cores, since a process waits for its servers half of the time.
    """
    memory = psutil.virtual_memory().total // (3 << 30)
    return min(max(min((os.cpu_count() or 2) + 1, memory), 2), 4)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Remove the folder of a run that passed; keep that of a failed one for now."""
    folder = session.config.stash.get(_own_folder, None)
    if folder is not None and exitstatus == pytest.ExitCode.OK:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def _open_folders(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Open pytest's folders to the account that runs root's servers."""
    base = tmp_path_factory.getbasetemp()
    for folder in (base, *base.parents):
        mode = folder.stat().st_mode
        if os.geteuid() == 0 and not mode & 0o001:
            folder.chmod(mode | 0o055)


@pytest.fixture(scope="session", autouse=True)
def _shared_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep what all tests copy in the folder above those of the run's workers."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    quick_dbt.install(shared)
    # Importing it takes seconds: only if a test module has done so.
    if tracking := sys.modules.get("core.tracking"):
        tracking._create_database = QuickMlflow(tracking._create_database, shared)


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The data directory of a running embedded server that waits for no disk."""
    with running_server(tmp_path_factory.mktemp("cluster")) as settings:
        # Still, what is committed survives a kill of the server.
        durability = ("fsync", "full_page_writes")
        run_as_superuser(
            settings,
            *(f"alter system set {name} = off" for name in durability),
            "select pg_reload_conf()",
        )
        yield settings.postgres_data_dir
    # The folder of a failed run stays, maybe in memory.
    for name in ("base", "pg_wal"):
        shutil.rmtree(settings.postgres_data_dir / "cluster" / name)


@pytest.fixture
def settings(cluster: Path, tmp_path: Path) -> Settings:
    """Settings with a database and folders of the test's own."""
    (tmp_path / "raw").mkdir()  # empty: the sample is loaded
    settings = make_settings(
        tmp_path, postgres_data_dir=cluster, postgres_db=f"test_{next(_databases)}"
    )
    prepare(settings)
    return settings
