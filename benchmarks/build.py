"""How long `dbt build` takes for a week, against the total and a first build.

    python benchmarks/build.py CATALOGUE [CATALOGUE10 …]

Loads each catalogue's 40 %, builds, then three weeks with a build each, in a throw-away
embedded server, and prints a table: what the first build and a week's build took (median,
seconds), how much of it the two snapshots had, and how much the tests.
"""

import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from loaders.load import load_slice
from loaders.schema import initialise
from orchestration.dbt import run_dbt
from warehouse import embedded
from warehouse.settings import Settings

WEEKS = 3


def measure(catalogue: Path, home: Path) -> list[dict[str, float]]:
    """Give the seconds of the first build and of each week's: all, snapshots, tests."""
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
        return [build(settings, home) for _ in range(1 + WEEKS)]
    finally:
        embedded.stop(settings)


def build(settings: Settings, home: Path) -> dict[str, float]:
    """Load the next slice and build it."""
    outcome = load_slice(settings)
    began = time.perf_counter()
    run_dbt(settings, ["build", "--exclude-resource-type", "unit_test"])
    seconds = time.perf_counter() - began
    results = json.loads((home / "target" / "run_results.json").read_text())["results"]

    def share(prefix: str) -> float:
        return sum(
            r["execution_time"] for r in results if r["unique_id"].startswith(prefix)
        )

    return {
        "rows": outcome.rows_added,
        "total": outcome.total_rows,
        "seconds": seconds,
        "snapshots": share("snapshot."),
        "tests": share("test."),
    }


def main() -> None:
    """Print a table of Markdown."""
    print("| catalogue | rows | total | build s | snapshots s | tests s |")
    print("|---|---|---|---|---|---|")
    for argument in sys.argv[1:]:
        home = Path(tempfile.mkdtemp(prefix="benchmark-build-"))
        try:
            first, *weeks = measure(Path(argument), home)
        finally:
            shutil.rmtree(home, ignore_errors=True)
        week = {key: statistics.median(w[key] for w in weeks) for key in first}
        for name, row in (("first build", first), (f"a week (of {WEEKS})", week)):
            print(
                f"| {name} | {row['rows']:,.0f} | {row['total']:,.0f}"
                f" | {row['seconds']:.1f} | {row['snapshots']:.1f}"
                f" | {row['tests']:.1f} |"
            )


if __name__ == "__main__":
    main()
