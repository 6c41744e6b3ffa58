"""Weekly runs disturbed in any step: the next run ends as if nothing had happened.

There are `FAULT_KILLS` kills, one per week, at a random moment of each step in turn; by
default there are three, in one week. In turn, too, they hit the run itself (by SIGKILL,
SIGTERM, SIGHUP or Ctrl-C), the warehouse's PostgreSQL, and the PostgreSQL of an MLflow
server. Each week is then finished by running the command again. A second warehouse gets
the same weeks without kills; both must hold the same.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from first_week import spare_first_week
from forked import start_module
from samples import write_sample
from servers import free_port, kill_all, running_server

from balancing.versions import describe, list_versions
from core.settings import Settings
from core.tracking import MODEL_NAME, open_client
from orchestration.weekly import STEPS, plan
from training.champion import champion_version
from training.outcomes import trainings
from warehouse import embedded
from warehouse.connection import connect
from warehouse.database import prepare

KILLS = int(os.environ.get("FAULT_KILLS", "3"))
ONE_PER_WEEK = "FAULT_KILLS" in os.environ
ROWS = 2_000
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


def week(settings: Settings) -> subprocess.Popen[bytes]:
    folder = settings.logs_path.parent
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "output.txt").open("ab") as output:
        return start_module(
            ["orchestration", "weekly"],
            env={
                "PATH": os.environ["PATH"],
                "ENV_FILE": os.devnull,
                "HOME": str(folder),
                "POSTGRES_DATA_DIR": str(settings.postgres_data_dir),
                "POSTGRES_DB": settings.postgres_db,
                "DATA_PATH": str(settings.data_path),
                "SAMPLE_PATH": str(settings.sample_path),
                "SNAPSHOTS_PATH": str(settings.snapshots_path),
                "REPORTS_PATH": str(settings.reports_path),
                "LOGS_PATH": str(settings.logs_path),
                "MLFLOW_TRACKING_URI": settings.mlflow_tracking_uri,
                "DBT_TARGET_PATH": str(folder / "target"),
                "INCREMENT_PERCENTAGE": "1",
            },
            stdout=output,
            stderr=output,
        )


def finish(settings: Settings) -> int:
    """Run a week to its end; give the process it was."""
    with week(settings) as run:
        code = run.wait()
    assert code == 0, (settings.logs_path.parent / "output.txt").read_text()
    return run.pid


def events(settings: Settings, process: int) -> list[dict[str, Any]]:
    """Read what a run has logged so far."""
    logs = settings.logs_path.glob(f"weekly-*-{process}.jsonl")
    lines = [line for log in logs for line in log.read_text().splitlines(keepends=True)]
    return [json.loads(line) for line in lines if line.endswith("\n")]


def wait_for_step(settings: Settings, run: subprocess.Popen[bytes], step: str) -> None:
    """Wait until a run is at a step, or over."""
    while run.poll() is None and not any(
        event.get("step") == step for event in events(settings, run.pid)
    ):
        time.sleep(0.002)


def loads(settings: Settings) -> int:
    with (
        closing(connect(settings, "loader")) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("select count(*) from raw.data_loads where status = 'completed'")
        return int(cursor.fetchone()[0])


def contents(settings: Settings) -> dict[str, Any]:
    """Everything the weeks left, without ids and times, which differ by nature."""
    queries = {
        "loads": "select batch_name, percentage, total_rows from data_loads"
        " where status = 'completed' order by 2",
        "products": "select productid, designation, description, image_path"
        " from products order by 1",
        "labels": "select productid, prdtypecode from labels order by 1",
        "history": "select h.productid, h.operation_type, l.batch_name"
        " from products_history as h join data_loads as l on l.id = h.load_batch_id"
        " order by 1, 2, 3",
        "folds": "select productid, fold from training_examples order by 1",
        "classes": "select prdtypecode, count from class_distribution order by 1",
    }
    found: dict[str, Any] = {}
    with closing(connect(settings, "transformer")) as connection:
        for name, query in queries.items():
            with connection.cursor() as cursor:
                cursor.execute(query)
                found[name] = cursor.fetchall()
    versions = [describe(run) for run in list_versions(settings)]
    found["datasets"] = [(v["batch_name"], v["digest"]) for v in versions]
    models = trainings(settings)
    found["models"] = [
        (outcome.dataset.batch_name, outcome.weighted_f1, outcome.promotion.promoted)
        for outcome in models
    ]
    client = open_client(settings)
    champion = champion_version(client)
    found["champion"] = [
        outcome.dataset.batch_name
        for outcome in models
        if outcome.model_version == champion
    ]
    found["registered"] = len(client.search_model_versions(f"name = '{MODEL_NAME}'"))
    experiments = [e.experiment_id for e in client.search_experiments()]
    found["running"] = [
        run.data.tags
        for run in client.search_runs(experiments, "attributes.status = 'RUNNING'")
    ]
    found["reports"] = sorted(path.name for path in settings.reports_path.iterdir())
    return found


@pytest.fixture
def mlflow_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """An embedded server of its own, for MLflow's tables."""
    with running_server(tmp_path_factory.mktemp("mlflow-database")) as settings:
        prepare(settings)
        yield settings


