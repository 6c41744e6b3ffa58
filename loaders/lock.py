"""One writer at a time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg2.extensions import connection as Connection  # noqa: N812

from core.errors import BusyError

# Any number, as long as every loader uses the same.
KEY = 7_274_965
# A killed loader's session ends in PostgreSQL a moment later.
PATIENCE = 2.0


@contextmanager
def writer_lock(connection: Connection) -> Iterator[None]:
    """Hold the loaders' advisory lock; it ends with the connection in any case.

    Raises:
        BusyError: another loader holds it; names it.
    """
    deadline = time.monotonic() + PATIENCE
    while not _try_lock(connection):
        if time.monotonic() > deadline:
            raise BusyError(_holder(connection))
        time.sleep(0.1)
    try:
        yield
    finally:
        if not connection.closed:
            connection.rollback()
            _call(connection, "select pg_advisory_unlock(%s)")


def _try_lock(connection: Connection) -> bool:
    row = _call(connection, "select pg_try_advisory_lock(%s)")
    return bool(row and row[0])


def _call(connection: Connection, query: str) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(query, [KEY])
        row = cursor.fetchone()
    connection.commit()
    return row


def _holder(connection: Connection) -> str:
    with connection.cursor() as cursor:
        # Only the login itself may see its other sessions, not a role it has set.
        cursor.execute("set role none")
    row = _call(
        connection,
        "select a.application_name, a.pid, a.backend_start"
        " from pg_locks as l inner join pg_stat_activity as a using (pid)"
        " where l.locktype = 'advisory' and l.objid = %s and l.granted",
    )
    if row is None:
        return "Another loader has just finished: try again."
    name, pid, since = row
    return (
        f"Another loader is running: {name}, server process {pid}, since"
        f" {since:%Y-%m-%d %H:%M:%S}. Nothing was loaded; try again when it is done."
    )
