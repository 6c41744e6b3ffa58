"""The commands of `python -m reporting`."""

import os
import sys

import click

from core.settings import load_settings


@click.group()
def main() -> None:
    """Open the pages of the project."""


@main.command(name="open")
def open_index() -> None:
    """Write the index page anew and open it in a browser, if there is one."""
    from reporting.index import write_index

    path = write_index(load_settings())
    click.echo(path)
    # Without a display xdg-open would start a browser in this terminal.
    has_display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if sys.platform == "darwin" or has_display:
        click.launch(path.as_uri())
