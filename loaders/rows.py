"""Check that the raw tables still hold the rows that the batches loaded."""

from psycopg2.extensions import connection as Connection  # noqa: N812
from psycopg2.extensions import cursor as Cursor  # noqa: N812

from core.errors import PipelineError
from loaders.state import Batch
from loaders.transfer import NOTHING

TABLES = ("x_train", "y_train")
ROWS_BY_BATCH = """
select 'x_train', load_batch_id, count(*) from raw.x_train group by load_batch_id
union all
select 'y_train', load_batch_id, count(*) from raw.y_train group by load_batch_id
"""
# Rows are counted when a table may have lost some: TRUNCATE gives it another file, DELETE
# and UPDATE raise the counters, and with a server that crashed they begin again.
COUNTERS = """
select
    relname, pg_relation_filenode(oid), pg_stat_get_tuples_inserted(oid),
    pg_stat_get_tuples_deleted(oid), pg_stat_get_tuples_updated(oid)
from pg_class
where oid in ('raw.x_train'::regclass, 'raw.y_train'::regclass)
    and to_regclass('pg_dist_partition') is null
"""

# What each batch records, and what it records about each file.
NOTED = {"source"}
NOTED_OF_FILE = {"name", "records", "sha256"}
BY_HAND = (
    "the warehouse was changed by hand. Restore it from a backup (`make restore`), or"
    f" start a new one (set POSTGRES_DB to a new name).{NOTHING}"
)

Counters = dict[str, list[int]]


def read_counters(cursor: Cursor) -> Counters:
    """Return counters that change when rows are removed; none on Citus, which has none."""
    cursor.execute(COUNTERS)
    return {str(table): list(numbers) for table, *numbers in cursor.fetchall()}


def refuse_lost_rows(connection: Connection, batches: list[Batch]) -> None:
    """Refuse to continue if the raw tables do not hold what the batches loaded.

    Raises:
        PipelineError: rows, or what a batch recorded about its files, were changed by
            hand.
    """
    _refuse_lost_notes(batches)
    with connection.cursor() as cursor:
        noted = batches[-1].metadata.get("counters", {}) if batches else {}
        if not _may_have_lost_rows(noted, read_counters(cursor)):
            return
        cursor.execute(ROWS_BY_BATCH)
        counts = {(table, batch): rows for table, batch, rows in cursor.fetchall()}
    connection.commit()
    before = 0
    for batch in batches:
        grown = (batch.total_rows or 0) - before
        before = batch.total_rows or 0
        # Earlier versions recorded no rows; those of a week follow from the totals.
        weekly = grown if batch.batch_name.startswith("week_") else None
        for table in TABLES:
            expected = batch.metadata.get("rows", {}).get(table, weekly)
            there = counts.get((table, batch.id), 0)
            if expected is not None and there != expected:
                raise PipelineError(
                    f"raw.{table} holds {there:,} of the {expected:,} rows that"
                    f" {batch.batch_name} loaded: {BY_HAND}"
                )


def _refuse_lost_notes(batches: list[Batch]) -> None:
    for batch in batches:
        noted = batch.metadata
        is_slice = batch.batch_name.startswith("week_")
        files = [noted.get(table, {}).keys() for table in TABLES if is_slice]
        if not noted.keys() >= NOTED or any(
            not keys >= NOTED_OF_FILE for keys in files
        ):
            raise PipelineError(
                f"raw.data_loads has lost the metadata of {batch.batch_name}: {BY_HAND}"
            )


def _may_have_lost_rows(noted: Counters, now: Counters) -> bool:
    for table in TABLES:
        if table not in noted or table not in now:
            return True
        file, inserted, *taken = noted[table]
        file_now, inserted_now, *taken_now = now[table]
        if (file, taken) != (file_now, taken_now) or inserted_now < inserted:
            return True
    return False
