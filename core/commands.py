"""Command lines that print an error the user can fix as one message on stderr."""

import errno
from typing import Any, NoReturn

import click

from core.errors import PipelineError, printable

# Errors of disks and permissions that the user can fix.
STORAGE = {
    *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO),
    *(errno.EACCES, errno.EPERM, errno.EISDIR, errno.ENOTDIR),
}
PORT = click.IntRange(1, 65_535)


class Command(click.Command):
    """A command that ends with the message and the exit code of a `PipelineError`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse text that is not UTF-8; a path may have any bytes."""
        rest = super().parse_args(ctx, args)
        for parameter in self.params:
            value = str(ctx.params.get(parameter.name or ""))
            if parameter.type is click.STRING and printable(value) != value:
                raise click.BadParameter("it is not UTF-8.", ctx, parameter)
        return rest

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

    command_class = Command


def _end(ctx: click.Context, message: str, exit_code: int) -> NoReturn:
    click.echo(f"Error: {message}", err=True)
    ctx.exit(exit_code)
