"""Models of a user beside those of the project: dbt does with them what it always does."""

import shutil
from pathlib import Path

import pytest
import quick_dbt
from queries import rows_of
from samples import write_sample

import orchestration.dbt
from core.settings import Settings
from loaders.load import load_slice
from loaders.schema import initialise
from orchestration.dbt import BUILD, DBT_PROJECT, run_dbt

FILES = {
    "models/marts/own/with_description.sql": """
{{ config(materialized='ephemeral') }}
select * from {{ ref('labelled_products') }} where description is not null
""",
    "models/marts/own/descriptions.sql": """
select category, count(*) as products from {{ ref('with_description') }} group by 1
""",
    "models/marts/own/unlogged_products.sql": """
{{ config(
    contract={'enforced': true},
    unlogged=true,
    sql_header="set local work_mem = '9MB';",
) }}
select productid, current_setting('work_mem') as work_mem from {{ ref('products') }}
""",
    "models/marts/own/own.yml": """
models:
  - name: unlogged_products
    columns:
      - {name: productid, data_type: bigint, constraints: [{type: primary_key}]}
      - {name: work_mem, data_type: text}
""",
    "models/intermediate/int_prices.sql": """
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='productid',
    on_schema_change='fail',
    contract={'enforced': true},
) }}
select productid, 1 as price from {{ ref('products') }}
""",
    "models/intermediate/int_prices.yml": """
models:
  - name: int_prices
    columns:
      - name: productid
        data_type: bigint
        constraints:
          - {type: primary_key}
          - {type: foreign_key, to: ref('products'), to_columns: [productid]}
      - {name: price, data_type: integer}
""",
    "snapshots/categories.yml": """
snapshots:
  - name: categories
    relation: ref('class_distribution')
    config:
      {schema: marts, unique_key: prdtypecode, strategy: check, check_cols: [count]}
""",
}
DISABLED = "{{ config(enabled=false) }}"
CONSTRAINTS = """
select pg_get_constraintdef(oid) from pg_constraint
where conrelid = '{}'::regclass and contype in ('f', 'p') order by 1
"""


@pytest.fixture
def project(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A copy of the dbt project with models and a snapshot of a user."""
    folder = tmp_path / "dbt_project"
    unwanted = shutil.ignore_patterns("target", "logs")
    shutil.copytree(DBT_PROJECT, folder, ignore=unwanted)
    for name, content in FILES.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)
    own = folder / "models" / "marts" / "own"
    example = (own / "example.sql").read_text()
    (own / "empty_descriptions.sql").write_text(example.replace(DISABLED, ""))
    # From the parse of the project as it is, so that the other tests keep theirs.
    quick_dbt.copy_parse(settings, tmp_path / "target")
    monkeypatch.setattr(orchestration.dbt, "DBT_PROJECT", folder)
    monkeypatch.setenv("DBT_TARGET_PATH", str(tmp_path / "target"))
    monkeypatch.setenv("DBT_LOG_PATH", str(tmp_path / "logs"))
    return folder


@pytest.mark.usefixtures("project")
def test_a_users_models_are_built_as_dbt_builds_them(settings: Settings) -> None:
    write_sample(settings.data_path, 1_000, 8)
    initialise(settings)
    load_slice(settings)
    run_dbt(settings, BUILD)
    load_slice(settings)
    run_dbt(settings, BUILD)

    # The second build audited the second batch only: models of others hinder no audit.
    audits = rows_of(
        settings,
        "select after_batch, last_batch, passed_at is not null from intermediate.audits"
        " order by started_at",
    )
    assert audits == [(0, 1, True), (1, 2, True)]
    assert rows_of(
        settings,
        "select (select sum(products)::int from descriptions),"
        " (select sum(products)::int from empty_descriptions)",
    ) == rows_of(
        settings,
        "select count(description), count(*) - count(description) from products",
    )
    assert rows_of(settings, "select distinct work_mem from unlogged_products") == [
        ("9MB",)
    ]
    assert rows_of(
        settings,
        "select relpersistence::text from pg_class where relname = 'unlogged_products'",
    ) == [("u",)]
    assert rows_of(settings, CONSTRAINTS.format("marts.unlogged_products")) == [
        ("PRIMARY KEY (productid)",)
    ]
    assert rows_of(settings, CONSTRAINTS.format("intermediate.int_prices")) == [
        ("FOREIGN KEY (productid) REFERENCES products(productid)",),
        ("PRIMARY KEY (productid)",),
    ]
    # What changed has two versions in the snapshot, the rest has one.
    assert rows_of(
        settings,
        "select count(*) filter (where dbt_valid_to is null) ="
        " (select count(*) from class_distribution),"
        " count(*) > (select count(*) from class_distribution) from categories",
    ) == [(True, True)]
