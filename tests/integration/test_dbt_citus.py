"""What Citus requires of the project, and the statements that it gets.

Citus cannot be installed where these tests run; a plain database plays its part, see
tests/played_citus.sql.
"""

import json
import re
from dataclasses import replace

import pytest
import yaml
from queries import rows_of, run_as_superuser
from samples import write_sample
from servers import running_server

from core.settings import PROJECT_ROOT
from loaders.load import load_slice
from loaders.schema import DISTRIBUTED_BY, initialise
from orchestration.dbt import BUILD, run_dbt
from warehouse.database import prepare

BY_PRODUCT = {
    f"marts.{name}"
    for name in (
        *("products", "labels", "product_folds", "training_examples"),
        *("products_history", "labels_history"),
    )
} | {"intermediate.int_text_digests", "intermediate.int_text_issues"}
COPIED = {"marts.product_categories"}
LOCAL = {
    f"marts.{name}"
    for name in (
        *("class_distribution", "class_distribution_by_batch"),
        *("current_data_state", "data_loads", "data_quality_by_batch"),
    )
} | {"intermediate.int_audited_batches"}
WITH_FOREIGN_KEY = ["marts.labels", "marts.training_examples"]
LOGINS = (
    "select rolname from pg_roles where rolcanlogin"
    " and rolname in ('loader', 'transformer', 'analyst') order by 1"
)
# The tables that views of marts read, and whether the analyst may read them.
READ_BY_VIEWS = """
with recursive read (relation) as (
    select oid from pg_class
    where relkind = 'v' and relnamespace = 'marts'::regnamespace
    union
    select pg_depend.refobjid
    from read
    inner join pg_rewrite on pg_rewrite.ev_class = read.relation
    inner join pg_depend
        on pg_depend.classid = 'pg_rewrite'::regclass
        and pg_depend.objid = pg_rewrite.oid
        and pg_depend.refclassid = 'pg_class'::regclass
)
select relation::regclass::text,
    has_schema_privilege('analyst', relnamespace, 'usage')
    and has_any_column_privilege('analyst', relation, 'select')
from read
inner join pg_class on pg_class.oid = relation
where relkind = 'r' and relnamespace <> 'marts'::regnamespace
order by 1
"""
CITUS = (PROJECT_ROOT / "tests" / "played_citus.sql").read_text()
# Times differ from one warehouse to the other.
MARTS = {
    "products": "to_jsonb(m) - 'loaded_at'",
    "labels": "to_jsonb(m) - 'loaded_at'",
    "product_folds": "to_jsonb(m)",
    "training_examples": "to_jsonb(m)",
    "class_distribution": "to_jsonb(m)",
    "class_distribution_by_batch": "to_jsonb(m)",
    "current_data_state": "to_jsonb(m) - 'completed_at'",
    "data_quality_by_batch": "to_jsonb(m)",
    "data_loads": "to_jsonb(m) - array['started_at', 'completed_at', 'metadata']",
    "product_categories": "to_jsonb(m)",
    **{
        f"{name}_history": "to_jsonb(m) - array['loaded_at', 'valid_from', 'valid_to',"
        " 'recorded_at', 'version_id']"
        for name in ("products", "labels")
    },
}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server of this module's own: its roles get to log in."""
    home = tmp_path_factory.mktemp("citus")
    write_sample(home / "raw", 5_000, 3)
    folders = {"data_path": home / "raw", "logs_path": home / "logs"}
    with (
        pytest.MonkeyPatch.context() as environment,
        running_server(home, **folders) as settings,
    ):
        environment.setenv("DBT_LOG_PATH", str(home / "logs"))
        yield settings, environment, home


def _warehouse(server, name):
    """Settings for one database; dbt writes what it compiles and runs beside it."""
    settings, environment, home = server
    environment.setenv("DBT_TARGET_PATH", str(home / name))
    return replace(settings, postgres_db=name)


def _calls(settings):
    return rows_of(
        settings,
        "select function, relation, distribution_column, filled from calls"
        " order by number",
    )


