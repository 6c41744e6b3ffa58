"""Corrected files: what differs becomes a batch, what is ambiguous is refused."""

import csv
import json
import os
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from samples import write_sample

from core.errors import PipelineError, SourceError
from core.settings import PROJECT_ROOT, Settings
from loaders import slices
from loaders.load import load_slice
from loaders.reconcile import reconcile_source
from loaders.reject import reject_batch
from loaders.state import history
from loaders.versions import Correction, Difference
from orchestration.dbt import BUILD, run_dbt
from warehouse.connection import connect

Product = tuple[int, str, str, int, int, int]
START: list[Product] = [
    (n, f"name {n}", f"text {n}", 100 + n, 200 + n, 10) for n in range(10)
]


def put(settings: Settings, products: list[Product]) -> None:
    settings.data_path.mkdir(exist_ok=True)
    with (settings.data_path / "X_train.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["", "designation", "description", "productid", "imageid"])
        writer.writerows(product[:5] for product in products)
    with (settings.data_path / "Y_train.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["", "prdtypecode"])
        writer.writerows((product[0], product[5]) for product in products)


def publish(settings: Settings) -> None:
    """Stand in for dbt: all that is raw is in the history."""
    connection = connect(settings)
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "create table if not exists marts.products_history (load_batch_id bigint)"
        )
        cursor.execute("grant select on marts.products_history to transformer")
        cursor.execute(
            "insert into marts.products_history select max(id) from raw.data_loads"
        )
    connection.close()


def current(settings: Settings) -> list[Product]:
    """The newest version of every product that is not withdrawn."""
    connection = connect(settings, "loader")
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "select row_number, coalesce(designation, ''), coalesce(description, ''),"
            " productid, imageid, prdtypecode from (select distinct on (productid) *"
            " from raw.x_train inner join raw.data_loads as b on b.id = load_batch_id"
            " and b.status = 'completed' order by productid, load_batch_id desc) as x"
            " inner join raw.y_train using (row_number, load_batch_id)"
            " where not withdrawn order by 1"
        )
        rows = cursor.fetchall()
    connection.close()
    return rows


def names(settings: Settings) -> list[tuple[str, str, int | None]]:
    connection = connect(settings, "loader")
    try:
        return [(b.batch_name, b.status, b.total_rows) for b in history(connection)]
    finally:
        connection.close()


def begun(settings: Settings, percentage: int = 40) -> None:
    put(settings, START)
    load_slice(settings, percentage=Decimal(percentage))
    publish(settings)


def corrected() -> list[Product]:
    """Change the text of 0 and the label of 1, withdraw 2, insert 50 after 1."""
    zero, one, _, *rest = START
    return [
        (*zero[:1], "", *zero[2:]),
        (*one[:5], 40),
        (50, "new", "", 500, 600, 10),
        *rest,
    ]


def test_changed_new_and_withdrawn_rows_become_a_batch(settings: Settings) -> None:
    begun(settings)
    put(settings, corrected())
    with pytest.raises(SourceError, match=r"python -m loaders reconcile"):
        load_slice(settings)
    assert reconcile_source(settings) == Correction("correction_1", 2, 1, 1)
    wanted = sorted(corrected()[:4])
    assert current(settings) == wanted
    assert names(settings)[-1] == ("correction_1", "completed", 4)
    publish(settings)
    assert reconcile_source(settings).batch_name is None
    load_slice(settings, to_end=True)
    assert current(settings) == sorted(corrected())
    assert [name for name, status, _ in names(settings) if status == "completed"] == [
        "week_1",
        "correction_1",
        "week_2",
    ]


def test_files_as_they_were_loaded_over_weeks_need_no_correction(
    settings: Settings,
) -> None:
    begun(settings)
    for _ in range(2):
        load_slice(settings, increment=Decimal(20))
        publish(settings)
    before = names(settings)
    assert reconcile_source(settings) == Correction(None, 0, 0, 0)
    assert names(settings) == before
    path = settings.data_path / "X_train.csv"
    path.write_text(path.read_text().replace("name 0", '"name 0"'))
    assert reconcile_source(settings) == Correction("correction_1", 0, 0, 0)


