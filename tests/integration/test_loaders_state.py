"""What must hold between batches: times that rise, rows that stay, a way to the end."""

import gzip
from decimal import Decimal

import pytest
from test_loaders_reconcile import START, Product, current, names, publish, put

from core.errors import PipelineError, ServerError, SourceError
from core.settings import Settings
from loaders.load import load_slice
from loaders.reconcile import reconcile_source
from loaders.reject import reject_batch
from loaders.state import Batch, completed, history
from warehouse.connection import connect
from warehouse.database import prepare


def run(settings: Settings, statement: str) -> None:
    connection = connect(settings)
    with connection, connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


def batches(settings: Settings) -> list[Batch]:
    connection = connect(settings, "loader")
    try:
        return completed(connection)
    finally:
        connection.close()


def assert_times_rise(settings: Settings) -> None:
    times = [batch.completed_at for batch in batches(settings) if batch.completed_at]
    assert times == sorted(set(times))


def test_times_rise_although_the_clock_went_back(settings: Settings) -> None:
    put(settings, START)
    load_slice(settings)
    run(
        settings,
        "update raw.data_loads set completed_at = completed_at + interval '1 hour',"
        " started_at = started_at + interval '1 hour'",
    )
    (note,) = load_slice(settings, increment=Decimal(10)).notes
    assert note.startswith("PostgreSQL's clock is 0:59:59 behind the last batch")
    first, second = batches(settings)
    assert first.completed_at
    assert second.completed_at
    assert (second.completed_at - first.completed_at).microseconds == 1
    publish(settings)
    put(settings, [(*START[0][:5], 40), *START[1:]])
    assert reconcile_source(settings).batch_name == "correction_1"
    assert_times_rise(settings)


def test_times_that_already_fell_are_corrected_by_the_next_command(
    settings: Settings,
) -> None:
    put(settings, START)
    for percentage in (40, 60, 80, 90):
        load_slice(settings, percentage=Decimal(percentage))
    run(
        settings,
        "update raw.data_loads set completed_at = completed_at - interval '1 hour'"
        " where batch_name in ('week_2', 'week_3')",
    )
    before = {batch.batch_name: batch.completed_at for batch in batches(settings)}
    assert reject_batch(settings, "week_4").batch_name == "week_4"
    assert_times_rise(settings)
    load_slice(settings, percentage=Decimal(90))
    assert_times_rise(settings)
    after = {batch.batch_name: batch.completed_at for batch in batches(settings)}
    assert after["week_1"] == before["week_1"]


@pytest.mark.parametrize("table", ["x_train", "y_train"])
def test_rows_deleted_by_hand_are_noticed(settings: Settings, table: str) -> None:
    put(settings, START)
    load_slice(settings)
    publish(settings)
    put(settings, [(*START[0][:5], 40), *START[1:]])
    reconcile_source(settings)
    publish(settings)
    run(settings, f"delete from raw.{table} where load_batch_id = 2")
    for command in (load_slice, reconcile_source):
        with pytest.raises(
            PipelineError,
            match=rf"raw\.{table} holds 0 of the 1 rows that correction_1 loaded",
        ):
            command(settings)  # type: ignore[operator]
    run(settings, "update raw.data_loads set metadata = metadata - 'rows'")
    run(settings, f"delete from raw.{table} where row_number > 1")
    with pytest.raises(PipelineError, match="2 of the 4 rows that week_1 loaded"):
        load_slice(settings)
    assert len(names(settings)) == 2


def test_a_batch_that_lost_rows_can_be_rejected(settings: Settings) -> None:
    put(settings, START)
    load_slice(settings)
    run(settings, "truncate raw.x_train")
    reject_batch(settings, "week_1")
    load_slice(settings)
    assert current(settings) == START[:4]


def test_at_100_percent_appended_rows_are_the_next_batch(settings: Settings) -> None:
    put(settings, START)
    load_slice(settings, to_end=True)
    more: list[Product] = [(n, "late", "", 100 + n, 1, 10) for n in range(10, 14)]
    for way, rows in ((None, 1), (Decimal(100), 2), (None, 4)):
        put(settings, [*START, *more[:rows]])
        outcome = load_slice(settings, percentage=way)
        assert (outcome.percentage, outcome.total_rows) == (100, 10 + rows)
    assert current(settings) == [*START, *more]
    assert [name for name, _, _ in names(settings)] == [
        f"week_{n}" for n in (1, 2, 3, 4)
    ]
    before = names(settings)
    assert load_slice(settings).complete
    assert load_slice(settings, percentage=Decimal(100)).complete
    assert names(settings) == before


