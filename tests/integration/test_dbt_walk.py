"""Random walks over loads, rejections, corrections, dbt commands and stops of them.

After each, one `dbt build` is green and gives the rows of a warehouse that was built once,
and at no point is a row of a batch to be seen that failed its audit. `WALKS` sets how
many; `make faults` takes 60.
"""

import itertools
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest
import quick_dbt
from copies import copy_warehouse
from forked import start_module
from hypothesis import HealthCheck, settings, strategies
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from places import make_settings
from queries import rows_of, run_as_superuser
from samples import write_sample

from core.errors import PipelineError
from core.settings import PROJECT_ROOT, Settings
from loaders.correct import correct_products
from loaders.load import load_slice
from loaders.reject import reject_batch
from loaders.schema import initialise
from orchestration.dbt import BUILD, run_dbt
from warehouse.connection import dbt_environment

WALKS = int(os.environ.get("WALKS", "5"))
COMMANDS = (
    BUILD,
    [*BUILD, "--full-refresh"],
    [*BUILD, "--empty"],
    [*BUILD, "--empty", "--full-refresh"],
    [*BUILD, "--selector", "gate"],
    [*BUILD, "--selector", "marts"],
    [*BUILD, "--select", "+products+"],
    [*BUILD, "--select", "products+"],
    [*BUILD, "--indirect-selection", "empty", "--select", "+labels+"],
    [*BUILD, "--resource-type", "model"],
    [*BUILD, "--exclude", "int_audited_batches"],
    [*BUILD, "--full-refresh", "--exclude", "labels_history"],
    [*BUILD, "--full-refresh", "--exclude", "training_examples"],
    ["run", "--full-refresh", "--select", "int_audited_batches"],
    ["run", "--full-refresh", "--select", "products_history", "products"],
    ["run-operation", "forget_histories"],
    ["run"],
    ["run", "--select", "class_distribution_by_batch"],
    ["run", "--full-refresh", "--select", "labels"],
    [*BUILD, "--full-refresh", "--select", "products"],
    ["run", "--select", "data_loads"],
    [*BUILD, "--fail-fast"],
    [*BUILD, "--full-refresh", "--select", "int_text_digests"],
    [*BUILD, "--target", "dev"],
    ["run", "--full-refresh", "--select", "product_folds"],
    ["run", "--empty", "--select", "products_history"],
    ["run", "--empty", "--full-refresh", "--select", "int_audited_batches+"],
    ["seed"],
    ["seed", "--full-refresh"],
    ["snapshot"],
    ["test", "--exclude-resource-type", "unit_test"],
)
TABLES = (
    *("products", "labels", "training_examples", "product_folds"),
    *("products_history", "labels_history"),
    *("class_distribution_by_batch", "data_quality_by_batch"),
)
BY_BATCH = (*TABLES, "labelled_products", "product_versions")
WHOLE = (
    *("class_distribution", "current_data_state", "data_loads", "data_issues"),
    *("product_categories", "products_as_of('week_1')"),
)
LOST = (
    *(f"marts.{mart}" for mart in TABLES),
    *("marts.class_distribution", "marts.current_data_state", "marts.data_loads"),
    *("marts.product_categories", "intermediate.watermarks", "intermediate.audits"),
    *("intermediate.int_text_digests", "intermediate.int_text_issues"),
)
NEWEST = "(select max(id) from raw.data_loads where status = 'completed')"

numbers = itertools.count()


