r"""Measure each step of a week at 1x, 10x and 100x the catalogue.

    python benchmarks/scale.py [--factors 1 10 100] [--stages first week] \
        [--skip train] [--keep FOLDER]

Makes synthetic catalogues (84,916 products times the factor) and runs on each, in a
throw-away embedded server, every step as a process of its own, start included:

- first: 40 % of the catalogue into an empty warehouse;
- week: 3 % more;
- fill: the next 51 % (loaded and built only, to let the total grow);
- late-week: 3 % more, on a total 2.3 times that of `week`.

Notes seconds, the largest resident memory of the step's process, and that of all
processes of PostgreSQL together (proportional set size, so that shared memory counts
once; looked at four times per second). Prints a table, adds what it found to
benchmarks/results/scale.json and draws docs/images/scaling.png from that file.
`--draw` only draws.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

from load import below, run  # benchmarks/load.py
from tables import read, save_costs  # benchmarks/tables.py

from core.settings import PROJECT_ROOT, Settings
from loaders.schema import initialise
from loaders.state import current_state
from warehouse import embedded
from warehouse.connection import connect
from warehouse.processes import processes_in

PRODUCTS = 84_916
STEPS = ("load", "build", "balance", "train", "report")
STAGES = (
    ("first", "40", STEPS),
    ("week", "3", STEPS),
    ("fill", "51", ("load", "build")),
    ("late-week", "3", STEPS),
)
PLOT = PROJECT_ROOT / "docs" / "images" / "scaling.png"


@dataclass(frozen=True)
class Cost:
    """The cost of one step: seconds, and megabytes here and in PostgreSQL."""

    factor: int
    stage: str
    step: str
    rows: int
    total: int
    seconds: float
    megabytes: float
    server_megabytes: float


class ServerMemory:
    """Watches the memory of PostgreSQL from a thread; `peak` is in megabytes."""

    def __init__(self, cluster: Path) -> None:
        self.cluster, self.peak = cluster, 0.0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> "ServerMemory":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(0.25):
            shares = [proportional(pid) for pid in processes_in(self.cluster)]
            self.peak = max(self.peak, sum(shares))


def proportional(process: int) -> float:
    """Return the proportional set size of a process, in megabytes."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    line = next(line for line in text.splitlines() if line.startswith("Pss:"))
    return int(line.split()[1]) / 1024


def catalogue(factor: int, kept: Path) -> Path:
    """Make the catalogue, unless it exists."""
    folder = kept / f"catalogue-{factor}x"
    if not (folder / "Y_train.csv").exists():
        rows = str(PRODUCTS * factor)
        command = [sys.executable, "-m", "loaders", "sample", str(folder)]
        subprocess.run([*command, "--rows", rows], check=True, cwd=PROJECT_ROOT)
    return folder


def total_rows(settings: Settings) -> int:
    """Return the rows that are loaded."""
    connection = connect(settings, "loader")
    try:
        batch = current_state(connection)
    finally:
        connection.close()
    return (batch.total_rows or 0) if batch else 0


def measure(factor: int, folder: Path, home: Path, options: argparse.Namespace) -> None:
    """Run the stages on one catalogue; print each step, save each stage when done."""
    settings = Settings(
        _env_file=None,
        postgres_host=None,
        postgres_data_dir=home / "postgres",
        postgres_db="benchmark",
        data_path=folder,
    )
    environment = os.environ | {
        "POSTGRES_DATA_DIR": str(settings.postgres_data_dir),
        "POSTGRES_DB": settings.postgres_db,
        "DATA_PATH": str(folder),
        **below(home),
        "INITIAL_PERCENTAGE": "40",
    }
    costs: list[Cost] = []
    initialise(settings)
    try:
        for stage, increment, steps in STAGES:
            if stage not in options.stages:
                continue
            environment["INCREMENT_PERCENTAGE"] = increment
            before = total_rows(settings)
            for step in (step for step in steps if step not in options.skip):
                command = [sys.executable, "-m", "orchestration", "weekly"]
                with ServerMemory(settings.postgres_data_dir / "cluster") as server:
                    took = run([*command, "--only", step], environment)
                total = total_rows(settings)
                cost = Cost(
                    factor,
                    stage,
                    step,
                    total - before,
                    total,
                    round(took.seconds, 2),
                    round(took.megabytes),
                    round(server.peak),
                )
                print(
                    f"{factor:>4}x {stage:9} {step:8} {total - before:>10,}"
                    f" {total:>10,} {cost.seconds:>8.1f} {cost.megabytes:>6.0f}"
                    f" {cost.server_megabytes:>6.0f}",
                    flush=True,
                )
                costs.append(cost)
            save_costs("scale", costs)
    finally:
        embedded.stop(settings)


def draw() -> None:
    """Draw a week's seconds and memory against the total, one line per step."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import EngFormatter, NullFormatter

    costs = read("scale")["costs"]
    figure = Figure(figsize=(10, 4.2), layout="constrained")
    seconds, memory = figure.subplots(1, 2)
    for step in STEPS:
        weeks = sorted(
            (c for c in costs if c["step"] == step and "week" in c["stage"]),
            key=lambda c: c["total"],
        )
        totals = [c["total"] for c in weeks]
        seconds.plot(totals, [c["seconds"] for c in weeks], "o-", label=step)
        memory.plot(totals, [c["megabytes"] for c in weeks], "o-", label=step)
    weeks = sorted((c for c in costs if "week" in c["stage"]), key=lambda c: c["total"])
    server: dict[int, float] = {}
    for c in weeks:
        server[c["total"]] = max(server.get(c["total"], 0), c["server_megabytes"])
    memory.plot(list(server), list(server.values()), "k--", label="PostgreSQL")
    for axes, title in (
        (seconds, "Seconds of a week's step"),
        (memory, "Peak memory, MB"),
    ):
        axes.set(xscale="log", yscale="log", title=title, xlabel="products in all")
        axes.set_xticks(list(server))
        axes.xaxis.set_major_formatter(EngFormatter(places=0, sep=""))
        axes.xaxis.set_minor_formatter(NullFormatter())
        axes.grid(alpha=0.3)
    memory.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    PLOT.parent.mkdir(exist_ok=True)
    figure.savefig(PLOT, dpi=110)


def main() -> None:
    """Measure each factor, then draw all results."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--factors", nargs="+", type=int, default=[1, 10])
    stages = [name for name, _, _ in STAGES]
    parser.add_argument("--stages", nargs="+", choices=stages, default=stages)
    parser.add_argument("--skip", nargs="*", choices=STEPS, default=[])
    parser.add_argument("--keep", type=Path, help="where catalogues stay for next time")
    parser.add_argument("--draw", action="store_true")
    options = parser.parse_args()
    if not options.draw:
        print(
            f"{'':5} {'stage':9} {'step':8} {'rows':>10} {'total':>10} {'s':>8}"
            f" {'MB':>6} {'PG MB':>6}"
        )
        for factor in options.factors:
            home = Path(tempfile.mkdtemp(prefix="bench-scale-"))
            home.chmod(0o755)
            try:
                folder = catalogue(factor, options.keep or home)
                measure(factor, folder, home, options)
            finally:
                shutil.rmtree(home, ignore_errors=True)
    draw()


if __name__ == "__main__":
    main()
