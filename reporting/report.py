"""The weekly report: one self-contained HTML file, Markdown and JSON."""

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from core.durable import make_folder, write_durably, writing
from core.settings import Settings
from core.tracking import open_client
from reporting.audit import read_checks
from reporting.document import build_document, read_models
from reporting.facts import Catalogue, read_catalogue
from reporting.index import LAST_RUN, read_reports, remember_run, write_index
from reporting.label_review import read_labels, write_label_review
from reporting.links import DBT_DOCS, INDEX, report_address
from reporting.mlflow_pages import describe_in_mlflow
from reporting.render import render
from reporting.steps import StepResult
from warehouse.identity import Warehouse, identify_warehouse

# Files that are not about one batch.
SHARED = (DBT_DOCS, INDEX, LAST_RUN)


@dataclass(frozen=True)
class Report:
    """A report that has been written.

    Attributes:
        batch_name: the batch it is about.
        html: the page.
        markdown: the same as Markdown.
        json: the same as JSON.
        summary: a few lines for a notification.
    """

    batch_name: str
    html: Path
    markdown: Path
    json: Path
    summary: str


def write_report(
    settings: Settings,
    batch_name: str | None,
    steps: Sequence[StepResult] = (),
    catalogue: Catalogue | None = None,
) -> Report:
    """Write the report of a batch and the index page; attach it to the training run.

    The report of a batch that dbt has not published contains what is known about it:
    the rows loaded and the checks that failed. The results of the steps are kept in
    `<batch>.steps.json` for reports that are rebuilt later.

    Args:
        settings: see Settings.
        batch_name: None for the newest completed batch.
        steps: the steps of the weekly run so far; none when the report is rebuilt.
        catalogue: what `read_catalogue` returned for this batch; None to read it now.

    Raises:
        PipelineError: a mart is missing.
        ServerError: the warehouse cannot be reached.
        SourceError: there is no such batch.
    """
    if steps:
        remember_run(settings, steps)
    try:
        catalogue = catalogue or read_catalogue(settings, batch_name)
        return _write_report(settings, batch_name, steps, catalogue)
    finally:
        # Also without any batch: the page then shows why the load failed.
        write_index(settings)


def _write_report(
    settings: Settings,
    batch_name: str | None,
    steps: Sequence[StepResult],
    catalogue: Catalogue,
) -> Report:
    make_folder(settings.reports_path)
    _set_strangers_aside(settings)
    record = _remember(settings, catalogue, steps)
    is_newest = catalogue.is_published and catalogue.superseded_at is None
    # PostgreSQL counts, while this process reads MLflow's store.
    with ThreadPoolExecutor(1) as beside:
        found = beside.submit(
            read_labels, settings, catalogue.batch.id, is_newest=is_newest
        )
        models = read_models(settings, catalogue)
        labels = found.result()
    document = build_document(settings, catalogue, models, record, labels)
    report = _write_files(settings, document)
    if labels is not None and is_newest:
        write_label_review(settings, catalogue.batch.name, labels)
    if batch_name is None:
        # The report of an older batch does not show later versions.
        describe_in_mlflow(settings, document["trainings"])
    run_id = document["model"]["run_id"] if document["model"] else None
    if run_id is not None:
        client = open_client(settings)
        for path in (report.html, report.markdown, report.json):
            client.log_artifact(run_id, str(path), "report")
    return report


def _set_strangers_aside(settings: Settings) -> None:
    """Move the reports of another warehouse to a folder of their own.

    Every warehouse has a week_1. A folder from before warehouses had identities belongs
    to this one if its reports are about batches completed at the same times.
    """
    warehouse = identify_warehouse(settings)
    if warehouse is None:
        return
    folder = settings.reports_path
    mark = folder / "warehouse.txt"
    if mark.exists():
        owner = mark.read_text(encoding="utf-8").strip()
    else:
        owner = warehouse.id if _are_own(folder, warehouse) else "unknown"
    if owner != warehouse.id:
        aside = folder / "other" / owner
        make_folder(aside)
        with writing(aside):
            for path in folder.iterdir():
                if path.is_file() and path.name not in (*SHARED, mark.name):
                    path.replace(aside / path.name)
    write_durably(mark, f"{warehouse.id}\n")


def _are_own(folder: Path, warehouse: Warehouse) -> bool:
    times = dict(warehouse.batches.values())
    documents = read_reports(folder)
    return not documents or any(
        datetime.fromisoformat(str(document["load"]["completed_at"]))
        == times.get(str(document["batch"]))
        for document in documents
    )


def _remember(
    settings: Settings, catalogue: Catalogue, steps: Sequence[StepResult]
) -> dict[str, Any]:
    """Return the steps of this and earlier runs about the same batch, and its checks.

    A step that a resumed run skips keeps the figures of the run that did it. The steps
    of a run whose load failed belong to no batch.
    """
    if any(step.name == "load" and step.status == "failed" for step in steps):
        steps = ()
    batch = catalogue.batch
    path = settings.reports_path / f"{batch.name}.steps.json"
    try:
        record: dict[str, Any] = json.loads(path.read_bytes())
    except (OSError, ValueError):
        record = {"steps": [], "checks": None}
    known = {step["name"]: step for step in record["steps"]}
    for step in steps:
        if step.status != "skipped" or step.name not in known:
            known[step.name] = {**asdict(step), "details": dict(step.details)}
    record["steps"] = list(known.values())
    checks = read_checks(settings, batch.id)
    record["checks"] = checks or record["checks"]
    write_durably(path, json.dumps(record, indent=2, default=str))
    return record


def _write_files(settings: Settings, document: Mapping[str, Any]) -> Report:
    folder = settings.reports_path
    name = document["batch"]
    report = Report(
        batch_name=name,
        html=folder / f"{name}.html",
        markdown=folder / f"{name}.md",
        json=folder / f"{name}.json",
        summary="\n".join(
            [
                *document["summary"],
                f"Report: {report_address(settings, f'{name}.html')}",
            ]
        ),
    )
    write_durably(report.html, render("report.html.j2", document))
    write_durably(report.markdown, render("report.md.j2", document))
    write_durably(report.json, json.dumps(document, indent=2, ensure_ascii=False))
    return report
