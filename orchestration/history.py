"""Make the histories again from the raw rows: `make rebuild-history`."""

import json

import click

from loaders.state import completed
from orchestration.dbt import run_dbt
from warehouse.connection import connect
from warehouse.settings import Settings, load_settings

HISTORIES = [
    "int_product_versions_pending",
    "int_label_versions_pending",
    "products_history",
    "labels_history",
]


def rebuild_history(settings: Settings) -> list[str]:
    """Empty both histories and replay raw, a batch at a time; give the batches' names.

    A snapshot sees one version of a product a run, so the batches cannot go in at once.
    valid_from is the time of the batch, so the rows come out as they were. While it
    works, readers see the histories up to the batch that is being replayed. Stopped
    half way, it is run again, or the next build takes the batches that are missing as
    long as no product has two versions among them.

    Raises:
        DbtFailedError: a batch could not be replayed.
    """
    connection = connect(settings, "loader")
    batches = completed(connection)
    connection.close()
    run_dbt(settings, ["run-operation", "empty_histories"])
    for batch in batches:
        bound = json.dumps({"up_to_batch": batch.id})
        run_dbt(settings, ["run", "--vars", bound, "--select", *HISTORIES[:2]])
        run_dbt(settings, ["snapshot", "--vars", bound])
        click.echo(f"{batch.batch_name}: {batch.total_rows:,} rows in all")
    run_dbt(settings, ["run", "--select", *HISTORIES[:2]])  # without the bound again
    run_dbt(settings, ["test", "--select", *HISTORIES[2:]])
    return [batch.batch_name for batch in batches]


@click.command()
def main() -> None:
    """Make products_history and labels_history again from the raw rows."""
    rebuild_history(load_settings())


if __name__ == "__main__":
    main()
