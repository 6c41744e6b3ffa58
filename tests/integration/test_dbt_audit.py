"""What a build audits: the batches no audit has passed; `dbt test`: all rows."""

import itertools
import threading
import time

import pytest
from copies import copy_warehouse
from places import make_settings
from queries import rows_of
from samples import write_sample

from loaders.load import load_slice
from loaders.schema import initialise
from orchestration.dbt import BUILD, DbtFailedError, run_dbt

_copies = itertools.count()
NO_DESIGNATION = (
    "update raw.x_train set designation = null"
    " where row_number = 7 and load_batch_id = 1"
)


def _audits(settings):
    """Bounds of each audit and whether it has passed, the oldest first."""
    return rows_of(
        settings,
        "select after_batch, last_batch, passed_at is not null from intermediate.audits"
        " order by started_at",
    )


@pytest.fixture(scope="module")
def two_weeks(cluster, tmp_path_factory):
    """A warehouse of two built weeks, 2,000 and 150 products, to be copied."""
    home = tmp_path_factory.mktemp("audit")
    settings = make_settings(home, postgres_data_dir=cluster, postgres_db="audit")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DBT_TARGET_PATH", str(home / "target"))
        environment.setenv("DBT_LOG_PATH", str(home / "logs"))
        write_sample(home / "raw", 5_000, 7)
        initialise(settings)
        for _ in range(2):
            load_slice(settings)
            run_dbt(settings, BUILD)
        assert _audits(settings) == [(0, 1, True), (1, 2, True)]
        yield settings


@pytest.fixture
def warehouse(two_weeks):
    """A copy of it for each test."""
    return copy_warehouse(two_weeks, f"audit_{next(_copies)}")


def test_a_batch_is_audited_until_a_full_build_has_passed(warehouse):
    load_slice(warehouse)
    row = "raw.x_train set designation = {} where row_number = 2151"
    rows_of(warehouse, f"update {row.format('null')}")
    with pytest.raises(
        DbtFailedError, match="not_null_int_product_versions_designation"
    ):
        run_dbt(warehouse, BUILD)
    rows_of(warehouse, f"update {row.format(repr('Livre'))}")
    run_dbt(warehouse, ["build", "--select", "products+"])

    run_dbt(warehouse, BUILD)
    run_dbt(warehouse, BUILD)

    assert _audits(warehouse)[2:] == [
        (2, 3, False),  # a bad row
        (2, 3, False),  # not the whole project
        (2, 3, True),
        (3, 3, True),
    ]


def test_rows_that_have_passed_are_audited_again_by_dbt_test(warehouse):
    """Raw is append-only; a change nevertheless is found by the full audit."""
    rows_of(warehouse, NO_DESIGNATION)

    run_dbt(warehouse, BUILD)
    with pytest.raises(
        DbtFailedError, match="not_null_int_product_versions_designation"
    ):
        run_dbt(warehouse, ["test", "--exclude-resource-type", "unit_test"])


@pytest.mark.parametrize(
    "change",
    [
        "update intermediate.audits set code = 'of other tests'",
        "update intermediate.audits set started_at = started_at - interval '29 days'",
        # By a clock that was far ahead and has been corrected since.
        "update intermediate.audits set started_at = started_at + interval '5 years'",
    ],
)
def test_all_rows_are_audited_again_when_it_is_due(warehouse, change):
    rows_of(warehouse, change)
    rows_of(warehouse, NO_DESIGNATION)

    with pytest.raises(
        DbtFailedError, match="not_null_int_product_versions_designation"
    ):
        run_dbt(warehouse, BUILD)

    assert sorted(_audits(warehouse)) == [(0, 1, True), (0, 2, False), (1, 2, True)]


def test_a_failed_check_names_the_rows_and_no_text(warehouse):
    load_slice(warehouse)
    rows_of(
        warehouse,
        "update raw.y_train set prdtypecode = 99 where row_number in (2151, 2152)",
    )
    products = [
        product
        for (product,) in rows_of(
            warehouse,
            "select productid from raw.x_train where row_number in (2151, 2152)"
            " order by row_number",
        )
    ]

    with pytest.raises(DbtFailedError) as error:
        run_dbt(warehouse, BUILD)

    (line,) = [
        line for line in str(error.value).splitlines() if "rows of relation" in line
    ]
    for product in products:
        assert f"productid {product}, " in line
    assert line.count("prdtypecode 99") == 2
    texts = rows_of(
        warehouse,
        "select designation from raw.x_train where row_number in (2151, 2152)",
    )
    assert not any(text in str(error.value) for (text,) in texts)
    ((noted,),) = rows_of(
        warehouse,
        "select results -> 'failures' -> 0 ->> 'message' from intermediate.audits"
        " where results ->> 'failed' = '1'",
    )
    assert f"productid {products[0]}, " in noted


