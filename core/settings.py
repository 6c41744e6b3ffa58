"""All configuration, read once from the environment and `.env`."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from io import StringIO
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote

from core.errors import ConfigurationError

# The checkout; where the package is installed without one, the folder one is in.
_CHECKOUT = Path(__file__).resolve().parent.parent
PROJECT_ROOT = _CHECKOUT if (_CHECKOUT / "dbt_project").is_dir() else Path.cwd()
DATA_DIR = PROJECT_ROOT / "data"
ENV_FILE = Path(os.environ.get("ENV_FILE") or PROJECT_ROOT / ".env")
Order = Literal["file", "random"]
_SQLITE = "sqlite:///"


def sqlite_uri(path: Path) -> str:
    """Return the URI of an SQLite file for SQLAlchemy, which unquotes the path."""
    return _SQLITE + str(path).replace("%", "%25").replace("?", "%3F")


def sqlite_path(uri: str) -> Path | None:
    """Return the SQLite file a tracking URI names; None with a server."""
    if not uri.startswith(_SQLITE):
        return None
    return Path(unquote(uri.removeprefix(_SQLITE).partition("?")[0])).resolve()


@dataclass(frozen=True, repr=False)
class SecretStr:
    """A text that is hidden when it is printed."""

    _text: str

    def get_secret_value(self) -> str:
        """Return the text."""
        return self._text

    def __repr__(self) -> str:
        """Hide the text."""
        return "SecretStr('**********')"


@dataclass(frozen=True, init=False)
class Settings:
    """The environment variables this project reads; `.env.example` explains each.

    Arguments override environment variables, which override `.env`. An empty variable
    counts as not set. pydantic-settings is not used because importing it costs every
    command 0.1 s and 8 MB: a week's load takes 0.23 s and 32 MB in all.
    """

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

    mlflow_tracking_uri: str = sqlite_uri(DATA_DIR / "mlflow" / "mlflow.db")
    # Where a browser reaches the reports folder, when it is served.
    reports_url: str | None = None
    # Where a browser reaches MLflow, when that is not the tracking URI.
    mlflow_ui_url: str | None = None

    initial_percentage: Decimal = Decimal(40)
    increment_percentage: Decimal = Decimal(3)
    max_percentage: Decimal = Decimal(100)
    slice_order: Order = "file"
    random_seed: int = 42
    balancing_strategy: str = "random_oversampling"
    notify_urls: SecretStr | None = None

    def __init__(self, *, _env_file: Path | None = ENV_FILE, **given: object) -> None:
        values = {**_environment(_env_file), **given}
        if unknown := given.keys() - {field.name for field in fields(self)}:
            raise TypeError(f"no such setting: {', '.join(sorted(unknown))}")
        problems = []
        for field in fields(self):
            value = values.get(field.name, field.default)
            read = READERS[field.type]
            try:
                value = None if value is None else read(value)
                _check_range(field.name, value)
                if field.name == "postgres_db":
                    _check_database_name(str(value))
            except ValueError as error:
                problems.append(f"{field.name.upper()}: {error}")
            object.__setattr__(self, field.name, value)
        if self.embedded and self.postgres_user:
            problems += _login_problems(self.postgres_user)
        if problems:
            raise ConfigurationError(f"{'; '.join(problems)}. See .env.example.")

    @property
    def embedded(self) -> bool:
        """Whether the project runs its own PostgreSQL."""
        return self.postgres_host is None


def _check_database_name(name: str) -> None:
    if any(sign in REFUSED_SIGNS or ord(sign) < 32 or sign == "\x7f" for sign in name):
        raise ValueError(
            "must have none of ' \" % / and no control character, which dbt or a path"
            " cannot hold"
        )


def _login_problems(user: str) -> list[str]:
    """Return why the embedded server cannot have this login, if so."""
    if user in ROLES_OF_ITS_OWN:
        return [
            f"POSTGRES_USER: {user} is a role of the embedded server's own: choose another"
        ]
    if "/" in user:
        return ["POSTGRES_USER: must have no /, since its password's file is named so"]
    return []


def _check_range(name: str, value: object) -> None:
    least, most = RANGES.get(name, (None, None))
    if least is not None and not least <= value <= most:  # type: ignore[operator]
        raise ValueError(f"must be from {least} to {most}")


def _whole(value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        raise ValueError("must be a whole number") from None


def _percentage(value: object) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal(0)
    if not (number.is_finite() and 0 < number <= 100):
        raise ValueError("must be a number above 0 and at most 100")
    if number != round(number, 2):
        raise ValueError("must have at most two decimals")
    return number


def _order(value: object) -> str:
    if value not in {"file", "random"}:
        raise ValueError("must be file or random")
    return str(value)


def _secret(value: object) -> object:
    return SecretStr(value) if isinstance(value, str) else value


# numpy and scikit-learn take seeds of 32 bits.
RANGES: Mapping[str, tuple[int, int]] = {
    "postgres_port": (1, 65_535),
    "random_seed": (0, 2**32 - 1),
}


# In dbt's queries of the catalogue, in quoted names and in addresses.
REFUSED_SIGNS = "'\"%/"
ROLES_OF_ITS_OWN = ("analyst", "loader", "transformer", "postgres")


def _path(value: object) -> Path:
    try:
        return Path(str(value)).expanduser()
    except RuntimeError:
        raise ValueError(f"{value} begins at a home folder that is not there") from None


READERS: Mapping[Any, Callable[[Any], object]] = {
    str: str,
    str | None: str,
    int: _whole,
    Path: _path,
    Decimal: _percentage,
    Order: _order,
    SecretStr | None: _secret,
}


def _environment(env_file: Path | None) -> dict[str, str]:
    """Return the settings that the environment or the file has a value for."""
    variables: dict[str, str] = {}
    if env_file and env_file.exists() and not env_file.is_dir():
        variables = _filled(_read_file(env_file))
    elif os.environ.get("ENV_FILE") and env_file == ENV_FILE:
        raise ConfigurationError(f"ENV_FILE: there is no file {env_file}.")
    return variables | _filled(os.environ)


def _read_file(env_file: Path) -> dict[str, str | None]:
    """Return the variables of a file; refuse lines that dotenv would leave out."""
    from dotenv import dotenv_values
    from dotenv.parser import parse_stream

    content = env_file.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigurationError(
            f"{env_file}, line {line}: the file is not UTF-8: save it as UTF-8."
        ) from None
    for binding in parse_stream(StringIO(text, newline=None)):
        if binding.error or (binding.key is not None and binding.value is None):
            # The line may hold a password. Its string begins with the blank lines before.
            written = binding.original.string
            blank = written[: len(written) - len(written.lstrip())]
            line = binding.original.line + blank.count("\n")
            raise ConfigurationError(
                f"{env_file}, line {line}: this is not NAME=value: write it so, with any"
                " quotation mark closed, or put # before it."
            )
    return dotenv_values(stream=StringIO(text, newline=None))


def _filled(variables: Mapping[str, str | None]) -> dict[str, str]:
    return {name.lower(): value for name, value in variables.items() if value}


def load_settings() -> Settings:
    """Read the environment and `.env`, or the file that ENV_FILE names.

    Raises:
        ConfigurationError: a variable has a value that cannot be used, or the file
            cannot be read as UTF-8 lines of NAME=value.
    """
    return Settings()
