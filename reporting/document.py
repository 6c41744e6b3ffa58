"""The report as one document of plain values: what its JSON version holds."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from core.errors import PipelineError
from core.settings import Settings
from core.tracking import (
    DATASET_EXPERIMENT,
    MODEL_NAME,
    TRAINING_EXPERIMENT,
    open_client,
)
from reporting.drift import METHOD, BinShift, Shift
from reporting.facts import Catalogue
from training.datasets import class_counts, resolve_dataset
from training.run import TrainingOutcome, scores_of, trainings

_LOCAL_UI = "http://127.0.0.1:5000"
_LOCAL_DOCS = "http://127.0.0.1:8001"
_MOST_CHANGED = 8


def build_document(
    settings: Settings, catalogue: Catalogue, record: Mapping[str, Any]
) -> dict[str, Any]:
    """Put all facts together, in the shape the JSON version has."""
    trained = _trainings_by_batch(settings, catalogue)
    outcome = trained.get(catalogue.batch.name)
    scores = {} if outcome is None else _optional_scores(settings, outcome)
    sampled = {} if outcome is None else _sampled(settings, outcome)
    document: dict[str, Any] = {
        "batch": catalogue.batch.name,
        "published": catalogue.published,
        "generated_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "load": _load(catalogue),
        "growth": [
            {
                "batch": batch.name,
                "percentage": batch.percentage,
                "total_rows": batch.total_rows,
                "completed_at": batch.completed_at.isoformat(timespec="seconds"),
            }
            for batch in catalogue.batches
        ],
        "checks": record["checks"],
        "classes": _classes(catalogue, sampled, scores),
        "drift": _drift(catalogue),
        "duplicates": asdict(catalogue.duplicates),
        "model": _model(outcome),
        "champion": next(
            (found.champion_version for found in reversed(trained.values())), None
        ),
        "mistakes": _mistakes(catalogue, scores),
        "trainings": [
            {
                "batch": name,
                "weighted_f1": found.weighted_f1,
                "macro_f1": found.macro_f1,
                "champion_before_f1": found.champion_f1,
                "model_version": found.model_version,
                "promoted": found.promoted,
            }
            for name, found in trained.items()
        ],
        "steps": record["steps"],
        "links": _links(settings, outcome),
    }
    document["summary"] = _summary(document)
    return document


def _load(catalogue: Catalogue) -> dict[str, Any]:
    batch = catalogue.batch
    before = catalogue.batches[-2] if len(catalogue.batches) > 1 else None
    return {
        "percentage": batch.percentage,
        "percentage_before": before.percentage if before else None,
        "total_rows": batch.total_rows,
        "rows_added": batch.total_rows - (before.total_rows if before else 0),
        "completed_at": batch.completed_at.isoformat(timespec="seconds"),
        "synthetic_sample": batch.synthetic,
        "inserted": catalogue.operations.get("INSERT", 0),
        "updated": catalogue.operations.get("UPDATE", 0),
        "deleted": catalogue.operations.get("DELETE", 0),
        "products": sum(catalogue.classes.values()),
    }


def _classes(
    catalogue: Catalogue,
    sampled: Mapping[int, tuple[int, int]],
    scores: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """Give one entry a class, the largest class first."""
    by_class = {score["prdtypecode"]: score for score in scores.get("classes", [])}
    shifts = (
        {s.bin: s for s in catalogue.class_shift[1]} if catalogue.class_shift else {}
    )
    total = sum(catalogue.classes.values())
    entries = []
    for code, products in sorted(catalogue.classes.items(), key=lambda c: -c[1]):
        shift, score = shifts.get(code), by_class.get(code, {})
        before, after = sampled.get(code, (None, None))
        entries.append(
            {
                "prdtypecode": code,
                "category": catalogue.categories.get(code, ""),
                "products": products,
                "share": products / total,
                "share_before": shift.before if shift else None,
                "share_in_slice": shift.now if shift else None,
                "psi": shift.contribution if shift else None,
                "train_rows_before": before,
                "train_rows_after": after,
                "precision": score.get("precision"),
                "recall": score.get("recall"),
                "f1": score.get("f1"),
                "held_out_rows": score.get("rows"),
            }
        )
    return entries


def _drift(catalogue: Catalogue) -> dict[str, Any]:
    most = catalogue.class_shift[1][:_MOST_CHANGED] if catalogue.class_shift else []
    return {
        "method": METHOD,
        "classes": _shift(catalogue.class_shift),
        "text_length": _shift(catalogue.length_shift),
        "text_length_bins": _length_bins(catalogue),
        "most_changed": [
            {
                "prdtypecode": part.bin,
                "category": catalogue.categories.get(part.bin, ""),
                "share_before": part.before,
                "share_in_slice": part.now,
                "psi": part.contribution,
            }
            for part in most
        ],
    }


def _shift(found: tuple[Shift, Sequence[BinShift]] | None) -> dict[str, Any] | None:
    return asdict(found[0]) if found else None


def _length_bins(catalogue: Catalogue) -> list[dict[str, Any]]:
    if catalogue.length_shift is None:
        return []
    limits = [0, *catalogue.length_bins]
    return [
        {
            "from": limits[part.bin] + 1 if part.bin else 0,
            "to": limits[part.bin + 1] if part.bin + 1 < len(limits) else None,
            "share_before": part.before,
            "share_in_slice": part.now,
        }
        for part in sorted(catalogue.length_shift[1], key=lambda part: part.bin)
    ]


def _trainings_by_batch(
    settings: Settings, catalogue: Catalogue
) -> dict[str, TrainingOutcome]:
    """Give the newest training about each batch up to this one, oldest batch first."""
    newest = {outcome.batch_name: outcome for outcome in trainings(settings)}
    return {b.name: newest[b.name] for b in catalogue.batches if b.name in newest}


def _optional_scores(settings: Settings, outcome: TrainingOutcome) -> dict[str, Any]:
    try:
        return scores_of(settings, outcome)
    except PipelineError:
        return {}


def _sampled(
    settings: Settings, outcome: TrainingOutcome
) -> Mapping[int, tuple[int, int]]:
    """Count the training rows by class; nothing when the files have been pruned."""
    client = open_client(settings)
    try:
        return class_counts(resolve_dataset(client, outcome.dataset_run_id))
    except PipelineError:
        return {}


def _model(outcome: TrainingOutcome | None) -> dict[str, Any] | None:
    if outcome is None:
        return None
    return {
        **{k: v for k, v in asdict(outcome).items() if k not in {"reused", "rows"}},
        **outcome.rows,
    }


def _mistakes(catalogue: Catalogue, scores: Mapping[str, Any]) -> list[dict[str, Any]]:
    """List the five most frequent mistakes on the held-out rows."""
    codes = [score["prdtypecode"] for score in scores.get("classes", [])]
    names = catalogue.categories
    found = [
        {
            "true": codes[i],
            "true_category": names.get(codes[i], ""),
            "predicted": codes[j],
            "predicted_category": names.get(codes[j], ""),
            "rows": rows,
        }
        for i, row in enumerate(scores.get("confusion", []))
        for j, rows in enumerate(row)
        if i != j and rows
    ]
    return sorted(found, key=lambda mistake: -mistake["rows"])[:5]


def _links(
    settings: Settings, outcome: TrainingOutcome | None
) -> list[dict[str, str | None]]:
    remote = settings.mlflow_tracking_uri.startswith(("http://", "https://"))
    base = settings.mlflow_tracking_uri.rstrip("/") if remote else _LOCAL_UI
    opened_by = None if remote else "make ui"
    links: list[dict[str, str | None]] = []
    if outcome is not None:
        client = open_client(settings)
        for text, experiment, run in (
            ("Training run", TRAINING_EXPERIMENT, outcome.run_id),
            ("Dataset version", DATASET_EXPERIMENT, outcome.dataset_run_id),
        ):
            found = client.get_experiment_by_name(experiment)
            if found is not None:
                url = f"{base}/#/experiments/{found.experiment_id}/runs/{run}"
                links.append({"text": text, "url": url, "opened_by": opened_by})
        url = f"{base}/#/models/{MODEL_NAME}/versions/{outcome.model_version}"
        links.append({"text": "Registered model", "url": url, "opened_by": opened_by})
    docs = {"text": "Data documentation", "url": _LOCAL_DOCS, "opened_by": "make docs"}
    return [*links, dict[str, str | None](docs)]


def _summary(document: Mapping[str, Any]) -> list[str]:
    load, checks, model = document["load"], document["checks"], document["model"]
    broken = [step for step in document["steps"] if step["status"] == "failed"]
    lines = [
        f"{document['batch']}: {load['rows_added']:,} rows added,"
        f" {load['total_rows']:,} loaded ({load['percentage']:g} %)."
    ]
    if load["synthetic_sample"]:
        lines.append("These are rows of the synthetic sample, not real products.")
    if not document["published"]:
        lines.append("Not published: the marts stand as they were before this batch.")
    lines += [f"Step {step['name']} failed." for step in broken]
    if checks is not None:
        lines.append(
            f"Checks: {checks['passed']} of {checks['run']} passed,"
            f" {checks['failed']} failed, {checks['warned']} warned."
        )
    shift = document["drift"]["classes"]
    if shift is not None:
        lines.append(f"Class drift: PSI {shift['psi']:.3f}, {shift['verdict']}.")
    if model is not None:
        moved = "is the new champion" if model["promoted"] else "is not promoted"
        lines.append(
            f"Model: weighted F1 {model['weighted_f1']:.4f}"
            f" ({model['variant'].replace('_', ' ')}), version"
            f" {model['model_version']} {moved}. {model['reason']}"
        )
    return lines
