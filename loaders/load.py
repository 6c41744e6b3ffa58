"""Load the next slice: the raw bytes of some records, in one transaction.

No row passes through Python. The bytes are found by `loaders.records`, sent to COPY as
they stand in the file, and checked in PostgreSQL before the batch counts.
"""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812
from psycopg2.extensions import cursor as Cursor  # noqa: N812

from core.errors import (
    ConfigurationError,
    ServerError,
)
from core.settings import Settings
from loaders import checks
from loaders.batches import (
    SliceOrder,
    check_kind,
    check_order,
    close_abandoned,
    complete,
    fail,
    open_batch,
    signature,
)
from loaders.images import record_images
from loaders.lock import writer_lock
from loaders.schema import distribute, initialise, is_up_to_date
from loaders.slices import find_portions, fingerprints, refuse_change
from loaders.source import (
    X_COLUMNS,
    Y_COLUMNS,
    Source,
    find_source,
    open_csv,
)
from loaders.state import Batch, completed
from loaders.transfer import NOTHING, Portion, send
from warehouse.connection import connect
from warehouse.database import ensure_prepared
from warehouse.embedded import locate

# Called with the bytes sent so far and the bytes of the slice.
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class LoadOutcome:
    """What a load did.

    Attributes:
        complete: everything up to MAX_PERCENTAGE was already there; no batch was made.
        rows_added: records of this slice, 0 when complete.
        total_rows: records loaded so far.
        seconds: wall time.
    """

    batch_id: int | None
    batch_name: str
    percentage: Decimal
    rows_added: int
    total_rows: int
    complete: bool
    source: Source
    seconds: float


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
    RANDOM_SEED; either way each slice holds the ones before it.

    Without arguments: INITIAL_PERCENTAGE first, then INCREMENT_PERCENTAGE more.

    Raises:
        ConfigurationError: the percentage is out of range or not above the current one.
        SourceError: the files cannot be loaded; nothing was.
        BusyError: another loader is at work.
        ServerError: PostgreSQL cannot be reached, or was lost on the way.
    """
    began = time.monotonic()
    source = find_source(settings)
    connection = _connect(settings)
    try:
        if not is_up_to_date(connection):
            connection.rollback()
            initialise(settings)
        with writer_lock(connection):
            distribute(connection)
            close_abandoned(connection)
            batches = completed(connection)
            connection.commit()
            target = _target(settings, batches, percentage, increment, to_end=to_end)
            if target is None:
                last = batches[-1]
                return LoadOutcome(
                    batch_id=None,
                    batch_name=last.batch_name,
                    percentage=last.percentage,
                    rows_added=0,
                    total_rows=last.total_rows or 0,
                    complete=True,
                    source=source,
                    seconds=time.monotonic() - began,
                )
            order = SliceOrder(settings.slice_order, settings.random_seed)
            return _load(connection, source, batches, target, order, progress, began)
    except (psycopg2.OperationalError, psycopg2.InterfaceError) as error:
        reason = " ".join(str(error).split()).rstrip(".")
        raise ServerError(
            f"PostgreSQL was lost, or could not go on, while loading: {reason}.{NOTHING}"
            f" Run the same load again when the server is well{_log(settings)}."
        ) from None
    finally:
        connection.close()


def _connect(settings: Settings) -> Connection:
    """Prepare the database only if it cannot be used: that would cost every load."""
    try:
        return connect(settings, "loader", application=signature())
    except ServerError:
        ensure_prepared(settings)
        return connect(settings, "loader", application=signature())


def _log(settings: Settings) -> str:
    """Point to the log of our own server: a client may hear of its end only."""
    return f"; its log is {locate(settings).log}" if settings.embedded else ""


def _target(
    settings: Settings,
    batches: list[Batch],
    percentage: Decimal | None,
    increment: Decimal | None,
    *,
    to_end: bool,
) -> Decimal | None:
    """Give the percentage to load up to; None when all is there."""
    current = batches[-1].percentage if batches else Decimal(0)
    limit = settings.max_percentage
    if percentage is not None:
        if not current < percentage <= 100:
            raise ConfigurationError(
                f"--percentage {percentage} must be above the {current} % already"
                f" loaded and at most 100.{NOTHING}"
            )
        return percentage
    if current >= limit:
        return None
    if to_end:
        return limit
    if increment is not None and not 0 < increment <= 100:
        raise ConfigurationError(
            f"--increment {increment} must be above 0 and at most 100.{NOTHING}"
        )
    if increment is None:
        increment = (
            settings.increment_percentage if batches else settings.initial_percentage
        )
    return min(current + increment, limit)


def _load(
    connection: Connection,
    source: Source,
    batches: list[Batch],
    target: Decimal,
    order: SliceOrder,
    progress: Progress | None,
    began: float,
) -> LoadOutcome:
    previous = batches[-1] if batches else None
    name = f"week_{1 + sum(b.batch_name.startswith('week_') for b in batches)}"
    check_kind(source, previous)
    check_order(order, previous)
    batch_id = open_batch(connection, name, target, source, order)
    try:
        with ExitStack() as stack:
            x = stack.enter_context(open_csv(source.x, X_COLUMNS))
            y = stack.enter_context(open_csv(source.y, Y_COLUMNS))
            before = fingerprints(x, y)
            portions, rows, total_rows = find_portions(x, y, batches, target, order)
            with connection.cursor() as cursor:
                _copy(cursor, batch_id, portions, rows, progress)
                earlier = [batch.id for batch in batches]
                checks.verify(cursor, batch_id, earlier, total_rows, [x, y])
                record_images(cursor, batch_id, source.images)
            refuse_change(source, before, fingerprints(x, y))
            complete(connection, batch_id, total_rows, portions)
    except BaseException as error:
        fail(connection, batch_id, error)
        raise
    return LoadOutcome(
        batch_id=batch_id,
        batch_name=name,
        percentage=target,
        rows_added=rows,
        total_rows=total_rows,
        complete=False,
        source=source,
        seconds=time.monotonic() - began,
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
    cursor.execute("set local client_encoding = 'UTF8'")
    for portion in portions:
        send(cursor, portion, f"raw.{portion.table}", rows, sent)


def as_dict(outcome: LoadOutcome) -> dict[str, Any]:
    """Give an outcome for JSON."""
    values = asdict(outcome)
    values["percentage"] = str(outcome.percentage)
    values["source"] = outcome.source.describe()
    return values
