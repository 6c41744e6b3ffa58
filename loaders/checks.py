"""What must be true of a batch before it counts; asked in PostgreSQL."""

from collections.abc import Sequence

from psycopg2.extensions import cursor as Cursor  # noqa: N812

from loaders.diagnose import lines_of_rows
from loaders.source import CsvFile
from warehouse.errors import SourceError

# Rows of batches that count, the one being checked included.
LIVE = "(select id from raw.data_loads where status = 'completed' or id = %(batch)s)"

# A product that was withdrawn has given its row number back.
NOT_WITHDRAWN = f"""old.productid not in (
    select gone.productid from raw.x_train as gone
    where gone.withdrawn and gone.load_batch_id in {LIVE}
)"""

UNMATCHED = """
    select coalesce(x.row_number, y.row_number), y.row_number is null
    from (select * from raw.x_train where load_batch_id = %(batch)s) as x
    full outer join (select * from raw.y_train where load_batch_id = %(batch)s) as y
        on x.row_number = y.row_number
    where x.row_number is null or y.row_number is null
    order by 1 limit 1
"""

REPEATED_ROW_NUMBER = f"""
    select new.row_number from raw.x_train as new
    inner join raw.x_train as old using (row_number)
    where new.load_batch_id = %(batch)s
        and old.load_batch_id <> %(batch)s and old.load_batch_id in {LIVE}
        and {NOT_WITHDRAWN}
    order by 1 limit 1
"""

# Materialised for Citus, which joins by another column than the table's own only what it
# has gathered.
REPEATED_PRODUCT = f"""
    with new as materialized (
        select productid, row_number from raw.x_train where load_batch_id = %(batch)s
    )
    select new.productid, new.row_number, old.row_number from new
    inner join raw.x_train as old using (productid)
    where old.row_number <> new.row_number and old.load_batch_id in {LIVE}
        and {NOT_WITHDRAWN}
    order by 2 limit 1
"""


def verify(cursor: Cursor, batch_id: int, files: Sequence[CsvFile]) -> None:
    """Check the rows of a batch against each other and against earlier batches.

    Raises:
        SourceError: a row without its label or the reverse, or a row number or a
            product that is already there.
    """
    x, y = (item.path for item in files)
    parameters = {"batch": batch_id}
    # Fresh tables have no statistics, and autovacuum may be a minute away: without them
    # the joins below, and dbt's after them, turn into nested loops (minutes, measured).
    cursor.execute("analyze raw.x_train, raw.y_train")
    cursor.execute(UNMATCHED, parameters)
    if row := cursor.fetchone():
        number, label_missing = row
        there, missing = (x, y) if label_missing else (y, x)
        raise SourceError(
            f"{missing}: row number {number} is missing from this slice, though"
            f" {there} has it. Nothing was loaded."
        )
    cursor.execute(REPEATED_ROW_NUMBER, parameters)
    if row := cursor.fetchone():
        first, second = sorted(lines_of_rows(files[0], {str(row[0])}))[:2]
        raise SourceError(
            f"{x}: row number {row[0]} stands twice, on lines {first} and {second}."
            " Nothing was loaded."
        )
    cursor.execute(REPEATED_PRODUCT, parameters)
    if row := cursor.fetchone():
        product, new, old = row
        first, second = sorted(lines_of_rows(files[0], {str(new), str(old)}))
        raise SourceError(
            f"{x}: product {product} stands twice, on lines {first} and {second}."
            " Nothing was loaded."
        )
