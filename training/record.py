"""A training as MLflow keeps it: figures, pictures, links, the registered model."""

import contextlib
import io
import tempfile
import time
from pathlib import Path

import mlflow
import pyarrow as pa
from mlflow import MlflowClient
from mlflow.entities import DatasetInput, InputTag, Metric, Param, RunTag

from core.artifacts import fetch
from core.durable import sync
from core.settings import Settings
from core.tracking import MODEL_NAME, TAG, local_folder
from training.datasets import TrainingDataset
from training.evaluate import Evaluation, confusion_figure
from training.model import ModelParams, predict_texts
from training.predictions import write_predictions
from training.rows import TEXTS
from training.testset import version_test_set
from training.variants import Trial
from training.words import TEST_COUNTS

PREDICTIONS_FILE = "predictions/test_predictions.csv"


def log_params(
    client: MlflowClient, run_id: str, source: TrainingDataset, params: ModelParams
) -> None:
    """Log the dataset version and the parameters, which a model logged later gets too."""
    client.log_batch(
        run_id,
        params=[
            Param("holdout_fold", source.holdout_fold),
            *(Param(name, str(value)) for name, value in params.as_dict().items()),
        ],
    )
    client.log_inputs(
        run_id,
        [
            DatasetInput(entry, [InputTag("mlflow.data.context", "training")])
            for entry in source.inputs
        ],
    )


def log_evaluations(client: MlflowClient, run_id: str, trial: Trial) -> None:
    """Log the scores of each variant, and a picture of what it confuses."""
    for variant, candidate in trial.candidates.items():
        client.log_figure(
            run_id,
            confusion_figure(candidate.evaluation),
            f"evaluation/confusion_{variant}.png",
        )
        client.log_dict(
            run_id,
            _evaluation_document(candidate.evaluation),
            f"evaluation/scores_{variant}.json",
        )


def log_metrics(client: MlflowClient, run_id: str, trial: Trial, model_id: str) -> None:
    """Log the figures of a trial to its run and to its model, in one request.

    MLflow would copy those that a run has when its model is logged one by one.
    """
    client.log_batch(
        run_id,
        metrics=_metrics(trial, model_id),
        tags=[RunTag(f"{TAG}champion_before", _champion_version(trial))],
    )


def _metrics(trial: Trial, model_id: str) -> list[Metric]:
    best = trial.best.evaluation
    values: dict[str, float] = {
        "weighted_f1": best.weighted_f1,
        "macro_f1": best.macro_f1,
        "accuracy": best.accuracy,
        "log_loss": trial.best.calibration.log_loss,
        "calibration_error": trial.best.calibration.error,
        "training_seconds": trial.seconds,
        **trial.rows,
    }
    for variant, candidate in trial.candidates.items():
        values[f"{variant}_weighted_f1"] = candidate.evaluation.weighted_f1
        values[f"{variant}_macro_f1"] = candidate.evaluation.macro_f1
        values[f"{variant}_seconds"] = candidate.seconds
        values[f"{variant}_log_loss"] = candidate.calibration.log_loss
        values[f"{variant}_calibration_error"] = candidate.calibration.error
    if trial.champion_f1 is not None:
        values["champion_weighted_f1"] = trial.champion_f1
    if trial.difference is not None:
        values["champion_difference"] = trial.difference.value
        values["champion_difference_low"] = trial.difference.low
        values["champion_difference_high"] = trial.difference.high
    for score in best.classes:
        values[f"class_{score.prdtypecode}_precision"] = score.precision
        values[f"class_{score.prdtypecode}_recall"] = score.recall
        values[f"class_{score.prdtypecode}_f1"] = score.f1
    now = int(time.time() * 1000)
    return [
        Metric(name, value, now, 0, model_id=model_id) for name, value in values.items()
    ]


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


def sync_model(settings: Settings, model_id: str) -> None:
    """Wait until the files of a logged model are on disk, if they are on this machine."""
    if local_folder(settings) is not None:
        location = mlflow.get_logged_model(model_id).artifact_location
        sync(fetch(location, MlflowClient()))


def register(model_id: str) -> int:
    """Register a logged model, and return its version."""
    # register_model prints its progress on stderr, regardless of the log level.
    with contextlib.redirect_stderr(io.StringIO()):
        version = mlflow.register_model(f"models:/{model_id}", MODEL_NAME)
    return int(version.version)


def score_test_set(
    client: MlflowClient, settings: Settings, run_id: str, trial: Trial
) -> None:
    """Score X_test with the model that serves from now on."""
    challenge = version_test_set(client, settings)
    if challenge is None:
        return
    keep = trial.champion is not None and not trial.decision.promote
    model = trial.champion.model if keep and trial.champion else trial.model
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(PREDICTIONS_FILE).name
        texts = pa.RecordBatch.from_pandas(challenge.products.texts, TEXTS)
        kept = settings.snapshots_path / TEST_COUNTS
        codes = predict_texts(model, [texts] if texts.num_rows else [], kept)
        write_predictions(path, challenge.products.ids, codes.tolist())
        client.log_artifact(run_id, str(path), Path(PREDICTIONS_FILE).parent.name)
    client.log_inputs(
        run_id,
        [DatasetInput(challenge.dataset, [InputTag("mlflow.data.context", "scoring")])],
    )
    client.log_metric(run_id, "test_rows", len(codes))
    client.set_tag(run_id, f"{TAG}test_run_id", challenge.run_id)


def _champion_version(trial: Trial) -> str:
    return str(trial.champion.version) if trial.champion else ""
