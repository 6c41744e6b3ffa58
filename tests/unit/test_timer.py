"""`make install-timer`: what systemd and launchd are given, and what it does."""

import os
import plistlib
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from core.settings import PROJECT_ROOT
from orchestration import timer

FOLDER = "50 % & ours | \\1 'x'"


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The commands given to systemctl and launchctl, which only record them."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("systemctl", "launchctl"):
        program = programs / name
        program.write_text(f'#!/bin/sh\necho "$@" >> "{tmp_path}/asked"\n')
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("LOGS_PATH", str(tmp_path / "logs"))
    return tmp_path / "asked"


def run(command: str) -> None:
    result = CliRunner().invoke(timer.main, [command])
    assert (result.exit_code, result.output) == (0, "")


def test_systemd_gets_the_folder_as_it_is(
    asked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    project = tmp_path / FOLDER
    project.mkdir()
    monkeypatch.setattr(timer, "PROJECT_ROOT", project)
    run("install")  # systemd-analyze verify has read it
    assert asked.read_text().splitlines() == [
        "--user daemon-reload",
        "--user enable --now rakuten-weekly.timer",
    ]
    units = tmp_path / "config" / "systemd" / "user"
    escaped = str(project).replace("%", "%%")
    text = (units / "rakuten-weekly.service").read_text()
    assert f"\nWorkingDirectory={escaped}\n" in text
    asked.unlink()
    run("uninstall")
    assert asked.read_text().splitlines() == [
        "--user disable --now rakuten-weekly.timer",
        "--user daemon-reload",
    ]
    assert list(units.iterdir()) == []
    run("uninstall")


def test_a_unit_that_systemd_refuses_is_an_error(
    asked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = asked.parent / "bin" / "systemd-analyze"
    program.write_text("#!/bin/sh\necho no good >&2; exit 1\n")
    program.chmod(0o755)
    result = CliRunner().invoke(timer.main, ["install"])
    assert result.exit_code == 1
    assert "rakuten-weekly.timer failed: no good" in result.output
    assert not asked.exists()


def test_systemd_runs_it_each_monday_at_midnight() -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    text = (PROJECT_ROOT / "deploy/systemd/rakuten-weekly.timer").read_text()
    (when,) = [line for line in text.splitlines() if line.startswith("OnCalendar=")]
    shown = subprocess.run(
        [
            *("systemd-analyze", "calendar", "--base-time=2026-11-24"),
            *("--iterations=2", when.removeprefix("OnCalendar=")),
        ],
        env=os.environ | {"TZ": "UTC"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "Mon 2026-11-30 00:00:00 UTC" in shown
    assert "Mon 2026-12-07 00:00:00 UTC" in shown
    assert "Persistent=true" in text.splitlines()


def test_launchd_gets_an_agent(
    asked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Simulated: launchctl records what it is asked."""
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(timer, "PROJECT_ROOT", tmp_path / FOLDER)
    run("install")
    agent = tmp_path / "Library" / "LaunchAgents" / "rakuten-elt.weekly.plist"
    content = plistlib.loads(agent.read_bytes())
    assert content["WorkingDirectory"] == str(tmp_path / FOLDER)
    assert content["StartCalendarInterval"] == {"Weekday": 1, "Hour": 0, "Minute": 0}
    assert content["RunAtLoad"] is True
    assert content["ProgramArguments"] == [
        *(sys.executable, "-m", "orchestration.timer", "due")
    ]
    domain = f"gui/{os.getuid()}"
    assert asked.read_text().splitlines() == [f"bootstrap {domain} {agent}"]

    run("install")  # replaces the first
    run("uninstall")
    assert not agent.exists()
    assert asked.read_text().splitlines() == [
        f"bootstrap {domain} {agent}",
        f"bootout {domain}/rakuten-elt.weekly",
        f"bootstrap {domain} {agent}",
        f"bootout {domain}/rakuten-elt.weekly",
    ]


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        ("2026-11-23T00:00:00", "2026-11-23T00:00:00"),
        ("2026-11-29T23:59:59", "2026-11-23T00:00:00"),
        ("2026-12-02T08:30:00", "2026-11-30T00:00:00"),
        ("2027-01-01T12:00:00", "2026-12-28T00:00:00"),
        # In Paris the clock was set back at 3:00 that day.
        ("2026-10-25T12:00:00", "2026-10-19T00:00:00"),
    ],
)
def test_the_week_begins_on_monday(
    now: str, monday: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def seconds(text: str) -> float:
        return time.mktime(time.strptime(text, "%Y-%m-%dT%H:%M:%S"))

    monkeypatch.setenv("TZ", "Europe/Paris")
    time.tzset()
    try:
        assert timer.last_monday(seconds(now)) == seconds(monday)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_login_runs_a_missed_monday_once(
    asked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    started: list[list[str]] = []
    monkeypatch.setattr(os, "execvp", lambda _, command: started.append(command))
    run("install")
    run("due")
    assert started == []  # installed in mid-week: the first run is on Monday
    week_ago = timer.last_monday(time.time()) - 1
    os.utime(tmp_path / "logs" / ".timer-started", (week_ago, week_ago))
    run("due")
    run("due")
    assert started == [["make", "--silent", "weekly"]]
