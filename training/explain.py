"""The words that contribute most to a predicted class."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import Pipeline


@dataclass(frozen=True)
class Explanation:
    """One class and the words that contribute to it.

    Attributes:
        prdtypecode: the class.
        probability: as the model gives it.
        words: words and pairs of words with their share in the score (the feature's
            value times its weight), largest first; positive ones only.
    """

    prdtypecode: int
    probability: float
    words: Sequence[tuple[str, float]]


def explain(
    model: Pipeline,
    designation: str,
    description: str = "",
    *,
    classes: int = 3,
    words: int = 6,
) -> list[Explanation]:
    """Return the likeliest classes of one product, likeliest first.

    Args:
        model: see `champion.load_champion`.
        designation: raw text.
        description: raw text.
        classes: how many classes.
        words: how many words for each.
    """
    frame = pd.DataFrame({"designation": [designation], "description": [description]})
    matrix = model[:-1].transform(frame)
    classifier = model[-1]
    probabilities = classifier.predict_proba(matrix)[0]
    named = name_features(model, frame)
    explanations = []
    for position in np.argsort(-probabilities, kind="stable")[:classes]:
        shares = matrix.data * _weights(classifier, int(position))[matrix.indices]
        explanations.append(
            Explanation(
                int(classifier.classes_[position]),
                float(probabilities[position]),
                add_up_words(named, matrix.indices, shares)[:words],
            )
        )
    return explanations


def add_up_words(
    named: Mapping[int, Sequence[str]],
    features: NDArray[np.integer[Any]],
    shares: NDArray[np.float64],
) -> list[tuple[str, float]]:
    """Return the words whose shares in a score are above zero in sum, largest first.

    A word of the title is a feature of both blocks.

    Args:
        named: see `name_features`.
        features: columns of the matrix.
        shares: part of each in the score.
    """
    sums: dict[str, float] = {}
    for feature, share in zip(features.tolist(), shares.tolist(), strict=True):
        words = " / ".join(named[feature])
        sums[words] = sums.get(words, 0.0) + share
    return sorted((word for word in sums.items() if word[1] > 0), key=lambda w: -w[1])


def _weights(classifier: SGDClassifier, position: int) -> NDArray[np.float64]:
    """Return a class's weights; with two classes only the second one's are stored."""
    weights: NDArray[np.float64] = classifier.coef_
    if len(weights) == 1:
        weights = np.vstack([-weights, weights])
    return np.asarray(weights[position], dtype=np.float64)


def name_features(steps: Pipeline, frame: pd.DataFrame) -> Mapping[int, list[str]]:
    """Return the words of one product behind each feature.

    A hash cannot be turned back into a word, but the product's own words can be
    hashed again; two words with the same hash are both named.

    Args:
        steps: a model, or only its fitted features.
        frame: one row.
    """
    cleaned = steps.named_steps["clean"].transform(frame)
    named: dict[int, list[str]] = {}
    offset = 0
    for _, block, column in steps.named_steps["tfidf"].transformers_:
        hashing: HashingVectorizer = block.named_steps["hash"]
        tokens = sorted(set(hashing.build_analyzer()(cleaned[column].iloc[0])))
        if tokens:
            alone = HashingVectorizer(
                **{**hashing.get_params(), "analyzer": _whole}
            ).transform(tokens)
            for token, index in zip(tokens, alone.indices.tolist(), strict=True):
                named.setdefault(offset + index, []).append(token)
        offset += hashing.n_features
    return named


def _whole(token: str) -> list[str]:
    return [token]
