"""Word counts of texts, kept from one training to the next.

Cleaning and splitting texts takes longer than the training that follows, and few texts
change in a week.
"""

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack
from sklearn.pipeline import Pipeline

from core.durable import writing

# Files in SNAPSHOTS_PATH, for the texts of each kind.
TRAINING_COUNTS = "word_counts.npz"
HELD_OUT_COUNTS = "word_counts_held_out.npz"
TEST_COUNTS = "word_counts_test.npz"
# Half a kilobyte each. Of more texts, each training counts the words.
_MOST_TEXTS = 1_000_000
# What reading a file raises that is damaged, or of an earlier version.
_UNREADABLE = (OSError, EOFError, ValueError, KeyError, BadZipFile)
# Counting this share of the texts of a batch takes less time than reading a batch.
_RARE = 0.01
# The arrays of a batch.
_PARTS = ("data", "indices", "indptr")

Fingerprints = NDArray[np.uint64]
Positions = NDArray[np.intp]


class _KeptCounts:
    """The counts of the last training; some batches of them are in memory.

    Both trainings read the products in the same order: the texts of a batch were in few
    batches of the last one.
    """

    def __init__(self, archive: ZipFile) -> None:
        fingerprints = _read_array(archive, "fingerprints")
        self._starts = _read_array(archive, "starts")
        features = int(_read_array(archive, "features"))
        # Equal texts by their position.
        self._distinct, ranks = np.unique(fingerprints, return_inverse=True)
        self._size = np.int64(fingerprints.size)
        self._places = np.sort(ranks * self._size + np.arange(self._size))
        self._middle = np.int64(0)
        self._read_batch = lru_cache(4)(
            lambda number: csr_matrix(
                tuple(_read_array(archive, f"{name}_{number}") for name in _PARTS),
                (self._starts[number + 1] - self._starts[number], features),
            )
        )

    def find(self, fingerprints: Fingerprints) -> tuple[NDArray[np.bool_], Positions]:
        """Return which texts are kept where it is worth reading, and their positions."""
        ranks = np.searchsorted(self._distinct, fingerprints)
        is_kept = ranks < self._distinct.size
        is_kept[is_kept] = self._distinct[ranks[is_kept]] == fingerprints[is_kept]
        ranks = ranks[is_kept]
        # Of equal texts the next one after the middle of the batch before, or the last.
        found = np.searchsorted(self._places, ranks * self._size + self._middle)
        found = np.minimum(found, self._places.size - 1)
        found -= self._places[found] // self._size != ranks
        positions = self._places[found] % self._size
        numbers = self._numbers(positions)
        is_worth = np.bincount(numbers)[numbers] > fingerprints.size * _RARE
        is_kept[is_kept] = is_worth
        positions = positions[is_worth]
        if positions.size:
            self._middle = np.int64(np.median(positions))
        return is_kept, positions

    def read(self, positions: Positions) -> csr_matrix:
        """Return the counts at some positions, one row each."""
        numbers = self._numbers(positions)
        parts, order = [], []
        for number in np.unique(numbers).tolist():
            own = np.flatnonzero(numbers == number)
            parts.append(
                self._read_batch(number)[positions[own] - self._starts[number]]
            )
            order.append(own)
        return _interleave(parts, order)

    def _numbers(self, positions: Positions) -> Positions:
        """Return the number of the batch of each position."""
        return np.searchsorted(self._starts, positions, side="right") - 1


