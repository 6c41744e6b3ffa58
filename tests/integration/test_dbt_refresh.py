"""Builds by hand, such as a full refresh of one mart, leave nothing to repair by hand."""

import itertools
from pathlib import Path

import pytest
from copies import copy_warehouse
from places import make_settings
from queries import rows_of
from samples import write_sample

from core.settings import Settings
from loaders.correct import correct_products
from loaders.load import load_slice
from loaders.schema import initialise
from orchestration.dbt import BUILD, DbtFailedError, run_dbt

CONSTRAINTS = """
select conrelid::regclass::text, conname, pg_get_constraintdef(oid)
from pg_constraint
where connamespace = 'marts'::regnamespace and contype in ('f', 'p')
order by 1, 2
"""
TO_PRODUCTS = "FOREIGN KEY (productid) REFERENCES products(productid) ON DELETE CASCADE"


_copies = itertools.count()


@pytest.fixture(scope="module")
def built(cluster: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A warehouse with one built week, 400 products, to be copied."""
    home = tmp_path_factory.mktemp("refresh")
    settings = make_settings(home, postgres_data_dir=cluster, postgres_db="refresh")
    write_sample(settings.data_path, 1_000, 8)
    initialise(settings)
    load_slice(settings)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DBT_TARGET_PATH", str(home / "target"))
        environment.setenv("DBT_LOG_PATH", str(home / "logs"))
        run_dbt(settings, BUILD)
    return settings


@pytest.fixture
def warehouse(built: Settings) -> Settings:
    """A copy of it for each test."""
    return copy_warehouse(built, f"refresh_{next(_copies)}")


@pytest.fixture(autouse=True)
def folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DBT_TARGET_PATH", str(tmp_path / "target"))
    monkeypatch.setenv("DBT_LOG_PATH", str(tmp_path / "logs"))


def test_a_full_refresh_of_products_keeps_the_foreign_keys_to_it(
    warehouse: Settings,
) -> None:
    before = rows_of(warehouse, CONSTRAINTS)
    assert ("labels", "labels_productid_fkey", TO_PRODUCTS) in before
    run_dbt(warehouse, ["build", "--full-refresh", "--select", "products"])
    assert rows_of(warehouse, CONSTRAINTS) == before
    run_dbt(warehouse, BUILD)


def test_a_full_refresh_of_a_mart_and_what_reads_it_restores_the_views(
    warehouse: Settings,
) -> None:
    views = "select viewname from pg_views where schemaname = 'marts' order by 1"
    before = rows_of(warehouse, views)
    constraints = rows_of(warehouse, CONSTRAINTS)
    assert ("labelled_products",) in before
    run_dbt(warehouse, ["build", "--full-refresh", "--select", "products+"])
    assert rows_of(warehouse, views) == before
    assert rows_of(warehouse, CONSTRAINTS) == constraints


def test_a_full_refresh_of_all_keeps_the_names_of_constraints(
    warehouse: Settings,
) -> None:
    before = rows_of(warehouse, CONSTRAINTS)
    run_dbt(warehouse, [*BUILD, "--full-refresh"])
    assert rows_of(warehouse, CONSTRAINTS) == before


def test_a_foreign_key_that_was_lost_is_restored_by_the_next_build(
    warehouse: Settings,
) -> None:
    before = rows_of(warehouse, CONSTRAINTS)
    labels = rows_of(warehouse, "select * from marts.labels order by 1")
    rows_of(
        warehouse,
        "alter table marts.labels drop constraint labels_productid_fkey;"
        "insert into marts.labels select -1, 10, 1, now()",
    )
    run_dbt(warehouse, BUILD)
    assert rows_of(warehouse, CONSTRAINTS) == before
    assert rows_of(warehouse, "select * from marts.labels order by 1") == labels


def test_a_lost_constraint_of_any_kind_fails_the_build(warehouse: Settings) -> None:
    rows_of(
        warehouse,
        "alter table marts.training_examples drop constraint training_examples_pkey;"
        "alter table marts.labels alter prdtypecode drop not null;"
        "alter table marts.labels_history"
        " drop constraint labels_history_operation_type_check",
    )
    with pytest.raises(
        DbtFailedError, match=r"(?s)assert_declared_constraints_exist.*Got 3 results"
    ):
        run_dbt(warehouse, ["test", "--select", "assert_declared_constraints_exist"])


def test_a_build_leaves_a_stable_view_and_the_views_on_it_alone(
    warehouse: Settings,
) -> None:
    # xmin: neither its grants nor its descriptions are written again.
    state = (
        "select oid, xmin::text, array(select xmin::text from pg_description"
        " where objoid = pg_class.oid order by objsubid)"
        " from pg_class where relkind = 'v' and relowner = 'transformer'::regrole"
        " order by relname"
    )
    before = rows_of(warehouse, state)
    assert all(len(descriptions) > 1 for _, _, descriptions in before)
    rows_of(
        warehouse,
        "create schema if not exists analysis;"
        "create view analysis.named as select category from marts.labelled_products",
    )
    run_dbt(warehouse, BUILD)
    assert rows_of(warehouse, state) == before
    assert rows_of(warehouse, "select count(*) from analysis.named") == [(400,)]
    rows_of(
        warehouse,
        "drop view marts.labelled_products cascade;"
        "create view marts.labelled_products as select 1 as productid",
    )
    run_dbt(warehouse, BUILD)
    assert rows_of(
        warehouse, "select count(*), count(category) from marts.labelled_products"
    ) == [(400, 400)]
    granted = (
        "select has_table_privilege('analyst', 'marts.labelled_products', 'select')"
    )
    assert rows_of(warehouse, granted) == [(True,)]


def test_a_build_restores_the_comments_and_grants_of_a_stable_view(
    warehouse: Settings,
) -> None:
    view = "'marts.labelled_products'::regclass"
    state = (
        f"select {view}::oid, obj_description({view}, 'pg_class'),"
        f" has_table_privilege('analyst', {view}, 'select'),"
        f" array(select col_description({view}, attnum) from pg_attribute"
        f" where attrelid = {view} and attnum > 0 order by attnum)"
    )
    before = rows_of(warehouse, state)
    assert before[0][1]
    assert before[0][2]
    assert all(before[0][3])
    rows_of(
        warehouse,
        "create view analyst.named as select category from marts.labelled_products",
    )
    for change in (
        "comment on view marts.labelled_products is 'Mine.'",
        "comment on view marts.labelled_products is null",
        "comment on column marts.labelled_products.fold is 'Mine.'",
        "comment on column marts.labelled_products.category is null",
        "revoke select on marts.labelled_products from analyst",
    ):
        rows_of(warehouse, f"set role transformer; {change}")
        assert rows_of(warehouse, state) != before
        run_dbt(warehouse, ["run", "--select", "labelled_products"])
        assert rows_of(warehouse, state) == before, change
    assert rows_of(warehouse, "select count(*) from analyst.named") == [(400,)]


def test_the_views_are_the_marts_joined(warehouse: Settings) -> None:
    assert rows_of(
        warehouse,
        "select productid, prdtypecode, fold from marts.labelled_products order by 1",
    ) == rows_of(
        warehouse,
        "select productid, prdtypecode, fold from marts.training_examples order by 1",
    )
    assert rows_of(
        warehouse,
        "select productid, batch_name, prdtypecode, operation_type"
        " from marts.product_versions order by 1",
    ) == rows_of(
        warehouse,
        "select productid, 'week_1', prdtypecode, operation_type"
        " from marts.labels_history order by 1",
    )


def test_a_text_in_two_folds_is_reported_in_every_build(
    warehouse: Settings, tmp_path: Path
) -> None:
    ((source, text),) = rows_of(
        warehouse,
        "select productid, designation from marts.labelled_products"
        " where fold = 1 and description is null order by 1 limit 1",
    )
    ((target,),) = rows_of(
        warehouse,
        "select productid from marts.labelled_products"
        " where fold = 2 and description is null order by 1 limit 1",
    )
    changes = tmp_path / "changes.csv"
    changes.write_text(f'productid,designation\n{target},"{text}"\n')
    assert correct_products(warehouse, changes).changed == 1
    assert source != target
    for _ in range(2):
        assert run_dbt(warehouse, BUILD).statuses["warn"] == 1


def test_a_damaged_mart_fails_the_test_of_its_rows(warehouse: Settings) -> None:
    damages = {
        "assert_products_are_the_current_versions": "delete from marts.labels where"
        " productid in (select productid from marts.products order by 1 offset 3 limit 3)",
        "assert_every_version_is_in_history": "delete from marts.labels_history where"
        " productid in (select productid from marts.products order by 1 limit 2)",
        "assert_each_product_has_one_current_version": "insert into marts.products_history"
        " select (jsonb_populate_record(null::marts.products_history, to_jsonb(h)"
        ' || \'{"load_batch_id": 9, "version_id": "9"}\')).*'
        " from marts.products_history as h order by productid offset 2 limit 1",
    }
    for test, damage in damages.items():
        run_dbt(warehouse, ["test", "--select", test])
        rows_of(warehouse, damage)
        with pytest.raises(DbtFailedError, match=test):
            run_dbt(warehouse, ["test", "--select", test])


def test_a_build_without_rows_passes_and_takes_none_from_readers(
    warehouse: Settings,
) -> None:
    # Its function names the database it was made in.
    run_dbt(warehouse, ["build", "--select", "products_as_of"])
    count = "select count(*) from marts."
    relations = rows_of(
        warehouse,
        "select relname from pg_class where relnamespace = 'marts'::regnamespace"
        " and relkind in ('r', 'v')",
    )
    counts = [count + name for (name,) in relations]
    counts.append(count + "products_as_of('week_1')")
    before = [rows_of(warehouse, query) for query in counts]
    assert [(400,)] in before
    run_dbt(warehouse, ["build", "--empty"])
    assert [rows_of(warehouse, query) for query in counts] == before


def test_a_mart_built_from_an_emptied_relation_gets_its_rows_later(
    warehouse: Settings,
) -> None:
    mart = "select * from marts.data_quality_by_batch"
    before = rows_of(warehouse, mart)
    run_dbt(warehouse, [*BUILD, "--empty", "--full-refresh"])
    run_dbt(warehouse, ["run", "--selector", "marts"])
    assert rows_of(warehouse, mart) == []
    run_dbt(warehouse, BUILD)
    assert rows_of(warehouse, mart) == before


def test_a_full_refresh_that_fails_its_audit_leaves_the_views_to_readers(
    warehouse: Settings,
) -> None:
    load_slice(warehouse)
    rows_of(
        warehouse, "update raw.y_train set prdtypecode = 99 where load_batch_id = 2"
    )
    rows_of(warehouse, "create view analyst.mine as table marts.product_categories")
    with pytest.raises(DbtFailedError):
        run_dbt(warehouse, [*BUILD, "--full-refresh"])
    assert rows_of(warehouse, "select count(*) from marts.labelled_products") == [
        (400,)
    ]
    assert rows_of(warehouse, "select count(*) from analyst.mine") == [(27,)]


def test_a_full_refresh_gives_the_seed_other_columns(warehouse: Settings) -> None:
    rows_of(warehouse, "alter table marts.product_categories add column old text")
    run_dbt(warehouse, ["seed", "--full-refresh"])
    assert rows_of(
        warehouse,
        "select attname from pg_attribute where attnum > 0"
        " and attrelid = 'marts.product_categories'::regclass order by attnum",
    ) == [("prdtypecode",), ("category",), ("category_fr",)]
    run_dbt(warehouse, BUILD)


def test_dbt_show_queries_all_rows_of_a_mart(
    warehouse: Settings, tmp_path: Path
) -> None:
    for mart in ("products", "products_history", "class_distribution_by_batch"):
        run_dbt(warehouse, ["show", "--select", mart])
        (compiled,) = tmp_path.glob(f"target/compiled/**/{mart}.sql")
        count = f"select count(*) from ({compiled.read_text()}) as shown"
        assert rows_of(warehouse, count) == rows_of(
            warehouse, f"select count(*) from marts.{mart}"
        )


def test_failures_are_stored_where_only_the_pipeline_reads(warehouse: Settings) -> None:
    rows_of(warehouse, "alter table marts.labels alter prdtypecode drop not null")
    test = "assert_declared_constraints_exist"
    with pytest.raises(DbtFailedError, match="Got 1 result"):
        run_dbt(warehouse, ["test", "--select", test, "--store-failures"])
    assert rows_of(warehouse, f"select count(*) from intermediate.{test}") == [(1,)]
