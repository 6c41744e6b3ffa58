"""The rows of raw.data_loads: every attempt, its source and its outcome."""

import json
import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812
from psycopg2.extensions import cursor as Cursor  # noqa: N812

from core.errors import PipelineError, SourceError
from loaders.rows import read_counters
from loaders.source import Source
from loaders.state import Batch
from loaders.transfer import NOTHING

# Batches are completed one after another even if the clock goes back: the histories and
# products_as_of order versions by these times. The n-th time less n microseconds never
# falls; where the times are in order already, nothing changes.
ORDER_BATCH_TIMES = """
update raw.data_loads as b set completed_at = ordered.completed_at
from (
    select id, n * interval '1 microsecond'
        + max(completed_at - n * interval '1 microsecond') over (order by id)
        as completed_at
    from (
        select id, completed_at, row_number() over (order by id) as n
        from raw.data_loads where status = 'completed'
    ) as numbered
) as ordered
where b.id = ordered.id and b.completed_at <> ordered.completed_at
"""
# Citus takes no volatile function in an UPDATE, so the time is read before.
NEXT_TIME = """
select
    greatest(
        statement_timestamp(),
        max(started_at) filter (where id = %(batch)s),
        max(completed_at) + interval '1 microsecond'
    ),
    max(completed_at) - statement_timestamp()
from raw.data_loads
"""


@dataclass(frozen=True)
class SliceOrder:
    """The order in which records are taken: that of the file, or shuffled by a seed."""

    kind: str
    seed: int

    def permutation(self, total: int) -> list[int] | None:
        """Return the shuffled record numbers; None for the order of the file."""
        if self.kind == "file":
            return None
        return _shuffled(total, self.seed)


@lru_cache(maxsize=2)
def _shuffled(total: int, seed: int) -> list[int]:
    import random

    numbers = list(range(total))
    random.Random(seed).shuffle(numbers)  # noqa: S311 - not for secrets
    return numbers


def signature() -> str:
    """Return a name for this process, for pg_stat_activity."""
    return f"loaders (pid {os.getpid()} on {socket.gethostname()})"[:63]


def close_abandoned(connection: Connection) -> None:
    """Mark the batches of killed loaders as failed; the caller holds the lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update raw.data_loads set status = 'failed', metadata = metadata ||"
            """ '{"error": "the loader was interrupted"}'"""
            " where status = 'running'"
        )


def check_kind(source: Source, previous: Batch | None) -> None:
    """Refuse to mix the sample with real files in one warehouse."""
    if previous is None or previous.metadata["source"] == source.kind:
        return
    was = "the synthetic sample" if source.kind == "files" else "your own files"
    raise SourceError(
        f"This warehouse was started with {was}, but the source is now {source.describe()}:"
        " the two cannot be mixed. To start over with this source, set POSTGRES_DB to"
        f" a new name in .env; to continue, restore the previous files.{NOTHING}"
    )


def check_order(order: SliceOrder, previous: Batch | None) -> None:
    """Refuse a slice order other than the one this warehouse was started with."""
    begun = previous.metadata.get("order") if previous else None
    known = begun or {"kind": "file" if previous else order.kind, "seed": order.seed}
    if known["kind"] != order.kind or (
        order.kind == "random" and known != asdict(order)
    ):
        raise SourceError(
            f"This warehouse was started with SLICE_ORDER={known['kind']} and"
            f" RANDOM_SEED={known['seed']}; another order would load rows twice."
            f" Restore these values, or set POSTGRES_DB to a new name.{NOTHING}"
        )


@contextmanager
def attempt(
    connection: Connection,
    name: str,
    target: Decimal,
    kind: str,
    order: SliceOrder,
) -> Iterator[int]:
    """Record an attempt before anything else, and mark it as failed if it fails.

    Args:
        connection: of the caller, who holds the writer lock.
        name: the batch's name.
        target: the percentage it aims at.
        kind: files or sample.
        order: the order slices are taken in.
    """
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "insert into raw.data_loads (batch_name, percentage, status, metadata)"
            " values (%s, %s, 'running', %s) returning id",
            [name, target, _as_json({"source": kind, "order": asdict(order)})],
        )
        row = cursor.fetchone()
    if row is None:
        raise AssertionError("insert … returning gives a row")
    batch_id = int(row[0])
    try:
        yield batch_id
    except BaseException as error:
        _fail(connection, batch_id, error)
        raise


def complete(
    connection: Connection,
    batch_id: int,
    percentage: Decimal,
    total_rows: int,
    metadata: Mapping[str, Any],
) -> list[str]:
    """Mark the batch completed and commit; return notes for the operator."""
    with connection.cursor() as cursor:
        now, ahead = _next_time(cursor, batch_id)
        noted = {**metadata, "counters": read_counters(cursor)}
        cursor.execute(
            "update raw.data_loads set status = 'completed', percentage = %s,"
            " total_rows = %s, completed_at = %s, metadata = metadata || %s"
            " where id = %s",
            [percentage, total_rows, now, _as_json(noted), batch_id],
        )
    connection.commit()
    if ahead is None:
        return []
    return [
        f"PostgreSQL's clock is {ahead} behind the last batch: this one is recorded as"
        f" completed just after it, at {now:%Y-%m-%d %H:%M:%S %Z}. Check the clock of"
        " that machine."
    ]


def _as_json(values: Mapping[str, Any]) -> str:
    """Return JSON that PostgreSQL takes: a path's bytes that are not UTF-8 become ?."""
    text = json.dumps(values, ensure_ascii=False).encode(errors="replace")
    return json.dumps(json.loads(text))


def _next_time(cursor: Cursor, batch_id: int) -> tuple[datetime, str | None]:
    """Return the completion time, and by how much the clock is behind, if it is."""
    cursor.execute(NEXT_TIME, {"batch": batch_id})
    row = cursor.fetchone()
    if row is None:
        raise AssertionError("an aggregate gives a row")
    now, ahead = row
    behind = ahead is not None and ahead.total_seconds() > 0
    return now, str(ahead).split(".")[0] if behind else None


def order_batch_times(connection: Connection) -> None:
    """Restore the order of completion times after the clock of PostgreSQL went back."""
    with connection.cursor() as cursor:
        cursor.execute(ORDER_BATCH_TIMES)


def discard(connection: Connection, batch_id: int) -> None:
    """Remove an attempt that found nothing to do."""
    connection.rollback()
    with connection, connection.cursor() as cursor:
        cursor.execute("delete from raw.data_loads where id = %s", [batch_id])


def next_name(batches: Sequence[Batch], prefix: str) -> str:
    """Return the name of the next batch: week_N or correction_N."""
    return f"{prefix}_{1 + sum(b.batch_name.startswith(prefix) for b in batches)}"


def _fail(connection: Connection, batch_id: int, error: BaseException) -> None:
    """Roll back and record the attempt as failed, if the server can still be reached."""
    is_ours = isinstance(error, PipelineError)
    message = str(error) if is_ours else f"{type(error).__name__}: {error}"
    try:
        connection.rollback()
        with connection, connection.cursor() as cursor:
            cursor.execute(
                "update raw.data_loads set status = 'failed', metadata = metadata || %s"
                " where id = %s and status = 'running'",
                [_as_json({"error": message}), batch_id],
            )
    except (psycopg2.OperationalError, psycopg2.InterfaceError):
        pass  # the next load marks the batch; the first error is the one to report
