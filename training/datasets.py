"""Which dataset version to train on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from mlflow import MlflowClient
from mlflow.entities import Dataset, Run
from mlflow.exceptions import MlflowException

from core.artifacts import fetch_artifact
from core.datasets import find_version, holdout_of
from core.errors import SourceError
from core.tracking import SAMPLE, WAREHOUSE


@dataclass(frozen=True)
class TrainingDataset:
    """A dataset version that `balancing` logged.

    Attributes:
        run_id: its run in DATASET_EXPERIMENT.
        batch_name: the batch it was made after.
        load_batch_id: the number of that batch.
        digest: SHA-256 of its content.
        holdout_fold: the fold that `validation_path` holds.
        train_path: Parquet file of the training folds, copies included.
        validation_path: Parquet file of the held-out fold.
        inputs: the same as MLflow knows it, to be linked to other runs.
        warehouse: identity of the warehouse it was made from; None if unknown.
        is_sample: whether that held the synthetic sample.
    """

    run_id: str
    batch_name: str
    load_batch_id: int
    digest: str
    holdout_fold: str
    train_path: Path
    validation_path: Path
    inputs: Sequence[Dataset]
    warehouse: str | None
    is_sample: bool


def resolve_dataset(
    client: MlflowClient, name: str | None, warehouse: str | None = None
) -> TrainingDataset:
    """Find a dataset version and bring its files here.

    Args:
        client: see `tracking.open_client`.
        name: see `core.datasets.find_version`.
        warehouse: likewise.

    Raises:
        SourceError: there is no such version, or its files are gone or damaged.
    """
    run = find_version(client, name, warehouse)
    run_id = str(run.info.run_id)
    return TrainingDataset(
        run_id=run_id,
        batch_name=run.data.tags["batch_name"],
        load_batch_id=int(run.data.tags["load_batch_id"]),
        digest=run.data.tags["dataset_digest"],
        holdout_fold=holdout_of(run),
        train_path=_artifact(client, run, "train.parquet"),
        validation_path=_artifact(client, run, "validation.parquet"),
        inputs=[e.dataset for e in run.inputs.dataset_inputs] if run.inputs else [],
        warehouse=run.data.tags.get(WAREHOUSE),
        is_sample=run.data.tags.get(SAMPLE) == "true",
    )


def _artifact(client: MlflowClient, run: Run, name: str) -> Path:
    try:
        path = fetch_artifact(client, str(run.info.run_id), f"dataset/{name}")
        # A file of no bytes, or a cut one, has no footer.
        pq.read_metadata(path)
    except (MlflowException, OSError, pa.ArrowInvalid) as error:
        raise SourceError(
            f"The file {name} of dataset run {run.info.run_id} is gone or damaged:"
            f" {error}. `python -m balancing build --as-of {run.data.tags['batch_name']}`"
            " rebuilds it."
        ) from None
    return path


def class_counts(dataset: TrainingDataset) -> Mapping[int, tuple[int, int]]:
    """Count the training rows of each class: before and after the copies were made."""
    table = pq.read_table(dataset.train_path, columns=["prdtypecode", "copy"])
    codes = table["prdtypecode"].to_numpy()
    original = table["copy"].to_numpy() == 0
    return {
        int(code): (
            int(np.count_nonzero((codes == code) & original)),
            int(np.count_nonzero(codes == code)),
        )
        for code in np.unique(codes)
    }
