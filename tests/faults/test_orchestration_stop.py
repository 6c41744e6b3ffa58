"""Ctrl-C and the other signals end a weekly run at once; the next run continues."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path

import psutil
import pytest
from first_week import spare_first_week
from forked import start_module
from places import make_settings
from samples import write_sample

from core.settings import Settings
from warehouse.connection import connect
from warehouse.database import prepare

ENDED = 20  # seconds; a build that is not stopped takes as long on a busy machine


@pytest.fixture(scope="module")
def place(cluster: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = tmp_path_factory.mktemp("stop")
    settings = make_settings(home, postgres_data_dir=cluster, postgres_db="stop")
    write_sample(settings.data_path, 2_000, 3)
    prepare(settings)
    spare_first_week(settings, home / "target")
    return settings


def week(settings: Settings) -> subprocess.Popen[str]:
    home = settings.logs_path.parent
    return start_module(
        ["orchestration", "weekly"],
        env={
            "PATH": os.environ["PATH"],
            "ENV_FILE": os.devnull,
            "HOME": str(home),
            "POSTGRES_DATA_DIR": str(settings.postgres_data_dir),
            "POSTGRES_DB": settings.postgres_db,
            "DATA_PATH": str(settings.data_path),
            "SAMPLE_PATH": str(home / "sample"),
            "SNAPSHOTS_PATH": str(home / "snapshots"),
            "REPORTS_PATH": str(settings.reports_path),
            "LOGS_PATH": str(settings.logs_path),
            "MLFLOW_TRACKING_URI": settings.mlflow_tracking_uri,
            "DBT_TARGET_PATH": str(home / "target"),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_for_step(settings: Settings, run: subprocess.Popen[str], step: str) -> None:
    """Wait until a run is at a step."""
    entered = json.dumps({"event": "step_started", "step": step})[1:-1]
    while run.poll() is None:
        logs = settings.logs_path.glob(f"weekly-*-{run.pid}.jsonl")
        if any(entered in log.read_text() for log in logs):
            return
        time.sleep(0.01)
    pytest.fail(run.communicate()[0])


@contextmanager
def waiting_reviews(settings: Settings) -> Iterator[None]:
    """Let a review wait for its table: of few products it takes no time."""
    with closing(connect(settings, "loader")) as connection:
        with connection.cursor() as cursor:
            cursor.execute("lock table raw.reviews in access exclusive mode")
        yield


@pytest.mark.parametrize(
    ("step", "number"),
    [
        ("build", signal.SIGINT),
        ("build", signal.SIGTERM),
        ("build", signal.SIGKILL),
        ("balance", signal.SIGTERM),
        ("train", signal.SIGINT),
        ("review", signal.SIGHUP),
    ],
)
def test_a_signal_ends_a_step_at_once_and_leaves_no_process(place, step, number):
    run = week(place)
    with waiting_reviews(place) if step == "review" else nullcontext():
        wait_for_step(place, run, step)
        time.sleep(0.1)
        children = psutil.Process(run.pid).children(recursive=True)
        run.send_signal(number)
        output = run.communicate(timeout=ENDED)[0]

    _, alive = psutil.wait_procs(children, timeout=ENDED)
    assert alive == []
    assert "FAILED" not in output
    if number == signal.SIGKILL:
        assert run.returncode == -number
    else:
        assert run.returncode == 128 + number
        assert f"Stopped at {step}. Run it again: it continues from there." in output


def test_the_next_run_finishes_the_week_that_was_stopped(place):
    run = week(place)
    output = run.communicate()[0]
    assert run.returncode == 0, output
    assert "Continuing the unfinished week" in output
    assert "week_1" in output
