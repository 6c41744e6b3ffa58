"""Which account runs the server, and whether it runs: read from /proc, not guessed."""

import os
import pwd
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from warehouse.errors import ServerError


@dataclass(frozen=True)
class Account:
    """The unprivileged account PostgreSQL runs as; it refuses to run as root."""

    uid: int
    gid: int

    @property
    def is_caller(self) -> bool:
        """Whether the server runs as the very user who called."""
        return self.uid == os.geteuid()

    def give(self, new_directory: Path) -> None:
        """Hand a directory this process has just made to the account."""
        if not self.is_caller:
            os.chown(new_directory, self.uid, self.gid)

    def run(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        cwd: Path,
    ) -> subprocess.CompletedProcess[str]:
        """Run a program as the account, in a session of its own.

        A session of its own keeps Ctrl-C and a closing terminal away from the server;
        stdout goes to a pipe only for programs that end by themselves.
        """
        return subprocess.run(  # noqa: S603 - our own binaries, no shell
            command,
            env=dict(environment),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            start_new_session=True,
            umask=0o077,
            user=None if self.is_caller else self.uid,
            group=None if self.is_caller else self.gid,
            extra_groups=None if self.is_caller else [],
        )


def server_account(home: Path) -> Account:
    """Say who runs the server that lives in `home`.

    The owner of an existing cluster; else the caller; for root the account `nobody`.

    Raises:
        ServerError: the folder belongs to somebody else.
    """
    caller = os.geteuid()
    cluster = home / "cluster"
    owner = (cluster if cluster.exists() else home).stat()
    if caller != 0:
        if owner.st_uid != caller:
            raise ServerError(
                f"{home} belongs to user {_name(owner.st_uid)}, and you are"
                f" {_name(caller)}: run this as {_name(owner.st_uid)}, or set"
                " POSTGRES_DATA_DIR to a folder of your own."
            )
        return Account(caller, os.getegid())
    if owner.st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"number {uid}"


def server_process(cluster: Path) -> int | None:
    """Give the process number of the server that is ready in this cluster, if any.

    The pid file alone proves nothing: it may be stale, cut off, copied from another
    machine, or name a process that has since become somebody else's.
    """
    try:
        lines = (cluster / "postmaster.pid").read_text(errors="replace").splitlines()
        pid = int(lines[0])
        ready = lines[7].strip() == "ready"
    except (OSError, ValueError, IndexError):
        return None
    return pid if ready and works_in(pid, cluster) else None


def processes_in(cluster: Path) -> Iterator[int]:
    """Give every live process that works in the cluster's directory."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and works_in(int(entry.name), cluster):
            yield int(entry.name)


def works_in(pid: int, directory: Path) -> bool:
    """Whether a live process (a zombie is none) has its working directory there."""
    try:
        return Path(f"/proc/{pid}/cwd").samefile(directory)
    except OSError:
        return False
