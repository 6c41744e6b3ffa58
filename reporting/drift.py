"""Compare a slice with the catalogue before it: the population stability index.

PSI = sum over bins of (p - q) * ln(p / q), p and q being the shares of the slice and of
the reference in a bin; it is the symmetric Kullback-Leibler divergence of the two. The
usual thresholds, little change below 0.10 and much above 0.25, are from Lewis, "An
Introduction to Credit Scoring" (1994), and Siddiqi, "Credit Risk Scorecards" (2006).
They ignore how many rows were compared, so this module also computes how large the
index gets by chance: without any shift it is distributed as (1/n + 1/m) times a
chi-squared of (bins - 1) degrees of freedom (Yurdakul and Naranjo, "Statistical
properties of the population stability index", Journal of Risk Model Validation 14(4),
2020).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

METHOD = (
    "Population stability index: the sum over bins of (p \N{MINUS SIGN} q) ln(p/q)."
    " Below 0.10 means little change, above 0.25 a large one (Siddiqi 2006). By chance"
    " alone it stays below the noise limit 95 times in 100 (Yurdakul and Naranjo 2020)."
)

_MODERATE, _LARGE = 0.10, 0.25
_CONFIDENCE = 0.95
# Added to each count, so that an empty bin gives a large index and not an infinite one.
_PRIOR = 0.5


@dataclass(frozen=True)
class Shift:
    """The difference between two populations.

    Attributes:
        psi: the index.
        noise: the index stays below it 95 times in 100 without any shift.
        verdict: `within noise`, `little`, `moderate` or `large`.
        bins: bins that are not empty in both.
    """

    psi: float
    noise: float
    verdict: str
    bins: int


@dataclass(frozen=True)
class BinShift:
    """One bin: its share before and in the slice (0 to 1), and its part of the PSI."""

    bin: int
    before: float
    now: float
    contribution: float


def measure_shift(
    before: Mapping[int, int], now: Mapping[int, int]
) -> tuple[Shift, Sequence[BinShift]] | None:
    """Compare two histograms.

    Args:
        before: rows by bin in the reference.
        now: rows by bin in the slice.

    Returns:
        The index, and the bins by their part in it, largest first; None if either
        side has no rows.
    """
    bins = sorted(k for k in before.keys() | now.keys() if before.get(k) or now.get(k))
    n, m = sum(before.values()), sum(now.values())
    if not n or not m:
        return None
    parts = [
        _compare(k, before.get(k, 0), now.get(k, 0), n, m, len(bins)) for k in bins
    ]
    psi = sum(part.contribution for part in parts)
    noise = _noise_limit(n, m, len(bins))
    shift = Shift(psi, noise, _verdict(psi, noise), len(bins))
    return shift, sorted(parts, key=lambda part: -part.contribution)


def _compare(key: int, before: int, now: int, n: int, m: int, bins: int) -> BinShift:
    q = (before + _PRIOR) / (n + _PRIOR * bins)
    p = (now + _PRIOR) / (m + _PRIOR * bins)
    return BinShift(key, before / n, now / m, (p - q) * math.log(p / q))


def _noise_limit(n: int, m: int, bins: int) -> float:
    if bins < 2:
        return 0.0
    from scipy.stats import chi2

    return float((1 / n + 1 / m) * chi2.ppf(_CONFIDENCE, bins - 1))


def _verdict(psi: float, noise: float) -> str:
    if psi <= noise:
        return "within noise"
    if psi < _MODERATE:
        return "little"
    return "moderate" if psi <= _LARGE else "large"
