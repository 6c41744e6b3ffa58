"""Open and close a session that writes to raw."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812

from core.errors import ServerError
from core.settings import Settings
from loaders.batches import close_abandoned, order_batch_times, signature
from loaders.lock import writer_lock
from loaders.schema import distribute, initialise, is_up_to_date
from loaders.state import Batch, completed
from loaders.transfer import NOTHING
from warehouse.connection import connect
from warehouse.database import ensure_prepared, read_only_error
from warehouse.embedded import locate


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
            order_batch_times(connection)
            batches = completed(connection)
            connection.commit()
            yield connection, batches
    except psycopg2.errors.ReadOnlySqlTransaction:
        raise read_only_error(settings) from None
    except (psycopg2.OperationalError, psycopg2.InterfaceError) as error:
        reason = " ".join(str(error).split()).rstrip(".")
        log = f"; its log is {locate(settings).log}" if settings.embedded else ""
        raise ServerError(
            f"PostgreSQL was lost, or could not continue: {reason}.{NOTHING} Run the same"
            f" command again once the server is back{log}."
        ) from None
    finally:
        connection.close()


def _connect(settings: Settings) -> Connection:
    """Prepare the database only if it cannot be used, since that slows every load."""
    try:
        return connect(settings, "loader", application=signature())
    except ServerError:
        ensure_prepared(settings)
        return connect(settings, "loader", application=signature())
