"""Build a dataset version: split first, then oversample, then write and log."""

import fcntl
import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from balancing.card import write_card
from balancing.files import SplitWriter, count_rows
from balancing.rows import (
    PublishedBatch,
    find_batch,
    open_snapshot,
    read_class_counts,
    read_index,
    read_rows,
)
from balancing.spec import DatasetSpec
from balancing.strategies import class_weights, copies_per_row
from core.durable import make_folder, open_lock
from core.errors import BusyError, PipelineError, SourceError
from core.progress import report_progress
from core.settings import Settings
from warehouse.connection import connect

if TYPE_CHECKING:
    from adbc_driver_manager.dbapi import Connection
    from psycopg2.extensions import connection as PostgresConnection  # noqa: N812

LOCK_KEY = 7_274_967
PATIENCE = 600.0
HOLDER = """
select activity.pid, activity.usename || ' (' || activity.application_name || ')'
from pg_locks as locks
inner join pg_stat_activity as activity on locks.pid = activity.pid
where locks.locktype = 'advisory' and locks.granted and locks.objid = %s
"""
FORMAT = "rakuten-dataset-1"
BUILDING = ".building-"
LOCK_FILE = ".builders.lock"


@dataclass(frozen=True)
class Content:
    """The files of a dataset version and what they hold.

    Attributes:
        digest: SHA-256 of the content of both splits; the version's identity.
        train_counts: rows of each class in the training file, copies included.
        held_out_only: classes that are in the validation file alone, ascending.
    """

    batch: PublishedBatch
    digest: str
    folder: Path
    train_rows: int
    train_products: int
    validation_rows: int
    train_counts: dict[int, int]
    unique_counts: dict[int, int]
    held_out_only: tuple[int, ...]

    @property
    def warning(self) -> str:
        """Return a sentence about classes with held-out rows only; empty without any."""
        if not self.held_out_only:
            return ""
        codes = ", ".join(map(str, self.held_out_only))
        is_one = len(self.held_out_only) == 1
        return (
            f"{'Class' if is_one else 'Classes'} {codes} {'has' if is_one else 'have'}"
            f" held-out rows only, so no model can learn {'it' if is_one else 'them'}:"
            " load more rows, or hold out another fold."
        )

    @property
    def train_path(self) -> Path:
        """Return the file of the training rows."""
        return self.folder / "train.parquet"

    @property
    def validation_path(self) -> Path:
        """Return the file of the held-out rows."""
        return self.folder / "validation.parquet"


@dataclass(frozen=True)
class DatasetVersion:
    """A dataset version in MLflow; `reused` if its content was already there."""

    run_id: str
    content: Content
    reused: bool
    seconds: float


def build_dataset(settings: Settings, spec: DatasetSpec) -> DatasetVersion:
    """Build the dataset a spec describes and log it, once for the same content.

    Two builders of a warehouse, or of a folder, take turns. The files are complete
    before logging begins, and a run is FINISHED only when everything is logged.

    Raises:
        BusyError: another builder has not finished within PATIENCE seconds.
        SourceError: the marts hold nothing to build from, or contradict each other.
        ServerError: PostgreSQL or MLflow cannot be reached; the files stay.
    """
    began = time.monotonic()
    root = spec.out or settings.snapshots_path
    with _one_builder(settings), _one_builder_in(root):
        _clear_abandoned(root)
        content = build_content(settings, spec)
        # MLflow takes a second and 40 MB to import: not before the rows are written.
        from balancing.versions import log_version

        report_progress("logging to MLflow")
        run_id, reused = log_version(settings, spec, content)
    return DatasetVersion(run_id, content, reused, time.monotonic() - began)


@contextmanager
def _one_builder(settings: Settings) -> Iterator[None]:
    connection = connect(settings, "analyst", application="balancing")
    try:
        _wait_for_turn(connection)
        yield
    finally:
        connection.close()


def _wait_for_turn(connection: "PostgresConnection") -> None:
    """Take the builders' lock.

    Raises:
        BusyError: another session has held it for PATIENCE seconds; the message names
            it.
    """
    deadline = time.monotonic() + PATIENCE
    with connection.cursor() as cursor:
        while True:
            cursor.execute("select pg_try_advisory_lock(%s)", [LOCK_KEY])
            is_ours = cursor.fetchone() == (True,)
            cursor.execute(HOLDER, [LOCK_KEY])
            holder = cursor.fetchone()
            connection.commit()
            if is_ours:
                return
            who = f"process {holder[0]}, {holder[1]}" if holder else "another session"
            if time.monotonic() > deadline:
                raise BusyError(
                    f"Another dataset is being built: lock {LOCK_KEY} in PostgreSQL is"
                    f" held by {who}. Nothing was done; try again later."
                )
            report_progress(f"waiting for {who}")
            time.sleep(0.2)


@contextmanager
def _one_builder_in(root: Path) -> Iterator[None]:
    """Hold the lock of a folder, which warehouses may share.

    Raises:
        BusyError: another builder has held it for PATIENCE seconds.
        StorageError: the folder cannot be written to.
    """
    make_folder(root)
    path = root / LOCK_FILE
    deadline = time.monotonic() + PATIENCE
    with open_lock(path) as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise BusyError(
                        f"Another dataset is being built in {root}: its builder holds"
                        f" {path}. Nothing was done; try again later."
                    ) from None
            report_progress(f"waiting for another builder in {root}")
            time.sleep(0.2)
        yield


def _clear_abandoned(root: Path) -> None:
    """Remove the partial files of killed builders; the caller holds the folder's lock."""
    for leftover in root.glob(f"{BUILDING}*"):
        shutil.rmtree(leftover, ignore_errors=True)


