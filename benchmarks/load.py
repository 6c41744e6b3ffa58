r"""Measure a load next to psql's \copy of the same bytes, pandas and dlt.

    python benchmarks/load.py CATALOGUE [CATALOGUE10 …] [--rounds 5] [--no-peers] [--results]

Everything runs as a process of its own, start included, in a throw-away embedded server,
in turns within each round. Prints medians (seconds), the ratio to psql, and the largest
resident memory (MB) of the process. psql gets the slice cut out beforehand into files and
copies into tables with the same columns and indexes; the others find it themselves. dlt
is installed into a throw-away environment, and left out, with the reason, if it cannot.
`--results` puts the figures into benchmarks/results/load.json, from which
docs/performance.md is made.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from tables import results_parser, save  # benchmarks/tables.py

from core.settings import PROJECT_ROOT, Settings
from loaders.records import read_spans, scan
from loaders.schema import DDL, initialise
from loaders.slices import record_spans
from loaders.source import X_COLUMNS, Y_COLUMNS, open_csv
from warehouse import embedded
from warehouse.binaries import program
from warehouse.connection import Endpoint, connect, endpoint

PANDAS = """
import io, os, sys, pandas as pd, sqlalchemy as sa
x, y, first, last, how = *sys.argv[1:3], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]
engine = sa.create_engine(sa.URL.create("postgresql+psycopg2", os.environ["PGUSER"],
    os.environ["PGPASSWORD"], os.environ["PGHOST"], int(os.environ["PGPORT"]),
    os.environ["PGDATABASE"]))
for path, table in ((x, "pandas_x"), (y, "pandas_y")):
    rows = pd.read_csv(path, index_col=0).iloc[first:last]
    if how == "to_sql":
        rows.to_sql(table, engine, if_exists="append")
        continue
    rows.head(0).to_sql(table, engine, if_exists="append")
    text = io.StringIO(); rows.to_csv(text, header=False); text.seek(0)
    raw = engine.raw_connection()
    raw.cursor().copy_expert(f"copy {table} from stdin (format csv)", text)
    raw.commit()
"""
DLT = """
import csv, itertools, os, sys, dlt
x, y, first, last = *sys.argv[1:3], int(sys.argv[3]), int(sys.argv[4])
def rows(path):
    with open(path, newline="") as file:
        for row in itertools.islice(csv.DictReader(file), first, last):
            row["row_number"] = row.pop("")
            yield row
e = os.environ
pipeline = dlt.pipeline("bench", destination=dlt.destinations.postgres(
    f"postgresql://{e['PGUSER']}:{e['PGPASSWORD']}@{e['PGHOST']}:{e['PGPORT']}"
    f"/{e['PGDATABASE']}"), dataset_name="dlt_bench", pipelines_dir=e["DLT_DIR"])
pipeline.run([dlt.resource(rows(x), name="x", write_disposition="append"),
              dlt.resource(rows(y), name="y", write_disposition="append")])
