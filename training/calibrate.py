"""Calibrated probabilities: one temperature for all classes.

Guo, Pleiss, Sun and Weinberger 2017, "On Calibration of Modern Neural Networks". A model
trained with few epochs and a strong penalty is underconfident. Its scores multiplied by
one number give better probabilities and the same classes.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import expit
from sklearn.linear_model import SGDClassifier

# If all held-out rows are classified correctly, the best factor is infinite.
_SMALLEST, _LARGEST = 0.2, 5.0
# Of the factor's logarithm: the log loss changes in its seventh digit.
_TOLERANCE = 1e-3
_BINS = 15
_LEAST = 1e-15
# Rows whose probabilities are in memory at a time while a factor is looked for.
_BLOCK = 50_000

Scores = NDArray[np.floating[Any]]
Positions = NDArray[np.intp]


@dataclass(frozen=True)
class Calibration:
    """How well the probabilities of a model are calibrated.

    Attributes:
        factor: the number its scores were multiplied by.
        log_loss: mean of -log(probability of the true class).
        error: expected calibration error: the mean gap between a prediction's
            probability and how often such predictions are right, over 15 bins.
    """

    factor: float
    log_loss: float
    error: float


def calibrate(
    classifier: SGDClassifier, scores: Scores, truth: NDArray[np.int64]
) -> Calibration:
    """Scale a classifier's weights so that its probabilities are calibrated.

    Predicted classes stay the same. The factor is fitted to all the rows. The figures are
    those of a factor fitted to one half of the rows and applied to the other half.

    Args:
        classifier: logistic regression, one binary classifier per class; changed.
        scores: its decision function for rows that it was not trained on.
        truth: their classes; rows of a class that it does not know are left out.
    """
    if scores.ndim == 1:
        scores = np.column_stack([-scores, scores])
    known = np.isin(truth, classifier.classes_)
    if not known.all():
        scores, truth = scores[known], truth[known]
    places = np.searchsorted(classifier.classes_, truth)
    if not places.size:
        return Calibration(1.0, float("nan"), float("nan"))
    factor = find_factor(scores, places)
    classifier.coef_ *= classifier.coef_.dtype.type(factor)
    classifier.intercept_ = classifier.intercept_ * factor
    half = np.arange(places.size) % 2 == 0
    crossed = np.empty_like(scores)
    for fitted, applied in ((half, ~half), (~half, half)):
        other = find_factor(scores[fitted], places[fitted])
        crossed[applied] = to_probabilities(scores[applied] * other)
    own = crossed[np.arange(places.size), places]
    return Calibration(factor, _log_loss(own), calibration_error(crossed, places))


def to_probabilities(scores: Scores) -> Scores:
    """Return the sigmoid of each score, scaled to a sum of 1 as scikit-learn does."""
    each = expit(scores)
    return np.asarray(each / np.maximum(each.sum(axis=1, keepdims=True), _LEAST))


def calibration_error(probabilities: Scores, places: Positions) -> float:
    """Return the expected calibration error.

    Args:
        probabilities: a probability per row and class.
        places: the position of each row's true class.
    """
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == places
    bins = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    gaps = np.bincount(bins, weights=right - confidence, minlength=_BINS)
    return float(np.abs(gaps).sum() / places.size)


def find_factor(scores: Scores, places: Positions) -> float:
    """Return the factor of the scores with the lowest log loss.

    Args:
        scores: rows by classes.
        places: the position of each row's class.
    """
    if not places.size:
        return 1.0
    minimum = minimize_scalar(
        lambda power: _log_loss_with(float(np.exp(power)), scores, places),
        bounds=(np.log(_SMALLEST), np.log(_LARGEST)),
        method="bounded",
        options={"xatol": _TOLERANCE},
    )
    return float(np.exp(minimum.x))


def _log_loss_with(factor: float, scores: Scores, places: Positions) -> float:
    total = 0.0
    for start in range(0, places.size, _BLOCK):
        part = slice(start, start + _BLOCK)
        each = expit(scores[part] * scores.dtype.type(factor))
        own = each[np.arange(each.shape[0]), places[part]]
        total += _log_loss(own / np.maximum(each.sum(axis=1), _LEAST)) * own.size
    return total / places.size


def _log_loss(own: Scores) -> float:
    """Return the mean of -log(probability of the true class)."""
    return float(-np.log(np.maximum(own, _LEAST)).mean(dtype=np.float64))
