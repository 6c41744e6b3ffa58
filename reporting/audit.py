"""The results of dbt's tests on a batch, from the build that audited it."""

from contextlib import closing
from typing import Any

from core.settings import Settings
from reporting.queries import fetch
from warehouse.connection import connect

# The build that admitted the batch, else the last one that tested it.
RESULTS = """
select audits.results, audits.invocation_id
from intermediate.audits as audits
left join intermediate.int_audited_batches as audited
    on audits.invocation_id = audited.invocation_id
    and audited.load_batch_id = %(batch)s
where audits.results is not null
    and (
        audited.load_batch_id is not null
        or audits.after_batch < %(batch)s and audits.last_batch >= %(batch)s
    )
order by audited.load_batch_id is null, audits.started_at desc
limit 1
"""
TABLES = """
select count(*) = 2 from information_schema.columns
where table_schema = 'intermediate'
    and (table_name, column_name) in (
        ('audits', 'results'), ('int_audited_batches', 'invocation_id')
    )
"""


def read_checks(settings: Settings, batch_id: int) -> dict[str, Any] | None:
    """Read the results of the audit of a batch.

    Returns:
        `run`, `passed`, `warned`, `failed` and `skipped` as counts of tests, `built` as
        the number of models and seeds, `failures` as a list of `name` and `message`,
        `invocation_id`; None if the warehouse holds no results about the batch.
    """
    with closing(connect(settings, "transformer")) as connection:
        if fetch(connection, TABLES) != [(True,)]:
            return None
        rows = fetch(connection, RESULTS, {"batch": batch_id})
    return {**rows[0][0], "invocation_id": rows[0][1]} if rows else None
