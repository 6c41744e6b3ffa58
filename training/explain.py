"""Why the model chose a class: the words that speak for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import Pipeline


@dataclass(frozen=True)
class Explanation:
    """One class and what speaks for it.

    Attributes:
        prdtypecode: the class.
        probability: as the model gives it.
        words: words and pairs of words with their share in the score (the feature's
            value times its weight), largest first; only those that speak for it.
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
    named = _feature_words(model, frame)
    explanations = []
    for position in np.argsort(-probabilities, kind="stable")[:classes]:
        weights = _weights(classifier, int(position))
        shares: dict[str, float] = {}
        for index, value in zip(matrix.indices, matrix.data, strict=True):
            # A word of the title is a feature of both blocks.
            share = float(value) * float(weights[index])
            words_here = " / ".join(named[int(index)])
            shares[words_here] = shares.get(words_here, 0.0) + share
        speaking = sorted((s for s in shares.items() if s[1] > 0), key=lambda s: -s[1])
        explanations.append(
            Explanation(
                int(classifier.classes_[position]),
                float(probabilities[position]),
                speaking[:words],
            )
        )
    return explanations


def _weights(classifier: SGDClassifier, position: int) -> NDArray[np.float64]:
    """Return a class's weights; with two classes only the second one's are stored."""
    weights: NDArray[np.float64] = classifier.coef_
    if len(weights) == 1:
        weights = np.vstack([-weights, weights])
    return np.asarray(weights[position], dtype=np.float64)


def _feature_words(model: Pipeline, frame: pd.DataFrame) -> Mapping[int, list[str]]:
    """Return the words of this product behind each feature.

    A hash cannot be turned back into a word, but the product's own words can be
    hashed again; two words with the same hash are both named.
    """
    cleaned = model.named_steps["clean"].transform(frame)
    named: dict[int, list[str]] = {}
    offset = 0
    for _, block, column in model.named_steps["tfidf"].transformers_:
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
