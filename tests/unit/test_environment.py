"""`make setup`: the right Python, an environment that is repaired, two at once."""

import fcntl
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import click
import pytest

from core.settings import PROJECT_ROOT

SCRIPT = PROJECT_ROOT / "deploy" / "environment.py"


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, imported, in a folder with the files it reads."""
    spec = importlib.util.spec_from_file_location("environment", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.chdir(tmp_path)
    for name in ("requirements.lock", "requirements-uv.lock", "pyproject.toml"):
        Path(name).touch()
    return module


ARGUMENTS = [".venv", ".ready", "requirements.lock", "--project"]


def test_a_half_made_environment_is_created_again(tmp_path: Path) -> None:
    """The real thing: what a killed `python3 -m venv` leaves has no pip."""
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    shutil.copy(Path(sys.executable).with_name("uv"), tmp_path / ".venv" / "bin")
    half = tmp_path / "half"
    subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", str(half)], check=True
    )
    for name in ("empty.lock", "pyproject.toml"):
        (tmp_path / name).touch()
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "half", ".ready", "empty.lock"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "half is unfinished or broken; creating it again." in done.stdout
    assert (half / ".ready").exists()
    subprocess.run([half / "bin" / "python", "-c", "import pip"], check=True)


def test_an_environment_with_a_killed_setup_is_created_again(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    killed_at = "--editable"

    def call(*command: str) -> None:
        calls.append(" ".join(command))
        if command[1:3] == ("-m", "venv"):
            python = Path(command[3], "bin", "python")
            python.parent.mkdir(parents=True)
            python.symlink_to(sys.executable)
        if killed_at in command:
            raise KeyboardInterrupt

    monkeypatch.setattr(script, "call", call)
    monkeypatch.setattr(script, "runs", lambda venv: venv.exists())
    with pytest.raises(KeyboardInterrupt):
        script.main(ARGUMENTS)
    assert not Path(".venv/.ready").exists()
    Path(".venv/half").touch()

    killed_at = "never"
    script.main(ARGUMENTS)
    assert sorted(p.name for p in Path(".venv").iterdir()) == [".ready", "bin"]
    assert sum("-m venv" in command for command in calls) == 2

    # A newer lock is installed into it; killed there, it is created once more.
    os.utime("requirements.lock", (2**32, 2**32))
    killed_at = "--require-hashes"
    with pytest.raises(KeyboardInterrupt):
        script.main(ARGUMENTS)
    killed_at = "never"
    os.utime("requirements.lock", (0, 0))
    script.main(ARGUMENTS)
    assert sum("-m venv" in command for command in calls) == 3

    # Up to date: nothing is called.
    calls.clear()
    script.main(ARGUMENTS)
    assert calls == []


@pytest.mark.parametrize("may_keep_bytecode", [True, False])
def test_all_is_compiled_only_where_imports_keep_no_bytecode(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, *, may_keep_bytecode: bool
) -> None:
    calls: list[tuple[str, ...]] = []
    monkeypatch.setattr(script, "call", lambda *command: calls.append(command))
    monkeypatch.setattr(script, "create", lambda venv: venv.mkdir())
    monkeypatch.setattr(sys, "dont_write_bytecode", not may_keep_bytecode)
    script.main(ARGUMENTS)
    (packages,) = [c for c in calls if c[-1] == "requirements.lock"]
    assert ("--compile-bytecode" in packages) is not may_keep_bytecode


def test_two_setups_wait_for_each_other(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    other = os.open(script.LOCK, os.O_RDWR | os.O_CREAT)
    fcntl.flock(other, fcntl.LOCK_EX)

    def finish(_: float) -> None:
        Path(".venv").mkdir()
        Path(".venv/.ready").touch()
        os.close(other)

    monkeypatch.setattr(script.time, "sleep", finish)
    monkeypatch.setattr(script, "runs", lambda venv: True)
    monkeypatch.setattr(script, "call", lambda *command: pytest.fail(str(command)))
    script.main(ARGUMENTS)
    assert capsys.readouterr().out == (
        "Another set-up is running in this folder; waiting for it.\n"
    )


def test_no_other_account_can_hold_the_lock_of_the_setup(script: ModuleType) -> None:
    with script.only_one_at_a_time():
        assert Path(script.LOCK).stat().st_mode & 0o777 == 0o600


def test_a_lock_that_cannot_be_opened_is_named(script: ModuleType) -> None:
    Path(script.LOCK).mkdir()
    with pytest.raises(
        script.SetupError, match=r"Cannot write \.setup\.lock: Is a dir"
    ):
        script.main(ARGUMENTS)


def test_an_unsupported_python_hands_over_to_one_that_runs(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """pyenv puts a python3.13 on the PATH that only says it is not the chosen one."""
    for name, code in (("python3.13", 127), ("python3.12", 0), ("python3.11", 0)):
        (tmp_path / name).write_text(f"#!/bin/sh\nexit {code}\n")
        (tmp_path / name).chmod(0o755)
    started: list[list[str]] = []

    def execv(_: str, command: list[str]) -> None:
        started.append(command)
        raise InterruptedError  # the real one does not return

    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(script.os, "execv", execv)
    monkeypatch.setattr(script.sys, "argv", ["environment.py", ".venv"])
    for version in ((3, 9, 2), (3, 10, 0), (script.NEWEST[0], script.NEWEST[1] + 1, 0)):
        monkeypatch.setattr(script.sys, "version_info", version)
        with pytest.raises(InterruptedError):
            script.use_supported_python()
        expected = [str(tmp_path / "python3.12"), "environment.py", ".venv"]
        assert started.pop(0) == expected


def test_without_a_supported_python_it_names_the_versions(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script.sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(script.shutil, "which", lambda _: None)
    with pytest.raises(
        script.SetupError, match=r"from 3\.11 to 3\.\d+; if it is not on"
    ):
        script.main(ARGUMENTS)
    assert not Path(".venv").exists()


def test_without_ensurepip_it_names_the_package_and_changes_nothing(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path(".venv").mkdir()
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    with pytest.raises(script.SetupError, match=f"apt install python{version}-venv"):
        script.main(ARGUMENTS)
    assert Path(".venv").exists()


@pytest.mark.parametrize(
    ("system", "machine"),
    [("Windows", "AMD64"), ("Linux", "armv7l"), ("FreeBSD", "amd64")],
)
def test_a_platform_without_packages_is_refused_first(
    system: str, machine: str, script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script.platform, "system", lambda: system)
    monkeypatch.setattr(script.platform, "machine", lambda: machine)
    with pytest.raises(
        script.SetupError, match=f"no packages for {system} on {machine}"
    ):
        script.main(ARGUMENTS)


def test_a_failed_step_is_one_sentence(script: ModuleType) -> None:
    with pytest.raises(script.SetupError, match="Run the same command again"):
        script.call(sys.executable, "-c", "raise SystemExit(3)")


UNTRUSTED = """#!/bin/sh
echo "$*" >> calls
case "$*" in *--system-certs) exit 0; esac
echo "  cause: invalid peer certificate: UnknownIssuer" >&2
exit 1
"""


def test_behind_a_proxy_the_certificates_of_the_computer_are_trusted(
    script: ModuleType, capfd: pytest.CaptureFixture
) -> None:
    uv = Path(script.UV)
    uv.parent.mkdir(parents=True)
    uv.write_text(UNTRUSTED)
    uv.chmod(0o755)
    script.install_with_uv("a-python", "-r", "a.lock")
    first = "pip install --python a-python -r a.lock"
    assert Path("calls").read_text() == f"{first}\n{first} --system-certs\n"
    printed = capfd.readouterr()
    assert "trusting the certificates of this computer" in printed.out
    assert "UnknownIssuer" in printed.err


def test_the_list_of_packages_is_left_out(
    script: ModuleType, capfd: pytest.CaptureFixture
) -> None:
    lines = r"Installed 2 packages\n + click==8.1\n ~ dbt==1\n"
    script.call(sys.executable, "-c", f"import sys; sys.stderr.write('{lines}')")
    assert capfd.readouterr().err == "    Installed 2 packages\n"


@pytest.mark.parametrize("package", ["loaders", "balancing", "training"])
def test_outside_the_environment_a_command_says_so(
    package: str, tmp_path: Path
) -> None:
    """Isolated from site-packages, as the system's Python is."""
    done = subprocess.run(
        [sys.executable, "-S", "-m", package, "--help"],
        cwd=PROJECT_ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"Error: the package click is not installed in {sys.executable}. Run `make setup`"
        " in the project folder, then use .venv/bin/python.\n"
    )


def test_a_package_that_a_command_misses_is_named(tmp_path: Path) -> None:
    """The system's Python may have click, and not what a command imports later."""
    (tmp_path / "click").symlink_to(Path(click.__file__).parent)
    done = subprocess.run(
        [sys.executable, "-S", "-m", "balancing", "list"],
        cwd=PROJECT_ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(
        r"Error: the package \w+ is not installed in .+ use \.venv/bin/python\.\n",
        done.stderr,
    )