class _NewCounts:
    """The file of the counts of this training, written batch by batch."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._work = path.with_suffix(".part")
        self._fingerprints: list[Fingerprints] = []
        self._starts = [0]
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._archive = ZipFile(self._work, "w")

    def append(self, fingerprints: Fingerprints, counts: csr_matrix) -> None:
        """Write a batch, unless there are too many."""
        number = len(self._starts) - 1
        self._starts.append(self._starts[-1] + counts.shape[0])
        if self._starts[-1] <= _MOST_TEXTS:
            self._fingerprints.append(fingerprints)
            with writing(self._path):
                for name, values in zip(
                    _PARTS, (counts.data, counts.indices, counts.indptr), strict=True
                ):
                    _write_array(self._archive, f"{name}_{number}", values)

    def publish(self, key: str, features: int) -> None:
        """Replace the file of the last training, unless there are too many texts."""
        if self._starts[-1] > _MOST_TEXTS:
            return
        with writing(self._path):
            _write_array(self._archive, "key", np.array(key))
            _write_array(self._archive, "features", np.array(features))
            _write_array(self._archive, "starts", np.array(self._starts))
            fingerprints = np.concatenate(self._fingerprints)
            _write_array(self._archive, "fingerprints", fingerprints)
            self._archive.close()
            # Another training may have renamed it already.
            with suppress(FileNotFoundError):
                self._work.replace(self._path)

    def close(self) -> None:
        """Remove what was not published."""
        with suppress(OSError):
            self._archive.close()
        self._work.unlink(missing_ok=True)


def count_words(
    hashing: Pipeline, texts: Iterable[pa.RecordBatch], path: Path, key: str
) -> Iterator[csr_matrix]:
    """Yield the counts of each batch, looking up the texts of the last training.

    Args:
        hashing: steps from raw text to counts, which need no fitting.
        texts: designation and description, one batch after the other.
        path: the file of the last training's counts, replaced by these counts.
        key: everything that determines the counts, besides the texts.

    Raises:
        StorageError: the file cannot be written.
    """
    is_new = False
    with _open_kept(path, key) as kept, closing(_NewCounts(path)) as new_file:
        for batch in texts:
            fingerprints = fingerprint(batch)
            counts, is_kept = _count(hashing, batch, fingerprints, kept)
            is_new |= not is_kept
            new_file.append(fingerprints, counts)
            yield counts
        if is_new:
            new_file.publish(key, counts.shape[1])


def fingerprint(texts: pa.RecordBatch) -> NDArray[np.uint64]:
    """Return 64 bits for each row; NULL is an empty text, as it is to the model."""
    fields = (pc.fill_null(column, "") for column in texts.columns)
    joined = pc.binary_join_element_wise(*fields, "\0")
    # Hashing Arrow's bytes takes half the time of hashing strings of Python.
    data = memoryview(joined.buffers()[2] or b"")
    ends = np.cumsum(pc.binary_length(joined), dtype=np.int64).tolist()
    digests = [
        blake2b(data[start:end], digest_size=8).digest()
        for start, end in pairwise([0, *ends])
    ]
    return np.frombuffer(b"".join(digests), dtype=np.uint64)


def _count(
    hashing: Pipeline,
    texts: pa.RecordBatch,
    fingerprints: Fingerprints,
    kept: _KeptCounts | None,
) -> tuple[csr_matrix, bool]:
    """Return the counts of a batch, and whether all of them were kept."""
    is_kept = np.zeros(texts.num_rows, dtype=bool)
    if kept is not None:
        found, positions = kept.find(fingerprints)
        with suppress(*_UNREADABLE):
            if positions.size:
                counts = kept.read(positions)
                is_kept = found
    if not is_kept.any():
        return hashing.fit_transform(texts.to_pandas()), False
    if is_kept.all():
        return counts, True
    new = hashing.fit_transform(texts.filter(pa.array(~is_kept)).to_pandas())
    order = [np.flatnonzero(is_kept), np.flatnonzero(~is_kept)]
    return _interleave([counts, new], order), False


def _interleave(parts: list[csr_matrix], order: list[Positions]) -> csr_matrix:
    """Return one matrix of the rows of all parts, each row at its position."""
    return vstack(parts, format="csr")[np.argsort(np.concatenate(order))]


@contextmanager
def _open_kept(path: Path, key: str) -> Iterator[_KeptCounts | None]:
    """Open kept counts; none if the file cannot be used."""
    archive = kept = None
    with suppress(*_UNREADABLE):
        archive = ZipFile(path)
        if str(_read_array(archive, "key")) == key:
            kept = _KeptCounts(archive)
    try:
        yield kept
    finally:
        if archive is not None:
            archive.close()


def _read_array(archive: ZipFile, name: str) -> NDArray[Any]:
    with archive.open(f"{name}.npy") as file:
        return np.lib.format.read_array(file)


def _write_array(archive: ZipFile, name: str, values: NDArray[Any]) -> None:
    with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
        np.lib.format.write_array(file, values)
