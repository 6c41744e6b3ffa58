"""The batches that dbt has published: all that the loaders read from dbt."""

from psycopg2.extensions import connection as Connection  # noqa: N812

from core.errors import PipelineError
from core.settings import Settings
from loaders.transfer import NOTHING
from warehouse.connection import connect

# A warehouse that an earlier version built has no audited batches until its next build.
RELATIONS = ("intermediate.int_audited_batches", "marts.products_history")


def newest_published(settings: Settings) -> int:
    """Return the newest batch that an audit admitted to the marts; 0 without any."""
    connection = connect(settings, "transformer")
    try:
        with connection.cursor() as cursor:
            for relation in RELATIONS:
                cursor.execute("select to_regclass(%s) is not null", [relation])
                if cursor.fetchone() == (True,):
                    cursor.execute(
                        f"select coalesce(max(load_batch_id), 0) from {relation}"  # noqa: S608
                    )
                    return int((cursor.fetchone() or (0,))[0])
            return 0
    finally:
        connection.close()


def refuse_waiting(connection: Connection, settings: Settings) -> None:
    """Refuse to correct rows that no build has audited.

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
            f"{row[0]} has not been audited yet: run `make build` first.{NOTHING}"
        )