def _marts(settings):
    """Rows and md5 of every mart."""
    return {
        name: rows_of(
            settings,
            f"select count(*), md5(string_agg(line, '|' order by line))"
            f" from (select ({row})::text as line from marts.{name} as m) as lines",
        )
        for name, row in MARTS.items()
    }


def _statements(home, *folders):
    """Every compiled query and every statement that was run, without comments."""
    return {
        path.name: re.sub(r"--[^\n]*|/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
        for folder in folders
        for path in (home / folder).rglob("*.sql")
    }


@pytest.fixture(scope="module")
def plain(server):
    """Two weeks on plain PostgreSQL, with the statements and their results."""
    settings = _warehouse(server, "plain")
    initialise(settings)
    statements = {}
    for week in ("week_1", "week_2"):
        load_slice(settings)
        run_dbt(settings, [*BUILD, "--write-json"])
        for name, text in _statements(server[2] / "plain", "compiled", "run").items():
            statements[week, name] = text
    manifest = json.loads((server[2] / "plain" / "manifest.json").read_text())
    return settings, statements, manifest, _marts(settings), rows_of(settings, LOGINS)


@pytest.fixture(scope="module")
def distributed(server, plain):
    """The same two weeks in a database that had Citus from the beginning."""
    settings = _warehouse(server, "distributed")
    initialise(settings)
    run_as_superuser(settings, CITUS, database=settings.postgres_db)
    load_slice(settings)
    run_dbt(settings, [*BUILD, "--target", "citus"])
    first_week = _calls(settings)
    load_slice(settings)
    run_dbt(settings, [*BUILD, "--target", "citus"])
    return settings, first_week, _calls(settings)


def _kept(manifest):
    """The nodes that dbt creates as tables."""
    return [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] in ("model", "seed")
        and "view" not in node["config"]["materialized"]
    ]


def test_every_table_says_how_it_is_distributed(plain):
    said = {
        f"{node['schema']}.{node['alias']}": node["config"]["meta"].get("distribute_by")
        for node in _kept(plain[2])
    }
    assert said == (
        dict.fromkeys(BY_PRODUCT, "productid")
        | dict.fromkeys(COPIED, "reference")
        | dict.fromkeys(LOCAL, "local")
    )


def test_every_unique_key_of_a_distributed_table_holds_its_column(plain):
    columns = dict.fromkeys(BY_PRODUCT, "productid") | {
        table: column for table, column in DISTRIBUTED_BY.items() if column
    }
    keys = rows_of(
        plain[0],
        "select indrelid::regclass::text, array(select attname::text from pg_attribute"
        " where attrelid = indrelid and attnum = any(indkey)) from pg_index"
        " where indisunique and indrelid = any(array["
        + ", ".join(f"'{table}'" for table in columns)
        + "]::regclass[])",
    )
    found = [(table if "." in table else f"marts.{table}", key) for table, key in keys]
    assert {table for table, _ in found} == set(columns)
    assert [(t, key) for t, key in found if columns[t] not in key] == []
    for node in _kept(plain[2]):
        key = node["config"].get("unique_key")
        if key and node["config"]["meta"]["distribute_by"] == "productid":
            assert "productid" in ([key] if isinstance(key, str) else key)


def test_foreign_keys_join_distributed_tables_on_their_column_alone(plain):
    found = rows_of(
        plain[0],
        "select conrelid::regclass::text, confrelid::regclass::text,"
        " pg_get_constraintdef(oid) from pg_constraint where contype = 'f' order by 1",
    )
    definition = (
        "FOREIGN KEY (productid) REFERENCES products(productid) ON DELETE CASCADE"
    )
    assert found == [
        ("labels", "products", definition),
        ("training_examples", "products", definition),
    ]


@pytest.mark.parametrize(
    "forbidden",
    [
        r"\bmerge\s+into\b",
        r"\brollup\b",
        r"\bcube\s*\(",
        r"\bgrouping\s+sets\b",
        r"\brandom\s*\(",
        r"\bcreate\s+(or\s+replace\s+)?(constraint\s+)?trigger\b",
        r"\btruncate\b",
        r"do\s+update\s+set[^;]*\b(now\s*\(|\w+_timestamp\b)",
    ],
)
def test_nothing_is_run_that_citus_refuses(plain, forbidden):
    statements = plain[1]
    assert ("week_1", "products.sql") in statements
    assert "do update set" in statements["week_2", "products.sql"]
    bad = [k for k, sql in statements.items() if re.search(forbidden, sql, re.I)]
    assert bad == []