def test_a_model_that_the_server_refuses_shows_no_text(warehouse):
    load_slice(warehouse)
    rows_of(
        warehouse,
        "alter table marts.products add constraint no_new_products"
        " check (load_batch_id < 3)",
    )

    with pytest.raises(DbtFailedError) as error:
        run_dbt(warehouse, BUILD)

    ((noted,),) = rows_of(
        warehouse,
        "select results -> 'failures' -> 0 ->> 'message' from intermediate.audits"
        " order by started_at desc limit 1",
    )
    for message in (str(error.value), noted):
        assert 'violates check constraint "no_new_products"' in message
        assert "DETAIL" not in message
        assert "Failing row" not in message


def test_an_emptied_mart_is_filled_again(warehouse):
    before = rows_of(warehouse, "select * from marts.training_examples order by 1")
    rows_of(warehouse, "delete from marts.training_examples")

    run_dbt(warehouse, BUILD)

    assert (
        rows_of(warehouse, "select * from marts.training_examples order by 1") == before
    )
    assert _audits(warehouse)[2:] == [(2, 2, True)]


def test_a_dropped_mart_is_built_again(warehouse):
    query = "select * from marts.data_quality_by_batch order by 1"
    before = rows_of(warehouse, query)
    rows_of(warehouse, "drop table marts.data_quality_by_batch")

    run_dbt(warehouse, BUILD)

    assert rows_of(warehouse, query) == before


def test_a_full_refresh_of_one_mart_takes_all_audited_batches(warehouse):
    load_slice(warehouse)

    run_dbt(warehouse, ["run", "--full-refresh", "--select", "labels"])

    assert rows_of(warehouse, "select count(*) from marts.labels") == [(2_150,)]


def test_a_batch_loaded_during_a_build_waits_for_the_next(warehouse):
    """It was not there when the tests looked."""
    load_slice(warehouse)

    def load_during_the_build():
        while len(_audits(warehouse)) < 3:
            time.sleep(0.01)
        load_slice(warehouse)

    loader = threading.Thread(target=load_during_the_build)
    loader.start()
    run_dbt(warehouse, BUILD)
    loader.join()

    held = (
        "select max(load_batch_id) from marts.{0} union all"
        " select count(*) from marts.{0} where load_batch_id = 4"
    )
    marts = (
        *("products", "labels", "product_folds", "training_examples"),
        *("products_history", "labels_history", "class_distribution_by_batch"),
        *("data_quality_by_batch", "current_data_state"),
    )
    assert rows_of(warehouse, "select max(id) from raw.data_loads") == [(4,)]
    assert {mart: rows_of(warehouse, held.format(mart)) for mart in marts} == {
        mart: [(3,), (0,)] for mart in marts
    }
    assert rows_of(warehouse, "select max(id) from marts.data_loads") == [(3,)]

    run_dbt(warehouse, BUILD)

    assert _audits(warehouse)[2:] == [(2, 3, True), (3, 4, True)]
    assert rows_of(warehouse, "select count(*) from marts.products") == [(2_450,)]
    run_dbt(warehouse, ["test", "--exclude-resource-type", "unit_test"])


def test_a_row_number_freed_by_a_withdrawn_product_may_be_used_again(warehouse):
    for withdrawn, product in (
        ("true", "productid"),
        ("false", "productid + 9000000000"),
    ):
        rows_of(
            warehouse,
            "insert into raw.data_loads (batch_name, percentage, total_rows, status,"
            " completed_at) select 'correction_' || id, percentage, total_rows, status,"
            " clock_timestamp() from raw.data_loads order by id desc limit 1;"
            "insert into raw.x_train select row_number, designation, description,"
            f" {product}, imageid, (select max(id) from raw.data_loads), {withdrawn}"
            " from raw.x_train where row_number = 9 and load_batch_id = 1;"
            "insert into raw.y_train select row_number, prdtypecode,"
            " (select max(id) from raw.data_loads) from raw.y_train"
            " where row_number = 9 and load_batch_id = 1",
        )
        run_dbt(warehouse, BUILD)

    assert rows_of(
        warehouse,
        "select productid > 9000000000 from marts.products where row_number = 9",
    ) == [(True,)]
