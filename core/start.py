"""Start a command line, or report in one sentence that it is the wrong Python."""

import atexit
import gc
import signal
import sys
from importlib import import_module
from types import ModuleType

OLDEST = (3, 11)
# With 100,000 a training on ten times the catalogue takes 100 MB more: cycles hold texts.
_BETWEEN_COLLECTIONS = 10_000


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
    collect_rarely()
    try:
        # Commands import what is slow to import when they run.
        _import_quietly(module).main(prog_name=program)
    except ModuleNotFoundError as error:
        package = str(error.name).partition(".")[0]
        if package == module.partition(".")[0]:
            raise
        _stop(f"the package {package} is not installed")


def collect_rarely() -> None:
    """Search for cycles of objects rarely, and not when the process ends.

    MLflow, pandas and dbt make a million objects that live as long as the process:
    searching them takes a fifth of their import, a tenth of a build, and a second at the
    end.
    """
    gc.set_threshold(_BETWEEN_COLLECTIONS)
    atexit.register(gc.freeze)


def _import_quietly(module: str) -> ModuleType:
    """Import a module; Ctrl-C ends the process without a traceback."""
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler:
        return import_module(module)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        return import_module(module)
    finally:
        signal.signal(signal.SIGINT, before)


def _stop(reason: str) -> None:
    sys.exit(
        f"Error: {reason} in {sys.executable}. Run `make setup` in the project folder,"
        " then use .venv/bin/python."
    )
