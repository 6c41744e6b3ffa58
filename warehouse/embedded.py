"""The embedded PostgreSQL: one cluster in the project folder, run by this wrapper.

The binaries come from a wheel; its Python module is never imported, because it uses
trust authentication, changes the mode of parent directories and leaves servers behind.
The server stays up for psql, dbt and BI tools until it is stopped.
"""

import hashlib
import os
import signal
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from core.durable import hold_lock, write_durably
from core.errors import ServerError
from core.settings import Settings
from warehouse.binaries import binaries_for, refuse_another_version
from warehouse.connection import Endpoint
from warehouse.processes import Account, processes_in, server_account, server_process

SUPERUSER = "postgres"
ANALYST = "analyst"
PATIENCE = 90
# Generated passwords have 32 characters.
SHORTEST_PASSWORD = 32
ROOT_HOMES = Path("/var/lib/rakuten-elt")


@dataclass(frozen=True)
class Paths:
    """The files of one embedded server."""

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
        """The server's log."""
        return self.cluster / "server.log"

    @property
    def port(self) -> Path:
        """The port the server was last started on."""
        return self.home / "port"

    def password(self, login: str) -> Path:
        """The 0600 file that holds a login's password."""
        return self.home / f"{login}.password"


def ensure_running(settings: Settings) -> Endpoint:
    """Create the server if there is none, start it if it is down; return where it is.

    Safe to call from any number of processes at once, and to kill at any moment.

    Raises:
        ServerError: the server cannot be created or started.
    """
    paths = locate(settings)
    if paths.cluster.exists() and not _has_password(paths, SUPERUSER):
        _reset_superuser(paths)
    if server_process(paths.cluster) is None:
        _create_home(paths.home)
        account = server_account(paths.home)
        _refuse_a_closed_folder(paths.home, account)
        with hold_lock(paths.lock):
            if not paths.cluster.exists():
                _initialise(paths, account)
            if server_process(paths.cluster) is None:
                _start(paths, account)
    return login(settings, settings.postgres_user)


def login(settings: Settings, user: str) -> Endpoint:
    """Return the endpoint for one of the embedded server's logins."""
    paths = locate(settings)
    return Endpoint(
        host="127.0.0.1",
        port=_port(paths),
        dbname="postgres" if user == SUPERUSER else settings.postgres_db,
        user=user,
        password=_password(paths, user),
    )


def _port(paths: Paths) -> int:
    """Return the port of the server that was last started.

    PostgreSQL's own file has it too, while the server runs; ours may be lost.
    """
    with suppress(OSError, ValueError):
        return int(paths.port.read_text())
    try:
        return int((paths.cluster / "postmaster.pid").read_text().splitlines()[3])
    except (OSError, ValueError, IndexError):
        raise ServerError(
            f"The port of PostgreSQL is in neither {paths.port} nor {paths.cluster}:"
            " run the same command again."
        ) from None


def stop(settings: Settings) -> bool:
    """Stop the server; return whether one was running.

    Raises:
        ServerError: it does not stop.
    """
    paths = locate(settings)
    if server_process(paths.cluster) is None:
        return False
    with hold_lock(paths.lock):
        return _stop(paths)


def _stop(paths: Paths) -> bool:
    """Stop the server while the lock is held, under which none is started or stopped."""
    pid = server_process(paths.cluster)
    if pid is None:
        return False
    with suppress(ProcessLookupError):  # it has just ended
        os.kill(pid, signal.SIGINT)  # PostgreSQL's fast shutdown
    deadline = time.monotonic() + PATIENCE
    while any(processes_in(paths.cluster)):
        if time.monotonic() > deadline:
            raise ServerError(
                f"PostgreSQL (process {pid}) has not stopped after {PATIENCE} s."
                f" See {paths.log}."
            )
        time.sleep(0.02)
    return True


def locate(settings: Settings) -> Paths:
    """Return where the server's files are.

    Under POSTGRES_DATA_DIR; for root in a folder closed to others (a checkout under
    /root), which the unprivileged server could not enter, under /var/lib instead.
    """
    home = settings.postgres_data_dir.absolute()
    if os.geteuid() != 0:
        return Paths(home)
    name = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    elsewhere = ROOT_HOMES / name
    # A server stays where it was created, even if a folder above it has been closed
    # since.
    for made in (home, elsewhere):
        if (made / "cluster").exists():
            return Paths(made)
    return Paths(home if server_account(home).can_enter(home) else elsewhere)


