"""Corrections, withdrawals, time travel, folds and a replay, on one warehouse."""

import re
import threading
from contextlib import closing

import psycopg2
import pytest
from places import make_settings
from queries import rows_of
from samples import write_sample

from core.settings import PROJECT_ROOT
from loaders.load import load_slice
from loaders.reject import reject_batch
from loaders.schema import initialise
from orchestration import history
from orchestration.dbt import BUILD, DbtFailedError, run_dbt
from orchestration.history import rebuild_history
from warehouse.connection import connect

CHANGED, WITHDRAWN = 5, 9  # row numbers
CORRECTION = f"""
    insert into raw.data_loads
        (batch_name, percentage, total_rows, status, completed_at, metadata)
    select 'correction_1', percentage, total_rows, 'completed', clock_timestamp(),
        metadata - 'rows'
    from raw.data_loads order by id desc limit 1;
    insert into raw.x_train
    select row_number, case row_number when {CHANGED} then 'Un autre texte'
        else designation end, description, productid, imageid,
        (select max(id) from raw.data_loads), row_number = {WITHDRAWN}
    from raw.x_train where row_number in ({CHANGED}, {WITHDRAWN});
    insert into raw.y_train
    select row_number, prdtypecode, (select max(id) from raw.data_loads)
    from raw.y_train where row_number in ({CHANGED}, {WITHDRAWN});
"""
HISTORY = (
    "select count(*), md5(string_agg(h::text, '|' order by h::text))"
    " from marts.{}_history as h"
)


@pytest.fixture(scope="module")
def story(cluster, tmp_path_factory):
    """Two weeks, a correction and a third week; what was there after each."""
    home = tmp_path_factory.mktemp("history")
    environment = pytest.MonkeyPatch()
    environment.setenv("DBT_TARGET_PATH", str(home / "target"))
    environment.setenv("DBT_LOG_PATH", str(home / "logs"))
    settings = make_settings(home, postgres_data_dir=cluster, postgres_db="history")
    write_sample(home / "raw", 5_000, 11)
    initialise(settings)
    seen = {}
    for batch in ("week_1", "week_2", "correction_1", "week_3"):
        if batch == "correction_1":
            rows_of(settings, CORRECTION)
        else:
            load_slice(settings)
        run_dbt(settings, BUILD)
        seen[batch] = {
            "products": rows_of(
                settings,
                "select productid, designation, prdtypecode from marts.products"
                " join marts.labels using (productid) order by 1",
            ),
            "folds": dict(
                rows_of(settings, "select productid, fold from marts.product_folds")
            ),
            "classes": rows_of(settings, "select * from marts.class_distribution"),
        }
    yield settings, seen
    environment.undo()


def test_any_past_batch_can_be_asked_for(story):
    settings, seen = story
    for batch, then in seen.items():
        assert then["products"] == rows_of(
            settings,
            "select productid, designation, prdtypecode"
            f" from marts.products_as_of('{batch}') order by 1",
        )
    assert rows_of(settings, "select * from marts.products_as_of('week_9')") == []


def test_a_correction_makes_an_update_and_a_withdrawal_a_delete(story):
    settings, seen = story
    assert rows_of(
        settings,
        "select row_number, operation_type, valid_to = '9999-12-31 00:00:00+00'"
        " from marts.products_history where row_number in (5, 9) order by 1, valid_from",
    ) == [
        (5, "INSERT", False),
        (5, "UPDATE", True),
        (9, "INSERT", False),
        (9, "DELETE", True),
    ]
    assert len(seen["correction_1"]["products"]) == len(seen["week_2"]["products"]) - 1
    assert rows_of(
        settings,
        "select count(*) from marts.training_examples where productid not in"
        " (select productid from marts.products)",
    ) == [(0,)]


@pytest.mark.parametrize(
    "damage",
    [
        "update marts.products_history set designation = null",
        "update marts.labels_history set prdtypecode = null",
        "update marts.products_history set operation_type = 'REPLACE'",
        "update marts.labels_history set valid_to = valid_from",
        "insert into marts.products_history select * from marts.products_history",
    ],
)
def test_histories_are_constrained_as_contracts_declare(story, damage):
    with pytest.raises(psycopg2.IntegrityError):
        rows_of(story[0], damage)


def test_a_product_never_changes_its_fold(story):
    _, seen = story
    first = seen["week_1"]["folds"]
    last = seen["week_3"]["folds"]
    assert len(last) > len(first)
    assert {product: last[product] for product in first} == first
    for batch in seen.values():
        assert set(batch["folds"].values()) == set(range(10))


def test_the_classes_come_largest_first(story):
    _, seen = story
    for batch in seen.values():
        counts = [row[3] for row in batch["classes"]]
        assert counts == sorted(counts, reverse=True)
        assert len(counts) == 27


def test_a_replay_that_stops_changes_nothing(story, monkeypatch):
    settings, _ = story
    before = [rows_of(settings, HISTORY.format(n)) for n in ("products", "labels")]

    def stop(settings, arguments):
        if arguments[0] == "run":
            raise KeyboardInterrupt
        return run_dbt(settings, arguments)

    monkeypatch.setattr(history, "run_dbt", stop)
    with pytest.raises(KeyboardInterrupt):
        rebuild_history(settings)
    run_dbt(settings, BUILD)
    assert [
        rows_of(settings, HISTORY.format(n)) for n in ("products", "labels")
    ] == before


