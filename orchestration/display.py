"""The output of the weekly run: a live line on a terminal, plain lines in a log."""

import shutil
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click

from core.progress import listening
from reporting.steps import StepResult

_COLUMN = 10
_REDRAW_SECONDS = 0.2
_LOG_SECONDS = 30.0
_CLEAR = "\r\x1b[K"


@contextmanager
def show_progress(step: str) -> Iterator[None]:
    """Show the progress of a step while the block runs.

    A terminal gets one line that is redrawn; a log gets a line on stderr every half
    minute, so that short steps leave none.
    """
    latest = [""]

    def listen(message: str) -> None:
        latest[0] = message

    began = time.monotonic()
    done = threading.Event()
    is_live = sys.stdout.isatty()

    def draw() -> None:
        while not done.wait(_REDRAW_SECONDS if is_live else _LOG_SECONDS):
            seconds = time.monotonic() - began
            if is_live:
                sys.stdout.write(_CLEAR + live_line(step, latest[0], seconds) + "\r")
                sys.stdout.flush()
            else:
                click.echo(
                    f"{step}: {latest[0] or 'running'}, {seconds:.0f} s", err=True
                )

    drawing = threading.Thread(target=draw, daemon=True)
    with listening(listen):
        drawing.start()
        try:
            yield
        finally:
            done.set()
            drawing.join()
            if is_live:
                sys.stdout.write(_CLEAR)
                sys.stdout.flush()


def live_line(step: str, message: str, seconds: float, width: int | None = None) -> str:
    """Return the line of a running step, cut so that the terminal does not wrap it."""
    width = width or _terminal_width()
    text = f"{step:<8} …      {seconds:6.1f} s"
    return f"{text}  {message}"[: width - 1]


def print_result(result: StepResult, note: str = "") -> None:
    """Print the line of a finished step; its error and the note go to stderr.

    On a terminal, sentences wrap between words.
    """
    colour = {"ok": "green", "failed": "red"}.get(result.status)
    mark = click.style(f"{result.status:<6}", fg=colour)
    line = f"{result.name:<8} {mark} {result.seconds:6.1f} s"
    if result.status == "failed":
        click.echo(line)
        click.echo(wrap(result.message, sys.stderr.isatty()), err=True)
        return
    used = len(click.unstyle(line)) + 2
    click.echo(f"{line}  {wrap(result.message, sys.stdout.isatty(), used)}")
    if note:
        click.secho(wrap(note, sys.stderr.isatty()), fg="yellow", err=True)


def wrap(text: str, is_terminal: bool, indent: int = 0) -> str:  # noqa: FBT001
    """Return text broken between words for a terminal; unchanged for a log.

    Args:
        text: lines are kept apart.
        is_terminal: whether a person reads it on a terminal.
        indent: columns that are taken on the first line, and left free on the others.
    """
    width = _terminal_width()
    if not is_terminal or width - indent < 2 * _COLUMN:
        return text
    lines = [
        textwrap.fill(
            line,
            width - indent,
            subsequent_indent=line[: len(line) - len(line.lstrip())],
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in text.splitlines()
    ]
    return "\n".join(lines).replace("\n", "\n" + " " * indent)


def _terminal_width() -> int:
    return shutil.get_terminal_size().columns
