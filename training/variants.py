"""Train both variants of the baseline and compare the better one to the champion."""

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from mlflow import MlflowClient
from mlflow.entities import Run
from mlflow.exceptions import MlflowException
from numpy.typing import NDArray
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import Pipeline

from core.tracking import SAMPLE, TAG, WAREHOUSE
from training.calibrate import Calibration, calibrate
from training.champion import (
    Champion,
    Decision,
    ForeignChampionError,
    NoChampionError,
    champion_version,
    decide,
)
from training.compare import Difference, compare
from training.datasets import TrainingDataset
from training.evaluate import Evaluation, evaluate
from training.features import TrainingFeatures, compute_features
from training.fit import CLASS_WEIGHTS, RESAMPLED, fit_variant, score_held_out
from training.model import ModelParams, assemble, predict_texts
from training.repair import Repair, load_or_repair_champion
from training.rows import read_texts, read_validation_labels
from training.words import HELD_OUT_COUNTS

# Held-out rows, a tenth of the products. With more, what two fits need at the same time,
# or the features and the champion, would be the most memory of a training.
_FEW_HELD_OUT = 10_000


@dataclass(frozen=True)
class Candidate:
    """One trained variant.

    Attributes:
        variant: RESAMPLED or CLASS_WEIGHTS.
        predicted: its class for each held-out row.
        evaluation: its scores on the held-out rows.
        calibration: how well its probabilities are calibrated, on the same rows.
        seconds: fitting the classifier and judging it.
    """

    variant: str
    predicted: NDArray[np.int64]
    evaluation: Evaluation
    calibration: Calibration
    seconds: float


class Fit(NamedTuple):
    """A variant before it is judged, and how long its training took."""

    variant: str
    classifier: SGDClassifier
    seconds: float


@dataclass(frozen=True)
class Rival:
    """The champion, which the better variant is compared with.

    Attributes:
        champion: the model, if there is one that could be loaded.
        repair: what was done to its files.
        decision: of a trial in which it cannot be compared.
        predicted: its class for each held-out row, if it can be compared.
    """

    champion: Champion | None = None
    repair: Repair | None = None
    decision: Decision | None = None
    predicted: NDArray[np.int64] | None = None


@dataclass(frozen=True)
class Trial:
    """Both variants of one training, judged, and what they were judged against.

    Attributes:
        candidates: by the name of the variant.
        best: the one with the better weighted F1.
        model: of that variant, raw text in, prdtypecode out; the other one's is gone.
        champion: the model that served until now, if it could be loaded.
        champion_f1: its weighted F1 on the same held-out rows.
        difference: of `best` to the champion, if they were compared.
        decision: whether `best` takes its place.
        seconds: text to matrix, both fits, both evaluations.
        rows: train_rows, train_products, validation_rows.
    """

    candidates: Mapping[str, Candidate]
    best: Candidate
    model: Pipeline
    champion: Champion | None
    champion_f1: float | None
    difference: Difference | None
    decision: Decision
    seconds: float
    rows: Mapping[str, int]


def try_variants(
    client: MlflowClient,
    source: TrainingDataset,
    params: ModelParams,
    folder: Path,
    *,
    replace_champion: bool = False,
) -> Trial:
    """Train on the resampled rows, and on the original rows with class weights.

    The text is turned into features once, its word statistics (the idf) taken from
    the distinct products: copies made by oversampling add no information about words.
    For RESAMPLED each product weighs as much as it has rows in the file.

    The features are in a file. Memory holds one block of them, the labels and two models,
    so it hardly grows with the catalogue.

    Args:
        client: see `tracking.open_client`.
        source: the dataset version.
        params: see ModelParams.
        folder: where the file is.
        replace_champion: promote the model without a comparison.

    Raises:
        SourceError: there is nothing to train on, or nothing to judge by.
        PipelineError: the disk is full.
        UnreadableChampionError: there is a champion, and it cannot be loaded.
    """
    truth = read_validation_labels(source.validation_path)
    at_once = truth.size <= _FEW_HELD_OUT

    def find_rival() -> Rival:
        if replace_champion:
            return _replaced(champion_version(client))
        return _find_rival(client, source, folder)

    def compute() -> tuple[TrainingFeatures, float]:
        started = time.perf_counter()
        features = compute_features(source, params, folder)
        return features, time.perf_counter() - started

    if at_once:
        # One core cleans and counts words, while another loads the champion.
        with ThreadPoolExecutor(1) as beside:
            found = beside.submit(find_rival)
            features, seconds = compute()
            rival = found.result()
    else:
        rival = find_rival()
        features, seconds = compute()
    started = time.perf_counter()
    classifiers, candidates = _fit_and_judge(
        source, params, features, truth, folder, at_once=at_once
    )
    seconds += time.perf_counter() - started
    best = max(candidates.values(), key=lambda c: c.evaluation.weighted_f1)
    champion_f1 = difference = None
    if rival.predicted is not None:
        champion_f1 = evaluate(truth, rival.predicted).weighted_f1
        difference = compare(truth, best.predicted, rival.predicted)
    decision = rival.decision or decide(
        best.evaluation.weighted_f1, rival.champion, champion_f1, difference
    )
    if rival.repair is not None:
        decision = replace(decision, reason=f"{rival.repair.summary} {decision.reason}")
    return Trial(
        candidates=candidates,
        best=best,
        model=assemble(features.steps, classifiers[best.variant]),
        champion=rival.champion,
        champion_f1=champion_f1,
        difference=difference,
        decision=decision,
        seconds=seconds,
        rows={
            "train_rows": int(features.rows.copies.sum()),
            "train_products": int(features.rows.labels.size),
            "validation_rows": int(truth.size),
        },
    )


