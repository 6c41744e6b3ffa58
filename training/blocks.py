"""Sparse rows in a file, shuffled, so that training holds one block of them at a time."""

import os
import tempfile
import weakref
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from core.errors import PipelineError

# Rows of the only block: with 75 words per product it takes 60 MB.
ONE_BLOCK = 100_000
# Rows per block of more rows than that; the last one may have fewer.
BLOCK_ROWS = 50_000
# Rows that are kept until they are written, so that a block is in fewer pieces.
_WAITING_ROWS = 16_384


class _Chunk(NamedTuple):
    """Rows of one block that were appended together."""

    offset: int
    rows: int
    values: int


class ShuffledRows:
    """Rows of a sparse matrix, appended in one order and read in another, by blocks.

    The file has no name, so that the system removes it when the process ends, however it
    ends. Leaving the context removes it too, and so does the last use of this object.
    """

    def __init__(self, folder: Path, order: NDArray[np.int32]) -> None:
        """Open the file.

        Args:
            folder: where the file is; made if it does not exist.
            order: a permutation; the row that is read first, second and so on.

        Raises:
            PipelineError: the folder cannot be written to.
        """
        self._block_rows = ONE_BLOCK if order.size <= ONE_BLOCK else BLOCK_ROWS
        self.blocks = -(-order.size // self._block_rows)
        self._folder = folder
        self._places = np.empty_like(order)
        self._places[order] = np.arange(order.size, dtype=order.dtype)
        self._chunks: list[list[_Chunk]] = [[] for _ in range(self.blocks)]
        self.appended = 0
        self._waiting: list[csr_matrix] = []
        self._size = self._columns = 0
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115
            weakref.finalize(self, self._file.close)
        except OSError as error:
            raise self._full(error) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def append(self, matrix: csr_matrix) -> None:
        """Write the rows that come next in the order of appending.

        Raises:
            PipelineError: the disk is full.
        """
        self._waiting.append(matrix)
        self.appended += matrix.shape[0]
        waiting = sum(matrix.shape[0] for matrix in self._waiting)
        if waiting >= _WAITING_ROWS or self.appended == self._places.size:
            self._distribute(waiting)

    def _distribute(self, rows_waiting: int) -> None:
        """Write the rows that wait, each to its block."""
        places = self._places[self.appended - rows_waiting : self.appended]
        parts = self._waiting
        matrix = parts[0] if len(parts) == 1 else vstack(parts, format="csr")
        self._waiting.clear()
        self._columns = matrix.shape[1]
        if not _is_ascending(places):
            by_block = np.argsort(places, kind="stable")
            places, matrix = places[by_block], matrix[by_block]
        edges = np.searchsorted(places // self._block_rows, np.arange(self.blocks + 1))
        for block in np.flatnonzero(np.diff(edges)):
            rows = slice(edges[block], edges[block + 1])
            values = slice(matrix.indptr[rows.start], matrix.indptr[rows.stop])
            chunk = _Chunk(
                self._size, rows.stop - rows.start, values.stop - values.start
            )
            self._chunks[block].append(chunk)
            self._write(
                places[rows],
                np.diff(matrix.indptr[rows.start : rows.stop + 1]).astype(np.int32),
                matrix.indices[values],
                matrix.data[values],
            )

    def _write(self, *arrays: NDArray[np.int32] | NDArray[np.float32]) -> None:
        try:
            for array in arrays:
                rest = array.view(np.uint8).data
                self._size += len(rest)
                while rest:
                    rest = rest[self._file.write(rest) :]
        except OSError as error:
            raise self._full(error) from None

    def read(self, block: int) -> csr_matrix:
        """Read a block, float32, with 32-bit indices."""
        chunks = self._chunks[block]
        places = np.empty(sum(chunk.rows for chunk in chunks), dtype=np.int32)
        lengths = np.empty_like(places)
        indices = np.empty(sum(chunk.values for chunk in chunks), dtype=np.int32)
        data = np.empty(indices.size, dtype=np.float32)
        row = value = 0
        for chunk in chunks:
            rows = slice(row, row + chunk.rows)
            values = slice(value, value + chunk.values)
            parts = (places[rows], lengths[rows], indices[values], data[values])
            os.preadv(self._file.fileno(), [part.data for part in parts], chunk.offset)
            row, value = row + chunk.rows, value + chunk.values
        starts = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
        matrix = csr_matrix((data, indices, starts), (places.size, self._columns))
        return matrix if _is_ascending(places) else matrix[np.argsort(places)]

    def _full(self, error: OSError) -> PipelineError:
        return PipelineError(
            f"Cannot write the features to {self._folder}: {error.strerror}. No model was"
            " registered. Free some space, or choose another SNAPSHOTS_PATH, and try"
            " again."
        )


def _is_ascending(places: NDArray[np.int32]) -> bool:
    return bool(np.all(places[1:] > places[:-1]))
