"""The warehouse in a file: for backups, and for moving to another PostgreSQL."""

import os
import subprocess
from pathlib import Path

from core.durable import durable_path, writing
from core.errors import ConfigurationError, ServerError
from core.settings import Settings
from warehouse.binaries import program
from warehouse.connection import connect, endpoint, libpq_environment
from warehouse.database import TRANSFORMER_SCHEMAS, ensure_prepared

# The owner of each schema on every server; the login that restores is a member of both.
OWNERS = {"loader": ("raw",), "transformer": TRANSFORMER_SCHEMAS}
# pg_restore 17 and later set transaction_timeout, which older servers do not know.
OLDEST_SERVER = 17


def export_warehouse(settings: Settings, target: Path) -> None:
    """Write the four schemas to a file in pg_dump's custom format, or leave none.

    Raises:
        ConfigurationError: the file exists.
        ServerError: the server cannot be reached or the dump failed.
        StorageError: the folder is missing or may not be written to.
    """
    if target.exists():
        raise ConfigurationError(f"{target} already exists: name another file.")
    ensure_prepared(settings)
    schemas = [name for owned in OWNERS.values() for name in owned]
    # A name of our own: the folder may hold a file of the user's with any other.
    with writing(target), durable_path(target, mode=0o600) as partial:
        command = [
            *(str(program("pg_dump")), "--format=custom", "--no-password"),
            *(f"--schema={schema}" for schema in schemas),
            f"--file={partial}",
        ]
        result = subprocess.run(  # noqa: S603 - our own binary, no shell
            command,
            env=_environment(settings),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            umask=0o077,
        )
        if result.returncode != 0:
            raise ServerError(f"pg_dump failed: {result.stderr.strip()}")


def import_warehouse(settings: Settings, source: Path) -> None:
    """Fill an empty warehouse from such a file, in one transaction.

    Raises:
        ConfigurationError: no such file, or the warehouse holds something already.
        ServerError: the server is older than 17, or refused the file; nothing was
            imported.
    """
    if not source.is_file():
        raise ConfigurationError(f"{source} is not a file that `make export` wrote.")
    refuse_a_filled_warehouse(settings)
    _refuse_an_old_server(settings)
    psql = subprocess.Popen(  # noqa: S603 - our own binary, no shell
        [
            *(str(program("psql")), "--no-psqlrc", "--quiet", "--no-password"),
            # The details of an error hold a row.
            *("--set=ON_ERROR_STOP=1", "--set=VERBOSITY=terse"),
            *("--output", os.devnull),
        ],
        env=_environment(settings),
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    # The commit comes last: psql rolls back when its input ends before it.
    problem = (
        _say(psql, b"begin;\n") or _restore(psql, source) or _say(psql, b"commit;\n")
    )
    _, errors = psql.communicate()
    if psql.returncode != 0 or problem:
        reason = errors.decode(errors="replace").strip() or problem
        raise ServerError(
            f"{source} was not imported, and nothing was changed: {reason}"
        )


def is_filled(settings: Settings) -> bool:
    """Return whether the warehouse has any of this project's tables."""
    ensure_prepared(settings)
    connection = connect(settings)
    with connection.cursor() as cursor:
        cursor.execute(
            "select to_regclass('raw.data_loads') is not null"
            " or exists (select from pg_tables where schemaname = 'marts')"
        )
        row = cursor.fetchone()
    connection.close()
    return bool(row and row[0])


def refuse_a_filled_warehouse(settings: Settings) -> None:
    """Refuse to overwrite a warehouse.

    Raises:
        ConfigurationError: the warehouse holds something.
    """
    if is_filled(settings):
        raise ConfigurationError(
            f"Database {settings.postgres_db!r} holds a warehouse already: set POSTGRES_DB"
            " to a new name. Nothing was changed."
        )


def _refuse_an_old_server(settings: Settings) -> None:
    connection = connect(settings)
    version = connection.server_version // 10000
    connection.close()
    if version < OLDEST_SERVER:
        raise ServerError(
            f"The server is PostgreSQL {version}; an import needs {OLDEST_SERVER} or newer."
        )


def _restore(psql: "subprocess.Popen[bytes]", source: Path) -> str:
    """Pipe each owner's part from pg_restore to psql; return the error, or ""."""
    for role, schemas in OWNERS.items():
        result = subprocess.run(  # noqa: S603 - our own binary, no shell
            [
                *(str(program("pg_restore")), "--no-owner", f"--role={role}"),
                *(f"--schema={schema}" for schema in schemas),
                *("--file=-", str(source)),
            ],
            stdout=psql.stdin,
            stderr=subprocess.PIPE,
            check=False,
        )
        problem = result.stderr.decode(errors="replace").strip()
        if result.returncode != 0 or problem:
            return problem or f"pg_restore ended with {result.returncode}"
    return ""


def _say(psql: "subprocess.Popen[bytes]", words: bytes) -> str:
    assert psql.stdin is not None  # noqa: S101 - it was made a pipe above
    try:
        psql.stdin.write(words)
        psql.stdin.flush()
    except BrokenPipeError:
        return "psql ended early"
    return ""


def _environment(settings: Settings) -> dict[str, str]:
    basic = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
    return basic | libpq_environment(endpoint(settings))
