r"""Time a whole week as one command, beside an earlier commit and the replaced project.

    python benchmarks/week.py CATALOGUE … [--from 43 97] [--rounds 5] \
        [--before CHECKOUT] [--replaced CHECKOUT --replaced-python PYTHON] [--results]

CATALOGUE is a folder with X_train.csv and Y_train.csv. CHECKOUT of `--before` is another
checkout of this project after `make setup` there. CHECKOUT of `--replaced` is the project
this one replaces (github.com/DataScientest-Studio/sep25_cmlops_rakuten), PYTHON an
interpreter that has its requirements.

For each catalogue and percentage, every contestant first loads that percentage, with all
steps of its week. Then, in turns, each round puts that state back, starts PostgreSQL and
times the next week (3 % more): `python -m orchestration weekly` here, the loader, dataset
generator and training of the replaced project there. Start-up is included, the start of
PostgreSQL is not. Prints medians in seconds, CPU seconds without PostgreSQL's, and the
ratio of this checkout to each of the others, round by round. `--results` puts them into
benchmarks/results/week.json, from which docs/performance.md is made.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from load import count  # benchmarks/load.py
from tables import results_parser, save  # benchmarks/tables.py

from core.settings import PROJECT_ROOT

WEEK = ("-m", "orchestration", "weekly")
INIT_REPLACED = """
from src.data.db_init import initialize_schema, load_initial_data
assert initialize_schema() and load_initial_data() is not False
"""


@dataclass(frozen=True)
class Contestant:
    """One project and how to run its week.

    Attributes:
        name: the column in the table.
        folder: its checkout.
        first: arguments of Python for the first load and week, one process each.
        week: likewise for each later week.
        python: the interpreter that has its packages.
    """

    name: str
    folder: Path
    first: Sequence[Sequence[str]]
    week: Sequence[Sequence[str]]
    python: Path


@dataclass(frozen=True)
class Cost:
    """One week: wall-clock seconds, and CPU seconds of its own processes."""

    seconds: float
    cpu: float


def contestants(options: argparse.Namespace) -> list[Contestant]:
    """Return this checkout and those that were named and exist."""
    present = [ours("now", PROJECT_ROOT)]
    if options.before:
        present.append(ours("before", options.before.resolve()))
    if options.replaced and options.replaced.is_dir():
        week = (("src/data/loader.py",), ("scripts/auto_train.py",))
        first = (("-c", INIT_REPLACED), ("scripts/auto_train.py",))
        folder = options.replaced.resolve()
        python = options.replaced_python.absolute()
        present.append(Contestant("replaced", folder, first, week, python))
    else:
        print(
            "The replaced project is not compared: --replaced names no checkout of it."
        )
    return present


def ours(name: str, folder: Path) -> Contestant:
    """Return a checkout of this project as a contestant."""
    return Contestant(name, folder, (WEEK,), (WEEK,), folder / ".venv/bin/python")


def environment(who: Contestant, catalogue: Path, home: Path) -> dict[str, str]:
    """Return the variables that keep all of a contestant's state below `home`."""
    return os.environ | {
        "DATA_PATH": str(catalogue.resolve()),
        "POSTGRES_DATA_DIR": str(home / "postgres"),
        "POSTGRES_DB": "benchmark",
        "MLFLOW_TRACKING_URI": f"sqlite:///{home / 'mlflow' / 'mlflow.db'}",
        "SNAPSHOTS_PATH": str(home / "training_snapshots"),
        "REPORTS_PATH": str(home / "reports"),
        "LOGS_PATH": str(home / "logs"),
        "DBT_TARGET_PATH": str(home / "target"),
        "INCREMENT_PERCENTAGE": "3",
        "PYTHONPATH": str(who.folder),
    }


