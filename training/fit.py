"""The two variants of the baseline, fitted to the features of a training file."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import Pipeline

from core.progress import report_progress
from training.features import TrainingFeatures
from training.model import ModelParams, fit_blocks, score_classes, transform_texts
from training.rows import read_texts
from training.words import HELD_OUT_COUNTS

RESAMPLED = "resampled"
CLASS_WEIGHTS = "class_weights"


def fit_variant(
    params: ModelParams, features: TrainingFeatures, variant: str
) -> SGDClassifier:
    """Train a variant.

    Args:
        params: see ModelParams.
        features: the features of the training file.
        variant: RESAMPLED, where each product weighs as much as it has rows in the file,
            or CLASS_WEIGHTS, where each class weighs the same.
    """
    report_progress(f"fitting {variant.replace('_', ' ')}")
    copies = features.rows.copies[features.order] if variant == RESAMPLED else None
    return fit_blocks(
        params, features.blocks, features.rows.labels[features.order], copies
    )


def score_held_out(
    steps: Pipeline,
    classifiers: Mapping[str, SGDClassifier],
    path: Path,
    rows: int,
    folder: Path,
) -> Mapping[str, NDArray[np.float32]]:
    """Return each classifier's scores of the held-out rows, rows by classes.

    Args:
        steps: from raw text to features.
        classifiers: by variant.
        path: the file of held-out rows.
        rows: how many it has.
        folder: where the word counts of these rows are kept.
    """
    scores = {
        variant: np.empty((rows, classifier.classes_.size), dtype=np.float32)
        for variant, classifier in classifiers.items()
    }
    start = 0
    for matrix in transform_texts(steps, read_texts(path), folder / HELD_OUT_COUNTS):
        part = slice(start, start + matrix.shape[0])
        for variant, classifier in classifiers.items():
            scores[variant][part] = score_classes(classifier, matrix)
        start = part.stop
        report_progress(f"{start:,} of {rows:,} held-out products classified")
    # Logging the model next needs the most memory of a large training.
    pa.default_memory_pool().release_unused()
    return scores
