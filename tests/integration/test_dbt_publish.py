"""Write, audit, publish: what is bad never reaches the marts, and readers never wait.

Each rule is broken in raw, behind the loader's back; the tests share one warehouse of
two weeks, and every test leaves it as it was.
"""

import os
import signal
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import quick_dbt
from forked import start_module
from places import make_settings
from queries import rows_of
from samples import write_sample

from core.settings import PROJECT_ROOT
from loaders.load import load_slice
from loaders.schema import initialise
from orchestration.dbt import BUILD, DbtFailedError, run_dbt
from warehouse import embedded
from warehouse.connection import Endpoint, connect, dbt_environment, open_connection

QUERIES = [
    "select * from current_data_state",
    "select * from class_distribution",
    "select batch_name, percentage, total_rows, status, completed_at from data_loads"
    " order by completed_at desc",
    "select count(*) from products_history where load_batch_id ="
    " (select id from data_loads where batch_name = 'week_1')",
]


@pytest.fixture(scope="module")
def warehouse(cluster, tmp_path_factory):
    """A warehouse of two built weeks: 2,000 and 150 products."""
    home = tmp_path_factory.mktemp("publish")
    environment = pytest.MonkeyPatch()
    environment.setenv("DBT_TARGET_PATH", str(home / "target"))
    environment.setenv("DBT_LOG_PATH", str(home / "logs"))
    settings = make_settings(home, postgres_data_dir=cluster, postgres_db="publish")
    write_sample(home / "raw", 5_000, 7)
    initialise(settings)
    load_slice(settings)
    run_dbt(settings, BUILD)
    load_slice(settings)
    run_dbt(settings, BUILD)
    # A build that waits for a reader fails instead of hanging.
    rows_of(settings, "alter database publish set lock_timeout = '5s'")
    rows_of(
        settings,
        "create schema analysis;"
        "create view analysis.big_classes as"
        " select category, count from marts.class_distribution where count > 100;"
        "create view analysis.books as select p.productid, p.designation"
        " from marts.products as p join marts.labels as l using (productid)"
        " where l.prdtypecode = 10",
    )
    yield settings
    environment.undo()


def _analyst(settings):
    login = embedded.login(settings, embedded.ANALYST)
    return open_connection(
        Endpoint(login.host, login.port, "publish", login.user, login.password)
    )


def _published(settings):
    """Every public relation's identity, rows and content, analysts' views included."""
    relations = rows_of(
        settings,
        "select oid, oid::regclass::text from pg_class where relkind in ('r', 'v')"
        " and relnamespace in ('marts'::regnamespace, 'analysis'::regnamespace)"
        " order by 2",
    )
    return {
        name: (
            oid,
            rows_of(
                settings,
                "select count(*), md5(string_agg(r::text, '|' order by r::text))"
                f" from {name} as r",
            )[0],
        )
        for oid, name in relations
    }


def _reject_newest(settings):
    rows_of(
        settings,
        "update raw.data_loads set status = 'rejected'"
        " where id = (select max(id) from raw.data_loads)",
    )


NEWEST = "load_batch_id = (select max(id) from raw.data_loads)"
ONE = f"row_number = (select min(row_number) from raw.x_train where {NEWEST})"
UPDATE = f"where {NEWEST} and {ONE}"
CONTIGUOUS = "assert_load_batches_are_contiguous_and_never_go_down"
LAST = "where id = (select max(id) from raw.data_loads)"
RULES = {
    "an unknown class": (
        "relationships_int_product_versions_prdtypecode",
        f"update raw.y_train set prdtypecode = 99 {UPDATE}",
    ),
    "a label of another row": (
        "assert_every_label_has_its_product",
        f"update raw.y_train set row_number = row_number + 1000000 {UPDATE}",
    ),
    "a label that is gone": (
        "assert_no_raw_row_is_gone",
        f"delete from raw.y_train {UPDATE}",
    ),
    "a product that is gone": (
        "assert_no_raw_row_is_gone",
        f"delete from raw.x_train {UPDATE}",
    ),
    "no designation": (
        "not_null_int_product_versions_designation",
        f"update raw.x_train set designation = null {UPDATE}",
    ),
    "a product twice in a batch": (
        "unique_combination_of_columns_int_product_versions_productid__load_batch_id",
        "update raw.x_train set productid = (select max(productid) from raw.x_train"
        f" where {NEWEST}) {UPDATE}",
    ),
    "two products on one row": (
        "assert_no_row_number_has_two_products",
        f"update raw.y_train set row_number = 1 {UPDATE};"
        f"update raw.x_train set row_number = 1 {UPDATE}",
    ),
    "a falling percentage": (
        CONTIGUOUS,
        f"update raw.data_loads set percentage = 10 {LAST}",
    ),
    "a hole in the weeks": (
        CONTIGUOUS,
        f"update raw.data_loads set batch_name = 'week_9' {LAST}",
    ),
    "a total that is not the rows": (
        CONTIGUOUS,
        f"update raw.data_loads set total_rows = total_rows + 1 {LAST}",
    ),
}


