"""Reject a bad batch before it is published; its rows stay, but no longer count."""

from core.errors import PipelineError
from core.settings import Settings
from loaders.published import newest_published
from loaders.session import writing
from loaders.state import Batch


def reject_batch(settings: Settings, name: str) -> Batch:
    """Mark the newest batch as rejected; the next load reads its rows again.

    Raises:
        PipelineError: it is not the newest batch, or it is published.
        BusyError: a loader is running.
        ServerError: PostgreSQL cannot be reached, or was lost.
    """
    published = newest_published(settings)
    with writing(settings) as (connection, batches):
        if not batches or batches[-1].batch_name != name:
            newest = batches[-1].batch_name if batches else "none"
            raise PipelineError(
                f"{name} is not the newest batch (that is {newest}): only the newest"
                " can be rejected. Nothing was changed."
            )
        if batches[-1].id <= published:
            raise PipelineError(
                f"{name} is published: the history keeps its rows. Nothing was changed."
            )
        with connection.cursor() as cursor:
            cursor.execute(
                "update raw.data_loads set status = 'rejected' where id = %s",
                [batches[-1].id],
            )
        connection.commit()
        return batches[-1]
