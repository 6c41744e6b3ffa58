"""The baseline: TF-IDF of title and text, logistic regression by SGD.

Both blocks hash their words (Weinberger et al. 2009, "Feature hashing for large scale
multitask learning"): the space of features is the same every week, memory does not
grow with the catalogue, and the stored model holds numbers only. A vocabulary of
200,000 words would add 90 MB and six seconds to every load of the skops file.

The text block holds the words of both fields, because many catalogue rows have the
description in the designation. `python benchmarks/model.py` compares it with
alternatives; docs/ml-engineers.md has the figures.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd
import pyarrow as pa
import sklearn
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.base import BaseEstimator
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer

from core.errors import SourceError
from core.progress import report_progress
from rakuten_text import TEXT_COLUMNS, title_and_text
from training.blocks import ShuffledRows
from training.words import TRAINING_COUNTS, count_words

# Types that a stored model may contain besides scikit-learn's and numpy's; skops refuses
# to load any other. Models registered by earlier versions name the second or the third.
TRUSTED_TYPES = [
    "rakuten_text.title_and_text",
    "rakuten_text.clean_fields",
    "training.text.clean_fields",
]

# The intercept is the weight of a feature that each product has with this value:
# partial_fit with averaging loses intercepts between its calls (scikit-learn 1.9).
_BIAS = 0.3

# Words of one letter or digit count, as in "Xbox 360 E" and "8 x 4".
_WORD = r"\w+"


@dataclass(frozen=True)
class ModelParams:
    """Everything that determines a model, apart from the rows.

    Attributes:
        title_bits: the block of the designation has 2 ** bits features.
        title_ngrams: longest run of words that is a feature.
        text_bits: likewise for designation and description together.
        text_ngrams: likewise.
        alpha: strength of the L2 penalty.
        epochs: most passes over the products.
        steps: products that SGD sees in all passes together, about; large catalogues
            get fewer passes, at least one. The weights are the mean of those after each
            step but those of the first quarter.
        seed: order in which SGD sees the rows.
        version: raised whenever the code changes what these mean.
    """

    title_bits: int = 18
    title_ngrams: int = 2
    text_bits: int = 18
    text_ngrams: int = 1
    alpha: float = 4e-5
    epochs: int = 5
    steps: int = 60_000
    seed: int = 42
    version: int = 5

    def as_dict(self) -> dict[str, str | int | float]:
        """Return the parameters by name."""
        return asdict(self)

    @classmethod
    def from_strings(cls, values: Mapping[str, str]) -> Self | None:
        """Return the parameters that a run logged; None if its code meant others."""
        if values.get("version") != str(cls.version):
            return None
        defaults = cls().as_dict()
        return cls(**{n: type(default)(values[n]) for n, default in defaults.items()})  # type: ignore[arg-type]


def features(params: ModelParams) -> Pipeline:
    """Return the untrained steps from a frame of raw text to a sparse matrix."""
    return _text_steps(
        params,
        lambda bits, ngrams: Pipeline(
            [
                ("hash", _hashing(bits, ngrams)),
                ("idf", TfidfTransformer(sublinear_tf=True)),
            ]
        ),
    )


def _text_steps(
    params: ModelParams, block: Callable[[int, int], BaseEstimator]
) -> Pipeline:
    blocks = [
        ("title", params.title_bits, params.title_ngrams),
        ("text", params.text_bits, params.text_ngrams),
    ]
    tfidf = ColumnTransformer(
        [(column, block(bits, ngrams), column) for column, bits, ngrams in blocks]
    )
    return Pipeline([("clean", FunctionTransformer(title_and_text)), ("tfidf", tfidf)])


def _hashing(bits: int, ngrams: int) -> HashingVectorizer:
    return HashingVectorizer(
        n_features=2**bits,
        ngram_range=(1, ngrams),
        alternate_sign=False,
        norm=None,
        lowercase=False,
        token_pattern=_WORD,
        dtype=np.float32,
    )


@dataclass(frozen=True)
class Blocks:
    """The input of SGD: products in random order, block by block, and their features.

    Only features that occur have a column, the most frequent ones first: most of the
    weights that a step needs are then in the processor's cache, which saves a third of the
    time. The last column is the bias.

    Attributes:
        read: returns the blocks, float32, products by columns; called once per pass.
        places: the feature of each column but the last.
        features: number of features, those that do not occur included.
    """

    read: Callable[[], Iterable[csr_matrix]]
    places: NDArray[np.intp]
    features: int

    def read_features(self) -> Iterator[csr_matrix]:
        """Yield the blocks as the fitted steps would: products by features."""
        for block in self.read():
            own = block[:, :-1]
            features = self.places[own.indices].astype(np.int32)
            shape = (block.shape[0], self.features)
            yield csr_matrix((own.data, features, own.indptr), shape)


def shuffle(params: ModelParams, products: int) -> NDArray[np.int32]:
    """Return the order in which SGD sees the products."""
    order = np.random.default_rng(params.seed).permutation(products)
    return order.astype(np.int32)


def fit_features(
    params: ModelParams,
    texts: Iterable[pa.RecordBatch],
    order: NDArray[np.int32],
    folder: Path,
) -> tuple[Pipeline, Blocks]:
    """Fit the steps of `features` to texts that are read once, some at a time.

    One block of features is in memory; all are in a file while they are in use.

    Args:
        params: see ModelParams.
        texts: designation and description of the products, one batch after the other.
        order: see `shuffle`.
        folder: where the file is.

    Raises:
        PipelineError: the disk is full.
    """
    hashing = _text_steps(params, _hashing)
    frequencies = np.zeros(2**params.title_bits + 2**params.text_bits, dtype=np.int64)
    rows = ShuffledRows(folder, np.arange(order.size, dtype=np.int32))
    with ShuffledRows(folder, order) as words:
        kept = folder / TRAINING_COUNTS
        for counts in count_words(hashing, texts, kept, _describe_hashing(hashing)):
            frequencies += np.bincount(counts.indices, minlength=frequencies.size)
            words.append(counts)
            report_progress(f"features of {words.appended:,} products computed")
        nothing = pd.DataFrame({name: [""] for name in TEXT_COLUMNS})
        steps = features(params).fit(nothing)
        _set_frequencies(steps, frequencies, order.size)
        places = _places(frequencies)
        pa.default_memory_pool().release_unused()
        for block in range(words.blocks):
            rows.append(_pack(_weight(steps, words.read(block)), places))
    return steps, Blocks(
        lambda: map(rows.read, range(rows.blocks)), places, frequencies.size
    )


def _set_frequencies(
    steps: Pipeline, frequencies: NDArray[np.int64], products: int
) -> None:
    """Set the idf that TfidfTransformer.fit computes if it sees all products at once."""
    start = 0
    for _, block, _ in steps.named_steps["tfidf"].transformers_:
        idf = block.named_steps["idf"]
        counts = frequencies[start : start + idf.n_features_in_].astype(np.float32) + 1
        idf.idf_ = np.log(np.float32(products + 1) / counts) + 1
        start += idf.n_features_in_


def _weight(steps: Pipeline, counts: csr_matrix) -> csr_matrix:
    """Turn word counts into the output of the fitted steps for the same products."""
    parts = []
    start = 0
    for _, block, _ in steps.named_steps["tfidf"].transformers_:
        idf = block.named_steps["idf"]
        own = counts[:, start : start + idf.n_features_in_]
        parts.append(idf.transform(own, copy=False))
        start += idf.n_features_in_
    return hstack(parts, format="csr")


def _places(frequencies: NDArray[np.int64]) -> NDArray[np.intp]:
    order = np.argsort(-frequencies, kind="stable")
    return order[: np.count_nonzero(frequencies)]


def _pack(matrix: csr_matrix, places: NDArray[np.intp]) -> csr_matrix:
    """Return the columns of `Blocks`."""
    columns = np.zeros(matrix.shape[1], dtype=np.int32)
    columns[places] = np.arange(places.size, dtype=np.int32)
    packed = csr_matrix(
        (matrix.data, columns[matrix.indices], matrix.indptr),
        shape=(matrix.shape[0], places.size),
    )
    return _append_bias(packed)


def _append_bias(matrix: csr_matrix) -> csr_matrix:
    """Append the column of the bias; hstack would also sort each row."""
    rows, columns = matrix.shape
    ends = matrix.indptr[1:]
    data = np.insert(matrix.data, ends, _BIAS)
    indices = np.insert(matrix.indices, ends, columns)
    starts = matrix.indptr + np.arange(rows + 1, dtype=matrix.indptr.dtype)
    return csr_matrix((data, indices, starts), (rows, columns + 1))


def pack_features(matrix: csr_matrix) -> Blocks:
    """Return features, float32, products by features, as one block in their own order."""
    places = _places(np.bincount(matrix.indices, minlength=matrix.shape[1]))
    block = _pack(matrix, places)
    return Blocks(lambda: [block], places, matrix.shape[1])


def append_rows(blocks: Blocks, matrix: csr_matrix) -> Blocks:
    """Return blocks of more products, whose features come last.

    Features that only these products have get columns of their own.

    Args:
        blocks: see Blocks.
        matrix: features, float32, products by features.
    """
    own = np.setdiff1d(matrix.indices, blocks.places).astype(np.intp)
    places = np.concatenate([blocks.places, own])
    last = _pack(matrix, places)

    def read() -> Iterator[csr_matrix]:
        for block in blocks.read():
            columns = block.indices.copy()
            columns[block.indptr[1:] - 1] = places.size  # of the bias
            shape = (block.shape[0], last.shape[1])
            yield csr_matrix((block.data, columns, block.indptr), shape)
        yield last

    return Blocks(read, places, blocks.features)


def fit_blocks(
    params: ModelParams,
    blocks: Blocks,
    labels: NDArray[np.int64],
    copies: NDArray[np.int64] | None = None,
) -> SGDClassifier:
    """Train one binary classifier per class on all cores, with one block in memory.

    The result does not depend on the blocks: SGD sees the products in the same order.

    Args:
        params: see ModelParams.
        blocks: the features.
        labels: the class of each product, in the order of the blocks.
        copies: how often each product is in the resampled file, which is its weight, in
            the same order; None to weight each class by its inverse frequency instead.
    """
    classifier = fit_columns(params, blocks.read, labels, copies)
    packed = classifier.coef_.T
    weights = np.zeros((blocks.features, packed.shape[1]), dtype=np.float32)
    weights[blocks.places] = packed[:-1]
    classifier.coef_ = weights.T
    classifier.intercept_ = packed[-1] * np.float32(_BIAS)
    classifier.n_features_in_ = blocks.features
    return classifier


def fit_columns(
    params: ModelParams,
    read: Callable[[], Iterable[csr_matrix]],
    labels: NDArray[np.int64],
    copies: NDArray[np.int64] | None = None,
) -> SGDClassifier:
    """Train as `fit_blocks` does, a classifier of the columns of the blocks.

    Args:
        params: see ModelParams.
        read: returns the blocks, see `Blocks`.
        labels: see `fit_blocks`.
        copies: likewise.

    Raises:
        SourceError: all products are of one class.
    """
    classes, sizes = np.unique(labels, return_counts=True)
    if classes.size < 2:
        raise SourceError(
            f"All {labels.size:,} training products are of class {classes[0]}, but a"
            " model needs at least two classes: load more rows and build a dataset again."
        )
    balanced = labels.size / (classes.size * sizes)
    epochs = epochs_for(params, labels.size)
    classifier = SGDClassifier(
        loss="log_loss",
        alpha=params.alpha,
        fit_intercept=False,
        shuffle=False,
        average=max(epochs * labels.size // 4, 1),
        class_weight=None
        if copies is not None
        else dict(zip(classes.tolist(), balanced.tolist(), strict=True)),
        random_state=params.seed,
        n_jobs=-1,
    )
    for _ in range(epochs):
        start = 0
        for block in read():
            part = slice(start, start + block.shape[0])
            classifier.partial_fit(
                block,
                labels[part],
                classes,
                None if copies is None else copies[part] / copies.mean(),
            )
            start = part.stop
            del block  # before the next one is read
            report_progress(f"trained on {start:,} of {labels.size:,} products")
    # Averaging leaves two more copies of the weights behind, which only partial_fit
    # would read: without them the stored model is a third of the size.
    for leftover in ("_standard_coef", "_average_coef"):
        vars(classifier).pop(leftover, None)
    # Single precision halves the stored model; a feature's weights side by side (column
    # order) spare each prediction a copy of them all.
    classifier.coef_ = np.ascontiguousarray(classifier.coef_.T, dtype=np.float32).T
    return classifier


def epochs_for(params: ModelParams, products: int) -> int:
    """Return how often SGD passes over a number of products."""
    wanted = round(params.steps / products)
    return min(max(wanted, 1), params.epochs)


def assemble(fitted_features: Pipeline, classifier: SGDClassifier) -> Pipeline:
    """Return fitted parts as one model: raw text in, prdtypecode out."""
    return Pipeline([*fitted_features.steps, ("classify", classifier)])


def transform_texts(
    steps: Pipeline, texts: Iterable[pa.RecordBatch], kept: Path
) -> Iterator[csr_matrix]:
    """Yield the features of each batch of texts, as `steps.transform` returns them.

    Args:
        steps: the fitted steps, or a whole model.
        texts: designation and description, one batch after the other.
        kept: the file of the word counts of these texts, see `count_words`.

    Raises:
        StorageError: the file cannot be written.
    """
    blocks = steps.named_steps["tfidf"].transformers_
    words = [
        (name, block.named_steps["hash"], column) for name, block, column in blocks
    ]
    clean = ("clean", steps.named_steps["clean"])
    hashing = Pipeline([clean, ("tfidf", ColumnTransformer(words))])
    for counts in count_words(hashing, texts, kept, _describe_hashing(hashing)):
        yield _weight(steps, counts)


def predict_texts(
    model: Pipeline, texts: Iterable[pa.RecordBatch], kept: Path
) -> NDArray[np.int64]:
    """Return the class of each text, as `model.predict` does; see `transform_texts`."""
    parts = [model[-1].predict(m) for m in transform_texts(model, texts, kept)]
    return np.concatenate([np.empty(0, dtype=np.int64), *parts])


def _describe_hashing(hashing: Pipeline) -> str:
    """Return everything that determines the word counts of a text."""
    clean = hashing.named_steps["clean"].func.__qualname__
    blocks = [
        (column, vectorizer.get_params())
        for _, vectorizer, column in hashing.named_steps["tfidf"].transformers
    ]
    return f"{clean} {blocks} scikit-learn {sklearn.__version__}"


def score_classes(classifier: SGDClassifier, matrix: csr_matrix) -> NDArray[np.float32]:
    """Return the score of each class, products by classes; with two classes too."""
    scores = classifier.decision_function(matrix)
    if scores.ndim == 1:
        scores = np.column_stack([-scores, scores])
    return np.asarray(scores, dtype=np.float32)


def predict_scores(model: Pipeline, frame: pd.DataFrame) -> NDArray[np.float64]:
    """Return the probability of each class, rows by classes as in `model.classes_`."""
    scores: NDArray[np.float64] = model.predict_proba(frame)
    return scores
