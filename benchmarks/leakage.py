"""Measure the effect of oversampling before the split on a score.

    python -m benchmarks.leakage [X.csv Y.csv]

Without files the synthetic sample of the project is used. The same rows and the same
model are judged twice by five-fold cross-validation: once the rows are oversampled
first and split then, so that copies of one row are on both sides; once they are split
first and only the training part is oversampled, as `balancing` does.
"""

import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from imblearn.over_sampling import RandomOverSampler
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import SGDClassifier
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline

from loaders.sample import write_sample

SAMPLE_ROWS = 1_500
SEED = 42
FOLDS = 5


def read(
    features: Path, targets: Path
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Read text and label of each row both files have, joined on the first column.

    Classes with fewer rows than there are folds are left out: they cannot be split.
    """
    x = pd.read_csv(features, index_col=0, keep_default_na=False)
    y = pd.read_csv(targets, index_col=0)["prdtypecode"]
    rows = x.join(y, how="inner")
    rows = rows[rows.groupby("prdtypecode")["prdtypecode"].transform("size") >= FOLDS]
    texts = (rows["designation"] + " " + rows["description"]).to_numpy(dtype=object)
    return texts, rows["prdtypecode"].to_numpy(dtype=np.int64)


def score(
    texts: NDArray[np.object_], labels: NDArray[np.int64], *, split_first: bool
) -> float:
    """Return the mean weighted F1 over the folds."""

    def oversample(rows: NDArray[np.int64]) -> NDArray[np.int64]:
        sampler = RandomOverSampler(random_state=SEED)
        chosen, _ = sampler.fit_resample(rows.reshape(-1, 1), labels[rows])
        return chosen.ravel()

    rows = np.arange(labels.size)
    if not split_first:
        rows = oversample(rows)
    scores = []
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    for train, held_out in folds.split(rows, labels[rows]):
        fitted = rows[train]
        if split_first:
            fitted = oversample(fitted)
        model = make_pipeline(
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
            SGDClassifier(random_state=SEED),
        ).fit(texts[fitted], labels[fitted])
        predicted = model.predict(texts[rows[held_out]])
        scores.append(f1_score(labels[rows[held_out]], predicted, average="weighted"))
    return float(np.mean(scores))


def main() -> None:
    """Print both scores."""
    with tempfile.TemporaryDirectory() as folder:
        if len(sys.argv) == 3:
            files = Path(sys.argv[1]), Path(sys.argv[2])
        else:
            write_sample(Path(folder), SAMPLE_ROWS, seed=SEED)
            files = Path(folder) / "X_train.csv", Path(folder) / "Y_train.csv"
        texts, labels = read(*files)
    print(f"{labels.size:,} rows, {np.unique(labels).size} classes, weighted F1:")
    print(f"  oversample, then split: {score(texts, labels, split_first=False):.3f}")
    print(f"  split, then oversample: {score(texts, labels, split_first=True):.3f}")


if __name__ == "__main__":
    main()
