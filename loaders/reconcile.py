"""Load what was corrected in rows that are already loaded, as a batch of its own.

The corrected files go through COPY into temporary tables and are compared with the
newest versions in SQL, so memory here does not grow with the files.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812
from psycopg2.extensions import cursor as Cursor  # noqa: N812

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
from loaders.diagnose import lines_of_rows
from loaders.images import record_images
from loaders.lock import writer_lock
from loaders.records import Scan, digest
from loaders.reject import newest_in_history
from loaders.schema import is_initialised
from loaders.slices import (
    count_pairs,
    fingerprints,
    mark,
    record_spans,
    refuse_change,
    sound_scan,
)
from loaders.source import (
    X_COLUMNS,
    Y_COLUMNS,
    CsvFile,
    Source,
    find_source,
    open_csv,
)
from loaders.state import Batch, completed
from loaders.transfer import NOTHING, Portion, send
from warehouse.connection import connect
from warehouse.database import ensure_prepared
from warehouse.errors import PipelineError, ServerError, SourceError
from warehouse.settings import Settings

TABLES = """
create temporary table new_x (
    position bigint generated always as identity,
    row_number bigint primary key,
    designation text,
    description text,
    productid bigint not null,
    imageid bigint not null
) on commit drop;
create temporary table new_y (
    position bigint generated always as identity,
    row_number bigint primary key,
    prdtypecode integer not null
) on commit drop;
create temporary table loaded on commit drop as
select x.row_number, x.designation, x.description, x.productid, x.imageid, y.prdtypecode
from (
    select distinct on (productid) * from raw.x_train
    where load_batch_id in (select id from raw.data_loads where status = 'completed')
    order by productid, load_batch_id desc
) as x
inner join raw.y_train as y using (row_number, load_batch_id)
where not x.withdrawn;
"""

LAST_LOADED = """
select coalesce(max(n.position), 0) from new_x as n inner join loaded using (productid)
"""

UNMATCHED = """
select coalesce(x.row_number, y.row_number), y.row_number is null
from new_x as x full outer join new_y as y using (row_number)
where x.row_number is null or y.row_number is null order by 1 limit 1
"""

REPEATED = """
select min(row_number), max(row_number), productid from new_x
group by productid having count(*) > 1 order by 1 limit 1
"""

RENUMBERED = """
select n.row_number, n.productid, l.productid, l.row_number
from new_x as n inner join loaded as l using (productid)
where l.row_number <> n.row_number
union all
select n.row_number, n.productid, l.productid, l.row_number
from new_x as n inner join loaded as l using (row_number)
where l.productid <> n.productid
order by 1 limit 1
"""

DIFFERENCES = """
create temporary table differences on commit drop as
select
    case when l.productid is null then 'new' when n.productid is null then 'withdrawn'
    else 'changed' end as kind,
    productid,
    coalesce(n.row_number, l.row_number) as row_number,
    case when n.row_number is null or l.row_number is null then '{}'
    else array_remove(array[
        case when n.designation is distinct from l.designation then 'designation' end,
        case when n.description is distinct from l.description then 'description' end,
        case when n.imageid <> l.imageid then 'imageid' end,
        case when n.prdtypecode <> l.prdtypecode then 'prdtypecode' end
    ], null) end as columns
from (select * from new_x inner join new_y using (row_number)) as n
full outer join loaded as l using (productid)
where (n.designation, n.description, n.imageid, n.prdtypecode)
    is distinct from (l.designation, l.description, l.imageid, l.prdtypecode)