def _create_home(home: Path) -> None:
    """Create the folder, and those above it, so that root's server may enter them."""
    umask = os.umask(0o066 if os.geteuid() == 0 else 0o077)
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ServerError(
            f"Cannot create the database folder {home}: {error.strerror}. Set"
            " POSTGRES_DATA_DIR to a folder you may write to."
        ) from None
    finally:
        os.umask(umask)


def _refuse_a_closed_folder(home: Path, account: Account) -> None:
    if not account.is_caller and not account.can_enter(home):
        raise ServerError(
            f"The account that runs PostgreSQL cannot enter {home}: a folder above it"
            " has been closed since the server was created. Open it again (chmod o+x)."
        )


def _password(paths: Paths, user: str) -> str:
    """Read a login's password, generating one the first time.

    A file that is empty or garbled, as a power loss may leave it, is generated again;
    `warehouse.database.prepare` then gives the role its password.
    """
    path = paths.password(user)
    try:
        password = path.read_text(encoding="ascii")
    except FileNotFoundError:
        pass
    except UnicodeDecodeError:
        path.unlink()
    else:
        if password and (user != SUPERUSER or len(password) >= SHORTEST_PASSWORD):
            return password
        path.unlink()
    if user == SUPERUSER and paths.cluster.exists():
        # One that its role does not have would lock the server for good.
        raise ServerError(
            f"The superuser's password in {paths.home} has just been lost: run the same"
            " command again, which sets another."
        )
    import secrets
    import tempfile

    handle, name = tempfile.mkstemp(dir=paths.home)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(24))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(name, path)
    except FileExistsError:
        pass  # another process was first, and its password counts
    finally:
        Path(name).unlink()
    return path.read_text()


def _has_password(paths: Paths, user: str) -> bool:
    try:
        content = paths.password(user).read_bytes()
    except FileNotFoundError:
        return False
    except PermissionError:
        return True  # another account's server, which is refused later
    return len(content) >= SHORTEST_PASSWORD and content.isascii()


def _reset_superuser(paths: Paths) -> None:
    """Set a new password for the superuser, as the cluster's owner may without the old one.

    The file was lost or truncated. PostgreSQL runs in single-user mode for this, with
    the server stopped.

    Raises:
        ServerError: the server cannot be stopped, or refuses.
    """
    import secrets

    account = server_account(paths.home)
    with hold_lock(paths.lock):
        if _has_password(paths, SUPERUSER):
            return  # another process was first
        _stop(paths)
        _settled(paths)
        (paths.cluster / "postmaster.pid").unlink(missing_ok=True)
        password = secrets.token_urlsafe(24)
        result = account.run(
            [
                *(str(binaries_for(account, paths.home) / "postgres"), "--single"),
                *("-D", str(paths.cluster), "postgres"),
            ],
            environment=_environment(),
            cwd=paths.cluster,
            given=f"alter role {SUPERUSER} password '{password}'\n",
        )
        if result.returncode != 0:
            raise ServerError(
                f"The superuser's password in {paths.home} is lost, and PostgreSQL did"
                f" not take a new one: {result.stderr.strip()[-500:]}"
            )
        # Last: with a file, nobody would set the password again after a kill.
        write_durably(paths.password(SUPERUSER), password, mode=0o600)


