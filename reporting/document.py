"""The report as one document of plain values, as in its JSON version."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from balancing.versions import adopt_versions
from core.errors import PipelineError
from core.settings import Settings
from core.tracking import open_client
from reporting.answers import answer_questions, outcome_of
from reporting.drift import METHOD, BinShift, Shift
from reporting.facts import Catalogue
from reporting.links import DBT_DOCS, Link, mlflow_links
from training.datasets import class_counts, resolve_dataset
from training.outcomes import TrainingOutcome, as_dict, scores_of, trainings
from warehouse.identity import identify_warehouse

_MOST_CHANGED = 8


@dataclass(frozen=True)
class Models:
    """What MLflow has about a batch and those before it.

    Attributes:
        trainings: the newest training of each batch, the oldest batch first.
        scores: of the batch's own training; empty if they are gone.
        sampled: rows per class before and after balancing; empty if the files are gone.
    """

    trainings: Mapping[str, TrainingOutcome]
    scores: Mapping[str, Any]
    sampled: Mapping[int, tuple[int, int]]


def read_models(settings: Settings, catalogue: Catalogue) -> Models:
    """Read what MLflow has about a batch and those before it."""
    trained = _trainings_by_batch(settings, catalogue)
    outcome = trained.get(catalogue.batch.name)
    if outcome is None:
        return Models(trained, {}, {})
    return Models(
        trained, _optional_scores(settings, outcome), _sampled(settings, outcome)
    )


def build_document(
    settings: Settings,
    catalogue: Catalogue,
    models: Models,
    record: Mapping[str, Any],
    labels: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """Return all facts in the shape of the JSON version.

    Args:
        settings: see Settings.
        catalogue: see `read_catalogue`.
        models: see `read_models`.
        record: `steps` and `checks` of the batch.
        labels: see `read_labels`.
    """
    trained, scores = models.trainings, models.scores
    outcome = trained.get(catalogue.batch.name)
    document: dict[str, Any] = {
        "batch": catalogue.batch.name,
        "audited": catalogue.is_audited,
        "published": catalogue.is_published,
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
        "classes": _classes(catalogue, models.sampled, scores),
        "drift": _drift(catalogue),
        "duplicates": asdict(catalogue.marts.duplicates),
        "model": _model(outcome),
        "champion": _champion(trained.values()),
        "champion_before": _champion(
            entry for name, entry in trained.items() if name != catalogue.batch.name
        ),
        "mistakes": _mistakes(catalogue, scores),
        "labels": labels,
        "trainings": _trainings(trained),
        "steps": record["steps"],
        "links": _links(settings, outcome),
    }
    document["outcome"] = outcome_of(document)
    document["answers"] = answer_questions(document)
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
        "inserted": catalogue.marts.operations.get("INSERT", 0),
        "updated": catalogue.marts.operations.get("UPDATE", 0),
        "deleted": catalogue.marts.operations.get("DELETE", 0),
        "products": sum(catalogue.marts.classes.values()),
    }


def _classes(
    catalogue: Catalogue,
    sampled: Mapping[int, tuple[int, int]],
    scores: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """Return one entry per class, the largest first."""
    by_class = {score["prdtypecode"]: score for score in scores.get("classes", [])}
    shift_by_class = catalogue.marts.class_shift
    shifts = {s.bin: s for s in shift_by_class[1]} if shift_by_class else {}
    total = sum(catalogue.marts.classes.values())
    entries = []
    for code, products in sorted(catalogue.marts.classes.items(), key=lambda c: -c[1]):
        shift, score = shifts.get(code), by_class.get(code, {})
        before, after = sampled.get(code, (None, None))
        entries.append(
            {
                "prdtypecode": code,
                "category": catalogue.marts.categories.get(code, ""),
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
    shift = catalogue.marts.class_shift
    most = shift[1][:_MOST_CHANGED] if shift else []
    return {
        "method": METHOD,
        "classes": _shift(shift),
        "text_length": _shift(catalogue.marts.length_shift),
        "text_length_bins": _length_bins(catalogue),
        "most_changed": [
            {
                "prdtypecode": part.bin,
                "category": catalogue.marts.categories.get(part.bin, ""),
                "share_before": part.before,
                "share_in_slice": part.now,
                "psi": part.contribution,
            }
            for part in most
        ],
    }


def _shift(shift: tuple[Shift, Sequence[BinShift]] | None) -> dict[str, Any] | None:
    return asdict(shift[0]) if shift else None


def _length_bins(catalogue: Catalogue) -> list[dict[str, Any]]:
    if catalogue.marts.length_shift is None:
        return []
    limits = [0, *catalogue.marts.length_bins]
    return [
        {
            "from": limits[part.bin] + 1 if part.bin else 0,
            "to": limits[part.bin + 1] if part.bin + 1 < len(limits) else None,
            "share_before": part.before,
            "share_in_slice": part.now,
        }
        for part in sorted(catalogue.marts.length_shift[1], key=lambda part: part.bin)
    ]


def _trainings_by_batch(
    settings: Settings, catalogue: Catalogue
) -> dict[str, TrainingOutcome]:
    """Return the newest training of each batch up to this one, oldest batch first."""
    warehouse = identify_warehouse(settings)
    adopt_versions(settings, warehouse)
    outcomes = trainings(settings, warehouse.id if warehouse else None)
    newest = {outcome.dataset.batch_name: outcome for outcome in outcomes}
    return {b.name: newest[b.name] for b in catalogue.batches if b.name in newest}


def _optional_scores(settings: Settings, outcome: TrainingOutcome) -> dict[str, Any]:
    try:
        return scores_of(settings, outcome)
    except PipelineError:
        return {}


def _sampled(
    settings: Settings, outcome: TrainingOutcome
) -> Mapping[int, tuple[int, int]]:
    """Return the training rows per class; empty when the files have been pruned."""
    client = open_client(settings)
    try:
        return class_counts(resolve_dataset(client, outcome.dataset.dataset_run_id))
    except PipelineError:
        return {}


def _model(outcome: TrainingOutcome | None) -> dict[str, Any] | None:
    if outcome is None:
        return None
    return {
        **{k: v for k, v in as_dict(outcome).items() if k not in {"reused", "rows"}},
        **outcome.rows,
    }


def _mistakes(catalogue: Catalogue, scores: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the five most frequent mistakes on the held-out rows."""
    codes = [score["prdtypecode"] for score in scores.get("classes", [])]
    names = catalogue.marts.categories
    mistakes = [
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
    return sorted(mistakes, key=lambda mistake: -mistake["rows"])[:5]


def _trainings(trained: Mapping[str, TrainingOutcome]) -> list[dict[str, Any]]:
    """Return one entry per training, each compared with the champion before it."""
    entries: list[dict[str, Any]] = []
    for name, outcome in trained.items():
        promotion = outcome.promotion
        before = entries[-1]["champion_after"] if entries else None
        if not promotion.promoted:
            before = promotion.champion_version
        entries.append(
            {
                "batch": name,
                "weighted_f1": outcome.weighted_f1,
                "macro_f1": outcome.macro_f1,
                "champion_before": before,
                "champion_before_f1": promotion.champion_f1,
                "model_version": outcome.model_version,
                "promoted": promotion.promoted,
                "champion_after": promotion.champion_version,
            }
        )
    return entries


def _champion(outcomes: Iterable[TrainingOutcome]) -> int | None:
    """Return the version that serves after the last of some trainings."""
    newest_first = reversed([*outcomes])
    return next((outcome.promotion.champion_version for outcome in newest_first), None)


def _links(settings: Settings, outcome: TrainingOutcome | None) -> list[Link]:
    docs: Link = {"text": "Data documentation", "url": DBT_DOCS, "opened_by": None}
    return [*mlflow_links(settings, outcome), docs]


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
        lines.append(
            "Not published: some marts have it."
            if document["audited"]
            else "Not published: the marts are unchanged."
        )
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
    labels = document["labels"]
    if labels is not None:
        lines.append(
            f"Labels: {labels['doubtful']:,} of {labels['products']:,} are doubtful."
        )
    return lines
