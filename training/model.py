"""The baseline: TF-IDF of title and text, logistic regression by SGD.

Both blocks hash their words (Weinberger et al. 2009, "Feature hashing for large scale
multitask learning"): the space of features is the same every week, memory does not
grow with the catalogue, and the stored model holds numbers only. A vocabulary of
200,000 words would add 90 MB and six seconds to every load of the skops file.

The text block holds the words of both fields, because many catalogue rows have the
description in the designation. What was compared: `python benchmarks/model.py`, figures
in docs/ml-engineers.md.
"""

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer

from rakuten_text import title_and_text

# What a stored model may be made of besides scikit-learn and numpy; skops refuses to
# load anything else. Models registered by earlier versions name the second or the third.
TRUSTED_TYPES = [
    "rakuten_text.title_and_text",
    "rakuten_text.clean_fields",
    "training.text.clean_fields",
]

# Words of one letter or digit count, as in "Xbox 360 E" and "8 x 4".
_WORD = r"\w+"


@dataclass(frozen=True)
class ModelParams:
    """Everything that decides what is trained, apart from the rows.

    Attributes:
        title_bits: the block of the designation has 2 ** bits features.
        title_ngrams: longest run of words that is a feature.
        text_bits: likewise for designation and description together.
        text_ngrams: likewise.
        alpha: strength of the L2 penalty.
        epochs: most passes over the products.
        steps: products that SGD sees in all passes together, about; large catalogues
            get fewer passes, at least one.
        seed: order in which SGD sees the rows.
        version: raised whenever the code changes what these mean.
    """

    title_bits: int = 18
    title_ngrams: int = 2
    text_bits: int = 18
    text_ngrams: int = 1
    alpha: float = 4e-5
    epochs: int = 5
    steps: int = 200_000
    seed: int = 42
    version: int = 3

    def as_dict(self) -> dict[str, str | int | float]:
        """Return the parameters by name."""
        return asdict(self)


def features(params: ModelParams) -> Pipeline:
    """Return the untrained steps from a frame of raw text to a sparse matrix."""
    blocks = [
        ("title", params.title_bits, params.title_ngrams),
        ("text", params.text_bits, params.text_ngrams),
    ]
    tfidf = ColumnTransformer(
        [(column, _block(bits, ngrams), column) for column, bits, ngrams in blocks]
    )
    return Pipeline([("clean", FunctionTransformer(title_and_text)), ("tfidf", tfidf)])


def fit_classifier(
    params: ModelParams,
    matrix: csr_matrix,
    labels: NDArray[np.int64],
    copies: NDArray[np.int64] | None = None,
) -> SGDClassifier:
    """Train one binary classifier per class on all cores.

    Args:
        params: see ModelParams.
        matrix: float32, products by features.
        labels: the class of each product.
        copies: how often each product is in the resampled file, which is its weight;
            None to weight each class by its inverse frequency instead.
    """
    # Most words are rare. With the frequent ones side by side, most of the weights that
    # a step needs are in the processor's cache: a third less time, the same result.
    counts = np.bincount(matrix.indices, minlength=matrix.shape[1])
    order = np.argsort(-counts, kind="stable")[: np.count_nonzero(counts)]
    places = np.zeros(matrix.shape[1], dtype=np.int32)
    places[order] = np.arange(order.size, dtype=np.int32)
    packed = csr_matrix(
        (matrix.data, places[matrix.indices], matrix.indptr),
        shape=(matrix.shape[0], order.size),
    )
    classifier = SGDClassifier(
        loss="log_loss",
        alpha=params.alpha,
        max_iter=epochs_for(params, labels.size),
        tol=None,
        average=True,
        class_weight="balanced" if copies is None else None,
        random_state=params.seed,
        n_jobs=-1,
    ).fit(
        packed,
        labels,
        sample_weight=None if copies is None else copies / copies.mean(),
    )
    # Single precision halves the stored model; a feature's weights side by side (column
    # order) spare each prediction a copy of them all.
    shape = (len(classifier.coef_), matrix.shape[1])
    weights = np.zeros(shape, dtype=np.float32, order="F")
    weights[:, order] = classifier.coef_
    classifier.coef_ = weights
    classifier.n_features_in_ = matrix.shape[1]
    # Averaging leaves two more copies of the weights behind, which only partial_fit
    # would read: without them the stored model is a third of the size.
    for leftover in ("_standard_coef", "_average_coef"):
        vars(classifier).pop(leftover, None)
    return classifier


def epochs_for(params: ModelParams, products: int) -> int:
    """Return how often SGD passes over a number of products."""
    wanted = round(params.steps / products)
    return min(max(wanted, 1), params.epochs)


def assemble(fitted_features: Pipeline, classifier: SGDClassifier) -> Pipeline:
    """Return fitted parts as one model: raw text in, prdtypecode out."""
    return Pipeline([*fitted_features.steps, ("classify", classifier)])


def predict_scores(model: Pipeline, frame: pd.DataFrame) -> NDArray[np.float64]:
    """Return the probability of each class, rows by classes as in `model.classes_`."""
    scores: NDArray[np.float64] = model.predict_proba(frame)
    return scores


def _block(bits: int, ngrams: int) -> Pipeline:
    return Pipeline(
        [
            (
                "hash",
                HashingVectorizer(
                    n_features=2**bits,
                    ngram_range=(1, ngrams),
                    alternate_sign=False,
                    norm=None,
                    lowercase=False,
                    token_pattern=_WORD,
                    dtype=np.float32,
                ),
            ),
            ("idf", TfidfTransformer(sublinear_tf=True)),
        ]
    )
