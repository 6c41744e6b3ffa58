"""One embedded cluster a session, one database a test."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from warehouse import embedded
from warehouse.database import prepare
from warehouse.settings import Settings

_databases = itertools.count()


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The data directory of a running embedded server."""
    home = tmp_path_factory.mktemp("cluster")
    for folder in (home, *home.parents[:2]):
        folder.chmod(0o755)  # as root the server runs as nobody, which must get here
    settings = Settings(_env_file=None, postgres_host=None, postgres_data_dir=home)
    embedded.ensure_running(settings)
    yield home
    embedded.stop(settings)


@pytest.fixture
def settings(cluster: Path, tmp_path: Path) -> Settings:
    """Settings with a database and folders of the test's own."""
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
