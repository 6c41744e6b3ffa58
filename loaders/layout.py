"""The records of a file that are loaded: ranges of their numbers, counted from 0.

As long as a file only grows they are its first records. After a correction of a file in
which rows were moved or inserted they can be anywhere; the batch then notes the ranges.
"""

from collections.abc import Iterable, Iterator, Sequence

from loaders.batches import SliceOrder
from loaders.state import Batch

# From the first number (inclusive) to the second (exclusive); in order, not adjacent.
Ranges = list[tuple[int, int]]


def count(ranges: Ranges) -> int:
    """Return how many records there are in some ranges."""
    return sum(end - first for first, end in ranges)


def numbers_in(ranges: Ranges) -> Iterator[int]:
    """Yield the number of each record."""
    for first, end in ranges:
        yield from range(first, end)


def join(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Return ranges in order, with adjacent ones joined."""
    joined: Ranges = []
    for first, end in sorted(ranges):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif first < end:
            joined.append((first, end))
    return joined


def from_numbers(numbers: Iterable[int]) -> Ranges:
    """Return the ranges that hold some record numbers."""
    return join((number, number + 1) for number in numbers)


def gaps(ranges: Ranges, total: int) -> Ranges:
    """Return the records of a file that are not in some ranges."""
    edges = [0, *(edge for pair in ranges for edge in pair), total]
    return [
        (first, end)
        for first, end in zip(edges[::2], edges[1::2], strict=True)
        if first < end
    ]


def first_of(ranges: Ranges, wanted: int) -> Ranges:
    """Return the first records of some ranges."""
    taken: Ranges = []
    for first, end in ranges:
        if wanted <= 0:
            break
        taken.append((first, min(end, first + wanted)))
        wanted -= end - first
    return taken


def next_records(loaded: Ranges, total: int, wanted: int, order: SliceOrder) -> Ranges:
    """Return the next records to load: the first unloaded ones in the order of slices."""
    numbers = order.permutation(total)
    if numbers is None:
        return first_of(gaps(loaded, total), wanted)
    known = set(numbers_in(loaded))
    free = (number for number in numbers if number not in known)
    return from_numbers(number for number, _ in zip(free, range(wanted), strict=False))


def noting_batches(batches: Sequence[Batch]) -> list[Batch]:
    """Return the batches that were read from the catalogue's files, the oldest first."""
    return [batch for batch in batches if "x_train" in batch.metadata]


def noted_records(batch: Batch, table: str, order: SliceOrder) -> Ranges:
    """Return the records that a batch's digest covers."""
    noted = batch.metadata[table]
    if "ranges" in noted:
        return [(first, end) for first, end in noted["ranges"]]
    first, last = noted.get("first", 0), batch.total_rows or 0
    numbers = order.permutation(noted["records"])
    if numbers is None:
        return join([(first, last)])
    return from_numbers(numbers[first:last])


def noted_since_all(batches: Sequence[Batch], table: str) -> list[Batch]:
    """Return the newest batches, back to one with a digest of everything loaded.

    That is the first load, a correction, any load in random order, or one by a version
    that did not record where a digest begins.
    """
    newest: list[Batch] = []
    for batch in reversed(noting_batches(batches)):
        newest.append(batch)
        if batch.metadata[table].get("first", 0) == 0:
            break
    return newest


def loaded_records(batches: Sequence[Batch], table: str, order: SliceOrder) -> Ranges:
    """Return the records of a file that are loaded."""
    return join(
        pair
        for batch in noted_since_all(batches, table)
        for pair in noted_records(batch, table, order)
    )


def note_ranges(
    records: Ranges, first: int, total: int, order: SliceOrder
) -> dict[str, Ranges]:
    """Return the ranges that a batch has to record: none if they follow from counts.

    Args:
        records: those the digest is of.
        first: how many were loaded before them.
        total: how many the file has.
        order: the order of slices.
    """
    last = first + count(records)
    numbers = order.permutation(total)
    implied = (
        join([(first, last)]) if numbers is None else from_numbers(numbers[first:last])
    )
    return {} if records == implied else {"ranges": records}
