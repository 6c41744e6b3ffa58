"""Load the next slice: the raw bytes of some records, in one transaction.

No row passes through Python. The bytes are found by `loaders.records`, sent to COPY as
they are in the file, and checked in PostgreSQL before the batch counts.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from decimal import ROUND_UP, Decimal
from typing import Any

from psycopg2.extensions import connection as Connection  # noqa: N812
from psycopg2.extensions import cursor as Cursor  # noqa: N812

from core.errors import ConfigurationError, SourceError
from core.settings import Settings
from loaders import checks
from loaders.batches import (
    SliceOrder,
    attempt,
    check_kind,
    check_order,
    complete,
    discard,
    next_name,
)
from loaders.images import record_images
from loaders.layout import count
from loaders.rows import refuse_lost_rows
from loaders.session import writing
from loaders.slices import (
    find_portions,
    fingerprints,
    refuse_change,
    verify_loaded,
)
from loaders.source import (
    X_COLUMNS,
    Y_COLUMNS,
    CsvFile,
    Source,
    find_source,
    open_csv,
)
from loaders.state import Batch, show_percentage
from loaders.transfer import NOTHING, Portion, send

# Called with the bytes sent so far and the bytes of the slice.
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class LoadOutcome:
    """The result of a load.

    Attributes:
        complete: everything up to MAX_PERCENTAGE was already loaded.
        batch_id: None when no batch was made.
        rows_added: records of this slice, 0 when complete.
        total_rows: records loaded so far.
        notes: sentences for the operator, such as a skipped percentage.
        seconds: wall time.
    """

    batch_id: int | None
    batch_name: str
    percentage: Decimal
    rows_added: int
    total_rows: int
    complete: bool
    source: Source
    notes: Sequence[str]
    seconds: float


@dataclass(frozen=True)
class Goal:
    """The goal of a load.

    Attributes:
        percentage: the first to try.
        step: how much to add, up to `limit`, while that brings no row.
    """

    percentage: Decimal
    step: Decimal
    limit: Decimal


def load_slice(
    settings: Settings,
    *,
    percentage: Decimal | None = None,
    increment: Decimal | None = None,
    to_end: bool = False,
    progress: Progress | None = None,
) -> LoadOutcome:
    """Load the records up to a percentage, floor(total x percentage / 100) of them.

    They are taken in the order of the file, or with SLICE_ORDER=random shuffled by
    RANDOM_SEED; either way each slice contains the previous ones.

    Without arguments: INITIAL_PERCENTAGE first, then INCREMENT_PERCENTAGE more,
    repeated until it brings a row. At 100 %, rows added to the files are the next
    slice.

    Raises:
        ConfigurationError: the percentage is out of range or not above the current one.
        SourceError: the files cannot be loaded; nothing was.
        BusyError: another loader is running.
        ServerError: PostgreSQL cannot be reached, or was lost on the way.
    """
    began = time.monotonic()
    source = find_source(settings)
    with writing(settings) as (connection, batches):
        refuse_lost_rows(connection, batches)
        goal = _goal(settings, batches, percentage, increment, to_end=to_end)
        order = SliceOrder(settings.slice_order, settings.random_seed)
        check_kind(source, batches[-1] if batches else None)
        check_order(order, batches[-1] if batches else None)
        outcome = _load(connection, source, batches, goal, order, progress)
    return replace(outcome, seconds=time.monotonic() - began)


def _goal(
    settings: Settings,
    batches: list[Batch],
    percentage: Decimal | None,
    increment: Decimal | None,
    *,
    to_end: bool,
) -> Goal:
    """Return how far to load."""
    current = batches[-1].percentage if batches else Decimal(0)
    limit = settings.max_percentage
    if percentage is not None:
        if not current < percentage <= 100 and not percentage == current == 100:
            raise ConfigurationError(
                f"The percentage, {percentage}, must be above the"
                f" {show_percentage(current)} already"
                f" loaded and at most 100.{NOTHING}"
            )
        return Goal(percentage, Decimal(0), percentage)
    if increment is not None and not 0 < increment <= 100:
        raise ConfigurationError(
            f"The increment, {increment}, must be above 0 and at most 100.{NOTHING}"
        )
    if increment is None:
        increment = (
            settings.increment_percentage if batches else settings.initial_percentage
        )
    first = limit if to_end else min(current + increment, limit)
    return Goal(first, increment, limit)


def _load(
    connection: Connection,
    source: Source,
    batches: list[Batch],
    goal: Goal,
    order: SliceOrder,
    progress: Progress | None,
) -> LoadOutcome:
    current = batches[-1].percentage if batches else Decimal(0)
    name = next_name(batches, "week")
    aim = max(goal.percentage, current)
    with (
        ExitStack() as stack,
        attempt(connection, name, aim, source.kind, order) as batch_id,
    ):
        x = stack.enter_context(open_csv(source.x, X_COLUMNS))
        y = stack.enter_context(open_csv(source.y, Y_COLUMNS))
        before = fingerprints(x, y)
        files = verify_loaded(x, y, batches, order)
        total, loaded = files[0].scan.records, count(files[0].loaded)
        reached = _reach(goal, total, loaded)
        wanted = int(total * reached / 100)
        if wanted <= loaded:
            if total == 0:
                raise SourceError(f"{x.path} has no rows.{NOTHING}")
            if loaded < total and (goal.step == 0 or not batches):
                raise _brings_nothing(x, reached, total, loaded)
            refuse_change(source, before, fingerprints(x, y))
            discard(connection, batch_id)
            return _complete(connection, source, batches, total, loaded, order)
        portions = find_portions(files, wanted, order)
        rows = wanted - loaded
        with connection.cursor() as cursor:
            _copy(cursor, batch_id, portions, rows, progress)
            earlier = [batch.id for batch in batches]
            checks.verify(cursor, batch_id, earlier, wanted, [x, y])
            record_images(cursor, batch_id, source.images)
        refuse_change(source, before, fingerprints(x, y))
        percentage = max(reached, current)
        notes = complete(
            connection,
            batch_id,
            percentage,
            wanted,
            {portion.table: portion.metadata for portion in portions}
            | {"rows": {portion.table: rows for portion in portions}},
        )
    if reached > goal.percentage:
        notes.append(
            f"{show_percentage(goal.percentage)} of {total:,} rows brings no row beyond"
            f" the {loaded:,} that are loaded, so this load continues to"
            f" {show_percentage(reached)}."
        )
    return LoadOutcome(
        batch_id=batch_id,
        batch_name=name,
        percentage=percentage,
        rows_added=rows,
        total_rows=wanted,
        complete=False,
        source=source,
        notes=notes,
        seconds=0,
    )


def _reach(goal: Goal, total: int, loaded: int) -> Decimal:
    """Return the first percentage that brings a row; the last one if none does."""
    reached = goal.percentage
    while int(total * reached / 100) <= loaded and reached < goal.limit and goal.step:
        reached = min(reached + goal.step, goal.limit)
    return reached


def _brings_nothing(
    x: CsvFile, percentage: Decimal, total: int, loaded: int
) -> SourceError:
    first = (Decimal(loaded + 1) * 100 / total).quantize(Decimal("0.01"), ROUND_UP)
    return SourceError(
        f"{x.path} has {total:,} rows, of which {show_percentage(percentage)} are"
        f" {int(total * percentage / 100):,}; {loaded:,} are already loaded."
        f" {show_percentage(first)} is"
        f" the first that brings a row.{NOTHING}"
    )


def _complete(
    connection: Connection,
    source: Source,
    batches: list[Batch],
    total: int,
    loaded: int,
    order: SliceOrder,
) -> LoadOutcome:
    """Return that nothing is left to load; record 100 % if all rows are loaded at less.

    This happens after files were shortened, and with corrections by earlier versions.
    """
    last = batches[-1]
    outcome = LoadOutcome(
        batch_id=None,
        batch_name=last.batch_name,
        percentage=last.percentage,
        rows_added=0,
        total_rows=loaded,
        complete=True,
        source=source,
        notes=[],
        seconds=0,
    )
    if loaded < total or last.percentage == 100:
        return outcome
    name, whole = next_name(batches, "correction"), Decimal(100)
    with attempt(connection, name, whole, source.kind, order) as batch_id:
        rows = {"rows": {"x_train": 0, "y_train": 0}}
        notes = complete(connection, batch_id, whole, loaded, rows)
    notes.append(
        f"All {total:,} rows of the files are loaded, though"
        f" {show_percentage(last.percentage)} was"
        f" recorded: {name} records 100 %."
    )
    return replace(
        outcome, batch_id=batch_id, batch_name=name, percentage=whole, notes=notes
    )


def _copy(
    cursor: Cursor,
    batch_id: int,
    portions: list[Portion],
    rows: int,
    progress: Progress | None,
) -> None:
    """Send both portions."""
    total = sum(span.end - span.start for portion in portions for span in portion.spans)
    done = 0

    def sent(size: int) -> None:
        nonlocal done
        done += size
        if progress:
            progress(done, total)

    cursor.execute(f"set local rakuten.load_batch_id = {batch_id:d}")
    for portion in portions:
        send(cursor, portion, f"raw.{portion.table}", rows, sent)


def as_dict(outcome: LoadOutcome) -> dict[str, Any]:
    """Return an outcome for JSON."""
    values = asdict(outcome)
    values["percentage"] = str(outcome.percentage)
    values["source"] = outcome.source.describe()
    return values
