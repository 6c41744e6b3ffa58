"""Word counts of texts, kept from one training to the next.

Cleaning and splitting texts takes longer than the training that follows, and few texts
change in a week.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile

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
# The counts of more texts would not fit in memory: each training counts their words.
_MOST_TEXTS = 250_000


class WordCounts(NamedTuple):
    """Word counts of texts.

    Attributes:
        fingerprints: of the texts, see `fingerprint`.
        counts: texts by features.
    """

    fingerprints: NDArray[np.uint64]
    counts: csr_matrix


class _KeptCounts(NamedTuple):
    """Word counts to look up.

    Attributes:
        fingerprints: in ascending order.
        rows: the row of `counts` of each.
        counts: texts by features.
    """

    fingerprints: NDArray[np.uint64]
    rows: NDArray[np.intp]
    counts: csr_matrix


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
    kept = _read(path, key)
    parts: list[WordCounts] = []
    texts_seen = new = 0
    for batch in texts:
        part, counted = _count(hashing, batch, kept)
        yield part.counts
        new += counted
        texts_seen += batch.num_rows
        parts.append(part)
        if texts_seen > _MOST_TEXTS:
            parts.clear()
    if new and parts:
        del kept  # its memory is needed for writing
        _write(parts, path, key)


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
    hashing: Pipeline, texts: pa.RecordBatch, kept: _KeptCounts
) -> tuple[WordCounts, int]:
    """Return the counts of a batch, and how many of its texts were new.

    Args:
        hashing: see `count_words`.
        texts: the batch.
        kept: the counts of the last training.
    """
    fingerprints = fingerprint(texts)
    places = np.searchsorted(kept.fingerprints, fingerprints)
    is_kept = places < kept.fingerprints.size
    is_kept[is_kept] = kept.fingerprints[places[is_kept]] == fingerprints[is_kept]
    if not is_kept.any():
        counts = hashing.fit_transform(texts.to_pandas())
        return WordCounts(fingerprints, counts), texts.num_rows
    counts = kept.counts[kept.rows[places[is_kept]]]
    if not is_kept.all():
        order = np.concatenate([np.flatnonzero(is_kept), np.flatnonzero(~is_kept)])
        new = texts.filter(pa.array(~is_kept)).to_pandas()
        both = vstack([counts, hashing.fit_transform(new)], format="csr")
        counts = both[np.argsort(order)]
    return WordCounts(fingerprints, counts), int(np.sum(~is_kept))


def _read(path: Path, key: str) -> _KeptCounts:
    """Read kept counts; none if the file cannot be used."""
    with (
        suppress(OSError, EOFError, ValueError, KeyError, BadZipFile),
        np.load(path) as arrays,
    ):
        if str(arrays["key"]) == key:
            parts = (arrays["data"], arrays["indices"], arrays["starts"])
            counts = csr_matrix(parts, tuple(arrays["shape"]))
            fingerprints = arrays["fingerprints"]
            order = np.argsort(fingerprints)
            return _KeptCounts(fingerprints[order], order, counts)
    nothing = np.empty(0, dtype=np.uint64)
    return _KeptCounts(nothing, nothing.astype(np.intp), csr_matrix((0, 0)))


def _write(parts: list[WordCounts], path: Path, key: str) -> None:
    counts = vstack([part.counts for part in parts], format="csr")
    work = path.with_suffix(".part")
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with work.open("wb") as file:
                np.savez(
                    file,
                    key=np.array(key),
                    fingerprints=np.concatenate([part.fingerprints for part in parts]),
                    data=counts.data,
                    indices=counts.indices,
                    starts=counts.indptr,
                    shape=counts.shape,
                )
        except OSError:
            work.unlink(missing_ok=True)
            raise
        # Another training may have renamed it already.
        with suppress(FileNotFoundError):
            work.replace(path)
