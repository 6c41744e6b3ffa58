"""What the weekly run shows on a terminal and in a log."""

import io
import sys
import threading
import time

from core.progress import listening, report_progress
from orchestration.display import live_line, print_result, show_progress, wrap
from reporting.steps import StepResult


def test_progress_reaches_the_listener_from_any_thread_and_nobody_after_the_block():
    heard = []
    with listening(heard.append):
        thread = threading.Thread(target=report_progress, args=["3 of 9 nodes"])
        thread.start()
        thread.join()
    report_progress("4 of 9 nodes")
    assert heard == ["3 of 9 nodes"]


def test_a_live_line_is_cut_to_the_terminal():
    line = live_line("build", "34 of 66 nodes, products_history", 12.34, width=40)
    assert line == "build    …        12.3 s  34 of 66 node"
    assert len(line) == 39


def test_sentences_wrap_between_words_on_a_terminal_only(monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    text = "week_1: 2,000 rows, 2,000 in all (40 %)"
    assert wrap(text, is_terminal=False, indent=10) == text
    assert wrap(text, is_terminal=True, indent=10) == (
        "week_1: 2,000 rows, 2,000 in\n          all (40 %)"
    )
    path = "/a/long/path/that/must/be/copied/whole/to/be/opened.html"
    assert wrap(path, is_terminal=True, indent=10) == path
    assert (
        wrap("dbt failed:\n  one: two", is_terminal=True) == "dbt failed:\n  one: two"
    )


def test_a_log_gets_one_line_per_step_and_the_note_on_stderr(capsys):
    with show_progress("load"):
        report_progress("half")
    print_result(StepResult("load", "ok", 1.25, "10 rows"), "Only the sample.")
    print_result(StepResult("build", "failed", 3.0, "dbt failed"))
    out, err = capsys.readouterr()
    assert out == "load     ok        1.2 s  10 rows\nbuild    failed    3.0 s\n"
    assert err == "Only the sample.\ndbt failed\n"


def test_a_long_step_leaves_a_line_in_the_log(capsys, monkeypatch):
    monkeypatch.setattr("orchestration.display._LOG_SECONDS", 0.01)
    out = err = ""
    with show_progress("train"):
        report_progress("fitting")
        deadline = time.monotonic() + 10
        while "train: fitting, 0 s\n" not in err and time.monotonic() < deadline:
            time.sleep(0.01)
            more = capsys.readouterr()
            out, err = out + more.out, err + more.err
    assert out == ""
    assert "train: fitting, 0 s\n" in err


class _Terminal(io.StringIO):
    def __init__(self):
        super().__init__()
        self.drawn = threading.Event()

    def isatty(self):
        return True

    def write(self, text):
        if "3 of 9 nodes" in text:
            self.drawn.set()
        return super().write(text)


def test_a_terminal_shows_progress_and_is_left_clean(monkeypatch):
    terminal = _Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    with show_progress("build"):
        report_progress("3 of 9 nodes")
        assert terminal.drawn.wait(10)
    assert terminal.getvalue().endswith("\r\x1b[K")
