"""The baseline: TF-IDF of the two text fields, logistic regression by SGD.

Both blocks hash their words (Weinberger et al. 2009, "Feature hashing for large scale
multitask learning"): the space of features is the same every week, memory does not
grow with the catalogue, and the stored model holds numbers only. A vocabulary of
200,000 words would add 90 MB and six seconds to every load of the skops file.

Few epochs are enough, and better: `python benchmarks/model.py`, figures in
docs/ml-engineers.md.
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

from rakuten_text import clean_fields

# What a stored model may be made of besides scikit-learn and numpy; skops refuses to
# load anything else. The second name is that of models registered before the first.
TRUSTED_TYPES = ["rakuten_text.clean_fields", "training.text.clean_fields"]


@dataclass(frozen=True)
class ModelParams:
    """Everything that decides what is trained, apart from the rows.

    Attributes:
        designation_bits: the designation block has 2 ** bits features.
        designation_ngrams: longest run of words that is a feature.
        description_bits: likewise for the description.
        description_ngrams: likewise.
        alpha: strength of the L2 penalty.
        epochs: passes over the products when classes are weighted.
        resampled_epochs: passes over the resampled rows, copies included.
        seed: order in which SGD sees the rows.
        version: raised whenever the code changes what these mean.
    """

    designation_bits: int = 18
    designation_ngrams: int = 2
    description_bits: int = 17
    description_ngrams: int = 1
    alpha: float = 5e-6
    epochs: int = 5
    resampled_epochs: int = 2
    seed: int = 42
    version: int = 2

    def as_dict(self) -> dict[str, str | int | float]:
        """Return the parameters by name."""
        return asdict(self)


def features(params: ModelParams) -> Pipeline:
    """Return the untrained steps from a frame of raw text to a sparse matrix."""
    blocks = [
        ("designation", params.designation_bits, params.designation_ngrams),
        ("description", params.description_bits, params.description_ngrams),
    ]
    tfidf = ColumnTransformer(
        [(column, _block(bits, ngrams), column) for column, bits, ngrams in blocks]
    )
    return Pipeline([("clean", FunctionTransformer(clean_fields)), ("tfidf", tfidf)])


def fit_classifier(
    params: ModelParams,
    matrix: csr_matrix,
    labels: NDArray[np.int64],
    *,
    class_weights: bool,
) -> SGDClassifier:
    """Train one binary classifier per class on all cores.

    Args:
        params: see ModelParams.
        matrix: float32, rows by features.
        labels: the class of each row.
        class_weights: weigh each row by the inverse frequency of its class; without,
            the rows are taken as resampled.
    """
    classifier = SGDClassifier(
        loss="log_loss",
        alpha=params.alpha,
        max_iter=params.epochs if class_weights else params.resampled_epochs,
        tol=None,
        average=True,
        class_weight="balanced" if class_weights else None,
        random_state=params.seed,
        n_jobs=-1,
    ).fit(matrix, labels)
    # Averaging leaves two more copies of the weights behind, which only partial_fit
    # would read: without them the stored model is a third of the size.
    for leftover in ("_standard_coef", "_average_coef"):
        vars(classifier).pop(leftover, None)
    return classifier


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
                    dtype=np.float32,
                ),
            ),
            ("idf", TfidfTransformer(sublinear_tf=True)),
        ]
    )
