"""What every command that writes raw does first and last."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812

from core.errors import PipelineError, ServerError
from core.settings import Settings
from loaders.batches import close_abandoned, mend_times, signature
from loaders.lock import writer_lock
from loaders.schema import distribute, initialise, is_up_to_date
from loaders.state import Batch, completed
from loaders.transfer import NOTHING
from warehouse.connection import connect
from warehouse.database import ensure_prepared
from warehouse.embedded import locate

# Reads an index in each table: no row is looked at.
ROWS_BY_BATCH = """
select 'x_train', load_batch_id, count(*) from raw.x_train group by load_batch_id
union all
select 'y_train', load_batch_id, count(*) from raw.y_train group by load_batch_id
"""


@contextmanager
def writing(settings: Settings) -> Iterator[tuple[Connection, list[Batch]]]:
    """Hold the writer lock; yield the connection and the batches that count.

    Raises:
        BusyError: another loader is running.
        ServerError: PostgreSQL cannot be reached, or was lost.
    """
    connection = _connect(settings)
    try:
        if not is_up_to_date(connection):
            connection.rollback()
            initialise(settings)
        with writer_lock(connection):
            distribute(connection)
            close_abandoned(connection)
            mend_times(connection)
            batches = completed(connection)
            connection.commit()
            yield connection, batches
    except (psycopg2.OperationalError, psycopg2.InterfaceError) as error:
        reason = " ".join(str(error).split()).rstrip(".")
        log = f"; its log is {locate(settings).log}" if settings.embedded else ""
        raise ServerError(
            f"PostgreSQL was lost, or could not go on: {reason}.{NOTHING} Run the same"
            f" command again when the server is well{log}."
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


def refuse_lost_rows(connection: Connection, batches: list[Batch]) -> None:
    """Refuse to go on from raw tables that do not hold what the batches brought.

    Raises:
        PipelineError: rows were deleted or added by hand.
    """
    with connection.cursor() as cursor:
        cursor.execute(ROWS_BY_BATCH)
        found = {(table, batch): rows for table, batch, rows in cursor.fetchall()}
    connection.commit()
    before = 0
    for batch in batches:
        grown = (batch.total_rows or 0) - before
        before = batch.total_rows or 0
        # Versions before this one noted no rows; of a week they follow from the totals.
        weekly = grown if batch.batch_name.startswith("week_") else None
        noted = batch.metadata.get("rows", {})
        for table in ("x_train", "y_train"):
            expected = noted.get(table, weekly)
            there = found.get((table, batch.id), 0)
            if expected is not None and there != expected:
                raise PipelineError(
                    f"raw.{table} holds {there:,} of the {expected:,} rows that"
                    f" {batch.batch_name} loaded: rows were changed by hand. Restore the"
                    " warehouse from a backup (`make restore`), or start a new one (set"
                    f" POSTGRES_DB to a new name).{NOTHING}"
                )