@pytest.mark.parametrize("row", [0, 4, 6, 7])
def test_a_change_is_noticed_in_the_weeks_after_a_correction(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, row: int
) -> None:
    monkeypatch.setattr(slices, "SETTLED", 0)
    begun(settings)
    load_slice(settings, increment=Decimal(20))
    publish(settings)
    put(settings, corrected())
    assert reconcile_source(settings) == Correction("correction_1", 2, 1, 1)
    load_slice(settings, increment=Decimal(10))
    load_slice(settings, increment=Decimal(10))
    assert len(current(settings)) == 8
    products = corrected()
    products[row] = (*products[row][:1], "another name", *products[row][2:])
    put(settings, products)
    with pytest.raises(SourceError, match=r"X_train\.csv: .* no longer the same"):
        load_slice(settings, to_end=True)
    put(settings, corrected())
    load_slice(settings, to_end=True)
    assert current(settings) == sorted(corrected())


def test_only_what_differs_is_written(settings: Settings) -> None:
    begun(settings)
    put(settings, corrected())
    reconcile_source(settings)
    connection = connect(settings, "loader")
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "select productid, withdrawn, prdtypecode from raw.x_train"
            " inner join raw.y_train using (row_number, load_batch_id)"
            " where load_batch_id = (select max(id) from raw.data_loads) order by 1"
        )
        rows = cursor.fetchall()
    connection.close()
    assert rows == [
        (100, False, 10),
        (101, False, 40),
        (102, True, 10),
        (500, False, 10),
    ]


def test_a_dry_run_lists_and_loads_nothing(settings: Settings) -> None:
    begun(settings)
    put(settings, corrected())
    before = names(settings)
    listed: list[Difference] = []
    assert reconcile_source(settings, on_difference=listed.append) == Correction(
        None, 2, 1, 1
    )
    assert [str(difference) for difference in listed] == [
        "changed    product 100, row 0: designation",
        "changed    product 101, row 1: prdtypecode",
        "withdrawn  product 102, row 2",
        "new        product 500, row 50",
    ]
    assert names(settings) == before
    assert current(settings) == START[:4]


def test_rows_added_at_the_end_are_loaded_when_all_was(settings: Settings) -> None:
    begun(settings, 100)
    put(settings, [*START, (10, "late", "", 110, 210, 10)])
    assert reconcile_source(settings) == Correction("correction_1", 0, 1, 0)
    assert len(current(settings)) == 11


def test_a_withdrawn_product_may_come_back(settings: Settings) -> None:
    begun(settings)
    put(settings, [START[0], *START[2:]])
    assert reconcile_source(settings).withdrawn == 1
    publish(settings)
    put(settings, [START[0], *START[2:], START[1]])
    load_slice(settings, to_end=True)
    assert current(settings) == START


def test_the_same_rows_written_otherwise_are_no_difference(settings: Settings) -> None:
    begun(settings)
    path = settings.data_path / "X_train.csv"
    path.write_text(path.read_text().replace("name 0", '"name 0"'))
    assert reconcile_source(settings) == Correction("correction_1", 0, 0, 0)
    load_slice(settings, to_end=True)
    assert current(settings) == START


def test_a_waiting_batch_is_published_first(settings: Settings) -> None:
    begun(settings)
    load_slice(settings, increment=Decimal(20))
    put(settings, corrected())
    with pytest.raises(PipelineError, match="week_2 has not been audited yet"):
        reconcile_source(settings)
    assert current(settings) == START[:6]


def test_renumbered_rows_are_refused(settings: Settings) -> None:
    begun(settings)
    put(settings, [(n, *row[1:]) for n, row in enumerate(START[1:])])  # type: ignore[misc]
    with pytest.raises(SourceError, match="row number 0 is product 101, but"):
        reconcile_source(settings)
    assert names(settings)[-1][:2] == ("correction_1", "failed")
    assert current(settings) == START[:4]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("1,name 1,", "1,na\0me,", "X_train.csv, line 3, column designation: a NUL"),
        (",101,", ",x,", "X_train.csv, line 3, column productid: 'x' is not a whole"),
        (",101,", ",100,", "product 100 appears twice, on lines 2 and 3"),
        (
            "1,name 1,text 1,101,",
            "001,name 1,text 1,100,",
            "product 100 appears twice, on lines 2 and 3",
        ),
        ("1,name 1,", "0,name 1,", "row number 0 is already on line 2"),
    ],
)
def test_a_broken_correction_is_refused(
    settings: Settings, old: str, new: str, message: str
) -> None:
    begun(settings)
    path = settings.data_path / "X_train.csv"
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(SourceError) as error:
        reconcile_source(settings)
    assert message in str(error.value)
    assert str(error.value).endswith("Nothing was loaded.")
    assert current(settings) == START[:4]


