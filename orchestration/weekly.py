"""The weekly run: load → build → balance → train → review → report → notify.

A run that was interrupted or failed is resumed where it stopped: its week is finished,
and no further slice is loaded. The state that decides this is written before the load,
so a kill at any moment leaves it either "began after batch n, nothing newer loaded"
(load) or "began after batch n, n + 1 is there" (continue with the rest).
"""

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, nullcontext, suppress
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

import click
import psycopg2

from core.errors import PipelineError
from core.progress import listening
from core.settings import Settings
from orchestration.dbt import BUILD
from orchestration.dbt_process import RunDbt, dbt_process, import_later_steps
from orchestration.display import print_result, show_progress
from orchestration.progress import (
    EventLog,
    WeekState,
    mark_done,
    read_state,
    weekly_lock,
    write_state,
)
from reporting.links import INDEX, report_address
from reporting.steps import StepResult

if TYPE_CHECKING:
    from reporting.facts import Catalogue
    from training.review import ReviewOutcome

STEPS = ("load", "build", "balance", "train", "review", "report", "notify")
# A failure here stops the following steps, except the report and the notification.
WORK = ("load", "build", "balance", "train", "review")
# Products that are reviewed beside the training. With more, what both need at the same
# time would be the most memory of a week.
_FEW_PRODUCTS = 100_000


@dataclass(frozen=True)
class Done:
    """What a step did.

    Attributes:
        message: one line for a person.
        details: figures for the report, that JSON can hold.
        note: for the operator only.
        is_complete: whether the load found everything loaded already.
    """

    message: str
    details: Mapping[str, object]
    note: str = ""
    is_complete: bool = False


Step = Callable[[Settings], Done]
# What is left of the steps that have been started, as functions of the results so far.
Started = dict[str, Callable[[Sequence[StepResult]], Done]]


class StepOrderError(PipelineError):
    """A step was requested before an earlier one of the week was done."""


class WeeklyRunFailedError(PipelineError):
    """At least one step failed; the reasons were printed and reported."""


def weekly(
    settings: Settings,
    *,
    start: str | None = None,
    only: str | None = None,
    step: str | None = None,
) -> list[StepResult]:
    """Run the week's steps, or finish an unfinished week.

    Args:
        settings: see Settings.
        start: the step to begin with, instead of where the last run stopped.
        only: a single step to do; the state of the week stays as it is.
        step: a single step as part of the week, for schedulers that call them one by
            one: it runs only if it comes next, so an unfinished week is finished before
            another slice is loaded.

    Raises:
        BusyError: another weekly run is running.
        StepOrderError: `step` was requested before an earlier step was done.
        WeeklyRunFailedError: a step failed; report and notification were still made.
    """
    with weekly_lock(settings) as record_step, ExitStack() as stack:
        log = EventLog(settings.logs_path)
        current = stack.enter_context(_stopping_at_once(log))
        dbt = stack.enter_context(ExitStack())
        started: Started = {}
        if start in (None, "load", "build") and {only, step} <= {None, "build"}:
            # Before the plan, for which PostgreSQL may have to start.
            run = dbt.enter_context(dbt_process(settings))
            started["build"] = lambda _: _build(settings, run, steps)
        steps = plan(settings, start=start, only=only, step=step)
        log.write("run_started", steps=steps)
        if not steps:
            click.echo(f"{step}: nothing to do, already done for this batch.")
        if "build" not in steps:
            dbt.close()
        # A scheduler sends the notification itself, also after a failure.
        last = "report" if step else "notify"
        if step and not sys.stdout.isatty():
            stack.enter_context(listening(click.echo))

        def enter(name: str, before: Sequence[StepResult]) -> None:
            current.append(name)
            record_step(name)
            if name == "train" and _has_few_products(before):
                beside = stack.enter_context(ThreadPoolExecutor(2))
                started.update(_start_beside(settings, before, beside))

        results = _run(
            settings, steps, log, enter, started, last, keep_state=only is None
        )
        _end(settings, log, results)
    return results


