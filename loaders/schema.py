"""The raw tables."""

from pathlib import Path

from psycopg2.extensions import connection as Connection  # noqa: N812

from warehouse.connection import connect
from warehouse.database import ensure_prepared
from warehouse.settings import Settings

DDL = Path(__file__).with_name("schema.sql")


def initialise(settings: Settings) -> None:
    """Create the roles, schemas and raw tables that are not there yet."""
    ensure_prepared(settings)
    with connect(settings, "loader") as connection, connection.cursor() as cursor:
        cursor.execute("set local client_min_messages = warning")
        cursor.execute(DDL.read_text())
    connection.close()


def is_initialised(connection: Connection) -> bool:
    """Whether the raw tables are there."""
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass('raw.product_images') is not null")
        row = cursor.fetchone()
    return bool(row and row[0])
