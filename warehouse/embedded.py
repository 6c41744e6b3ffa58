"""The embedded PostgreSQL: one cluster in the project folder, run by this wrapper.

The binaries come from a wheel; its Python module is never imported, because it uses
trust authentication, changes the mode of parent directories and leaves servers behind.
The server stays up for psql, dbt and BI tools until it is stopped.
"""

import fcntl
import os
import secrets
import shutil
import socket
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from warehouse.binaries import binaries_for
from warehouse.connection import Endpoint
from warehouse.errors import ServerError
from warehouse.processes import Account, server_account, server_process
from warehouse.settings import Settings

SUPERUSER = "postgres"
ANALYST = "analyst"
START_TIMEOUT = 60


@dataclass(frozen=True)
class Paths:
    """Where one embedded server keeps what."""

    home: Path

    @property
    def cluster(self) -> Path:
        """PGDATA."""
        return self.home / "cluster"

    @property
    def lock(self) -> Path:
        """Held while the server is created, started or stopped."""
        return self.home / "lock"

    @property
    def log(self) -> Path:
        """What the server writes."""
        return self.cluster / "server.log"

    @property
    def port(self) -> Path:
        """The port the server was last started on."""
        return self.home / "port"

    def password(self, login: str) -> Path:
        """The 0600 file that holds a login's password."""
        return self.home / f"{login}.password"


def ensure_running(settings: Settings) -> Endpoint:
    """Create the server if there is none, start it if it is down, say where it is.

    Safe to call from any number of processes at once, and to kill at any moment.

    Raises:
        ServerError: the server cannot be created or started.
    """
    paths = Paths(settings.postgres_data_dir.absolute())
    if server_process(paths.cluster) is None:
        _create_home(paths.home)
        with _locked(paths.lock):
            account = server_account(paths.home)
            if not paths.cluster.exists():
                _initialise(paths, account)
            if server_process(paths.cluster) is None:
                _start(paths, account)
    return login(settings, settings.postgres_user)


def login(settings: Settings, user: str) -> Endpoint:
    """Give the endpoint for one of the embedded server's logins."""
    paths = Paths(settings.postgres_data_dir.absolute())
    return Endpoint(
        host="127.0.0.1",
        port=int(paths.port.read_text()),
        dbname="postgres" if user == SUPERUSER else settings.postgres_db,
        user=user,
        password=_password(paths, user),
    )


def stop(settings: Settings) -> bool:
    """Stop the server; say whether one was running.

    Raises:
        ServerError: it does not stop.
    """
    paths = Paths(settings.postgres_data_dir.absolute())
    if server_process(paths.cluster) is None:
        return False
    with _locked(paths.lock):
        account = server_account(paths.home)
        _pg(paths, account, "pg_ctl", "stop", "--wait", "--mode=fast")
    return True


def _create_home(home: Path) -> None:
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ServerError(
            f"Cannot create the database folder {home}: {error.strerror}. Set"
            " POSTGRES_DATA_DIR to a folder you may write to."
        ) from None


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    # Not inherited by the server: Python opens files close-on-exec.
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _password(paths: Paths, user: str) -> str:
    """Read a login's password, making one the first time."""
    path = paths.password(user)
    try:
        return path.read_text()
    except FileNotFoundError:
        pass
    handle, name = tempfile.mkstemp(dir=paths.home)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(24))
    try:
        os.link(name, path)
    except FileExistsError:
        pass  # somebody else was first; theirs counts
    finally:
        Path(name).unlink()
    return path.read_text()


def _initialise(paths: Paths, account: Account) -> None:
    """Make the cluster beside its final place, then rename: whole or not at all."""
    for leftover in paths.home.glob("initdb-*"):
        shutil.rmtree(leftover)
    work = Path(tempfile.mkdtemp(prefix="initdb-", dir=paths.home))
    account.give(work)
    target = work / "cluster"
    password_file = work / "password"
    password_file.touch(mode=0o600)
    account.give(password_file)
    password_file.write_text(_password(paths, SUPERUSER))
    result = account.run(
        [
            str(binaries_for(account, paths.home) / "initdb"),
            *("--pgdata", str(target), "--username", SUPERUSER),
            *("--auth", "scram-sha-256", "--pwfile", str(password_file)),
            *("--encoding", "UTF8", "--locale", "C", "--locale-provider", "builtin"),
            *("--builtin-locale", "C.UTF-8", "--data-checksums"),
        ],
        environment=_environment(),
        cwd=work,
    )
    if result.returncode != 0:
        raise ServerError(f"initdb failed in {paths.home}: {result.stderr.strip()}")
    target.rename(paths.cluster)
    shutil.rmtree(work)


def _start(paths: Paths, account: Account) -> None:
    pid_file = paths.cluster / "postmaster.pid"
    # No process works in this cluster (server_process looked), so the file is stale,
    # cut off or copied from elsewhere, and PostgreSQL would refuse to start over it.
    pid_file.unlink(missing_ok=True)
    port = _free_port(paths)
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
    _pg(
        paths,
        account,
        "pg_ctl",
        *("start", "--wait", "--timeout", str(START_TIMEOUT)),
        *("--log", str(paths.log), "--options", options),
    )
    paths.port.write_text(str(port))


def _pg(paths: Paths, account: Account, program: str, *arguments: str) -> None:
    command = [
        str(binaries_for(account, paths.home) / program),
        *arguments,
        *("--pgdata", str(paths.cluster)),
    ]
    result = account.run(command, environment=_environment(), cwd=paths.cluster)
    if result.returncode != 0:
        raise ServerError(
            f"PostgreSQL did not {arguments[0]}. The end of {paths.log}:\n"
            + _tail(paths.log)
        )


def _tail(log: Path, lines: int = 10) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError as error:
        return f"(cannot be read: {error.strerror})"


def _free_port(paths: Paths) -> int:
    """Take the remembered port when it is free, so that BI connections keep working."""
    try:
        remembered = int(paths.port.read_text())
    except (FileNotFoundError, ValueError):
        remembered = 0
    for port in (remembered, 0):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise ServerError("No free port on 127.0.0.1.")


def _environment() -> Mapping[str, str]:
    # An LC_ALL unknown here would stop initdb, and PG* variables would mislead it.
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
