"""Command lines that print an error the user can fix as one message on stderr."""

import errno
from typing import Any, NoReturn

import click

from core.errors import PipelineError

# Errors of disks and permissions that the user can fix.
STORAGE = {
    *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO),
    *(errno.EACCES, errno.EPERM, errno.EISDIR, errno.ENOTDIR),
}


class Command(click.Command):
    """A command that ends with the message and the exit code of a `PipelineError`."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - as click has it
        """Run the command."""
        try:
            return super().invoke(ctx)
        except PipelineError as error:
            _end(ctx, str(error), error.exit_code)
        except OSError as error:
            if error.errno not in STORAGE:
                raise
            where = f"{error.filename}: " if error.filename else ""
            _end(
                ctx,
                f"{where}{error.strerror}. Fix that, then run the same command again.",
                exit_code=1,
            )


class Group(Command, click.Group):
    """A group with commands that end as `Command` does."""


def _end(ctx: click.Context, message: str, exit_code: int) -> NoReturn:
    click.echo(f"Error: {message}", err=True)
    ctx.exit(exit_code)
