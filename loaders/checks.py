"""Checks of a batch in PostgreSQL, made before it counts."""

from collections.abc import Sequence

from psycopg2.extensions import cursor as Cursor  # noqa: N812

from core.errors import SourceError
from loaders.diagnose import lines_of_rows
from loaders.rows import BY_HAND
from loaders.source import CsvFile

UNMATCHED = """
    select min(x.row_number)
    from raw.x_train as x
    left join raw.y_train as y
        on y.row_number = x.row_number and y.load_batch_id = x.load_batch_id
    where x.load_batch_id = %(batch)s and y.row_number is null
"""

# Materialised for Citus, which joins on a column other than the distribution column
# only after gathering the rows. Only the newest version of a product counts; a product
# that left the files has freed its row number, one withdrawn by decision is still in
# them.
REPEATED = """
    with new as materialized (
        select row_number, productid from raw.x_train where load_batch_id = %(batch)s
    ),
    repeated as materialized (
        select new.productid, new.row_number, old.productid as old_productid,
            old.row_number as old_row_number, old.load_batch_id, old.withdrawn
        from new inner join raw.x_train as old using ({column})
        where old.load_batch_id = any(%(live)s) and {condition}
    ),
    versions as materialized (
        select productid, max(load_batch_id) as newest from raw.x_train
        where productid in (select old_productid from repeated)
            and load_batch_id = any(%(earlier)s)
        group by productid
    )
    select r.productid, r.row_number, r.old_row_number
    from repeated as r left join versions as v on v.productid = r.old_productid
    where r.load_batch_id = %(batch)s or (
        r.load_batch_id = v.newest and (not r.withdrawn or exists (
            select 1 from raw.decisions as d
            where d.productid = r.old_productid
                and d.load_batch_id = any(%(earlier)s)
                and d.load_batch_id >= v.newest and d.kept ? 'withdrawn'
        ))
    )
    order by r.row_number limit 1
"""
REPEATED_ROW_NUMBER = REPEATED.format(
    column="row_number", condition="old.load_batch_id <> %(batch)s"
)
REPEATED_PRODUCT = REPEATED.format(
    column="productid", condition="old.row_number <> new.row_number"
)

# Half the cost of REPEATED_PRODUCT when a batch is most of what there is.
REPEATED_WITHIN = """
    select min(productid) from (
        select productid from raw.x_train where load_batch_id = %(batch)s
        group by productid having count(*) > 1
    ) as twice
"""

KNOWN_ROWS = "select reltuples from pg_class where oid = 'raw.x_train'::regclass"


def verify(
    cursor: Cursor,
    batch_id: int,
    earlier: Sequence[int],
    total: int,
    files: Sequence[CsvFile],
) -> None:
    """Check the rows of a batch against each other and against earlier batches.

    Args:
        cursor: in the batch's own transaction.
        batch_id: the batch; each of its row numbers appears once in either table.
        earlier: the batches that count.
        total: how many rows there are with these.
        files: X and Y, to name lines.

    Raises:
        SourceError: a row without its label or the reverse, or a row number or a
            product that is already there.
    """
    parameters = {
        "batch": batch_id,
        "earlier": list(earlier),
        "live": [*earlier, batch_id],
    }
    _refresh_statistics(cursor, total)
    # Looks each row up in an index. For a slice of a few percent PostgreSQL would read
    # whole tables instead, which takes ten times longer (measured).
    cursor.execute("set local enable_hashjoin = off; set local enable_mergejoin = off")
    _refuse_unmatched(cursor, parameters, files)
    if earlier or _first(cursor, REPEATED_WITHIN, parameters) is not None:
        _refuse_repeated(cursor, parameters, files[0])
    cursor.execute("reset enable_hashjoin; reset enable_mergejoin")


def _first(cursor: Cursor, query: str, parameters: dict[str, object]) -> int | None:
    cursor.execute(query, parameters)
    row = cursor.fetchone()
    return row[0] if row else None


def _refresh_statistics(cursor: Cursor, total: int) -> None:
    """Analyse the tables when a fifth of them is new.

    Autovacuum does so sooner, but not in the first minute: without any statistics the
    joins here, and dbt's, turn into nested loops over whole tables (minutes, measured).
    """
    cursor.execute(KNOWN_ROWS)
    row = cursor.fetchone()
    if row is None or row[0] * 5 < total * 4:
        cursor.execute(
            "analyze raw.x_train (row_number, productid, load_batch_id), raw.y_train"
        )


def _refuse_unmatched(
    cursor: Cursor, parameters: dict[str, object], files: Sequence[CsvFile]
) -> None:
    """Refuse a product without its label.

    X and Y have equal row counts, so an unmatched label implies an unmatched product.
    """
    number = _first(cursor, UNMATCHED, parameters)
    if number is None:
        return
    x, y = files
    places = [lines_of_rows(item, {number}) for item in files]
    if all(places):
        raise SourceError(
            f"{y.path}, line {places[1][0]}: row number {number} is on line"
            f" {places[0][0]} of {x.path.name}: both files must have the same order"
            " (sort them by their first column). Nothing was loaded."
        )
    raise SourceError(
        f"{y.path}: row number {number} is missing, though {x.path} has it. Nothing was"
        " loaded."
    )


def _refuse_repeated(cursor: Cursor, parameters: dict[str, object], x: CsvFile) -> None:
    cursor.execute(REPEATED_ROW_NUMBER, parameters)
    if row := cursor.fetchone():
        _refuse_lines(x, f"row number {row[1]}", {row[1]})
    cursor.execute(REPEATED_PRODUCT, parameters)
    if row := cursor.fetchone():
        product, new, old = row
        _refuse_lines(x, f"product {product}", {new, old})


def _refuse_lines(x: CsvFile, what: str, row_numbers: set[int]) -> None:
    lines = sorted(lines_of_rows(x, row_numbers))
    if len(lines) < 2:
        raise SourceError(
            f"{x.path}, line {lines[0]}: {what} is in raw.x_train already, but not from"
            f" another line of this file: {BY_HAND}"
        )
    raise SourceError(
        f"{x.path}: {what} appears twice, on lines {lines[0]} and {lines[1]}. Nothing was"
        " loaded."
    )
