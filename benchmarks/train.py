r"""Measure training at 1x, 10x and 100x the catalogue, and requests to its model.

    python benchmarks/train.py CATALOGUE [--factors 1 10 100] [--requests 200]

CATALOGUE holds X_train.csv and Y_train.csv in the challenge's format. For each factor a
dataset version is written as balancing writes it: every product as many times as the
factor says, each time under another productid and with that number in its title, so
that the words grow with the products and all features occur; a tenth held out, the rest
oversampled. On each runs, as a process of its own, start included:

    python -m training run

Notes seconds, and the most memory of the process and its children together
(proportional set size, looked at ten times per second, and no less than the largest
resident memory of the process itself). Then `mlflow models serve` answers for the first
model: one product per request on loopback, after some that do not count. Prints both and
puts them into benchmarks/results/training.json.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from http.client import HTTPConnection
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
import pyarrow as pa
from load import below  # benchmarks/load.py
from mlflow.entities import Dataset, DatasetInput, InputTag
from numpy.typing import NDArray
from scale import proportional  # benchmarks/scale.py
from tables import save_costs  # benchmarks/tables.py

from balancing.files import SplitWriter
from balancing.spec import DatasetSpec
from balancing.strategies import copies_per_row
from core.settings import PROJECT_ROOT, Settings
from core.tracking import (
    CHAMPION,
    DATASET_EXPERIMENT,
    MODEL_NAME,
    experiment_id,
    open_client,
)

WARM_UP = 20
PORT = 5055
_BATCH = 8_192


@dataclass(frozen=True)
class Cost:
    """The cost of one training; megabytes are those of all its processes together."""

    factor: int
    products: int
    training_rows: int
    seconds: float
    megabytes: float


@dataclass(frozen=True)
class Answers:
    """The time of a server for one product, in milliseconds."""

    requests: int
    median: float
    p99: float
    slowest: float


def read_catalogue(folder: Path) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Return the texts and labels of a catalogue."""
    texts = pd.read_csv(folder / "X_train.csv", index_col=0, keep_default_na=False)
    labels = pd.read_csv(folder / "Y_train.csv", index_col=0)["prdtypecode"]
    return texts, labels.to_numpy(dtype=np.int64)


def repeated(
    texts: pd.DataFrame, labels: NDArray[np.int64], factor: int
) -> Iterator[pa.RecordBatch]:
    """Yield the products of `factor` catalogues, in the order of their productid."""
    for repeat in range(factor):
        for start in range(0, len(texts), _BATCH):
            part = texts.iloc[start : start + _BATCH]
            ids = repeat * len(texts) + np.arange(start, start + len(part))
            yield pa.RecordBatch.from_pydict(
                {
                    "productid": ids,
                    "designation": [
                        f"{title} {number}"
                        for title, number in zip(part["designation"], ids, strict=True)
                    ],
                    "description": part["description"].tolist(),
                    "image_path": [f"image_{number}.jpg" for number in ids],
                    "prdtypecode": labels[start : start + len(part)],
                    "fold": ids % 10,
                }
            )


def write_dataset(catalogue: Path, factor: int, folder: Path) -> tuple[int, int]:
    """Write both files; return the number of products and of training rows."""
    texts, labels = read_catalogue(catalogue)
    products = labels.size * factor
    is_held_out = np.arange(products) % 10 == 0
    copies = np.ones(products, dtype=np.int64)
    rest = np.tile(labels, factor)[~is_held_out]
    copies[~is_held_out] = copies_per_row(rest, DatasetSpec())
    with (
        SplitWriter(folder / "train.parquet") as train,
        SplitWriter(folder / "validation.parquet") as validation,
    ):
        for rows in repeated(texts, labels, factor):
            ids = rows["productid"].to_numpy()
            out = is_held_out[ids]
            validation.write(rows.filter(pa.array(out)), copies[ids[out]])
            train.write(rows.filter(pa.array(~out)), copies[ids[~out]])
    return products, train.rows


def log_dataset(settings: Settings, folder: Path, factor: int) -> None:
    """Log the files as a dataset version of their own, named week_<factor>."""
    client = open_client(settings)
    run = client.create_run(
        experiment_id(client, settings, DATASET_EXPERIMENT),
        tags={
            "batch_name": f"week_{factor}",
            "dataset_digest": f"{factor}x",
            "load_batch_id": str(factor),
        },
    )
    run_id = run.info.run_id
    client.log_param(run_id, "holdout_fold", 0)
    entry = Dataset(f"rakuten_week_{factor}", f"{factor}x", "local", "{}")
    tags = [InputTag("mlflow.data.context", "training")]
    client.log_inputs(run_id, [DatasetInput(entry, tags)])
    client.log_artifacts(run_id, str(folder), "dataset")
    client.set_terminated(run_id)


def run_watched(command: Sequence[str], environment: dict[str, str]) -> Cost:
    """Run a command to its end; return its cost, without what was trained."""
    began = time.perf_counter()
    child = psutil.Popen(
        command, env=environment, cwd=PROJECT_ROOT, stdout=subprocess.DEVNULL
    )
    peak = 0.0
    while child.poll() is None:
        shares = [proportional(pid) for pid in [child.pid, *children(child)]]
        peak = max(peak, sum(shares), largest_resident(child.pid))
        time.sleep(0.1)
    seconds = time.perf_counter() - began
    if child.returncode:
        raise SystemExit(f"{' '.join(command)} failed.")
    return Cost(0, 0, 0, round(seconds, 1), round(peak))


