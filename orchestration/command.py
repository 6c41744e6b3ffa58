"""The command `rakuten`: every command of the project under one name.

Nothing is imported before it is needed: `rakuten --help` answers at once.
"""

from importlib import import_module

import click

from core.commands import Group
from core.start import collect_rarely

# Each name: module, attribute, and the line `rakuten --help` shows.
COMMANDS = {
    "weekly": ("orchestration.cli", "weekly", "Do the week's work, or finish it."),
    "status": ("orchestration.cli", "status", "Show what is loaded and running."),
    "load": ("loaders.cli", "main", "Load slices and corrections into raw."),
    "balance": ("balancing.cli", "main", "Make balanced datasets."),
    "train": ("training.cli", "main", "Train, review labels, use the champion."),
    "report": ("orchestration.cli", "report", "Rebuild the report of a week."),
    "open": ("reporting.cli", "open_index", "Open the page that links to all others."),
    "docs": ("orchestration.cli", "docs", "Write the dbt documentation."),
    "ui": ("orchestration.cli", "ui", "Serve MLflow's pages."),
    "serve": ("orchestration.cli", "serve", "Answer requests with the champion."),
    "backup": ("orchestration.cli", "backup", "Copy everything to one folder."),
    "restore": ("orchestration.cli", "restore", "Restore a backup."),
    "warehouse": ("warehouse.cli", "main", "Start, stop and reach PostgreSQL."),
}


class LazyCommands(Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of COMMANDS."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; None if there is none of this name."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(
        self,
        ctx: click.Context,
        formatter: click.HelpFormatter,
    ) -> None:
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (*_, line) in COMMANDS.items()])


@click.group(cls=LazyCommands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Load, audit, balance, train and report the Rakuten France catalogue."""
    collect_rarely()
