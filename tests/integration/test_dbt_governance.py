"""The project's own rules, read from the manifest: after dbt-project-evaluator."""

import json
import os
import re
from collections import defaultdict
from pathlib import Path

import pytest

from core.settings import Settings
from orchestration.dbt import run_dbt

PREFIXES = {"staging": "stg_", "intermediate": "int_", "marts": ""}


@pytest.fixture(scope="module")
def manifest(tmp_path_factory):
    """The parsed project; parsing opens no connection."""
    target = tmp_path_factory.mktemp("manifest")
    environment = pytest.MonkeyPatch()
    environment.setattr(
        "orchestration.dbt.dbt_environment",
        lambda _: {
            "WAREHOUSE_HOST": "nowhere",
            "WAREHOUSE_PORT": "1",
            "WAREHOUSE_DB": "none",
            "WAREHOUSE_USER": "nobody",
            "DBT_ENV_SECRET_WAREHOUSE_PASSWORD": "none",
        },
    )
    settings = Settings(_env_file=None, logs_path=target)
    strict = ["--warn-error-options", '{"error": ["Deprecations"]}']
    run_dbt(settings, [*strict, "parse", "--target-path", str(target)])
    environment.undo()
    return json.loads((target / "manifest.json").read_text())


def _own(manifest, *types):
    return [
        node
        for kind in ("nodes", "sources", "exposures", "macros", "functions")
        for node in manifest.get(kind, {}).values()
        if node["package_name"] == "rakuten" and node["resource_type"] in types
    ]


def _layer(node):
    return node["fqn"][1]


def test_dbt_leaves_no_login_in_the_environment(manifest):
    assert manifest["nodes"]
    assert [name for name in os.environ if "WAREHOUSE" in name] == []


def test_everything_is_described(manifest):
    without = [
        f"{node['unique_id']}.{column}"
        for node in _own(manifest, "model", "seed", "source")
        for column, facts in node["columns"].items()
        if not facts["description"].strip()
    ]
    without += [
        node["unique_id"]
        for node in _own(
            manifest,
            *("model", "seed", "source", "exposure", "analysis"),
            *("function", "macro"),
        )
        if not node["description"].strip()
    ]
    assert without == []


def test_every_column_of_a_model_is_listed(manifest):
    for model in _own(manifest, "model"):
        assert model["columns"], model["unique_id"]


def test_every_mart_has_a_primary_key_a_contract_and_an_owner(manifest):
    tested = defaultdict(set)
    for node in _own(manifest, "test"):
        if node.get("attached_node"):
            tested[node["attached_node"]].add(node["test_metadata"]["name"])
    for model in _own(manifest, "model"):
        if _layer(model) != "marts":
            continue
        assert model["contract"]["enforced"]
        assert all(column["data_type"] for column in model["columns"].values())
        assert model["access"] == "public"
        assert model["group"] == "pipeline"
        if model["config"]["materialized"] == "stable_view":
            continue  # of tables with keys
        keys = [c["type"] for c in model["constraints"]]
        keys += [
            c["type"] for col in model["columns"].values() for c in col["constraints"]
        ]
        assert "primary_key" in keys, model["name"]
    for node in _own(manifest, "seed"):
        assert "unique" in tested[node["unique_id"]]


def test_layers_depend_on_the_layer_below(manifest):
    """Staging on one source; nothing else on sources; no mart on raw staging rows."""
    for model in _own(manifest, "model"):
        parents = model["depends_on"]["nodes"]
        sources = [p for p in parents if p.startswith("source.")]
        if _layer(model) == "staging":
            assert len(parents) == len(sources) == 1, model["name"]
        else:
            assert parents, model["name"]  # no roots
            assert sources == [], model["name"]
        if _layer(model) == "intermediate":
            assert not any(".marts" in p for p in parents)


def test_every_source_has_one_staging_model(manifest):
    used = [
        p
        for model in _own(manifest, "model")
        for p in model["depends_on"]["nodes"]
        if p.startswith("source.")
    ]
    assert sorted(used) == sorted(s["unique_id"] for s in _own(manifest, "source"))


def test_names_and_folders(manifest):
    for model in _own(manifest, "model"):
        layer = _layer(model)
        assert model["name"].startswith(PREFIXES[layer]), model["name"]
        assert model["schema"] == layer
        assert re.fullmatch(r"[a-z][a-z0-9_]*", model["name"])
        file = f"_{layer}.yml"
        if layer == "staging":
            system = Path(model["original_file_path"]).parent.name
            assert model["name"].startswith(f"stg_{system}__")
            file = f"_{system}__models.yml"
        assert Path(model["patch_path"].split("://")[1]).name == file


def test_public_relations_are_never_rebuilt(manifest):
    for model in _own(manifest, "model"):
        materialized = model["config"]["materialized"]
        if _layer(model) == "marts":
            assert materialized in {"incremental", "stable_view"}, model["name"]
        else:
            assert materialized in {"stable_view", "incremental"}, model["name"]
    for node in _own(manifest, "model"):
        assert node["config"].get("incremental_strategy") != "merge"


def test_no_hard_coded_relations(manifest):
    for model in _own(manifest, "model", "analysis"):
        code = re.sub(r"\{\{.*?\}\}|--[^\n]*", "", model["raw_code"], flags=re.DOTALL)
        assert not re.search(r"\b(from|join)\s+\w+\.\w+", code), model["name"]


def test_exposures_depend_on_public_models_that_builds_leave_alone(manifest):
    for exposure in _own(manifest, "exposure"):
        for parent in exposure["depends_on"]["nodes"]:
            node = manifest["nodes"][parent]
            assert node["config"]["materialized"] in {"incremental", "stable_view"}
            assert node["access"] == "public"


def test_every_model_that_computes_has_a_unit_test(manifest):
    tested = {t["model"] for t in manifest["unit_tests"].values()}
    plain = {"data_loads", "int_audited_batches"} | {
        m["name"]
        for m in _own(manifest, "model")
        if _layer(m) == "staging" or m["config"]["materialized"] == "stable_view"
    } - {"int_product_versions"}
    assert {m["name"] for m in _own(manifest, "model")} - tested == plain


def test_every_query_is_signed(manifest):
    assert manifest["metadata"]["adapter_type"] == "postgres"
    hooks = [n["raw_code"] for n in _own(manifest, "operation")]
    assert any("begin_build" in hook for hook in hooks)
    assert any("grant usage on schema" in hook for hook in hooks)
