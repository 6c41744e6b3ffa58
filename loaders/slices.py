"""Slices of files that are complete and unchanged in their loaded part."""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.errors import SourceError
from loaders.batches import SliceOrder
from loaders.diagnose import first_fault
from loaders.layout import (
    Ranges,
    count,
    join,
    loaded_records,
    next_records,
    note_ranges,
    noted_records,
    noted_since_all,
    noting_batches,
    numbers_in,
)
from loaders.records import (
    Checkpoint,
    Scan,
    Span,
    boundary,
    digest,
    read_spans,
    scan,
    spans_of,
)
from loaders.source import CsvFile, Source
from loaders.state import Batch
from loaders.transfer import NOTHING, Portion

# A write more than this many seconds after mtime is guaranteed to change it.
SETTLED = 2
# Up to this many ranges are looked up one by one; more are found in one pass.
FEW = 50


def fingerprints(*files: CsvFile) -> list[tuple[int, int, int]]:
    """Return what changes when a file is written: inode, bytes, time."""
    stats = [item.path.stat() for item in files]
    return [(stat.st_ino, stat.st_size, stat.st_mtime_ns) for stat in stats]


def refuse_change(
    source: Source, before: list[tuple[int, int, int]], now: list[tuple[int, int, int]]
) -> None:
    """Refuse files that were written while they were read."""
    if now != before:
        raise SourceError(
            f"{source.describe()} changed while being read: wait until they are"
            f" complete and try again.{NOTHING}"
        )


@dataclass(frozen=True)
class SoundFile:
    """A complete file whose loaded part is unchanged."""

    item: CsvFile
    table: str
    scan: Scan
    loaded: Ranges
    state: list[int] | None


def verify_loaded(
    x: CsvFile, y: CsvFile, batches: Sequence[Batch], order: SliceOrder
) -> list[SoundFile]:
    """Return both files, if they are complete and their loaded part is unchanged.

    Args:
        x: the products.
        y: their labels.
        batches: those that count, the oldest first.
        order: the order records are taken in.

    Raises:
        SourceError: a file is damaged or does not fit the other, or the records already
            loaded are no longer the same in it.
    """
    tables = {"x_train": x, "y_train": y}
    # Before anything is read: a write from now on makes the next load read it all.
    states = {table: file_state(item) for table, item in tables.items()}
    known = {
        table: known_scan(item, table, batches, order, states[table])
        for table, item in tables.items()
    }
    scans = {table: known[table] or sound_scan(item) for table, item in tables.items()}
    count_pairs(x, scans["x_train"], y, scans["y_train"])
    for table, item in tables.items():
        if known[table] is None and not as_loaded(
            item, table, scans[table], batches, order
        ):
            raise _no_longer_the_same(item)
    return [
        SoundFile(
            item,
            table,
            scans[table],
            loaded_records(batches, table, order),
            states[table],
        )
        for table, item in tables.items()
    ]


def find_portions(
    files: Sequence[SoundFile], wanted: int, order: SliceOrder
) -> list[Portion]:
    """Return what to load from each file to have `wanted` of its records loaded."""
    portions = []
    for file in files:
        loaded, total = count(file.loaded), file.scan.records
        taken = next_records(file.loaded, total, wanted - loaded, order)
        first, noted = loaded, taken
        if order.kind == "random":  # later slices are among earlier ones
            first, noted = 0, join([*file.loaded, *taken])
        spans = record_spans(file.item, file.scan, taken)
        metadata = mark(file.item, file.scan, noted, first, order) | {
            "end": spans[-1].end if spans else None,
            "state": file.state,
        }
        portions.append(Portion(file.item, file.table, spans, metadata))
    return portions


def count_pairs(x: CsvFile, found_x: Scan, y: CsvFile, found_y: Scan) -> int:
    """Return how many products there are; refuse files without a label for each."""
    if found_x.records != found_y.records:
        for item in (x, y):
            if fault := first_fault(item, Span(item.start, item.file.seek(0, 2))):
                raise SourceError(f"{item.path}, {fault}.{NOTHING}")
        raise SourceError(
            f"{x.path} has {found_x.records:,} rows and {y.path} {found_y.records:,}: each"
            f" product needs one label.{NOTHING}"
        )
    return found_x.records


