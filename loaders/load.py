"""Load the next slice: the raw bytes of some records, in one transaction.

No row passes through Python. The bytes are found by `loaders.records`, sent to COPY as
they stand in the file, and checked in PostgreSQL before the batch counts.
"""

import json
import os
import random
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, TextIO, cast

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812
from psycopg2.extensions import cursor as Cursor  # noqa: N812

from loaders import checks
from loaders.diagnose import first_fault
from loaders.images import record_images
from loaders.lock import writer_lock
from loaders.records import Scan, Span, boundary, digest, read_spans, scan, spans_of
from loaders.schema import initialise, is_initialised
from loaders.source import (
    X_COLUMNS,
    Y_COLUMNS,
    CsvFile,
    Source,
    find_source,
    open_csv,
)
from loaders.state import Batch, completed
from warehouse.connection import connect
from warehouse.database import ensure_prepared
from warehouse.errors import (
    ConfigurationError,
    PipelineError,
    ServerError,
    SourceError,
)
from warehouse.settings import Settings

Progress = Callable[[int], None]
NOTHING = " Nothing was loaded."


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


@dataclass(frozen=True)
class SliceOrder:
    """In which order records are taken: as in the file, or shuffled once and for all."""

    kind: str
    seed: int

    def permutation(self, total: int) -> list[int] | None:
        """Give the shuffled record numbers; None for the order of the file."""
        if self.kind == "file":
            return None
        numbers = list(range(total))
        random.Random(self.seed).shuffle(numbers)  # noqa: S311 - not for secrets
        return numbers


@dataclass(frozen=True)
class Portion:
    """What is taken from one file, and how it will be recognised next time."""

    file: CsvFile
    table: str
    spans: Sequence[Span]
    metadata: dict[str, Any]


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
    ensure_prepared(settings)
    connection = connect(settings, "loader", application=signature())
    try:
        if not is_initialised(connection):
            connection.rollback()
            initialise(settings)
        with writer_lock(connection):
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
            " Run the same load again when the server is well."
        ) from None
    finally:
        connection.close()


def signature() -> str:
    """Say which process this is, for pg_stat_activity."""
    return f"loaders (pid {os.getpid()} on {socket.gethostname()})"[:63]


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


