"""The champion behind MLflow's server, as `make serve` starts it."""

import json
import os
import shlex
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from forked import start_module
from logged_dataset import log_dataset

from core.settings import PROJECT_ROOT
from core.tracking import open_client
from training.run import train


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _serve(settings, port):
    open_client(settings)  # creates MLflow's tables
    return start_module(
        ["orchestration", "serve", "--port", str(port)],
        env={
            "PATH": os.environ["PATH"],
            "ENV_FILE": os.devnull,
            "HOME": os.environ["HOME"],
            "MLFLOW_TRACKING_URI": settings.mlflow_tracking_uri,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_printed_request_is_answered_with_a_class(settings, tmp_path):
    log_dataset(settings, tmp_path, "week_1", noise=0.3)
    train(settings, "week_1")
    port = _free_port()
    with _serve(settings, port) as server:
        try:
            assert server.stdout.readline().startswith(
                "Version 1 of rakuten_classifier"
            )
            curl = shlex.split(server.stdout.readline())
            assert _predictions(curl[2], curl[-1]) in ([10], [20])
        finally:
            server.terminate()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), timeout=5)


def _predictions(url, body):
    request = urllib.request.Request(
        url, body.encode(), {"Content-Type": "application/json"}
    )
    deadline = time.monotonic() + 90
    while True:
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.loads(answer.read())["predictions"]
        except urllib.error.URLError:
            assert time.monotonic() < deadline
            time.sleep(0.2)


def test_without_a_champion_nothing_is_served(settings):
    with _serve(settings, _free_port()) as server:
        _, err = server.communicate(timeout=60)
    assert server.returncode == 1
    assert "No model is registered" in err
    assert "Traceback" not in err


LEAVING = """
import os, signal, sys, time

running = sys.argv[1]
if os.fork():
    while not os.path.exists(running):
        time.sleep(0.01)
    sys.exit(3)

def stop(*_):
    time.sleep(0.5)
    os.unlink(running)
    os._exit(0)

signal.signal(signal.SIGTERM, stop)
open(running, "w").close()
time.sleep(60)
"""


def test_the_command_ends_after_all_that_it_has_started(tmp_path):
    # As MLflow's command does: it ends on SIGTERM before the server that it has started.
    child = tmp_path / "child"
    code = (
        "import sys\nfrom orchestration.cli import run_as_group\n"
        f"sys.exit(run_as_group([sys.executable, '-c', {LEAVING!r}, {str(child)!r}], None))"
    )
    started = time.monotonic()
    status = subprocess.run([sys.executable, "-c", code], cwd=PROJECT_ROOT).returncode
    assert status == 3
    assert not child.exists()
    assert time.monotonic() - started < 10
