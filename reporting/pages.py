"""Serve the reports folder to browsers of this machine: reports, reviews, dbt's page.

For containers and schedulers, where a browser cannot open the files. Only requests that
name 127.0.0.1 or localhost are answered, so that no web page can read them through a
host name that it points here (DNS rebinding).
"""

import functools
from collections.abc import Sequence
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from os import PathLike
from pathlib import Path
from urllib.parse import urlsplit

HOSTS = ("127.0.0.1", "localhost")
HEALTH = "/health"


class PageHandler(SimpleHTTPRequestHandler):
    """Answer GET and HEAD with a file of the folder; list no folder."""

    server_version = "pages"
    sys_version = ""

    def parse_request(self) -> bool:
        """Read the request; refuse one that names another host."""
        if not super().parse_request():
            return False
        if not _names_this_machine(self.headers.get_all("Host", [])):
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
            return False
        return True

    def do_GET(self) -> None:
        """Answer with a file, or that the server is up."""
        if self.path != HEALTH:
            super().do_GET()
            return
        self.send_response(HTTPStatus.NO_CONTENT)
        self.end_headers()

    def list_directory(self, path: object) -> None:
        """Answer as if there were no folder."""
        del path
        self.send_error(HTTPStatus.NOT_FOUND, explain="There is no report here yet.")

    def guess_type(self, path: str | PathLike[str]) -> str:
        """Return the type of a file; every text in the folder is UTF-8."""
        kind = super().guess_type(path)
        return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind

    def end_headers(self) -> None:
        """Make browsers use the declared type of a file, and ask for newer versions."""
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()


def _names_this_machine(hosts: Sequence[str]) -> bool:
    try:
        return len(hosts) == 1 and urlsplit(f"//{hosts[0]}").hostname in HOSTS
    except ValueError:
        return False


def open_pages(folder: Path, host: str, port: int) -> ThreadingHTTPServer:
    """Return a server of a folder that listens and waits for `serve_forever`.

    Raises:
        OSError: the address is taken, or is not one of this machine.
    """
    handler = functools.partial(PageHandler, directory=str(folder))
    return ThreadingHTTPServer((host, port), handler)
