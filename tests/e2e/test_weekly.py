"""Two weeks as a user runs them: the real command, in processes of its own."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import psutil
import pytest
import quick_dbt
from first_week import spare_first_week
from forked import run_module, start_module
from places import make_settings
from samples import write_sample

from balancing.export import export_version
from balancing.verify import verify_version
from core.settings import PROJECT_ROOT, Settings, sqlite_uri
from orchestration.dbt import PARSE
from orchestration.weekly import STEPS
from warehouse.connection import connect
from warehouse.database import prepare


def environment_of(settings: Settings, home: Path) -> dict[str, str]:
    """Return the environment of a user with a catalogue of 3,000 products."""
    write_sample(settings.data_path, 3_000, seed=7)
    return {
        "PATH": os.environ["PATH"],
        "ENV_FILE": os.devnull,
        "HOME": str(home),
        "POSTGRES_DATA_DIR": str(settings.postgres_data_dir),
        "POSTGRES_DB": settings.postgres_db,
        "DATA_PATH": str(settings.data_path),
        "SNAPSHOTS_PATH": str(settings.snapshots_path),
        "REPORTS_PATH": str(settings.reports_path),
        "LOGS_PATH": str(settings.logs_path),
        "MLFLOW_TRACKING_URI": settings.mlflow_tracking_uri,
        "DBT_TARGET_PATH": str(home / "target"),
    }


def run(
    environment: dict[str, str], *arguments: str
) -> subprocess.CompletedProcess[str]:
    return run_module(arguments, environment)


def run_weekly(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a week in an interpreter of its own, as a user does."""
    return subprocess.run(
        [sys.executable, "-m", "orchestration", "weekly"],
        env=environment,
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


def query(settings: Settings, sql: str) -> list[tuple[object, ...]]:
    connection = connect(settings, "analyst")
    with connection, connection.cursor() as cursor:
        cursor.execute(sql)
        rows = cursor.fetchall()
    connection.close()
    return rows


def assert_no_password_in(folder: Path, settings: Settings) -> None:
    """Look through logs, dbt's and MLflow's files, reports and datasets."""
    secrets = [
        path.read_bytes().strip()
        for path in settings.postgres_data_dir.rglob("*.password")
    ]
    assert secrets
    files = [path for path in folder.rglob("*") if path.is_file()]
    for kind in ("*.jsonl", "manifest.json", "dbt.log", "mlflow.db", "*.html"):
        assert any(path.match(kind) for path in files), kind
    for path in files:
        content = path.read_bytes()
        assert not any(secret in content for secret in secrets), path


@contextmanager
def command_lines() -> Iterator[set[str]]:
    """Collect the command line of every process that is started meanwhile.

    And of those that are there before, once: their number would keep a core busy.
    """
    seen: set[str] = set()
    done = threading.Event()

    def look(numbers: set[int]) -> None:
        for number in numbers:
            with suppress(psutil.Error):  # it has ended since
                seen.add(" ".join(psutil.Process(number).cmdline()))

    earlier = set(psutil.pids())
    look(earlier)

    def watch() -> None:
        while not done.wait(0.02):
            look(set(psutil.pids()) - earlier)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield seen
    finally:
        done.set()
        watcher.join()


def test_two_weeks(settings: Settings, tmp_path: Path) -> None:
    environment = environment_of(settings, tmp_path)
    quick_dbt.copy_parse(settings, tmp_path / "target")
    with command_lines() as seen:
        first = run_weekly(environment)
    assert first.returncode == 0, first.stdout + first.stderr
    assert "week_1: 1,200 rows" in first.stdout
    index = settings.reports_path / "index.html"
    assert first.stdout.splitlines()[-1] == f"All pages: {index} (make open)"
    assert any("orchestration weekly" in line for line in seen)
    for password in settings.postgres_data_dir.rglob("*.password"):
        assert not any(password.read_text() in line for line in seen)
    second = run(environment, "orchestration", "weekly")
    assert second.returncode == 0, second.stdout + second.stderr
    assert "week_2: 90 rows" in second.stdout

    listed = json.loads(run(environment, "balancing", "list", "--json").stdout)
    assert [version["batch_name"] for version in listed] == ["week_2", "week_1"]
    for version in listed:
        metrics = version["metrics"]
        assert metrics["imbalance_ratio_after"] == 1
        assert metrics["class_2583_count"] == metrics["class_1180_count"]
    newest, oldest = (version["run_id"] for version in listed)
    verified = run(environment, "balancing", "verify", newest)
    assert verified.returncode == 0, verified.stderr
    # In this process: starting another takes longer than all it does.
    assert verify_version(settings, oldest).startswith("week_1 is verified")
    assert {path.name for path in settings.reports_path.glob("*.html")} == {
        "dbt_docs.html",
        "index.html",
        "week_1.html",
        "week_1.review.html",
        "week_2.html",
        "week_2.review.html",
    }
    events = [
        json.loads(line)
        for path in sorted(settings.logs_path.glob("weekly-*.jsonl"))
        for line in path.read_text().splitlines()
    ]
    finished = [e["name"] for e in events if e["event"] == "step_finished"]
    assert finished == [*STEPS, *STEPS]
    assert_no_password_in(tmp_path, settings)
    assert_the_notebook_runs(environment)
    assert_a_backup_brings_it_all_back(environment, settings, tmp_path, listed)


def assert_the_notebook_runs(environment: dict[str, str]) -> None:
    """Run the cells as Jupyter would, in its folder; show what they found."""
    notebook = PROJECT_ROOT / "notebooks" / "dataset_and_model.ipynb"
    cells = [
        cell
        for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code"
    ]
    assert [cell["outputs"] for cell in cells] == [[]] * len(cells)
    code = "\n".join("".join(cell["source"]) for cell in cells)
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{FOUND}"],
        env={**environment, "MPLBACKEND": "agg"},
        cwd=notebook.parent,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["batches"] == ["week_2", "week_1"]
    assert found["products"] == 1290
    assert found["before"] + found["held_out"] == 1290
    assert found["sizes_after"] == 1
    assert found["bars"] == 2 * 27
    assert found["accuracy"] > 0.7
    assert found["explained"] == 3


FOUND = """
import json
print(json.dumps({
    "products": int(classes["count"].sum()),
    "batches": versions["batch"].tolist(),
    "before": int(counts["before"].sum()),
    "held_out": len(held_out),
    "sizes_after": counts["after"].nunique(),
    "bars": len(axes.patches),
    "accuracy": accuracy,
    "explained": sum(bool(answer["because of"]) for answer in answers),
}))
"""


def assert_a_backup_brings_it_all_back(
    environment: dict[str, str],
    settings: Settings,
    tmp_path: Path,
    versions: list[dict[str, object]],
) -> None:
    """Back up, restore as another warehouse in other folders, and continue from there."""
    backup = tmp_path / "backup"
    made = run(environment, "orchestration", "backup", "--into", str(backup))
    assert made.returncode == 0, made.stderr
    home = tmp_path / "un autre dossier ? #2, 100%20"
    there = {
        **environment,
        "POSTGRES_DB": f"{settings.postgres_db}_restored",
        "SNAPSHOTS_PATH": str(home / "snapshots"),
        "REPORTS_PATH": str(home / "reports"),
        "LOGS_PATH": str(home / "logs"),
        "MLFLOW_TRACKING_URI": sqlite_uri(home / "mlflow" / "mlflow.db"),
    }
    assert run(there, "orchestration", "restore", str(backup)).returncode == 0
    twice = run(there, "orchestration", "restore", str(backup))
    assert twice.returncode != 0
    assert "holds a warehouse already" in twice.stderr
    assert {path.name for path in (home / "reports").glob("*.html")} == {
        "dbt_docs.html",
        "index.html",
        "week_1.html",
        "week_1.review.html",
        "week_2.html",
        "week_2.review.html",
    }
    # Without the first MLflow's files: the restored addresses must be the new ones.
    (tmp_path / "artifacts").rename(tmp_path / "artifacts-away")
    newest, oldest = (str(version["run_id"]) for version in versions)
    exported = run(
        there,
        *("balancing", "export", newest, "--format", "parquet"),
        *("--out", str(home / "week_2")),
    )
    assert exported.returncode == 0, exported.stderr
    verified = run(there, "balancing", "verify", newest)
    assert verified.returncode == 0, verified.stderr
    restored = replace(
        settings,
        postgres_db=there["POSTGRES_DB"],
        snapshots_path=Path(there["SNAPSHOTS_PATH"]),
        mlflow_tracking_uri=there["MLFLOW_TRACKING_URI"],
    )
    assert export_version(restored, oldest, "parquet", home / "week_1").rows
    assert verify_version(restored, oldest).startswith("week_1 is verified")
    quick_dbt.copy_parse(restored, tmp_path / "target")
    third = run(there, "orchestration", "weekly")
    assert third.returncode == 0, third.stdout + third.stderr
    assert "week_3: 90 rows" in third.stdout
    assert "champion" in third.stdout
    (tmp_path / "artifacts-away").rename(tmp_path / "artifacts")


@dataclass(frozen=True)
class Place:
    """A warehouse whose first week was killed, and what the next commands did."""

    settings: Settings
    environment: dict[str, str]
    dry: subprocess.CompletedProcess[str]
    again: subprocess.CompletedProcess[str]
    state: list[tuple[object, ...]]
    history: list[tuple[object, ...]]


@pytest.fixture(scope="module")
def place(cluster: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A first week that was killed during dbt's parse and finished by the next run."""
    home = tmp_path_factory.mktemp("killed")
    settings = make_settings(home, postgres_data_dir=cluster, postgres_db="killed_week")
    prepare(settings)
    environment = environment_of(settings, home)
    with start_module(
        ["orchestration", "weekly"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        deadline = time.monotonic() + 60
        while not (home / "target" / PARSE).exists():
            assert time.monotonic() < deadline
            time.sleep(0.1)
        process.send_signal(signal.SIGKILL)
    dry = run(environment, "orchestration", "weekly", "--dry-run")
    spare_first_week(settings, home / "target")
    again = run(environment, "orchestration", "weekly")
    return Place(
        settings,
        environment,
        dry,
        again,
        query(settings, "select last_batch, total_rows from current_data_state"),
        query(
            settings, "select count(*), count(distinct productid) from products_history"
        ),
    )


def test_a_killed_week_is_finished_by_the_next_run(place: Place) -> None:
    assert place.dry.stdout == (
        "Would run: build, balance, train, review, report, notify\n"
    )
    assert place.again.returncode == 0, place.again.stdout + place.again.stderr
    assert place.state == [("week_1", 1200)]
    assert place.history == [(1200, 1200)]


def test_a_bad_label_stops_the_week_and_publishes_nothing(place: Place) -> None:
    settings, environment = place.settings, place.environment
    assert place.again.returncode == 0
    connection = connect(settings, "loader")
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "insert into raw.data_loads (batch_name, percentage, total_rows, status,"
            " completed_at, metadata) values ('week_2', 43, 1201, 'completed', now(),"
            """ '{"source": "files"}') returning id"""
        )
        batch = cursor.fetchone()[0]
        cursor.execute(f"set local rakuten.load_batch_id = {batch}")
        cursor.execute("insert into raw.x_train values (5000, 'x', null, 1, 1)")
        cursor.execute("insert into raw.y_train values (5000, 99)")
    connection.close()
    result = run(environment, "orchestration", "weekly", "--from", "build")
    assert result.returncode == 1
    assert "relationships_int_product_versions_prdtypecode" in result.stderr
    assert "Traceback" not in result.stderr
    assert query(settings, "select total_rows, products from current_data_state") == [
        (1200, 1200)
    ]
    assert query(settings, "select count(*) from products where productid = 1") == [
        (0,)
    ]
    report = json.loads((settings.reports_path / "week_2.json").read_text())
    assert report["published"] is False

    # The solution that the documentation gives.
    assert run(environment, "loaders", "reject", "week_2").returncode == 0
    finished = run(environment, "orchestration", "weekly")
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert "week_2: 90 rows" in finished.stdout
    assert query(settings, "select total_rows, products from current_data_state") == [
        (1290, 1290)
    ]
