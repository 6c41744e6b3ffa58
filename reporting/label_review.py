"""The label review of a batch: a page on which a person decides, and its CSV file."""

import csv
import io
import os
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from core.durable import write_durably
from core.settings import Settings
from loaders.reviews import newest_review
from reporting.queries import fetch
from reporting.render import render
from warehouse.connection import connect

PAGE = "review.html"
SHEET = "review.csv"

_SHOWN = 100
_ISSUES = """
select
    productid, rank, given_prdtypecode, given_category, given_probability,
    suggested_prdtypecode, suggested_category, suggested_probability, first_seen_in,
    designation, description, image_path, image_exists, words
from marts.label_issues
where status = 'open'
order by rank
limit %(shown)s
"""
_STATUSES = "select status, count(*) from marts.label_issues group by status"
_KINDS = "select kind, count(*) from marts.data_issues group by kind order by 2 desc, 1"
_CATEGORIES = (
    "select prdtypecode, category from marts.product_categories order by prdtypecode"
)


def read_labels(
    settings: Settings, batch_id: int, *, is_newest: bool
) -> dict[str, Any] | None:
    """Read what the review of a batch found.

    Args:
        settings: see Settings.
        batch_id: as in data_loads.
        is_newest: whether it is the newest batch, the one the marts show.

    Returns:
        `products`, `doubtful`, `near_duplicates` and `gain` as the review recorded them;
        for the newest batch also `open`, `fixed` and `kept` labels and `kinds`, the
        products by kind of data issue. None if the batch has not been reviewed.
    """
    with closing(connect(settings, "transformer")) as connection:
        review = newest_review(connection, batch_id)
        if review is None:
            return None
        labels: dict[str, Any] = {
            "products": review.products,
            "doubtful": review.label_issues,
            "near_duplicates": review.near_duplicates,
            "gain": review.gain,
        }
        if is_newest:
            statuses = dict(fetch(connection, _STATUSES))
            labels |= {
                name: statuses.get(name, 0) for name in ("open", "fixed", "kept")
            }
            labels["kinds"] = dict(fetch(connection, _KINDS))
    return labels


def write_label_review(
    settings: Settings, batch_name: str, labels: Mapping[str, Any]
) -> Path:
    """Write `<batch>.review.html` and `<batch>.review.csv` beside the reports.

    The CSV file has a row per product on the page and an empty column `decision`;
    `loaders correct` reads it, and the file the page saves.

    Args:
        settings: see Settings.
        batch_name: the newest batch.
        labels: see `read_labels`.
    """
    with closing(connect(settings, "transformer")) as connection:
        issues = [
            _issue(settings, row)
            for row in fetch(connection, _ISSUES, {"shown": _SHOWN})
        ]
        categories = fetch(connection, _CATEGORIES)
    folder = settings.reports_path
    write_durably(folder / f"{batch_name}.{SHEET}", _sheet(issues))
    page = folder / f"{batch_name}.{PAGE}"
    write_durably(
        page,
        render(
            "review.html.j2",
            {
                "batch": batch_name,
                "sheet": f"{batch_name}.{SHEET}",
                "labels": labels,
                "issues": issues,
                "categories": categories,
            },
        ),
    )
    return page


def _issue(settings: Settings, row: Sequence[Any]) -> dict[str, Any]:
    names = (
        *("productid", "rank", "given", "given_category", "given_probability"),
        *("suggested", "suggested_category", "suggested_probability", "first_seen_in"),
        *("designation", "description", "image_path", "image_exists", "words"),
    )
    issue = dict(zip(names, row, strict=True))
    issue["picture"] = None
    if issue["image_exists"]:
        picture = settings.data_path / issue["image_path"]
        issue["picture"] = os.path.relpath(picture, settings.reports_path)
    return issue


def _sheet(issues: Sequence[Mapping[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(
        ["productid", "prdtypecode", "decision", "_given", "_suggested", "_designation"]
    )
    for issue in issues:
        given = f"{issue['given']} {issue['given_category']}"
        suggested = f"{issue['suggested']} {issue['suggested_category']}"
        writer.writerow(
            [
                issue["productid"],
                issue["suggested"],
                "",
                given,
                suggested,
                _as_text(issue["designation"]),
            ]
        )
    return text.getvalue()


def _as_text(value: str) -> str:
    """Return a text that a spreadsheet does not take for a formula."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@")) else value
