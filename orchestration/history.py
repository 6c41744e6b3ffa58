"""Make the histories again from the raw rows: `make rebuild-history`."""

import json
from contextlib import closing

import click

from core.errors import PipelineError
from core.settings import Settings, load_settings
from loaders.state import Batch, completed
from orchestration.dbt import run_dbt
from orchestration.progress import weekly_lock
from warehouse.connection import connect

PENDING = ("int_product_versions_pending", "int_label_versions_pending")
HISTORIES = ("products_history", "labels_history")


def rebuild_history(settings: Settings) -> list[str]:
    """Replay raw, a batch at a time, then publish the result; give the batches' names.

    A snapshot sees one version of a product a run, so the batches cannot go in at once.
    valid_from is the time of the batch, so the rows come out as they were. The histories
    grow in the schema intermediate and replace the published ones in one transaction:
    readers see the old or the new ones, and a rebuild that stops changes nothing.

    Raises:
        BusyError: a weekly run is at work.
        DbtFailedError: a batch could not be replayed.
        PipelineError: a batch has not passed the audit of a build.
    """
    with weekly_lock(settings) as at_work:
        at_work("rebuild-history")
        batches = _published(settings)
        run_dbt(settings, ["run-operation", "drop_rebuilt_histories"])
        for batch in batches:
            _replay(settings, batch)
            click.echo(f"{batch.batch_name}: {batch.total_rows:,} rows in all")
        run_dbt(settings, ["run-operation", "publish_rebuilt_histories"])
        run_dbt(settings, ["run", "--select", *PENDING])  # without the bound again
        run_dbt(settings, ["test", "--select", *HISTORIES])
    return [batch.batch_name for batch in batches]


def _published(settings: Settings) -> list[Batch]:
    """Give the batches; refuse while one of them still waits for its audit."""
    with closing(connect(settings)) as connection, connection.cursor() as cursor:
        batches = completed(connection)
        cursor.execute("select id from marts.data_loads where status = 'completed'")
        audited = {row[0] for row in cursor.fetchall()}
    waiting = [batch.batch_name for batch in batches if batch.id not in audited]
    if waiting:
        raise PipelineError(
            f"{', '.join(waiting)} has not been built: `make build`, or take the batch"
            " back with `loaders reject`, and rebuild the history then. Nothing was"
            " changed."
        )
    return batches


def _replay(settings: Settings, batch: Batch) -> None:
    bound = {"history_schema": "intermediate", "up_to_batch": batch.id}
    variables = ["--vars", json.dumps(bound)]
    run_dbt(settings, ["run", *variables, "--select", *PENDING])
    run_dbt(settings, ["snapshot", *variables])


@click.command()
def main() -> None:
    """Make products_history and labels_history again from the raw rows."""
    rebuild_history(load_settings())


if __name__ == "__main__":
    main()
