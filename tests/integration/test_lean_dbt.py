"""The weekly build's dbt does what dbt does."""

import gc
import json
import multiprocessing
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest
import quick_dbt
from copies import copy_warehouse
from dbt.artifacts.resources import NodeConfig
from dbt.contracts.project import ProfileConfig, Project
from dbt_common.dataclass_schema import dbtClassMixin
from mashumaro.jsonschema import build_json_schema
from places import make_settings
from queries import rows_of
from samples import write_sample

from core.settings import PROJECT_ROOT, Settings
from loaders.load import load_slice
from loaders.schema import initialise
from orchestration import dbt_process, lean_dbt
from orchestration.dbt import BUILD, DbtFailedError

COMPILE = ["compile", "--select", "stg_catalogue__images"]
LOGGED = ("--log-level-file", "info")
PLAIN = """
from core.settings import load_settings
from orchestration.dbt import run_dbt
from test_lean_dbt import build_twice
build_twice(load_settings(), run_dbt)
"""
# Raised by a function, by the call of a macro, by a function in a macro, and by Jinja.
WRONG = (
    "exceptions.raise_compiler_error('no ' ~ var('whole_audit_after_days'))",
    "end_of_time('no argument')",
    "dbt.partition_range('1,2,3')",
    "get_where_subquery(none.render())",
)
# Times, and the order in which two threads finish nodes.
VARIES = (
    (r"\x1b\[\d*m", ""),
    (r"(?m)^\d\d:\d\d:\d\d(\.\d+)? *", ""),
    (r"\[(Thread-\d+|MainThread).*?\]", ""),
    (r"(?m)^=.*$", ""),
    (r"\d+ of (\d+) ", r"\1 "),
    (r"\b[\d.]+( second)?s\b", "seconds"),
    (r"[0-9a-f]{8}-[0-9a-f-]{27}", "id"),
    (r"__dbt_tmp\d+", "__dbt_tmp"),
    (r"\b(lean|plain)\b", "nael"),
)


