"""Any sequence of changed files and commands leaves a warehouse that can continue."""

import csv
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, note
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from core.errors import PipelineError
from core.settings import Settings
from loaders.correct import correct_products
from loaders.load import load_slice
from loaders.reconcile import reconcile_source
from loaders.reject import reject_batch
from loaders.schema import initialise
from loaders.state import Batch, completed
from warehouse.connection import connect

# Row number, designation, product, label.
Row = tuple[int, str, int, int]
RESET = (
    "truncate raw.x_train, raw.y_train, raw.data_loads, raw.decisions;"
    " drop table if exists marts.products_history;"
    " create table marts.products_history (load_batch_id bigint);"
    " grant select on marts.products_history to transformer"
)
AT_LEAST = 1
PLACES = st.integers(0, 10**6)
LABELS = st.sampled_from([10, 40, 50, 60])


class Walk(RuleBasedStateMachine):
    """A catalogue that is edited while it is loaded, reconciled, rejected and built."""

    base: Settings

    @initialize(rows=st.integers(1, 12), order=st.sampled_from(["file", "random"]))
    def begin(self, rows: int, order: str) -> None:
        """Begin a warehouse with a new file."""
        self.settings = replace(self.base, slice_order=order)
        self.rows: list[Row] = [(n, f"name {n}", 100 + n, 10) for n in range(rows)]
        self.used = rows
        self.decided: dict[int, int] = {}
        self._write()
        run(self.base, RESET)
        load_slice(self.settings)

    def _write(self) -> None:
        folder = self.settings.data_path
        folder.mkdir(exist_ok=True)
        x = [(n, name, "", product, 1) for n, name, product, _ in self.rows]
        y = [(n, label) for n, _, _, label in self.rows]
        write(
            folder / "X_train.csv",
            [("", "designation", "description", "productid", "imageid"), *x],
        )
        write(folder / "Y_train.csv", [("", "prdtypecode"), *y])

    def _at(self, place: int) -> int:
        return place % len(self.rows)

    @rule(place=PLACES, to=PLACES)
    def move(self, place: int, to: int) -> None:
        """Move a row."""
        row = self.rows.pop(self._at(place))
        self.rows.insert(to % (len(self.rows) + 1), row)
        self._write()

    @rule(place=PLACES, rows=st.integers(1, 4))
    def insert(self, place: int, rows: int) -> None:
        """Insert new products, with numbers of their own."""
        new = [(n, "new", 100 + n, 10) for n in range(self.used, self.used + rows)]
        self.used += rows
        at = place % (len(self.rows) + 1)
        self.rows[at:at] = new
        self._write()

    @rule(rows=st.integers(1, 4))
    def append(self, rows: int) -> None:
        """Append new products."""
        self.insert(len(self.rows), rows)

    @precondition(lambda self: len(self.rows) > AT_LEAST)
    @rule(place=PLACES)
    def delete(self, place: int) -> None:
        """Delete a row."""
        del self.rows[self._at(place)]
        self._write()

    @precondition(lambda self: len(self.rows) > AT_LEAST)
    @rule(place=PLACES)
    def truncate(self, place: int) -> None:
        """Cut the file off at the end of a record."""
        del self.rows[1 + self._at(place) :]
        self._write()

    @rule(place=PLACES, label=LABELS)
    def edit(self, place: int, label: int) -> None:
        """Change a row."""
        number, name, product, _ = self.rows[self._at(place)]
        self.rows[self._at(place)] = (number, name + "!", product, label)
        self._write()

    @rule(random=st.randoms(use_true_random=False))
    def sort_again(self, random: st.DataObject) -> None:
        """Sort the file in another order."""
        random.shuffle(self.rows)  # type: ignore[attr-defined]
        self._write()

    @rule(how=st.sampled_from(["", "", "--to-end", "--increment 7"]))
    def load(self, how: str) -> None:
        """Load the next slice."""
        increment = Decimal(7) if "increment" in how else None
        refusal = refused(
            lambda: load_slice(self.settings, increment=increment, to_end="end" in how)
        )
        assert refusal is None or "loaders reconcile" in refusal

    @rule()
    def reconcile(self) -> None:
        """Reconcile; only a batch that waits for its build may be in the way."""
        refusal = refused(lambda: reconcile_source(self.settings))
        known = batches(self.settings)
        assert refusal is None or "make build" in refusal or not known

    @rule(place=PLACES, label=LABELS, withdrawn=st.sampled_from([None, True, False]))
    def correct(self, place: int, label: int, withdrawn: bool | None) -> None:
        """Correct a product by hand."""
        live = current(self.settings)
        product = sorted(live)[place % len(live)] if live else 0
        path = self.settings.data_path / "fixed.csv"
        if withdrawn is None:
            write(path, [("productid", "prdtypecode"), (product, label)])
        else:
            values = (product, str(withdrawn).lower())
            write(path, [("productid", "withdrawn"), values])
        refusal = refused(lambda: correct_products(self.settings, path))
        assert refusal is None or "make build" in refusal or not live

    @rule()
    def reject(self) -> None:
        """Reject the newest batch."""
        known = batches(self.settings)
        name = known[-1].batch_name if known else "week_1"
        refusal = refused(lambda: reject_batch(self.settings, name))
        assert refusal is None or "has passed its audit" in refusal or not known

    @rule()
    def build(self) -> None:
        """Stand in for dbt: all that is in raw is in the history."""
        run(
            self.base,
            "insert into marts.products_history select max(id) from raw.data_loads"
            " where status = 'completed' having max(id) is not null",
        )

    @invariant()
    def batches_are_in_order(self) -> None:
        """Percentages never fall, times rise, weeks bring what their totals grow by."""
        known = batches(self.settings) if hasattr(self, "rows") else []
        for before, batch in pairwise(known):
            assert before.percentage <= batch.percentage <= 100
            assert before.completed_at < batch.completed_at  # type: ignore[operator]
            if batch.batch_name.startswith("week"):
                grown = (batch.total_rows or 0) - (before.total_rows or 0)
                assert batch.metadata["rows"]["x_train"] == grown > 0

    def teardown(self) -> None:
        """A build, a reconcile and loads lead to 100 % and to the files' rows."""
        if not hasattr(self, "rows"):
            return
        self.build()
        if batches(self.settings):
            reconcile_source(self.settings)
            self.build()
        load_slice(self.settings, to_end=True)
        assert load_slice(self.settings).complete
        assert batches(self.settings)[-1].percentage == 100
        connection = connect(self.settings, "loader")
        with connection, connection.cursor() as cursor:
            cursor.execute(
                "select distinct on (productid) productid, kept from raw.decisions"
                " where load_batch_id in"
                " (select id from raw.data_loads where status = 'completed')"
                " order by productid, load_batch_id desc"
            )
            kept = dict(cursor.fetchall())
        connection.close()
        expected = {
            row[2]: row for row in self.rows if "withdrawn" not in kept.get(row[2], {})
        }
        there = current(self.settings)
        assert there.keys() == expected.keys()
        for product, row in there.items():
            source = kept.get(product, {}).get("prdtypecode", row[3])
            assert (*row[:3], source) == expected[product]