def _initialise(paths: Paths, account: Account) -> None:
    """Create the cluster beside its final place, then rename it: complete or not at all."""
    import shutil
    import tempfile

    for leftover in paths.home.glob("initdb-*"):
        # The initdb of a killed caller may still be writing there.
        shutil.rmtree(leftover, ignore_errors=True)
    work = Path(tempfile.mkdtemp(prefix="initdb-", dir=paths.home))
    target = work / "cluster"
    password_file = work / "password"
    password_file.touch(mode=0o600)
    password_file.write_text(_password(paths, SUPERUSER))
    account.give(password_file)
    # Last: in a folder of its own, the account could put a link in the file's place.
    account.give(work)
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
    """Start the server, or wait for one that is still recovering or going down."""
    if _settled(paths):
        return
    refuse_another_version(paths.cluster)
    # No process runs in this cluster, so the file is stale, truncated or copied from
    # elsewhere, and PostgreSQL would refuse to start because of it.
    (paths.cluster / "postmaster.pid").unlink(missing_ok=True)
    command = [str(binaries_for(account, paths.home) / "postgres")]
    attempts: list[tuple[int, Mapping[str, str]]] = [
        (_usual_port(paths), {}),
        (_any_port(), {}),
        (_any_port(), FRUGAL),
    ]
    for port, frugal in attempts:
        settings = {**server_settings(), **frugal, "port": str(port)}
        options = [part for item in settings.items() for part in ("-c", "=".join(item))]
        # Before the start, so that a command that finds the server ready also finds its
        # port, even if this process is killed in between.
        _replace_text(paths.port, str(port))
        launched = account.launch(
            [*command, "-D", str(paths.cluster), *options],
            environment=_environment(),
            cwd=paths.cluster,
            log=paths.log,
        )
        while launched.poll() is None:
            if server_process(paths.cluster) is not None:
                return
            time.sleep(0.02)
    end = _tail(paths.log)
    cause = ""
    if "shared memory" in end:
        cause = (
            " The machine does not have enough free memory: close other programs, or"
            " give the container more memory and a larger /dev/shm."
        )
    raise ServerError(
        f"PostgreSQL did not start.{cause} The end of {paths.log}:\n{end}"
    )


def _settled(paths: Paths) -> bool:
    """Wait until no process is left in the cluster, or its server is ready."""
    deadline = time.monotonic() + PATIENCE
    while left := list(processes_in(paths.cluster)):
        if server_process(paths.cluster) is not None:
            return True
        if time.monotonic() > deadline:
            raise ServerError(
                f"Processes {', '.join(map(str, left))} still run in {paths.cluster},"
                f" but its server is not ready after {PATIENCE} s. See {paths.log}."
            )
        time.sleep(0.05)
    return False


def server_settings() -> dict[str, str]:
    """Size PostgreSQL's memory settings to the machine; keep its durability settings.

    A quarter of the shares in
    https://wiki.postgresql.org/wiki/Tuning_Your_PostgreSQL_Server, since Python runs on
    the same machine.
    """
    import psutil

    memory = psutil.virtual_memory().total >> 20
    return {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "shared_buffers": f"{min(max(memory // 16, 128), 2048)}MB",
        "effective_cache_size": f"{max(memory // 2, 256)}MB",
        "work_mem": f"{min(max(memory // 256, 8), 128)}MB",
        "maintenance_work_mem": f"{min(max(memory // 64, 64), 1024)}MB",
        "max_wal_size": "4GB",
        # For SSDs, and for data that is mostly in memory.
        "random_page_cost": "1.1",
        "jit": "off",
        # The query of a client that was killed ends, even while it waits for a lock.
        "client_connection_check_interval": "1s",
    }


# For a machine or a container without the memory, or without /dev/shm.
FRUGAL = {
    "shared_buffers": "16MB",
    "dynamic_shared_memory_type": "mmap",
    "maintenance_work_mem": "16MB",
}


def _tail(log: Path, lines: int = 10) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError as error:
        return f"(cannot be read: {error.strerror})"


def _usual_port(paths: Paths) -> int:
    """Return the previous port if it is free, so that BI connections keep working.

    The first port is derived from the folder.
    """
    ports = [_default_port(paths.home)]
    with suppress(FileNotFoundError, ValueError):
        ports.insert(0, int(paths.port.read_text()))
    return next(filter(_is_free, ports), None) or _any_port()


def _default_port(home: Path) -> int:
    """Return a port from 20000 to 29999, below the range that systems use for clients."""
    return 20_000 + int(hashlib.sha256(os.fsencode(home)).hexdigest(), 16) % 10_000


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As PostgreSQL does: connections of a killed server linger for a minute.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            return False
    return True


def _any_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _replace_text(path: Path, text: str) -> None:
    work = path.with_suffix(".partial")
    work.write_text(text)
    work.replace(path)


def _environment() -> Mapping[str, str]:
    # An LC_ALL that is unknown here would make initdb fail, and PG* variables would
    # mislead it.
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
