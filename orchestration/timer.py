"""`make weekly` each Monday at midnight: a systemd timer, or launchd on macOS."""

import os
import plistlib
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import click

from core.commands import Group
from core.errors import PipelineError
from core.settings import PROJECT_ROOT, load_settings

UNITS = PROJECT_ROOT / "deploy" / "systemd"
NAME = "rakuten-weekly"
LABEL = "rakuten-elt.weekly"


@click.group(cls=Group)
def main() -> None:
    """Run the week's work each Monday at midnight, from this account."""


@main.command()
def install() -> None:
    """Install the timer and start it; an earlier one is replaced."""
    if sys.platform == "darwin":
        _install_agent()
    else:
        _install_units()


@main.command()
def uninstall() -> None:
    """Stop the timer and remove it."""
    if sys.platform == "darwin":
        _unload_agent()
        _agent().unlink(missing_ok=True)
    else:
        _uninstall_units()


@main.command(hidden=True)
def due() -> None:
    """Run the week's work unless it was done since Monday; launchd calls this.

    launchd runs a missed job after sleep, but not after the machine was off. So the
    agent also runs at each login, and this function decides.
    """
    stamp = _stamp()
    if not stamp.exists() or stamp.stat().st_mtime < last_monday(time.time()):
        stamp.touch()
        os.execvp("make", ["make", "--silent", "weekly"])  # noqa: S606, S607 - no shell


def last_monday(now: float) -> float:
    """Return the local start of this week's Monday, across changes of the clock."""
    today = time.localtime(now)
    monday = today.tm_mday - today.tm_wday  # mktime takes days below 1 too
    return time.mktime((today.tm_year, today.tm_mon, monday, 0, 0, 0, 0, 0, -1))


# ---------------------------------------------------------------- systemd


def _units() -> Path:
    config = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(config) / "systemd" / "user"


def _install_units() -> None:
    project = str(PROJECT_ROOT)
    if "\n" in project:
        raise PipelineError(f"systemd accepts no line break in a path: {project!r}")
    service, timer = _units() / f"{NAME}.service", _units() / f"{NAME}.timer"
    service.parent.mkdir(parents=True, exist_ok=True)
    template = (UNITS / f"{NAME}.service.in").read_text()
    service.write_text(template.replace("@PROJECT@", project.replace("%", "%%")))
    shutil.copy(UNITS / timer.name, timer)
    _run("systemd-analyze", "--user", "verify", str(service), str(timer))
    _run("systemctl", "--user", "daemon-reload")
    _run("systemctl", "--user", "enable", "--now", timer.name)


def _uninstall_units() -> None:
    installed = [_units() / f"{NAME}.{kind}" for kind in ("timer", "service")]
    if not any(unit.exists() for unit in installed):
        return
    _run("systemctl", "--user", "disable", "--now", f"{NAME}.timer")
    for unit in installed:
        unit.unlink(missing_ok=True)
    _run("systemctl", "--user", "daemon-reload")


# ---------------------------------------------------------------- launchd


def _agent() -> Path:
    return Path.home() / "Library" / "LaunchAgents" / f"{LABEL}.plist"


def _stamp() -> Path:
    return load_settings().logs_path / ".timer-started"


def _install_agent() -> None:
    logs = load_settings().logs_path
    logs.mkdir(parents=True, exist_ok=True)
    log = str(logs / "launchd.log")
    agent = _agent()
    agent.parent.mkdir(parents=True, exist_ok=True)
    content = {
        "Label": LABEL,
        "ProgramArguments": [sys.executable, "-m", "orchestration.timer", "due"],
        "WorkingDirectory": str(PROJECT_ROOT),
        "StartCalendarInterval": {"Weekday": 1, "Hour": 0, "Minute": 0},
        "RunAtLoad": True,
        # The embedded PostgreSQL keeps serving analysts after the run.
        "AbandonProcessGroup": True,
        # launchd's own PATH lacks what Homebrew installed.
        "EnvironmentVariables": {"PATH": os.environ.get("PATH", os.defpath)},
        "StandardOutPath": log,
        "StandardErrorPath": log,
        "Nice": 5,
        "Umask": 0o077,
    }
    _unload_agent()
    _stamp().touch()  # the first run is on Monday, not now
    agent.write_bytes(plistlib.dumps(content))
    _run("launchctl", "bootstrap", _domain(), str(agent))


def _unload_agent() -> None:
    if _agent().exists():
        _run("launchctl", "bootout", f"{_domain()}/{LABEL}", may_fail=True)


def _domain() -> str:
    return f"gui/{os.getuid()}"


def _run(*command: str, may_fail: bool = False) -> None:
    try:
        result = _call(command)
    except FileNotFoundError:
        raise PipelineError(
            f"{command[0]} is not installed, so no timer can be set up. For cron, see"
            " docs/operations.md."
        ) from None
    if result.returncode != 0 and not may_fail:
        raise PipelineError(
            f"{' '.join(command)} failed: {(result.stderr or result.stdout).strip()}"
        )


def _call(command: Sequence[str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 - programs of the system
        command, capture_output=True, text=True, check=False
    )


if __name__ == "__main__":
    main(prog_name="python -m orchestration.timer")
