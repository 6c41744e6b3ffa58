"""Load what was corrected in rows that are already loaded, as a batch of its own."""

from contextlib import ExitStack
from dataclasses import dataclass

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812
from psycopg2.extensions import cursor as Cursor  # noqa: N812

from core.errors import PipelineError, ServerError
from core.settings import Settings
from loaders.batches import (
    SliceOrder,
    check_kind,
    check_order,
    close_abandoned,
    complete,
    fail,
    open_batch,
    signature,
)
from loaders.compare import Tell, compare, list_differences
from loaders.images import record_images
from loaders.lock import writer_lock
from loaders.reject import newest_in_history
from loaders.schema import is_initialised
from loaders.slices import fingerprints, refuse_change
from loaders.source import (
    X_COLUMNS,
    Y_COLUMNS,
    CsvFile,
    Source,
    find_source,
    open_csv,
)
from loaders.state import Batch, completed
from loaders.transfer import NOTHING
from warehouse.connection import connect
from warehouse.database import ensure_prepared

INSERT_X = """
insert into raw.x_train
    (row_number, designation, description, productid, imageid, withdrawn)
select row_number, n.designation, n.description, productid, n.imageid, false
from new_x as n inner join differences as d using (productid, row_number)
union all
select row_number, l.designation, l.description, productid, l.imageid, true
from loaded as l inner join differences as d using (productid, row_number)
where d.kind = 'withdrawn'
"""

INSERT_Y = """
insert into raw.y_train (row_number, prdtypecode)
select row_number, coalesce(n.prdtypecode, l.prdtypecode)
from differences as d
left join new_y as n using (row_number)
left join loaded as l using (row_number)
"""


@dataclass(frozen=True)
class Correction:
    """What a reconciliation found, and the batch it made: None on a dry run.

    There is also none when the files are byte for byte as they were loaded.
    """

    batch_name: str | None
    changed: int
    new: int
    withdrawn: int

    def __str__(self) -> str:
        """Give one sentence."""
        counts = (
            f"{self.changed:,} changed, {self.new:,} new, {self.withdrawn:,} withdrawn"
        )
        if self.batch_name is None:
            return f"{counts}. Nothing was loaded."
        return f"{self.batch_name}: {counts}."


def reconcile_source(settings: Settings, *, tell: Tell | None = None) -> Correction:
    """Compare the loaded rows with the files and load what differs.

    Args:
        settings: where the files and the warehouse are.
        tell: makes this a dry run; called with each difference, nothing is loaded.

    Raises:
        PipelineError: nothing is loaded yet, or a batch is not yet in the history.
        SourceError: the files cannot be loaded, or rows were renumbered.
        BusyError: another loader is at work.
        ServerError: PostgreSQL was lost on the way.
    """
    source = find_source(settings)
    ensure_prepared(settings)
    connection = connect(settings, "loader", application=signature())
    try:
        with writer_lock(connection):
            if tell is None and is_initialised(connection):
                close_abandoned(connection)
            batches = completed(connection)
            connection.commit()
            if not batches:
                raise PipelineError(
                    "Nothing is loaded yet: there is nothing to correct."
                )
            check_kind(source, batches[-1])
            order = SliceOrder(settings.slice_order, settings.random_seed)
            check_order(order, batches[-1])
            _refuse_pending(connection, newest_in_history(settings))
            if tell is None:
                return _correct(connection, source, batches, order)
            with connection.cursor() as cursor, ExitStack() as stack:
                compare(cursor, *_open(stack, source), batches, order)
                list_differences(connection, tell)
                return _count(cursor, None)
    except (psycopg2.OperationalError, psycopg2.InterfaceError) as error:
        reason = " ".join(str(error).split()).rstrip(".")
        raise ServerError(
            f"PostgreSQL was lost, or could not go on: {reason}.{NOTHING} Run the same"
            " command again when the server is well."
        ) from None
    finally:
        connection.close()


def _refuse_pending(connection: Connection, published: int) -> None:
    """A snapshot sees one version of a product a run, so none may wait already."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select b.batch_name from raw.data_loads as b"
            " inner join raw.x_train as x on b.id = x.load_batch_id"
            " where b.status = 'completed' and b.id > %s order by b.id limit 1",
            [published],
        )
        row = cursor.fetchone()
    connection.commit()
    if row:
        raise PipelineError(
            f"{row[0]} is not in the history yet: run `make build` first, so that no"
            f" version of a product is skipped.{NOTHING}"
        )


def _open(stack: ExitStack, source: Source) -> tuple[CsvFile, CsvFile]:
    x = stack.enter_context(open_csv(source.x, X_COLUMNS))
    return x, stack.enter_context(open_csv(source.y, Y_COLUMNS))


def _correct(
    connection: Connection, source: Source, batches: list[Batch], order: SliceOrder
) -> Correction:
    last = batches[-1]
    number = 1 + sum(b.batch_name.startswith("correction_") for b in batches)
    name = f"correction_{number}"
    batch_id = open_batch(connection, name, last.percentage, source, order)
    try:
        with ExitStack() as stack, connection.cursor() as cursor:
            x, y = _open(stack, source)
            before = fingerprints(x, y)
            now = compare(cursor, x, y, batches, order)
            found = _count(cursor, name)
            if now.same and not (found.changed or found.new or found.withdrawn):
                connection.rollback()
                cursor.execute("delete from raw.data_loads where id = %s", [batch_id])
                connection.commit()
                return _nothing()
            cursor.execute(f"set local rakuten.load_batch_id = {batch_id:d}")
            cursor.execute(INSERT_X)
            cursor.execute(INSERT_Y)
            cursor.execute("analyze raw.x_train, raw.y_train")
            record_images(cursor, batch_id, source.images)
            refuse_change(source, before, fingerprints(x, y))
            complete(connection, batch_id, now.total_rows, now.portions)
    except BaseException as error:
        fail(connection, batch_id, error)
        raise
    return found


def _nothing() -> Correction:
    return Correction(None, 0, 0, 0)


def _count(cursor: Cursor, name: str | None) -> Correction:
    cursor.execute("select kind, count(*) from differences group by kind")
    counts = dict(cursor.fetchall())
    return Correction(
        name, *(counts.get(k, 0) for k in ("changed", "new", "withdrawn"))
    )
