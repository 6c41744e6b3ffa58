"""The commands of `python -m balancing`."""

import json
from pathlib import Path

import click

from balancing.spec import DatasetSpec
from core.commands import Group
from core.settings import load_settings


@click.group(cls=Group)
def main() -> None:
    """Build balanced datasets and manage their versions."""


@main.command()
@click.option(
    "--as-of", metavar="week_N", help="An earlier batch. Default: the newest."
)
@click.option("--strategy", help="Default: BALANCING_STRATEGY.")
@click.option("--ratio", type=float, help="For ratio_cap: share of the largest class.")
@click.option("--target", type=int, help="For target_count: rows per class.")
@click.option(
    "--max-copies", type=int, help="For max_copies: largest growth of a class."
)
@click.option("--seed", type=int, help="Default: RANDOM_SEED.")
@click.option("--holdout-fold", type=int, help="Default: 0.")
@click.option("--no-holdout", is_flag=True, help="Hold out no fold.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path))
def build(
    *,
    as_of: str | None,
    strategy: str | None,
    ratio: float | None,
    target: int | None,
    max_copies: int | None,
    seed: int | None,
    holdout_fold: int | None,
    no_holdout: bool,
    out: Path | None,
) -> None:
    """Build a balanced dataset and log it to MLflow."""
    if no_holdout and holdout_fold is not None:
        raise click.UsageError("--no-holdout and --holdout-fold exclude each other.")
    settings = load_settings()
    spec = DatasetSpec(
        as_of=as_of,
        strategy=strategy or settings.balancing_strategy,
        ratio=ratio,
        target=target,
        max_copies=max_copies,
        seed=settings.random_seed if seed is None else seed,
        holdout_fold=None if no_holdout else holdout_fold or 0,
        out=out,
    )
    from balancing.build import build_dataset, imbalance

    version = build_dataset(settings, spec)
    content = version.content
    click.echo(
        f"{content.batch.name}: {content.train_rows:,} training rows"
        f" ({content.train_products:,} products), {content.validation_rows:,} held out,"
        f" {len(content.train_counts)} classes,"
        f" imbalance {imbalance(content.unique_counts):.2f} →"
        f" {imbalance(content.train_counts):.2f}."
    )
    if content.warning:
        click.secho(content.warning, fg="yellow", err=True)
    click.echo(f"Files: {content.folder}")
    state = "already logged as" if version.reused else "logged as"
    click.echo(f"Digest {content.digest[:12]}, {state} run {version.run_id}.")


@main.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(*, as_json: bool) -> None:
    """List the dataset versions, the newest first."""
    from balancing.versions import describe, list_versions

    versions = [describe(run) for run in list_versions(load_settings())]
    if as_json:
        click.echo(json.dumps(versions))
        return
    for version in versions:
        click.echo(
            f"{version['run_id']}  {version['batch_name']:<8}"
            f" {version['parameters']['strategy']:<20}"
            f" {version['metrics']['train_rows']:>10,.0f} rows  {version['digest'][:12]}"
        )


@main.command()
@click.argument("run")
def show(run: str) -> None:
    """Print a version (run id or batch name) as JSON."""
    from balancing.versions import describe, find_version

    click.echo(json.dumps(describe(find_version(load_settings(), run)), indent=2))


@main.command()
@click.argument("run")
def verify(run: str) -> None:
    """Rebuild a version from history and compare; exit 1 if it differs."""
    from balancing.verify import verify_version

    click.echo(verify_version(load_settings(), run))


@main.command()
@click.argument("run")
@click.option(
    "--format",
    "kind",
    type=click.Choice(["csv", "parquet", "hf", "webdataset"]),
    default="parquet",
)
@click.option(
    "--images", is_flag=True, help="Add the picture of each product (hf, webdataset)."
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="A folder that does not exist yet.",
)
def export(run: str, kind: str, out: Path, *, images: bool) -> None:
    """Write a version's files for use elsewhere."""
    from balancing.export import MISSING, export_version

    exported = export_version(load_settings(), run, kind, out, images=images)
    rows = ", ".join(f"{rows:,} {split}" for split, rows in exported.rows.items())
    pictures = "" if exported.pictures is None else f", {exported.pictures:,} pictures"
    click.echo(f"Written to {out}: {rows} rows{pictures}.")
    if exported.missing:
        click.echo(
            f"{len(exported.missing):,} products have no picture; they are listed in"
            f" {out / MISSING}."
        )
