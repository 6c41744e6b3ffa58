"""Commands that serve pages: which ports are refused, before an address is printed."""

import socket
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from orchestration.cli import main as orchestration
from reporting.cli import main as reporting


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that another program listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize("command", ["serve", "ui"])
def test_a_port_in_use_is_refused(command: str, taken: int) -> None:
    result = CliRunner().invoke(orchestration, [command, "--port", str(taken)])
    assert (result.exit_code, result.stdout) == (75, "")
    assert result.stderr == (
        f"Error: Port {taken} on 127.0.0.1 is in use: stop what uses it, or choose"
        " another.\n"
    )


def test_the_pages_are_not_served_on_a_port_in_use(
    taken: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REPORTS_PATH", str(tmp_path))
    result = CliRunner().invoke(reporting, ["serve", "--port", str(taken)])
    assert (result.exit_code, result.stdout) == (69, "")
    assert result.stderr == (
        f"Error: Cannot listen on 127.0.0.1:{taken} (Address already in use): choose"
        " another address.\n"
    )


@pytest.mark.parametrize("port", ["0", "65536"])
@pytest.mark.parametrize(
    ("program", "command"),
    [(orchestration, "serve"), (orchestration, "ui"), (reporting, "serve")],
)
def test_a_port_out_of_range_is_wrong_usage(
    program: click.Group, command: str, port: str
) -> None:
    result = CliRunner().invoke(program, [command, "--port", port])
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{port} is not in the range 1<=x<=65535" in result.stderr
