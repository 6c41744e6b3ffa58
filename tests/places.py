"""Settings for a warehouse of a test's own."""

from pathlib import Path
from typing import Any

from core.settings import Settings, sqlite_uri


def make_settings(home: Path, **given: Any) -> Settings:
    """Return settings whose folders are all below one, but for those that are given."""
    below = {
        "postgres_host": None,
        "postgres_data_dir": home / "postgres",
        "data_path": home / "raw",
        "sample_path": home / "sample",
        "snapshots_path": home / "snapshots",
        "reports_path": home / "reports",
        "logs_path": home / "logs",
        "mlflow_tracking_uri": sqlite_uri(home / "mlflow.db"),
    }
    return Settings(_env_file=None, **(below | given))
