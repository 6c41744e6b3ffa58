"""Finished trainings, as MLflow keeps them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from mlflow.entities import Run
from mlflow.exceptions import MlflowException

from core.artifacts import fetch_artifact
from core.datasets import list_versions
from core.errors import SourceError
from core.settings import Settings
from core.tracking import (
    TAG,
    TRAINING_EXPERIMENT,
    WAREHOUSE,
    experiment_id,
    open_client,
)
from training.compare import Difference
from training.fit import CLASS_WEIGHTS, RESAMPLED


@dataclass(frozen=True)
class Promotion:
    """The decision of one training about the champion.

    Attributes:
        promoted: whether `champion` moved to the new model.
        reason: why it moved, or why not.
        champion_f1: weighted F1 of the former champion on the same held-out rows, if
            any.
        difference: of weighted F1 to that champion, with its 95 % interval.
        champion_version: the version that serves after this training.
    """

    promoted: bool
    reason: str
    champion_f1: float | None
    difference: Difference | None
    champion_version: int | None


@dataclass(frozen=True)
class TrainedOn:
    """The dataset version that a training used.

    Attributes:
        dataset_run_id: its run.
        batch_name: the batch it was built from.
        warehouse: identity of its warehouse; None if it was not recorded.
    """

    dataset_run_id: str
    batch_name: str
    warehouse: str | None


@dataclass(frozen=True)
class TrainingOutcome:
    """The result of one training.

    Attributes:
        run_id: the run in TRAINING_EXPERIMENT.
        dataset: the dataset version.
        variant: RESAMPLED or CLASS_WEIGHTS, whichever has the better weighted F1;
            this one is registered.
        weighted_f1: of that variant, on the held-out rows.
        macro_f1: likewise.
        variant_f1: weighted F1 of both variants.
        model_version: its number in the registry.
        promotion: the decision about the champion.
        rows: train_rows (copies included), train_products, validation_rows, and
            test_rows when X_test was scored.
        seconds: time to fit and evaluate both variants.
        reused: whether the same training had been done before.
    """

    run_id: str
    dataset: TrainedOn
    variant: str
    weighted_f1: float
    macro_f1: float
    variant_f1: Mapping[str, float]
    model_version: int
    promotion: Promotion
    rows: Mapping[str, int]
    seconds: float
    reused: bool


def as_dict(outcome: TrainingOutcome) -> dict[str, Any]:
    """Return the outcome as JSON can hold it, with dataset and promotion inlined."""
    values = asdict(outcome)
    return {**values.pop("dataset"), **values.pop("promotion"), **values}


def trainings(
    settings: Settings, warehouse: str | None = None
) -> Sequence[TrainingOutcome]:
    """Return the finished trainings of the baseline, oldest first.

    Args:
        settings: see Settings.
        warehouse: only those on datasets of this warehouse; None for all.
    """
    client = open_client(settings)
    runs = client.search_runs(
        [experiment_id(client, settings, TRAINING_EXPERIMENT)],
        "attributes.status = 'FINISHED'",
        order_by=["attributes.start_time ASC"],
        max_results=50_000,
    )
    own = [run for run in runs if f"{TAG}key" in run.data.tags]
    if warehouse is not None:
        datasets = {str(v.info.run_id) for v in list_versions(client, warehouse)}
        own = [r for r in own if r.data.tags[f"{TAG}dataset_run_id"] in datasets]
    return [read_outcome(run, reused=True) for run in own]


def scores_of(settings: Settings, outcome: TrainingOutcome) -> dict[str, Any]:
    """Read the scores of the registered variant: by class, and the confusion matrix.

    Raises:
        SourceError: the file is gone from the artifact store, or damaged.
    """
    name = f"evaluation/scores_{outcome.variant}.json"
    client = open_client(settings)
    try:
        path = fetch_artifact(client, outcome.run_id, name)
        scores: dict[str, Any] = json.loads(path.read_bytes())
    except (MlflowException, OSError, ValueError) as error:
        raise SourceError(
            f"{name} of training run {outcome.run_id} is gone or damaged: {error}"
        ) from None
    return scores


def read_outcome(run: Run, *, reused: bool) -> TrainingOutcome:
    """Return the outcome of a finished training from its run."""
    tags, metrics = run.data.tags, run.data.metrics
    return TrainingOutcome(
        run_id=str(run.info.run_id),
        dataset=TrainedOn(
            dataset_run_id=tags[f"{TAG}dataset_run_id"],
            batch_name=tags[f"{TAG}batch_name"],
            warehouse=tags.get(WAREHOUSE),
        ),
        variant=tags[f"{TAG}variant"],
        weighted_f1=metrics["weighted_f1"],
        macro_f1=metrics["macro_f1"],
        variant_f1={
            variant: metrics[f"{variant}_weighted_f1"]
            for variant in (RESAMPLED, CLASS_WEIGHTS)
        },
        model_version=int(tags[f"{TAG}model_version"]),
        promotion=_promotion(tags, metrics),
        rows={
            name: int(metrics[name])
            for name in ("train_rows", "train_products", "validation_rows", "test_rows")
            if name in metrics
        },
        seconds=metrics["training_seconds"],
        reused=reused,
    )


def _promotion(tags: Mapping[str, str], metrics: Mapping[str, float]) -> Promotion:
    promoted = tags[f"{TAG}promoted"] == "true"
    serving = tags[f"{TAG}{'model_version' if promoted else 'champion_before'}"]
    return Promotion(
        promoted=promoted,
        reason=tags[f"{TAG}reason"],
        champion_f1=metrics.get("champion_weighted_f1"),
        difference=_difference(metrics),
        champion_version=int(serving) if serving else None,
    )


def _difference(metrics: Mapping[str, float]) -> Difference | None:
    names = [f"champion_difference{end}" for end in ("", "_low", "_high")]
    # Trainings of earlier versions have none.
    if not all(name in metrics for name in names):
        return None
    return Difference(*(metrics[name] for name in names))
