"""Correct some products from a separate file: `loaders correct FILE.csv`.

From then on the corrections take precedence over the catalogue's files. raw.decisions
records the values in the files, so that no load or reconciliation reverts a decision.
"""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from psycopg2.extensions import cursor as Cursor  # noqa: N812

from core.errors import PipelineError, SourceError
from core.settings import Settings
from loaders.batches import SliceOrder, attempt, complete, discard, next_name
from loaders.diagnose import lines_of_rows
from loaders.images import record_images
from loaders.published import refuse_waiting
from loaders.records import digest
from loaders.rows import refuse_lost_rows
from loaders.session import writing
from loaders.slices import fingerprints, record_spans, sound_scan
from loaders.source import CsvFile, images_of, open_csv
from loaders.transfer import NOTHING, Portion, send
from loaders.versions import (
    COLUMNS,
    KINDS,
    LOADED,
    Correction,
    OnDifference,
    count_differences,
    find_differences,
    list_differences,
    write_versions,
)

KEY = {"productid": "productid"}
OPTIONAL = {name: name for name in (*COLUMNS, "decision")}
TYPES = {
    "productid": "bigint primary key",
    "imageid": "bigint",
    "prdtypecode": "integer",
    "withdrawn": "text check (lower(withdrawn) in ('true', 'false'))",
    "decision": "text check (lower(decision) in ('fix', 'keep'))",
}
REQUIRED = ("designation", "imageid", "prdtypecode", "withdrawn")

UNKNOWN = """
select productid from handed_in left join loaded using (productid)
where loaded.productid is null order by 1 limit 1
"""
STILL_WITHDRAWN = """
select productid from versions
where withdrawn and loaded_withdrawn and columns <> '{}' order by 1 limit 1
"""


def correct_products(
    settings: Settings, path: Path, *, on_difference: OnDifference | None = None
) -> Correction:
    """Load the changes in a file as a batch correction_N.

    Args:
        settings: where the warehouse is.
        path: a CSV file with the column productid, any of designation, description,
            imageid, prdtypecode and withdrawn, and optionally decision. Columns whose
            names begin with an underscore are not read.
        on_difference: makes this a dry run; called with each difference, nothing is loaded.

    Raises:
        PipelineError: nothing is loaded yet, or a batch is not yet in the history.
        SourceError: the file cannot be loaded.
        BusyError: another loader is running.
        ServerError: PostgreSQL was lost on the way.
    """
    with writing(settings) as (connection, batches), ExitStack() as stack:
        if not batches:
            raise PipelineError("Nothing is loaded yet: there is nothing to correct.")
        refuse_lost_rows(connection, batches)
        refuse_waiting(connection, settings)
        last = batches[-1]
        item = stack.enter_context(open_csv(path, KEY, OPTIONAL))
        cursor = stack.enter_context(connection.cursor())
        if on_difference is not None:
            _find(cursor, item)
            list_differences(connection, on_difference)
            return _outcome(cursor, None)
        kind = last.metadata["source"]
        order = SliceOrder(settings.slice_order, settings.random_seed)
        name = next_name(batches, "correction")
        with attempt(connection, name, last.percentage, kind, order) as batch_id:
            before = fingerprints(item)
            noted = _find(cursor, item)
            outcome = _outcome(cursor, name)
            rows = write_versions(cursor, batch_id)
            if not rows["x_train"] and not rows["decisions"]:
                discard(connection, batch_id)
                return Correction(None, 0, 0, 0)
            record_images(cursor, batch_id, images_of(settings, kind))
            if fingerprints(item) != before:
                raise SourceError(
                    f"{path} changed while being read: try again.{NOTHING}"
                )
            complete(
                connection,
                batch_id,
                last.percentage,
                last.total_rows or 0,
                {"file": noted, "rows": rows},
            )
            return outcome


def _find(cursor: Cursor, item: CsvFile) -> dict[str, Any]:
    """Fill the tables `versions` and `differences`; return what to record about the file."""
    scanned = sound_scan(item)
    if scanned.records == 0:
        raise SourceError(f"{item.path} has no rows.{NOTHING}")
    spans = record_spans(item, scanned, [(0, scanned.records)])
    cursor.execute(_handed_in(item.columns))
    send(cursor, Portion(item, "handed_in", spans, {}), "handed_in", scanned.records)
    cursor.execute(LOADED)
    cursor.execute("analyze handed_in, loaded")
    _refuse(cursor, item, UNKNOWN, "is not loaded, or has left the catalogue's files")
    cursor.execute(_proposed(item.columns))
    find_differences(cursor, files_changed=False)
    _refuse(
        cursor,
        item,
        STILL_WITHDRAWN,
        "is withdrawn: set withdrawn to false to restore it",
    )
    return {
        "name": item.path.name,
        "records": scanned.records,
        "sha256": digest(item.file, spans),
    }


def _handed_in(given: tuple[str, ...]) -> str:
    """Return the SQL of the table for the file; only rows to load need all values."""
    columns = [f"{column} {TYPES.get(column, 'text')}" for column in given]
    missing = [f"{column} is null" for column in REQUIRED if column in given]
    if missing:
        is_loaded = "lower(decision) = 'fix'" if "decision" in given else "true"
        columns.append(
            f"check (({is_loaded} and ({' or '.join(missing)})) is not true)"
        )
    return f"create temporary table handed_in ({', '.join(columns)}) on commit drop"


def _proposed(given: tuple[str, ...]) -> str:
    """Return the SQL that joins the submitted values with the loaded ones."""
    decision, taken, rows = "'fix'", "true", "true"
    if "decision" in given:  # empty for a row that nobody has reviewed yet
        decision, rows = "lower(h.decision)", "h.decision is not null"
        taken = f"{decision} = 'fix'"
    columns = []
    for column, kind in COLUMNS.items():
        noted = f"(l.kept ->> '{column}')::{kind}"
        columns += [
            f"l.{column} as loaded_{column}",
            f"case when l.kept ? '{column}' then {noted} else l.{column} end"
            f" as file_{column}",
            f"case when {taken} then h.{column}::{kind} else l.{column} end as {column}"
            if column in given
            else f"l.{column}",
        ]
    return f"""
        create temporary table proposed on commit drop as
        select
            productid, l.row_number, false as is_new, false as is_gone,
            l.kept as kept_before, {decision} as decision, {", ".join(columns)}
        from handed_in as h inner join loaded as l using (productid)
        where {rows}
    """


def _refuse(cursor: Cursor, item: CsvFile, query: str, reason: str) -> None:
    """Refuse the first product a query finds, with its line."""
    cursor.execute(query)
    if row := cursor.fetchone():
        lines = lines_of_rows(item, {row[0]}, "productid")
        line = f", line {lines[0]}" if lines else ""
        raise SourceError(f"{item.path}{line}: product {row[0]} {reason}.{NOTHING}")


def _outcome(cursor: Cursor, name: str | None) -> Correction:
    counts = count_differences(cursor)
    return Correction(name, **{k: counts.get(k, 0) for k in KINDS}, notes=())
