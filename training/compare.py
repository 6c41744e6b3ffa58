"""Whether one model is better than another on the same rows, beyond chance."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_RESAMPLES = 2_000
_CONFIDENCE = 0.95

Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Difference:
    """Weighted F1 of a model minus that of another, on the same rows.

    Attributes:
        value: the difference.
        low: lower end of its 95 % interval.
        high: upper end.
    """

    value: float
    low: float
    high: float


def compare(truth: Codes, new: Codes, old: Codes, seed: int = 0) -> Difference:
    """Return the difference in weighted F1 with its paired bootstrap interval.

    Rows are drawn with replacement, both models judged on the same draw
    (Koehn 2004, "Statistical significance tests for machine translation evaluation").
    Rows alike in truth and both predictions are drawn together, so the cost does not
    grow with the rows.

    Args:
        truth: the class of each row.
        new: the predictions of one model, row by row.
        old: the predictions of the other.
        seed: of the draws.
    """
    kinds, counts = np.unique(np.stack([truth, new, old]), axis=1, return_counts=True)
    draws = np.random.default_rng(seed).multinomial(
        truth.size, counts / truth.size, size=_RESAMPLES
    )
    weights = np.vstack([counts, draws]).astype(np.float64)
    differences = _weighted_f1(kinds[0], kinds[1], weights) - _weighted_f1(
        kinds[0], kinds[2], weights
    )
    tail = (1 - _CONFIDENCE) / 2
    low, high = np.quantile(differences[1:], [tail, 1 - tail])
    return Difference(float(differences[0]), float(low), float(high))


def _weighted_f1(
    truth: Codes, predicted: Codes, weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return one weighted F1 per row of `weights` (draws by kinds of rows)."""
    total = np.zeros(len(weights))
    for code in np.unique(truth):
        support = weights[:, truth == code].sum(axis=1)
        guessed = weights[:, predicted == code].sum(axis=1)
        hits = weights[:, (truth == code) & (predicted == code)].sum(axis=1)
        total += support * 2 * hits / np.maximum(support + guessed, 1)
    return np.asarray(total / weights.sum(axis=1))
