"""The Parquet files of a dataset version, written row group by row group."""

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from balancing.digest import ContentDigest
from balancing.rows import COLUMNS

ROW_GROUP = 32_768
# Of texts: so many are repeated at once, for Arrow's 32-bit offsets, and in a row group,
# for memory. Usual texts reach neither.
PART_BYTES = 1 << 28
GROUP_BYTES = 1 << 30
# Copies are next to their original, so a dictionary shrinks the text columns as long
# as it is not given up at the default of one megabyte.
DICTIONARY_BYTES = 64 << 20
SCHEMA = pa.schema(
    [
        pa.field("productid", pa.int64(), nullable=False),
        pa.field("designation", pa.string(), nullable=False),
        pa.field("description", pa.string()),
        pa.field("image_path", pa.string(), nullable=False),
        pa.field("prdtypecode", pa.int32(), nullable=False),
        pa.field("fold", pa.int32(), nullable=False),
        pa.field("copy", pa.int32(), nullable=False),
    ]
)


def read_groups(path: Path, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
    """Yield the row groups of a file, one after the other."""
    for group in range(pq.ParquetFile(path).num_row_groups):
        yield read_group(path, group, columns)


def read_group(
    path: Path, group: int, columns: Sequence[str] | None = None
) -> pa.Table:
    """Read one row group, with its own reader: a shared one keeps memory of every group."""
    with pq.ParquetFile(path) as file:
        return file.read_row_group(group, columns=columns)


class SplitWriter:
    """Writes one split and keeps its digest; row groups are compressed in the background.

    The digest covers each distinct row once, with the number of times it appears.
    Leaving the context closes the file, after an error too.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows = 0
        self.unique_rows = 0
        self.class_counts: Counter[int] = Counter()
        self.unique_class_counts: Counter[int] = Counter()
        self._digest = ContentDigest((*COLUMNS, "copies"))
        self._pending: list[pa.Table] = []
        self._pending_rows = 0
        self._pending_bytes = 0
        self._writer = pq.ParquetWriter(
            path,
            SCHEMA,
            compression="zstd",
            use_dictionary=True,
            dictionary_pagesize_limit=DICTIONARY_BYTES,
        )
        self._background = ThreadPoolExecutor(1)
        self._writing: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self._flush(final=True)
                self._wait()
        finally:
            self._background.shutdown()
            self._writer.close()

    def write(self, batch: pa.RecordBatch, copies: NDArray[np.int64]) -> None:
        """Write each row of a batch `copies` times, its copies after it."""
        if not len(batch):
            return
        table = pa.Table.from_batches([batch])
        self._digest.update(table.append_column("copies", pa.array(copies)))
        rows = np.repeat(np.arange(len(batch)), copies)
        copy = np.arange(rows.size) - np.repeat(np.cumsum(copies) - copies, copies)
        text_bytes = np.cumsum(_text_bytes(batch)[rows])
        for part in np.split(np.arange(rows.size), _ends(text_bytes // PART_BYTES)):
            repeated = table.take(pa.array(rows[part]))
            repeated = repeated.append_column("copy", pa.array(copy[part]))
            self._append(repeated.cast(SCHEMA))
        self.rows += rows.size
        self.unique_rows += len(batch)
        codes = batch["prdtypecode"].to_numpy()
        self.class_counts.update(count_rows(codes, copies))
        self.unique_class_counts.update(count_rows(codes, np.ones_like(copies)))

    def _append(self, table: pa.Table) -> None:
        self._pending.append(table)
        self._pending_rows += len(table)
        self._pending_bytes += table.nbytes
        self._flush(final=False)

    def _flush(self, *, final: bool) -> None:
        while (
            self._pending_rows >= ROW_GROUP
            or self._pending_bytes >= GROUP_BYTES
            or (final and self._pending_rows)
        ):
            table = pa.concat_tables(self._pending)
            rest = table[ROW_GROUP:]
            self._pending, self._pending_rows = [rest], len(rest)
            self._pending_bytes = rest.nbytes
            self._wait()  # one row group at a time is in the background
            self._writing = self._background.submit(
                self._writer.write_table, table[:ROW_GROUP], row_group_size=ROW_GROUP
            )

    def _wait(self) -> None:
        if self._writing is not None:
            self._writing.result()

    def hexdigest(self) -> str:
        """Return the digest of the split's content."""
        return self._digest.hexdigest()


def _text_bytes(batch: pa.RecordBatch) -> NDArray[np.int64]:
    """Return how many bytes the texts of each row have."""
    total = np.zeros(len(batch), dtype=np.int64)
    for column in batch.columns:
        if not pa.types.is_integer(column.type):
            total += pc.fill_null(pc.binary_length(column), 0).to_numpy()
    return total


def _ends(numbers: NDArray[np.int64]) -> NDArray[np.intp]:
    """Return where the number changes."""
    return np.flatnonzero(np.diff(numbers)) + 1


def count_rows(codes: NDArray[np.int64], copies: NDArray[np.int64]) -> dict[int, int]:
    """Return how many rows each class has, each row `copies` times."""
    sums = np.bincount(codes, weights=copies)
    return {int(code): int(sums[code]) for code in np.flatnonzero(sums)}
