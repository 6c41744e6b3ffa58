"""The differences between corrected files and the loaded rows.

Both files go through COPY into temporary tables and are compared with the newest versions
in SQL, so memory here does not grow with the files.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from psycopg2.extensions import cursor as Cursor  # noqa: N812

from core.errors import SourceError
from loaders.batches import SliceOrder
from loaders.diagnose import lines_of_rows
from loaders.layout import Ranges, count, loaded_records, noting_batches
from loaders.slices import as_loaded, count_pairs, mark, record_spans, sound_scan
from loaders.source import CsvFile
from loaders.state import Batch
from loaders.transfer import NOTHING, Portion, send
from loaders.versions import LOADED, find_differences, for_each_column

NEW_FILES = """
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
) on commit drop
"""

# The loaded part: the records of the loaded products, wherever they are now, then the
# first of the others until the percentage is reached.
PART = """
create temporary table part on commit drop as
select row_number from new_x where productid in (select productid from loaded)
"""
FILL_IN_FILE_ORDER = """
insert into part
select row_number from new_x
where productid not in (select productid from loaded)
order by position limit greatest(0, %(room)s - (select count(*) from part))
"""
FILL_IN_RANDOM_ORDER = """
insert into part
select row_number from new_x inner join unnest(%(order)s) with ordinality as o (record, n)
    on position = record + 1
where productid not in (select productid from loaded)
order by n limit greatest(0, %(room)s - (select count(*) from part))
"""
DROP_THE_REST = """
delete from new_x where row_number not in (select row_number from part);
delete from new_y where row_number not in (select row_number from part);
analyze new_x, new_y
"""

# Adjacent records have the same difference between position and rank.
RANGES = """
select min(position) - 1, max(position) from (
    select position, position - row_number() over (order by position) as island
    from {table}
) as records group by island order by 1
"""

UNMATCHED = """
select x.row_number from new_x as x left join new_y as y using (row_number)
where y.row_number is null order by 1 limit 1
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

# The values in the files; for a product that left them, its last values. A decided
# column keeps its loaded value as long as the product is in the files.
FILES_HAVE = """
create temporary table files_have on commit drop as
select
    productid,
    coalesce(n.row_number, l.row_number) as row_number,
    l.productid is null as is_new,
    n.productid is null as is_gone,
    coalesce(l.kept, '{}') as kept_before,
    case when n.row_number is null then l.designation else n.designation end
    as file_designation,
    case when n.row_number is null then l.description else n.description end
    as file_description,
    coalesce(n.imageid, l.imageid) as file_imageid,
    coalesce(n.prdtypecode, l.prdtypecode) as file_prdtypecode,
    n.row_number is null as file_withdrawn,
    l.designation as loaded_designation,
    l.description as loaded_description,
    l.imageid as loaded_imageid,
    l.prdtypecode as loaded_prdtypecode,
    l.withdrawn as loaded_withdrawn
from (select * from new_x inner join new_y using (row_number)) as n
full outer join loaded as l using (productid)
where
    l.kept is distinct from '{}'
    or (n.designation, n.description, n.imageid, n.prdtypecode)
    is distinct from (l.designation, l.description, l.imageid, l.prdtypecode)
"""
DECIDED = (
    "case when kept_before ? '{c}' and not is_gone then loaded_{c} else file_{c} end"
)
PROPOSED = f"""
create temporary table proposed on commit drop as
select *, 'fix' as decision, {for_each_column(DECIDED + " as {c}")} from files_have
"""


@dataclass(frozen=True)
class Comparison:
    """How much of the files is loaded after a correction.

    Attributes:
        total: rows in the files.
        loaded: rows that are loaded, including this correction.
        quota: rows that the percentage asks for.
        metadata: the fingerprint by which the next load recognises the files.
        is_same: the files have the same names, rows and loaded bytes as before.
    """

    total: int
    loaded: int
    quota: int
    metadata: dict[str, dict[str, Any]]
    is_same: bool


def compare(
    cursor: Cursor,
    x: CsvFile,
    y: CsvFile,
    batches: Sequence[Batch],
    order: SliceOrder,
) -> Comparison:
    """Fill the temporary tables `versions` and `differences`.

    Args:
        cursor: in a transaction; the tables are dropped at its end.
        x: the corrected products.
        y: the corrected labels.
        batches: those that count, the oldest first; at least one.
        order: the order slices are taken in.

    Raises:
        SourceError: the files cannot be loaded, or rows were renumbered.
    """
    files = {"x_train": x, "y_train": y}
    scans = {table: sound_scan(item) for table, item in files.items()}
    total = count_pairs(x, scans["x_train"], y, scans["y_train"])
    if total == 0:
        raise SourceError(f"{x.path} has no rows.{NOTHING}")
    cursor.execute(NEW_FILES)
    for (table, item), new in zip(files.items(), ("new_x", "new_y"), strict=True):
        whole = record_spans(item, scans[table], [(0, total)])
        send(cursor, Portion(item, table, whole, {}), new, total)
    cursor.execute(LOADED)
    cursor.execute("analyze new_x, new_y, loaded")
    quota = int(total * Decimal(batches[-1].percentage) / 100)
    _choose(cursor, quota, order.permutation(total))
    _verify(cursor, x, y)
    cursor.execute(FILES_HAVE)
    cursor.execute(PROPOSED)
    find_differences(cursor, files_changed=True)
    parts = {
        "x_train": _ranges(cursor, "new_x"),
        "y_train": _ranges(cursor, "new_y"),
    }
    noted = noting_batches(batches)[-1].metadata
    return Comparison(
        total,
        count(parts["x_train"]),
        quota,
        {
            table: mark(item, scans[table], parts[table], 0, order)
            for table, item in files.items()
        },
        is_same=all(
            (item.path.name, total) == (noted[table]["name"], noted[table]["records"])
            and parts[table] == loaded_records(batches, table, order)
            and as_loaded(item, table, scans[table], batches, order)
            for table, item in files.items()
        ),
    )


def _choose(cursor: Cursor, quota: int, numbers: Sequence[int] | None) -> None:
    """Remove the rows outside the loaded part from the tables of the new files."""
    cursor.execute(PART)
    if numbers is None:
        cursor.execute(FILL_IN_FILE_ORDER, {"room": quota})
    else:
        cursor.execute(FILL_IN_RANDOM_ORDER, {"room": quota, "order": list(numbers)})
    cursor.execute("analyze part")
    cursor.execute(DROP_THE_REST)


def _ranges(cursor: Cursor, table: str) -> Ranges:
    cursor.execute(RANGES.format(table=table))
    return [(int(first), int(end)) for first, end in cursor.fetchall()]


def _verify(cursor: Cursor, x: CsvFile, y: CsvFile) -> None:
    cursor.execute(UNMATCHED)
    if row := cursor.fetchone():
        raise SourceError(
            f"{y.path}: row number {row[0]} is missing, though {x.path} has it.{NOTHING}"
        )
    cursor.execute(REPEATED)
    if row := cursor.fetchone():
        first, second = sorted(lines_of_rows(x, {row[0], row[1]}))[:2]
        raise SourceError(
            f"{x.path}: product {row[2]} appears twice, on lines {first} and {second}."
            f"{NOTHING}"
        )
    cursor.execute(RENUMBERED)
    if row := cursor.fetchone():
        number, product, loaded_product, loaded_number = row
        raise SourceError(
            f"{x.path}: row number {number} is product {product}, but row number"
            f" {loaded_number} was loaded as product {loaded_product}. A correction"
            " must not renumber other products; a new product needs a row number of"
            f" its own.{NOTHING}"
        )
