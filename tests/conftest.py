"""One embedded cluster per session, one database per test."""

import gc
import itertools
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from servers import running_server

from core.settings import Settings
from warehouse.database import prepare

_databases = itertools.count()
_own_folder = pytest.StashKey[Path]()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Use a separate folder for this run, let processes be interrupted, collect less often.

    pytest closes and prunes its default folder at every start, while servers of another
    run of the same user may be using it.
    """
    # dbt builds in this process, and looking for cycles is a tenth of a build.
    gc.set_threshold(200_000, 20, 100)
    # A shell starts background jobs with Ctrl-C ignored, which the processes of these
    # tests would inherit.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if config.option.basetemp is None and not hasattr(config, "workerinput"):
        config.stash[_own_folder] = Path(tempfile.mkdtemp(prefix="rakuten-tests-"))
        config.option.basetemp = config.stash[_own_folder] / "run"


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Remove the folder of a run that passed; keep that of a failed one."""
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


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The data directory of a running embedded server."""
    with running_server(tmp_path_factory.mktemp("cluster")) as settings:
        yield settings.postgres_data_dir


@pytest.fixture
def settings(cluster: Path, tmp_path: Path) -> Settings:
    """Settings with a database and folders of the test's own."""
    (tmp_path / "raw").mkdir()  # empty: the sample is loaded
    settings = Settings(
        _env_file=None,
        postgres_host=None,
        postgres_data_dir=cluster,
        postgres_db=f"test_{next(_databases)}",
        data_path=tmp_path / "raw",
        sample_path=tmp_path / "sample",
        snapshots_path=tmp_path / "training_snapshots",
        reports_path=tmp_path / "reports",
        logs_path=tmp_path / "logs",
        mlflow_tracking_uri=f"sqlite:///{tmp_path / 'mlflow.db'}",
    )
    prepare(settings)
    return settings
