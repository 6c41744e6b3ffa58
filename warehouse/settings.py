"""All configuration, read once from the environment and `.env`."""

import os
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from warehouse.errors import ConfigurationError

PROJECT_ROOT = Path(__file__).resolve().parent.parent
DATA_DIR = PROJECT_ROOT / "data"

Percentage = Annotated[Decimal, Field(gt=0, le=100)]


class Settings(BaseModel):
    """The environment variables this project reads; `.env.example` explains each.

    What is passed counts more than the environment, and that more than `.env`. An empty
    variable is one that is not set. Not with pydantic-settings, whose import takes a
    tenth of a second and 6 MB of every command (measured).
    """

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    # Without a host the embedded server under postgres_data_dir is used.
    postgres_host: str | None = None
    postgres_port: int = 5432
    postgres_db: str = "rakuten"
    postgres_user: str = "rakuten"
    postgres_password: SecretStr | None = None
    postgres_data_dir: Path = DATA_DIR / "postgres"

    data_path: Path = DATA_DIR / "raw"
    sample_path: Path = DATA_DIR / "sample"
    snapshots_path: Path = DATA_DIR / "training_snapshots"
    reports_path: Path = PROJECT_ROOT / "reports"
    logs_path: Path = PROJECT_ROOT / "logs"
    backups_path: Path = PROJECT_ROOT / "backups"

    mlflow_tracking_uri: str = f"sqlite:///{DATA_DIR / 'mlflow' / 'mlflow.db'}"

    initial_percentage: Percentage = Decimal(40)
    increment_percentage: Percentage = Decimal(3)
    max_percentage: Percentage = Decimal(100)
    slice_order: Literal["file", "random"] = "file"
    random_seed: int = 42
    balancing_strategy: str = "random_oversampling"
    notify_urls: SecretStr | None = None

    def __init__(
        self, *, _env_file: Path | None = PROJECT_ROOT / ".env", **given: Any
    ) -> None:
        super().__init__(**{**_environment(_env_file), **given})

    @property
    def embedded(self) -> bool:
        """Whether the project runs its own PostgreSQL."""
        return self.postgres_host is None


def _environment(env_file: Path | None) -> dict[str, str]:
    """Give the fields of Settings that the environment or the file has a value for."""
    found: dict[str, str] = {}
    if env_file and env_file.is_file():
        from dotenv import dotenv_values

        found = _filled(dotenv_values(env_file, encoding="utf-8"))
    found |= _filled(os.environ)
    return {name: found[name] for name in Settings.model_fields if name in found}


def _filled(variables: Mapping[str, str | None]) -> dict[str, str]:
    return {name.lower(): value for name, value in variables.items() if value}


def load_settings() -> Settings:
    """Read the environment and `.env`.

    Raises:
        ConfigurationError: a variable has a value that cannot be used.
    """
    try:
        return Settings()
    except ValidationError as error:
        problems = "; ".join(
            f"{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors()
        )
        raise ConfigurationError(f"{problems}. See .env.example.") from None
