"""What `make install-timer` installs, as systemd reads it."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from core.settings import PROJECT_ROOT

UNITS = PROJECT_ROOT / "deploy" / "systemd"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """What the target needs of a checkout, in a folder systemd has to quote."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    folder = tmp_path / "50 % ours"
    shutil.copytree(UNITS, folder / "deploy" / "systemd")
    for name in ("Makefile", "docker-compose.yml"):
        shutil.copy(PROJECT_ROOT / name, folder)
    return folder


def test_the_timer_is_installed_without_a_word_from_systemd(
    project: Path, tmp_path: Path
) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    systemctl = programs / "systemctl"
    systemctl.write_text(f'#!/bin/sh\necho "$@" >> "{tmp_path}/asked"\n')
    systemctl.chmod(0o755)
    environment = os.environ | {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_RUNTIME_DIR": str(tmp_path),
    }
    done = subprocess.run(
        ["make", "--silent", "--old-file=setup", "install-timer"],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "asked").read_text().splitlines() == [
        "--user daemon-reload",
        "--user enable --now rakuten-weekly.timer",
    ]
    service = tmp_path / "config" / "systemd" / "user" / "rakuten-weekly.service"
    quoted = str(project).replace("%", "%%")
    assert f"\nWorkingDirectory={quoted}\n" in service.read_text()


@pytest.mark.usefixtures("project")
def test_the_timer_is_due_each_monday_at_midnight() -> None:
    lines = (UNITS / "rakuten-weekly.timer").read_text().splitlines()
    (when,) = [line for line in lines if line.startswith("OnCalendar=")]
    shown = subprocess.run(
        [
            "systemd-analyze",
            "calendar",
            "--base-time=2026-11-24",
            "--iterations=2",
            when.removeprefix("OnCalendar="),
        ],
        env=os.environ | {"TZ": "UTC"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "Mon 2026-11-30 00:00:00 UTC" in shown
    assert "Mon 2026-12-07 00:00:00 UTC" in shown
    assert "Persistent=true" in lines