def test_at_100_percent_missing_or_damaged_files_are_errors(
    settings: Settings,
) -> None:
    put(settings, START)
    load_slice(settings, to_end=True)
    path = settings.data_path / "X_train.csv"
    good = path.read_bytes()
    for damaged in (gzip.compress(good), good[:-1], good[:100], good + b"garbage\n"):
        path.write_bytes(damaged)
        with pytest.raises(SourceError):
            load_slice(settings)
    path.unlink()
    with pytest.raises(SourceError, match="missing"):
        load_slice(settings)
    assert current(settings) == START


def test_a_product_that_came_back_cannot_come_twice(settings: Settings) -> None:
    put(settings, START)
    load_slice(settings)
    publish(settings)
    put(settings, [START[0], *START[2:]])
    reconcile_source(settings)
    publish(settings)
    back: Product = (20, "back", "", 101, 1, 10)
    put(settings, [START[0], *START[2:5], back, *START[5:]])
    load_slice(settings, percentage=Decimal(50))
    publish(settings)
    for late, message in (
        ((21, "", "", 101, 1, 10), "product 101 appears twice"),
        ((20, "", "", 900, 1, 10), "row number 20 appears twice"),
    ):
        put(settings, [START[0], *START[2:5], back, *START[5:], late])
        with pytest.raises(SourceError, match=message):
            load_slice(settings, to_end=True)
    # The row number it had before it was withdrawn is free.
    free: Product = (1, "other", "", 901, 1, 10)
    put(settings, [START[0], *START[2:5], back, *START[5:], free])
    load_slice(settings, to_end=True)
    assert current(settings) == sorted([START[0], *START[2:], back, free])


def test_a_withdrawn_product_cannot_come_twice_in_one_slice(
    settings: Settings,
) -> None:
    put(settings, START)
    load_slice(settings)
    publish(settings)
    put(settings, START[1:])
    reconcile_source(settings)
    twice: list[Product] = [(n, "", "", 100, 1, 10) for n in (20, 21)]
    put(settings, [*START[1:], *twice])
    with pytest.raises(
        SourceError, match="product 100 appears twice, on lines 11 and 12"
    ):
        load_slice(settings, to_end=True)


def test_an_older_warehouse_gets_the_tables_of_today(settings: Settings) -> None:
    put(settings, START)
    load_slice(settings)
    publish(settings)
    newer = (
        "drop table raw.decisions, raw.reviews, raw.label_issues, raw.near_duplicates"
    )
    run(settings, newer)
    assert reconcile_source(settings).batch_name is None
    run(settings, newer)
    assert load_slice(settings, to_end=True).rows_added == 6
    connection = connect(settings, "loader")
    assert [batch.status for batch in history(connection)] == ["completed"] * 2
    connection.close()


BY_HAND = (
    ": the warehouse was changed by hand. Restore it from a backup (`make restore`), or"
    " start a new one (set POSTGRES_DB to a new name). Nothing was loaded."
)
HANDS = {
    "a table dropped": (
        "drop table raw.y_train cascade",
        "raw.y_train holds 0 of the 4 rows that week_1 loaded",
    ),
    "metadata emptied": (
        "update raw.data_loads set metadata = '{}'",
        "raw.data_loads has lost the metadata of week_1",
    ),
    "metadata of a file lost": (
        "update raw.data_loads set metadata = metadata - 'x_train'",
        "raw.data_loads has lost the metadata of week_1",
    ),
}


@pytest.mark.parametrize(("statement", "message"), HANDS.values(), ids=HANDS.keys())
def test_a_warehouse_changed_by_hand_is_refused(
    settings: Settings, statement: str, message: str
) -> None:
    put(settings, START)
    load_slice(settings)
    run(settings, statement)
    for command in (load_slice, reconcile_source):
        with pytest.raises(PipelineError) as error:
            command(settings)
        assert str(error.value) == message + BY_HAND


def test_a_row_added_by_hand_is_refused_when_the_file_has_it_too(
    settings: Settings,
) -> None:
    put(settings, START)
    load_slice(settings)
    run(
        settings,
        "insert into raw.x_train (row_number, productid, load_batch_id, imageid)"
        " values (900, 105, 1, 1)",
    )
    with pytest.raises(PipelineError) as error:
        load_slice(settings, to_end=True)
    assert str(error.value) == (
        f"{settings.data_path / 'X_train.csv'}, line 7: product 105 is in raw.x_train"
        " already, but not from another line of this file" + BY_HAND
    )


def test_a_read_only_database_is_one_message(settings: Settings) -> None:
    put(settings, START)
    load_slice(settings)
    name = settings.postgres_db
    run(settings, f"alter database {name} set default_transaction_read_only = on")
    message = (
        f"PostgreSQL takes no changes: the server, or its database {name}, is read-only"
        " (a standby, or default_transaction_read_only is on). Nothing was changed."
    )
    for command in (load_slice, reconcile_source, prepare):
        with pytest.raises(ServerError) as error:
            command(settings)
        assert str(error.value) == message
