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
from samples import write_sample

from core.settings import Settings
from warehouse.connection import connect

ENDED = 20  # seconds; a build that is not stopped takes as long on a busy machine


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


def stop(
    settings: Settings, step: str, number: signal.Signals, *, is_read: bool = True
) -> None:
    """Continue the week up to a step, and end it there by a signal.

    Args:
        settings: see Settings.
        step: of the week.
        number: the signal.
        is_read: whether somebody reads the output until the end.
    """
    run = week(settings)
    with waiting_reviews(settings) if step == "review" else nullcontext():
        wait_for_step(settings, run, step)
        time.sleep(0.1)
        children = psutil.Process(run.pid).children(recursive=True)
        if not is_read and run.stdout:
            run.stdout.close()
        run.send_signal(number)
        output = run.communicate(timeout=ENDED)[0] if is_read else ""
        run.wait(timeout=ENDED)

    _, alive = psutil.wait_procs(children, timeout=ENDED)
    assert alive == []
    assert "FAILED" not in output
    assert "resource_tracker" not in output
    if number == signal.SIGKILL:
        assert run.returncode == -number
    else:
        assert run.returncode == 128 + number
    if is_read and number != signal.SIGKILL:
        assert f"Stopped at {step}. Run it again: it continues from there." in output


def test_signals_end_a_week_at_once_without_processes_and_the_next_run_continues(
    settings: Settings, tmp_path: Path
) -> None:
    write_sample(settings.data_path, 2_000, 3)
    spare_first_week(settings, tmp_path / "target")
    stop(settings, "build", signal.SIGINT)
    stop(settings, "build", signal.SIGTERM)
    stop(settings, "build", signal.SIGKILL)
    stop(settings, "balance", signal.SIGTERM)
    stop(settings, "train", signal.SIGINT)
    stop(settings, "review", signal.SIGHUP)
    # The terminal was closed.
    stop(settings, "review", signal.SIGHUP, is_read=False)

    run = week(settings)
    output = run.communicate()[0]
    assert run.returncode == 0, output
    assert "Continuing the unfinished week" in output
    assert "week_1" in output
