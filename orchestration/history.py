"""Write the histories again from the raw rows: `make rebuild-history`."""

import click

from core.commands import Command
from core.settings import Settings, load_settings
from orchestration.dbt import run_dbt
from orchestration.progress import weekly_lock
from warehouse.database import ensure_prepared

HISTORIES = ("products_history", "labels_history")


def rebuild_history(settings: Settings) -> None:
    """Replay every audited batch into both histories.

    Each history is written in one transaction: readers see the old or the new rows, and
    a rebuild that is interrupted is completed by the next build.

    Raises:
        BusyError: a weekly run is running.
        DbtFailedError: a history could not be written, or failed its tests.
    """
    with weekly_lock(settings) as record_step:
        record_step("rebuild-history")
        ensure_prepared(settings)
        run_dbt(settings, ["run-operation", "forget_histories"])
        run_dbt(settings, ["run", "--select", *HISTORIES])
        run_dbt(settings, ["test", "--select", *HISTORIES])


@click.command(cls=Command)
def main() -> None:
    """Write products_history and labels_history again from the raw rows."""
    rebuild_history(load_settings())
    click.echo("Both histories were written again.")


if __name__ == "__main__":
    main()
