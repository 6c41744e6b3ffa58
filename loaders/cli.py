"""The commands of `python -m loaders`."""

import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from decimal import Decimal, InvalidOperation
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from psycopg2.extensions import connection as Connection  # noqa: N812

from core.commands import Group
from core.errors import SourceError
from core.settings import load_settings
from loaders import state
from loaders.load import LoadOutcome, Progress, as_dict, load_slice
from loaders.schema import initialise
from loaders.source import SAMPLE_ROWS
from loaders.state import Batch
from warehouse.connection import connect
from warehouse.database import ensure_prepared

if TYPE_CHECKING:
    from loaders.versions import Correction, Difference


class PercentageType(click.ParamType[Decimal]):
    """A number with at most two decimals."""

    name = "percentage"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Decimal:
        """Read the number exactly: 43.1 is not a binary fraction."""
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            self.fail(f"{value!r} is not a number.", param, ctx)
        # 1e400 cannot be rounded; what is too large a percentage is refused further on.
        if not number.is_finite() or (number < 1000 and number != round(number, 2)):
            self.fail(
                f"{value!r} must be a number with at most two decimals.", param, ctx
            )
        return number


@click.group(cls=Group)
def main() -> None:
    """Load the catalogue into the raw schema, slice by slice.

    Exit codes: 0 done (or nothing left to do), 1 other errors, 2 wrong usage, 65 the
    files cannot be loaded, 69 PostgreSQL cannot be reached, 75 another loader is
    running, 78 a setting or an option is out of range.
    """


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def init(*, as_json: bool) -> None:
    """Create the raw tables and load the first slice (INITIAL_PERCENTAGE)."""
    settings = load_settings()
    initialise(settings)
    with connect(settings, "loader") as connection:
        loaded = state.current_state(connection)
    connection.close()
    if loaded:
        click.echo(f"Already initialised: {_sentence(loaded)}")
        return
    with _progress_bar() as progress:
        outcome = load_slice(settings, progress=progress)
    _report(outcome, as_json=as_json)


@main.command()
@click.option("--percentage", type=PercentageType(), help="Load up to this percentage.")
@click.option("--increment", type=PercentageType(), help="Load this many percent more.")
@click.option("--to-end", is_flag=True, help="Load the rest.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def load(
    *,
    percentage: Decimal | None,
    increment: Decimal | None,
    to_end: bool,
    as_json: bool,
) -> None:
    """Load the next slice: INCREMENT_PERCENTAGE more of the rows."""
    if sum((percentage is not None, increment is not None, to_end)) > 1:
        raise click.UsageError(
            "Give one of --percentage, --increment and --to-end, not several."
        )
    with _progress_bar() as progress:
        outcome = load_slice(
            load_settings(),
            percentage=percentage,
            increment=increment,
            to_end=to_end,
            progress=progress,
        )
    _report(outcome, as_json=as_json)


@contextmanager
def _progress_bar() -> Iterator[Progress | None]:
    """Show progress on a terminal, if sending takes more than a second."""
    if not sys.stderr.isatty():
        yield None
        return
    began = time.monotonic()
    with click.progressbar(
        length=1, label="Loading", file=sys.stderr, hidden=True
    ) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.hidden = time.monotonic() - began < 1
            bar.update(done - bar.pos)

        yield show


def _echo_notes(notes: Sequence[str]) -> None:
    for note in notes:
        click.secho(note, fg="yellow", err=True)


def _report(outcome: LoadOutcome, *, as_json: bool) -> None:
    _echo_notes(outcome.notes)
    if outcome.source.kind == "sample":
        click.secho(
            "No X_train.csv in DATA_PATH: this is the SYNTHETIC SAMPLE, not real data.",
            fg="yellow",
            err=True,
        )
    if as_json:
        click.echo(json.dumps(as_dict(outcome)))
    elif outcome.complete:
        click.echo(
            f"Complete: {state.show_percentage(outcome.percentage)}"
            f" ({outcome.total_rows:,} rows) is loaded; nothing is left to load."
        )
    else:
        click.echo(
            f"{outcome.batch_name}: {outcome.rows_added:,} rows from"
            f" {outcome.source.describe()} in {outcome.seconds:.1f} s;"
            f" {outcome.total_rows:,} rows"
            f" ({state.show_percentage(outcome.percentage)}) are loaded."
        )


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def status(*, as_json: bool) -> None:
    """Show how much is loaded."""
    with _loader() as connection:
        loaded = state.current_state(connection)
    if as_json:
        click.echo(json.dumps(_as_dict(loaded) if loaded else None))
    else:
        click.echo(_sentence(loaded) if loaded else "Nothing is loaded yet.")


def _loader() -> closing[Connection]:
    settings = load_settings()
    ensure_prepared(settings)
    return closing(connect(settings, "loader"))


