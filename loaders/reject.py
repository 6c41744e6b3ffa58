"""Take a bad batch back before it is published; its rows stay, but no longer count."""

from core.errors import PipelineError
from core.settings import Settings
from loaders.lock import writer_lock
from loaders.state import Batch, completed
from warehouse.connection import connect


def reject_batch(settings: Settings, name: str) -> Batch:
    """Mark the newest batch as rejected; the next load reads its rows again.

    Raises:
        PipelineError: it is not the newest batch, or the history holds it already.
        BusyError: a loader is at work.
    """
    published = newest_in_history(settings)
    connection = connect(settings, "loader")
    try:
        with writer_lock(connection):
            batches = completed(connection)
            if not batches or batches[-1].batch_name != name:
                newest = batches[-1].batch_name if batches else "none"
                raise PipelineError(
                    f"{name} is not the newest batch (that is {newest}): only the newest"
                    " can be taken back. Nothing was changed."
                )
            if batches[-1].id <= published:
                raise PipelineError(
                    f"{name} is published: the history holds its rows for good. Nothing"
                    " was changed."
                )
            with connection.cursor() as cursor:
                cursor.execute(
                    "update raw.data_loads set status = 'rejected' where id = %s",
                    [batches[-1].id],
                )
            connection.commit()
            return batches[-1]
    finally:
        connection.close()


def newest_in_history(settings: Settings) -> int:
    """Give the newest batch that marts.products_history holds; 0 without any."""
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