def test_exists_queries_on_distributed_tables_select_a_column(plain):
    """Citus turns `exists (select from t)` into invalid SQL (14.0)."""
    sources = {
        str(path): path.read_text()
        for package in (
            "balancing",
            "loaders",
            "orchestration",
            "reporting",
            "warehouse",
        )
        for path in (PROJECT_ROOT / package).rglob("*.py")
    }
    assert "from marts." in "".join(sources.values())
    without_column = re.compile(r"\bselect\s+from\s+\W*(raw|marts|\{)", re.I)
    assert without_column.search("exists (select from marts.labels)")
    assert not without_column.search("exists (select 1 from marts.labels)")
    bad = [
        name
        for name, text in (sources | plain[1]).items()
        if without_column.search(text)
    ]
    assert bad == []


def test_no_reference_table_is_filled_from_another_one(plain):
    """The writer locks both, and the transformer may not lock what is the loader's."""
    nodes = plain[2]["nodes"]
    copied = [node for node in _kept(plain[2]) if f"marts.{node['alias']}" in COPIED]
    assert [node["resource_type"] for node in copied] == ["seed"]
    assert nodes["model.rakuten.data_loads"]["config"]["meta"] == {
        "distribute_by": "local"
    }


def test_time_travel_is_a_function_citus_can_plan(plain, distributed):
    """A SQL function with an argument is refused there, and inlined elsewhere."""
    language = (
        "select lanname from pg_proc join pg_language on prolang = pg_language.oid"
        " where proname = 'products_as_of'"
    )
    asked = "select * from marts.products_as_of('{}') order by productid"
    assert rows_of(plain[0], language) == [("sql",)]
    assert rows_of(distributed[0], language) == [("plpgsql",)]
    for week, count in (("week_1", 2_000), ("week_2", 2_150), ("week_9", 0)):
        found = rows_of(distributed[0], asked.format(week))
        assert len(found) == count
        assert found == rows_of(plain[0], asked.format(week))


def test_there_is_no_trigger(plain):
    own = "select tgname from pg_trigger where not tgisinternal"
    assert rows_of(plain[0], own) == []


def test_the_loaders_change_a_reference_table_with_nothing_volatile():
    """Citus refuses clock_timestamp() in an UPDATE."""
    updates = [
        match
        for path in (PROJECT_ROOT / "loaders").glob("*.py")
        for match in re.findall(
            r"update raw\.data_loads.*?(?:execute|$)", path.read_text(), re.DOTALL
        )
    ]
    assert len(updates) >= 4
    assert [u for u in updates if re.search(r"clock_timestamp|random\(", u)] == []


def test_plain_postgresql_is_left_alone(plain):
    _, statements, _, _, logins = plain
    said = [k for k, sql in statements.items() if "create_distributed" in sql]
    assert said == []
    assert "as materialized (" not in statements["week_1", "data_quality_by_batch.sql"]
    assert logins == [("analyst",)]


def test_raw_tables_are_distributed_while_empty(distributed):
    calls = [call for call in distributed[1] if call[1].startswith("raw.")]
    assert calls == [
        ("create_reference_table", "raw.data_loads", None, False),
        ("create_distributed_table", "raw.x_train", "row_number", False),
        ("create_distributed_table", "raw.y_train", "row_number", False),
        ("create_distributed_table", "raw.product_images", "productid", False),
        ("create_reference_table", "raw.decisions", None, False),
        ("create_reference_table", "raw.reviews", None, False),
        ("create_distributed_table", "raw.label_issues", "productid", False),
        ("create_distributed_table", "raw.near_duplicates", "productid", False),
    ]


