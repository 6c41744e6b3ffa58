"""Read what is loaded, published and running, without starting anything."""

import fcntl
import json
import sqlite3
from collections.abc import Generator, Iterator
from contextlib import closing, suppress
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from core.errors import PipelineError
from core.settings import Settings, sqlite_path
from orchestration.progress import lock_path, state_path
from reporting.links import INDEX

BATCHES = """
select batch_name, percentage, total_rows, status, id,
    metadata ->> 'source' = 'sample' as is_sample,
    to_char(coalesce(completed_at, started_at), 'YYYY-MM-DD HH24:MI TZ') as at
from raw.data_loads order by id desc
"""
# These names are from core.tracking, which takes a second to import.
ALIAS = """
select version from registered_model_aliases
where name = 'rakuten_classifier' and alias = 'champion'
"""


class Loaded(NamedTuple):
    """The newest batch and how much is loaded with it; 0 for nothing."""

    newest: int = 0
    percentage: Decimal = Decimal(0)


def read_status(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield the facts as (name, value), in reading order."""
    is_up, server = _server(settings)
    yield "server", server
    loaded = (yield from _warehouse(settings)) if is_up else None
    yield from _week(settings, loaded)
    yield "champion", _champion(settings)
    yield "pages", _pages(settings)


def _server(settings: Settings) -> tuple[bool, str]:
    if not settings.embedded:
        return True, f"{settings.postgres_host}:{settings.postgres_port} (your own)"
    from warehouse.embedded import locate
    from warehouse.processes import server_process

    paths = locate(settings)
    if not paths.cluster.exists():
        return False, "none yet: `make weekly` sets it up"
    process = server_process(paths.cluster)
    if process is None:
        return False, f"down, data in {paths.home}; the next command starts it"
    port = paths.port.read_text().strip()
    return True, f"127.0.0.1:{port}, process {process}, log {paths.log}"


def _warehouse(settings: Settings) -> Generator[tuple[str, str], None, Loaded | None]:
    """Yield and return what is loaded; None where that is unknown."""
    from loaders.published import newest_published
    from loaders.state import show_percentage
    from warehouse.connection import connect, has_relation

    try:
        with (
            closing(connect(settings, "loader")) as connection,
            connection.cursor() as cursor,
        ):
            rows = []
            if has_relation(connection, "raw.data_loads"):
                cursor.execute(BATCHES)
                rows = cursor.fetchall()
        with closing(connect(settings, "transformer")) as connection:
            published = newest_published(connection)
    except PipelineError as error:
        name = settings.postgres_db
        if settings.embedded and f'database "{name}" does not exist' in str(error):
            yield "warehouse", f"{name}, none yet: `make weekly` creates it"
            return Loaded()
        yield "warehouse", f"{name} cannot be read: {error}"
        return None
    completed = [row for row in rows if row[3] == "completed"]
    if not completed:
        yield "warehouse", f"{settings.postgres_db}, nothing is loaded"
        return Loaded()
    name, percentage, total, _, _, is_sample, at = completed[0]
    kind = "the SYNTHETIC SAMPLE" if is_sample else "the catalogue's files"
    yield "warehouse", f"{settings.postgres_db}, from {kind}"
    yield "loaded", f"{show_percentage(percentage)}, {total:,} rows, {name} on {at}"
    waiting = [row[0] for row in reversed(completed) if row[4] > published]
    if waiting:
        yield (
            "waiting",
            f"{', '.join(waiting)}: loaded but not published; run `make build`",
        )
    if rows[0][3] != "completed":
        yield "last load", f"{rows[0][0]} {rows[0][3]} on {rows[0][6]}; `make history`"
    return Loaded(completed[0][4], percentage)


def _week(settings: Settings, loaded: Loaded | None) -> Iterator[tuple[str, str]]:
    holder = _running(lock_path(settings))
    if holder is not None:
        yield "running", holder
    state: dict[str, object] = {}
    with suppress(OSError, ValueError):
        state = json.loads(state_path(settings).read_bytes())
    if not isinstance(state, dict) or not state:
        return
    if state.get("finished"):
        yield "week", f"finished; {_what_follows(settings, loaded)}"
    elif holder is None:
        stopped = _stopped(state, loaded and loaded.newest)
        yield "week", f"stopped {stopped}; `make weekly` continues from there"


def _what_follows(settings: Settings, loaded: Loaded | None) -> str:
    if loaded is None:
        return "`make weekly` loads the next slice, if one is left"
    if loaded.percentage < settings.max_percentage:
        return "`make weekly` loads the next slice"
    if settings.max_percentage < 100:
        return "all up to MAX_PERCENTAGE is loaded"
    return "everything is loaded"


def _stopped(state: dict[str, object], newest: int | None) -> str:
    """Return where an unfinished week is; the state does not hold whether it loaded."""
    done, began_after = state.get("done"), state.get("began_after")
    if not isinstance(done, list) or not isinstance(began_after, int):
        return "at an unknown step"
    if not done and newest is None:
        return "before build"
    if newest is not None and newest <= began_after:
        return "before anything was loaded"
    return f"after {', '.join(['load', *done])}"


def _running(path: Path) -> str | None:
    """Return who holds the weekly lock; None when it is free."""
    try:
        with path.open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return file.read().strip()
    except OSError:
        pass
    return None


def _champion(settings: Settings) -> str:
    path = sqlite_path(settings.mlflow_tracking_uri)
    if path is None:
        return "see MLflow"
    if not path.exists():
        return "none yet"
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
            row = db.execute(ALIAS).fetchone()
    except sqlite3.Error as error:
        return f"unknown, {path} cannot be read: {error}"
    return f"version {row[0]}" if row else "none yet"


def _pages(settings: Settings) -> str:
    index = settings.reports_path / INDEX
    return f"{index} (make open)" if index.exists() else "none yet"
