"""Start a command line, or report in one sentence that it is the wrong Python."""

import errno
import sys
from importlib import import_module

OLDEST = (3, 11)
# What a person can put right about disks and permissions.
STORAGE = {
    *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO),
    *(errno.EACCES, errno.EPERM, errno.EISDIR, errno.ENOTDIR),
}


def start(module: str, program: str) -> None:
    """Run `main` of a module that defines click commands.

    Imports nothing outside the standard library before that, since people run
    `python -m loaders` with whatever Python is first on their PATH.

    Args:
        module: such as `loaders.cli`.
        program: how the user called it, for the usage line.
    """
    if sys.version_info < OLDEST:
        _stop(f"Python {sys.version.split()[0]} is too old")
    try:
        commands = import_module(module)
    except ModuleNotFoundError as error:
        package = str(error.name).partition(".")[0]
        if package == module.partition(".")[0]:
            raise
        _stop(f"the package {package} is not installed")
    try:
        commands.main(prog_name=program)
    except OSError as error:
        if error.errno not in STORAGE:
            raise
        where = f"{error.filename}: " if error.filename else ""
        sys.exit(
            f"Error: {where}{error.strerror}. Put that right, then run the same command"
            " again."
        )


def _stop(reason: str) -> None:
    sys.exit(
        f"Error: {reason} in {sys.executable}. Run `make setup` in the project folder,"
        " then use .venv/bin/python."
    )
