"""The rows of raw.data_loads: every attempt, what it was made from, how it ended."""

import json
import os
import socket
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812

from core.errors import SourceError
from loaders.source import Source
from loaders.state import Batch
from loaders.transfer import NOTHING, Portion


@dataclass(frozen=True)
class SliceOrder:
    """In which order records are taken: as in the file, or shuffled once and for all."""

    kind: str
    seed: int

    def permutation(self, total: int) -> list[int] | None:
        """Give the shuffled record numbers; None for the order of the file."""
        if self.kind == "file":
            return None
        import random

        numbers = list(range(total))
        random.Random(self.seed).shuffle(numbers)  # noqa: S311 - not for secrets
        return numbers


def signature() -> str:
    """Say which process this is, for pg_stat_activity."""
    return f"loaders (pid {os.getpid()} on {socket.gethostname()})"[:63]


def close_abandoned(connection: Connection) -> None:
    """Mark batches whose loader is gone as failed: we hold the lock, so they all are."""
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


def complete(
    connection: Connection,
    batch_id: int,
    total_rows: int,
    portions: Sequence[Portion],
) -> None:
    """Let the batch count, and commit it."""
    metadata = {portion.table: portion.metadata for portion in portions}
    with connection.cursor() as cursor:
        cursor.execute(
            "update raw.data_loads set status = 'completed', total_rows = %s,"
            " completed_at = statement_timestamp(), metadata = metadata || %s where id = %s",
            [total_rows, json.dumps(metadata), batch_id],
        )
    connection.commit()


def fail(connection: Connection, batch_id: int, error: BaseException) -> None:
    """Take the rows back and keep the attempt visible, as far as the server is there."""
    message = getattr(error, "message", None) or f"{type(error).__name__}: {error}"
    try:
        connection.rollback()
        with connection, connection.cursor() as cursor:
            cursor.execute(
                "update raw.data_loads set status = 'failed', metadata = metadata || %s"
                " where id = %s and status = 'running'",
                [json.dumps({"error": message}), batch_id],
            )
    except (psycopg2.OperationalError, psycopg2.InterfaceError):
        pass  # the next load marks the batch; what went wrong first is what to say
