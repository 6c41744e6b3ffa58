"""The commands of `python -m reporting`."""

import json
import os
import sys
from contextlib import suppress

import click

from core.commands import PORT, Group
from core.durable import make_folder
from core.errors import ServerError
from core.settings import load_settings


@click.group(cls=Group)
def main() -> None:
    """Open the pages of the project."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8081, show_default=True, type=PORT)
def serve(host: str, port: int) -> None:
    """Serve the reports folder to browsers of this machine, until Ctrl-C."""
    from reporting.pages import open_pages

    folder = load_settings().reports_path
    make_folder(folder)
    try:
        server = open_pages(folder, host, port)
    except OSError as error:
        raise ServerError(
            f"Cannot listen on {host}:{port} ({error.strerror}): choose another address."
        ) from None
    click.echo(f"Reports: http://127.0.0.1:{port}/ (Ctrl-C stops it)")
    with server, suppress(KeyboardInterrupt):
        server.serve_forever()


@main.command()
def links() -> None:
    """Print the addresses of the newest week's pages as JSON, for schedulers."""
    from reporting.links import newest_pages

    click.echo(json.dumps(newest_pages(load_settings())))


@main.command(name="open")
def open_index() -> None:
    """Write the index page again and open it in a browser, if there is one."""
    from reporting.index import write_index

    path = write_index(load_settings())
    click.echo(path)
    # Without a display xdg-open would start a browser in this terminal.
    has_display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if sys.platform == "darwin" or has_display:
        click.launch(path.as_uri())
