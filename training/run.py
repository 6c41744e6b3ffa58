"""One training: fit, judge, log, register, and decide about the champion."""

import hashlib
import json
import os
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
import sklearn
import skops
from mlflow import MlflowClient
from mlflow.entities import DatasetInput, InputTag, Metric, Param, Run, RunTag
from mlflow.models import ModelSignature
from mlflow.types.schema import ColSpec, Schema
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.pipeline import Pipeline

from training.champion import (
    Champion,
    Decision,
    ForeignChampion,
    NoChampion,
    decide,
    load_champion,
)
from training.datasets import TrainingDataset, resolve_dataset
from training.evaluate import Evaluation, confusion_figure, evaluate
from training.model import (
    TRUSTED_TYPES,
    ModelParams,
    assemble,
    features,
    fit_classifier,
)
from training.predictions import classify, write_predictions
from training.rows import TrainingRows, read_training_rows, read_validation_rows
from training.testset import version_test_set
from training.text import TEXT_COLUMNS
from training.tracking import (
    CHAMPION,
    MODEL_NAME,
    TRAINING_EXPERIMENT,
    experiment_id,
    open_client,
)
from warehouse.settings import Settings

RESAMPLED = "resampled"
CLASS_WEIGHTS = "class_weights"
PREDICTIONS_FILE = "predictions/test_predictions.csv"

_TAG = "rakuten."
_SIGNATURE = ModelSignature(
    inputs=Schema(
        [
            ColSpec("string", "designation"),
            ColSpec("string", "description", required=False),
        ]
    ),
    outputs=Schema([ColSpec("long")]),
)
_EXAMPLE = pd.DataFrame(
    {
        "designation": [
            "Bâche à barres pour piscine 8 x 4 m",
            "Le Barbier de Séville suivi du Mariage de Figaro",
        ],
        "description": ["<p>Bâche d&#39;hiver, œillets inox</p>", ""],
    }
)