def _end(settings: Settings, log: EventLog, results: Sequence[StepResult]) -> None:
    """Print where the pages are; raise if a step failed."""
    failed = [result.name for result in results if result.status == "failed"]
    if any(result.name == "report" and result.status == "ok" for result in results):
        click.echo(f"All pages: {report_address(settings, INDEX)} (make open)")
    log.write("run_finished", failed=failed)
    if failed:
        raise WeeklyRunFailedError(
            f"The weekly run failed at: {', '.join(failed)}. Fix the cause named above and"
            f" run it again; it continues from there. Log: {log.path}"
        )


def plan(
    settings: Settings,
    *,
    start: str | None = None,
    only: str | None = None,
    step: str | None = None,
) -> list[str]:
    """Return the steps a run would do now.

    Raises:
        StepOrderError: `step` cannot be done before an earlier one.
    """
    if only is not None:
        return [only]
    if start is not None:
        return list(STEPS[STEPS.index(start) :])
    newest = _newest_batch(settings)
    state = read_state(settings, newest, _warehouse_id(settings))
    remaining: list[str] = []
    is_over = state is not None and state.finished
    if state is not None and not is_over and newest > state.began_after:
        # A scheduler sends the notification itself: for it, the report ends the week.
        last = STEPS[1:-1] if step else STEPS[1:]
        remaining = [name for name in last if name not in state.done]
        is_over = not remaining
    remaining = remaining or list(STEPS)
    if step is None:
        return remaining
    if remaining[0] == step:
        return [step]
    if STEPS.index(step) > STEPS.index(remaining[0]) and not is_over:
        raise StepOrderError(
            f"{step} cannot run yet: {remaining[0]} comes first. Run that, or clear it"
            " and the tasks after it in the scheduler."
        )
    return []


def _run(
    settings: Settings,
    steps: Sequence[str],
    log: EventLog,
    enter: Callable[[str, Sequence[StepResult]], None],
    started: Started,
    last: str,
    *,
    keep_state: bool,
) -> list[StepResult]:
    state = _begin(settings, steps) if keep_state else None
    results: list[StepResult] = []
    for step in steps:
        enter(step, results)
        result = _step(settings, step, results, log, started)
        results.append(result)
        if result.is_complete:
            log.write("complete")
            if not _has_waiting_batch(settings):
                last = step
                break
            # Loaded by hand, or a correction: the week of that batch is done now.
            if state is not None:
                state = replace(state, began_after=state.began_after - 1, done=())
                write_state(settings, state)
        # After a failure the report and the notification show a failed week: the run
        # that finishes it repeats them.
        good = all(earlier.status == "ok" for earlier in results)
        if state is not None and good and step != "load":
            state = mark_done(settings, state, step)
    good = all(result.status == "ok" for result in results)
    if state is not None and good and results and results[-1].name == last:
        write_state(settings, replace(state, finished=True))
    return results


@contextmanager
def _stopping_at_once(log: EventLog) -> Iterator[list[str]]:
    """End the process on Ctrl-C, SIGTERM and SIGHUP, as every step can be killed.

    Yields:
        The steps entered, for the sentence about the step it stopped at.
    """
    entered = ["start"]

    def stop(number: int) -> None:
        step = entered[-1]
        # The terminal may be closed, and the disk full.
        with suppress(OSError, PipelineError):
            log.write("stopped", step=step, signal=number)
        with suppress(OSError):
            click.echo(
                f"\nStopped at {step}. Run it again: it continues from there.", err=True
            )
        for child in multiprocessing.active_children():
            child.kill()
        os._exit(128 + number)

    if threading.current_thread() is not threading.main_thread():
        yield entered
        return
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    read, write = os.pipe()

    def stop_at_signal() -> None:
        with os.fdopen(read, "rb", buffering=0) as wakeups:
            for received in iter(lambda: wakeups.read(1), b""):
                if received[0] in numbers:
                    stop(received[0])

    # By another thread: while this one waits for PostgreSQL, it calls no handler.
    threading.Thread(target=stop_at_signal, daemon=True).start()
    os.set_blocking(write, False)
    signal.set_wakeup_fd(write)
    # A signal that the caller ignores stays ignored, as under nohup.
    before = {
        number: signal.signal(number, lambda *_: None)
        for number in numbers
        if signal.getsignal(number) is not signal.SIG_IGN
    }
    try:
        yield entered
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(-1)
        os.close(write)


