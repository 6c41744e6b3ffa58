"""How good a model is on rows it has not seen."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support


@dataclass(frozen=True)
class ClassScore:
    """One class on the held-out rows."""

    prdtypecode: int
    precision: float
    recall: float
    f1: float
    rows: int


@dataclass(frozen=True)
class Evaluation:
    """Scores on the held-out rows, in their natural distribution.

    Attributes:
        weighted_f1: mean F1 of the classes, weighted by their rows.
        macro_f1: plain mean F1 of the classes.
        accuracy: share of rows given the right class.
        classes: every class that occurs among the true or predicted ones.
        confusion: rows, true class by predicted class, in the order of `classes`.
    """

    weighted_f1: float
    macro_f1: float
    accuracy: float
    classes: tuple[ClassScore, ...]
    confusion: NDArray[np.int64]


def evaluate(truth: NDArray[np.int64], predicted: NDArray[np.int64]) -> Evaluation:
    """Compare predicted classes with the true ones; both have one entry per row."""
    codes = np.union1d(truth, predicted)
    precision, recall, f1, rows = precision_recall_fscore_support(
        truth, predicted, labels=codes, zero_division=0.0
    )
    return Evaluation(
        weighted_f1=float(np.average(f1, weights=rows)),
        macro_f1=float(np.mean(f1)),
        accuracy=float(np.mean(truth == predicted)),
        classes=tuple(
            ClassScore(int(c), float(p), float(r), float(f), int(n))
            for c, p, r, f, n in zip(codes, precision, recall, f1, rows, strict=True)
        ),
        confusion=confusion_matrix(truth, predicted, labels=codes),
    )


def confusion_figure(evaluation: Evaluation) -> Figure:
    """Draw the confusion matrix, each row in percent of its true class."""
    codes = [str(score.prdtypecode) for score in evaluation.classes]
    totals = evaluation.confusion.sum(axis=1, keepdims=True)
    percent = 100 * evaluation.confusion / np.maximum(totals, 1)
    figure = Figure(figsize=(10, 9))
    # A computed layout takes as long as the picture.
    figure.subplots_adjust(left=0.08, right=0.99, bottom=0.08, top=0.95)
    axes = figure.add_subplot()
    axes.imshow(percent, cmap="Blues", vmin=0, vmax=100)
    axes.set_xticks(range(len(codes)), codes, rotation=90)
    axes.set_yticks(range(len(codes)), codes)
    axes.set_xlabel("predicted")
    axes.set_ylabel("true")
    axes.set_title(
        f"Held-out rows in % of their true class: weighted F1"
        f" {evaluation.weighted_f1:.3f}"
    )
    _write_cells(axes, percent)
    return figure


def most_confused(
    evaluation: Evaluation, limit: int = 5
) -> Sequence[tuple[int, int, int]]:
    """List (true class, predicted class, rows) of the most frequent mistakes."""
    mistakes = evaluation.confusion.copy()
    np.fill_diagonal(mistakes, 0)
    order = np.argsort(mistakes, axis=None, kind="stable")[::-1][:limit]
    pairs = [np.unravel_index(flat, mistakes.shape) for flat in order]
    codes = [score.prdtypecode for score in evaluation.classes]
    return [
        (codes[true], codes[guess], int(mistakes[true, guess]))
        for true, guess in pairs
        if mistakes[true, guess] > 0
    ]


def _write_cells(axes: Axes, percent: NDArray[np.float64]) -> None:
    for (row, column), value in np.ndenumerate(percent):
        if value >= 1:
            axes.text(
                column,
                row,
                f"{value:.0f}",
                ha="center",
                va="center",
                fontsize=6,
                in_layout=False,
                color="white" if value > 60 else "black",
            )
