"""One writer at a time."""

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg2.extensions import connection as Connection  # noqa: N812

from warehouse.errors import BusyError

# Any number will do, as long as every loader takes the same.
KEY = 7_274_965


@contextmanager
def writer_lock(connection: Connection) -> Iterator[None]:
    """Hold the loaders' advisory lock; it ends with the connection, however that ends.

    Raises:
        BusyError: another loader holds it; says which.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [KEY])
        row = cursor.fetchone()
        if not (row and row[0]):
            # Only the login itself may see its other sessions, not the role it took on.
            cursor.execute("set role none")
            cursor.execute(
                "select a.application_name, a.pid, a.backend_start"
                " from pg_locks as l inner join pg_stat_activity as a using (pid)"
                " where l.locktype = 'advisory' and l.objid = %s and l.granted",
                [KEY],
            )
            raise BusyError(_holder(cursor.fetchone()))
        connection.commit()
    yield


def _holder(row: tuple[object, ...] | None) -> str:
    if row is None:
        return "Another loader has just finished: try again."
    name, pid, since = row
    return (
        f"Another loader is at work: {name}, server process {pid}, since"
        f" {since:%Y-%m-%d %H:%M:%S}. Nothing was loaded; try again when it is done."
    )
