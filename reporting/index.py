"""The page that links to everything: `index.html` beside the reports.

It is written from the files in the reports folder alone, so that it can be written and
opened while neither PostgreSQL nor MLflow is running.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.durable import make_folder, write_durably
from core.settings import Settings
from reporting.answers import outcome_of
from reporting.links import DBT_DOCS, INDEX, mlflow_address, needs_mlflow_ui
from reporting.render import render
from reporting.steps import StepResult

LAST_RUN = "last_run.json"


def write_index(settings: Settings) -> Path:
    """Write the index page and return its path."""
    folder = settings.reports_path
    make_folder(folder)
    documents = read_reports(folder)
    newest = documents[-1] if documents else None
    page = render(
        "index.html.j2",
        {
            "generated_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "newest": newest,
            "outcome": outcome_of(newest) if newest else "incomplete",
            "others": sorted(
                f"{path.relative_to(folder)}" for path in folder.glob("other/*/*.html")
            ),
            "reports": [_entry(folder, document) for document in reversed(documents)],
            "refused": _refused_load(folder),
            "links": _mlflow_links(newest),
            "mlflow": mlflow_address(settings),
            "opened_by": "make ui" if needs_mlflow_ui(settings) else None,
            "dbt_docs": DBT_DOCS if (folder / DBT_DOCS).exists() else None,
            "embedded": settings.embedded,
            "host": settings.postgres_host,
            "port": settings.postgres_port,
            "database": settings.postgres_db,
        },
    )
    path = folder / INDEX
    write_durably(path, page)
    return path


def remember_run(settings: Settings, steps: Sequence[StepResult]) -> None:
    """Keep the steps of a weekly run, including one whose load brought no batch."""
    make_folder(settings.reports_path)
    run = {
        "finished_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "steps": [{**asdict(step), "details": dict(step.details)} for step in steps],
    }
    text = json.dumps(run, indent=2, default=str)
    write_durably(settings.reports_path / LAST_RUN, text)


def read_reports(folder: Path) -> list[Mapping[str, Any]]:
    """Return the documents of all reports in a folder, the oldest batch first."""
    documents = [_read_json(path) for path in folder.glob("*.json")]
    reports = [document for document in documents if "growth" in document]
    return sorted(reports, key=lambda report: str(report["load"]["completed_at"]))


def _read_json(path: Path) -> Mapping[str, Any]:
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return document if isinstance(document, dict) else {}


def _entry(folder: Path, document: Mapping[str, Any]) -> dict[str, Any]:
    batch = str(document["batch"])
    review = f"{batch}.review.html"
    return {
        "batch": batch,
        "page": f"{batch}.html",
        "outcome": outcome_of(document),
        "load": document["load"],
        "model": document["model"],
        "champion": document["champion"],
        "review": review if (folder / review).exists() else None,
    }


def _refused_load(folder: Path) -> dict[str, Any] | None:
    """Return when and why the last run loaded nothing, if its load failed."""
    run = _read_json(folder / LAST_RUN)
    for step in run.get("steps", []):
        if step["name"] == "load" and step["status"] == "failed":
            return {"at": run["finished_at"], "message": step["message"]}
    return None


def _mlflow_links(document: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    links = document["links"] if document else []
    return [link for link in links if str(link["url"]).startswith("http")]
