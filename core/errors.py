"""The errors a user can meet. Each is raised where the fact is known and printed once.

They derive from click's exception, so that every command prints the message on
stderr without a traceback and exits with the error's code.
"""

from typing import ClassVar

import click


class PipelineError(click.ClickException):
    """Something the person at the keyboard can put right: the message says how."""

    exit_code: ClassVar[int] = 1


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
    """Another process holds the lock; trying again later will do."""

    exit_code: ClassVar[int] = 75  # EX_TEMPFAIL
