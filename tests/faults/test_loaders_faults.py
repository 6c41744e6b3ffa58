"""Loaders and servers that die at a bad moment: the next load repairs it."""

import csv
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from samples import write_sample
from servers import running_server

from core.errors import ServerError
from core.settings import PROJECT_ROOT, Settings
from loaders.load import load_slice
from loaders.state import history
from warehouse import embedded
from warehouse.connection import connect
from warehouse.database import prepare
from warehouse.processes import processes_in

KILLS = int(os.environ.get("FAULT_KILLS", "20"))
ROWS = 20_000


def start_loader(settings: Settings) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "loaders", "load", "--percentage", "60"],
        env={
            "POSTGRES_DATA_DIR": str(settings.postgres_data_dir),
            "POSTGRES_DB": settings.postgres_db,
            "DATA_PATH": str(settings.data_path),
            "PATH": "/usr/bin:/bin",
            "ENV_FILE": os.devnull,
        },
        cwd=PROJECT_ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def statuses(settings: Settings) -> list[str]:
    connection = connect(settings, "loader")
    try:
        return [batch.status for batch in history(connection)]
    finally:
        connection.close()


def begin_again(settings: Settings) -> None:
    connection = connect(settings, "loader")
    with connection, connection.cursor() as cursor:
        cursor.execute("truncate raw.x_train, raw.y_train, raw.data_loads")
    connection.close()


def assert_all_is_there(settings: Settings) -> None:
    """Every row of the file, once, with its own label, and no batch still running."""
    with (settings.data_path / "X_train.csv").open(newline="") as file:
        products = list(csv.reader(file))[1:]
    with (settings.data_path / "Y_train.csv").open(newline="") as file:
        labels = dict(list(csv.reader(file))[1:])
    connection = connect(settings, "loader")
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "select x.row_number, designation, description, productid, imageid,"
            " prdtypecode from raw.x_train as x full join raw.y_train"
            " using (row_number, load_batch_id) order by 1"
        )
        rows = cursor.fetchall()
    connection.close()
    assert rows == [
        (int(n), name, text or None, int(product), int(image), int(labels[n]))
        for n, name, text, product, image in products
    ]
    assert "running" not in statuses(settings)


def wait_until_running(settings: Settings) -> None:
    deadline = time.monotonic() + 30
    while "running" not in statuses(settings):
        assert time.monotonic() < deadline, "the loader opened no batch"
        time.sleep(0.005)


def wait_until_gone(settings: Settings) -> None:
    """The server may still finish what a killed loader sent last, even its commit."""
    connection = connect(settings)
    connection.autocommit = True
    with connection.cursor() as cursor:
        count = 1
        while count:
            cursor.execute(
                "select count(*) from pg_stat_activity"
                " where application_name like 'loaders (pid%'"
            )
            (count,) = cursor.fetchone() or (0,)
    connection.close()


@pytest.mark.timeout(1800)
def test_a_loader_killed_at_any_moment_leaves_nothing_behind(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    write_sample(settings.data_path, ROWS, seed=3)
    load_slice(settings, to_end=True)
    begin_again(settings)
    began = time.monotonic()
    with start_loader(settings) as whole:
        assert whole.wait() == 0
    duration = time.monotonic() - began
    rng = random.Random(7)
    left = Counter[str]()
    for _ in range(KILLS):
        begin_again(settings)
        with start_loader(settings) as loader:
            time.sleep(rng.uniform(0.3, 1.05) * duration)
            loader.send_signal(signal.SIGKILL)
        wait_until_gone(settings)
        before = statuses(settings)
        left[before[0] if before else "no batch yet"] += 1
        outcome = load_slice(settings, to_end=True)
        assert outcome.total_rows == ROWS
        assert_all_is_there(settings)
        after = statuses(settings)
        seen = ["failed" if status == "running" else status for status in before]
        assert after == [*seen, "completed"]
    with capsys.disabled():
        sys.stdout.write(f"\n{KILLS} kills of a loader; its batch then: {dict(left)}\n")
    assert left["running"], "no kill hit a running load: the moments are badly chosen"


def test_of_two_loaders_one_works_and_the_other_says_who(settings: Settings) -> None:
    write_sample(settings.data_path, ROWS, seed=3)
    load_slice(settings, percentage=settings.increment_percentage)
    with start_loader(settings) as first:
        wait_until_running(settings)
        first.send_signal(signal.SIGSTOP)  # so that it is surely still running
        with start_loader(settings) as second:
            output, errors = second.communicate()
        first.send_signal(signal.SIGCONT)
        _, no_errors = first.communicate()
    assert (second.returncode, output) == (75, "")
    assert re.fullmatch(
        rf"Error: Another loader is running: loaders \(pid {first.pid} on"
        rf" {re.escape(socket.gethostname())}\), server process \d+, since"
        r" \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\. Nothing was loaded; try again when it is"
        r" done\.\n",
        errors,
    )
    assert (first.returncode, no_errors) == (0, "")
    assert statuses(settings) == ["completed", "completed"]
    assert load_slice(settings, to_end=True).total_rows == ROWS
    assert_all_is_there(settings)


def test_a_lost_connection_is_one_sentence_and_the_next_load_works(
    settings: Settings,
) -> None:
    write_sample(settings.data_path, ROWS, seed=3)
    load_slice(settings, percentage=settings.increment_percentage)

    def cut() -> None:
        wait_until_running(settings)
        connection = connect(settings)
        with connection, connection.cursor() as cursor:
            cursor.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where application_name like 'loaders (pid%'"
            )
        connection.close()

    thread = threading.Thread(target=cut)
    thread.start()
    with pytest.raises(ServerError, match="Nothing was loaded"):
        load_slice(settings, to_end=True)
    thread.join()
    assert load_slice(settings, to_end=True).total_rows == ROWS
    assert statuses(settings) == ["completed", "failed", "completed"]
    assert_all_is_there(settings)


def test_a_server_killed_while_loading(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    home = tmp_path_factory.mktemp("killed")
    with running_server(home, data_path=home / "raw") as settings:
        prepare(settings)
        write_sample(settings.data_path, ROWS, seed=3)
        load_slice(settings, percentage=settings.increment_percentage)
        with start_loader(settings) as loader:
            wait_until_running(settings)
            os.kill(postmaster(settings.postgres_data_dir), signal.SIGKILL)
            _, errors = loader.communicate()
        assert loader.returncode == 69, errors
        assert errors.startswith("Error: ")
        assert "Nothing was loaded" in errors
        assert errors.count("\n") == 1
        assert load_slice(settings, to_end=True).total_rows == ROWS
        assert statuses(settings) == ["completed", "failed", "completed"]
        assert_all_is_there(settings)


def test_a_server_gone_between_two_pieces_is_reported_once(
    tmp_path_factory: pytest.TempPathFactory, capfd: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path_factory.mktemp("gone")
    with running_server(home, data_path=home / "raw") as settings:
        prepare(settings)
        write_sample(settings.data_path, ROWS, seed=3)
        cluster = embedded.locate(settings).cluster

        def kill(done: int, total: int) -> None:
            if done < total:
                os.kill(postmaster(settings.postgres_data_dir), signal.SIGKILL)
                while list(processes_in(cluster)):
                    time.sleep(0.01)

        with pytest.raises(ServerError, match="PostgreSQL was lost"):
            load_slice(settings, to_end=True, progress=kill)
        assert capfd.readouterr().err == ""
        assert load_slice(settings, to_end=True).total_rows == ROWS


def postmaster(folder: Path) -> int:
    (pid_file,) = folder.rglob("postmaster.pid")
    return int(pid_file.read_text().splitlines()[0])
