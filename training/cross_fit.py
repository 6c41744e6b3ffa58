"""What models that have not seen a product say of its class."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import SGDClassifier

from core.progress import report_progress
from training.calibrate import find_factor, probabilities
from training.model import ModelParams, fit_classifier, score_classes

# Each model is trained without two of the ten folds. A model per fold finds the wrong
# labels no better for twice the time (docs/label-review.md).
_GROUPS = 5
# Products that a model sees in all its passes, about, and the most it is trained on.
_STEPS = 100_000
_MOST_ROWS = 200_000
# Products of each group whose features are kept, to name their words.
_EXPLAINED = 200
_FEATURES = 20
_BLOCK = 20_000


@dataclass(frozen=True)
class Spoken:
    """The features of one row that speak for a class, the strongest first.

    Attributes:
        features: columns of the matrix.
        shares: part of each in the score, above zero.
    """

    features: NDArray[np.intp]
    shares: NDArray[np.float64]


@dataclass(frozen=True)
class CrossFit:
    """Out-of-sample probabilities.

    Attributes:
        chances: rows by classes, float32; each row's from a model trained without its
            fold, its scores scaled as in `calibrate`.
        spoken: by row, what speaks for the likeliest class other than the given one;
            for the rows of each group whose label is most doubtful.
    """

    chances: NDArray[np.float32]
    spoken: dict[int, Spoken]


def cross_fit(
    params: ModelParams,
    matrix: csr_matrix,
    given: NDArray[np.intp],
    folds: NDArray[np.int64],
    classes: NDArray[np.int64],
) -> CrossFit:
    """Train a model per group of two folds on the other folds, and ask it about these.

    Args:
        params: see ModelParams; the number of passes is lower here.
        matrix: float32, rows by features.
        given: the position of each row's class in `classes`.
        folds: 0 to 9.
        classes: the codes, ascending.
    """
    chances = np.zeros((given.size, classes.size), dtype=np.float32)
    spoken: dict[int, Spoken] = {}
    quick = replace(params, steps=_STEPS)
    random = np.random.default_rng(params.seed)
    groups = folds % _GROUPS
    for group in np.unique(groups):
        report_progress(f"reviewing labels, {group + 1} of {_GROUPS}")
        asked = np.flatnonzero(groups == group)
        taught = np.flatnonzero(groups != group)
        if taught.size > _MOST_ROWS:
            taught = np.sort(random.choice(taught, _MOST_ROWS, replace=False))
        if np.unique(given[taught]).size < 2:
            chances[asked, given[asked]] = 1.0
            continue
        classifier = fit_classifier(quick, matrix[taught], classes[given[taught]])
        known = np.searchsorted(classes, classifier.classes_)
        factor = _ask(classifier, known, matrix, given, asked, chances)
        spoken.update(
            _explain(classifier, known, factor, matrix, given, asked, chances)
        )
    return CrossFit(chances, spoken)


def _ask(
    classifier: SGDClassifier,
    known: NDArray[np.intp],
    matrix: csr_matrix,
    given: NDArray[np.intp],
    asked: NDArray[np.intp],
    chances: NDArray[np.float32],
) -> float:
    """Fill the probabilities of the rows asked; return the factor of the scores."""
    scores = np.empty((asked.size, known.size), dtype=np.float32)
    for start in range(0, asked.size, _BLOCK):
        part = slice(start, start + _BLOCK)
        scores[part] = score_classes(classifier, matrix[asked[part]])
    places = np.searchsorted(known, given[asked])
    is_known = known[np.minimum(places, known.size - 1)] == given[asked]
    factor = find_factor(scores[is_known], places[is_known])
    chances[np.ix_(asked, known)] = probabilities(scores * factor)
    return factor


def _explain(
    classifier: SGDClassifier,
    known: NDArray[np.intp],
    factor: float,
    matrix: csr_matrix,
    given: NDArray[np.intp],
    asked: NDArray[np.intp],
    chances: NDArray[np.float32],
) -> Iterator[tuple[int, Spoken]]:
    """Yield what speaks for another class in the most doubtful of the rows asked."""
    others = chances[asked]
    places = np.arange(asked.size)
    own = others[places, given[asked]].copy()
    others[places, given[asked]] = -1.0
    suggested = others.argmax(axis=1)
    margins = own - others[places, suggested]
    weights = classifier.coef_
    if len(weights) == 1:
        weights = np.vstack([-weights, weights])
    for place in np.argsort(margins, kind="stable")[:_EXPLAINED]:
        row = int(asked[place])
        position = int(np.searchsorted(known, suggested[place]))
        if position == known.size or known[position] != suggested[place]:
            continue
        start, end = matrix.indptr[row : row + 2]
        columns = matrix.indices[start:end].astype(np.intp)
        shares = matrix.data[start:end] * weights[position, columns] * factor
        first = np.argsort(-shares, kind="stable")[:_FEATURES]
        first = first[shares[first] > 0]
        yield row, Spoken(columns[first], shares[first].astype(np.float64))
