"""How good the baseline's settings are on real texts, and what they cost.

    python benchmarks/model.py FOLDER

FOLDER holds the challenge's X_train.csv and Y_train.csv. Each candidate is judged by
five-fold cross-validation, products with the same text in the same fold, three times
with different folds.
"""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import SGDClassifier
from sklearn.metrics import f1_score, log_loss
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.svm import LinearSVC

from balancing.spec import DatasetSpec
from balancing.strategies import copies_per_row
from training.model import ModelParams, features, fit_classifier

Labels = NDArray[np.int64]
Fit = Callable[[csr_matrix, Labels], SGDClassifier | LinearSVC]

FOLDS = 5
SEEDS = (0, 1, 2)
BINS = 15


def baseline(*, weighted: bool, **changes: float) -> Fit:
    """Return the project's own training, with some parameters changed."""
    params = ModelParams(**changes)  # type: ignore[arg-type]

    def fit(matrix: csr_matrix, labels: Labels) -> SGDClassifier:
        chosen = np.arange(labels.size)
        if not weighted:
            chosen = np.repeat(chosen, copies_per_row(labels, DatasetSpec()))
        return fit_classifier(
            params, matrix[chosen], labels[chosen], class_weights=weighted
        )

    return fit


def linear_svm(matrix: csr_matrix, labels: Labels) -> LinearSVC:
    """Train a converged linear SVM; it has no probabilities."""
    return LinearSVC(C=0.3, class_weight="balanced", random_state=0).fit(matrix, labels)


CANDIDATES: dict[str, Fit] = {
    "resampled, 50 epochs, alpha 1e-5": baseline(
        weighted=False, resampled_epochs=50, alpha=1e-5
    ),
    "resampled, 2 epochs, alpha 1e-5": baseline(weighted=False, alpha=1e-5),
    "resampled, 2 epochs, alpha 5e-6 (chosen)": baseline(weighted=False),
    "weights, 50 epochs, alpha 1e-5": baseline(weighted=True, epochs=50, alpha=1e-5),
    "weights, 3 epochs, alpha 5e-6": baseline(weighted=True, epochs=3),
    "weights, 5 epochs, alpha 1e-5": baseline(weighted=True, alpha=1e-5),
    "weights, 5 epochs, alpha 5e-6 (chosen)": baseline(weighted=True),
    "weights, 5 epochs, alpha 3e-6": baseline(weighted=True, alpha=3e-6),
    "linear SVM, weights, C 0.3": linear_svm,
}


def folds(texts: pd.DataFrame, labels: Labels) -> Iterator[tuple[Labels, Labels]]:
    """Yield the positions of training and held-out rows."""
    joined = (texts["designation"] + " " + texts["description"]).str.lower()
    groups = joined.str.split().str.join(" ").factorize()[0]
    for seed in SEEDS:
        splitter = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
        yield from splitter.split(texts, labels, groups)


def calibration_error(
    probabilities: NDArray[np.float64], predicted: Labels, truth: Labels
) -> float:
    """Return the expected calibration error (Guo et al. 2017), over 15 bins."""
    confidence = probabilities.max(axis=1)
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = [
        abs(
            np.mean(predicted[bins == b] == truth[bins == b])
            - confidence[bins == b].mean()
        )
        * np.mean(bins == b)
        for b in np.unique(bins)
    ]
    return float(sum(gaps))


def judge(fit: Fit, texts: pd.DataFrame, labels: Labels) -> NDArray[np.float64]:
    """Return one row per fold: weighted F1, macro F1, log loss, calibration, CPU s."""
    rows = []
    for training, held_out in folds(texts, labels):
        steps = features(ModelParams())
        matrix = steps.fit_transform(texts.iloc[training])
        began = time.process_time()
        model = fit(matrix, labels[training])
        seconds = time.process_time() - began
        other = steps.transform(texts.iloc[held_out])
        truth, predicted = labels[held_out], model.predict(other)
        row = [f1_score(truth, predicted, average=a) for a in ("weighted", "macro")]
        if hasattr(model, "predict_proba"):
            probabilities = model.predict_proba(other)
            row.append(log_loss(truth, probabilities, labels=model.classes_))
            row.append(calibration_error(probabilities, predicted, truth))
        else:
            row += [np.nan, np.nan]
        rows.append([*row, seconds])
    return np.array(rows)


def main() -> None:
    """Print a table of Markdown."""
    folder = Path(sys.argv[1])
    texts = pd.read_csv(folder / "X_train.csv", index_col=0, keep_default_na=False)
    targets = pd.read_csv(folder / "Y_train.csv", index_col=0)["prdtypecode"]
    labels = targets.to_numpy(dtype=np.int64)
    print(f"{labels.size:,} rows, {np.unique(labels).size} classes\n")
    print("| | weighted F1 | macro F1 | log loss | calibration error | CPU s per fit |")
    print("|---|---|---|---|---|---|")
    for name, fit in CANDIDATES.items():
        found = judge(fit, texts, labels)
        f1, macro, loss, error, seconds = found.mean(axis=0)
        spread = found[:, 0].std()
        print(
            f"| {name} | {f1:.4f} ± {spread:.4f} | {macro:.4f} | {loss:.3f} |"
            f" {error:.3f} | {seconds:.1f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
