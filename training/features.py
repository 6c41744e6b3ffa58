"""The features of a training file, computed once per process.

The weekly run trains and reviews labels in one process.
"""

from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from training.datasets import TrainingDataset
from training.model import Blocks, ModelParams, fit_features, shuffle
from training.rows import TrainingRows, read_texts, read_training_rows


@dataclass(frozen=True)
class TrainingFeatures:
    """The features and labels of the products of a training file.

    Attributes:
        rows: labels and copies, in the order of the file.
        order: the position in the file of each row of `blocks`.
        steps: the fitted steps from raw text to features.
        blocks: the features, in the random order in which SGD sees them.
    """

    rows: TrainingRows
    order: NDArray[np.int32]
    steps: Pipeline
    blocks: Blocks


_Key = tuple[str, ModelParams, Path]
_newest: dict[_Key, TrainingFeatures] = {}
# One at a time, for their memory: a champion may be repaired beside a training.
_computing = Lock()


def compute_features(
    source: TrainingDataset, params: ModelParams, folder: Path
) -> TrainingFeatures:
    """Compute the features of the training products, or return those just computed.

    They are in a file without a name, which the system removes when this process ends.

    Args:
        source: the dataset version.
        params: see ModelParams.
        folder: where the file without a name is.

    Raises:
        SourceError: there is nothing to train on.
        PipelineError: the disk is full.
    """
    key = (source.digest, params, folder)
    with _computing:
        if key not in _newest:
            _newest.clear()
            rows = read_training_rows(source.train_path)
            order = shuffle(params, rows.labels.size)
            texts = read_texts(source.train_path)
            steps, blocks = fit_features(params, texts, order, folder)
            _newest[key] = TrainingFeatures(rows, order, steps, blocks)
        return _newest[key]
