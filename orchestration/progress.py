"""The progress of the weekly run: a lock, a state that survives a kill, and a log."""

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.durable import make_folder, open_lock, write_durably, writing
from core.errors import BusyError
from core.settings import Settings


@dataclass(frozen=True)
class WeekState:
    """The last weekly run.

    Attributes:
        began_after: id of the newest batch when the run began; 0 for none. The load is
            done when there is a newer one.
        done: steps after the load that are finished, for the batch being worked on.
        finished: whether all of them are.
        warehouse: identity of the warehouse it worked on; empty before its first load.
    """

    began_after: int
    done: tuple[str, ...] = field(default=())
    finished: bool = False
    warehouse: str = ""


def read_state(
    settings: Settings, newest_batch: int = 0, warehouse: str = ""
) -> WeekState | None:
    """Read the last run's state; None when there has been no run on this warehouse.

    A file that cannot be understood (cut by a full disk, written by another version) is
    treated as a week begun with the newest batch: its steps are repeated, which changes
    nothing, and no slice is loaded twice.
    """
    try:
        values = json.loads(state_path(settings).read_bytes())
        began_after, done = values["began_after"], tuple(values["done"])
        finished, of = values["finished"], values.get("warehouse", "")
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, LookupError, AttributeError):
        return WeekState(began_after=max(newest_batch - 1, 0))
    if not isinstance(began_after, int) or not isinstance(finished, bool):
        return WeekState(began_after=max(newest_batch - 1, 0))
    if of and warehouse and of != warehouse:
        return None
    return WeekState(began_after, done, finished, of or warehouse)


def write_state(settings: Settings, state: WeekState) -> None:
    """Replace the state; a kill leaves either the old one or the new one."""
    write_durably(state_path(settings), json.dumps(asdict(state)))


def mark_done(settings: Settings, state: WeekState, step: str) -> WeekState:
    """Record a finished step."""
    state = replace(state, done=(*state.done, step))
    write_state(settings, state)
    return state


def state_path(settings: Settings) -> Path:
    """Return the file that keeps the last run's state."""
    return settings.logs_path / f"weekly-{settings.postgres_db}.json"


def lock_path(settings: Settings) -> Path:
    """Return the lock file of the weekly run; it contains the holder and its step."""
    return settings.logs_path / f"weekly-{settings.postgres_db}.lock"


@contextmanager
def weekly_lock(settings: Settings) -> Iterator[Callable[[str], None]]:
    """Hold the lock of the weekly run; it is released when the process exits.

    Yields:
        A function that records the running step, for the message to other runs.

    Raises:
        BusyError: another weekly run holds it; the message names it, its start and its
            step.
    """
    make_folder(settings.logs_path)
    with open_lock(lock_path(settings)) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise BusyError(
                f"Another weekly run is running: {file.read().strip()}. Nothing was"
                " done."
            ) from None
        holder = f"process {os.getpid()}, since {datetime.now(UTC):%F %T} UTC"

        def record_step(step: str) -> None:
            with writing(lock_path(settings)):
                # Unbuffered: data left in a buffer would fail again when the file is
                # closed.
                os.ftruncate(file.fileno(), 0)
                os.write(file.fileno(), f"{holder}, step {step}".encode())

        record_step("start")
        yield record_step


class EventLog:
    """A JSON line for each event, in a file of its own for each run."""

    def __init__(self, folder: Path) -> None:
        make_folder(folder)
        moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        self.path = folder / f"weekly-{moment}-{os.getpid()}.jsonl"
        self._began = time.monotonic()

    def write(self, event: str, **facts: Any) -> None:  # noqa: ANN401 - any JSON
        """Append an event with the time and the seconds since the run began."""
        line = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "elapsed": round(time.monotonic() - self._began, 3),
            "event": event,
            **facts,
        }
        with writing(self.path), self.path.open("a") as file:
            file.write(json.dumps(line, default=str) + "\n")