def mark(
    item: CsvFile, scanned: Scan, records: Ranges, first: int, order: SliceOrder
) -> dict[str, Any]:
    """Return the fingerprint by which the next load recognises records from `first` on."""
    return {
        "name": item.path.name,
        "records": scanned.records,
        "first": first,
        "sha256": digest(item.file, record_spans(item, scanned, records)),
        **note_ranges(records, first, scanned.records, order),
    }


def as_loaded(
    item: CsvFile,
    table: str,
    scanned: Scan,
    batches: Sequence[Batch],
    order: SliceOrder,
) -> bool:
    """Return whether the records already loaded are still the same in the file.

    Each batch recorded the digest of its own records.
    """
    for batch in noted_since_all(batches, table):
        records = noted_records(batch, table, order)
        if records and records[-1][1] > scanned.records:
            return False
        spans = record_spans(item, scanned, records)
        if digest(item.file, spans) != batch.metadata[table]["sha256"]:
            return False
    return True


def record_spans(item: CsvFile, scanned: Scan, records: Ranges) -> list[Span]:
    """Return the bytes of some records."""
    if len(records) > FEW:
        return spans_of(item.file, scanned, numbers_in(records))
    return [
        Span(*(boundary(item.file, scanned, number) for number in edges))
        for edges in records
    ]


def known_scan(
    item: CsvFile,
    table: str,
    batches: Sequence[Batch],
    order: SliceOrder,
    state: list[int] | None,
) -> Scan | None:
    """Return what the previous load scanned, if the file was not written since.

    Then neither the loaded part nor the rest of the file has to be read again.
    """
    noting = noting_batches(batches)
    known = noting[-1].metadata[table] if noting else {}
    if order.kind != "file" or state is None or state != known.get("state"):
        return None
    loaded = loaded_records(batches, table, order)
    if len(loaded) != 1 or loaded[0][0] != 0:
        return None
    edges = (
        Checkpoint(0, item.start),
        Checkpoint(loaded[0][1], known["end"]),
        Checkpoint(known["records"], item.path.stat().st_size),
    )
    return Scan(
        known["records"], edges, stray_quote=None, unterminated=False, cut=False
    )


def file_state(item: CsvFile) -> list[int] | None:
    """Return what changes with each write of a file, its change time included.

    None for one just written: it could be written again without its times changing,
    which are only as fine as the file system's clock (as in Git's index:
    https://git-scm.com/docs/racy-git).
    """
    stat = os.fstat(item.file.fileno())
    if time.time() - stat.st_ctime < SETTLED:
        return None
    return [stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns]


def sound_scan(item: CsvFile) -> Scan:
    """Scan a file; refuse one with an open quote or a cut last record."""
    scanned = scan(item.file, item.start)
    if scanned.stray_quote is not None or scanned.unterminated or scanned.cut:
        size = item.file.seek(0, 2)
        fault = first_fault(item, Span(item.start, size))
        if fault is None and scanned.stray_quote is not None:
            line = 1 + _newlines_before(item, scanned.stray_quote)
            reason = 'a quote inside an unquoted field: write the field as "…""…"'
            raise SourceError(f"{item.path}, line {line}: {reason}.{NOTHING}")
        if fault is None:
            line = 1 + _newlines_before(item, size)
            reason = "the file ends without a newline, so its last record may be cut"
            raise SourceError(f"{item.path}, line {line}: {reason}.{NOTHING}")
        raise SourceError(f"{item.path}, {fault}.{NOTHING}")
    return scanned


def _newlines_before(item: CsvFile, offset: int) -> int:
    spans = [Span(0, offset)]
    return sum(chunk.count(b"\n") for chunk in read_spans(item.file, spans))


def _no_longer_the_same(item: CsvFile) -> SourceError:
    return SourceError(
        f"{item.path}: the rows already loaded are no longer the same in the file."
        " If it was corrected, load the corrections with `python -m loaders"
        " reconcile` (--dry-run lists them); otherwise restore the old file, or start"
        f" a new warehouse with this one (set POSTGRES_DB to a new name).{NOTHING}"
    )