def refused(command: Callable[[], object]) -> str | None:
    """Return why a command was refused."""
    try:
        command()
    except PipelineError as error:
        note(str(error))
        return str(error)
    return None


def write(path: Path, rows: list[tuple[object, ...]]) -> None:
    """Write a CSV file."""
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def run(settings: Settings, statement: str) -> None:
    """Run a statement as the owner."""
    connection = connect(settings)
    with connection, connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


def batches(settings: Settings) -> list[Batch]:
    """Return the batches that count."""
    connection = connect(settings, "loader")
    try:
        return completed(connection)
    finally:
        connection.close()


def current(settings: Settings) -> dict[int, Row]:
    """Return the newest version of every product that is not withdrawn."""
    connection = connect(settings, "loader")
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "select row_number, designation, productid, prdtypecode from ("
            " select distinct on (productid) * from raw.x_train where load_batch_id in"
            " (select id from raw.data_loads where status = 'completed')"
            " order by productid, load_batch_id desc) as x"
            " inner join raw.y_train using (row_number, load_batch_id)"
            " where not withdrawn"
        )
        rows = {row[2]: row for row in cursor.fetchall()}
    connection.close()
    return rows


@pytest.mark.timeout(600)
def test_no_sequence_of_commands_leads_to_a_dead_end(settings: Settings) -> None:
    settings.data_path.mkdir(exist_ok=True)
    initialise(settings)
    machine = type("Walk", (Walk,), {"base": settings})
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        machine,
        settings=hypothesis_settings(
            max_examples=25,
            stateful_step_count=14,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