def _fit_and_judge(
    source: TrainingDataset,
    params: ModelParams,
    features: TrainingFeatures,
    truth: NDArray[np.int64],
    folder: Path,
    *,
    at_once: bool,
) -> tuple[dict[str, SGDClassifier], dict[str, Candidate]]:
    with ThreadPoolExecutor(2) as pool:
        # Two fits at a time overlap what each does on one core. They hold the weights of
        # both, and threads do not share freed memory.
        apply = pool.map if at_once else map
        fits = list(
            apply(lambda v: _fit(params, features, v), (RESAMPLED, CLASS_WEIGHTS))
        )
        classifiers = {fit.variant: fit.classifier for fit in fits}
        scores = score_held_out(
            features.steps,
            classifiers,
            source.validation_path,
            truth.size,
            folder,
        )
        judged = apply(lambda fit: _judge(fit, scores[fit.variant], truth), fits)
        return classifiers, {candidate.variant: candidate for candidate in judged}


def _fit(params: ModelParams, features: TrainingFeatures, variant: str) -> Fit:
    started = time.perf_counter()
    classifier = fit_variant(params, features, variant)
    return Fit(variant, classifier, time.perf_counter() - started)


def _judge(
    fit: Fit, scores: NDArray[np.float32], truth: NDArray[np.int64]
) -> Candidate:
    started = time.perf_counter()
    predicted = fit.classifier.classes_[scores.argmax(axis=1)]
    calibration = calibrate(fit.classifier, scores, truth)
    return Candidate(
        fit.variant,
        predicted,
        evaluate(truth, predicted),
        calibration,
        fit.seconds + time.perf_counter() - started,
    )


def _replaced(version: int | None) -> Rival:
    """Return a rival that leaves its place, whatever it predicts."""
    if version is None:
        return Rival()
    reason = f"Version {version} was replaced as requested, without a comparison."
    return Rival(decision=Decision(promote=True, reason=reason))


def _find_rival(client: MlflowClient, source: TrainingDataset, folder: Path) -> Rival:
    """Load the champion, and classify the held-out rows if it can be compared."""
    try:
        champion, repair = load_or_repair_champion(client, folder)
    except NoChampionError:
        return Rival()
    except ForeignChampionError as error:
        return Rival(decision=Decision(promote=False, reason=str(error)))
    decision = _incomparable(client, champion, source)
    if decision is not None:
        return Rival(champion, repair, decision)
    texts = read_texts(source.validation_path)
    predicted = predict_texts(champion.model, texts, folder / HELD_OUT_COUNTS)
    return Rival(champion, repair, predicted=predicted)


def _incomparable(
    client: MlflowClient, champion: Champion, source: TrainingDataset
) -> Decision | None:
    """Return the decision about a champion that must not be judged on these rows."""
    run = client.get_run(champion.run_id)
    if source.warehouse is not None:
        stranger = _stranger(champion, _origin(client, run), source)
        if stranger is not None:
            return stranger
    fold = run.data.params.get("holdout_fold")
    if fold == source.holdout_fold:
        return None
    reason = (
        f"Version {champion.version} was trained with fold {fold} held out, this"
        f" model with fold {source.holdout_fold}: it has seen the rows it would be"
        " judged on, so the two cannot be compared."
    )
    return Decision(promote=False, reason=reason)


def _origin(client: MlflowClient, run: Run) -> dict[str, str]:
    """Return the tags of the dataset a champion was trained on: they may be adopted."""
    try:
        dataset = client.get_run(run.data.tags[f"{TAG}dataset_run_id"])
    except (MlflowException, KeyError):
        return dict(run.data.tags)
    return dict(dataset.data.tags)


def _stranger(
    champion: Champion, origin: Mapping[str, str], source: TrainingDataset
) -> Decision | None:
    """Return the decision about a champion of another warehouse; None if it is ours.

    Its held-out rows may have been trained on here and the other way round, so the two
    are not compared. A model of real data takes the place of one of the sample, or of a
    warehouse nobody knows; nothing else changes places by itself.
    """
    if origin.get(WAREHOUSE) == source.warehouse:
        return None
    version = f"Version {champion.version} was trained on another warehouse's data"
    if not source.is_sample and origin.get(SAMPLE, "true") == "true":
        return Decision(promote=True, reason=f"{version} and is not compared.")
    return Decision(
        promote=False,
        reason=f"{version} and is not compared. To let this model serve instead:"
        " `python -m training run --replace-champion`.",
    )
