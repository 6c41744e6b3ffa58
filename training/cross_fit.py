"""Probabilities of each product's classes from models that were not trained on it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

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
# The most products that all models are trained on, and that are held in memory.
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
        features: as the fitted steps number them.
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
    is_small = given.size <= _MOST_ROWS
    if is_small:
        blocks = _hold_in_memory(blocks)
    models = _fit(params, blocks.read, classes[given], groups)
    # Where the other groups have one class only, the given label stays.
    probabilities = np.eye(classes.size, dtype=np.float32)[given]
    for rows, part in _parts(blocks.read, groups):
        if groups[rows[0]] not in models:
            continue
        model = models[groups[rows[0]]]
        known = np.searchsorted(classes, model.classes_)
        probabilities[np.ix_(rows, known)] = score_classes(model, part)
    # Each has a copy of its group's scores.
    with ThreadPoolExecutor(_GROUPS if is_small else 1) as pool:
        scaled = pool.map(
            lambda group: _scale(
                probabilities,
                given,
                np.flatnonzero(groups == group),
                np.searchsorted(classes, models[group].classes_),
            ),
            models,
        )
        factors = dict(zip(models, scaled, strict=True))
    doubtful = _doubtful(probabilities, given, groups)
    contributions = {}
    for row, values in _rows(blocks.read, np.array(sorted(doubtful), dtype=np.intp)):
        group = int(groups[row])
        if group not in models:
            continue
        shares = _shares(
            models[group], classes[doubtful[row]], values, factors[group], blocks.places
        )
        if shares is not None:
            contributions[row] = shares
    return CrossFit(probabilities, contributions)


def _hold_in_memory(blocks: Blocks) -> Blocks:
    """Return the same rows as one block, which is not read again for each pass."""
    matrix = vstack(list(blocks.read()), format="csr")
    return replace(blocks, read=lambda: [matrix])


def _fit(
    params: ModelParams,
    read: ReadBlocks,
    labels: NDArray[np.int64],
    groups: NDArray[np.int64],
) -> dict[int, SGDClassifier]:
    """Return a model per group, trained on the others (a sample of large ones)."""
    is_sampled = np.ones(labels.size, dtype=bool)
    if labels.size > _MOST_ROWS:
        random = np.random.default_rng(params.seed)
        is_sampled[
            random.choice(labels.size, labels.size - _MOST_ROWS, replace=False)
        ] = False
    fewer = replace(params, steps=params.steps // 2)
    matrix = _select(read, is_sampled)
    labels = labels[is_sampled]
    models = {}
    for number, group in enumerate(np.unique(groups), start=1):
        report_progress(f"reviewing labels, {number} of {_GROUPS}")
        others = np.flatnonzero(groups[is_sampled] != group)
        if np.unique(labels[others]).size > 1:
            models[int(group)] = _fit_rows(fewer, matrix, labels, others)
    return models


def _fit_rows(
    params: ModelParams, matrix: csr_matrix, labels: NDArray[np.int64], rows: Positions
) -> SGDClassifier:
    """Train on some rows, in random order; see `fit_columns`."""
    order = rows[shuffle(params, rows.size)]
    block = matrix[order]
    return fit_columns(params, lambda: [block], labels[order])


def _select(read: ReadBlocks, wanted: NDArray[np.bool_]) -> csr_matrix:
    parts = []
    for start, block in _numbered(read):
        part = wanted[start : start + block.shape[0]]
        parts.append(block if part.all() else block[part])
    return parts[0] if len(parts) == 1 else vstack(parts, format="csr")


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


def _scale(
    probabilities: Probabilities, given: Positions, rows: Positions, known: Positions
) -> float:
    """Turn a model's scores of some rows into probabilities, in place.

    Returns:
        What the scores were multiplied by for the lowest log loss.
    """
    places = np.searchsorted(known, given[rows])
    is_known = known[np.minimum(places, known.size - 1)] == given[rows]
    own = np.ix_(rows, known)
    scores = probabilities[own]
    factor = find_factor(scores[is_known], places[is_known])
    probabilities[own] = to_probabilities(scores * factor)
    return factor


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
