"""Labels that are probably wrong, found by confident learning.

Northcutt, Jiang and Chuang 2021, "Confident Learning: Estimating Uncertainty in Dataset
Labels", Journal of Artificial Intelligence Research 70. The probabilities come from
models that have not seen the row (`cross_fit`).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Probabilities = NDArray[np.float32] | NDArray[np.float64]
Positions = NDArray[np.intp]


@dataclass(frozen=True)
class LabelIssues:
    """Rows whose label is probably wrong, the most suspicious first.

    Attributes:
        rows: their positions.
        suggested: the position of the class suggested for each.
        margins: probability of the given class minus that of the suggested one; the
            more below zero, the more suspicious.
    """

    rows: Positions
    suggested: Positions
    margins: Probabilities


def find_label_issues(given: Positions, probabilities: Probabilities) -> LabelIssues:
    """Find label issues: prune by noise rate, rank by normalised margin.

    The joint distribution of given and true classes estimates how many rows of each given
    class belong to each other class. That many rows are issues: those where the other
    class is ahead of the given one by most.

    Args:
        given: the position of each row's class among the columns of `probabilities`.
        probabilities: out-of-sample probabilities, rows by classes.
    """
    counts = np.rint(estimate_joint(given, probabilities) * given.size).astype(np.intp)
    rows = np.arange(given.size)
    own = probabilities[rows, given]
    is_issue = np.zeros(given.size, dtype=bool)
    for cls in np.unique(given):
        members = rows[given == cls]
        for other in np.flatnonzero(counts[cls]):
            if other == cls:
                continue
            lead = probabilities[members, other] - own[members]
            first = np.argsort(-lead, kind="stable")[: counts[cls, other]]
            # A row that the model gives to its own class is never an issue.
            is_issue[members[first[lead[first] > 0]]] = True
    others = probabilities.copy()
    others[rows, given] = -1.0
    suggested = others.argmax(axis=1)
    margins = own - others[rows, suggested]
    suspects = rows[is_issue]
    suspects = suspects[np.argsort(margins[suspects], kind="stable")]
    return LabelIssues(suspects, suggested[suspects], margins[suspects])


def estimate_joint(
    given: Positions, probabilities: Probabilities
) -> NDArray[np.float64]:
    """Return the joint distribution of given (rows) and true (columns) classes; sum 1.

    A row counts for the likeliest of the classes whose probability reaches that class's
    threshold: the mean probability of the class over the rows labelled with it. The
    counts of each given class are scaled to its number of rows (section 3.1 of the
    paper).
    """
    classes = probabilities.shape[1]
    sizes = np.bincount(given, minlength=classes)
    own = probabilities[np.arange(given.size), given]
    sums = np.bincount(given, weights=own, minlength=classes)
    thresholds = np.where(sizes > 0, sums / np.maximum(sizes, 1), np.inf)
    confident = np.where(probabilities >= thresholds, probabilities, -1.0)
    likeliest = confident.argmax(axis=1)
    counted = confident[np.arange(given.size), likeliest] >= 0
    pairs = given[counted] * classes + likeliest[counted]
    counts = np.bincount(pairs, minlength=classes * classes)
    joint = counts.reshape(classes, classes).astype(np.float64)
    # A class of which no row is confident keeps its rows.
    empty = joint.sum(axis=1) == 0
    joint[empty, empty] = sizes[empty]
    totals = np.maximum(joint.sum(axis=1, keepdims=True), 1)
    return np.asarray(joint / totals * sizes[:, None] / max(given.size, 1))
