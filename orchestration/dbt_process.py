"""dbt in a process of its own, while this one imports what the next steps need.

Importing dbt takes a second, and a build keeps one core busy; meanwhile another core
imports MLflow and scikit-learn. A separate process can also be stopped at once: dbt
itself treats Ctrl-C as a failed build and finishes nodes first.
"""

import atexit
import gc
import importlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from types import ModuleType

from core.errors import PipelineError
from core.progress import listening, report_progress
from core.settings import Settings
from orchestration.compiled import (
    compile_functions_once,
    keep_compiled,
    read_compiled,
)
from orchestration.dbt import DbtFailedError, DbtOutcome, run_dbt, target

RunDbt = Callable[[Sequence[str]], DbtOutcome]

# Nobody reads the JSON artifacts of a weekly build: the audit is in the warehouse, and
# `make docs` compiles its own. Its queries in dbt.log would take a tenth of the time.
QUICK = ("--no-write-json", "--log-level-file", "info")
COMPILED = "compiled_code"
BALANCE = (
    # First: for each function of numpy it looks through all modules there are.
    "skops.io",
    "balancing.build",
    "balancing.plots",
    "balancing.versions",
    # matplotlib imports it when it draws.
    "matplotlib.backends.backend_agg",
)
LATER_STEPS = (
    "training.run",
    "mlflow.sklearn",
    # MLflow imports these when it logs a run, its model and the version.
    "git",
    "mlflow.pyfunc",
    "mlflow.store.model_registry.sqlalchemy_store",
    "training.review",
    "reporting.report",
)


@contextmanager
def dbt_process(settings: Settings) -> Iterator[RunDbt]:
    """Start a process that imports dbt, and yield a function that runs a command in it.

    The process ends with the block, and with this process however that ends.

    Yields:
        Like `run_dbt`, for one command.

    Raises:
        DbtFailedError: from the function; see `run_dbt`. Also when the process was killed.
        ServerError: from the function; see `run_dbt`.
    """
    # After a kill it removes what was left, and would warn of that.
    sys.warnoptions.append("ignore::UserWarning:multiprocessing.resource_tracker")
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, settings), daemon=True)
    resource_tracker.ensure_running()  # which would unblock the signal
    # A Ctrl-C before the process can ignore it would end it with a traceback.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    theirs.close()

    def run(arguments: Sequence[str]) -> DbtOutcome:
        try:
            ours.send(list(arguments))
            while True:
                answer = ours.recv()
                if not isinstance(answer, str):
                    break
                report_progress(answer)
        except (EOFError, OSError):
            raise DbtFailedError(
                "The process that ran dbt was killed; nothing incomplete was published."
                " Run it again."
            ) from None
        if isinstance(answer, PipelineError):
            raise answer
        return DbtOutcome(dict(answer))

    try:
        yield run
    finally:
        ours.close()
        process.kill()
        process.join()


def import_later_steps(settings: Settings) -> None:
    """Import what the steps after the build need, while this process goes on."""
    threading.Thread(target=_warm_up, args=(settings,), daemon=True).start()


def _serve(connection: Connection, settings: Settings) -> None:
    """Run one dbt command and send its outcome: progress as text, then the end."""
    # The parent decides what Ctrl-C and SIGTERM mean.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # A build makes few cycles and many objects; looking for cycles is a tenth of it, and
    # half a second more when the process ends.
    gc.disable()
    atexit.register(gc.freeze)
    read_compiled(target() / COMPILED)
    import_dbt()
    lean_dbt = _import_lean_dbt()
    if lean_dbt is not None:
        lean_dbt.install()
    with suppress(EOFError):  # the parent ended before the build
        arguments = connection.recv()
        with listening(connection.send):
            try:
                answer: object = run_dbt(settings, [*QUICK, *arguments]).statuses
            except PipelineError as error:
                answer = error
        # Before the answer, after which this process may be killed.
        with suppress(PipelineError):  # the next week compiles it again
            keep_compiled(target() / COMPILED)
        connection.send(answer)


def import_dbt() -> None:
    """Import dbt, which takes a third less if no code is made again or never used."""
    from mashumaro.config import BaseConfig

    compile_functions_once()
    BaseConfig.lazy_compilation = True
    importlib.import_module("dbt.cli.main")
    importlib.import_module("dbt.adapters.postgres")


def _import_lean_dbt() -> ModuleType | None:
    """Return the module; None if this version of dbt has not all that it replaces."""
    try:
        return importlib.import_module("orchestration.lean_dbt")
    except ImportError:
        return None


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _warm_up(settings: Settings) -> None:
    """Import what comes next and open MLflow; the step that needs it reports errors."""
    # What is imported stays: the search for cycles need not go through it.
    gc.disable()
    with suppress(ImportError, PipelineError):
        for name in BALANCE:
            importlib.import_module(name)
        from core.tracking import open_client
        from reporting.render import compile_templates

        open_client(settings)
        for name in LATER_STEPS:
            importlib.import_module(name)
        compile_templates()
    gc.freeze()
    gc.enable()