@pytest.fixture(autouse=True)
def _as_published(warehouse):
    """Reject what a test has loaded and not published, as `loaders reject` does."""
    yield
    rows_of(
        warehouse,
        "update raw.data_loads set status = 'rejected'"
        " where id > (select max(load_batch_id) from marts.products);"
        "update raw.data_loads set status = 'completed' where id = 2",
    )


@pytest.mark.parametrize("rule", RULES)
def test_a_bad_batch_is_stopped_before_anything_is_published(warehouse, rule):
    test, breakage = RULES[rule]
    before = _published(warehouse)
    load_slice(warehouse)
    rows_of(warehouse, breakage)

    with pytest.raises(DbtFailedError) as failure:
        run_dbt(warehouse, BUILD)

    assert test in str(failure.value)
    assert _published(warehouse) == before


def test_a_published_batch_that_is_rejected_by_hand_leaves_the_marts(warehouse):
    run_dbt(warehouse, BUILD)
    before = _published(warehouse)
    ((newest,),) = rows_of(
        warehouse, "select max(id) from marts.data_loads where status = 'completed'"
    )
    marts = ("products", "labels", "training_examples", "products_history")
    counts = {mart: f"select count(*) from marts.{mart}" for mart in marts}
    earlier = {
        mart: rows_of(warehouse, f"{count} where load_batch_id < {newest}")
        for mart, count in counts.items()
    }
    assert all(rows_of(warehouse, counts[mart]) > earlier[mart] for mart in marts)
    status = f"update raw.data_loads set status = '{{}}' where id = {newest}"
    rows_of(warehouse, status.format("rejected"))

    run_dbt(warehouse, BUILD)

    for mart, count in counts.items():
        assert rows_of(warehouse, count) == earlier[mart]
    rows_of(warehouse, status.format("completed"))
    run_dbt(warehouse, BUILD)
    assert _published(warehouse) == before


def test_after_the_rejection_the_build_is_green_and_the_marts_are_as_before(warehouse):
    before = _published(warehouse)
    load_slice(warehouse)
    rows_of(warehouse, RULES["an unknown class"][1])
    with pytest.raises(DbtFailedError):
        run_dbt(warehouse, BUILD)
    _reject_newest(warehouse)

    run_dbt(warehouse, BUILD)

    after = _published(warehouse)
    assert {n for n in after if after[n] != before[n]} == {"data_loads"}  # announced
    assert after["data_loads"][0] == before["data_loads"][0]


def test_neither_readers_nor_the_build_wait_for_each_other(warehouse):
    """An analyst has read every mart and keeps the transaction open all along."""
    load_slice(warehouse)
    before = _published(warehouse)
    slow = _analyst(warehouse)
    with slow.cursor() as cursor:
        cursor.execute("set transaction isolation level repeatable read")
        for name in before:
            if not name.startswith("analysis"):
                cursor.execute(f"select count(*) from {name}")
        cursor.execute("select count(*) from products")
        seen = cursor.fetchone()
    stop = threading.Event()

    def read_all_the_time():
        reads = 0
        reader = _analyst(warehouse)
        reader.autocommit = True
        with reader.cursor() as cursor:
            cursor.execute("set lock_timeout = '1s'")
            while not stop.is_set():
                for name in before:
                    if not name.startswith("analysis"):
                        cursor.execute(f"select 1 from {name} limit 1")
                        assert cursor.fetchone() or name.endswith("_issues")
                        reads += 1
        reader.close()
        return reads

    with ThreadPoolExecutor(1) as background:
        reading = background.submit(read_all_the_time)
        try:
            run_dbt(warehouse, BUILD)
        finally:
            stop.set()
        assert reading.result() > 20  # and none of them waited for a lock

    with slow.cursor() as cursor:
        cursor.execute("select count(*) from products")
        assert cursor.fetchone() == seen
    slow.close()
    after = _published(warehouse)
    assert {n: after[n][0] for n in after} == {n: before[n][0] for n in before}
    assert after["products"][1][0] > before["products"][1][0]


