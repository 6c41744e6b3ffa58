"""Measure the cost of balancing, next to plain pandas and to the least possible cost.

    python benchmarks/balance.py CATALOGUE [CATALOGUE10 …] [--results]

Loads each catalogue completely into a throw-away embedded server, builds the marts,
then makes the balanced training set in three ways, each in a process of its own:

- this: `balancing.build.build_content` (both splits, digest, metadata, plots; no MLflow);
- pandas: `read_sql` of the training folds, RandomOverSampler on the frame, `to_parquet`;
- limit: the distinct rows of all folds read through ADBC and written to Parquet as they
  arrive, with neither oversampling nor a digest.

Prints the seconds after the imports (median of ROUNDS) and the highest resident memory of
the process, imports included. `--results` puts them into benchmarks/results/balance.json,
from which docs/performance.md is made.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from load import count  # benchmarks/load.py
from tables import results_parser, save  # benchmarks/tables.py

from core.settings import Settings
from warehouse import embedded

ROUNDS = 3


def prepare(settings: Settings, home: Path) -> None:
    """Load the whole catalogue and build the marts."""
    from loaders.load import load_slice
    from loaders.schema import initialise
    from orchestration.dbt import BUILD, run_dbt

    os.environ["DBT_TARGET_PATH"] = str(home / "target")
    os.environ["DBT_LOG_PATH"] = str(home / "logs")
    initialise(settings)
    load_slice(settings, percentage=Decimal(100))
    run_dbt(settings, BUILD)


def this(settings: Settings, out: Path) -> Callable[[], int]:
    """Return what is timed: the project's own way."""
    from balancing.build import build_content
    from balancing.spec import DatasetSpec

    return lambda: build_content(settings, DatasetSpec(out=out)).train_rows


def pandas(settings: Settings, out: Path) -> Callable[[], int]:
    """Return what is timed: the whole frame in memory, oversampled there."""
    import pandas as pd
    import sqlalchemy
    from imblearn.over_sampling import RandomOverSampler

    from warehouse.connection import connect

    engine = sqlalchemy.create_engine(
        "postgresql+psycopg2://", creator=lambda: connect(settings, "analyst")
    )

    def run() -> int:
        frame = pd.read_sql(
            "select productid, designation, description, image_path, prdtypecode, fold"
            " from marts.training_examples where fold <> 0",
            engine,
        )
        sampler = RandomOverSampler(random_state=42)
        rows, labels = sampler.fit_resample(
            frame.drop(columns="prdtypecode"), frame["prdtypecode"]
        )
        rows.assign(prdtypecode=labels).to_parquet(out / "train.parquet")
        return len(rows)

    return run


def limit(settings: Settings, out: Path) -> Callable[[], int]:
    """Return what is timed: the rows read and written once, as they come."""
    import pyarrow.parquet as pq

    from balancing.files import ROW_GROUP
    from balancing.rows import COLUMNS, open_snapshot

    def run() -> int:
        with open_snapshot(settings) as connection, connection.cursor() as cursor:
            cursor.execute(f"select {', '.join(COLUMNS)} from marts.training_examples")
            reader = cursor.fetch_record_batch()
            written = 0
            with pq.ParquetWriter(
                out / "all.parquet", reader.schema, compression="zstd"
            ) as writer:
                for batch in reader:
                    writer.write_batch(batch, row_group_size=ROW_GROUP)
                    written += len(batch)
        return written

    return run


CONTENDERS = {"this": this, "pandas": pandas, "limit": limit}


def child(name: str, home: Path) -> None:
    """Run one contender once and print rows and seconds as JSON."""
    out = Path(tempfile.mkdtemp(dir=home))
    run = CONTENDERS[name](_settings(home), out)
    began = time.perf_counter()
    rows = run()
    seconds = time.perf_counter() - began
    size = sum(f.stat().st_size for f in out.rglob("train.parquet"))
    shutil.rmtree(out)
    print(json.dumps({"rows": rows, "seconds": seconds, "bytes": size}))


def measure(name: str, home: Path) -> dict[str, float]:
    """Run one contender in a process of its own; peak memory in bytes (Linux)."""
    process = subprocess.Popen(
        [sys.executable, __file__, "--child", name, str(home)], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    text = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{name} ended with {process.returncode}.")
    return {**json.loads(text), "peak": usage.ru_maxrss * 1024}


def _settings(home: Path, catalogue: Path | None = None) -> Settings:
    return Settings(
        _env_file=None,
        postgres_host=None,
        postgres_data_dir=home / "postgres",
        postgres_db="benchmark",
        data_path=catalogue or home,
        logs_path=home / "logs",
    )


def compare(catalogue: Path) -> dict[str, Any]:
    """Print one row of the table for each contender; return them."""
    home = Path(tempfile.mkdtemp(prefix="benchmark-balance-"))
    home.chmod(0o755)
    settings = _settings(home, catalogue)
    try:
        prepare(settings, home)
        # Contenders take turns, so that a busy minute of the machine hits all of them.
        rounds = [{n: measure(n, home) for n in CONTENDERS} for _ in range(ROUNDS)]
    finally:
        embedded.stop(settings)
        shutil.rmtree(home, ignore_errors=True)
    ways = {}
    for name in CONTENDERS:
        seconds = statistics.median(r[name]["seconds"] for r in rounds)
        peak = max(r[name]["peak"] for r in rounds)
        row = rounds[0][name]
        print(
            f"| {catalogue.name} | {name} | {row['rows']:,.0f} | {seconds:.1f}"
            f" | {peak / 1e9:.2f} | {row['bytes'] / 1e6:.1f} |",
            flush=True,
        )
        ways[name] = {
            "rows": row["rows"],
            "seconds": round(seconds, 1),
            "gigabytes": round(peak / 1e9, 2),
            "file_megabytes": round(row["bytes"] / 1e6, 1) or None,
        }
    return {"products": count(catalogue), "ways": ways}


def main() -> None:
    """Print a table of Markdown."""
    options = results_parser(__doc__.splitlines()[0]).parse_args()
    print("| catalogue | way | rows written | seconds | peak GB | train file MB |")
    print("|---|---|---|---|---|---|")
    results = [compare(catalogue) for catalogue in options.catalogues]
    if options.results:
        save("balance", {"catalogues": results})


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(sys.argv[2], Path(sys.argv[3]))
    else:
        main()
