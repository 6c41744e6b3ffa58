"""One training: fit, evaluate, log, register, and decide about the champion."""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import mlflow
import psutil
import sklearn
from mlflow import MlflowClient
from mlflow.entities import Run
from mlflow.exceptions import MlflowException

from core.datasets import list_versions
from core.errors import SourceError
from core.progress import report_progress
from core.settings import Settings
from core.tracking import (
    CHAMPION,
    MODEL_NAME,
    TAG,
    TRAINING_EXPERIMENT,
    WAREHOUSE,
    experiment_id,
    open_client,
)
from training.compare import Difference
from training.datasets import TrainingDataset, resolve_dataset
from training.fit import CLASS_WEIGHTS, RESAMPLED
from training.model import ModelParams
from training.record import log_trial, register, score_test_set
from training.variants import try_variants


@dataclass(frozen=True)
class TrainingOutcome:
    """The result of one training.

    Attributes:
        run_id: the run in TRAINING_EXPERIMENT.
        batch_name: the batch whose dataset it was.
        dataset_run_id: the run of the dataset version.
        variant: RESAMPLED or CLASS_WEIGHTS, whichever has the better weighted F1;
            this one is registered.
        weighted_f1: of that variant, on the held-out rows.
        macro_f1: likewise.
        variant_f1: weighted F1 of both variants.
        model_version: its number in the registry.
        promoted: whether `champion` moved to it.
        reason: why it moved, or why not.
        champion_f1: weighted F1 of the former champion on the same rows, if any.
        difference: of weighted F1 to that champion, with its 95 % interval.
        champion_version: the version that serves after this training.
        rows: train_rows (copies included), train_products, validation_rows, and
            test_rows when X_test was scored.
        seconds: time to fit and evaluate both variants.
        reused: whether the same training had been done before.
        warehouse: identity of the dataset's warehouse; None if it was not recorded.
    """

    run_id: str
    batch_name: str
    dataset_run_id: str
    variant: str
    weighted_f1: float
    macro_f1: float
    variant_f1: Mapping[str, float]
    model_version: int
    promoted: bool
    reason: str
    champion_f1: float | None
    difference: Difference | None
    champion_version: int | None
    rows: Mapping[str, int]
    seconds: float
    reused: bool
    warehouse: str | None


def train(
    settings: Settings,
    dataset: str | None = None,
    *,
    warehouse: str | None = None,
    force: bool = False,
    replace_champion: bool = False,
) -> TrainingOutcome:
    """Train on a dataset version, unless that has been done with the same parameters.

    Args:
        settings: see Settings.
        dataset: run id or batch name (`week_3`) of a dataset version; the newest one
            if None.
        warehouse: identity of the warehouse whose dataset versions count; None for all.
        force: train even if the same training exists.
        replace_champion: make the model champion without a comparison, for instance
            because the champion's files are lost.

    Raises:
        SourceError: there is no such dataset version, or it has no held-out rows.
        UnreadableChampionError: there is a champion, and it can neither be loaded nor
            repaired.
    """
    client = open_client(settings)
    source = resolve_dataset(client, dataset, warehouse)
    params = ModelParams(seed=settings.random_seed)
    experiment = experiment_id(client, settings, TRAINING_EXPERIMENT)
    key = _training_key(source, params)
    _finish_promotions(client, experiment)
    if not (force or replace_champion):
        known = _finished_run(client, experiment, key)
        if known is not None:
            return _outcome(known, reused=True)
    _close_abandoned_runs(client, experiment)
    _remove_unfinished_versions(client, experiment)
    with mlflow.start_run(
        experiment_id=experiment,
        run_name=f"{source.batch_name}_training",
        tags=_tags(
            key=key,
            batch_name=source.batch_name,
            dataset_run_id=source.run_id,
            dataset_digest=source.digest,
            owner=_owner(),
            **_origin(source),
        ),
    ) as run:
        trial = try_variants(
            client,
            source,
            params,
            settings.snapshots_path,
            replace_champion=replace_champion,
        )
        report_progress("logging to MLflow")
        log_trial(client, run.info.run_id, source, params, trial)
        score_test_set(client, settings, run.info.run_id, trial)
        version = register(settings, trial)
        mlflow.set_tags(
            _tags(
                model_version=version,
                variant=trial.best.variant,
                promoted=str(trial.decision.promote).lower(),
                reason=trial.decision.reason,
                alias="pending" if trial.decision.promote else "unchanged",
            )
        )
    # Comes last, so that a champion is always the model of a finished run.
    _finish_promotions(client, experiment)
    return _outcome(client.get_run(run.info.run_id), reused=False)


def _finish_promotions(client: MlflowClient, experiment: str) -> None:
    """Move the alias for finished runs whose process was killed before it did."""
    for run in client.search_runs(
        [experiment],
        f"tags.`{TAG}alias` = 'pending' and attributes.status = 'FINISHED'",
        order_by=["attributes.start_time ASC"],
    ):
        version = run.data.tags[f"{TAG}model_version"]
        client.set_registered_model_alias(MODEL_NAME, CHAMPION, version)
        client.set_tag(run.info.run_id, f"{TAG}alias", "moved")


