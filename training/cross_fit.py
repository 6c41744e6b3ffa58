"""Probabilities of each product's classes from models that were not trained on it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack
from sklearn.linear_model import SGDClassifier

from core.progress import report_progress
from training.calibrate import find_factor, to_probabilities
from training.model import Blocks, ModelParams, fit_columns, score_classes, shuffle

# Each model is trained without three or four of the ten folds, in half the passes of a
# training. Five models take twice the time (docs/label-review.md).
_GROUPS = 3
# The most products that all models are trained on.
_MOST_ROWS = 250_000
# Products of each group whose features are kept, to name their words.
_EXPLAINED = 200
_FEATURES = 20

Positions = NDArray[np.intp]
Probabilities = NDArray[np.float32]
ReadBlocks = Callable[[], Iterable[csr_matrix]]


@dataclass(frozen=True)
class Contributions:
    """The features of one row that contribute to a class, the strongest first.

    Attributes:
        features: columns of the matrix.
        shares: part of each in the score, above zero.
    """

    features: Positions
    shares: NDArray[np.float64]


@dataclass(frozen=True)
class CrossFit:
    """Out-of-sample probabilities.

    Attributes:
        probabilities: rows by classes; each row's from a model trained without its fold, its
            scores scaled as in `calibrate`.
        contributions: by row, to the likeliest class other than the given one;
            for the rows of each group whose label is most doubtful.
    """

    probabilities: Probabilities
    contributions: Mapping[int, Contributions]


def cross_fit(
    params: ModelParams,
    blocks: Blocks,
    given: Positions,
    folds: NDArray[np.int64],
    classes: NDArray[np.int64],
) -> CrossFit:
    """Train a model for each group of folds on the other folds, and predict the group.

    Args:
        params: see ModelParams.
        blocks: the features.
        given: the position of each row's class in `classes`, in the order of the blocks.
        folds: 0 to 9, likewise.
        classes: the codes, ascending.
    """
    groups = folds % _GROUPS
    is_sampled = _sample(given.size, params.seed)
    matrix = _select(blocks.read, is_sampled)
    models = _fit(params, matrix, classes[given[is_sampled]], groups[is_sampled])
    read = (lambda: [matrix]) if is_sampled.all() else blocks.read
    # Where the other groups have one class only, the given label stays.
    probabilities = np.eye(classes.size, dtype=np.float32)[given]
    for rows, part in _parts(read, groups):
        if groups[rows[0]] not in models:
            continue
        model = models[groups[rows[0]]]
        known = np.searchsorted(classes, model.classes_)
        probabilities[np.ix_(rows, known)] = score_classes(model, part)
    factors = {}
    for group, model in models.items():
        known = np.searchsorted(classes, model.classes_)
        rows = np.flatnonzero(groups == group)
        scores = probabilities[np.ix_(rows, known)]
        factors[group] = _factor(scores, known, given[rows])
        probabilities[np.ix_(rows, known)] = to_probabilities(scores * factors[group])
    doubtful = _doubtful(probabilities, given, groups)
    contributions = {}
    for row, values in _rows(read, np.array(sorted(doubtful), dtype=np.intp)):
        group = int(groups[row])
        if group not in models:
            continue
        shares = _shares(
            models[group], classes[doubtful[row]], values, factors[group], blocks.places
        )
        if shares is not None:
            contributions[row] = shares
    return CrossFit(probabilities, contributions)


def _sample(rows: int, seed: int) -> NDArray[np.bool_]:
    """Return which rows the models are trained on."""
    is_sampled = np.ones(rows, dtype=bool)
    if rows > _MOST_ROWS:
        random = np.random.default_rng(seed)
        is_sampled[random.choice(rows, rows - _MOST_ROWS, replace=False)] = False
    return is_sampled


def _select(read: ReadBlocks, wanted: NDArray[np.bool_]) -> csr_matrix:
    parts = []
    for start, block in _numbered(read):
        part = wanted[start : start + block.shape[0]]
        parts.append(block if part.all() else block[part])
    return parts[0] if len(parts) == 1 else vstack(parts, format="csr")


def _fit(
    params: ModelParams,
    matrix: csr_matrix,
    labels: NDArray[np.int64],
    groups: NDArray[np.int64],
) -> dict[int, SGDClassifier]:
    """Return a model of the columns per group, trained on the others."""
    fewer = replace(params, steps=params.steps // 2)
    models = {}
    for number, group in enumerate(np.unique(groups), start=1):
        report_progress(f"reviewing labels, {number} of {_GROUPS}")
        others = np.flatnonzero(groups != group)
        if np.unique(labels[others]).size > 1:
            order = others[shuffle(fewer, others.size)]
            block = matrix[order]
            models[int(group)] = fit_columns(
                fewer, partial(iter, [block]), labels[order]
            )
    return models


def _parts(
    read: ReadBlocks, groups: NDArray[np.int64]
) -> Iterator[tuple[Positions, csr_matrix]]:
    """Yield the rows of each block, one group after the other, and their features."""
    for start, block in _numbered(read):
        own = groups[start : start + block.shape[0]]
        for group in np.unique(own):
            rows = np.flatnonzero(own == group)
            yield start + rows, block[rows]


def _rows(read: ReadBlocks, wanted: Positions) -> Iterator[tuple[int, csr_matrix]]:
    """Yield the features of some rows, whose positions are ascending."""
    for start, block in _numbered(read):
        first, end = np.searchsorted(wanted, [start, start + block.shape[0]])
        for row in wanted[first:end].tolist():
            yield row, block[row - start]


def _numbered(read: ReadBlocks) -> Iterator[tuple[int, csr_matrix]]:
    """Yield each block with the position of its first row."""
    start = 0
    for block in read():
        yield start, block
        start += block.shape[0]


def _factor(scores: Probabilities, known: Positions, given: Positions) -> float:
    """Return what a group's scores are multiplied by for the lowest log loss."""
    places = np.searchsorted(known, given)
    is_known = known[np.minimum(places, known.size - 1)] == given
    return find_factor(scores[is_known], places[is_known])


def _doubtful(
    probabilities: Probabilities, given: Positions, groups: NDArray[np.int64]
) -> dict[int, int]:
    """Return the likeliest other class of the most doubtful rows of each group, by row."""
    doubtful: dict[int, int] = {}
    for group in np.unique(groups):
        rows = np.flatnonzero(groups == group)
        others = probabilities[rows]
        places = np.arange(rows.size)
        own = others[places, given[rows]].copy()
        others[places, given[rows]] = -1.0
        suggested = others.argmax(axis=1)
        margins = own - others[places, suggested]
        first = np.argsort(margins, kind="stable")[:_EXPLAINED]
        doubtful |= dict(
            zip(rows[first].tolist(), suggested[first].tolist(), strict=True)
        )
    return doubtful


def _shares(
    model: SGDClassifier, code: int, row: csr_matrix, factor: float, places: Positions
) -> Contributions | None:
    """Return what contributes to a class in one row; None if the model does not know it."""
    position = int(np.searchsorted(model.classes_, code))
    if position == model.classes_.size or model.classes_[position] != code:
        return None
    weights = model.coef_
    if len(weights) == 1:
        weights = np.vstack([-weights, weights])
    columns = row.indices[:-1]  # without the bias
    shares = row.data[:-1] * weights[position, columns] * factor
    first = np.argsort(-shares, kind="stable")[:_FEATURES]
    first = first[shares[first] > 0]
    return Contributions(places[columns[first]], shares[first].astype(np.float64))