def children(process: psutil.Popen) -> list[int]:
    """Return the processes that a process started, and those that they started."""
    try:
        return [child.pid for child in process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def largest_resident(pid: int) -> float:
    """Return the most resident memory that a process ever had, in megabytes."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(int(x.split()[1]) / 1024 for x in lines if x.startswith("VmHWM"))


def measure(catalogue: Path, factor: int, settings: Settings, home: Path) -> Cost:
    """Train on one size and print what it took."""
    folder = home / "dataset"
    folder.mkdir()
    products, rows = write_dataset(catalogue, factor, folder)
    log_dataset(settings, folder, factor)
    shutil.rmtree(folder)
    command = [sys.executable, "-m", "training", "run", "--dataset", f"week_{factor}"]
    found = run_watched(command, environment_of(settings, home))
    cost = Cost(**asdict(found) | _size(factor, products, rows))
    print(
        f"{factor:>4}x {products:>10,} {rows:>11,} {cost.seconds:>8.1f}"
        f" {cost.megabytes:>6.0f}",
        flush=True,
    )
    return cost


def _size(factor: int, products: int, rows: int) -> dict[str, int]:
    return {"factor": factor, "products": products, "training_rows": rows}


def environment_of(settings: Settings, home: Path) -> dict[str, str]:
    """Return the environment of the commands that are measured."""
    empty = {name: str(home / "empty") for name in ("DATA_PATH", "SAMPLE_PATH")}
    return {
        **os.environ,
        **below(home),
        **empty,
        "POSTGRES_DATA_DIR": str(home / "postgres"),
        "MLFLOW_TRACKING_URI": settings.mlflow_tracking_uri,
    }


def ask(catalogue: Path, requests: int, settings: Settings, home: Path) -> Answers:
    """Serve the champion and send it one product per request."""
    command = [str(Path(sys.executable).parent / "mlflow"), "models", "serve"]
    server = psutil.Popen(
        [
            *command,
            *("--model-uri", f"models:/{MODEL_NAME}@{CHAMPION}"),
            *("--env-manager", "local", "--host", "127.0.0.1", "--port", str(PORT)),
        ],
        env={
            **environment_of(settings, home),
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        connection = connect(server)
        texts, _ = read_catalogue(catalogue)
        columns = ["designation", "description"]
        rows = texts[columns].head(WARM_UP + requests).to_numpy().tolist()
        records = [dict(zip(columns, row, strict=True)) for row in rows]
        took = [post(connection, record) for record in records][WARM_UP:]
    finally:
        for pid in [*children(server), server.pid]:
            os.kill(pid, signal.SIGTERM)
        server.wait()
    milliseconds = np.array(took) * 1000
    median, p99 = np.quantile(milliseconds, [0.5, 0.99]).round(1).tolist()
    return Answers(requests, median, p99, round(float(milliseconds.max()), 1))


def connect(server: psutil.Popen) -> HTTPConnection:
    """Wait until the server answers."""
    connection = HTTPConnection("127.0.0.1", PORT, timeout=30)
    while True:
        try:
            connection.request("GET", "/ping")
            connection.getresponse().read()
        except OSError:
            if server.poll() is not None:
                raise SystemExit("mlflow models serve ended.") from None
            connection.close()
            time.sleep(0.5)
        else:
            return connection


def post(connection: HTTPConnection, record: dict[str, str]) -> float:
    """Send one product; return the seconds until its class arrives."""
    body = json.dumps({"dataframe_records": [record]})
    began = time.perf_counter()
    connection.request(
        "POST", "/invocations", body, {"Content-Type": "application/json"}
    )
    answer = json.loads(connection.getresponse().read())
    seconds = time.perf_counter() - began
    if len(answer["predictions"]) != 1:
        raise SystemExit(f"The server answered {answer}.")
    return seconds


def main() -> None:
    """Measure each factor, then the server."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("catalogue", type=Path)
    parser.add_argument("--factors", nargs="+", type=int, default=[1, 10])
    parser.add_argument("--requests", type=int, default=200)
    options = parser.parse_args()
    print(f"{'':5} {'products':>10} {'rows':>11} {'s':>8} {'MB':>6}")
    with tempfile.TemporaryDirectory(prefix="bench-training-") as folder:
        home = Path(folder)
        (home / "empty").mkdir()
        settings = Settings(
            _env_file=None, mlflow_tracking_uri=f"sqlite:///{home / 'mlflow.db'}"
        )
        costs = [
            measure(options.catalogue, factor, settings, home)
            for factor in options.factors
        ]
        serving = {}
        if options.requests:
            answers = ask(options.catalogue, options.requests, settings, home)
            print(f"one product: {answers}")
            serving["serving_milliseconds"] = asdict(answers)
    save_costs("training", costs, **serving)


if __name__ == "__main__":
    main()
