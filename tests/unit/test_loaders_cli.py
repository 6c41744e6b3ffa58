"""The loader's options: what is refused before anything is opened."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from loaders.cli import main


@pytest.mark.parametrize("option", ["--percentage", "--increment"])
@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("forty", "is not a number"),
        ("", "is not a number"),
        ("4O", "is not a number"),
        ("43.125", "must be a number with at most two decimals"),
        ("nan", "must be a number with at most two decimals"),
        ("inf", "must be a number with at most two decimals"),
    ],
)
def test_a_percentage_that_is_no_number_is_wrong_usage(
    option: str, value: str, reason: str
) -> None:
    result = CliRunner().invoke(main, ["load", option, value])
    assert result.exit_code == 2
    assert result.stderr.endswith(
        f"Error: Invalid value for '{option}': {value!r} {reason}.\n"
    )
    assert result.stdout == ""


def test_a_sample_overwrites_no_file(tmp_path: Path) -> None:
    (tmp_path / "Y_train.csv").write_text("mine")
    result = CliRunner().invoke(main, ["sample", str(tmp_path)])
    assert result.exit_code == 65
    assert f"{tmp_path} already contains Y_train.csv" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["Y_train.csv"]
    assert (tmp_path / "Y_train.csv").read_text() == "mine"


def test_only_one_way_to_say_how_much_is_taken() -> None:
    result = CliRunner().invoke(main, ["load", "--percentage", "50", "--to-end"])
    assert result.exit_code == 2
    assert result.stderr.endswith(
        "Error: Give one of --percentage, --increment and --to-end, not several.\n"
    )


def test_the_exit_codes_are_in_the_help() -> None:
    text = " ".join(CliRunner().invoke(main, ["--help"]).stdout.split())
    for code in ("65 the files cannot be loaded", "75 another loader is running"):
        assert code in text