def test_marts_are_distributed_before_they_are_filled(distributed):
    calls = [call for call in distributed[1] if not call[1].startswith("raw.")]
    assert {c[1] for c in calls if c[0] == "create_distributed_table"} == BY_PRODUCT
    assert {c[1] for c in calls if c[0] == "create_reference_table"} == COPIED
    assert len(calls) == len(BY_PRODUCT | COPIED)
    # dbt creates a seed with its rows.
    assert {relation for _, relation, _, filled in calls if filled} == COPIED


def test_a_second_week_distributes_nothing_again(distributed):
    assert distributed[2] == distributed[1]


def test_the_marts_are_those_of_plain_postgresql(server, plain, distributed):
    """With the CTEs gathered as on Citus; the placing itself is played."""
    found = _marts(distributed[0])
    assert found == plain[3]
    assert found["products"][0][0] == 2_150
    compiled = _statements(server[2], "distributed/compiled")
    assert "as materialized (" in compiled["data_quality_by_batch.sql"]


def test_on_citus_the_roles_can_log_in_to_the_workers(distributed):
    prepare(distributed[0])
    assert rows_of(distributed[0], LOGINS) == [
        ("analyst",),
        ("loader",),
        ("transformer",),
    ]


def test_on_citus_the_analyst_may_read_what_views_read(plain, distributed):
    """The workers ask for the rights of whoever queries a view, not of its owner."""
    tables = [
        *("intermediate.int_audited_batches", "intermediate.int_text_issues"),
        *("raw.decisions", "raw.label_issues", "raw.near_duplicates", "raw.reviews"),
    ]
    assert rows_of(plain[0], READ_BY_VIEWS) == [(table, False) for table in tables]
    allowed = [
        # On the coordinator only, where the owner's rights count.
        (table, table != "intermediate.int_audited_batches")
        for table in tables
    ]
    assert rows_of(distributed[0], READ_BY_VIEWS) == allowed
    hidden = (
        "select has_column_privilege('analyst', 'raw.decisions', 'kept', 'select'),"
        " has_table_privilege('analyst', 'raw.x_train', 'select')"
    )
    assert rows_of(distributed[0], hidden) == [(False, False)]


def test_a_warehouse_that_gets_the_extension_converts_with_its_history(server):
    settings = _warehouse(server, "converted")
    initialise(settings)
    load_slice(settings)
    run_dbt(settings, BUILD)
    before = _marts(settings)
    run_as_superuser(settings, CITUS, database=settings.postgres_db)
    # As on a cluster that has another warehouse: nothing else is left to prepare.
    run_as_superuser(
        settings,
        *(f"alter role {role} login" for role in ("loader", "transformer", "analyst")),
    )
    run_dbt(settings, [*BUILD, "--target", "citus"])
    calls = _calls(settings)
    moved = [c[1] for c in calls if c[0].startswith("create")]
    cleared = [c[1] for c in calls if c[0].startswith("truncate_local")]
    assert set(moved) == BY_PRODUCT | COPIED
    assert sorted(moved[-2:]) == WITH_FOREIGN_KEY
    # The sample has no faulty text.
    empty = {relation for _, relation, _, filled in calls if not filled}
    assert empty == {"intermediate.int_text_issues"}
    assert [c[1] for c in calls] == moved + cleared
    assert moved == cleared
    assert _marts(settings) == before
    load_slice(settings)
    run_dbt(settings, [*BUILD, "--target", "citus"])
    later = _calls(settings)[len(calls) :]
    assert [c[1] for c in later if c[0].startswith("create")] == list(DISTRIBUTED_BY)
    assert [c[1] for c in later if c[0].startswith("truncate_local")] == [
        "raw.data_loads",
        "raw.x_train",
        "raw.y_train",
    ]
    assert _marts(settings)["products"][0][0] == 2_150


def test_a_full_refresh_changes_no_mart(distributed):
    settings = distributed[0]
    before = _marts(settings)
    run_dbt(settings, [*BUILD, "--full-refresh", "--target", "citus"])
    assert _marts(settings) == before


def test_the_profile_has_a_target_for_citus():
    profile = yaml.safe_load((PROJECT_ROOT / "profiles.yml.example").read_text())
    outputs = profile["rakuten"]["outputs"]
    assert outputs["citus"] == outputs["local"] | {"threads": 1}
