"""Failed and killed runs leave a folder, a gigabyte of memory, until the next run."""

import subprocess
import sys
from pathlib import Path

from run_folder import make_run_folder


def test_the_folders_of_runs_that_are_over_are_removed(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    own = make_run_folder(tmp_path)
    (tmp_path / f"rakuten-tests-{ended.pid}-abc" / "cluster").mkdir(parents=True)
    others = {"rakuten-tests-of-another-kind", "something else"}
    for name in others:
        (tmp_path / name).mkdir()
    second = make_run_folder(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        own.name,
        second.name,
    } | others
