"""Results of benchmarks as JSON, and the tables of docs/performance.md made from them.

    python benchmarks/tables.py

Rewrites whatever the page has between `<!-- table: NAME -->` and `<!-- end -->` from
benchmarks/results/NAME.json.
"""

import argparse
import json
import os
import re
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.settings import PROJECT_ROOT

RESULTS = PROJECT_ROOT / "benchmarks" / "results"
PAGE = PROJECT_ROOT / "docs" / "performance.md"
MARKED = re.compile(r"(<!-- table: ([a-z]+) -->\n).*?(<!-- end -->)", re.DOTALL)

WEEKS = {
    "now": "this version",
    "before": "an earlier version",
    "replaced": "the replaced project",
}
LOADS = {
    "stringio, week": "pandas and COPY, week",
    "to_sql, week": "pandas.to_sql, week",
}
STAGES = {"first": "first load, 40 %", "week": "a week", "late-week": "a late week"}
STEPS = ("load", "build", "balance", "report")


def results_parser(description: str) -> argparse.ArgumentParser:
    """Return a parser for catalogues, and for whether to save the results."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("catalogues", nargs="+", type=Path)
    parser.add_argument("--results", action="store_true")
    return parser


def read(name: str) -> dict[str, Any]:
    """Return the results of a benchmark."""
    results: dict[str, Any] = json.loads((RESULTS / f"{name}.json").read_text())
    return results


def save(name: str, figures: dict[str, Any]) -> None:
    """Write the results of a benchmark, with today's date and the number of cores."""
    measured = {
        "measured": datetime.now(UTC).date().isoformat(),
        "cpus": os.cpu_count(),
    }
    text = json.dumps(measured | figures | measured, indent=1)
    (RESULTS / f"{name}.json").write_text(text + "\n")


def save_costs(name: str, costs: Iterable[Any], **others: dict[str, float]) -> None:
    """Replace the costs of the same factors, and other figures, in the results.

    Args:
        name: the benchmark.
        costs: dataclasses with a factor.
        others: figures that are not per factor.
    """
    found = read(name)
    new = [asdict(cost) for cost in costs]
    factors = {cost["factor"] for cost in new}
    kept = [cost for cost in found["costs"] if cost["factor"] not in factors]
    ordered = sorted(kept + new, key=lambda cost: cost["factor"])
    save(name, found | others | {"costs": ordered})


def week() -> list[str]:
    """Return a row per project."""
    results = read("week")
    costs = results["weeks"][0]["contestants"]
    rows = [
        [
            label,
            costs[name]["seconds"],
            costs[name]["cpu"],
            f"{costs[name]['ratio']:.2f}",
        ]
        for name, label in WEEKS.items()
        if name in costs
    ]
    return table(results, ["seconds", "CPU seconds", "this version / it"], rows)


def load() -> list[str]:
    """Return a row per contender, with the figures of each catalogue."""
    results = read("load")
    catalogues = results["catalogues"]
    header = []
    for catalogue in catalogues:
        header += [f"{catalogue['products']:,} products, s", "x psql", "peak MB"]
    rows = []
    for name in catalogues[0]["contenders"]:
        costs = [catalogue["contenders"][name] for catalogue in catalogues]
        cells = [
            [f"{cost['seconds']:.3f}", f"{cost['ratio']:.2f}", cost["megabytes"]]
            for cost in costs
        ]
        rows.append(
            [LOADS.get(name, name), *(cell for three in cells for cell in three)]
        )
    return table(results, header, rows)


def build() -> list[str]:
    """Return a row per catalogue and build."""
    results = read("build")
    header = ["rows", "total", "seconds"]
    rows = [
        [f"{catalogue['products']:,} products, {name}", *(cost[key] for key in header)]
        for catalogue in results["catalogues"]
        for name, cost in catalogue["builds"].items()
    ]
    return table(results, header, rows)


def balance() -> list[str]:
    """Return a row per catalogue and way."""
    results = read("balance")
    rows = [
        [
            f"{catalogue['products']:,} products, {name}",
            cost["rows"],
            cost["seconds"],
            f"{cost['gigabytes']:.2f}",
            cost["file_megabytes"],
        ]
        for catalogue in results["catalogues"]
        for name, cost in catalogue["ways"].items()
    ]
    header = ["rows written", "seconds", "peak GB", "train file MB"]
    return table(results, header, rows)


def training() -> list[str]:
    """Return a column per size of the catalogue."""
    results = read("training")
    costs = results["costs"]
    lines = {
        "products, a tenth held out": "products",
        "rows after oversampling": "training_rows",
        "peak memory, MB": "megabytes",
        "seconds": "seconds",
    }
    rows = [
        [label, *(round(cost[key]) for cost in costs)] for label, key in lines.items()
    ]
    return table(results, [f"{cost['factor']}x" for cost in costs], rows)


def serving() -> list[str]:
    """Return one row."""
    results = read("training")
    answers = results["serving_milliseconds"]
    header = ["requests", "median ms", "p99 ms", "slowest ms"]
    return table(results, header, [["one product per request", *answers.values()]])


def scale() -> list[str]:
    """Return a row per size of the catalogue and stage; training is in its own table."""
    results = read("scale")
    costs = results["costs"]
    rows = []
    for factor in sorted({cost["factor"] for cost in costs}):
        for stage, label in STAGES.items():
            of_stage = {
                cost["step"]: cost
                for cost in costs
                if (cost["factor"], cost["stage"]) == (factor, stage)
            }
            steps = [of_stage[step] for step in STEPS]
            rows.append(
                [
                    f"{factor}x, {label}",
                    steps[0]["total"],
                    *(f"{step['seconds']:.1f}" for step in steps),
                    max(step["megabytes"] for step in steps),
                    max(step["server_megabytes"] for step in steps),
                ]
            )
    header = ["products loaded", *(f"{step} s" for step in STEPS)]
    return table(results, [*header, "peak MB", "PostgreSQL MB"], rows)


def table(
    results: dict[str, Any], header: list[str], rows: Iterable[list[Any]]
) -> list[str]:
    """Return the lines of a table of a label and numbers, headed by the date."""
    return [
        _line([f"measured {results['measured']}", *header]),
        "|---|" + "---:|" * len(header),
        *(_line(row) for row in rows),
    ]


def _line(cells: Iterable[Any]) -> str:
    return "| " + " | ".join(map(_cell, cells)) + " |"


def _cell(value: str | float | None) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else f"{value:,}"


TABLES = {
    function.__name__: function
    for function in (week, load, build, balance, training, serving, scale)
}


def render(page: str) -> str:
    """Return the page with each of its marked tables made from the results."""
    return MARKED.sub(
        lambda found: found[1] + "\n".join(TABLES[found[2]]()) + "\n" + found[3], page
    )


if __name__ == "__main__":
    PAGE.write_text(render(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
