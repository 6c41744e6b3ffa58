"""The weekly run as an Airflow DAG: each task calls the command line of one step.

Airflow has an environment of its own; the tasks use that of the project in RAKUTEN_HOME
(default: the checkout this file is in). Each step takes the lock of the weekly run, so
a DAG run and `make weekly` never run at once: the later one exits with 75, and its task
is retried. `--step` runs the given step only if it comes next, so the next run finishes
the week of a failed one before it loads another slice.
"""

import json
import os
import shlex
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, BaseOperatorLink

HOME = Path(os.environ.get("RAKUTEN_HOME", Path(__file__).resolve().parents[3]))
# An absolute path: bash in a task may read a ~/.bashrc that puts another Python first.
PYTHON = shlex.quote(str(HOME / ".venv" / "bin" / "python"))
# The report and the notification list steps, not Airflow's tasks.
STEPS = {
    "check_state": "load",
    "load_data": "load",
    "validate": "build",
    "generate_dataset": "balance",
    "train_model": "train",
    "review_labels": "review",
    "report": "report",
}
FAILED = (
    "{% for task, state in ti.get_task_states(dag_id=dag.dag_id, run_ids=[run_id])"
    "[run_id].items() if state == 'failed' %} --failed {{ steps[task] }}{% endfor %}"
)


PAGES = (
    "Report of the week",
    "Training run",
    "Dataset version",
    "Registered model",
    "dbt documentation",
    "Reports",
)


class PageLink(BaseOperatorLink):
    """A button on the task's page; Airflow keeps its address as an XCom."""

    def __init__(self, name: str) -> None:
        self._name = name

    @property
    def name(self) -> str:
        """The text of the button."""
        return self._name

    @property
    def xcom_key(self) -> str:
        """The XCom of this link; Airflow's default is one per class."""
        return f"page {self._name}"

    def get_link(self, operator: "StepOperator", *, ti_key: object) -> str:
        """Return the address, as found when the step ended; empty without one."""
        del ti_key
        return operator.pages.get(self._name, "")


class StepOperator(BashOperator):
    """A step after which the week has pages, with links to them.

    Before its training, they would be those of the week before.
    """

    operator_extra_links = tuple(PageLink(name) for name in PAGES)
    pages: dict[str, str] = {}  # noqa: RUF012 - of the instance, once it has run

    def execute(self, context: object) -> object:
        """Run the step's command; look where its pages are."""
        result = super().execute(context)
        done = subprocess.run(
            [HOME / ".venv" / "bin" / "python", "-m", "reporting", "links"],
            cwd=HOME,
            capture_output=True,
            text=True,
            check=False,
        )
        # Missing links are no reason to fail a finished step.
        if done.returncode:
            self.log.warning("No links: %s", done.stderr.strip())
        else:
            self.pages = json.loads(done.stdout)
        return result


# The addresses of the pages in a browser.
REPORTS = (
    os.environ.get("REPORTS_URL") or os.environ.get("REPORTS_PATH") or HOME / "reports"
)
MLFLOW = os.environ.get("MLFLOW_UI_URL", "`make ui`, <http://127.0.0.1:5000>")
ABOUT = f"""
The newest report and all others: {REPORTS}/index.html. They link to the run, the dataset and
the model in MLflow, and to the dbt documentation; the tasks from train_model on have
the same links as buttons (extra links).

MLflow: {MLFLOW}

A task's log has a line per dbt node, and its last line is its result (XCom `return_value`).
What to do after a failure: docs/operations.md.
"""


def step(name: str) -> str:
    """Return the command of one step of the weekly run."""
    return f"{PYTHON} -m orchestration weekly --step {name}"


with DAG(
    dag_id="weekly_ml_pipeline",
    description="Load a slice, audit and publish it, balance, train, review, report",
    doc_md=f"{__doc__}{ABOUT}",
    schedule="0 0 * * 1",
    start_date=datetime(2026, 1, 5),  # noqa: DTZ001 - Airflow reads it as UTC
    catchup=False,
    max_active_runs=1,
    default_args={
        "cwd": str(HOME),
        "append_env": True,
        "retries": 2,
        "retry_delay": timedelta(minutes=1),
        "retry_exponential_backoff": True,
        "execution_timeout": timedelta(hours=2),
    },
    user_defined_macros={"steps": STEPS},
    tags=["rakuten"],
) as dag:
    check_state = BashOperator(
        task_id="check_state",
        bash_command=f"{PYTHON} -m loaders status; {PYTHON} -m orchestration weekly --dry-run",
    )
    load_data = BashOperator(task_id="load_data", bash_command=step("load"))
    # A retry does not make bad rows good.
    validate = BashOperator(task_id="validate", bash_command=step("build"), retries=0)
    generate_dataset = BashOperator(
        task_id="generate_dataset", bash_command=step("balance")
    )
    train_model = StepOperator(task_id="train_model", bash_command=step("train"))
    review_labels = StepOperator(task_id="review_labels", bash_command=step("review"))
    report = StepOperator(task_id="report", bash_command=step("report"))
    # A teardown runs whatever failed, and does not turn a failed run green.
    notify = BashOperator(
        task_id="notify",
        bash_command=f"{PYTHON} -m orchestration notify{FAILED}",
    ).as_teardown()

    check_state >> load_data >> validate >> generate_dataset >> train_model
    train_model >> review_labels >> report >> notify
