"""The reports folder behind a small server: its own names, its files, nothing else."""

import http.client
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from reporting.pages import open_pages


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    reports = tmp_path / "reports"
    (reports / "other").mkdir(parents=True)
    (reports / "index.html").write_text("<p>Week 1</p>")
    (reports / "week_1.json").write_text("{}")
    (tmp_path / "secret").write_text("secret")
    with open_pages(reports, "127.0.0.1", 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def ask(port: int, path: str, *hosts: str, method: str = "GET") -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.putrequest(method, path, skip_host=True)
    for host in hosts:
        connection.putheader("Host", host)
    connection.endheaders()
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


@pytest.mark.parametrize("host", ["127.0.0.1:8081", "localhost", "LOCALHOST:1"])
def test_a_browser_of_this_machine_gets_the_pages(port, host):
    assert ask(port, "/", host) == (200, b"<p>Week 1</p>")
    assert ask(port, "/week_1.json", host) == (200, b"{}")
    assert ask(port, "/health", host) == (204, b"")


@pytest.mark.parametrize(
    "hosts",
    [
        ("rebound.example",),
        ("127.0.0.1.rebound.example:8081",),
        ("localhost@rebound.example",),
        ("[::1",),
        (),
        ("127.0.0.1", "rebound.example"),
    ],
)
def test_another_name_gets_nothing(port, hosts):
    for path in ("/", "/index.html", "/health"):
        status, body = ask(port, path, *hosts)
        assert status in (400, 421)
        assert b"Week 1" not in body


@pytest.mark.parametrize("path", ["/../secret", "/%2e%2e/secret", "/other/", "/none"])
def test_only_files_of_the_folder_are_served(port, path):
    status, body = ask(port, path, "127.0.0.1")
    assert status == 404
    assert b"secret" not in body


def test_nothing_can_be_written(port):
    for method in ("POST", "PUT", "DELETE"):
        assert ask(port, "/index.html", "127.0.0.1", method=method)[0] == 501


def test_a_text_is_declared_as_utf_8(tmp_path, port):
    (tmp_path / "reports" / "week_1.md").write_text("été", encoding="utf-8")
    types = []
    for path in ("/", "/week_1.md", "/week_1.json"):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("HEAD", path)
        types.append(connection.getresponse().headers["Content-Type"])
        connection.close()
    assert types == [
        "text/html; charset=utf-8",
        "text/markdown; charset=utf-8",
        "application/json",
    ]


def test_before_the_first_report_the_answer_is_that_there_is_none(tmp_path, port):
    (tmp_path / "reports" / "index.html").unlink()
    status, body = ask(port, "/", "127.0.0.1")
    assert status == 404
    assert b"There is no report here yet." in body