"""


@dataclass(frozen=True)
class Measure:
    """The cost of one process."""

    seconds: float
    megabytes: float


def below(home: Path) -> dict[str, str]:
    """Return the variables that put everything a week writes below a folder."""
    return {
        "SNAPSHOTS_PATH": str(home / "snapshots"),
        "REPORTS_PATH": str(home / "reports"),
        "LOGS_PATH": str(home / "logs"),
        "MLFLOW_TRACKING_URI": f"sqlite:///{home / 'mlflow.db'}",
        "DBT_TARGET_PATH": str(home / "target"),
    }


def run(command: Sequence[str], environment: dict[str, str]) -> Measure:
    """Run a process to its end.

    Its peak memory is read from /proc while it lives: wait4 also counts the
    memory of this process, from before the exec.
    """
    with tempfile.TemporaryFile() as errors:
        began = time.perf_counter()
        child = subprocess.Popen(
            command,
            env=environment,
            cwd=PROJECT_ROOT,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        peaks = [0.0]
        watch = threading.Thread(target=_watch, args=(child.pid, peaks))
        watch.start()
        child.wait()
        seconds = time.perf_counter() - began
        watch.join()
        if child.returncode:
            errors.seek(0)
            raise RuntimeError(errors.read().decode()[-800:])
    return Measure(seconds, max(peaks))


def _watch(process: int, peaks: list[float]) -> None:
    """Note VmHWM (kB) every five milliseconds, after the exec, until the end."""
    status = Path(f"/proc/{process}/status")
    time.sleep(0.01)
    while True:
        try:
            text = status.read_text()
        except (FileNotFoundError, ProcessLookupError):
            return
        lines = [line for line in text.splitlines() if line.startswith("VmHWM")]
        if not lines:
            return
        peaks.append(int(lines[0].split()[1]) / 1024)
        time.sleep(0.005)


def cut(catalogue: Path, home: Path, first: Decimal, last: Decimal) -> list[Path]:
    """Write the bytes of a slice of both files; return the two paths."""
    paths = []
    for name, columns in (("X_train.csv", X_COLUMNS), ("Y_train.csv", Y_COLUMNS)):
        with open_csv(catalogue / name, columns) as item:
            found = scan(item.file, item.start)
            edges = [int(found.records * p / 100) for p in (first, last)]
            spans = record_spans(item, found, [(edges[0], edges[1])])
            path = home / f"slice-{name}"
            with path.open("wb") as out:
                out.writelines(read_spans(item.file, spans))
        paths.append(path)
    return paths


def count(catalogue: Path) -> int:
    """Count the records of a catalogue."""
    with open_csv(catalogue / "Y_train.csv", Y_COLUMNS) as item:
        return scan(item.file, item.start).records


class Bench:
    """A throw-away server and the commands that load into it."""

    def __init__(self, catalogue: Path, home: Path, dlt: Path | None) -> None:
        self.catalogue, self.home, self.dlt = catalogue, home, dlt
        self.settings = Settings(
            _env_file=None,
            postgres_host=None,
            postgres_data_dir=home / "postgres",
            postgres_db="benchmark",
            data_path=catalogue,
        )
        initialise(self.settings)
        where: Endpoint = endpoint(self.settings)
        # Compiled modules are kept, as they are for whoever runs this every week.
        inherited = dict(os.environ)
        inherited.pop("PYTHONDONTWRITEBYTECODE", None)
        self.environment = inherited | {
            "POSTGRES_DATA_DIR": str(self.settings.postgres_data_dir),
            "POSTGRES_DB": "benchmark",
            "DATA_PATH": str(catalogue),
            "PGHOST": where.host,
            "PGPORT": str(where.port),
            "PGDATABASE": where.dbname,
            "PGUSER": where.user,
            "PGPASSWORD": where.password,
            "PGOPTIONS": "-c rakuten.load_batch_id=1",
            "DLT_DIR": str(home / "dlt"),
        }

    def sql(self, statement: str) -> None:
        """Run a statement as the owner of everything."""
        connection = connect(self.settings)
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
        connection.close()

    def reset(self) -> None:
        """Empty the raw tables and those psql copies into."""
        self.sql("drop schema if exists bench cascade; create schema bench")
        self.sql(DDL.read_text().replace("raw.", "bench."))
        self.sql("truncate raw.x_train, raw.y_train, raw.data_loads")

    def psql(self, first: Decimal, last: Decimal) -> Measure:
        """Copy a slice that is already cut out."""
        x, y = cut(self.catalogue, self.home, first, last)
        columns = "row_number, designation, description, productid, imageid"
        return run(
            [
                str(program("psql")),
                "-qXv",
                "ON_ERROR_STOP=1",
                "-c",
                f"\\copy bench.x_train ({columns}) from '{x}' (format csv)",
                "-c",
                f"\\copy bench.y_train (row_number, prdtypecode) from '{y}' (format csv)",
            ],
            self.environment,
        )

    def loader(self, last: Decimal) -> Measure:
        """Run the loader's own command."""
        command = [sys.executable, "-m", "loaders", "load", "--percentage", str(last)]
        return run(command, self.environment)

    def peers(self, first: Decimal, last: Decimal) -> dict[str, Measure]:
        """Load a slice with pandas and dlt."""
        total = count(self.catalogue)
        edges = [str(int(total * p / 100)) for p in (first, last)]
        files = [str(self.catalogue / n) for n in ("X_train.csv", "Y_train.csv")]
        result = {
            how: run(
                [sys.executable, "-c", PANDAS, *files, *edges, how], self.environment
            )
            for how in ("to_sql", "stringio")
        }
        if self.dlt:
            command = [str(self.dlt), "-c", DLT, *files, *edges]
            result["dlt"] = run(command, self.environment)
        return result


