"""One training: fit, evaluate, log, register, and decide about the champion."""

import hashlib
import json
import os
from concurrent.futures import ThreadPoolExecutor

import mlflow
import psutil
import sklearn
from mlflow import MlflowClient
from mlflow.entities import Run

from core.progress import report_progress
from core.settings import Settings
from core.tracking import (
    CHAMPION,
    MODEL_NAME,
    SAMPLE,
    TAG,
    TRAINING_EXPERIMENT,
    WAREHOUSE,
    experiment_id,
    open_client,
)
from training.datasets import TrainingDataset, resolve_dataset
from training.model import ModelParams
from training.outcomes import TrainingOutcome, read_outcome
from training.record import (
    log_evaluations,
    log_metrics,
    log_params,
    register,
    score_test_set,
    sync_model,
)
from training.stored import log_model
from training.variants import Trial, try_variants


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
            return read_outcome(known, reused=True)
    _close_abandoned_runs(client, experiment)
    _remove_unfinished_versions(client, experiment)
    with mlflow.start_run(
        experiment_id=experiment,
        run_name=f"{source.batch_name}_training",
        tags=_source_tags(source, key),
    ) as run:
        trial = try_variants(
            client,
            source,
            params,
            settings.snapshots_path,
            replace_champion=replace_champion,
        )
        report_progress("logging to MLflow")
        _log(client, settings, run.info.run_id, source, params, trial)
    # Comes last, so that a champion is always the model of a finished run.
    _finish_promotions(client, experiment)
    return read_outcome(client.get_run(run.info.run_id), reused=False)


def _log(
    client: MlflowClient,
    settings: Settings,
    run_id: str,
    source: TrainingDataset,
    params: ModelParams,
    trial: Trial,
) -> None:
    """Log a trial and its model to the active run, and register the model."""
    log_params(client, run_id, source, params)
    # One core draws, while another writes and checks the model's files.
    with ThreadPoolExecutor(1) as beside:
        evaluations = beside.submit(log_evaluations, client, run_id, trial)
        test_set = beside.submit(score_test_set, client, settings, run_id, trial)
        model_id = log_model(client, run_id, trial.model, trial.best.variant)
        evaluations.result()
        test_set.result()
        metrics = beside.submit(log_metrics, client, run_id, trial, model_id)
        sync_model(settings, model_id)
        metrics.result()
    mlflow.set_tags(_result_tags(trial, register(model_id)))


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


def _source_tags(source: TrainingDataset, key: str) -> dict[str, str]:
    tags = _tags(
        key=key,
        batch_name=source.batch_name,
        dataset_run_id=source.run_id,
        dataset_digest=source.digest,
        owner=_owner(),
    )
    if source.warehouse is not None:
        tags[WAREHOUSE] = source.warehouse
        tags[SAMPLE] = str(source.is_sample).lower()
    return tags


def _result_tags(trial: Trial, version: int) -> dict[str, str]:
    return _tags(
        model_version=version,
        variant=trial.best.variant,
        promoted=str(trial.decision.promote).lower(),
        reason=trial.decision.reason,
        alias="pending" if trial.decision.promote else "unchanged",
    )


def _tags(**values: object) -> dict[str, str]:
    return {f"{TAG}{name}": str(value) for name, value in values.items()}
