"""The errors that a user can fix, raised where the cause is known.

Commands print the message on stderr and exit with the error's code: see
`core.commands`.
"""

from typing import ClassVar


def printable(text: str) -> str:
    """Return text that any file can hold: bytes of a path that are not UTF-8 are escaped."""
    return text.encode(errors="backslashreplace").decode()


class PipelineError(Exception):
    """An error the user can fix; the message says how."""

    exit_code: ClassVar[int] = 1

    def __str__(self) -> str:
        """Return the message, whatever the paths in it are."""
        return printable(super().__str__())


class ConfigurationError(PipelineError):
    """A setting is missing or out of range."""

    exit_code: ClassVar[int] = 78  # EX_CONFIG in sysexits.h


class ServerError(PipelineError):
    """PostgreSQL could not be started, reached or logged in to."""

    exit_code: ClassVar[int] = 69  # EX_UNAVAILABLE


class SourceError(PipelineError):
    """The input files are missing, malformed or not what was loaded before."""

    exit_code: ClassVar[int] = 65  # EX_DATAERR


class StorageError(PipelineError):
    """A file or folder cannot be written: a full disk, a missing permission."""

    exit_code: ClassVar[int] = 74  # EX_IOERR


class BusyError(PipelineError):
    """Another process holds the lock; try again later."""

    exit_code: ClassVar[int] = 75  # EX_TEMPFAIL
