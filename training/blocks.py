"""Sparse rows in a file, shuffled, so that training holds one block of them at a time."""

import tempfile
import weakref
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from core.errors import PipelineError

# Rows per block; the last one may have fewer. With 75 words per product it takes 60 MB.
BLOCK_ROWS = 100_000
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
        self.blocks = -(-order.size // BLOCK_ROWS)
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
        matrix = vstack(self._waiting, format="csr")
        self._waiting.clear()
        self._columns = matrix.shape[1]
        by_block = np.argsort(places, kind="stable")
        places, matrix = places[by_block], matrix[by_block]
        edges = np.searchsorted(places // BLOCK_ROWS, np.arange(self.blocks + 1))
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
        rest = memoryview(b"".join(array.tobytes() for array in arrays))
        self._size += len(rest)
        try:
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
            self._file.seek(chunk.offset)
            for array, start, size in (
                (places, row, chunk.rows),
                (lengths, row, chunk.rows),
                (indices, value, chunk.values),
                (data, value, chunk.values),
            ):
                self._file.readinto(array[start : start + size].data.cast("B"))
            row, value = row + chunk.rows, value + chunk.values
        starts = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
        matrix = csr_matrix((data, indices, starts), (places.size, self._columns))
        in_order = bool(np.all(places[1:] > places[:-1]))
        return matrix if in_order else matrix[np.argsort(places)]

    def _full(self, error: OSError) -> PipelineError:
        return PipelineError(
            f"Cannot write the features to {self._folder}: {error.strerror}. No model was"
            " registered. Free some space, or choose another SNAPSHOTS_PATH, and try"
            " again."
        )
