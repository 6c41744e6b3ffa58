"""dbt in this process: a start of its command line costs seconds more."""

import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.durable import write_durably
from core.errors import ConfigurationError, PipelineError
from core.progress import report_progress
from core.settings import PROJECT_ROOT, Settings
from reporting.links import DBT_DOCS
from warehouse.connection import dbt_environment

DBT_PROJECT = PROJECT_ROOT / "dbt_project"
BAD = {"error", "fail", "runtime error"}


@dataclass(frozen=True)
class DbtOutcome:
    """How many nodes ended how: success, pass, warn, skipped and so on."""

    statuses: dict[str, int]


class DbtFailedError(PipelineError):
    """A model could not be built or a test found bad rows."""


def run_dbt(settings: Settings, arguments: Sequence[str]) -> DbtOutcome:
    """Run a dbt command such as ["build"] on this project.

    Raises:
        DbtFailedError: names the nodes that failed; what was published before stays.
        ServerError: PostgreSQL cannot be reached.
        ConfigurationError: there is no dbt project here.
    """
    if not DBT_PROJECT.is_dir():
        raise ConfigurationError(
            f"There is no dbt_project in {PROJECT_ROOT}: run this in the project's folder."
        )
    os.environ.update(dbt_environment(settings))
    os.environ["DBT_PROJECT_DIR"] = str(DBT_PROJECT)
    os.environ["DBT_PROFILES_DIR"] = str(DBT_PROJECT)
    os.environ.setdefault("DBT_LOG_PATH", str(settings.logs_path / "dbt"))
    from dbt.cli.main import dbtRunner

    runner = dbtRunner(callbacks=[_progress_callback()])
    result = runner.invoke(["--quiet", "--no-use-colors", *arguments])
    results = getattr(result.result, "results", [])
    if not result.success:
        failed = [r for r in results if str(r.status) in BAD]
        raise DbtFailedError(_explain(failed, result.exception))
    return DbtOutcome(dict(Counter(str(r.status) for r in results)))


def _progress_callback() -> Callable[[Any], None]:
    """Return a callback for dbt's events that reports how many nodes are done."""
    done = total = 0

    def on_event(event: Any) -> None:  # noqa: ANN401 - dbt's own, without types
        nonlocal done, total
        if event.info.name == "ConcurrencyLine":
            total = event.data.node_count
        elif event.info.name == "NodeFinished":
            done += 1
            node = event.data.node_info
            report_progress(
                f"{done} of {total} nodes, {node.node_name}: {node.node_status}"
            )

    return on_event


# In the script of dbt's page: which nodes the lineage draws, and how pale private ones are.
LINEAGE = (
    (
        b"return t||n||o",
        b'return t&&"operation"!==e.resource_type&&r.get(e,["docs","show"],!0)',
    ),
    (b"if(n&&o&&", b"if(n&&A.graph.pristine.nodes[t]&&"),
    (
        b'node[access="private"]\',style:{"background-opacity":.2',
        b'node[access="private"]\',style:{"background-opacity":.85',
    ),
)


def write_docs(settings: Settings) -> Path:
    """Write dbt's documentation as one page beside the reports, and return its path.

    It is compiled in a target folder of its own: `dbt docs generate` would put results
    of tests that never ran where those of the last build are.
    """
    target = Path(os.environ.get("DBT_TARGET_PATH") or DBT_PROJECT / "target") / "docs"
    run_dbt(settings, ["docs", "generate", "--static", "--target-path", str(target)])
    settings.reports_path.mkdir(parents=True, exist_ok=True)
    page = settings.reports_path / DBT_DOCS
    write_durably(page, _show_data_only((target / "static_index.html").read_bytes()))
    return page


def _show_data_only(page: bytes) -> bytes:
    """Leave tests, analyses and hooks out of the page's lineage.

    dbt greys nodes with `docs: {show: false}` there, among hundreds of lines, and has no
    setting for unit tests. Their own pages stay.
    """
    for theirs, ours in LINEAGE:
        page = page.replace(theirs, ours)
    return page


def docs_are_current(settings: Settings) -> bool:
    """Return whether the page is newer than every file of the dbt project."""
    page = settings.reports_path / DBT_DOCS
    if not page.exists():
        return False
    target = DBT_PROJECT / "target"
    sources = (
        path
        for path in DBT_PROJECT.rglob("*")
        if path.is_file() and not path.is_relative_to(target)
    )
    written = page.stat().st_mtime
    return all(path.stat().st_mtime <= written for path in sources)


def _explain(failed: Sequence[object], exception: BaseException | None) -> str:
    if not failed:
        return f"dbt could not run: {exception or 'see the lines above'}"
    lines = [
        f"  {_name(result)}: {' '.join(str(result.message).split())}"  # type: ignore[attr-defined]
        for result in failed
    ]
    return (
        f"dbt failed at {len(failed)} node(s); what was published before is unchanged.\n"
        + "\n".join(lines)
    )


def _name(result: object) -> str:
    """Return the node's name; results of operations carry its id only."""
    node = getattr(result, "node", None)
    return str(node.name if node else getattr(result, "unique_id", "operation"))
