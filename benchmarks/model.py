"""Measure the baseline's settings on real texts: scores and cost.

    python benchmarks/model.py FOLDER [--passes]

FOLDER holds the challenge's X_train.csv and Y_train.csv. Each candidate is judged by
five-fold cross-validation, products with the same text in the same fold, three times
with different folds. `--passes` compares the passes over a large catalogue instead:
each training text 16 times, 30 % of its words left out each time, one seed.
"""

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
from sklearn.linear_model import SGDClassifier
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.svm import LinearSVC

from balancing.spec import DatasetSpec
from balancing.strategies import copies_per_row
from rakuten_text import TEXT_COLUMNS, clean_fields
from training.calibrate import calibrate
from training.model import ModelParams, features, fit_blocks, pack_features, shuffle

Labels = NDArray[np.int64]
Fit = Callable[[csr_matrix, Labels], SGDClassifier | LinearSVC]

FOLDS = 5
SEEDS = (0, 1, 2)
# For --passes.
REPEATED = 16
LEFT_OUT = 0.3


def baseline(
    *, weighted: bool, spec: DatasetSpec | None = None, **changes: float
) -> Fit:
    """Return the project's own training, with some parameters changed.

    Args:
        weighted: by inverse class frequency; else by the copies of a dataset.
        spec: that dataset; the default one if None.
        changes: see ModelParams.
    """
    params = ModelParams(**changes)  # type: ignore[arg-type]

    def fit(matrix: csr_matrix, labels: Labels) -> SGDClassifier:
        order = shuffle(params, labels.size)
        copies = None
        if not weighted:
            copies = copies_per_row(labels, spec or DatasetSpec())[order]
        return fit_blocks(params, pack_features(matrix[order]), labels[order], copies)

    return fit


def first_baseline(matrix: csr_matrix, labels: Labels) -> SGDClassifier:
    """Train as the first versions did: 50 passes over the copies themselves."""
    rows = np.repeat(np.arange(labels.size), copies_per_row(labels, DatasetSpec()))
    classifier = SGDClassifier(
        loss="log_loss",
        alpha=1e-5,
        max_iter=50,
        tol=None,
        average=True,
        random_state=42,
        n_jobs=-1,
    )
    return classifier.fit(matrix[rows], labels[rows])


def linear_svm(matrix: csr_matrix, labels: Labels) -> LinearSVC:
    """Train a converged linear SVM; it has no probabilities."""
    return LinearSVC(C=1, class_weight="balanced", random_state=0).fit(matrix, labels)


def separate_fields() -> Pipeline:
    """Return the features of the first versions: each field a block of its own."""
    fields = {"designation": (18, (1, 2)), "description": (17, (1, 1))}
    return with_blocks(
        clean_fields,
        [
            (column, block(bits, ngrams), column)
            for column, (bits, ngrams) in fields.items()
        ],
    )


def with_characters() -> Pipeline:
    """Return the project's features and runs of characters of the title."""
    steps = features(ModelParams())
    known = steps.named_steps["tfidf"].transformers
    extra = ("characters", block(18, (3, 5), analyzer="char_wb"), "title")
    return with_blocks(steps.named_steps["clean"].func, [*known, extra])


def with_blocks(
    clean: Callable[[pd.DataFrame], pd.DataFrame], blocks: Sequence[object]
) -> Pipeline:
    """Return the untrained steps from raw text to a sparse matrix."""
    return make_pipeline(FunctionTransformer(clean), ColumnTransformer(blocks))


def block(bits: int, ngrams: tuple[int, int], **how: str) -> Pipeline:
    """Return hashed TF-IDF of one column."""
    hashing = HashingVectorizer(
        n_features=2**bits,
        ngram_range=ngrams,
        alternate_sign=False,
        norm=None,
        lowercase=False,
        dtype=np.float32,
        **how,
    )
    return make_pipeline(hashing, TfidfTransformer(sublinear_tf=True))


def title_and_text() -> Pipeline:
    """Return the project's own features."""
    return features(ModelParams())


