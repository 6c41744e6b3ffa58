"""Files that survive a power loss: complete on disk before they get their name."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from core.errors import StorageError


def write_durably(path: Path, content: str | bytes, *, mode: int = 0o644) -> None:
    """Write a file that readers see either as it was before or complete.

    Args:
        path: the file to write or replace; its folder must exist.
        content: text is written as UTF-8, a path in it that is not as on stderr.
        mode: permissions of the file.

    Raises:
        StorageError: it cannot be written; it is as it was before.
    """
    with writing(path), durable_path(path, mode=mode) as work:
        if isinstance(content, str):
            content = content.encode(errors="backslashreplace")
        work.write_bytes(content)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Raise StorageError, naming the path, for what the disk refuses in the block."""
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"Cannot write {path}: {error.strerror or error}. Free some space or correct"
            " its permissions, then run the same command again."
        ) from None


def open_lock(path: Path) -> TextIO:
    """Open a lock file, creating it, that no other account can open and so hold.

    Raises:
        StorageError: it cannot be opened or created.
    """
    with writing(path):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        # Earlier versions left it readable by everyone.
        os.fchmod(descriptor, 0o600)
        return os.fdopen(descriptor, "a+")


@contextmanager
def hold_lock(path: Path) -> Iterator[None]:
    """Hold a lock file, waiting for it; processes started meanwhile do not inherit it.

    Raises:
        StorageError: it cannot be opened or created.
    """
    with open_lock(path) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def make_folder(path: Path) -> None:
    """Create a folder and those above it where they are missing.

    Raises:
        StorageError: it cannot be created.
    """
    with writing(path):
        path.mkdir(parents=True, exist_ok=True)


@contextmanager
def durable_path(path: Path, *, mode: int = 0o644) -> Iterator[Path]:
    """Yield a temporary file beside `path` that takes its place when the block ends.

    The temporary file is removed when the block raises; `path` is then unchanged.
    """
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(descriptor)
    work = Path(name)
    try:
        yield work
        work.chmod(mode)
        publish(work, path)
    except BaseException:
        work.unlink(missing_ok=True)
        raise


def publish(work: Path, path: Path) -> None:
    """Rename a complete file or folder to its final name, and sync both to disk."""
    sync(work)
    work.replace(path)
    _sync(path.parent)


def sync(path: Path) -> None:
    """Flush a file, or a folder and everything in it, to disk."""
    for item in [*path.rglob("*"), path] if path.is_dir() else [path]:
        _sync(item)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        # On macOS fsync leaves the bytes in the drive's cache (man 2 fsync); the drive of
        # a network may know nothing else.
        full_sync = getattr(fcntl, "F_FULLFSYNC", None)
        if full_sync is not None:
            with suppress(OSError):
                fcntl.fcntl(descriptor, full_sync)
                return
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
