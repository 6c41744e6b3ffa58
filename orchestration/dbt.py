"""dbt, run in this process: starting its command line takes seconds longer."""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.durable import make_folder, write_durably, writing
from core.errors import ConfigurationError, PipelineError, StorageError
from core.progress import report_progress
from core.settings import PROJECT_ROOT, Settings
from reporting.links import DBT_DOCS
from warehouse.connection import dbt_environment
from warehouse.database import ensure_prepared

DBT_PROJECT = PROJECT_ROOT / "dbt_project"
# Unit tests are about the code, not about the rows: `make build` runs them.
BUILD = ("build", "--exclude-resource-type", "unit_test")
PARSE = "partial_parse.msgpack"
TARGET_FILES = (
    *("manifest.json", "semantic_manifest.json", "graph_summary.json"),
    *(PARSE, "run_results.json", "perf_info.json", "catalog.json"),
)
ROWS = "Rows of "
# The events that the callbacks below read.
CALLED_BACK = {"ConcurrencyLine", "NodeFinished", "JinjaLogInfo"}
BAD = {"error", "fail", "runtime error"}


@dataclass(frozen=True)
class DbtOutcome:
    """The number of nodes by result: success, pass, warn, skipped and so on."""

    statuses: dict[str, int]


class DbtFailedError(PipelineError):
    """A model could not be built or a test found bad rows."""


def run_dbt(settings: Settings, arguments: Sequence[str]) -> DbtOutcome:
    """Run a dbt command such as ["build"] on this project.

    Raises:
        DbtFailedError: names the nodes that failed; what was published before stays.
        ServerError: PostgreSQL cannot be reached.
        ConfigurationError: there is no dbt project here.
        StorageError: dbt cannot write its files.
    """
    if not DBT_PROJECT.is_dir():
        raise ConfigurationError(
            f"There is no dbt_project in {PROJECT_ROOT}: run this in the project's folder."
        )
    logs = os.environ.get("DBT_LOG_PATH") or str(settings.logs_path / "dbt")
    _require_files(target(), TARGET_FILES)
    _require_files(Path(logs), ("dbt.log",))
    variables = {
        **dbt_environment(settings),
        "DBT_PROJECT_DIR": str(DBT_PROJECT),
        "DBT_PROFILES_DIR": str(DBT_PROJECT),
        "DBT_LOG_PATH": logs,
    }
    with _environment(variables):
        return _invoke(arguments, logs)


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Set variables for the block: later processes must not inherit the password."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _invoke(arguments: Sequence[str], logs: str) -> DbtOutcome:
    """Run dbt and turn its failures into errors of this project."""
    from dbt.cli.main import dbtRunner

    rows: list[str] = []
    runner = dbtRunner(callbacks=[_progress_callback(), _rows_callback(rows)])
    # Failures are in the results: dbt would print them too, an OSError as a traceback.
    quiet = ["--quiet", "--log-level", "none", "--log-level-file", "debug"]
    result = runner.invoke([*quiet, *arguments])
    results = getattr(result.result, "results", [])
    if isinstance(result.exception, OSError):
        raise StorageError(
            f"dbt cannot write to {target()} or {logs}:"
            f" {result.exception}. Correct this and run it again; nothing incomplete"
            " was published."
        )
    if not result.success:
        failed = [r for r in results if str(r.status) in BAD]
        raise DbtFailedError(_explain(failed, rows, result.exception))
    return DbtOutcome(dict(Counter(str(r.status) for r in results)))


def target() -> Path:
    """Return the folder to which dbt writes."""
    return Path(os.environ.get("DBT_TARGET_PATH") or DBT_PROJECT / "target")


def _require_files(folder: Path, names: Sequence[str]) -> None:
    """Remove empty folders where dbt writes a file, as container engines leave them.

    Raises:
        StorageError: such a folder is not empty.
    """
    for path in (folder / name for name in names):
        if path.is_dir():
            with writing(path):
                path.rmdir()


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


def _rows_callback(rows: list[str]) -> Callable[[Any], None]:
    """Return a callback that collects what the macro `failing_rows` found."""

    def on_event(event: Any) -> None:  # noqa: ANN401 - dbt's own, without types
        if event.info.name == "JinjaLogInfo" and event.data.msg.startswith(ROWS):
            rows.append(event.data.msg.removeprefix(ROWS))

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

    It is compiled in a target folder of its own: `dbt docs generate` would overwrite
    the results of the last build with those of tests that never ran. The project is not
    parsed again for it.
    """
    ensure_prepared(settings)
    folder = target() / "docs"
    arguments = ["docs", "generate", "--static", "--target-path", str(folder)]
    parse = target() / PARSE
    if parse.is_file():
        arguments += ["--partial-parse-file-path", str(parse)]
    run_dbt(settings, arguments)
    make_folder(settings.reports_path)
    page = settings.reports_path / DBT_DOCS
    write_durably(page, _show_data_only((folder / "static_index.html").read_bytes()))
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
    own = DBT_PROJECT / "target"
    sources = (
        path
        for path in DBT_PROJECT.rglob("*")
        if path.is_file() and not path.is_relative_to(own)
    )
    written = page.stat().st_mtime
    return all(path.stat().st_mtime <= written for path in sources)


def _explain(
    failed: Sequence[object], rows: Sequence[str], exception: BaseException | None
) -> str:
    if not failed:
        return f"dbt could not run: {exception or 'see the lines above'}"
    lines = [
        f"  {_name(result)}: {_summarise(str(result.message))}"  # type: ignore[attr-defined]
        for result in failed
    ]
    return (
        f"dbt failed at {len(failed)} node(s); what was published before is unchanged.\n"
        + "\n".join([*lines, *(f"  {ROWS.lower()}{row}" for row in rows)])
    )


def _summarise(message: str) -> str:
    """Return a node's message as one line, without the row that PostgreSQL adds.

    The macro `close_audit` does the same for the weekly report.
    """
    lines = message.splitlines()
    if message.startswith("Database Error"):
        lines = lines[:2]
    return " ".join(" ".join(lines).split())


def _name(result: object) -> str:
    """Return the node's name; results of operations carry its id only."""
    node = getattr(result, "node", None)
    return str(node.name if node else getattr(result, "unique_id", "operation"))