CANDIDATES: dict[str, tuple[Callable[[], Pipeline], Fit]] = {
    "fields apart, 50 epochs over copies, alpha 1e-5": (
        separate_fields,
        first_baseline,
    ),
    "fields apart, class weights": (separate_fields, baseline(weighted=True)),
    "**weighted by copies**": (title_and_text, baseline(weighted=False)),
    "**class weights**": (title_and_text, baseline(weighted=True)),
    "copies, ratio_cap 0.5": (
        title_and_text,
        baseline(weighted=False, spec=DatasetSpec(strategy="ratio_cap", ratio=0.5)),
    ),
    "copies, max_copies 3": (
        title_and_text,
        baseline(weighted=False, spec=DatasetSpec(strategy="max_copies", max_copies=3)),
    ),
    "neither copies nor weights": (
        title_and_text,
        baseline(weighted=False, spec=DatasetSpec(strategy="none")),
    ),
    "class weights, alpha 1e-5": (title_and_text, baseline(weighted=True, alpha=1e-5)),
    "class weights, alpha 1.6e-4": (
        title_and_text,
        baseline(weighted=True, alpha=1.6e-4),
    ),
    "class weights, characters too": (with_characters, baseline(weighted=True)),
    "linear SVM, class weights, C 1": (title_and_text, linear_svm),
}
PASSES: dict[str, tuple[Callable[[], Pipeline], Fit]] = {
    f"{name}, {passes} passes": (
        title_and_text,
        baseline(weighted=weighted, epochs=passes, steps=10**9),
    )
    for passes in (1, 2, 3)
    for name, weighted in (("weighted by copies", False), ("class weights", True))
}


def folds(
    texts: pd.DataFrame, labels: Labels, seeds: Sequence[int]
) -> Iterator[tuple[Labels, Labels]]:
    """Yield the positions of training and held-out rows."""
    joined = (texts["designation"] + " " + texts["description"]).str.lower()
    groups = joined.str.split().str.join(" ").factorize()[0]
    for seed in seeds:
        splitter = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
        yield from splitter.split(texts, labels, groups)


def enlarge(texts: pd.DataFrame) -> pd.DataFrame:
    """Return each text REPEATED times, LEFT_OUT of its words missing."""
    random = np.random.default_rng(0)

    def thin_out(text: str) -> str:
        words = np.array(text.split())
        return " ".join(words[random.random(words.size) >= LEFT_OUT])

    repeated = texts[TEXT_COLUMNS].iloc[np.repeat(np.arange(len(texts)), REPEATED)]
    return repeated.map(thin_out)


def judge(
    steps_of: Callable[[], Pipeline],
    fit: Fit,
    texts: pd.DataFrame,
    labels: Labels,
    *,
    enlarged: bool = False,
) -> NDArray[np.float64]:
    """Return one row per fold: weighted F1, macro F1, log loss, calibration, CPU s."""
    rows = []
    for training, held_out in folds(texts, labels, SEEDS[:1] if enlarged else SEEDS):
        steps = steps_of()
        known, codes = texts.iloc[training], labels[training]
        if enlarged:
            known, codes = enlarge(known), np.repeat(codes, REPEATED)
        matrix = steps.fit_transform(known)
        began = time.process_time()
        model = fit(matrix, codes)
        seconds = time.process_time() - began
        other = steps.transform(texts.iloc[held_out])
        truth, predicted = labels[held_out], model.predict(other)
        row = [f1_score(truth, predicted, average=a) for a in ("weighted", "macro")]
        if hasattr(model, "predict_proba"):
            found = calibrate(model, model.decision_function(other), truth)
            row += [found.log_loss, found.error]
        else:
            row += [np.nan, np.nan]
        rows.append([*row, seconds])
    return np.array(rows)


def main() -> None:
    """Print a table of Markdown."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--passes", action="store_true")
    options = parser.parse_args()
    folder = options.folder
    texts = pd.read_csv(folder / "X_train.csv", index_col=0, keep_default_na=False)
    targets = pd.read_csv(folder / "Y_train.csv", index_col=0)["prdtypecode"]
    labels = targets.to_numpy(dtype=np.int64)
    print(f"{labels.size:,} rows, {np.unique(labels).size} classes\n")
    print("| | weighted F1 | macro F1 | log loss | calibration error | CPU s per fit |")
    print("|---|---|---|---|---|---|")
    for name, (steps_of, fit) in (PASSES if options.passes else CANDIDATES).items():
        found = judge(steps_of, fit, texts, labels, enlarged=options.passes)
        f1, macro, loss, error, seconds = found.mean(axis=0)
        spread = found[:, 0].std()
        print(
            f"| {name} | {f1:.4f} ± {spread:.4f} | {macro:.4f} | {loss:.3f} |"
            f" {error:.3f} | {seconds:.1f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
