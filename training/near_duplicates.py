"""Products of different classes with nearly the same text, found by MinHash.

Broder 1997, "On the resemblance and containment of documents": the share of equal
minima of random hashes estimates the Jaccard similarity of two sets of words. Minima in
bands (Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", chapter 3) find the
pairs; each pair's similarity is then computed exactly.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

# Two texts that share 80 % of their words have the same minimum with a chance of 0.8,
# all four of a band with 0.41, and so meet in one of eight bands with 0.985.
_BANDS, _PER_BAND = 8, 4
_SIMILARITY = 0.8
# Two short texts share their few words by chance.
_FEWEST_WORDS = 6
# Each row of a bucket is compared with this many rows after it, not with all: a text
# repeated a thousand times would make half a million pairs.
_REACH = 8
_BLOCK = 100_000

Positions = NDArray[np.intp]


@dataclass(frozen=True)
class NearDuplicates:
    """For each row that has one, its most similar row of another class.

    Attributes:
        rows: positions, ascending.
        others: the similar row of each.
        similarities: shared words of all words of both, 0.8 to 1.
    """

    rows: Positions
    others: Positions
    similarities: NDArray[np.float64]


def find_near_duplicates(
    words: csr_matrix, labels: NDArray[np.int64], seed: int
) -> NearDuplicates:
    """Find rows of different classes that share at least 80 % of their words.

    Args:
        words: rows by words; any stored value means that the row has the word.
        labels: the class of each row.
        seed: of the hashes.
    """
    long = np.flatnonzero(np.diff(words.indptr) >= _FEWEST_WORDS)
    held = words[long]
    left, right = _candidates(held, labels[long], seed)
    similarities = _similarities(held, left, right)
    is_near = similarities >= _SIMILARITY
    left, right, similarities = left[is_near], right[is_near], similarities[is_near]
    # Each pair counts for both of its rows; of several the most similar is kept.
    rows = np.concatenate([left, right])
    others = np.concatenate([right, left])
    similarities = np.concatenate([similarities, similarities])
    order = np.lexsort((others, -similarities, rows))
    rows, others, similarities = rows[order], others[order], similarities[order]
    is_first = np.ones(rows.size, dtype=bool)
    is_first[1:] = rows[1:] != rows[:-1]
    return NearDuplicates(
        long[rows[is_first]], long[others[is_first]], similarities[is_first]
    )


def _candidates(
    words: csr_matrix, labels: NDArray[np.int64], seed: int
) -> tuple[Positions, Positions]:
    """Return the pairs of rows of different classes that meet in a band."""
    rows = words.shape[0]
    pairs = [np.empty(0, dtype=np.int64)]
    # In the order of the file a bucket may hold hundreds of rows of one class in a row.
    shuffled = np.argsort(np.random.default_rng(seed).permutation(rows))
    for band in _bands(words, seed):
        order = shuffled[np.argsort(band[shuffled], kind="stable")]
        buckets, classes = band[order], labels[order]
        for step in range(1, min(_REACH, rows - 1) + 1):
            is_pair = buckets[:-step] == buckets[step:]
            is_pair &= classes[:-step] != classes[step:]
            one, other = order[:-step][is_pair], order[step:][is_pair]
            pairs.append(np.minimum(one, other) * rows + np.maximum(one, other))
    codes = np.unique(np.concatenate(pairs))
    return codes // max(rows, 1), codes % max(rows, 1)


def _bands(words: csr_matrix, seed: int) -> Iterator[NDArray[np.uint64]]:
    """Yield each band: a hash per row of a few of its minima.

    Words are numbered by a hash, so multiplying their numbers by a random odd one, modulo
    2 ** 32, orders them well enough (Mitzenmacher and Vadhan 2008, "Why simple hash
    functions work"). Looking up random orders takes four times as long.
    """
    if not words.shape[0]:
        return
    random = np.random.default_rng(seed)
    # From 1: the word 0 would come first in every order.
    numbers = words.indices.astype(np.uint32) + np.uint32(1)
    starts = words.indptr[:-1]
    for _ in range(_BANDS):
        band = np.zeros(words.shape[0], dtype=np.uint64)
        for _ in range(_PER_BAND):
            odd = random.integers(1 << 32, dtype=np.uint32) | np.uint32(1)
            minima = np.minimum.reduceat(numbers * odd, starts)
            band = band * np.uint64(0x9E3779B97F4A7C15) + minima.astype(np.uint64)
        yield band


def _similarities(
    words: csr_matrix, left: Positions, right: Positions
) -> NDArray[np.float64]:
    """Return the Jaccard similarity of each pair of rows."""
    present = csr_matrix(
        (np.ones(words.nnz, dtype=np.int8), words.indices, words.indptr),
        shape=words.shape,
    )
    sizes = np.diff(words.indptr)
    shared = np.empty(left.size, dtype=np.int64)
    for start in range(0, left.size, _BLOCK):
        part = slice(start, start + _BLOCK)
        both = present[left[part]].multiply(present[right[part]])
        shared[part] = np.diff(both.indptr)
    return np.asarray(shared / (sizes[left] + sizes[right] - shared), dtype=np.float64)
