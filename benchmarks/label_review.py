"""Measure how many known wrong labels the review finds.

    python benchmarks/label_review.py FOLDER [FOLDER ...]

Each FOLDER holds X_train.csv and Y_train.csv in the challenge's format. Five percent of
the labels are changed to a class that models confuse with the true one; the review then
ranks the products, three times with other changes. Precision counts only the changed
labels as wrong, so labels that were wrong in the file already lower it. Where cleanlab
is installed (its licence keeps it out of this project), it ranks the same probabilities.
"""

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rakuten_text import TEXT_COLUMNS
from training.cross_fit import cross_fit
from training.label_issues import find_label_issues
from training.model import ModelParams, features, pack_features

try:
    from cleanlab.filter import find_label_issues as cleanlab_issues
except ImportError:
    cleanlab_issues = None

SHARE = 0.05
SEEDS = (0, 1, 2)
FIRST = 100

Positions = NDArray[np.intp]


def flip(given: Positions, confusion: NDArray[np.int64], seed: int) -> Positions:
    """Return the labels with SHARE of them changed to a class they are confused with."""
    random = np.random.default_rng(seed)
    changed = given.copy()
    for row in np.flatnonzero(random.random(given.size) < SHARE):
        weights = confusion[given[row]]
        # Where no model confuses the class, any other will do.
        weights = weights if weights.sum() else np.arange(weights.size) != given[row]
        changed[row] = random.choice(weights.size, p=weights / weights.sum())
    return changed


def folds_of(texts: pd.DataFrame) -> NDArray[np.int64]:
    """Return ten folds, equal texts in the same one."""
    joined = (texts["designation"] + " " + texts["description"]).str.lower()
    groups = joined.str.split().str.join(" ").factorize()[0]
    return np.random.default_rng(0).permutation(groups.max() + 1)[groups] % 10


def measure(folder: Path) -> None:
    """Print the figures of one catalogue."""
    texts = pd.read_csv(
        folder / "X_train.csv", usecols=TEXT_COLUMNS, dtype=str, keep_default_na=False
    )
    labels = pd.read_csv(folder / "Y_train.csv")["prdtypecode"].to_numpy()
    classes, given = np.unique(labels, return_inverse=True)
    folds = folds_of(texts)
    params = ModelParams()
    matrix = features(params).fit_transform(texts)
    guessed = cross_fit(
        params, pack_features(matrix), given, folds, classes
    ).probabilities.argmax(axis=1)
    confusion = np.zeros((classes.size, classes.size), dtype=np.int64)
    np.add.at(confusion, (given, guessed), 1)
    np.fill_diagonal(confusion, 0)
    print(f"\n{folder.name}: {given.size:,} products, {classes.size} classes\n")
    print(
        "| seed | changed | issues | precision of the first 100 | recall"
        " | random order | seconds | same first 100 as cleanlab | same issues |\n"
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|"
    )
    for seed in SEEDS:
        noisy = flip(given, confusion, seed)
        wrong = noisy != given
        started = time.perf_counter()
        probabilities = cross_fit(
            params, pack_features(matrix), noisy, folds, classes
        ).probabilities
        found = find_label_issues(noisy, probabilities)
        seconds = time.perf_counter() - started
        print(
            f"| {seed} | {wrong.sum():,} | {found.rows.size:,}"
            f" | {wrong[found.rows[:FIRST]].mean():.2f}"
            f" | {wrong[found.rows].sum() / wrong.sum():.2f} | {wrong.mean():.2f}"
            f" | {seconds:.1f} | {same_as_cleanlab(noisy, probabilities, found.rows)} |"
        )


def same_as_cleanlab(
    given: Positions, probabilities: NDArray[np.float32], found: Positions
) -> str:
    """Return the share of the same products among the first 100, and among all."""
    if cleanlab_issues is None:
        return "not installed | "
    theirs = cleanlab_issues(
        given,
        probabilities.astype(np.float64),
        filter_by="prune_by_noise_rate",
        return_indices_ranked_by="normalized_margin",
    )
    first = np.intersect1d(theirs[:FIRST], found[:FIRST]).size / FIRST
    either = np.union1d(theirs, found).size
    return f"{first:.2f} | {np.intersect1d(theirs, found).size / max(either, 1):.2f}"


if __name__ == "__main__":
    if not sys.argv[1:]:
        sys.exit(__doc__)
    for name in sys.argv[1:]:
        measure(Path(name))
