"""Errors: exceptions of our own in a library call, one message in a command."""

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from core.commands import Command, Group
from core.errors import BusyError, ConfigurationError, PipelineError
from loaders.cli import main as loaders
from orchestration.command import main as rakuten


@click.group(cls=Group)
def main() -> None:
    """Hold a command that fails."""


@main.command()
def build() -> None:
    """Fail."""
    raise BusyError("Another builder is running.")


@main.group(cls=Group)
def nested() -> None:
    """Hold the same command, one level down."""


nested.add_command(build)


@pytest.mark.parametrize("arguments", [["build"], ["nested", "build"]])
def test_a_command_prints_the_message_and_exits_with_the_errors_code(
    arguments: list[str],
) -> None:
    ended = CliRunner().invoke(main, arguments)
    assert (ended.exit_code, ended.stdout) == (75, "")
    assert ended.stderr == "Error: Another builder is running.\n"


def test_a_command_outside_any_group_prints_it_too() -> None:
    @click.command(cls=Command)
    def alone() -> None:
        raise ConfigurationError("POSTGRES_DB is empty.")

    ended = CliRunner().invoke(alone)
    assert (ended.exit_code, ended.stderr) == (78, "Error: POSTGRES_DB is empty.\n")


def test_text_that_is_not_utf8_is_refused_and_a_path_is_not() -> None:
    @main.command()
    @click.argument("text")
    @click.argument("file", type=click.Path(path_type=Path))
    def say(text: str, file: Path) -> None:
        click.echo(f"{text!r} {file!s:.2}")

    name = os.fsdecode(b"caf\xe9")
    assert CliRunner().invoke(main, ["say", "café", name]).stdout == "'café' ca\n"
    refused = CliRunner().invoke(main, ["say", name, name])
    assert refused.exit_code == 2
    assert refused.stderr.endswith("Invalid value for 'TEXT': it is not UTF-8.\n")


def test_an_error_that_nobody_foresaw_keeps_its_traceback() -> None:
    @click.command(cls=Command)
    def broken() -> None:
        raise FileNotFoundError(2, "No such file or directory", "X_train.csv")

    assert isinstance(CliRunner().invoke(broken).exception, FileNotFoundError)


@pytest.mark.parametrize(
    ("command", "arguments"),
    [(loaders, ["status"]), (rakuten, ["load", "status"]), (rakuten, ["status"])],
)
def test_rakuten_and_the_packages_report_a_wrong_setting_alike(
    command: click.Command, arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INITIAL_PERCENTAGE", "many")
    ended = CliRunner().invoke(command, arguments)
    assert ended.exit_code == 78
    assert ended.stderr.startswith("Error: INITIAL_PERCENTAGE")


def test_library_errors_are_not_clicks() -> None:
    assert not issubclass(PipelineError, click.ClickException)
    code = "import sys, balancing, core.errors; print('click' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"
