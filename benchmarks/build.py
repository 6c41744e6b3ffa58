"""Measure `dbt build` for a week, against the total and a full refresh.

    python benchmarks/build.py CATALOGUE [CATALOGUE10 …] [--results]

Loads each catalogue's 40 %, builds, then three weeks with a build each, then builds with
--full-refresh, all in a throw-away embedded server. Prints the time of each (weeks: the
median), the share of models and tests (sums over two threads), and the slowest nodes of
the last week. `--results` puts the table into benchmarks/results/build.json, from which
docs/performance.md is made.
"""

import gc
import json
import os
import shutil
import statistics
import tempfile
import time
from collections import Counter
from pathlib import Path

from load import count  # benchmarks/load.py
from tables import results_parser, save  # benchmarks/tables.py

from core.settings import Settings
from loaders.load import load_slice
from loaders.schema import initialise
from orchestration.dbt import BUILD, run_dbt
from warehouse import embedded

WEEKS = 3
SLOWEST = 8
KINDS = ("model", "test")


def measure(catalogue: Path, home: Path) -> dict[str, dict[str, float]]:
    """Return rows and seconds of the first build, a week's and a full refresh."""
    home.chmod(0o755)
    settings = Settings(
        _env_file=None,
        postgres_host=None,
        postgres_data_dir=home / "postgres",
        postgres_db="benchmark",
        data_path=catalogue,
        logs_path=home / "logs",
    )
    os.environ["DBT_TARGET_PATH"] = str(home / "target")
    os.environ["DBT_LOG_PATH"] = str(home / "logs")
    initialise(settings)
    run_dbt(settings, ["parse"])
    try:
        first, *weeks = [load_and_build(settings) for _ in range(1 + WEEKS)]
        slowest = sorted(nodes(home), key=lambda node: -node[1])[:SLOWEST]
        refresh = build(settings, home, "--full-refresh")
    finally:
        embedded.stop(settings)
    week = {key: statistics.median(w[key] for w in weeks) for key in first}
    refresh |= {"rows": weeks[-1]["total"], "total": weeks[-1]["total"]}
    print(", ".join(f"{name} {seconds:.1f}" for name, seconds in slowest))
    return {"first": first, "a week": week, "full refresh": refresh}


def load_and_build(settings: Settings) -> dict[str, float]:
    """Load the next slice and build it."""
    outcome = load_slice(settings)
    counts = {"rows": outcome.rows_added, "total": outcome.total_rows}
    return counts | build(settings, settings.logs_path.parent)


def build(settings: Settings, home: Path, *options: str) -> dict[str, float]:
    """Return the seconds of a build and of its models and tests."""
    began = time.perf_counter()
    run_dbt(settings, [*BUILD, *options])
    seconds = time.perf_counter() - began
    shares: Counter[str] = Counter(dict.fromkeys(KINDS, 0))
    for name, taken in nodes(home):
        shares[name.split(".")[0]] += taken
    return {"seconds": seconds} | {kind: shares[kind] for kind in KINDS}


def nodes(home: Path) -> list[tuple[str, float]]:
    """Return the nodes of the last build with their seconds."""
    results = json.loads((home / "target" / "run_results.json").read_text())["results"]
    return [(node["unique_id"], node["execution_time"]) for node in results]


def main() -> None:
    """Print a table of Markdown for each catalogue."""
    options = results_parser(__doc__.splitlines()[0]).parse_args()
    gc.disable()  # as the weekly run's dbt does
    results = []
    for catalogue in options.catalogues:
        home = Path(tempfile.mkdtemp(prefix="benchmark-build-"))
        try:
            builds = measure(catalogue, home)
        finally:
            shutil.rmtree(home, ignore_errors=True)
        print("| build | rows | total | s | models s | tests s |")
        print("|---|---|---|---|---|---|")
        for name, row in builds.items():
            seconds = [row["seconds"], *(row[kind] for kind in KINDS)]
            cells = [f"{row['rows']:,.0f}", f"{row['total']:,.0f}"]
            cells += [f"{value:.1f}" for value in seconds]
            print(f"| {name} | {' | '.join(cells)} |", flush=True)
        results.append({"products": count(catalogue), "builds": _rounded(builds)})
    if options.results:
        save("build", {"catalogues": results})


def _rounded(builds: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    """Return the counts as whole numbers and the seconds with one decimal."""
    return {
        name: {
            key: round(value) if key in ("rows", "total") else round(value, 1)
            for key, value in row.items()
        }
        for name, row in builds.items()
    }


if __name__ == "__main__":
    main()
