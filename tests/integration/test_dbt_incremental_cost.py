"""A week's build writes the week's rows only, and reads them by index."""

from decimal import Decimal

import pytest
from places import make_settings
from queries import rows_of
from samples import write_sample

from loaders.load import load_slice
from loaders.schema import initialise
from orchestration.dbt import BUILD, run_dbt

SAMPLE = 20_000
WEEK = SAMPLE * 3 // 100
CLASSES = 27
MARTS = ("products", "labels", "product_folds", "training_examples")
HISTORIES = ("products_history", "labels_history")
# No text of the sample has an issue: a model without rows takes the week's only, too.
FROM_RAW = (*HISTORIES, "int_text_issues")
FROM_PRODUCTS = ("labels", "training_examples")


def _written(settings):
    """Rows ever inserted, updated and deleted, by mart."""
    counts = rows_of(
        settings,
        "select relname, n_tup_ins, n_tup_upd, n_tup_del from pg_stat_user_tables"
        " where schemaname = 'marts'",
    )
    return {name: numbers for name, *numbers in counts}


def _plan(settings, query):
    """Run a query and give the nodes of its plan."""
    plan = rows_of(settings, f"explain (analyze, format json) {query}")[0][0][0]
    nodes = [plan["Plan"]]
    for node in nodes:
        nodes += node.get("Plans", [])
    return nodes


def _scans(settings, query):
    """Run a query and give what it read: (table, index or None, rows)."""
    return [
        (
            node["Relation Name"],
            node.get("Index Name"),
            # Averages over the loops; what a filter dropped was read too.
            round(
                (node["Actual Rows"] + node.get("Rows Removed by Filter", 0))
                * node["Actual Loops"]
            ),
        )
        for node in _plan(settings, query)
        if "Relation Name" in node
    ]


def _misjudged(nodes):
    """Nodes of the plan, but for single rows, that are off by a factor of ten."""
    return [
        (node["Node Type"], node["Plan Rows"], node["Actual Rows"])
        for node in nodes
        if node["Actual Rows"] > 1
        and not node["Actual Rows"] / 10 < node["Plan Rows"] < node["Actual Rows"] * 10
    ]


@pytest.fixture(scope="module")
def week(cluster, tmp_path_factory):
    """A week loaded on a built one: what its queries read, then what the build wrote."""
    home = tmp_path_factory.mktemp("cost")
    settings = make_settings(home, postgres_data_dir=cluster, postgres_db="cost")
    write_sample(home / "raw", SAMPLE, 5)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DBT_TARGET_PATH", str(home / "target"))
        environment.setenv("DBT_LOG_PATH", str(home / "logs"))
        initialise(settings)
        load_slice(settings)
        run_dbt(settings, BUILD)
        load_slice(settings)
        read = {}
        # A model compiles to the batches that its parents have by then.
        for built, models in (
            (["build", "--selector", "gate"], ["products_history", "int_text_issues"]),
            (["run", "--select", "products_history"], ["labels_history"]),
            (["run", "--select", "labels_history", "int_text_digests"], ["products"]),
            (["run", "--select", "products", "product_folds"], FROM_PRODUCTS),
        ):
            run_dbt(settings, built)
            run_dbt(settings, ["compile", "--select", *models])
            for path in (home / "target" / "compiled").rglob("models/*/*.sql"):
                if path.stem in models:
                    read[path.stem] = _scans(settings, path.read_text())
        run_dbt(settings, BUILD)
        load_slice(settings)
        before = _written(settings)
        run_dbt(settings, BUILD)
        after = _written(settings)
    written = {
        name: tuple(now - then for now, then in zip(numbers, before[name], strict=True))
        for name, numbers in after.items()
    }
    return read, written


def test_a_weeks_build_writes_the_weeks_rows_only(week):
    _, written = week
    inserted_only = dict.fromkeys((*MARTS, *HISTORIES), WEEK)
    inserted_only |= {
        "class_distribution_by_batch": CLASSES,
        "data_quality_by_batch": 1,
    }
    assert {name: written[name] for name in inserted_only} == {
        name: (count, 0, 0) for name, count in inserted_only.items()
    }


def test_what_is_replaced_each_week_is_small(week):
    """The other relations are emptied and filled: as many rows as classes or batches."""
    _, written = week
    assert {name: counts for name, counts in written.items() if counts[2]} == {
        "class_distribution": (CLASSES, 0, CLASSES),
        "current_data_state": (1, 0, 1),
        "data_loads": (3, 0, 2),
        "product_categories": (CLASSES, 0, CLASSES),
    }


@pytest.mark.parametrize("model", FROM_RAW)
def test_the_week_is_taken_from_raw_by_index(week, model):
    read, _ = week
    assert [scan for scan in read[model] if scan[0] == "x_train"] == [
        ("x_train", "x_train_load_batch_id_idx", WEEK)
    ]


@pytest.mark.parametrize("model", ["products", *FROM_PRODUCTS])
def test_a_mart_takes_the_week_from_history_by_index(week, model):
    read, _ = week
    history = "labels_history" if model == "labels" else "products_history"
    assert [
        (table, index is not None, rows)
        for table, index, rows in read[model]
        if table == history
    ] == [(history, True, WEEK)]


def test_the_planner_knows_how_many_rows_a_batch_has(settings, tmp_path, monkeypatch):
    """Taken for one row, a batch is joined by comparing each of its rows with each."""
    monkeypatch.setenv("DBT_TARGET_PATH", str(tmp_path / "target"))
    write_sample(settings.data_path, SAMPLE, 5)
    initialise(settings)
    for percentage in ("40", "43", "94"):
        load_slice(settings, percentage=Decimal(percentage))
        run_dbt(settings, BUILD)
        nodes = _plan(
            settings,
            "select productid from intermediate.int_product_versions"
            " where load_batch_id = (select max(id) from raw.data_loads)",
        )
        assert _misjudged(nodes) == []