def test_a_replay_does_not_publish_what_no_build_has_audited(story):
    settings, _ = story
    before = [rows_of(settings, HISTORY.format(n)) for n in ("products", "labels")]
    load_slice(settings)

    rebuild_history(settings)

    assert [
        rows_of(settings, HISTORY.format(n)) for n in ("products", "labels")
    ] == before
    reject_batch(settings, "week_4")
    run_dbt(settings, BUILD)


def test_a_replay_from_raw_gives_the_same_rows_and_readers_see_all_of_them(
    story, monkeypatch
):
    settings, _ = story
    before = [rows_of(settings, HISTORY.format(n)) for n in ("products", "labels")]
    count = "select count(*) from marts.products_history"
    counts = set()
    done = threading.Event()

    def read():
        while not done.wait(0.02):
            counts.update(rows_of(settings, count))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        with monkeypatch.context() as elsewhere:
            elsewhere.setenv("PGTZ", "Asia/Tokyo")
            rebuild_history(settings)
    finally:
        done.set()
        reader.join()

    assert counts == {(before[0][0][0],)}
    after = [rows_of(settings, HISTORY.format(n)) for n in ("products", "labels")]
    assert after == before
    run_dbt(settings, BUILD)
    assert [
        rows_of(settings, HISTORY.format(n)) for n in ("products", "labels")
    ] == before


def test_a_build_warns_of_nothing(story):
    """Neither of a deprecation nor of anything else; parsed from scratch."""
    strict = ["--warn-error", "--show-all-deprecations", "--no-partial-parse"]
    assert set(run_dbt(story[0], [*strict, "build"]).statuses) == {
        *("success", "pass", "no-op")
    }


def test_every_relation_can_be_built_without_a_row(settings, tmp_path, monkeypatch):
    """`--empty` reads no row, so CI can check the SQL on PostgreSQL in seconds."""
    monkeypatch.setenv("DBT_TARGET_PATH", str(tmp_path / "target"))
    initialise(settings)
    kinds = ("model", "seed")
    options = [option for kind in kinds for option in ("--resource-type", kind)]
    outcome = run_dbt(settings, ["build", "--empty", *options])
    assert set(outcome.statuses) == {"success"}
    assert rows_of(settings, "select count(*) from marts.products_history") == [(0,)]


def test_the_analyses_run(story, tmp_path):
    settings, _ = story
    run_dbt(settings, ["compile", "--target-path", str(tmp_path)])
    analyses = sorted(tmp_path.glob("compiled/rakuten/analyses/*.sql"))
    assert len(analyses) == 10
    for path in analyses:
        rows = rows_of(settings, path.read_text())
        may_be_empty = path.name[:2] in {"04", "05"}
        assert rows or may_be_empty, path.name


def answers_of(page, settings):
    """Run the queries of a page as the analyst; return them with their columns and rows."""
    text = (PROJECT_ROOT / page).read_text(encoding="utf-8")
    blocks = "".join(re.findall(r"(?ms)^```sql\n(.*?)^```", text))
    queries = [query for query in re.split(r";\s*", blocks) if query]
    answers = []
    connection = connect(settings, "analyst")
    with closing(connection), connection.cursor() as cursor:
        cursor.execute("set search_path to marts")
        for query in queries:
            cursor.execute(query)
            names = [column.name for column in cursor.description]
            rows = [dict(zip(names, row, strict=True)) for row in cursor]
            answers.append((query, rows))
    return answers


@pytest.mark.parametrize("page", ["README.md", "docs/sql-analysts.md"])
def test_the_queries_of_the_pages_run_as_the_analyst(page, story):
    answers = answers_of(page, story[0])
    assert len(answers) >= 4
    for query, rows in answers:
        assert rows or "2026-03-01" in query, query


def test_the_queries_of_the_readme_describe_the_newest_week(story):
    answers = answers_of("README.md", story[0])
    [state], classes, loads, [in_week_1] = [rows for _, rows in answers]
    published = ("percentage", "total_rows", "products", "classes")
    assert [state[name] for name in published] == [46, 2300, 2299, 27]
    counts = [row["count"] for row in classes]
    assert sum(counts) == 2299
    assert counts == sorted(counts, reverse=True)
    newest = next(load for load in loads if load["status"] == "completed")
    assert (newest["batch_name"], newest["percentage"]) == ("week_3", 46)
    assert newest["total_rows"] == 2300
    assert in_week_1 == {"count": 2000}


def test_sources_are_fresh(story):
    """Warned of after 8 days, refused after 15."""
    settings, _ = story
    age = "update raw.data_loads set completed_at = completed_at - interval '{} days'"
    assert run_dbt(settings, ["source", "freshness"]).statuses["pass"] == 1
    rows_of(settings, age.format(9))
    assert run_dbt(settings, ["source", "freshness"]).statuses["warn"] == 1
    rows_of(settings, age.format(7))
    with pytest.raises(DbtFailedError):
        run_dbt(settings, ["source", "freshness"])
    rows_of(settings, age.format(-16))
