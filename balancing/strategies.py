"""How often each row is taken, decided by imbalanced-learn from the labels alone."""

from collections.abc import Mapping

import numpy as np
from imblearn.over_sampling import RandomOverSampler
from numpy.typing import NDArray

from balancing.spec import DatasetSpec
from core.errors import ConfigurationError

# 17 bytes per row while the draw is made: about 1.7 GB.
MOST_ROWS = 100_000_000

Labels = NDArray[np.int64]


def copies_per_row(labels: Labels, spec: DatasetSpec) -> NDArray[np.int64]:
    """Return how many times each row appears in the balanced set (at least once).

    Only positions are resampled; the texts are never in memory
    (https://imbalanced-learn.org/stable/over_sampling.html, random over-sampling).

    Args:
        labels: prdtypecode of each row, in a fixed order.
        spec: strategy and seed.

    Returns:
        One count for each row.

    Raises:
        ConfigurationError: the balanced set would have more than MOST_ROWS rows.
    """
    codes, sizes = np.unique(labels, return_counts=True)
    counts = dict(zip(codes.tolist(), sizes.tolist(), strict=True))
    wanted = class_targets(counts, spec)
    total = sum(wanted.values())
    if total > MOST_ROWS:
        raise ConfigurationError(
            f"The balanced set would have {total:,} rows, more than {MOST_ROWS:,}:"
            " choose a smaller --target, or another strategy."
        )
    if all(wanted[code] == count for code, count in counts.items()):
        return np.ones(labels.size, dtype=np.int64)
    if codes.size == 1:  # which imbalanced-learn refuses
        random = np.random.default_rng(spec.seed)
        drawn = random.integers(labels.size, size=total - labels.size)
        return 1 + np.bincount(drawn, minlength=labels.size)
    # A callable, because imbalanced-learn takes no float for more than two classes.
    sampler = RandomOverSampler(
        sampling_strategy=lambda _: wanted, random_state=spec.seed
    )
    sampler.fit_resample(np.zeros((labels.size, 1), dtype=np.int8), labels)
    return np.bincount(sampler.sample_indices_, minlength=labels.size)


def class_targets(counts: Mapping[int, int], spec: DatasetSpec) -> dict[int, int]:
    """Return how many rows each class gets; never fewer than it has.

    random_oversampling and not_majority: as many as the largest class.
    ratio_cap: at least `ratio` of the largest class.
    target_count: at least `target`.
    max_copies: as many as the largest class, at most `max_copies` times its size.
    none: as many as it has.
    """
    largest = max(counts.values(), default=0)
    return {
        code: max(count, _goal(count, largest, spec)) for code, count in counts.items()
    }


def _goal(count: int, largest: int, spec: DatasetSpec) -> int:
    if spec.strategy == "ratio_cap" and spec.ratio is not None:
        return int(spec.ratio * largest)
    if spec.strategy == "target_count" and spec.target is not None:
        return spec.target
    if spec.strategy == "max_copies" and spec.max_copies is not None:
        return min(largest, spec.max_copies * count)
    return count if spec.strategy == "none" else largest


def class_weights(counts: Mapping[int, int]) -> dict[int, float]:
    """Return weights inversely proportional to class size, 1 on average over the rows.

    scikit-learn's "balanced" heuristic, after King and Zeng (2001), Logistic Regression
    in Rare Events Data.
    """
    total = sum(counts.values())
    return {code: total / (len(counts) * count) for code, count in counts.items()}