def _begin(settings: Settings, steps: Sequence[str]) -> WeekState:
    """Return the state of the week that these steps begin or continue."""
    newest = _newest_batch(settings)
    of = _warehouse_id(settings)
    state = read_state(settings, newest, of)
    if "load" in steps or state is None:
        state = WeekState(began_after=newest if "load" in steps else 0, warehouse=of)
        write_state(settings, state)
    if "load" not in steps and len(steps) > 1:
        click.echo("Continuing the unfinished week: " + ", ".join(steps))
    return state


def _step(
    settings: Settings,
    name: str,
    before: Sequence[StepResult],
    log: EventLog,
    started: Started,
) -> StepResult:
    failed = next((result.name for result in before if result.status == "failed"), None)
    if failed and name in WORK:
        return StepResult(name, "skipped", 0.0, f"skipped because {failed} failed")
    log.write("step_started", step=name)
    began = time.monotonic()
    note = ""
    try:
        # The notification prints what it sends.
        with nullcontext() if name == "notify" else show_progress(name):
            done = _call(settings, name, before, started)
        note = done.note
        seconds = time.monotonic() - began
        result = StepResult(
            name, "ok", seconds, done.message, done.details, done.is_complete
        )
    except PipelineError as error:
        result = StepResult(name, "failed", time.monotonic() - began, str(error))
    except Exception as error:  # noqa: BLE001 - the report includes any failure
        message = _describe(error)
        log.write("unexpected_error", step=name, error=message)
        result = StepResult(name, "failed", time.monotonic() - began, message)
    log.write("step_finished", **asdict(result))
    print_result(result, note)
    return result


def _describe(error: Exception) -> str:
    """Return type and text of an error, without the row that PostgreSQL adds to its own."""
    text = error.diag.message_primary if isinstance(error, psycopg2.Error) else None
    return f"{type(error).__name__}: {text or error}"


def _call(
    settings: Settings,
    name: str,
    before: Sequence[StepResult],
    started: Started,
) -> Done:
    if name in started:
        return started[name](before)
    if name == "report":
        return _report(settings, before)
    if name == "notify":
        return _notify(settings, before)
    if name == "train":
        return _train(settings, before)
    if name == "review":
        return _review(settings, before)
    steps: dict[str, Step] = {"load": _load, "balance": _balance}
    return steps[name](settings)


def _warehouse_id(settings: Settings) -> str:
    from warehouse.identity import identify_warehouse

    warehouse = identify_warehouse(settings)
    return warehouse.id if warehouse else ""


def _newest_batch(settings: Settings) -> int:
    from loaders.state import current_state
    from warehouse.connection import connect
    from warehouse.database import ensure_prepared

    ensure_prepared(settings)
    connection = connect(settings, "loader")
    try:
        batch = current_state(connection)
    finally:
        connection.close()
    return batch.id if batch else 0


def _has_waiting_batch(settings: Settings) -> bool:
    """Return whether a loaded batch has not been published."""
    from loaders.published import newest_published
    from warehouse.connection import connect

    with closing(connect(settings, "transformer")) as connection:
        return newest_published(connection) < _newest_batch(settings)


def _load(settings: Settings) -> Done:
    from loaders.load import as_dict, load_slice
    from loaders.state import show_percentage

    outcome = load_slice(settings)
    details = as_dict(outcome)
    for note in outcome.notes:
        click.secho(note, fg="yellow", err=True)
    if outcome.complete:
        return Done(
            f"complete: {show_percentage(outcome.percentage)} is loaded; nothing is"
            " left to load",
            details,
            is_complete=True,
        )
    sample = note = ""
    if outcome.source.kind == "sample":
        sample = " (SYNTHETIC SAMPLE)"
        note = (
            f"There is no X_train.csv in {settings.data_path}: this week's rows are the"
            " SYNTHETIC SAMPLE, not real data. See data/raw/README.md."
        )
    return Done(
        f"{outcome.batch_name}: {outcome.rows_added:,} rows{sample},"
        f" {outcome.total_rows:,} in all ({show_percentage(outcome.percentage)})",
        details,
        note,
    )


def _build(settings: Settings, run: RunDbt, steps: Sequence[str]) -> Done:
    if "balance" in steps:
        import_later_steps(settings)
    if len(steps) == 1:
        # The plan of `--only build` has not read the newest batch, which prepares it.
        from warehouse.database import ensure_prepared

        ensure_prepared(settings)
    statuses = run(BUILD).statuses
    return Done(
        f"{statuses.get('success', 0)} relations built,"
        f" {statuses.get('pass', 0)} tests passed, {statuses.get('warn', 0)} warned",
        dict(statuses),
    )