@pytest.fixture(scope="module")
def loaded(cluster: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A warehouse that no build has reached yet."""
    settings = make_settings(
        tmp_path_factory.mktemp("loaded"),
        postgres_data_dir=cluster,
        postgres_db="loaded",
    )
    write_sample(settings.data_path, 400, 3)
    initialise(settings)
    load_slice(settings)
    return settings


def build_twice(settings: Settings, run_dbt: Callable[..., object]) -> None:
    """Build a good batch, then rows of which one is gone."""
    home = Path(os.environ["DBT_TARGET_PATH"])
    build = [*LOGGED, *BUILD, "--write-json"]
    run_dbt(settings, build)
    (home / "run_results.json").rename(home / "first_results.json")
    rows_of(settings, "delete from raw.y_train where row_number = 5")
    with pytest.raises(DbtFailedError) as failed:
        run_dbt(settings, build)
    (home / "error").write_text(str(failed.value))
    for number, call in enumerate(WRONG):
        wrong = f"{{% if execute %}}{{% do {call} %}}{{% endif %}}"
        with pytest.raises(DbtFailedError) as failed:
            run_dbt(settings, [*LOGGED, "compile", "--inline", wrong])
        (home / f"wrong_{number}").write_text(str(failed.value))


def test_the_functions_that_are_replaced_are_those_of_the_installed_versions() -> None:
    """If this fails, compare each function with that of the new version first."""
    installed = {name: version(name) for name in lean_dbt.VERSIONS}
    assert installed == lean_dbt.VERSIONS


def test_nothing_is_replaced_in_other_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(lean_dbt.VERSIONS, "dbt-core", "1.10.0")
    replaced = []
    monkeypatch.setattr(lean_dbt, "setattr", replaced.append, raising=False)
    lean_dbt.install()
    assert replaced == []


@pytest.mark.parametrize("of", [Project, ProfileConfig, NodeConfig])
def test_a_schema_is_the_one_that_dbt_builds(of: type[dbtClassMixin]) -> None:
    assert lean_dbt._build_schema_once(of) == build_json_schema(of).to_dict()


@pytest.fixture
def target(loaded: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The target folder of dbt, with a parse and without compiled code."""
    _use(tmp_path, monkeypatch)
    quick_dbt.copy_parse(loaded, tmp_path)
    (tmp_path / dbt_process.COMPILED).unlink(missing_ok=True)
    return tmp_path


def test_the_process_of_a_build_alone_keeps_what_it_compiles(
    loaded: Settings, target: Path
) -> None:
    compiled = dbt_process.COMPILED
    with dbt_process.dbt_process(loaded) as run:
        run(COMPILE)
    assert (target / compiled).stat().st_size > 0
    assert not list(target.glob(f".{compiled}*"))


@pytest.mark.usefixtures("target")
def test_ctrl_c_does_not_reach_dbt_even_while_it_starts(loaded: Settings) -> None:
    """The week that started it decides what Ctrl-C means."""
    with dbt_process.dbt_process(loaded) as run:
        (started,) = multiprocessing.active_children()
        assert started.pid is not None
        os.kill(started.pid, signal.SIGINT)
        assert run(COMPILE).statuses == {"success": 1}


@pytest.mark.usefixtures("target")
def test_a_dbt_without_what_is_replaced_runs_as_it_is(
    loaded: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "orchestration.lean_dbt", None)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    ours, theirs = multiprocessing.Pipe()
    ours.send(COMPILE)
    try:
        dbt_process._serve(theirs, loaded)
    finally:
        gc.enable()
        lean_dbt.close_connections()
    assert "stg_catalogue__images: success" in ours.recv()
    assert ours.recv() == {"success": 1}


def test_a_build_has_the_results_queries_and_messages_of_plain_dbt(
    loaded: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, lean = tmp_path / "plain", tmp_path / "lean"
    copy = copy_warehouse(loaded, "plain")
    quick_dbt.copy_parse(copy, plain)
    subprocess.run(
        [sys.executable, "-c", PLAIN],
        env=os.environ
        | _variables(plain)
        | {"PYTHONPATH": os.pathsep.join([str(PROJECT_ROOT), *sys.path])}
        | {"POSTGRES_DATA_DIR": str(copy.postgres_data_dir), "POSTGRES_DB": "plain"},
        check=True,
    )
    _use(lean, monkeypatch)
    build_twice(copy_warehouse(loaded, "lean"), quick_dbt.run_dbt)
    for name, nodes in (("first_results.json", 80), ("run_results.json", 20)):
        results = _results(plain / name)
        assert len(results) > nodes
        assert _results(lean / name) == results
    assert "assert_no_raw_row_is_gone" in (plain / "error").read_text()
    for name in ("error", *(f"wrong_{number}" for number in range(len(WRONG)))):
        assert (lean / name).read_text() == (plain / name).read_text()
    assert _log(lean) == _log(plain)


def _use(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let dbt in this process write into a folder."""
    for name, value in _variables(home).items():
        monkeypatch.setenv(name, value)


def _variables(home: Path) -> dict[str, str]:
    return {"DBT_TARGET_PATH": str(home), "DBT_LOG_PATH": str(home / "logs")}


def _results(path: Path) -> dict[str, tuple[object, ...]]:
    """Return status, message, rows and query of each node."""
    document = json.loads(path.read_text())
    return {
        result["unique_id"]: (
            result["status"],
            _without_variation(str(result["message"])),
            result["failures"],
            result["adapter_response"],
            _without_variation(str(result["compiled_code"])),
        )
        for result in document["results"]
    }


def _log(home: Path) -> list[str]:
    text = _without_variation((home / "logs" / "dbt.log").read_text())
    return sorted(line.strip() for line in text.splitlines() if line.strip())


def _without_variation(text: str) -> str:
    for pattern, replacement in VARIES:
        text = re.sub(pattern, replacement, text)
    return text
