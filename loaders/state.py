"""The state and history of loads: the rows of raw.data_loads."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from psycopg2.extensions import connection as Connection  # noqa: N812

from loaders.schema import is_initialised


@dataclass(frozen=True)
class Batch:
    """One attempt to load a batch; `total_rows` is cumulative."""

    id: int
    batch_name: str
    percentage: Decimal
    total_rows: int | None
    started_at: datetime
    completed_at: datetime | None
    status: str
    metadata: dict[str, Any]


def show_percentage(percentage: Decimal) -> str:
    """Return a percentage without trailing zeros, such as 43 %."""
    return f"{percentage.normalize():f} %"


def history(connection: Connection) -> list[Batch]:
    """Return every attempt, the oldest first."""
    if not is_initialised(connection):
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, batch_name, percentage, total_rows, started_at,"
            " completed_at, status, metadata from raw.data_loads order by id"
        )
        return [Batch(*row) for row in cursor.fetchall()]


def completed(connection: Connection) -> list[Batch]:
    """Return the batches that count, the oldest first."""
    return [batch for batch in history(connection) if batch.status == "completed"]


def current_state(connection: Connection) -> Batch | None:
    """Return the newest batch that counts: its percentage and rows are what is loaded."""
    batches = completed(connection)
    return batches[-1] if batches else None
