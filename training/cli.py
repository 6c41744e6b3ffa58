"""The commands of `python -m training`. Heavy imports wait until a command runs."""

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.commands import Group
from core.errors import SourceError
from core.settings import load_settings

if TYPE_CHECKING:
    from training.compare import Difference


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Train the baseline, and use the champion."""


@main.command()
@click.option(
    "--dataset",
    metavar="RUN|week_N",
    help="A dataset version, by run id or batch name. Default: the newest.",
)
@click.option("--force", is_flag=True, help="Train even if this was trained before.")
@click.option(
    "--replace-champion",
    is_flag=True,
    help="Make the model champion without a comparison.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def run(
    dataset: str | None, *, force: bool, replace_champion: bool, as_json: bool
) -> None:
    """Train on a dataset version; a better model becomes the champion."""
    from training.outcomes import as_dict
    from training.run import train
    from warehouse.identity import identify_warehouse

    settings = load_settings()
    warehouse = identify_warehouse(settings)
    outcome = train(
        settings,
        dataset,
        warehouse=warehouse.id if warehouse else None,
        force=force,
        replace_champion=replace_champion,
    )
    if as_json:
        click.echo(json.dumps(as_dict(outcome)))
        return
    known = " (trained before; --force trains again)" if outcome.reused else ""
    click.echo(f"{outcome.dataset.batch_name}: run {outcome.run_id}{known}")
    for variant, score in outcome.variant_f1.items():
        chosen = "  <- registered" if variant == outcome.variant else ""
        click.echo(f"  {variant:<14} weighted F1 {score:.4f}{chosen}")
    moved = "is now" if outcome.promotion.promoted else "does not become"
    click.echo(
        f"Version {outcome.model_version} {moved} champion. {outcome.promotion.reason}"
    )


@main.command()
@click.option(
    "--dataset",
    metavar="RUN|week_N",
    help="A dataset version, by run id or batch name. Default: the newest.",
)
@click.option("--force", is_flag=True, help="Review even if this was reviewed before.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def review(dataset: str | None, *, force: bool, as_json: bool) -> None:
    """Look for wrong labels; the mart label_issues shows them."""
    from training.review import review as review_dataset
    from warehouse.identity import identify_warehouse

    settings = load_settings()
    warehouse = identify_warehouse(settings)
    outcome = review_dataset(
        settings, dataset, warehouse=warehouse.id if warehouse else None, force=force
    )
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(outcome)))
        return
    known = " (reviewed before; --force reviews again)" if outcome.reused else ""
    recorded = outcome.review
    click.echo(
        f"{outcome.batch_name}: {recorded.label_issues:,} of {recorded.products:,} labels are"
        f" doubtful{known}."
    )
    click.echo(
        f"{recorded.near_duplicates:,} products have nearly the text of a product of"
        " another class."
    )


@main.command()
def repair() -> None:
    """Train the champion again if its files are damaged; its version stays."""
    from core.tracking import open_client
    from training.repair import load_or_repair_champion

    settings = load_settings()
    champion, done = load_or_repair_champion(
        open_client(settings), settings.snapshots_path
    )
    click.echo(done.summary if done else f"Version {champion.version} is not damaged.")


@main.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(*, as_json: bool) -> None:
    """Show this warehouse's finished trainings, oldest first."""
    from core.tracking import open_client
    from training.champion import champion_version
    from training.outcomes import as_dict, trainings
    from warehouse.identity import identify_warehouse

    settings = load_settings()
    here = identify_warehouse(settings)
    outcomes = [
        outcome
        for outcome in trainings(settings)
        if here is None or outcome.dataset.warehouse in {here.id, None}
    ]
    if as_json:
        click.echo(json.dumps([as_dict(outcome) for outcome in outcomes]))
        return
    serving = champion_version(open_client(settings))
    click.echo(
        "batch      version  weighted F1  macro F1  variant        champion  difference"
        " (95 % interval)"
    )
    for outcome in outcomes:
        mark = "was" if outcome.promotion.promoted else "no"
        if outcome.model_version == serving:
            mark = "is"
        click.echo(
            f"{outcome.dataset.batch_name:<10} {outcome.model_version:>7}"
            f"  {outcome.weighted_f1:>11.4f}  {outcome.macro_f1:>8.4f}"
            f"  {outcome.variant:<13}  {mark:<8}"
            f"  {_interval(outcome.promotion.difference)}".rstrip()
        )
    if serving not in {None, *(outcome.model_version for outcome in outcomes)}:
        click.echo(f"The champion, version {serving}, is not one of these.")


def _interval(difference: "Difference | None") -> str:
    if difference is None:
        return "not compared"
    return f"{difference.value:+.4f} ({difference.low:+.4f} to {difference.high:+.4f})"


@main.command()
@click.argument("source", metavar="IN.csv", type=click.Path(path_type=Path))
@click.argument("target", metavar="OUT.csv", type=click.Path(path_type=Path))
def predict(source: Path, target: Path) -> None:
    """Classify a catalogue file with the champion, in the challenge's format."""
    from training.predictions import read_products

    settings = load_settings()
    if target.exists() and target.samefile(source):
        raise SourceError(
            f"{target} is the file to classify: name another one for the predictions."
        )
    products = read_products(source)

    from core.tracking import open_client
    from training.champion import load_champion
    from training.predictions import classify, write_predictions

    champion = load_champion(open_client(settings))
    write_predictions(target, products.ids, classify(champion.model, products))
    click.echo(
        f"{target}: {len(products.ids):,} predictions of version {champion.version}."
    )


@main.command()
@click.argument("designation")
@click.option("--description", default="", help="The product's description.")
@click.option("--classes", default=3, show_default=True, type=click.IntRange(1))
def explain(designation: str, description: str, classes: int) -> None:
    """Show a product's likeliest classes and the words that contribute most to them."""
    from core.tracking import open_client
    from training.champion import load_champion
    from training.explain import explain as explain_product

    champion = load_champion(open_client(load_settings()))
    for explanation in explain_product(
        champion.model, designation, description, classes=classes
    ):
        click.echo(f"{explanation.prdtypecode:>5}  {explanation.probability:6.1%}")
        for words, share in explanation.words:
            click.echo(f"       {share:+7.2f}  {words}")
