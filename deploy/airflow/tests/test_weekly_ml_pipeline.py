"""The DAG in Airflow's own environment: its structure, a good run, a failed one.

`make test-airflow` runs this with the standard library's unittest, so that Airflow's
lock holds nothing but Airflow. The tasks run the project's real commands on a small
sample, with an embedded server below a temporary folder.
"""

import itertools
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import unittest
from datetime import timedelta
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
PYTHON = PROJECT / ".venv" / "bin" / "python"
DAG_ID = "weekly_ml_pipeline"
ORDER = [
    "check_state",
    "load_data",
    "validate",
    "generate_dataset",
    "train_model",
    "review_labels",
    "report",
    "notify",
]


def environment(folder: Path) -> dict[str, str]:
    """Everything a run writes goes below the folder."""
    (folder / "raw").mkdir(exist_ok=True)  # empty: the sample is loaded
    return {
        "PATH": os.environ["PATH"],
        "ENV_FILE": os.devnull,
        "HOME": str(folder),
        "AIRFLOW_HOME": str(folder / "airflow"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT / "deploy/airflow/dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "POSTGRES_DATA_DIR": str(folder / "postgres"),
        "DATA_PATH": str(folder / "raw"),
        "SAMPLE_PATH": str(folder / "sample"),
        "SNAPSHOTS_PATH": str(folder / "snapshots"),
        "REPORTS_PATH": str(folder / "reports"),
        "LOGS_PATH": str(folder / "logs"),
        "MLFLOW_TRACKING_URI": f"sqlite:///{folder / 'mlflow' / 'mlflow.db'}",
        "DBT_TARGET_PATH": str(folder / "target"),
    }


def call(environment: dict[str, str], *command: object) -> str:
    """Run a command and return its output, also if it fails."""
    return subprocess.run(
        [str(part) for part in command],
        env=environment,
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=900,
    ).stdout


class StructureTest(unittest.TestCase):
    """What the scheduler reads."""

    @classmethod
    def setUpClass(cls) -> None:
        sys.path.insert(0, str(PROJECT / "deploy/airflow/dags"))
        import weekly_ml_pipeline

        cls.dag = weekly_ml_pipeline.dag

    def test_one_task_a_step_in_a_row(self) -> None:
        self.assertEqual(sorted(self.dag.task_ids), sorted(ORDER))
        for before, after in itertools.pairwise(ORDER):
            task = self.dag.get_task(before)
            self.assertEqual(task.downstream_task_ids, {after})

    def test_mondays_once_at_a_time_without_catching_up(self) -> None:
        self.assertEqual(self.dag.schedule, "0 0 * * 1")
        self.assertFalse(self.dag.catchup)
        self.assertEqual(self.dag.max_active_runs, 1)

    def test_bad_rows_are_not_tried_again(self) -> None:
        for name in ORDER:
            retries = self.dag.get_task(name).retries
            self.assertEqual(retries, 0 if name == "validate" else 2)
        self.assertEqual(
            self.dag.get_task("load_data").retry_delay, timedelta(minutes=1)
        )

    def test_the_pages_are_named_in_the_dag_s_documentation(self) -> None:
        self.assertIn("/reports/index.html", self.dag.doc_md)
        self.assertIn("<http://127.0.0.1:5000>", self.dag.doc_md)

    def test_notify_alone_is_a_teardown(self) -> None:
        teardowns = [name for name in ORDER if self.dag.get_task(name).is_teardown]
        self.assertEqual(teardowns, ["notify"])


class RunTest(unittest.TestCase):
    """Real runs on a sample."""

    def setUp(self) -> None:
        kept = tempfile.TemporaryDirectory(prefix="airflow-")
        self.addCleanup(kept.cleanup)
        self.folder = Path(kept.name)
        self.folder.chmod(0o755)  # as root the server runs as nobody, who must enter
        self.environment = environment(self.folder)
        self.addCleanup(call, self.environment, PYTHON, "-m", "warehouse", "stop")
        call(
            self.environment,
            *(PYTHON, "-m", "loaders", "sample", self.folder / "raw"),
            *("--rows", "3000", "--seed", "7"),
        )
        self.airflow = Path(sys.executable).with_name("airflow")
        call(self.environment, self.airflow, "db", "migrate")

    def run_dag(self) -> str:
        return call(self.environment, self.airflow, "dags", "test", DAG_ID)

    def test_after_a_failed_check_and_its_notification_the_next_run_succeeds(
        self,
    ) -> None:
        labels = self.folder / "raw" / "Y_train.csv"
        lines = labels.read_text().splitlines()
        lines[1] = lines[1].split(",")[0] + ",99"
        labels.write_text("\n".join(lines) + "\n")
        output = self.run_dag()
        self.assertRegex(output, r"Marking run .* failed")
        self.assertIn("build FAILED", output)
        self.assertFalse(list((self.folder / "mlflow").glob("artifacts/*")))
        # The way out that docs/operations.md gives; the next run makes week_1 anew.
        lines[1] = lines[1].split(",")[0] + ",10"
        labels.write_text("\n".join(lines) + "\n")
        call(self.environment, PYTHON, "-m", "loaders", "reject", "week_1")
        output = self.run_dag()
        self.assertIn("week_1: 1,200 rows", output)
        self.assertRegex(
            output, r"[0-9]+ of [0-9]+ nodes, int_audited_batches: success"
        )
        self.assertRegex(output, r"Marking run .* successful")
        self.assertTrue((self.folder / "reports" / "week_1.html").exists())
        self.assert_the_tasks_link_to_the_pages_of_their_week()

    def assert_the_tasks_link_to_the_pages_of_their_week(self) -> None:
        database = sqlite3.connect(self.folder / "airflow" / "airflow.db")
        self.addCleanup(database.close)
        links = database.execute(
            "select task_id, value from xcom where key = 'page Report of the week'"
        ).fetchall()
        page = json.dumps(str(self.folder / "reports" / "week_1.html"))
        tasks = ("train_model", "review_labels", "report")
        self.assertEqual(dict(links), dict.fromkeys(tasks, page))


if __name__ == "__main__":
    unittest.main()