def test_the_analyst_reads_the_marts_and_nothing_else(warehouse):
    connection = _analyst(warehouse)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for query in [*QUERIES, "select * from products_as_of('week_1') limit 1"]:
            cursor.execute(query)
            assert cursor.fetchall()
        for refused in (
            "select * from raw.x_train",
            "select * from staging.stg_catalogue__products",
            "select * from intermediate.int_product_versions",
            "delete from products",
            "insert into class_distribution select * from class_distribution",
            "create table marts.mine (a integer)",
            "create table public.mine (a integer)",
            "truncate products_history",
        ):
            with pytest.raises(Exception, match="permission denied"):
                cursor.execute(refused)
        cursor.execute("create or replace view analyst.few as select * from products")
        run_dbt(warehouse, BUILD)
        cursor.execute("select count(*) = (select count(*) from products) from few")
        assert cursor.fetchone() == (True,)
        cursor.execute("drop view analyst.few")
    connection.close()


def _stop_during_query(warehouse, build):
    """Stop a build while other sessions see one of its queries."""
    seen = (
        "select count(*) from intermediate.build_at_work inner join pg_stat_activity"
        " on query like '%dbt%' || invocation_id || '%' and pid <> pg_backend_pid()"
    )
    while build.poll() is None:
        build.send_signal(signal.SIGSTOP)
        if rows_of(warehouse, seen) != [(0,)]:
            return
        build.send_signal(signal.SIGCONT)
        time.sleep(0.02)
    pytest.fail("the build ended before it could be stopped")


def test_a_second_build_is_refused_and_nothing_is_duplicated(warehouse, tmp_path):
    load_slice(warehouse)
    environment = {**os.environ, **dbt_environment(warehouse)}
    command = ["dbt.cli.main", "build", "--quiet"]

    def build(folder):
        quick_dbt.copy_parse(warehouse, tmp_path / folder)
        return start_module(
            [*command, "--target-path", str(tmp_path / folder)],
            cwd=PROJECT_ROOT / "dbt_project",
            env={**environment, "DBT_LOG_PATH": str(tmp_path / folder)},
            stdout=subprocess.PIPE,
            text=True,
        )

    first = build("one")
    _stop_during_query(warehouse, first)
    second = build("two")
    refusal = second.communicate(timeout=300)[0]
    assert second.returncode != 0
    assert "another dbt build has been running" in refusal
    first.send_signal(signal.SIGCONT)
    output = first.communicate(timeout=300)[0]
    assert first.returncode == 0, output
    twice = rows_of(
        warehouse,
        "select productid, load_batch_id from marts.products_history"
        " group by 1, 2 having count(*) > 1",
    )
    assert twice == []
    run_dbt(warehouse, ["test"])


def test_a_running_build_is_distinguished_from_a_killed_one(warehouse):
    rows_of(
        warehouse,
        "insert into intermediate.build_at_work values"
        " (true, 'aaaa-bbbb', clock_timestamp())",
    )
    at_work = connect(warehouse)
    with at_work.cursor() as cursor:
        cursor.execute("select 1 /* dbt model.rakuten.products aaaa-bbbb */")
    with pytest.raises(DbtFailedError, match="another dbt build has been running"):
        run_dbt(warehouse, BUILD)
    at_work.close()

    run_dbt(warehouse, BUILD)  # the one before was killed: it has no session

    assert rows_of(warehouse, "select * from intermediate.build_at_work") == []


def test_a_lock_taken_by_a_run_that_is_then_killed_is_taken_from_that_run_too(
    warehouse,
):
    rows_of(
        warehouse,
        "insert into intermediate.build_at_work values"
        " (true, 'killed-first', clock_timestamp())",
    )
    with ThreadPoolExecutor(1) as background:
        build = background.submit(run_dbt, warehouse, BUILD)
        sleeping = "select count(*) from pg_stat_activity where wait_event = 'PgSleep'"
        while rows_of(warehouse, sleeping) == [(0,)] and not build.done():
            time.sleep(0.02)
        rows_of(
            warehouse,
            "update intermediate.build_at_work set invocation_id = 'killed-second'",
        )
        build.result()
    assert rows_of(warehouse, "select * from intermediate.build_at_work") == []