MANY: list[Product] = [
    (n, f"name {n}", "", 1000 + n, 2000 + n, 10) for n in range(1000)
]


def state(settings: Settings) -> tuple[str, str, int | None]:
    connection = connect(settings, "loader")
    try:
        batch = history(connection)[-1]
        return batch.batch_name, f"{batch.percentage:f}", batch.total_rows
    finally:
        connection.close()


def test_a_moved_product_changes_nothing_and_the_weeks_continue(
    settings: Settings,
) -> None:
    put(settings, MANY)
    load_slice(settings)
    publish(settings)
    put(settings, [*MANY[:5], *MANY[6:], MANY[5]])
    with pytest.raises(SourceError, match="no longer the same"):
        load_slice(settings)
    assert reconcile_source(settings) == Correction("correction_1", 0, 0, 0)
    assert state(settings) == ("correction_1", "40.00", 400)
    assert current(settings) == MANY[:400]
    assert load_slice(settings).rows_added == 30
    assert current(settings) == MANY[:430]
    outcome = load_slice(settings, to_end=True)
    assert (outcome.percentage, outcome.total_rows) == (100, 1000)
    assert current(settings) == MANY
    assert load_slice(settings).complete


def test_rows_inserted_in_front_fill_up_the_percentage_only(
    settings: Settings,
) -> None:
    put(settings, MANY)
    load_slice(settings)
    publish(settings)
    new: list[Product] = [(n, "new", "", 1000 + n, 1, 10) for n in range(1000, 1100)]
    put(settings, [*new, *MANY])
    assert reconcile_source(settings) == Correction("correction_1", 0, 40, 0)
    assert state(settings) == ("correction_1", "40.00", 440)
    assert current(settings) == sorted([*MANY[:400], *new[:40]])
    assert load_slice(settings).rows_added == 33
    assert current(settings) == sorted([*MANY[:400], *new[:73]])


def test_a_shortened_file_continues_at_the_next_percentage_that_brings_rows(
    settings: Settings,
) -> None:
    put(settings, MANY)
    load_slice(settings)
    publish(settings)
    put(settings, MANY[:500])
    listed: list[Difference] = []
    found = reconcile_source(settings, on_difference=listed.append)
    assert listed == []
    assert found.notes[0] == (
        "400 of 500 rows would be loaded, more than 40 % (200): the next"
        " load continues to a percentage that brings rows."
    )
    with pytest.raises(SourceError, match=r"of which 43 % are 215; 400 are already"):
        load_slice(settings, percentage=Decimal(43))
    outcome = load_slice(settings)
    assert (outcome.percentage, outcome.rows_added) == (82, 10)
    assert list(outcome.notes) == [
        "43 % of 500 rows brings no row beyond the 400 that are loaded, so this load"
        " continues to 82 %."
    ]
    assert current(settings) == MANY[:410]


def test_a_file_cut_to_what_is_loaded_is_complete(settings: Settings) -> None:
    put(settings, MANY)
    load_slice(settings)
    publish(settings)
    put(settings, MANY[:400])
    found = reconcile_source(settings)
    assert found == Correction("correction_1", 0, 0, 0)
    assert found.notes == ["All 400 rows of the files are loaded: 100 %, not 40 %."]
    assert state(settings) == ("correction_1", "100.00", 400)
    assert load_slice(settings).complete
    put(settings, MANY)
    outcome = load_slice(settings)
    assert (outcome.batch_name, outcome.rows_added) == ("week_2", 600)
    assert state(settings) == ("week_2", "100.00", 1000)


def test_a_warehouse_that_an_older_correction_filled_reaches_100_percent(
    settings: Settings,
) -> None:
    """It recorded all 1,000 rows at 40 %, after which no load was accepted."""
    put(settings, MANY)
    load_slice(settings, to_end=True)
    publish(settings)
    connection = connect(settings, "loader")
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "update raw.data_loads set percentage = 40, metadata = metadata - 'rows'"
        )
    connection.close()
    outcome = load_slice(settings)
    assert outcome.complete
    assert list(outcome.notes) == [
        "All 1,000 rows of the files are loaded, though 40 % was recorded:"
        " correction_1 records 100 %."
    ]
    assert state(settings) == ("correction_1", "100.00", 1000)
    assert load_slice(settings).notes == []
    more: Product = (1000, "late", "", 5000, 1, 10)
    put(settings, [*MANY, more])
    assert load_slice(settings).rows_added == 1
    assert current(settings) == [*MANY, more]


