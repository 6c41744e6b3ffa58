"""The raw tables."""

from pathlib import Path

from psycopg2.extensions import connection as Connection  # noqa: N812

from core.settings import Settings
from warehouse.connection import connect, has_relation
from warehouse.database import ensure_prepared, schema_statements

DDL = Path(__file__).with_name("schema.sql")

# Rows and labels by the column they are joined on. None: a copy on every worker.
DISTRIBUTED_BY = {
    "raw.data_loads": None,
    "raw.x_train": "row_number",
    "raw.y_train": "row_number",
    "raw.product_images": "productid",
    "raw.decisions": None,
    "raw.reviews": None,
    "raw.label_issues": "productid",
    "raw.near_duplicates": "productid",
}


def initialise(settings: Settings) -> None:
    """Create the roles, schemas and raw tables that are not there yet."""
    ensure_prepared(settings)
    with connect(settings, "loader") as connection, connection.cursor() as cursor:
        cursor.execute("set local client_min_messages = warning")
        cursor.execute(DDL.read_text())
    connection.close()


def is_initialised(connection: Connection) -> bool:
    """Return whether the raw tables exist."""
    return has_relation(connection, "raw.product_images")


def distribute(connection: Connection) -> None:
    """On Citus, lay out the raw tables on the workers, with their rows if they have any.

    Does nothing on plain PostgreSQL, or if it was done before. The caller holds the
    writer lock. Done as the login, not as loader: the views on a table move with it,
    and loader may not make their schema on the workers.
    """
    with connection.cursor() as cursor:
        cursor.execute("select from pg_extension where extname = 'citus'")
        if cursor.rowcount == 0:
            return
        cursor.execute(
            "select name from unnest(%s) as name where name::regclass"
            " not in (select logicalrelid from pg_dist_partition)",
            [list(DISTRIBUTED_BY)],
        )
        missing = {table for (table,) in cursor.fetchall()}
        if missing:
            _create_schemas_on_workers(connection)
        cursor.execute("set local role none")
        cursor.execute("set local client_min_messages = warning")
        for table, column in DISTRIBUTED_BY.items():
            if table not in missing:
                continue
            cursor.execute(f"table {table} limit 1")
            filled = cursor.rowcount > 0
            if column is None:
                cursor.execute("select create_reference_table(%s)", [table])
            else:
                cursor.execute(
                    "select create_distributed_table(%s, %s)", [table, column]
                )
            if filled:
                # The rows have been copied; those left on the coordinator are invisible.
                cursor.execute(
                    "select truncate_local_data_after_distributing_table(%s)", [table]
                )
    connection.commit()


def _create_schemas_on_workers(connection: Connection) -> None:
    """Create the schemas of the views there, in a transaction before the views move.

    Citus passes the statements on, although the coordinator has the schemas.
    """
    with connection.cursor() as cursor:
        cursor.execute("set local role none")
        cursor.execute("set local client_min_messages = warning")
        for statement in schema_statements():
            cursor.execute(statement)
    connection.commit()


def is_up_to_date(connection: Connection) -> bool:
    """Return whether the raw tables exist, including those added by later versions.

    And whether Citus, if that was added since, can use the role.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select (select bool_and(to_regclass(name) is not null)"
            " from unnest(%s) as name) and (rolcanlogin or not exists"
            " (select from pg_extension where extname = 'citus'))"
            " from pg_roles where rolname = 'loader'",
            [list(DISTRIBUTED_BY)],
        )
        row = cursor.fetchone()
    return bool(row and row[0])
