"""Corrected files beside what is loaded of them: what differs.

Both files go through COPY into temporary tables and are compared with the newest versions
in SQL, so memory here does not grow with the files.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from psycopg2.extensions import connection as Connection  # noqa: N812
from psycopg2.extensions import cursor as Cursor  # noqa: N812

from core.errors import SourceError
from loaders.batches import SliceOrder
from loaders.diagnose import lines_of_rows
from loaders.records import Scan
from loaders.slices import as_loaded, count_pairs, mark, record_spans, sound_scan
from loaders.source import CsvFile
from loaders.state import Batch
from loaders.transfer import NOTHING, Portion, send

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
class Comparison:
    """What is loaded from now on.

    Attributes:
        same: the files have the names, the rows and the loaded bytes they had.
    """

    portions: Sequence[Portion]
    total_rows: int
    same: bool


Tell = Callable[[Difference], None]


def compare(
    cursor: Cursor,
    x: CsvFile,
    y: CsvFile,
    batches: Sequence[Batch],
    order: SliceOrder,
) -> Comparison:
    """Fill the temporary table `differences`; give what is loaded from now on.

    Args:
        cursor: in a transaction, with whose end the tables go.
        x: the corrected products.
        y: the corrected labels.
        batches: those that count, the oldest first; there is one at least.
        order: the order slices are taken in.

    Raises:
        SourceError: the files cannot be loaded, or rows were renumbered.
    """
    last = batches[-1]
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
    tables = {"x_train": x, "y_train": y}
    return Comparison(
        [
            _portion(item, table, scans[item.path], numbers, wanted)
            for table, item in tables.items()
        ],
        wanted,
        same=wanted == loaded
        and all(
            _is_same(item, table, scans[item.path], batches, numbers)
            for table, item in tables.items()
        ),
    )


def _is_same(
    item: CsvFile,
    table: str,
    found: Scan,
    batches: Sequence[Batch],
    numbers: Sequence[int] | None,
) -> bool:
    noted = batches[-1].metadata[table]
    if (item.path.name, found.records) != (noted["name"], noted["records"]):
        return False
    return as_loaded(item, table, found, batches, numbers)


def _portion(
    item: CsvFile, table: str, found: Scan, numbers: Sequence[int] | None, wanted: int
) -> Portion:
    taken = record_spans(item, found, numbers, 0, wanted)
    return Portion(item, table, taken, mark(item, found, taken, 0))


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


def list_differences(connection: Connection, tell: Tell) -> None:
    """Tell each, through a cursor in the server: there may be very many."""
    with connection.cursor("differences") as cursor:
        cursor.execute(
            "select kind, productid, row_number, columns from differences order by 3"
        )
        for row in cursor:
            tell(Difference(*row))