def test_nothing_loaded_yet_is_reported(settings: Settings) -> None:
    put(settings, START)
    with pytest.raises(PipelineError, match="Nothing is loaded yet"):
        reconcile_source(settings)


def test_a_correction_can_be_rejected(settings: Settings) -> None:
    begun(settings)
    put(settings, corrected())
    reconcile_source(settings)
    reject_batch(settings, "correction_1")
    put(settings, START)
    load_slice(settings, to_end=True)
    assert current(settings) == START


def test_in_random_order_the_loaded_slots_are_compared(settings: Settings) -> None:
    settings = replace(settings, slice_order="random")
    begun(settings)
    chosen = {row[0] for row in current(settings)}
    put(settings, [(*row[:1], "better", *row[2:]) for row in START])  # type: ignore[misc]
    assert reconcile_source(settings) == Correction("correction_1", 4, 0, 0)
    assert {row[0] for row in current(settings)} == chosen
    publish(settings)
    load_slice(settings, to_end=True)
    assert len(current(settings)) == 10
    put(settings, [*START[:8], (20, "late", "", 120, 220, 10)])
    publish(settings)
    assert reconcile_source(settings) == Correction("correction_2", 8, 1, 2)
    assert current(settings) == [*START[:8], (20, "late", "", 120, 220, 10)]


def test_in_random_order_a_file_may_grow_and_lose_rows(settings: Settings) -> None:
    settings = replace(settings, slice_order="random")
    begun(settings)
    chosen = {row[0] for row in current(settings)}
    more: list[Product] = [(n, "late", "", 100 + n, 1, 10) for n in range(10, 20)]
    put(settings, [*START, *more])
    outcome = load_slice(settings, percentage=Decimal(50))
    assert (outcome.rows_added, outcome.total_rows) == (6, 10)
    publish(settings)
    there = current(settings)
    assert {row[0] for row in there} > chosen
    gone, *left = [*START, *more]
    put(settings, [*left[::-1]])
    found = reconcile_source(settings)
    assert (found.changed, found.new) == (0, 0)
    assert current(settings) == [row for row in there if row != gone]
    publish(settings)
    load_slice(settings, to_end=True)
    assert current(settings) == left


def test_the_command_prints_json_lines(settings: Settings) -> None:
    begun(settings)
    put(settings, corrected())
    result = subprocess.run(
        [sys.executable, "-m", "loaders", "reconcile", "--dry-run", "--json"],
        env={
            "POSTGRES_DATA_DIR": str(settings.postgres_data_dir),
            "POSTGRES_DB": settings.postgres_db,
            "DATA_PATH": str(settings.data_path),
            "PATH": "/usr/bin:/bin",
            "ENV_FILE": os.devnull,
        },
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(lines) == 5
    assert lines[0]["columns"] == ["designation"]
    assert lines[-1].pop("notes")
    assert lines[-1] == {
        "batch_name": None,
        "changed": 2,
        "new": 1,
        "withdrawn": 1,
        "restored": 0,
        "agreed": 0,
        "kept": 0,
    }


def test_the_history_shows_update_and_delete(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBT_TARGET_PATH", str(tmp_path / "target"))
    monkeypatch.setenv("DBT_LOG_PATH", str(tmp_path / "dbt-logs"))
    write_sample(settings.data_path, 2000, seed=1)
    load_slice(settings)
    run_dbt(settings, BUILD)
    _edit(settings.data_path)
    found = reconcile_source(settings)
    assert (found.changed, found.new, found.withdrawn) == (1, 0, 1)
    run_dbt(settings, BUILD)
    connection = connect(settings, "analyst")
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "select operation_type, count(*), count(distinct productid) from"
            " products_history as h where load_batch_id = (select id from data_loads"
            " where batch_name = 'correction_1') group by 1 order by 1"
        )
        assert cursor.fetchall() == [("DELETE", 1, 1), ("UPDATE", 1, 1)]
        cursor.execute("select count(*) from products")
        assert cursor.fetchone() == (799,)
    connection.close()
    assert reconcile_source(settings).batch_name is None
    load_slice(settings)
    run_dbt(settings, BUILD)


def _edit(folder: Path) -> None:
    """Rename the first product and take the second one out of both files."""
    for name in ("X_train.csv", "Y_train.csv"):
        with (folder / name).open(newline="") as file:
            header, first, _, *rest = csv.reader(file)
        if name == "X_train.csv":
            first[1] = "a better name"
        with (folder / "new").open("w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([header, first, *rest])
        (folder / "new").replace(folder / name)
