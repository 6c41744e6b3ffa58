"""What dbt has audited and published: all that the loaders read from dbt."""

from contextlib import closing

from psycopg2.extensions import connection as Connection  # noqa: N812

from core.errors import PipelineError
from core.settings import Settings
from loaders.transfer import NOTHING
from warehouse.connection import connect, has_relation

# A warehouse that an earlier version built has no audited batches until its next build.
_AUDITED = ("intermediate.int_audited_batches", "marts.products_history")


def newest_audited(connection: Connection) -> int:
    """Return the newest batch that an audit admitted to the marts; 0 without any.

    Args:
        connection: of the role transformer.
    """
    for relation in _AUDITED:
        if has_relation(connection, relation):
            return _fetch(connection, f"select max(load_batch_id) from {relation}")  # noqa: S608
    return 0


def newest_published(connection: Connection) -> int:
    """Return the newest batch that all marts hold; 0 without any.

    Until a build has reached its end, that is an earlier one than `newest_audited`.

    Args:
        connection: of the role transformer.
    """
    if not has_relation(connection, "marts.data_loads"):
        return 0
    return _fetch(
        connection, "select max(id) from marts.data_loads where status = 'completed'"
    )


def _fetch(connection: Connection, query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query)
        (newest,) = cursor.fetchone() or (None,)
    return int(newest or 0)


def refuse_waiting(connection: Connection, settings: Settings) -> None:
    """Refuse to correct rows that no build has audited.

    Raises:
        PipelineError: a batch has not been audited yet.
    """
    with closing(connect(settings, "transformer")) as marts:
        audited = newest_audited(marts)
    with connection.cursor() as cursor:
        cursor.execute(
            "select b.batch_name from raw.data_loads as b"
            " inner join raw.x_train as x on b.id = x.load_batch_id"
            " where b.status = 'completed' and b.id > %s order by b.id limit 1",
            [audited],
        )
        row = cursor.fetchone()
    connection.commit()
    if row:
        raise PipelineError(
            f"{row[0]} has not been audited yet: run `make build` first.{NOTHING}"
        )
