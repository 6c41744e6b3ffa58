"""A dataset's identity: a SHA-256 of its content, the same on every machine.

Each column is hashed as it streams by, as lengths and bytes, so the digest depends
neither on how the rows were cut into batches nor on the version of a library. MLflow's
own digest of a frame samples rows and stays the same when most of them change.
"""

import hashlib
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

# With a type of its own: numpy 2.5 fits no plain int of this size into a 32-bit column.
NULL = np.uint32(2**32 - 1)


class ContentDigest:
    """A running SHA-256 over rows of integer and text columns."""

    def __init__(self, columns: Sequence[str]) -> None:
        self._columns = tuple(columns)
        self._hashes = {name: hashlib.sha256() for name in columns}
        self._bytes = {name: hashlib.sha256() for name in columns}

    def update(self, batch: pa.RecordBatch | pa.Table) -> None:
        """Add rows; integers as 64-bit, text as lengths and UTF-8, null as a length."""
        for name in self._columns:
            column = batch[name]
            if isinstance(column, pa.ChunkedArray):
                column = column.combine_chunks()
            if pa.types.is_integer(column.type):
                self._hashes[name].update(_little(column.to_numpy(), "<i8"))
                continue
            lengths = pc.fill_null(pc.binary_length(column), -1).to_numpy()
            self._hashes[name].update(
                _little(np.where(lengths < 0, NULL, lengths), "<u4")
            )
            self._bytes[name].update(_text(column))

    def hexdigest(self) -> str:
        """Return the digest of all rows so far."""
        result = hashlib.sha256()
        for name in self._columns:
            result.update(f"{name}\n".encode())
            result.update(self._hashes[name].digest())
            result.update(self._bytes[name].digest())
        return result.hexdigest()


def _little(values: NDArray[np.generic], kind: str) -> bytes:
    return values.astype(kind).tobytes()


def _text(column: pa.Array) -> memoryview:
    filled = pc.fill_null(column, "").cast(pa.large_string())
    offsets = np.frombuffer(filled.buffers()[1], dtype=np.int64)
    first, last = offsets[filled.offset], offsets[filled.offset + len(filled)]
    data = filled.buffers()[2]
    return memoryview(data or b"")[int(first) : int(last)]
