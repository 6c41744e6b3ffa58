"""Which batches dbt has published: all the loaders ask of the marts."""

from psycopg2.extensions import connection as Connection  # noqa: N812

from core.errors import PipelineError
from core.settings import Settings
from loaders.transfer import NOTHING
from warehouse.connection import connect


def newest_published(settings: Settings) -> int:
    """Return the newest batch that marts.products_history holds; 0 without any."""
    connection = connect(settings, "analyst")
    try:
        with connection.cursor() as cursor:
            cursor.execute("select to_regclass('marts.products_history') is not null")
            row = cursor.fetchone()
            if not (row and row[0]):
                return 0
            cursor.execute(
                "select coalesce(max(load_batch_id), 0) from marts.products_history"
            )
            row = cursor.fetchone()
            return int(row[0]) if row else 0
    finally:
        connection.close()


def refuse_waiting(connection: Connection, settings: Settings) -> None:
    """Refuse while rows wait for a build: it publishes one version of a product.

    Raises:
        PipelineError: a batch is not published yet.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select b.batch_name from raw.data_loads as b"
            " inner join raw.x_train as x on b.id = x.load_batch_id"
            " where b.status = 'completed' and b.id > %s order by b.id limit 1",
            [newest_published(settings)],
        )
        row = cursor.fetchone()
    connection.commit()
    if row:
        raise PipelineError(
            f"{row[0]} is not in the history yet: run `make build` first, so that no"
            f" version of a product is skipped.{NOTHING}"
        )
