"""Load what was corrected in rows that are already loaded, as a batch of its own."""

from contextlib import ExitStack
from decimal import Decimal

from psycopg2.extensions import connection as Connection  # noqa: N812
from psycopg2.extensions import cursor as Cursor  # noqa: N812

from core.errors import PipelineError
from core.settings import Settings
from loaders.batches import (
    SliceOrder,
    attempt,
    check_kind,
    check_order,
    complete,
    discard,
    next_name,
)
from loaders.compare import Comparison, compare
from loaders.images import record_images
from loaders.published import refuse_waiting
from loaders.rows import refuse_lost_rows
from loaders.session import writing
from loaders.slices import fingerprints, refuse_change
from loaders.source import (
    X_COLUMNS,
    Y_COLUMNS,
    CsvFile,
    Source,
    find_source,
    open_csv,
)
from loaders.state import Batch, show_percentage
from loaders.versions import (
    KINDS,
    Correction,
    OnDifference,
    count_differences,
    list_differences,
    write_versions,
)


def reconcile_source(
    settings: Settings, *, on_difference: OnDifference | None = None
) -> Correction:
    """Compare the loaded rows with the files and load what differs.

    Args:
        settings: where the files and the warehouse are.
        on_difference: makes this a dry run; called with each difference, nothing is loaded.

    Raises:
        PipelineError: nothing is loaded yet, or a batch is not yet in the history.
        SourceError: the files cannot be loaded, or rows were renumbered.
        BusyError: another loader is running.
        ServerError: PostgreSQL was lost on the way.
    """
    source = find_source(settings)
    with writing(settings) as (connection, batches):
        if not batches:
            raise PipelineError("Nothing is loaded yet: there is nothing to correct.")
        refuse_lost_rows(connection, batches)
        check_kind(source, batches[-1])
        order = SliceOrder(settings.slice_order, settings.random_seed)
        check_order(order, batches[-1])
        refuse_waiting(connection, settings)
        if on_difference is None:
            return _correct(connection, source, batches, order)
        with connection.cursor() as cursor, ExitStack() as stack:
            now = compare(cursor, *_open(stack, source), batches, order)
            list_differences(connection, on_difference)
            return _outcome(cursor, None, _notes(now, batches[-1], is_dry_run=True))


def _open(stack: ExitStack, source: Source) -> tuple[CsvFile, CsvFile]:
    x = stack.enter_context(open_csv(source.x, X_COLUMNS))
    return x, stack.enter_context(open_csv(source.y, Y_COLUMNS))


def _correct(
    connection: Connection, source: Source, batches: list[Batch], order: SliceOrder
) -> Correction:
    last = batches[-1]
    name = next_name(batches, "correction")
    with (
        attempt(connection, name, last.percentage, source.kind, order) as batch_id,
        ExitStack() as stack,
        connection.cursor() as cursor,
    ):
        x, y = _open(stack, source)
        before = fingerprints(x, y)
        now = compare(cursor, x, y, batches, order)
        differing = count_differences(cursor)
        is_whole = now.loaded == now.total
        if now.is_same and not differing and (not is_whole or last.percentage == 100):
            discard(connection, batch_id)
            return Correction(None, 0, 0, 0)
        outcome = _outcome(cursor, name, _notes(now, last, is_dry_run=False))
        rows = write_versions(cursor, batch_id)
        record_images(cursor, batch_id, source.images)
        refuse_change(source, before, fingerprints(x, y))
        complete(
            connection,
            batch_id,
            Decimal(100) if is_whole else last.percentage,
            now.loaded,
            now.metadata | {"rows": rows},
        )
        return outcome


def _outcome(cursor: Cursor, name: str | None, notes: list[str]) -> Correction:
    counts = count_differences(cursor)
    return Correction(name, **{k: counts.get(k, 0) for k in KINDS}, notes=notes)


def _notes(now: Comparison, last: Batch, *, is_dry_run: bool) -> list[str]:
    """Return what the counts do not show."""
    notes = []
    will = "would be" if is_dry_run else "are"
    if now.loaded == now.total and last.percentage < 100:
        notes.append(
            f"All {now.total:,} rows of the files {will} loaded: 100 %, not"
            f" {show_percentage(last.percentage)}."
        )
    elif now.loaded > now.quota:
        notes.append(
            f"{now.loaded:,} of {now.total:,} rows {will} loaded, more than"
            f" {show_percentage(last.percentage)} ({now.quota:,}): the next load"
            " continues to a percentage that brings rows."
        )
    if is_dry_run and not now.is_same:
        notes.append(
            "The bytes of the files differ from those that were loaded: loads are"
            " refused until the files are reconciled without --dry-run."
        )
    return notes
