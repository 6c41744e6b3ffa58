"""The Makefile as make and sh run it: parameters, refusals, portability."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from core.settings import PROJECT_ROOT

MAKEFILE = (PROJECT_ROOT / "Makefile").read_text()
TARGETS = re.findall(r"^([a-z-]+):.*## ", MAKEFILE, flags=re.MULTILINE)
# Set to run these tests with what macOS ships, such as MAKE_PROGRAM=~/make-3.81/make.
MAKE = os.environ.get("MAKE_PROGRAM", "make")
SHELLS = [
    shell
    for shell in ("sh", "dash", "bash", os.environ.get("SHELL_PROGRAM", ""))
    if shutil.which(shell)
]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project folder with a Python that prints its arguments."""
    shutil.copy(PROJECT_ROOT / "Makefile", tmp_path)
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\nfor word in "$@"; do printf "<%s>" "$word"; done\n')
    python.chmod(0o755)
    return tmp_path


def make(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [MAKE, "--silent", "--old-file=setup", *words],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_warnings_of_libraries_are_no_errors(tmp_path: Path) -> None:
    probe = tmp_path / "probe.mk"
    probe.write_text('probe:\n\t@echo "[$$PYTHONWARNINGS]"\n')
    done = subprocess.run(
        [MAKE, "--silent", "-f", PROJECT_ROOT / "Makefile", "-f", probe, "probe"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONWARNINGS": "error"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "[]\n", done.stderr


NASTY = """a b'"`touch 1`$(shell touch 2)$(touch 3);touch 4 $$HOME # \\ %&"""


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("target", "name", "arguments"),
    [
        ("load", "PERCENTAGE", "<loaders><load><--percentage>"),
        ("report", "WEEK", "<orchestration><report>"),
        ("backup", "INTO", "<orchestration><backup><--into>"),
        ("restore", "FROM", "<orchestration><restore>"),
        ("export", "FILE", "<warehouse><export>"),
        ("import", "FILE", "<warehouse><import>"),
    ],
)
def test_a_parameter_arrives_as_it_was_written(
    shell: str, target: str, name: str, arguments: str, project: Path
) -> None:
    before = sorted(project.iterdir())
    done = make(project, target, f"{name}={NASTY}", f"SHELL={shutil.which(shell)}")
    assert (done.stdout, done.stderr) == (f"<-m>{arguments}<{NASTY}>", "")
    assert sorted(project.iterdir()) == before


def test_a_parameter_is_read_from_the_environment_too(project: Path) -> None:
    done = subprocess.run(
        [MAKE, "--silent", "--old-file=setup", "load"],
        cwd=project,
        env={"PATH": os.environ["PATH"], "PERCENTAGE": NASTY},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"<-m><loaders><load><--percentage><{NASTY}>"


def test_without_a_parameter_the_default_is_used(project: Path) -> None:
    assert make(project, "load").stdout == "<-m><loaders><load>"
    assert make(project, "report").stdout == "<-m><orchestration><report>"
    assert make(project, "export").stdout == "<-m><warehouse><export><warehouse.dump>"


def test_a_base_that_is_no_commit_is_refused(project: Path) -> None:
    subprocess.run(["git", "init", "--quiet", str(project)], check=True)
    base = "--output=/tmp/x; touch gone"
    done = make(project, "build-changed", f"BASE={base}")
    assert done.returncode != 0
    assert done.stderr.splitlines()[0] == (
        f"BASE={base} is not a commit of this repository."
    )


def test_restore_asks_for_the_backup(project: Path) -> None:
    done = make(project, "restore")
    assert done.returncode != 0
    assert done.stderr.splitlines()[0] == (
        "Which backup? make restore FROM=backups/<time>"
    )


def test_an_interrupted_clean_leaves_no_environment_that_counts_as_ready(
    project: Path,
) -> None:
    marks = [".venv/.ready", ".venv/.ready-lint", ".venv-airflow/.ready"]
    for mark in marks:
        (project / mark).parent.mkdir(exist_ok=True)
        (project / mark).touch()
    rm = project / "bin" / "rm"
    rm.parent.mkdir()
    rm.write_text(
        f'#!/bin/sh\ntest "$1" = -rf || exec {shutil.which("rm")} "$@"\nexit 1\n'
    )
    rm.chmod(0o755)
    done = subprocess.run(
        [MAKE, "clean"],
        cwd=project,
        env={"PATH": f"{rm.parent}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert (project / ".venv" / "bin" / "python").exists()
    assert [mark for mark in marks if (project / mark).exists()] == []


@pytest.mark.parametrize("trusted", ["from the start", "with those of the computer"])
def test_jupyter_is_downloaded_from_behind_a_proxy_too(
    trusted: str, project: Path
) -> None:
    uv = project / ".venv" / "bin" / "uv"
    is_refused = 'test "$UV_SYSTEM_CERTS" || exit 1' if "with" in trusted else ":"
    uv.write_text(f'#!/bin/sh\n{is_refused}\necho "$VIRTUAL_ENV: ${{*##* }}"\n')
    uv.chmod(0o755)
    done = make(project, "notebook")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == f"{project / '.venv'}: notebooks"


@pytest.mark.parametrize("target", ["ps", "down", "logs", "up"])
def test_without_compose_one_sentence_is_printed(target: str, project: Path) -> None:
    docker = project / "docker"
    docker.write_text("#!/bin/sh\necho unknown flag >&2; exit 125\n")
    docker.chmod(0o755)
    done = make(project, target, f"COMPOSE={docker} compose")
    assert done.returncode != 0
    assert done.stderr.splitlines()[0] == (
        "The containers need Docker Engine 25 or newer with Compose 2 (docker compose)."
    )
    assert "unknown flag" not in done.stderr


def test_windows_itself_is_refused_in_one_sentence(project: Path) -> None:
    done = make(project, "weekly", "OS=Windows_NT")
    assert done.returncode != 0
    assert "Windows itself is not supported. Run this inside WSL 2" in done.stderr


def test_help_lists_every_target_that_people_use(project: Path) -> None:
    shown = make(project, "help").stdout
    assert {"weekly", "setup", "restore", "test"} <= set(TARGETS)
    for target in TARGETS:
        assert f"  make {target} " in shown


@pytest.mark.parametrize("shell", SHELLS)
def test_recipes_are_valid_in_every_shell(shell: str, project: Path) -> None:
    """Each as make passes it on, its lines joined; parsed, not run."""
    for target in set(TARGETS) - {"setup", "test-airflow"}:  # no recipe; sets up
        printed = subprocess.run(
            [MAKE, "--dry-run", "--old-file=setup", "--old-file=setup-lint", target],
            cwd=project,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        subprocess.run([shell, "-n"], input=printed, text=True, check=True)


BEYOND = {
    r"\.SHELLFLAGS|\.ONESHELL|\$\(file |::=|\$\(let |\$\(intcmp ": "newer make",
    r"\[\[|\+=\"|\$RANDOM|<<<|<\(|\$\{\w+//|\bset -o pipefail": "bash",
    r"\bsed -[iEr]|\bdate -d|\breadlink -f|\bstat -|\bhead -n -|\bxargs -r"
    r"|\bmktemp -[tp]|\bcp --|\btac\b|\brealpath\b|\bgrep -P": "GNU program",
    r"\$\(CURDIR\)": "make expands it into shell code; use $$PWD",
}
COMMANDS = {
    page.name: "".join(
        re.findall(r"^```(?:sh)?\n(.*?)^```", page.read_text(), re.M | re.S)
    )
    for page in [PROJECT_ROOT / "README.md", *(PROJECT_ROOT / "docs").glob("*.md")]
} | {"Makefile": re.sub(r"(?m)^#.*", "", MAKEFILE)}


@pytest.mark.parametrize("name", COMMANDS)
def test_commands_need_no_gnu_programs_bash_or_newer_make(name: str) -> None:
    """macOS has GNU make 3.81, bash 3.2 and BSD programs; Debian has dash as sh."""
    for pattern, reason in BEYOND.items():
        found = re.search(pattern, COMMANDS[name])
        assert found is None, f"{found}: {reason}"
