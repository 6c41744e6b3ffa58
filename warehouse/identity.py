"""The identity of a warehouse, which separates its datasets and models from others'.

Datasets, models, reports and the week's state are found by batch name, and every
warehouse has a week_1. The identity is derived from the first load ever attempted: it
needs no table, exists in warehouses of any age, and is kept by dumps and backups.
"""

import hashlib
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime

from core.settings import Settings
from warehouse.connection import connect, has_relation
from warehouse.embedded import locate

FIRST_LOAD = "select started_at from raw.data_loads order by id limit 1"
BATCHES = """
select id, batch_name, completed_at, metadata ->> 'source' = 'sample'
from raw.data_loads where status = 'completed' order by id
"""
AUDIT = """
select invocation_id from intermediate.int_audited_batches where load_batch_id = %s
"""


@dataclass(frozen=True)
class Warehouse:
    """The identity of a warehouse.

    Attributes:
        id: 16 hexadecimal digits, constant for the life of its data.
        batches: completed batches by id, as (name, completed at).
        is_sample: whether its newest batch comes from the synthetic sample.
    """

    id: str
    batches: Mapping[int, tuple[str, datetime]]
    is_sample: bool


def identify_warehouse(settings: Settings) -> Warehouse | None:
    """Return the warehouse of these settings; None before its first load.

    Raises:
        ServerError: PostgreSQL cannot be reached.
    """
    if settings.embedded and not locate(settings).cluster.exists():
        return None
    with (
        closing(connect(settings, "transformer")) as connection,
        connection.cursor() as cursor,
    ):
        if not has_relation(connection, "raw.data_loads"):
            return None
        cursor.execute(FIRST_LOAD)
        first = cursor.fetchone()
        if first is None:
            return None
        cursor.execute(BATCHES)
        rows = cursor.fetchall()
    moment = first[0].astimezone(UTC).isoformat(timespec="microseconds")
    return Warehouse(
        id=hashlib.sha256(moment.encode()).hexdigest()[:16],
        batches={number: (name, at) for number, name, at, _ in rows},
        is_sample=bool(rows and rows[-1][3]),
    )


def audit_of(settings: Settings, batch_id: int) -> str | None:
    """Return dbt's invocation id of the build that admitted a batch, if it is known."""
    with (
        closing(connect(settings, "transformer")) as connection,
        connection.cursor() as cursor,
    ):
        if not has_relation(connection, "intermediate.int_audited_batches"):
            return None
        cursor.execute(AUDIT, [batch_id])
        row = cursor.fetchone()
    return str(row[0]) if row and row[0] else None
