"""The weekly report: one self-contained HTML file, Markdown and JSON."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from core.settings import Settings
from core.tracking import open_client
from reporting.charts import class_chart, growth_chart, score_chart
from reporting.checks import read_checks
from reporting.document import build_document
from reporting.facts import Catalogue, read_catalogue
from reporting.steps import StepResult

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Report:
    """A report that has been written.

    Attributes:
        batch_name: the batch it is about.
        html: the file to open.
        markdown: the same as text.
        json: the same as figures.
        summary: a few lines for a notification.
    """

    batch_name: str
    html: Path
    markdown: Path
    json: Path
    summary: str


def write_report(
    settings: Settings, batch_name: str | None, steps: Sequence[StepResult] = ()
) -> Report:
    """Write the report about a batch, and attach it to the batch's training run.

    A batch that dbt has not published, because a check failed, is told as far as it is
    known: what was loaded, which checks failed. What the steps came to is kept in
    `<batch>.steps.json`, so that a report that is rebuilt later still tells it.

    Args:
        settings: see Settings.
        batch_name: None for the newest completed batch.
        steps: the steps of the weekly run so far; none when the report is rebuilt.

    Raises:
        ServerError: the warehouse cannot be reached.
        SourceError: there is no such batch in the marts.
    """
    catalogue = read_catalogue(settings, batch_name)
    settings.reports_path.mkdir(parents=True, exist_ok=True)
    record = _remember(settings.reports_path, catalogue, steps)
    document = build_document(settings, catalogue, record)
    report = _write_files(settings.reports_path, document)
    run_id = document["model"]["run_id"] if document["model"] else None
    if run_id is not None:
        client = open_client(settings)
        for path in (report.html, report.markdown, report.json):
            client.log_artifact(run_id, str(path), "report")
    return report


def _remember(
    folder: Path, catalogue: Catalogue, steps: Sequence[StepResult]
) -> dict[str, Any]:
    """Merge this run's steps into what earlier runs about the same batch came to.

    A step that a resumed run skips keeps the figures of the run that did it. A run
    whose load failed brought no batch, so its steps are nobody's.
    """
    if any(step.name == "load" and step.status == "failed" for step in steps):
        steps = ()
    batch = catalogue.batch
    path = folder / f"{batch.name}.steps.json"
    try:
        record: dict[str, Any] = json.loads(path.read_bytes())
    except (OSError, ValueError):
        record = {"steps": [], "checks": None}
    known = {step["name"]: step for step in record["steps"]}
    for step in steps:
        if step.status != "skipped" or step.name not in known:
            known[step.name] = {**asdict(step), "details": dict(step.details)}
    record["steps"] = list(known.values())
    checks = read_checks(batch.completed_at, catalogue.superseded_at)
    record["checks"] = checks or record["checks"]
    _replace(path, json.dumps(record, indent=2, default=str))
    return record


def _write_files(folder: Path, document: Mapping[str, Any]) -> Report:
    name = document["batch"]
    report = Report(
        batch_name=name,
        html=folder / f"{name}.html",
        markdown=folder / f"{name}.md",
        json=folder / f"{name}.json",
        summary="\n".join([*document["summary"], f"Report: {folder / f'{name}.html'}"]),
    )
    _replace(report.html, _render("report.html.j2", document))
    _replace(report.markdown, _render("report.md.j2", document))
    _replace(report.json, json.dumps(document, indent=2, ensure_ascii=False))
    return report


def _render(template: str, document: Mapping[str, Any]) -> str:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(["html.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        class_chart=class_chart, growth_chart=growth_chart, score_chart=score_chart
    )
    environment.filters["thousands"] = lambda value: f"{value:,}"
    environment.filters["percent"] = lambda value, digits=1: (
        f"{100 * value:.{digits}f} %"
    )
    environment.filters["duration"] = _duration
    return environment.get_template(template).render(document)


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s"


def _replace(path: Path, content: str) -> None:
    """Write a file so that whoever reads it sees the old or the new one, whole."""
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False
    ) as file:
        file.write(content)
    Path(file.name).chmod(0o644)
    Path(file.name).replace(path)
