"""What is committed: sources, and none of the challenge's rows."""

import subprocess

import pytest

from core.settings import PROJECT_ROOT

LARGEST = 400_000  # bytes


@pytest.fixture(scope="module")
def tracked() -> list[str]:
    if not (PROJECT_ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z"],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [name for name in listed.stdout.split("\0") if name]


def test_no_tracked_file_is_large(tracked: list[str]) -> None:
    present = (PROJECT_ROOT / name for name in tracked)
    large = [
        str(path)
        for path in present
        if path.is_file() and path.stat().st_size > LARGEST
    ]
    assert large == []


@pytest.mark.parametrize("name", ["X_train.csv", "X_test.csv", "Y_train_CVw08PX.csv"])
def test_the_challenges_files_are_ignored_in_any_folder(
    tracked: list[str], name: str
) -> None:
    ignored = subprocess.run(
        ["git", "check-ignore", "--quiet", f"some/folder/{name}"],
        cwd=PROJECT_ROOT,
        check=False,
    )
    assert ignored.returncode == 0
