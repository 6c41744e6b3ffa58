"""Retrain a champion with damaged files from its dataset version."""

from dataclasses import dataclass
from pathlib import Path

from mlflow import MlflowClient
from mlflow.entities import Run
from mlflow.entities.model_registry import ModelVersion

from core.artifacts import fetch_model, local_path
from core.durable import sync
from core.errors import SourceError
from core.progress import report_progress
from core.tracking import CHAMPION, MODEL_NAME, TAG
from training.calibrate import calibrate
from training.champion import (
    Champion,
    DamagedChampionError,
    UnreadableChampionError,
    load_champion,
)
from training.datasets import TrainingDataset, resolve_dataset
from training.evaluate import evaluate
from training.features import compute_features
from training.fit import fit_variant, score_held_out
from training.model import ModelParams, assemble
from training.rows import read_validation_labels
from training.stored import write_model

# Versions say where their files are; those that are not a logged model cannot be written.
_LOGGED_MODEL = "models:/"


@dataclass(frozen=True)
class Repair:
    """The result of training a champion again.

    Attributes:
        version: its number in the registry, which it keeps.
        weighted_f1: of the new files on the rows its run held out.
        weighted_f1_before: what its run logged.
    """

    version: int
    weighted_f1: float
    weighted_f1_before: float

    @property
    def summary(self) -> str:
        """Return a sentence for the report."""
        is_same = abs(self.weighted_f1 - self.weighted_f1_before) < 5e-5
        before = "as before" if is_same else f"before {self.weighted_f1_before:.4f}"
        return (
            f"The files of version {self.version} were damaged; it was trained again from"
            f" its dataset (weighted F1 {self.weighted_f1:.4f}, {before})."
        )


def load_or_repair_champion(
    client: MlflowClient, folder: Path
) -> tuple[Champion, Repair | None]:
    """Load the champion; train it again, under its own version, if it is damaged.

    Args:
        client: see `tracking.open_client`.
        folder: where the features are while it is trained.

    Returns:
        The champion, and None if its files were intact.

    Raises:
        NoChampionError: there is none.
        ForeignChampionError: it is a model that this project did not make.
        UnreadableChampionError: its files may not be read, or are damaged and cannot be
            rebuilt.
    """
    try:
        return load_champion(client), None
    except DamagedChampionError as error:
        damage = str(error)
    version = client.get_model_version_by_alias(MODEL_NAME, CHAMPION)
    run = client.get_run(str(version.run_id))
    params = ModelParams.from_strings(run.data.params)
    if params is None or not (version.source or "").startswith(_LOGGED_MODEL):
        raise _beyond_repair(damage, "an earlier version of this project trained it.")
    try:
        source = resolve_dataset(client, run.data.tags[f"{TAG}dataset_run_id"])
        report_progress(f"version {version.version} is damaged: training it again")
        weighted_f1 = _train_again(client, folder, version, run, source, params)
    except SourceError as error:
        raise _beyond_repair(damage, str(error)) from None
    repair = Repair(int(version.version), weighted_f1, run.data.metrics["weighted_f1"])
    return load_champion(client), repair


def _train_again(
    client: MlflowClient,
    folder: Path,
    version: ModelVersion,
    run: Run,
    source: TrainingDataset,
    params: ModelParams,
) -> float:
    """Replace the files of a version; return the weighted F1 of the new ones."""
    variant = run.data.tags[f"{TAG}variant"]
    features = compute_features(source, params, folder)
    classifier = fit_variant(params, features, variant)
    truth = read_validation_labels(source.validation_path)
    scores = score_held_out(
        features.steps,
        {variant: classifier},
        source.validation_path,
        truth.size,
        folder,
    )[variant]
    calibrate(classifier, scores, truth)
    logged = client.get_logged_model(str(version.source).removeprefix(_LOGGED_MODEL))
    model = assemble(features.steps, classifier)
    write_model(client, logged, model, variant)
    stored = fetch_model(client, MODEL_NAME, int(version.version))
    if local_path(client.get_model_version_download_uri(MODEL_NAME, version.version)):
        sync(stored)
    predicted = classifier.classes_[scores.argmax(axis=1)]
    return evaluate(truth, predicted).weighted_f1


def _beyond_repair(damage: str, reason: str) -> UnreadableChampionError:
    return UnreadableChampionError(
        f"{damage} It cannot be trained again: {reason} To promote the next model"
        " without a comparison: `python -m training run --replace-champion`."
    )