def run(
    python: Path, arguments: Sequence[str], folder: Path, variables: Mapping[str, str]
) -> str:
    """Run Python and return what it printed.

    Raises:
        SystemExit: the command failed; its output is shown.
    """
    done = subprocess.run(
        [python, *arguments],
        cwd=folder,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{folder}: {' '.join(arguments)} failed.\n{done.stdout}{done.stderr}")
    return done.stdout


def start_server(who: Contestant, variables: dict[str, str]) -> dict[str, str]:
    """Start the embedded server; return the variables with the replaced login's."""
    owner = PROJECT_ROOT if who.name == "replaced" else who.folder
    run(owner / ".venv/bin/python", ["-m", "warehouse", "env"], owner, variables)
    if who.name != "replaced":
        return variables
    code = (
        "import json; from core.settings import load_settings;"
        "from warehouse.connection import endpoint; e = endpoint(load_settings());"
        "print(json.dumps([e.host, str(e.port), e.dbname, e.user, e.password]))"
    )
    shown = run(owner / ".venv/bin/python", ["-c", code], owner, variables)
    names = ("HOST", "PORT", "DB", "USER", "PASSWORD")
    login = {
        f"POSTGRES_{name}": value
        for name, value in zip(names, json.loads(shown), strict=True)
    }
    # Its tables go to `public`, beside the schemas of this project.
    return variables | login | {"PGOPTIONS": "-c search_path=public"}


def stop_server(who: Contestant, variables: Mapping[str, str]) -> None:
    """Stop the embedded server below a contestant's home."""
    owner = PROJECT_ROOT if who.name == "replaced" else who.folder
    run(owner / ".venv/bin/python", ["-m", "warehouse", "stop"], owner, variables)


def prepare(who: Contestant, catalogue: Path, home: Path, percentage: str) -> None:
    """Load the first percentage with all steps, and keep the state to go back to."""
    work = home / "work"
    (work / "mlflow").mkdir(parents=True)
    given = environment(who, catalogue, work) | {"INITIAL_PERCENTAGE": percentage}
    variables = start_server(who, given)
    for arguments in who.first:
        run(who.python, arguments, who.folder, variables)
    stop_server(who, given)
    work.rename(home / "saved")


def measure(who: Contestant, catalogue: Path, home: Path, percentage: str) -> Cost:
    """Put the saved state back and time the next week."""
    work = home / "work"
    shutil.rmtree(work, ignore_errors=True)
    # cp keeps the owner: as root, the server's files belong to an account of its own.
    subprocess.run(["cp", "-a", home / "saved", work], check=True)
    given = environment(who, catalogue, work) | {"INITIAL_PERCENTAGE": percentage}
    variables = start_server(who, given)
    cpu, began = cpu_seconds(), time.perf_counter()
    for arguments in who.week:
        run(who.python, arguments, who.folder, variables)
    cost = Cost(time.perf_counter() - began, cpu_seconds() - cpu)
    stop_server(who, given)
    return cost


def cpu_seconds() -> float:
    """Return the CPU seconds of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def compare(
    present: Sequence[Contestant], catalogue: Path, percentage: str, rounds: int
) -> dict[str, Any]:
    """Measure one catalogue from one percentage on, print a table and return it."""
    with tempfile.TemporaryDirectory(prefix="week-") as folder:
        # As root the server runs as another account, which has to enter.
        Path(folder).chmod(0o755)
        homes = {who.name: Path(folder) / who.name for who in present}
        for who in present:
            prepare(who, catalogue, homes[who.name], percentage)
        costs: dict[str, list[Cost]] = {who.name: [] for who in present}
        for _ in range(rounds):
            for who in present:
                cost = measure(who, catalogue, homes[who.name], percentage)
                costs[who.name].append(cost)
                print(f"  {who.name}: {cost.seconds:.1f} s", file=sys.stderr)
    print(f"\n{catalogue.name}, from {percentage} %, {rounds} rounds")
    print(f"{'':<10}{'seconds':>9}{'CPU s':>8}{'now / it':>10}")
    table = {}
    for who in present:
        its = costs[who.name]
        ratios = [a.seconds / b.seconds for a, b in zip(costs["now"], its, strict=True)]
        seconds, cpu = middle(c.seconds for c in its), middle(c.cpu for c in its)
        print(f"{who.name:<10}{seconds:>9.1f}{cpu:>8.1f}{middle(ratios):>10.2f}")
        table[who.name] = {
            "seconds": round(seconds, 1),
            "cpu": round(cpu, 1),
            "ratio": round(middle(ratios), 2),
        }
    return {
        "products": count(catalogue),
        "from": percentage,
        "rounds": rounds,
        "contestants": table,
    }


middle = statistics.median


def main() -> None:
    """Read the arguments and measure each case."""
    parser = results_parser(__doc__.splitlines()[0])
    parser.add_argument("--from", dest="starts", nargs="+", default=["43", "97"])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--before", type=Path)
    parser.add_argument("--replaced", type=Path)
    parser.add_argument("--replaced-python", type=Path, default=Path(sys.executable))
    options = parser.parse_args()
    present = contestants(options)
    results = [
        compare(present, catalogue, percentage, options.rounds)
        for catalogue in options.catalogues
        for percentage in options.starts
    ]
    if options.results:
        save("week", {"weeks": results})


if __name__ == "__main__":
    main()