class Walk(RuleBasedStateMachine):
    """One warehouse, misused."""

    base: Settings

    @initialize()
    def begin(self) -> None:
        """Begin with a copy of a warehouse with one week."""
        self.place = copy_warehouse(self.base, f"walk_{next(numbers)}")
        quick_dbt.copy_parse(self.place, Path(os.environ["DBT_TARGET_PATH"]))
        self.bad: set[int] = set()

    @rule()
    def load(self) -> None:
        """Load a good slice."""
        with suppress(PipelineError):
            load_slice(self.place, increment=Decimal(2))

    @rule()
    def load_a_bad_slice(self) -> None:
        """Load a slice with a class that does not exist."""
        with suppress(PipelineError):
            batch = load_slice(self.place, increment=Decimal(2)).batch_name
            ((number,),) = rows_of(
                self.place,
                "update raw.y_train set prdtypecode = 99 where (row_number,"
                " load_batch_id) = (select row_number, load_batch_id from raw.y_train"
                f" where load_batch_id = {NEWEST} limit 1) returning load_batch_id",
            )
            assert batch
            self.bad.add(number)

    @rule()
    def reject(self) -> None:
        """Reject the newest batch; refused once it is published."""
        with suppress(PipelineError):
            ((name,),) = rows_of(
                self.place, f"select batch_name from raw.data_loads where id = {NEWEST}"
            )
            reject_batch(self.place, name)

    @rule(
        label=strategies.sampled_from([10, 40, 2583]), withdrawn=strategies.booleans()
    )
    def correct(self, label: int, *, withdrawn: bool) -> None:
        """Correct one product; refused while a batch waits."""
        changes = self.base.logs_path / "changes.csv"
        rows = rows_of(
            self.place, "select productid from raw.x_train order by 1 limit 1"
        )
        changes.write_text(
            "productid,prdtypecode,withdrawn\n"
            f"{rows[0][0]},{label},{str(withdrawn).lower()}\n"
        )
        with suppress(PipelineError):
            correct_products(self.place, changes)

    @rule(command=strategies.sampled_from(COMMANDS))
    def use_dbt(self, command: list[str]) -> None:
        """Run dbt; it may fail."""
        with suppress(PipelineError):
            run_dbt(self.place, command)

    @rule(
        command=strategies.sampled_from(COMMANDS[:3]),
        number=strategies.sampled_from([signal.SIGKILL, signal.SIGINT]),
        seconds=strategies.sampled_from([0.5, 1.0, 1.5, 2.0]),
    )
    def stop_dbt(self, command: list[str], number: int, seconds: float) -> None:
        """Kill dbt, or press Ctrl-C, wherever it is after some seconds."""
        dbt = start_module(
            ["dbt.cli.main", *command],
            env=os.environ | dbt_environment(self.place),
            cwd=PROJECT_ROOT / "dbt_project",
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        with suppress(subprocess.TimeoutExpired):
            dbt.wait(seconds)
        if dbt.poll() is None:
            os.killpg(dbt.pid, number)
        dbt.wait(60)

    @rule(relation=strategies.sampled_from(LOST), is_dropped=strategies.booleans())
    def lose(self, relation: str, *, is_dropped: bool) -> None:
        """Drop a relation by hand, with the views on it, or delete its rows."""
        if is_dropped:
            rows_of(self.place, f"drop table if exists {relation} cascade")
        elif self.has(relation):
            rows_of(self.place, f"delete from {relation}")

    def has(self, relation: str) -> bool:
        """Return whether there is such a relation."""
        return rows_of(self.place, f"select to_regclass('{relation}') is not null") == [
            (True,)
        ]

    @rule()
    def set_the_clock_back(self) -> None:
        """Move all that happened an hour into the future."""
        rows_of(
            self.place,
            "update raw.data_loads set started_at = started_at + interval '1 hour',"
            " completed_at = completed_at + interval '1 hour'",
        )

    @rule()
    def rename_a_class(self) -> None:
        """Change a row of the seed by hand."""
        if self.has("marts.product_categories"):
            rows_of(
                self.place,
                "update marts.product_categories set category = 'Renamed'"
                " where prdtypecode = 10",
            )

    @invariant()
    def nothing_of_a_bad_batch_is_to_be_seen(self) -> None:
        """Look as an analyst would."""
        if getattr(self, "bad", None):
            ids = ", ".join(map(str, self.bad))
            for mart in BY_BATCH:
                assert not self.has(f"marts.{mart}") or not rows_of(
                    self.place,
                    f"select from marts.{mart} where load_batch_id in ({ids}) limit 1",
                ), mart

    def teardown(self) -> None:
        """Reject bad batches; one build then gives what a new warehouse would have."""
        if not hasattr(self, "place"):
            return
        waiting = rows_of(
            self.place,
            "select id, batch_name from raw.data_loads where status = 'completed'"
            " order by id desc",
        )
        lowest = min(self.bad, default=None)
        for number, name in waiting:
            if lowest is not None and number >= lowest:
                reject_batch(self.place, name)
        run_dbt(self.place, BUILD)
        walked = _marts(self.place)
        rows_of(self.place, "drop schema marts, intermediate cascade")
        for schema in ("marts", "intermediate"):
            rows_of(self.place, f"create schema {schema} authorization transformer")
        run_dbt(self.place, BUILD)
        assert walked == _marts(self.place)
        drop = f"drop database {self.place.postgres_db} with (force)"
        run_as_superuser(self.base, drop)


def _marts(place: Settings) -> dict[str, list[tuple[object, ...]]]:
    return {
        mart: rows_of(place, f"select m::text from marts.{mart} as m order by 1")
        for mart in (*BY_BATCH, *WHOLE)
    }


@pytest.fixture(scope="module")
def base(cluster: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    home = tmp_path_factory.mktemp("walk")
    place = make_settings(home, postgres_data_dir=cluster, postgres_db="walk")
    place.logs_path.mkdir()
    write_sample(place.data_path, 1_000, 4)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DBT_TARGET_PATH", str(home / "target"))
        environment.setenv("DBT_LOG_PATH", str(home / "logs"))
        initialise(place)
        load_slice(place)
        run_dbt(place, BUILD)
        yield place


@pytest.mark.timeout(600 + 60 * WALKS)
def test_no_sequence_publishes_a_bad_row_or_leaves_what_no_build_repairs(
    base: Settings,
) -> None:
    Walk.base = base
    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=WALKS,
            stateful_step_count=7,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
