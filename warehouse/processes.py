"""The account that runs the server, and the server's processes."""

import os
import pwd
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from core.errors import ServerError


@dataclass(frozen=True)
class Account:
    """The unprivileged account PostgreSQL runs as; it refuses to run as root."""

    uid: int
    gid: int

    @property
    def is_caller(self) -> bool:
        """Whether the server runs as the current user."""
        return self.uid == os.geteuid()

    def give(self, new_directory: Path) -> None:
        """Make the account the owner of a directory that this process has just made."""
        if not self.is_caller:
            os.chown(new_directory, self.uid, self.gid)

    def can_enter(self, path: Path) -> bool:
        """Return whether the account may reach a path; missing folders do not matter."""
        for folder in (path, *path.parents):
            try:
                status = folder.stat()
            except FileNotFoundError:
                continue
            bit = 0o100 if status.st_uid == self.uid else 0o001
            if not status.st_mode & bit:
                return False
        return True

    def run(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        cwd: Path,
        given: str = "",
    ) -> subprocess.CompletedProcess[str]:
        """Run a program to its end, as the account; `given` is its input."""
        return subprocess.run(  # noqa: S603 - our own binaries, no shell
            command,
            env=dict(environment),
            cwd=cwd,
            input=given,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            umask=0o077,
            user=None if self.is_caller else self.uid,
            group=None if self.is_caller else self.gid,
            extra_groups=None if self.is_caller else [],
        )

    def launch(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        cwd: Path,
        log: Path,
    ) -> "subprocess.Popen[bytes]":
        """Start a long-running program, as the account, in a session of its own.

        Ctrl-C and a closing terminal do not reach it, and it inherits no open file, so
        that `make weekly | tee` ends.

        Raises:
            ServerError: the log is not a regular file.
        """
        with _open_log(log) as file:
            process = subprocess.Popen(  # noqa: S603 - as above
                command,
                env=dict(environment),
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                start_new_session=True,
                umask=0o077,
                user=None if self.is_caller else self.uid,
                group=None if self.is_caller else self.gid,
                extra_groups=None if self.is_caller else [],
            )
        _LAUNCHED.append(process)
        return process


def _open_log(log: Path) -> BinaryIO:
    """Open a log in a folder of the account, which could put a link or a pipe there.

    Root would write to whatever the link names, and wait for the pipe.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        file = os.fdopen(os.open(log, flags, 0o600), "ab")
    except OSError as error:
        reason = error.strerror
    else:
        if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            return file
        file.close()
        reason = "not a regular file"
    raise ServerError(
        f"PostgreSQL cannot log to {log} ({reason}): remove it, if it is a link or a pipe,"
        " or correct its permissions."
    )


# Kept, because a collected Popen warns about a process that is still running.
_LAUNCHED: "list[subprocess.Popen[bytes]]" = []


def server_account(home: Path) -> Account:
    """Return the account that runs the server in `home`.

    The owner of an existing cluster; else the caller; for root the account `nobody`.

    Raises:
        ServerError: the folder belongs to another user.
    """
    caller = os.geteuid()
    if caller != 0:
        owner = _owner(home)
        if owner is not None and owner.st_uid != caller:
            raise ServerError(
                f"{home} belongs to user {_name(owner.st_uid)}, and you are"
                f" {_name(caller)}: run this as {_name(owner.st_uid)}, or set"
                " POSTGRES_DATA_DIR to a folder of your own."
            )
        return Account(caller, os.getegid())
    owner = _owner(home / "cluster") or _owner(home)
    if owner is not None and owner.st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


def _owner(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"number {uid}"


def server_process(cluster: Path) -> int | None:
    """Return the process number of the server that is ready in this cluster, if any.

    The pid file alone proves nothing: it may be stale, truncated, copied from another
    machine, or hold a process number that has been reused.
    """
    try:
        lines = (cluster / "postmaster.pid").read_text(errors="replace").splitlines()
        pid = int(lines[0])
        ready = lines[7].strip() == "ready"
    except (OSError, ValueError, IndexError):
        return None
    return pid if ready and works_in(pid, cluster) else None


def processes_in(cluster: Path) -> Iterator[int]:
    """Return every live process with the cluster as its working directory."""
    import psutil

    return (pid for pid in psutil.pids() if works_in(pid, cluster))


def works_in(pid: int, directory: Path) -> bool:
    """Return whether a live process has its working directory there.

    A zombie has none. macOS shows only those of the caller's processes, and all of them
    to root, which covers the server in either case.
    """
    try:
        return _working_directory(pid).samefile(directory)
    except OSError:
        return False


def _working_directory(pid: int) -> Path:
    """Return the working directory of a process; raise OSError if it has none."""
    if sys.platform == "linux":
        # Every command needs this, and importing psutil takes a tenth of the time of a
        # week's load.
        return Path(f"/proc/{pid}/cwd")
    import psutil

    try:
        return Path(psutil.Process(pid).cwd())
    except psutil.Error as error:
        raise OSError(str(error)) from None