def _balance(settings: Settings) -> Done:
    from balancing.build import build_dataset
    from balancing.spec import DatasetSpec

    spec = DatasetSpec(strategy=settings.balancing_strategy, seed=settings.random_seed)
    version = build_dataset(settings, spec)
    content = version.content
    return Done(
        f"{content.train_rows:,} training rows of {content.train_products:,} products,"
        f" {content.validation_rows:,} held out, digest {content.digest[:12]}"
        f"{'. ' if content.warning else ''}{content.warning}",
        {
            "run_id": version.run_id,
            "digest": content.digest,
            "train_rows": content.train_rows,
            "products": content.train_products + content.validation_rows,
        },
    )


def _train(settings: Settings, before: Sequence[StepResult]) -> Done:
    from training.run import train

    outcome = train(
        settings, _dataset(before), warehouse=_warehouse_id(settings) or None
    )
    return Done(
        f"weighted F1 {outcome.weighted_f1:.4f}, macro F1 {outcome.macro_f1:.4f};"
        f" {'new champion' if outcome.promotion.promoted else 'champion unchanged'}",
        {"run_id": outcome.run_id, "weighted_f1": outcome.weighted_f1},
    )


def _review(settings: Settings, before: Sequence[StepResult]) -> Done:
    return _record_review(_prepare_review(settings, before))


def _start_beside(
    settings: Settings, before: Sequence[StepResult], beside: ThreadPoolExecutor
) -> Started:
    """Start what needs no model: looking for doubtful labels, and reading the marts.

    Returns:
        What the review and the report then do.
    """
    from reporting.facts import read_catalogue

    prepared = beside.submit(_prepare_review, settings, before)
    read = beside.submit(read_catalogue, settings, None)

    def report(before: Sequence[StepResult]) -> Done:
        # After a failure it is read again, and the report fails if that does.
        return _report(settings, before, None if read.exception() else read.result())

    return {"review": lambda _: _record_review(prepared.result()), "report": report}


def _prepare_review(
    settings: Settings, before: Sequence[StepResult]
) -> Callable[[], "ReviewOutcome"]:
    from training.review import prepare_review

    return prepare_review(
        settings, _dataset(before), warehouse=_warehouse_id(settings) or None
    )


def _record_review(record: Callable[[], "ReviewOutcome"]) -> Done:
    outcome = record()
    recorded = outcome.review
    return Done(
        f"{recorded.label_issues:,} of {recorded.products:,} labels are doubtful",
        {"review_id": recorded.id, "label_issues": recorded.label_issues},
    )


def _has_few_products(before: Sequence[StepResult]) -> bool:
    """Return whether this run balanced few products."""
    products = _balanced(before).get("products")
    return isinstance(products, int) and products <= _FEW_PRODUCTS


def _dataset(before: Sequence[StepResult]) -> str | None:
    """Return the dataset version that this run balanced, if it did."""
    run_id = _balanced(before).get("run_id")
    return None if run_id is None else str(run_id)


def _balanced(before: Sequence[StepResult]) -> Mapping[str, object]:
    """Return the figures of the dataset version that this run balanced, if it did."""
    return next((result.details for result in before if result.name == "balance"), {})


def _report(
    settings: Settings,
    before: Sequence[StepResult],
    catalogue: "Catalogue | None" = None,
) -> Done:
    from orchestration.dbt import docs_are_current, write_docs
    from reporting.report import write_report

    if not docs_are_current(settings):
        write_docs(settings)
    report = write_report(settings, None, before, catalogue)
    return Done(report_address(settings, report.html.name), {"summary": report.summary})


def _notify(settings: Settings, before: Sequence[StepResult]) -> Done:
    from orchestration.notify import notify

    failed = [result for result in before if result.status == "failed"]
    lines = [f"{result.name} FAILED: {result.message}" for result in failed]
    lines += [
        str(result.details["summary"])
        for result in before
        if "summary" in result.details
    ]
    click.echo("")
    return Done(
        notify(settings, "\n".join(lines) or "Nothing to report.", not failed), {}
    )
