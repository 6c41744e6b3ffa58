"""Which dataset version to train on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import mlflow
import numpy as np
import pyarrow.parquet as pq
from mlflow import MlflowClient
from mlflow.entities import Dataset, Run
from mlflow.exceptions import MlflowException

from training.tracking import DATASET_EXPERIMENT
from warehouse.errors import SourceError


@dataclass(frozen=True)
class TrainingDataset:
    """A dataset version that `balancing` logged.

    Attributes:
        run_id: its run in DATASET_EXPERIMENT.
        batch_name: the batch it was made after.
        digest: SHA-256 of its content.
        train_path: Parquet file of the training folds, copies included.
        validation_path: Parquet file of the held-out fold.
        inputs: the same as MLflow knows it, to be linked to other runs.
    """

    run_id: str
    batch_name: str
    digest: str
    train_path: Path
    validation_path: Path
    inputs: Sequence[Dataset]


def resolve_dataset(client: MlflowClient, name: str | None) -> TrainingDataset:
    """Find a dataset version and bring its files here.

    Args:
        client: see `tracking.open_client`.
        name: run id or batch name; None for the newest version.

    Raises:
        SourceError: there is no such version, or its files are gone.
    """
    run = _find_run(client, name)
    run_id = str(run.info.run_id)
    return TrainingDataset(
        run_id=run_id,
        batch_name=run.data.tags["batch_name"],
        digest=run.data.tags["dataset_digest"],
        train_path=_artifact(client, run_id, "train.parquet"),
        validation_path=_artifact(client, run_id, "validation.parquet"),
        inputs=[e.dataset for e in run.inputs.dataset_inputs] if run.inputs else [],
    )


def _find_run(client: MlflowClient, name: str | None) -> Run:
    experiment = client.get_experiment_by_name(DATASET_EXPERIMENT)
    if experiment is None:
        raise _missing(name)
    where = ["attributes.status = 'FINISHED'", "tags.batch_name LIKE 'week%'"]
    if name is not None:
        try:
            return client.get_run(name)
        except MlflowException:
            where[1] = f"tags.batch_name = '{name}'"
    runs = client.search_runs(
        [experiment.experiment_id],
        " and ".join(where),
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    if not runs:
        raise _missing(name)
    return runs[0]


def _missing(name: str | None) -> SourceError:
    wanted = "dataset version" if name is None else f"dataset version {name!r}"
    return SourceError(
        f"There is no {wanted} in the MLflow experiment {DATASET_EXPERIMENT}:"
        " `python -m balancing build` makes one, `python -m balancing list` shows them."
    )


def _artifact(client: MlflowClient, run_id: str, name: str) -> Path:
    try:
        return Path(
            mlflow.artifacts.download_artifacts(
                run_id=run_id,
                artifact_path=f"dataset/{name}",
                tracking_uri=client.tracking_uri,
            )
        )
    except (MlflowException, OSError) as error:
        raise SourceError(
            f"The file {name} of dataset run {run_id} is gone: {error}."
            " `python -m balancing build` makes it again."
        ) from None


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