@dataclass(frozen=True)
class TrainingOutcome:
    """What one training came to.

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
        reason: why, or why not.
        seconds: fitting and judging both variants.
        reused: whether this very training had been done before.
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
    seconds: float
    reused: bool


@dataclass(frozen=True)
class _Candidate:
    variant: str
    model: Pipeline
    evaluation: Evaluation
    seconds: float


@dataclass(frozen=True)
class _Trial:
    """Both variants of one training, judged, and what they were judged against."""

    candidates: Mapping[str, _Candidate]
    best: _Candidate
    champion: Champion | None
    champion_f1: float | None
    decision: Decision
    seconds: float
    rows: Mapping[str, int] = field(default_factory=dict)


def train(
    settings: Settings, dataset: str | None = None, *, force: bool = False
) -> TrainingOutcome:
    """Train on a dataset version, unless that has been done with the same parameters.

    Args:
        settings: see Settings.
        dataset: run id or batch name (`week_3`) of a dataset version; the newest one
            if None.
        force: train even if the same training is there already.

    Raises:
        SourceError: there is no such dataset version, or it has no held-out rows.
    """
    client = open_client(settings)
    source = resolve_dataset(client, dataset)
    params = ModelParams(seed=settings.random_seed)
    experiment = experiment_id(client, settings, TRAINING_EXPERIMENT)
    key = _training_key(source, params)
    if not force and (known := _finished_run(client, experiment, key)) is not None:
        return _outcome(known, reused=True)
    _close_abandoned_runs(client, experiment)
    with mlflow.start_run(
        experiment_id=experiment,
        run_name=f"{source.batch_name}_training",
        tags=_tags(
            key=key,
            batch_name=source.batch_name,
            dataset_run_id=source.run_id,
            dataset_digest=source.digest,
            owner=_owner(),
        ),
    ) as run:
        trial = _try_variants(client, source, params)
        _log_trial(client, run.info.run_id, source, params, trial)
        version = _register(trial)
        _score_test_set(client, settings, run.info.run_id, trial)
        if trial.decision.promote:
            client.set_registered_model_alias(MODEL_NAME, CHAMPION, str(version))
        mlflow.set_tags(
            _tags(
                model_version=version,
                variant=trial.best.variant,
                promoted=str(trial.decision.promote).lower(),
                reason=trial.decision.reason,
            )
        )
    return _outcome(client.get_run(run.info.run_id), reused=False)


def training_for_batch(settings: Settings, batch_name: str) -> TrainingOutcome | None:
    """Give the newest finished training on a batch's dataset, if there is one."""
    client = open_client(settings)
    experiment = experiment_id(client, settings, TRAINING_EXPERIMENT)
    found = client.search_runs(
        [experiment],
        f"tags.`{_TAG}batch_name` = '{batch_name}' and attributes.status = 'FINISHED'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return _outcome(found[0], reused=True) if found else None


def _try_variants(
    client: MlflowClient, source: TrainingDataset, params: ModelParams
) -> _Trial:
    rows = read_training_rows(source.train_path)
    texts, truth = read_validation_rows(source.validation_path)
    started = time.perf_counter()
    steps = features(params)
    matrix = steps.fit_transform(rows.texts)
    held_out = steps.transform(texts)
    candidates = {
        variant: _fit_variant(variant, params, steps, matrix, rows, held_out, truth)
        for variant in (RESAMPLED, CLASS_WEIGHTS)
    }
    seconds = time.perf_counter() - started
    best = max(candidates.values(), key=lambda c: c.evaluation.weighted_f1)
    champion, champion_f1, decision = _against_champion(client, best, texts, truth)
    return _Trial(
        candidates=candidates,
        best=best,
        champion=champion,
        champion_f1=champion_f1,
        decision=decision,
        seconds=seconds,
        rows={
            "train_rows": int(rows.copies.size),
            "train_products": int(rows.labels.size),
            "validation_rows": int(truth.size),
        },
    )


def _fit_variant(
    variant: str,
    params: ModelParams,
    steps: Pipeline,
    matrix: csr_matrix,
    rows: TrainingRows,
    held_out: csr_matrix,
    truth: NDArray[np.int64],
) -> _Candidate:
    started = time.perf_counter()
    weighted = variant == CLASS_WEIGHTS
    chosen = slice(None) if weighted else rows.copies
    classifier = fit_classifier(
        params, matrix[chosen], rows.labels[chosen], class_weights=weighted
    )
    evaluation = evaluate(truth, classifier.predict(held_out))
    return _Candidate(
        variant,
        assemble(steps, classifier),
        evaluation,
        time.perf_counter() - started,
    )


def _against_champion(
    client: MlflowClient,
    best: _Candidate,
    texts: pd.DataFrame,
    truth: NDArray[np.int64],
) -> tuple[Champion | None, float | None, Decision]:
    try:
        champion = load_champion(client)
    except NoChampion:
        return None, None, decide(best.evaluation.weighted_f1, None, None)
    except ForeignChampion as error:
        return None, None, Decision(promote=False, reason=error.message)
    score = evaluate(truth, champion.model.predict(texts)).weighted_f1
    return champion, score, decide(best.evaluation.weighted_f1, champion, score)


def _log_trial(
    client: MlflowClient,
    run_id: str,
    source: TrainingDataset,
    params: ModelParams,
    trial: _Trial,
) -> None:
    client.log_batch(
        run_id,
        metrics=_metrics(trial),
        params=[Param(name, str(value)) for name, value in params.as_dict().items()],
        tags=[
            RunTag(key, value)
            for key, value in _tags(
                champion_before=trial.champion.version if trial.champion else ""
            ).items()
        ],
    )
    client.log_inputs(
        run_id,
        [
            DatasetInput(entry, [InputTag("mlflow.data.context", "training")])
            for entry in source.inputs
        ],
    )
    for variant, candidate in trial.candidates.items():
        client.log_figure(
            run_id,
            confusion_figure(candidate.evaluation, {}),
            f"evaluation/confusion_{variant}.png",
        )
        client.log_dict(
            run_id,
            _evaluation_document(candidate.evaluation),
            f"evaluation/scores_{variant}.json",
        )


def _metrics(trial: _Trial) -> list[Metric]:
    best = trial.best.evaluation
    values: dict[str, float] = {
        "weighted_f1": best.weighted_f1,
        "macro_f1": best.macro_f1,
        "accuracy": best.accuracy,
        "training_seconds": trial.seconds,
        **trial.rows,
    }
    for variant, candidate in trial.candidates.items():
        values[f"{variant}_weighted_f1"] = candidate.evaluation.weighted_f1
        values[f"{variant}_macro_f1"] = candidate.evaluation.macro_f1
        values[f"{variant}_seconds"] = candidate.seconds
    if trial.champion_f1 is not None:
        values["champion_weighted_f1"] = trial.champion_f1
    for score in best.classes:
        values[f"class_{score.prdtypecode}_precision"] = score.precision
        values[f"class_{score.prdtypecode}_recall"] = score.recall
        values[f"class_{score.prdtypecode}_f1"] = score.f1
    now = int(time.time() * 1000)
    return [Metric(name, value, now, 0) for name, value in values.items()]


def _evaluation_document(evaluation: Evaluation) -> dict[str, object]:
    return {
        "weighted_f1": evaluation.weighted_f1,
        "macro_f1": evaluation.macro_f1,
        "accuracy": evaluation.accuracy,
        "classes": [
            {
                "prdtypecode": score.prdtypecode,
                "precision": score.precision,
                "recall": score.recall,
                "f1": score.f1,
                "rows": score.rows,
            }
            for score in evaluation.classes
        ],
        "confusion": evaluation.confusion.tolist(),
    }


def _register(trial: _Trial) -> int:
    """Log and register the better variant.

    The format is skops, which holds no code, and not pickle. The one function of ours
    in the model travels in `code/`, so that it loads without this project installed.
    """
    logged = mlflow.sklearn.log_model(
        trial.best.model,
        name="model",
        serialization_format="skops",
        skops_trusted_types=TRUSTED_TYPES,
        signature=_SIGNATURE,
        input_example=_EXAMPLE,
        code_paths=[str(Path(__file__).parent)],
        pip_requirements=[
            f"mlflow=={mlflow.__version__}",
            f"numpy=={np.__version__}",
            f"pandas=={pd.__version__}",
            f"scikit-learn=={sklearn.__version__}",
            f"skops=={skops.__version__}",
        ],
        registered_model_name=MODEL_NAME,
        metadata={"variant": trial.best.variant},
    )
    return int(logged.registered_model_version)


def _score_test_set(
    client: MlflowClient, settings: Settings, run_id: str, trial: _Trial
) -> None:
    """Score X_test with the model that serves from now on."""
    challenge = version_test_set(client, settings)
    if challenge is None:
        return
    keep = trial.champion is not None and not trial.decision.promote
    model = trial.champion.model if keep and trial.champion else trial.best.model
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(PREDICTIONS_FILE).name
        codes = classify(model, challenge.products)
        write_predictions(path, challenge.products.ids, codes)
        client.log_artifact(run_id, str(path), Path(PREDICTIONS_FILE).parent.name)
    client.log_inputs(
        run_id,
        [DatasetInput(challenge.dataset, [InputTag("mlflow.data.context", "scoring")])],
    )
    client.log_metric(run_id, "test_rows", len(codes))
    client.set_tag(run_id, f"{_TAG}test_run_id", challenge.run_id)


def _training_key(source: TrainingDataset, params: ModelParams) -> str:
    """Name a training by all that decides its result."""
    identity = {
        "dataset": source.digest,
        "params": params.as_dict(),
        "scikit-learn": sklearn.__version__,
    }
    return hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()


def _finished_run(client: MlflowClient, experiment: str, key: str) -> Run | None:
    found = client.search_runs(
        [experiment],
        f"tags.`{_TAG}key` = '{key}' and attributes.status = 'FINISHED'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return found[0] if found else None


def _close_abandoned_runs(client: MlflowClient, experiment: str) -> None:
    """Mark runs as killed whose process on this machine is gone."""
    host, _, _ = _owner().partition(":")
    for run in client.search_runs([experiment], "attributes.status = 'RUNNING'"):
        owner, _, pid = run.data.tags.get(f"{_TAG}owner", "").partition(":")
        if owner == host and pid.isdigit() and not Path(f"/proc/{pid}").exists():
            client.set_terminated(run.info.run_id, "KILLED")


def _owner() -> str:
    return f"{os.uname().nodename}:{os.getpid()}"


def _tags(**values: object) -> dict[str, str]:
    return {f"{_TAG}{name}": str(value) for name, value in values.items()}


def _outcome(run: Run, *, reused: bool) -> TrainingOutcome:
    tags, metrics = run.data.tags, run.data.metrics
    return TrainingOutcome(
        run_id=str(run.info.run_id),
        batch_name=tags[f"{_TAG}batch_name"],
        dataset_run_id=tags[f"{_TAG}dataset_run_id"],
        variant=tags[f"{_TAG}variant"],
        weighted_f1=metrics["weighted_f1"],
        macro_f1=metrics["macro_f1"],
        variant_f1={
            variant: metrics[f"{variant}_weighted_f1"]
            for variant in (RESAMPLED, CLASS_WEIGHTS)
        },
        model_version=int(tags[f"{_TAG}model_version"]),
        promoted=tags[f"{_TAG}promoted"] == "true",
        reason=tags[f"{_TAG}reason"],
        seconds=metrics["training_seconds"],
        reused=reused,
    )
