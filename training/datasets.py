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

from core.errors import SourceError
from core.tracking import DATASET_EXPERIMENT

# What the parameter holdout_fold says of a version that holds nothing out.
NO_HOLDOUT = "none"
_MOST_RUNS = 10_000


@dataclass(frozen=True)
class TrainingDataset:
    """A dataset version that `balancing` logged.

    Attributes:
        run_id: its run in DATASET_EXPERIMENT.
        batch_name: the batch it was made after.
        digest: SHA-256 of its content.
        holdout_fold: the fold that `validation_path` holds.
        train_path: Parquet file of the training folds, copies included.
        validation_path: Parquet file of the held-out fold.
        inputs: the same as MLflow knows it, to be linked to other runs.
    """

    run_id: str
    batch_name: str
    digest: str
    holdout_fold: str
    train_path: Path
    validation_path: Path
    inputs: Sequence[Dataset]


def resolve_dataset(client: MlflowClient, name: str | None) -> TrainingDataset:
    """Find a dataset version and bring its files here.

    Args:
        client: see `tracking.open_client`.
        name: run id (its beginning will do) or batch name; None for the newest batch.
            Of several versions of a batch it is the last one with held-out rows.

    Raises:
        SourceError: there is no such version, or its files are gone.
    """
    run = _find_run(client, name)
    run_id = str(run.info.run_id)
    return TrainingDataset(
        run_id=run_id,
        batch_name=run.data.tags["batch_name"],
        digest=run.data.tags["dataset_digest"],
        holdout_fold=_holdout(run),
        train_path=_artifact(client, run_id, "train.parquet"),
        validation_path=_artifact(client, run_id, "validation.parquet"),
        inputs=[e.dataset for e in run.inputs.dataset_inputs] if run.inputs else [],
    )


def _find_run(client: MlflowClient, name: str | None) -> Run:
    experiment = client.get_experiment_by_name(DATASET_EXPERIMENT)
    runs = (
        client.search_runs(
            [experiment.experiment_id],
            "attributes.status = 'FINISHED'",
            order_by=["attributes.start_time DESC"],
            max_results=_MOST_RUNS,
        )
        if experiment is not None
        else []
    )
    if name is None:
        # A past batch may have been rebuilt since, so the last run is not the newest.
        judged = [run for run in runs if _holdout(run) != NO_HOLDOUT]
        found = sorted(judged, key=lambda run: -int(run.data.tags["load_batch_id"]))
    else:
        by_batch = [run for run in runs if run.data.tags.get("batch_name") == name]
        by_id = [run for run in runs if run.info.run_id.startswith(name)]
        found = [run for run in by_batch if _holdout(run) != NO_HOLDOUT] or by_id
        found = found or by_batch
    if not found:
        raise _missing(name)
    return found[0]


def _holdout(run: Run) -> str:
    return str(run.data.params.get("holdout_fold", NO_HOLDOUT))


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