def measure(
    catalogue: Path, rounds: int, dlt: Path | None, *, peers: bool
) -> dict[str, list[Measure]]:
    """Return the measures of each contender, one per round."""
    home = Path(tempfile.mkdtemp(prefix="bench-load-"))
    home.chmod(0o755)
    bench = Bench(catalogue, home, dlt)
    found: dict[str, list[Measure]] = {}
    try:
        for _ in range(rounds):
            bench.reset()
            begin, end = Decimal(0), Decimal(40)
            found.setdefault("psql, 40 %", []).append(bench.psql(begin, end))
            found.setdefault("loader, 40 %", []).append(bench.loader(end))
            begin, end = Decimal(40), Decimal(43)
            found.setdefault("psql, week", []).append(bench.psql(begin, end))
            found.setdefault("loader, week", []).append(bench.loader(end))
            if peers:
                for name, took in bench.peers(begin, end).items():
                    found.setdefault(f"{name}, week", []).append(took)
    finally:
        embedded.stop(bench.settings)
        shutil.rmtree(home)
    return found


def install_dlt(folder: Path) -> Path | None:
    """Make an environment with dlt; None, with the reason printed, if that fails."""
    uv = str(Path(sys.executable).with_name("uv"))
    python = folder / "bin" / "python"
    for command in (
        [uv, "venv", "--quiet", str(folder)],
        [uv, "pip", "install", "--quiet", "--python", str(python), "dlt[postgres]"],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"dlt is left out: {done.stderr.strip()[-300:]}")
            return None
    return python


def main() -> None:
    """Measure each catalogue and print a table."""
    parser = results_parser(__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-peers", action="store_true")
    options = parser.parse_args()
    results = []
    with tempfile.TemporaryDirectory(prefix="bench-dlt-") as folder:
        dlt = None if options.no_peers else install_dlt(Path(folder) / "venv")
        for catalogue in options.catalogues:
            found = measure(catalogue, options.rounds, dlt, peers=not options.no_peers)
            contenders = summarise(found)
            products = count(catalogue)
            print(f"\n{catalogue.name}: {products:,} rows, {options.rounds} rounds")
            print(f"{'':14} {'median s':>9} {'x psql':>7} {'MB':>7}")
            for name, cost in contenders.items():
                seconds, ratio, memory = cost.values()
                print(
                    f"{name:14} {seconds:9.3f} {ratio:7.2f} {memory:7.0f}", flush=True
                )
            results.append(
                {
                    "products": products,
                    "rounds": options.rounds,
                    "contenders": contenders,
                }
            )
    if options.results:
        save("load", {"catalogues": results})


def summarise(found: dict[str, list[Measure]]) -> dict[str, dict[str, float]]:
    """Return the median seconds, their ratio to psql's and the peak memory of each."""
    middle = {
        name: statistics.median(m.seconds for m in measures)
        for name, measures in found.items()
    }
    return {
        name: {
            "seconds": round(seconds, 3),
            "ratio": round(seconds / middle[f"psql, {name.split(', ')[1]}"], 2),
            "megabytes": round(max(m.megabytes for m in found[name])),
        }
        for name, seconds in middle.items()
    }


if __name__ == "__main__":
    main()
