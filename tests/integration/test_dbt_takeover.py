"""Warehouses that earlier versions built, in the states that no build of theirs repaired."""

import pytest
from queries import rows_of, run_as_superuser

from core.settings import PROJECT_ROOT
from loaders.schema import initialise
from orchestration.dbt import BUILD, run_dbt

OLD = (PROJECT_ROOT / "tests" / "warehouses" / "before_watermarks.sql").read_text()
MARTS = {
    "products": "productid",
    "labels": "productid",
    "training_examples": "productid",
    "product_folds": "productid",
    "products_history": "productid, valid_from",
    "labels_history": "productid, valid_from",
    "class_distribution": "prdtypecode",
    "class_distribution_by_batch": "load_batch_id, prdtypecode",
    "data_quality_by_batch": "load_batch_id",
    "current_data_state": "load_batch_id",
    "data_loads": "id",
}
REJECT = "update raw.data_loads set status = 'rejected' where id = 4;"
COPY_PRODUCT = """
    insert into marts.{name}
    select (jsonb_populate_record(
        m, jsonb_build_object('productid', 9999999999, 'load_batch_id', 4)
    )).*
    from marts.{name} as m order by productid limit 1;
"""
STATES = {
    "healthy": "",
    "class counts of a batch that is not published": """
        insert into marts.class_distribution_by_batch
        select (jsonb_populate_record(
            m, '{"load_batch_id": 4, "batch_name": "week_4", "growth": 0}'
        )).* from marts.class_distribution_by_batch as m where load_batch_id = 3;
    """,
    "a product of a batch that was published unaudited, then rejected": REJECT
    + "".join(
        COPY_PRODUCT.format(name=name)
        for name in (
            *("products", "labels", "training_examples", "product_folds"),
            *("products_history", "labels_history"),
        )
    ),
    "a load shown before its batch was published, then rejected": """
        insert into marts.data_loads
        select (jsonb_populate_record(
            m, '{"id": 4, "batch_name": "week_4"}'
        )).* from marts.data_loads as m where id = 3;
    """
    + REJECT,
    "a product twice in history": """
        insert into marts.products_history
        select (jsonb_populate_record(
            m, '{"valid_to": "2090-01-01 00:00:00+00"}'
        )).* from marts.products_history as m limit 1;
    """,
}


def _restore(settings, statements):
    """Put an old warehouse in the place of the empty one."""
    run_as_superuser(
        settings,
        "drop schema if exists raw, staging, intermediate, marts cascade",
        "set check_function_bodies = off;" + statements,
        database=settings.postgres_db,
    )


def _marts(settings):
    return {
        name: rows_of(settings, f"select * from marts.{name} order by {order}")
        for name, order in MARTS.items()
    }


COLUMNS = """
    select table_name, ordinal_position, column_name, data_type, is_nullable,
        column_default, is_identity,
        array(
            select pg_get_constraintdef(oid) from pg_constraint
            where conrelid = format('raw.%I', table_name)::regclass order by 1
        )
    from information_schema.columns where table_schema = 'raw' order by 1, 2
"""


def test_a_build_creates_the_raw_tables_as_a_loader_does(
    settings, tmp_path, monkeypatch
):
    monkeypatch.setenv("DBT_TARGET_PATH", str(tmp_path / "target"))
    initialise(settings)
    wanted = rows_of(settings, COLUMNS)
    rows_of(
        settings,
        "drop table raw.decisions, raw.reviews, raw.label_issues, raw.near_duplicates",
    )
    run_dbt(settings, ["run", "--select", "stg_catalogue__decisions"])
    assert rows_of(settings, COLUMNS) == wanted


@pytest.fixture(scope="module")
def built_anew():
    """The marts of a new warehouse with the same raw rows, by number of weeks."""
    return {}


@pytest.mark.parametrize("state", STATES)
def test_one_build_brings_an_old_warehouse_to_the_rows_of_a_new_one(
    settings, tmp_path, monkeypatch, state, built_anew
):
    monkeypatch.setenv("DBT_TARGET_PATH", str(tmp_path / "target"))
    _restore(settings, OLD + STATES[state])

    run_dbt(settings, BUILD)

    taken_over = _marts(settings)
    weeks = 3 if REJECT in STATES[state] else 4
    assert [row[0] for row in taken_over["data_quality_by_batch"]] == [
        *range(1, weeks + 1)
    ]
    if weeks not in built_anew:
        rows_of(settings, "drop schema marts, intermediate cascade")
        for schema in ("marts", "intermediate"):
            rows_of(settings, f"create schema {schema} authorization transformer")
        run_dbt(settings, BUILD)
        built_anew[weeks] = _marts(settings)
    assert taken_over == built_anew[weeks]
