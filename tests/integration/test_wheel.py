"""The wheel holds what the packages need besides code."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from core.settings import PROJECT_ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's wheel, built from what is in the checkout."""
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-c", _BUILD, str(out)],
        cwd=PROJECT_ROOT,
        check=True,
        capture_output=True,
    )
    return next(out.glob("*.whl"))


# Setuptools writes its egg-info and build folders beside the sources.
_BUILD = """
import shutil, sys, tempfile, os
from pathlib import Path
work = Path(tempfile.mkdtemp()) / "source"
ignored = shutil.ignore_patterns(".*", "data", "build", "*.egg-info", "__pycache__",
    "dbt_project", "reports", "logs", "backups", "tests", "docs")
shutil.copytree(".", work, ignore=ignored)
os.chdir(work)
from setuptools import build_meta
build_meta.build_wheel(sys.argv[1])
"""


def test_the_wheel_holds_queries_and_templates(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert "loaders/schema.sql" in names
    for path in (PROJECT_ROOT / "reporting" / "templates").iterdir():
        assert f"reporting/templates/{path.name}" in names


def test_an_installed_package_finds_them_and_names_the_missing_project(
    wheel: Path, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    code = (
        "from loaders.schema import DDL; from reporting.render import _TEMPLATES;"
        "import core.settings;"
        "print(DDL.is_file(), (_TEMPLATES / 'report.html.j2').is_file(),"
        " core.settings.PROJECT_ROOT)"
    )
    # The site folder of the wheel comes before the checkout.
    environment = {**os.environ, "PYTHONPATH": str(site)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["True", "True", str(tmp_path)]
    refused = subprocess.run(
        [sys.executable, "-m", "orchestration", "docs"],
        cwd=tmp_path,
        env={**environment, "DATA_PATH": str(tmp_path / "raw")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 78
    assert refused.stderr == (
        f"Error: There is no dbt_project in {tmp_path}: run this in the project's"
        " folder.\n"
    )


def test_rakuten_lists_every_command_and_imports_none() -> None:
    code = (
        "import sys; from click.testing import CliRunner;"
        "from orchestration.command import main;"
        "print(CliRunner().invoke(main, ['--help']).output);"
        "print(sorted({'mlflow', 'dbt', 'pandas', 'psycopg2'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert "weekly     Do the week's work, or finish it." in done.stdout
    assert done.stdout.rstrip().endswith("[]")


def test_rakuten_calls_the_commands_of_the_packages() -> None:
    from orchestration.command import COMMANDS, LazyCommands, main

    for name in COMMANDS:
        command = LazyCommands.get_command(main, None, name)  # type: ignore[arg-type]
        assert command is not None
        assert command.help