@pytest.fixture
def mlflow_address(mlflow_database: Settings, tmp_path: Path) -> Iterator[str]:
    """An MLflow server over that database."""
    where = embedded.login(mlflow_database, mlflow_database.postgres_user)
    login = f"{where.user}:{where.password}@{where.host}:{where.port}/{where.dbname}"
    port = free_port()
    connection = connect(mlflow_database)
    with connection, connection.cursor() as cursor:
        cursor.execute("create schema mlflow")
    connection.close()
    options = "options=-csearch_path%3Dmlflow"
    with (
        (tmp_path / "mlflow-server.txt").open("wb") as output,
        subprocess.Popen(
            [
                *(sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1"),
                *("--port", str(port), "--workers", "1", "--artifacts-destination"),
                str(tmp_path / "mlflow-artifacts"),
            ],
            env={
                "PATH": os.environ["PATH"],
                "ENV_FILE": os.devnull,
                "HOME": str(tmp_path),
                "MLFLOW_BACKEND_STORE_URI": f"postgresql+psycopg2://{login}?{options}",
                # As docker-compose.yml does: seven more processes run nothing here.
                "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
            },
            cwd=tmp_path,
            stdout=output,
            stderr=output,
            start_new_session=True,
        ) as server,
    ):
        address = f"http://127.0.0.1:{port}"
        try:
            wait_for(f"{address}/health")
            yield address
        finally:
            os.killpg(server.pid, signal.SIGKILL)


def wait_for(address: str) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        with suppress(OSError), urllib.request.urlopen(address) as answer:
            if answer.status == 200:
                return
        time.sleep(0.2)
    pytest.fail(f"{address} does not answer")


@pytest.mark.timeout(7200)
def test_disturbed_weeks_end_like_undisturbed_ones(
    settings: Settings,
    mlflow_database: Settings,
    mlflow_address: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_sample(settings.data_path, ROWS, seed=5)
    calm = replace(
        settings,
        postgres_db=f"{settings.postgres_db}_calm",
        snapshots_path=tmp_path / "calm" / "training_snapshots",
        reports_path=tmp_path / "calm" / "reports",
        logs_path=tmp_path / "calm" / "logs",
        mlflow_tracking_uri=f"sqlite:///{tmp_path / 'calm' / 'mlflow.db'}",
    )
    settings = replace(settings, mlflow_tracking_uri=mlflow_address)
    (tmp_path / "calm").mkdir()
    prepare(calm)
    for place in (calm, settings):
        spare_first_week(place, place.logs_path.parent / "target")
    finish(calm)
    usual = {
        event["name"]: event["seconds"]
        for event in events(settings, finish(settings))
        if event["event"] == "step_finished"
    }
    rng = random.Random(11)
    victims = ("the run", "PostgreSQL", "MLflow's database")
    hit = Counter[str]()
    weeks, over = 1, True
    for kill in range(KILLS):
        victim, step = victims[kill % len(victims)], STEPS[kill % len(STEPS)]
        if not over and (ONE_PER_WEEK or step not in plan(settings)):
            finish(settings)
            over = True
        weeks += over
        with week(settings) as run:
            wait_for_step(settings, run, step)
            time.sleep(rng.random() * usual[step])
            if victim == "the run":
                number = SIGNALS[kill // len(victims) % len(SIGNALS)]
                run.send_signal(number)
            else:
                server = settings if victim == "PostgreSQL" else mlflow_database
                kill_all(embedded.locate(server).cluster)
            run.wait()
        embedded.ensure_running(mlflow_database)
        over = loads(settings) == weeks and plan(settings) == list(STEPS)
        how = f" by {number.name}" if victim == "the run" else ""
        hit[f"{victim}{how} at {'the end' if over else step}"] += 1
    if not over:
        finish(settings)
    for _ in range(weeks - 1):
        finish(calm)
    with capsys.disabled():
        sys.stdout.write(f"\n{KILLS} kills in weekly runs: {dict(hit)}\n")
    left, expected = contents(settings), contents(calm)
    for name, values in expected.items():
        assert left[name] == values, name
