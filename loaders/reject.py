"""Reject a bad batch before it is published; its rows stay, but no longer count."""

from contextlib import closing

from core.errors import PipelineError
from core.settings import Settings
from loaders.published import newest_audited
from loaders.session import writing
from loaders.state import Batch
from warehouse.connection import connect


def reject_batch(settings: Settings, name: str) -> Batch:
    """Mark the newest batch as rejected; the next load reads the rows of a week again.

    Raises:
        PipelineError: it is not the newest batch, or an audit has admitted it.
        BusyError: a loader is running.
        ServerError: PostgreSQL cannot be reached, or was lost.
    """
    with closing(connect(settings, "transformer")) as marts:
        audited = newest_audited(marts)
    with writing(settings) as (connection, batches):
        if not batches or batches[-1].batch_name != name:
            newest = batches[-1].batch_name if batches else "none"
            raise PipelineError(
                f"{name} is not the newest batch (that is {newest}): only the newest"
                " can be rejected. Nothing was changed."
            )
        if batches[-1].id <= audited:
            raise PipelineError(
                f"{name} has passed its audit: the history keeps its rows. Nothing was"
                " changed."
            )
        with connection.cursor() as cursor:
            cursor.execute(
                "update raw.data_loads set status = 'rejected' where id = %s",
                [batches[-1].id],
            )
        connection.commit()
        return batches[-1]
