"""Weekly runs killed in any step: the next run ends as if nothing had happened.

The kills (`FAULT_KILLS` of them) are spread evenly over the time a run takes, one a week,
and each week is then finished by running the command again. A second warehouse lives the
same weeks undisturbed; both must hold the same.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from balancing.versions import describe, list_versions
from loaders.sample import write_sample
from training.run import trainings
from warehouse.connection import connect
from warehouse.database import prepare
from warehouse.settings import PROJECT_ROOT, Settings

KILLS = int(os.environ.get("FAULT_KILLS", "2"))
ROWS = 2_000


def week(settings: Settings) -> subprocess.Popen[bytes]:
    folder = settings.logs_path.parent
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "output.txt").open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "orchestration", "weekly"],
            env={
                "PATH": os.environ["PATH"],
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
            cwd=PROJECT_ROOT,
            stdout=output,
            stderr=output,
        )


def finish(settings: Settings) -> float:
    began = time.monotonic()
    with week(settings) as run:
        code = run.wait()
    assert code == 0, (settings.logs_path.parent / "output.txt").read_text()
    return time.monotonic() - began


def interrupted_step(settings: Settings) -> str:
    """Say which step the newest run was in, from its log."""
    logs = sorted(settings.logs_path.glob("weekly-*.jsonl"), key=os.path.getmtime)
    events = [json.loads(line) for line in logs[-1].read_text().splitlines()]
    last = events[-1]
    return str(last["step"]) if last["event"] == "step_started" else last["event"]


def finished(settings: Settings) -> bool:
    path = settings.logs_path / f"weekly-{settings.postgres_db}.json"
    return path.exists() and json.loads(path.read_text())["finished"]


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
    found["models"] = [
        (outcome.batch_name, outcome.weighted_f1, outcome.promoted)
        for outcome in trainings(settings)
    ]
    found["reports"] = sorted(path.name for path in settings.reports_path.iterdir())
    return found


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_killed_weeks_end_like_undisturbed_ones(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_sample(settings.data_path, ROWS, seed=5)
    calm = settings.model_copy(
        update={
            "postgres_db": f"{settings.postgres_db}_calm",
            "snapshots_path": tmp_path / "calm" / "training_snapshots",
            "reports_path": tmp_path / "calm" / "reports",
            "logs_path": tmp_path / "calm" / "logs",
            "mlflow_tracking_uri": f"sqlite:///{tmp_path / 'calm' / 'mlflow.db'}",
        }
    )
    (tmp_path / "calm").mkdir()
    prepare(calm)
    finish(calm)
    finish(settings)
    duration = finish(calm)
    hit = Counter[str]()
    weeks = 1
    for kill in range(KILLS):
        with week(settings) as run:
            time.sleep(duration * (kill + 0.5) / KILLS)
            run.send_signal(signal.SIGKILL)
        weeks += 1
        if finished(settings):
            hit["after the end"] += 1
            continue
        hit[interrupted_step(settings)] += 1
        finish(settings)
    for _ in range(weeks - 2):
        finish(calm)
    with capsys.disabled():
        sys.stdout.write(f"\n{KILLS} kills of a weekly run, in: {dict(hit)}\n")
    left, expected = contents(settings), contents(calm)
    for name, values in expected.items():
        assert left[name] == values, name
