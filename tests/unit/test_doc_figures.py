"""The tables of docs/performance.md are those of benchmarks/results."""

import json
import runpy
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from core.settings import PROJECT_ROOT

TABLES = runpy.run_path(str(PROJECT_ROOT / "benchmarks" / "tables.py"))


def test_the_page_has_the_tables_of_the_results() -> None:
    page = TABLES["PAGE"].read_text(encoding="utf-8")
    assert [name for _, name, _ in TABLES["MARKED"].findall(page)] == list(
        TABLES["TABLES"]
    )
    assert TABLES["render"](page) == page


def test_a_changed_figure_changes_the_page(tmp_path, monkeypatch) -> None:
    training = json.loads((TABLES["RESULTS"] / "training.json").read_text())
    for cost, seconds, megabytes in zip(
        training["costs"], (12.4, 65.6, 1713.5), (685, 784, 1234), strict=True
    ):
        cost |= {"seconds": seconds, "megabytes": megabytes}
    (tmp_path / "training.json").write_text(json.dumps(training))
    monkeypatch.setitem(TABLES["read"].__globals__, "RESULTS", tmp_path)
    page = "before\n<!-- table: training -->\nold\n<!-- end -->\nafter\n"
    lines = TABLES["render"](page).splitlines()
    assert lines[4:8] == [
        "| products, a tenth held out | 84,916 | 849,160 | 8,491,600 |",
        "| rows after oversampling | 248,697 | 2,478,114 | 24,781,140 |",
        "| peak memory, MB | 685 | 784 | 1,234 |",
        "| seconds | 12 | 66 | 1,714 |",
    ]
    assert (lines[0], lines[-1]) == ("before", "after")


@dataclass
class Cost:
    factor: int
    seconds: float


def test_costs_replace_those_of_their_factor(tmp_path, monkeypatch) -> None:
    monkeypatch.setitem(TABLES["save"].__globals__, "RESULTS", tmp_path)
    TABLES["save"](
        "scale", {"costs": [], "measured": "long ago", "serving": {"p99": 3}}
    )
    TABLES["save_costs"]("scale", [Cost(1, 2.0), Cost(10, 3.0)], serving={"p99": 4})
    TABLES["save_costs"]("scale", [Cost(1, 1.5)])
    results = TABLES["read"]("scale")
    assert results["costs"] == [asdict(Cost(1, 1.5)), asdict(Cost(10, 3.0))]
    assert results["serving"] == {"p99": 4}
    assert results["measured"] == datetime.now(UTC).date().isoformat()