"""

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
class Difference:
    """One product that is not as it was loaded.

    Attributes:
        kind: changed, new or withdrawn.
        columns: what changed; empty unless `kind` is changed.
    """

    kind: str
    productid: int
    row_number: int
    columns: Sequence[str]

    def __str__(self) -> str:
        """Give one line."""
        what = f": {', '.join(self.columns)}" if self.columns else ""
        return f"{self.kind:9}  product {self.productid}, row {self.row_number}{what}"


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


Tell = Callable[[Difference], None]


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
                _compare(cursor, *_open(stack, source), batches[-1], order)
                _list(connection, tell)
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
            "select b.batch_name from raw.data_loads as b where b.status = 'completed'"
            " and b.id > %s and exists (select from raw.x_train as x"
            " where x.load_batch_id = b.id) order by b.id limit 1",
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
            portions, total_rows = _compare(cursor, x, y, last, order)
            found = _count(cursor, name)
            if not (found.changed or found.new or found.withdrawn) and all(
                portion.metadata.items() <= last.metadata[portion.table].items()
                for portion in portions
            ):
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
            complete(connection, batch_id, total_rows, portions)
    except BaseException as error:
        fail(connection, batch_id, error)
        raise
    return found


def _nothing() -> Correction:
    return Correction(None, 0, 0, 0)


def _compare(
    cursor: Cursor, x: CsvFile, y: CsvFile, last: Batch, order: SliceOrder
) -> tuple[list[Portion], int]:
    """Fill the table of differences; give what is loaded of each file from now on."""
    scans = {item.path: sound_scan(item) for item in (x, y)}
    total = count_pairs(x, scans[x.path], y, scans[y.path])
    numbers = order.permutation(total)
    if numbers is not None and total != last.metadata["x_train"]["records"]:
        raise SourceError(
            f"{x.path} has {total:,} rows now, and had"
            f" {last.metadata['x_train']['records']:,}: with SLICE_ORDER=random the"
            f" number of rows must stay, or every slice would be another.{NOTHING}"
        )
    loaded = last.total_rows or 0
    sent = total if numbers is None else loaded
    cursor.execute("set local client_encoding = 'UTF8'")
    cursor.execute(TABLES)
    for item, table in ((x, "new_x"), (y, "new_y")):
        taken = record_spans(item, scans[item.path], numbers, 0, sent)
        send(cursor, Portion(item, table, taken, {}), table, sent)
    cursor.execute("analyze new_x, new_y, loaded")
    wanted = loaded
    if numbers is None:
        cursor.execute(LAST_LOADED)
        (position,) = cursor.fetchone() or (0,)
        wanted = max(int(total * last.percentage / 100), position)
        cursor.execute("delete from new_x where position > %s", [wanted])
        cursor.execute("delete from new_y where position > %s", [wanted])
    _verify(cursor, x, y)
    cursor.execute(DIFFERENCES)
    return [
        _portion(item, table, scans[item.path], numbers, wanted)
        for item, table in ((x, "x_train"), (y, "y_train"))
    ], wanted


def _portion(
    item: CsvFile, table: str, found: Scan, numbers: Sequence[int] | None, wanted: int
) -> Portion:
    taken = record_spans(item, found, numbers, 0, wanted)
    return Portion(item, table, taken, mark(item, found, digest(item.file, taken)))


def _verify(cursor: Cursor, x: CsvFile, y: CsvFile) -> None:
    cursor.execute(UNMATCHED)
    if row := cursor.fetchone():
        there, missing = (x, y) if row[1] else (y, x)
        raise SourceError(
            f"{missing.path}: row number {row[0]} is missing from the loaded part,"
            f" though {there.path} has it.{NOTHING}"
        )
    cursor.execute(REPEATED)
    if row := cursor.fetchone():
        first, second = sorted(lines_of_rows(x, {str(row[0]), str(row[1])}))[:2]
        raise SourceError(
            f"{x.path}: product {row[2]} stands twice, on lines {first} and {second}."
            f"{NOTHING}"
        )
    cursor.execute(RENUMBERED)
    if row := cursor.fetchone():
        number, product, loaded_product, loaded_number = row
        raise SourceError(
            f"{x.path}: row number {number} is product {product}, but row number"
            f" {loaded_number} was loaded as product {loaded_product}. A correction"
            " keeps the row numbers of other products; a new one gets a number of its"
            f" own.{NOTHING}"
        )


def _count(cursor: Cursor, name: str | None) -> Correction:
    cursor.execute("select kind, count(*) from differences group by kind")
    counts = dict(cursor.fetchall())
    return Correction(
        name, *(counts.get(k, 0) for k in ("changed", "new", "withdrawn"))
    )


def _list(connection: Connection, tell: Tell) -> None:
    """Read through a cursor in the server: there may be very many."""
    with connection.cursor("differences") as cursor:
        cursor.execute(
            "select kind, productid, row_number, columns from differences order by 3"
        )
        for row in cursor:
            tell(Difference(*row))