def build_content(settings: Settings, spec: DatasetSpec) -> Content:
    """Write the files of a dataset, without logging them.

    Raises:
        SourceError: see `build_dataset`.
    """
    root = spec.out or settings.snapshots_path
    try:
        root.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=BUILDING, dir=root))
    except OSError as error:
        raise PipelineError(f"Cannot write to {root}: {error.strerror}.") from None
    try:
        with open_snapshot(settings) as connection:
            batch = find_batch(connection, spec.as_of)
            content = _write(connection, batch, spec, work)
        return _publish(content, root)
    except OSError as error:
        raise PipelineError(
            f"Cannot write the dataset to {root}: {error.strerror or error}. Nothing was"
            " logged; free some space and try again."
        ) from None
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _write(
    connection: "Connection", batch: PublishedBatch, spec: DatasetSpec, work: Path
) -> Content:
    index = read_index(connection, batch)
    held_out = (
        np.zeros(index.folds.size, dtype=bool)
        if spec.holdout_fold is None
        else index.folds == spec.holdout_fold
    )
    copies = _plan(index.labels, held_out, spec)
    before = count_rows(index.labels, np.where(held_out, 0, 1))
    after = count_rows(index.labels, np.where(held_out, 0, copies))
    position = 0
    with (
        ThreadPoolExecutor(1) as beside,
        SplitWriter(work / "train.parquet") as train,
        SplitWriter(work / "validation.parquet") as validation,
    ):
        drawn = beside.submit(_draw, before, after, work)
        for rows in read_rows(connection, batch):
            part = slice(position, position + len(rows))
            position += len(rows)
            out = held_out[part]
            validation.write(rows.filter(out), np.ones(out.sum(), dtype=np.int64))
            train.write(rows.filter(~out), copies[part][~out])
            report_progress(f"{position:,} of {held_out.size:,} products written")
    drawn.result()
    _check(connection, batch, train, validation)
    content = Content(
        batch=batch,
        digest=_identity(train, validation),
        folder=work,
        train_rows=train.rows,
        train_products=train.unique_rows,
        validation_rows=validation.rows,
        train_counts=dict(train.class_counts),
        unique_counts=dict(train.unique_class_counts),
        held_out_only=tuple(
            sorted(validation.class_counts.keys() - train.class_counts.keys())
        ),
    )
    _describe(content, spec, work)
    return content


def _plan(
    labels: NDArray[np.int64], held_out: NDArray[np.bool_], spec: DatasetSpec
) -> NDArray[np.int64]:
    """Return the copies of each row; held-out rows take no part in the draw."""
    if not labels.size or held_out.all():
        raise SourceError(
            "There are no training rows to balance: training_examples is empty, or all"
            " of it is held out. Load and build a slice first."
        )
    copies = np.ones(labels.size, dtype=np.int64)
    copies[~held_out] = copies_per_row(labels[~held_out], spec)
    return copies


def _check(
    connection: "Connection",
    batch: PublishedBatch,
    train: SplitWriter,
    validation: SplitWriter,
) -> None:
    """Compare what was written with what the marts count, class by class."""
    written = train.unique_class_counts + validation.unique_class_counts
    counted = read_class_counts(connection, batch)
    if dict(written) != counted:
        wrong = min(
            code
            for code in written.keys() | counted.keys()
            if written.get(code, 0) != counted.get(code, 0)
        )
        raise SourceError(
            f"Class {wrong} has {written.get(wrong, 0):,} rows in the dataset, but the"
            f" marts count {counted.get(wrong, 0):,}: run `make build` and try again."
            " Nothing was logged."
        )


def _identity(train: SplitWriter, validation: SplitWriter) -> str:
    parts = (FORMAT, train.hexdigest(), validation.hexdigest())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def imbalance(counts: dict[int, int]) -> float:
    """Return the largest class over the smallest."""
    return max(counts.values()) / min(counts.values())


def _draw(before: dict[int, int], after: dict[int, int], work: Path) -> None:
    # imported late, as MLflow is: it takes 30 MB
    from balancing.plots import plot_distribution

    plot_distribution(work / "distribution_before.png", "before balancing", before)
    plot_distribution(work / "distribution_after.png", "after balancing", after)


def _describe(content: Content, spec: DatasetSpec, work: Path) -> None:
    text = json.dumps(metadata(content, spec), indent=2, sort_keys=True)
    (work / "metadata.json").write_text(text + "\n")
    (work / "README.md").write_text(write_card(json.loads(text)))


def metadata(content: Content, spec: DatasetSpec) -> dict[str, Any]:
    """Return the content of metadata.json for a version."""
    return {
        "format": FORMAT,
        "batch_name": content.batch.name,
        "load_batch_id": content.batch.id,
        "completed_at": content.batch.completed_at.isoformat(),
        "digest": content.digest,
        "parameters": spec.parameters(),
        "train_rows": content.train_rows,
        "train_products": content.train_products,
        "validation_rows": content.validation_rows,
        "class_counts_before": _by_code(content.unique_counts),
        "class_counts_after": _by_code(content.train_counts),
        "class_weights": _by_code(class_weights(content.train_counts)),
    }


def _by_code(values: dict[int, Any]) -> dict[str, Any]:
    return {str(code): values[code] for code in sorted(values)}


def _publish(content: Content, root: Path) -> Content:
    """Move the finished folder to its place, named after batch and content."""
    target = root / f"{content.batch.name}-{content.digest[:12]}"
    if target.exists():
        shutil.rmtree(target)
    content.folder.chmod(0o755)  # as mkdir would have made it
    content.folder.rename(target)
    return replace(content, folder=target)