def close_abandoned(connection: Connection) -> None:
    """Mark batches whose loader is gone as failed: we hold the lock, so they all are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update raw.data_loads set status = 'failed', metadata = metadata ||"
            """ '{"error": "the loader was interrupted"}'"""
            " where status = 'running'"
        )


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
            portions, rows, total_rows = _portions(x, y, previous, target, order)
            _copy(connection, batch_id, portions, rows, progress)
            with connection.cursor() as cursor:
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


def check_kind(source: Source, previous: Batch | None) -> None:
    """Refuse to mix the sample with real files in one warehouse."""
    if previous is None or previous.metadata["source"] == source.kind:
        return
    was = "the synthetic sample" if source.kind == "files" else "your own files"
    raise SourceError(
        f"This warehouse was begun with {was}, and now there is {source.describe()}:"
        " the two never mix. To start over with these, set POSTGRES_DB to a new name in"
        f" .env; to go on, put the files back as they were.{NOTHING}"
    )


def check_order(order: SliceOrder, previous: Batch | None) -> None:
    """Refuse another order of slices than the one this warehouse began with."""
    begun = previous.metadata.get("order") if previous else None
    known = begun or {"kind": "file" if previous else order.kind, "seed": order.seed}
    if known["kind"] != order.kind or (
        order.kind == "random" and known != asdict(order)
    ):
        raise SourceError(
            f"This warehouse was begun with SLICE_ORDER={known['kind']} and"
            f" RANDOM_SEED={known['seed']}; another order would load rows twice. Set"
            f" them back, or POSTGRES_DB to a new name.{NOTHING}"
        )


def open_batch(
    connection: Connection,
    name: str,
    target: Decimal,
    source: Source,
    order: SliceOrder,
) -> int:
    """Record the attempt before anything else, so that it stays visible."""
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "insert into raw.data_loads (batch_name, percentage, status, metadata)"
            " values (%s, %s, 'running', %s) returning id",
            [name, target, json.dumps({"source": source.kind, "order": asdict(order)})],
        )
        row = cursor.fetchone()
    if row is None:
        raise AssertionError("insert … returning gives a row")
    return int(row[0])


def fingerprints(*files: CsvFile) -> list[tuple[int, int, int]]:
    """Give what changes when a file is written: inode, bytes, time."""
    stats = [item.path.stat() for item in files]
    return [(stat.st_ino, stat.st_size, stat.st_mtime_ns) for stat in stats]


def refuse_change(
    source: Source, before: list[tuple[int, int, int]], now: list[tuple[int, int, int]]
) -> None:
    """Refuse files that were written while they were read."""
    if now != before:
        raise SourceError(
            f"{source.describe()} changed while being read: wait until they are"
            f" complete and try again.{NOTHING}"
        )


def _portions(
    x: CsvFile, y: CsvFile, previous: Batch | None, target: Decimal, order: SliceOrder
) -> tuple[list[Portion], int, int]:
    """Find what to take from each file, the rows of the slice and the new total."""
    scans = {item.path: sound_scan(item) for item in (x, y)}
    total = scans[x.path].records
    if scans[y.path].records != total:
        raise SourceError(
            f"{x.path} has {total:,} rows and {y.path} {scans[y.path].records:,}: each"
            f" product needs one label.{NOTHING}"
        )
    loaded = (previous.total_rows or 0) if previous else 0
    wanted = int(total * target / 100)
    numbers = order.permutation(total)
    portions = []
    for item, table in ((x, "x_train"), (y, "y_train")):
        found = scans[item.path]
        _verify_loaded(
            item, table, record_spans(item, found, numbers, 0, loaded), previous
        )
        everything = record_spans(item, found, numbers, 0, wanted)
        metadata = {
            "name": item.path.name,
            "records": found.records,
            "sha256": digest(item.file, everything),
        }
        spans = record_spans(item, found, numbers, loaded, wanted)
        portions.append(Portion(item, table, spans, metadata))
    if wanted <= loaded:
        raise SourceError(
            f"{x.path} has {total:,} rows, of which {target} % are {wanted:,}; {loaded:,}"
            f" are already loaded.{NOTHING}"
        )
    return portions, wanted - loaded, wanted


def record_spans(
    item: CsvFile, found: Scan, numbers: Sequence[int] | None, first: int, last: int
) -> list[Span]:
    """Give the bytes of the records that come first-th to last-th."""
    last = min(last, found.records)
    if numbers is not None:
        return spans_of(item.file, found, sorted(numbers[first:last]))
    edges = [boundary(item.file, found, number) for number in (first, last)]
    return [Span(*edges)]


def sound_scan(item: CsvFile) -> Scan:
    """Scan a file; refuse one whose quotes or last record are not whole."""
    found = scan(item.file, item.start)
    if found.stray_quote is not None or found.unterminated or found.cut:
        size = item.file.seek(0, 2)
        fault = first_fault(item, Span(item.start, size))
        if fault is None and found.stray_quote is not None:
            line = 1 + _newlines_before(item, found.stray_quote)
            reason = 'a quote inside an unquoted field: write the field as "…""…"'
            raise SourceError(f"{item.path}, line {line}: {reason}.{NOTHING}")
        if fault is None:
            line = 1 + _newlines_before(item, size)
            reason = "the file ends without a newline, so its last record may be cut"
            raise SourceError(f"{item.path}, line {line}: {reason}.{NOTHING}")
        raise SourceError(f"{item.path}, {fault}.{NOTHING}")
    return found


def _newlines_before(item: CsvFile, offset: int) -> int:
    spans = [Span(0, offset)]
    return sum(chunk.count(b"\n") for chunk in read_spans(item.file, spans))


def _verify_loaded(
    item: CsvFile, table: str, spans: Sequence[Span], previous: Batch | None
) -> None:
    """Make sure that the records already loaded are still the same in the file."""
    if previous is None:
        return
    if digest(item.file, spans) != previous.metadata[table]["sha256"]:
        raise SourceError(
            f"{item.path}: the rows already loaded are no longer the same in the file."
            " If it was corrected, load the corrections with `python -m loaders"
            " reconcile` (--dry-run lists them); else put the old file back, or begin a"
            f" new warehouse with this one (set POSTGRES_DB to a new name).{NOTHING}"
        )


def _copy(
    connection: Connection,
    batch_id: int,
    portions: list[Portion],
    rows: int,
    progress: Progress | None,
) -> None:
    """Send both portions and check what arrived; the caller commits or rolls back."""
    with connection.cursor() as cursor:
        cursor.execute(f"set local rakuten.load_batch_id = {batch_id:d}")
        cursor.execute("set local client_encoding = 'UTF8'")
        for portion in portions:
            send(cursor, portion, f"raw.{portion.table}", rows, progress)
        checks.verify(cursor, batch_id, [portion.file for portion in portions])


def send(
    cursor: Cursor,
    portion: Portion,
    table: str,
    rows: int,
    progress: Progress | None = None,
) -> None:
    """Send the bytes of a portion to COPY.

    Raises:
        SourceError: PostgreSQL refused a record, or did not get all of them.
    """
    texts = [c for c in portion.file.columns if c.startswith("des")]
    force = f", force_null ({', '.join(texts)})" if texts else ""
    statement = (
        f"copy {table} ({', '.join(portion.file.columns)})"
        f" from stdin (format csv{force})"
    )
    stream = cast("TextIO", _Stream(portion, progress))
    try:
        cursor.copy_expert(statement, stream, size=1 << 18)
    except (psycopg2.DataError, psycopg2.IntegrityError) as error:
        raise _refusal(portion, error) from None
    if cursor.rowcount != rows:
        raise SourceError(
            f"{portion.file.path}: {rows:,} records were sent, {cursor.rowcount:,}"
            r" arrived (a line holding only \. ends a COPY early)." + NOTHING
        )


class _Stream:
    """The readable object psycopg2 wants, over the bytes of a portion."""

    def __init__(self, portion: Portion, progress: Progress | None) -> None:
        self._chunks = read_spans(portion.file.file, portion.spans, 1 << 18)
        self._progress = progress

    def read(self, size: int) -> bytes:
        """Give the next piece; psycopg2 always asks for the size it was given."""
        chunk = next(self._chunks, b"")
        if self._progress:
            self._progress(len(chunk))
        return chunk[:size]


def _refusal(portion: Portion, error: psycopg2.Error) -> PipelineError:
    faults = (first_fault(portion.file, span) for span in portion.spans)
    fault = next(filter(None, faults), None)
    reason = str(fault) if fault else str(error.diag.message_primary)
    return SourceError(f"{portion.file.path}, {reason}.{NOTHING}")


def complete(
    connection: Connection, batch_id: int, total_rows: int, portions: list[Portion]
) -> None:
    """Let the batch count, and commit it."""
    metadata = {portion.table: portion.metadata for portion in portions}
    with connection.cursor() as cursor:
        cursor.execute(
            "update raw.data_loads set status = 'completed', total_rows = %s,"
            " completed_at = clock_timestamp(), metadata = metadata || %s where id = %s",
            [total_rows, json.dumps(metadata), batch_id],
        )
    connection.commit()


def fail(connection: Connection, batch_id: int, error: BaseException) -> None:
    """Take the rows back and keep the attempt visible, as far as the server is there."""
    if connection.closed:
        return  # the next load marks the batch
    message = getattr(error, "message", None) or f"{type(error).__name__}: {error}"
    connection.rollback()
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "update raw.data_loads set status = 'failed', metadata = metadata || %s"
            " where id = %s and status = 'running'",
            [json.dumps({"error": message}), batch_id],
        )


def as_dict(outcome: LoadOutcome) -> dict[str, Any]:
    """Give an outcome for JSON."""
    values = asdict(outcome)
    values["percentage"] = str(outcome.percentage)
    values["source"] = outcome.source.describe()
    return values