def champion_version(client: MlflowClient) -> int | None:
    """Return the version that serves now."""
    try:
        champion = client.get_model_version_by_alias(MODEL_NAME, CHAMPION)
    except MlflowException:
        return None
    return int(champion.version)


def _origin(source: TrainingDataset) -> dict[str, str]:
    if source.warehouse is None:
        return {}
    return {"warehouse": source.warehouse, "sample": str(source.is_sample).lower()}


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
    return [_outcome(run, reused=True) for run in own]


def scores_of(settings: Settings, outcome: TrainingOutcome) -> dict[str, Any]:
    """Read the scores of the registered variant: by class, and the confusion matrix.

    Raises:
        SourceError: the file is gone from the artifact store.
    """
    name = f"evaluation/scores_{outcome.variant}.json"
    open_client(settings)
    try:
        loaded: dict[str, Any] = mlflow.artifacts.load_dict(
            f"runs:/{outcome.run_id}/{name}"
        )
    except (MlflowException, OSError) as error:
        raise SourceError(
            f"{name} of training run {outcome.run_id} is gone: {error}"
        ) from None
    return loaded


def _training_key(source: TrainingDataset, params: ModelParams) -> str:
    """Return a hash of everything that determines the result."""
    identity = {
        "dataset": source.digest,
        **({"warehouse": source.warehouse} if source.warehouse else {}),
        "params": params.as_dict(),
        "scikit-learn": sklearn.__version__,
    }
    return hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()


def _finished_run(client: MlflowClient, experiment: str, key: str) -> Run | None:
    runs = client.search_runs(
        [experiment],
        f"tags.`{TAG}key` = '{key}' and attributes.status = 'FINISHED'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return runs[0] if runs else None


def _close_abandoned_runs(client: MlflowClient, experiment: str) -> None:
    """Mark runs as killed if their process on this machine is gone."""
    host, _, _ = _owner().partition(":")
    for run in client.search_runs([experiment], "attributes.status = 'RUNNING'"):
        owner, _, pid = run.data.tags.get(f"{TAG}owner", "").partition(":")
        if owner == host and pid.isdigit() and not psutil.pid_exists(int(pid)):
            client.set_terminated(run.info.run_id, "KILLED")


def _remove_unfinished_versions(client: MlflowClient, experiment: str) -> None:
    """Remove the registered models of trainings that were killed or failed.

    A version that somebody gave an alias to stays.
    """
    for run in client.search_runs(
        [experiment],
        "attributes.status != 'FINISHED' and attributes.status != 'RUNNING'",
    ):
        if f"{TAG}key" not in run.data.tags:
            continue
        for version in client.search_model_versions(f"run_id = '{run.info.run_id}'"):
            known = client.get_model_version(version.name, version.version)
            if not known.aliases:
                client.delete_model_version(version.name, version.version)


def _owner() -> str:
    return f"{os.uname().nodename}:{os.getpid()}"


def _tags(**values: object) -> dict[str, str]:
    return {f"{TAG}{name}": str(value) for name, value in values.items()}


def _outcome(run: Run, *, reused: bool) -> TrainingOutcome:
    tags, metrics = run.data.tags, run.data.metrics
    return TrainingOutcome(
        run_id=str(run.info.run_id),
        batch_name=tags[f"{TAG}batch_name"],
        dataset_run_id=tags[f"{TAG}dataset_run_id"],
        variant=tags[f"{TAG}variant"],
        weighted_f1=metrics["weighted_f1"],
        macro_f1=metrics["macro_f1"],
        variant_f1={
            variant: metrics[f"{variant}_weighted_f1"]
            for variant in (RESAMPLED, CLASS_WEIGHTS)
        },
        model_version=int(tags[f"{TAG}model_version"]),
        promoted=tags[f"{TAG}promoted"] == "true",
        reason=tags[f"{TAG}reason"],
        champion_f1=metrics.get("champion_weighted_f1"),
        difference=_difference(metrics),
        champion_version=_serving(tags),
        rows={
            name: int(metrics[name])
            for name in ("train_rows", "train_products", "validation_rows", "test_rows")
            if name in metrics
        },
        seconds=metrics["training_seconds"],
        reused=reused,
        warehouse=tags.get(WAREHOUSE),
    )


def _difference(metrics: Mapping[str, float]) -> Difference | None:
    names = [f"champion_difference{end}" for end in ("", "_low", "_high")]
    # Trainings of earlier versions have none.
    if not all(name in metrics for name in names):
        return None
    return Difference(*(metrics[name] for name in names))


def _serving(tags: Mapping[str, str]) -> int | None:
    promoted = tags[f"{TAG}promoted"] == "true"
    version = tags[f"{TAG}{'model_version' if promoted else 'champion_before'}"]
    return int(version) if version else None