def _sentence(batch: Batch) -> str:
    return (
        f"{state.show_percentage(batch.percentage)} is loaded: {batch.total_rows:,}"
        f" rows; the last batch is {batch.batch_name}, completed"
        f" {batch.completed_at:%Y-%m-%d %H:%M %Z}."
    )


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def history(*, as_json: bool) -> None:
    """List every load, including failed ones."""
    with _loader() as connection:
        batches = state.history(connection)
    if as_json:
        click.echo(json.dumps([_as_dict(batch) for batch in batches]))
        return
    header = ("id", "batch", "percentage", "total rows", "status", "completed", "error")
    click.echo(_table(header, [_row(batch) for batch in batches]))


def _as_dict(batch: Batch) -> dict[str, object]:
    return {
        "id": batch.id,
        "batch_name": batch.batch_name,
        "percentage": float(batch.percentage),
        "total_rows": batch.total_rows,
        "status": batch.status,
        "started_at": batch.started_at.isoformat(),
        "completed_at": batch.completed_at and batch.completed_at.isoformat(),
        "metadata": batch.metadata,
    }


def _row(batch: Batch) -> tuple[str, ...]:
    return (
        str(batch.id),
        batch.batch_name,
        f"{batch.percentage:.2f} %",
        "" if batch.total_rows is None else f"{batch.total_rows:,}",
        batch.status,
        f"{batch.completed_at:%Y-%m-%d %H:%M:%S %Z}" if batch.completed_at else "",
        _shortened(str(batch.metadata.get("error", ""))),
    )


def _shortened(text: str, width: int = 80) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    lines = [header, ["-" * width for width in widths], *rows]
    return "\n".join(
        "  ".join(
            cell.ljust(width) for cell, width in zip(line, widths, strict=True)
        ).rstrip()
        for line in lines
    )


@main.command()
@click.option("--dry-run", is_flag=True, help="List the differences; load nothing.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print JSON, one object per line."
)
def reconcile(*, dry_run: bool, as_json: bool) -> None:
    """Load changes in rows that are already loaded.

    Changed, new and withdrawn products become a batch named correction_N.
    """
    from loaders.reconcile import reconcile_source

    listed = partial(_echo_record, as_json=as_json) if dry_run else None
    outcome = reconcile_source(load_settings(), on_difference=listed)
    _report_correction(outcome, as_json=as_json)


def _report_correction(outcome: "Correction", *, as_json: bool) -> None:
    _echo_notes(outcome.notes)
    _echo_record(outcome, as_json=as_json)


def _echo_record(record: "Correction | Difference", *, as_json: bool) -> None:
    click.echo(json.dumps(asdict(record)) if as_json else str(record))


@main.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="List the differences; load nothing.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print JSON, one object per line."
)
def correct(file: Path, *, dry_run: bool, as_json: bool) -> None:
    """Correct the products in FILE, which has productid and the columns to correct.

    The columns are any of designation, description, imageid, prdtypecode and withdrawn.
    The changes become a batch named correction_N. From then on they take precedence
    over the catalogue's files: no load or reconcile reverts them.
    """
    from loaders.correct import correct_products

    listed = partial(_echo_record, as_json=as_json) if dry_run else None
    outcome = correct_products(load_settings(), file, on_difference=listed)
    _report_correction(outcome, as_json=as_json)


@main.command()
@click.argument("batch", metavar="week_N|correction_N")
def reject(batch: str) -> None:
    """Reject the newest batch, if its rows are bad and not published yet.

    Its rows stay in the raw tables, but dbt ignores them; correct the file and load,
    correct or reconcile again.
    """
    from loaders.reject import reject_batch

    rejected = reject_batch(load_settings(), batch)
    click.echo(f"{batch} is rejected. {_what_follows(rejected)}")


def _what_follows(rejected: Batch) -> str:
    if rejected.batch_name.startswith("week_"):
        return "The next load reads its rows again."
    # The file of `correct`; reconcile records those of the catalogue.
    file = rejected.metadata.get("file")
    if file is None:
        return "Correct the catalogue's files, then run `python -m loaders reconcile` again."
    return (
        f"Correct {file['name']}, then run `python -m loaders correct` with it again."
    )


@main.command()
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
@click.option("--rows", default=SAMPLE_ROWS, show_default=True, type=click.IntRange(1))
@click.option("--seed", default=42, show_default=True)
def sample(out: Path, rows: int, seed: int) -> None:
    """Write a synthetic catalogue with the real class proportions to OUT."""
    from loaders.sample import FILES, write_sample

    there = [name for name in FILES if (out / name).exists()]
    if there:
        raise SourceError(
            f"{out} already contains {', '.join(there)}: name another folder, or remove"
            " these files. Nothing was written."
        )
    write_sample(out, rows, seed)
    click.echo(f"{rows:,} rows in {out}")
