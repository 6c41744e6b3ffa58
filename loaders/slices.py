"""What to take from each file, once it is whole and begins with what is loaded."""

import os
import time
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from core.errors import SourceError
from loaders.batches import SliceOrder
from loaders.diagnose import first_fault
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

# Seconds after which a file's times tell any further write.
SETTLED = 2


def fingerprints(*files: CsvFile) -> list[tuple[int, int, int]]:
    """Give what changes when a file is written: inode, bytes, time."""
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


def find_portions(
    x: CsvFile,
    y: CsvFile,
    batches: Sequence[Batch],
    target: Decimal,
    order: SliceOrder,
) -> tuple[list[Portion], int, int]:
    """Find what to take from each file, the rows of the slice and the new total.

    Args:
        x: the products.
        y: their labels.
        batches: those that count, the oldest first.
        target: the percentage to load up to.
        order: the order records are taken in.

    Raises:
        SourceError: a file is damaged or does not fit the other, the records already
            loaded are no longer the same in it, or it has no more than those.
    """
    tables = {"x_train": x, "y_train": y}
    # Before anything is read: a write from now on makes the next load read it all.
    states = {table: file_state(item) for table, item in tables.items()}
    known = {
        table: known_scan(item, table, batches, order, states[table])
        for table, item in tables.items()
    }
    scans = {table: known[table] or sound_scan(item) for table, item in tables.items()}
    total = count_pairs(x, scans["x_train"], y, scans["y_train"])
    loaded = (batches[-1].total_rows or 0) if batches else 0
    wanted = int(total * target / 100)
    numbers = order.permutation(total)
    portions = []
    for table, item in tables.items():
        found = scans[table]
        if known[table] is None and not as_loaded(item, table, found, batches, numbers):
            raise _no_longer_the_same(item)
        spans = record_spans(item, found, numbers, loaded, wanted)
        first, noted = loaded, spans
        if numbers is not None:  # later slices stand among earlier ones
            first, noted = 0, record_spans(item, found, numbers, 0, wanted)
        metadata = mark(item, found, noted, first) | {
            "end": spans[-1].end if spans else None,
            "state": states[table],
        }
        portions.append(Portion(item, table, spans, metadata))
    if wanted <= loaded:
        raise SourceError(
            f"{x.path} has {total:,} rows, of which {target} % are {wanted:,}; {loaded:,}"
            f" are already loaded.{NOTHING}"
        )
    return portions, wanted - loaded, wanted


def count_pairs(x: CsvFile, found_x: Scan, y: CsvFile, found_y: Scan) -> int:
    """Give how many products there are; refuse files without a label for each."""
    if found_x.records != found_y.records:
        raise SourceError(
            f"{x.path} has {found_x.records:,} rows and {y.path} {found_y.records:,}: each"
            f" product needs one label.{NOTHING}"
        )
    return found_x.records


def mark(
    item: CsvFile, found: Scan, spans: Sequence[Span], first: int
) -> dict[str, Any]:
    """Give what records, those from the first-th on, are recognised by next time."""
    return {
        "name": item.path.name,
        "records": found.records,
        "first": first,
        "sha256": digest(item.file, spans),
    }


def as_loaded(
    item: CsvFile,
    table: str,
    found: Scan,
    batches: Sequence[Batch],
    numbers: Sequence[int] | None,
) -> bool:
    """Whether the records already loaded are still the same in the file.

    Each batch noted the digest of what it took itself. Those of the newest batches are
    compared, back to one that begins with the first record: the first load, a correction,
    or any in random order or from a version that did not note where a digest begins.
    """
    for batch in reversed(batches):
        noted = batch.metadata[table]
        first, last = noted.get("first", 0), batch.total_rows or 0
        spans = record_spans(item, found, numbers, first, last)
        if digest(item.file, spans) != noted["sha256"]:
            return False
        if first == 0:
            break
    return True


def record_spans(
    item: CsvFile, found: Scan, numbers: Sequence[int] | None, first: int, last: int
) -> list[Span]:
    """Give the bytes of the records that come first-th to last-th."""
    first, last = min(first, found.records), min(last, found.records)
    if numbers is not None:
        return spans_of(item.file, found, sorted(numbers[first:last]))
    edges = [boundary(item.file, found, number) for number in (first, last)]
    return [Span(*edges)]


def known_scan(
    item: CsvFile,
    table: str,
    batches: Sequence[Batch],
    order: SliceOrder,
    state: list[int] | None,
) -> Scan | None:
    """Give what the load before found, if the file was not written since.

    What is loaded need not be read again then, nor the rest of the file to its end.
    """
    known = batches[-1].metadata.get(table, {}) if batches else {}
    if order.kind != "file" or state is None or state != known.get("state"):
        return None
    edges = (
        Checkpoint(0, item.start),
        Checkpoint(batches[-1].total_rows or 0, known["end"]),
        Checkpoint(known["records"], item.path.stat().st_size),
    )
    return Scan(
        known["records"], edges, stray_quote=None, unterminated=False, cut=False
    )


def file_state(item: CsvFile) -> list[int] | None:
    """Give what changes with each write of a file, its change time included.

    None for one just written: it could be written again without its times changing,
    which are only as fine as the file system's clock (as in Git's index:
    https://git-scm.com/docs/racy-git).
    """
    stat = os.fstat(item.file.fileno())
    if time.time() - stat.st_ctime < SETTLED:
        return None
    return [stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns]


def sound_scan(item: CsvFile) -> Scan:
    """Scan a file; refuse one whose quotes or last record are not whole."""
    found = scan(item.file, item.start)
    if found.stray_quote is not None or found.unterminated or found.cut:
        size = item.file.seek(0, 2)
        fault = first_fault(item, Span(item.start, size))
        if fault is None and found.stray_quote is not None:
            line = 1 + _newlines_before(item, found.stray_quote)
            reason = 'a quote inside an unquoted field: write the field as "…""…"'
            raise SourceError(f"{item.path}, line {line}: {reason}.{NOTHING}")
        if fault is None:
            line = 1 + _newlines_before(item, size)
            reason = "the file ends without a newline, so its last record may be cut"
            raise SourceError(f"{item.path}, line {line}: {reason}.{NOTHING}")
        raise SourceError(f"{item.path}, {fault}.{NOTHING}")
    return found


def _newlines_before(item: CsvFile, offset: int) -> int:
    spans = [Span(0, offset)]
    return sum(chunk.count(b"\n") for chunk in read_spans(item.file, spans))


def _no_longer_the_same(item: CsvFile) -> SourceError:
    return SourceError(
        f"{item.path}: the rows already loaded are no longer the same in the file."
        " If it was corrected, load the corrections with `python -m loaders"
        " reconcile` (--dry-run lists them); else put the old file back, or begin a"
        f" new warehouse with this one (set POSTGRES_DB to a new name).{NOTHING}"
    )
