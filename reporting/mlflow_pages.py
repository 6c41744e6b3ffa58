"""The content of MLflow's own pages: descriptions, tags, and columns of tables.

All of it is written with each report, so that a store of an earlier version of this
project gets it too.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from mlflow import MlflowClient
from mlflow.entities import Experiment
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException

from core.settings import Settings
from core.tracking import (
    DATASET_EXPERIMENT,
    MODEL_NAME,
    TRAINING_EXPERIMENT,
    open_client,
)
from reporting.links import SAVED_VIEW

_EXPERIMENTS = {
    TRAINING_EXPERIMENT: (
        "One run per week: both variants of the baseline model, scored on the held-out"
        " fold, and the decision about the champion.",
        [
            "metrics.`weighted_f1`",
            "metrics.`champion_weighted_f1`",
            "metrics.`macro_f1`",
            "tags.`rakuten.model_version`",
            "tags.`rakuten.promoted`",
            "attributes.`Duration`",
        ],
    ),
    DATASET_EXPERIMENT: (
        "One run per dataset version: balanced training rows and the held-out fold, as"
        " Parquet files with the digest of their content.",
        [
            "metrics.`train_rows`",
            "metrics.`train_products`",
            "metrics.`validation_rows`",
            "metrics.`imbalance_ratio_before`",
            "metrics.`imbalance_ratio_after`",
            "params.`strategy`",
        ],
    ),
}
_MODEL = (
    "Predicts the product type (`prdtypecode`, 27 classes) from `designation` and"
    " `description`. The alias `champion` marks the version in use. Each week's"
    " version is compared with the champion before it on the same held-out rows; weeks"
    " are not compared with each other, since their held-out rows differ."
)


def describe_in_mlflow(
    settings: Settings, trainings: Sequence[Mapping[str, Any]]
) -> None:
    """Write descriptions and tags of the experiments, the model and its versions.

    Args:
        settings: see Settings.
        trainings: as in the report, oldest first.
    """
    client = open_client(settings)
    for name, (note, columns) in _EXPERIMENTS.items():
        experiment = client.get_experiment_by_name(name)
        if experiment is not None:
            _describe_experiment(client, experiment, note, columns)
    if trainings:
        _describe_model(client, trainings)


def _describe_experiment(
    client: MlflowClient, experiment: Experiment, note: str, columns: Sequence[str]
) -> None:
    view = {
        "selectedColumns": columns,
        "orderByKey": "attributes.start_time",
        "orderByAsc": False,
        "searchFilter": "",
        "startTime": "ALL",
        "lifecycleFilter": "Active",
        "datasetsFilter": [],
    }
    wanted = {
        "mlflow.experimentKind": "custom_model_development",
        "mlflow.note.content": note,
        f"mlflow.sharedViewState.{SAVED_VIEW}": json.dumps(view),
    }
    for key, value in wanted.items():
        if experiment.tags.get(key) != value:
            client.set_experiment_tag(experiment.experiment_id, key, value)


def _describe_model(
    client: MlflowClient, trainings: Sequence[Mapping[str, Any]]
) -> None:
    try:
        model = client.get_registered_model(MODEL_NAME)
    except MlflowException:  # deleted from the registry
        return
    text = f"{_MODEL}\n\n{comparison_table(trainings)}\n"
    if model.description != text:
        client.update_registered_model(MODEL_NAME, text)
    if model.tags.get("task") != "text classification":
        client.set_registered_model_tag(MODEL_NAME, "task", "text classification")
    entries = {entry["model_version"]: entry for entry in trainings}
    for version in client.search_model_versions(f"name='{MODEL_NAME}'"):
        if (entry := entries.get(int(version.version))) is not None:
            _describe_version(client, version, entry)


def _describe_version(
    client: MlflowClient, version: ModelVersion, entry: Mapping[str, Any]
) -> None:
    description = _version_text(entry)
    if version.description != description:
        client.update_model_version(MODEL_NAME, version.version, description)
    for key, value in _version_tags(entry).items():
        if version.tags.get(key) != value:
            client.set_model_version_tag(MODEL_NAME, version.version, key, value)


def comparison_table(trainings: Sequence[Mapping[str, Any]]) -> str:
    """Return a Markdown table of the weeks, the newest first."""
    lines = [
        "| batch | version | weighted F1 | previous champion | difference | champion |",
        "|---|---:|---:|---:|---:|---|",
    ]
    for entry in reversed(trainings):
        before, after = entry["champion_before_f1"], entry["champion_after"]
        figures = "- | -"
        if before is not None:
            figures = f"{before:.4f} | {entry['weighted_f1'] - before:+.4f}"
        champion = "-" if after is None else f"version {after}"
        new = ", new" if entry["promoted"] else ""
        lines.append(
            f"| {entry['batch']} | {entry['model_version']} |"
            f" {entry['weighted_f1']:.4f} | {figures} | {champion}{new} |"
        )
    return "\n".join(lines)


def _version_text(entry: Mapping[str, Any]) -> str:
    text = (
        f"Trained on {entry['batch']}: weighted F1 {entry['weighted_f1']:.4f}, macro F1"
        f" {entry['macro_f1']:.4f}."
    )
    before = entry["champion_before_f1"]
    if before is not None:
        text += f" The champion then scored {before:.4f} on the same rows."
    outcome = "Became champion." if entry["promoted"] else "Did not become champion."
    return f"{text} {outcome}"


def _version_tags(entry: Mapping[str, Any]) -> dict[str, str]:
    return {
        "batch": str(entry["batch"]),
        "weighted_f1": f"{entry['weighted_f1']:.4f}",
        "became_champion": "yes" if entry["promoted"] else "no",
    }
