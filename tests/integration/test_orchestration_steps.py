"""The week's steps called one by one, as a scheduler does."""

import pytest

from core.errors import PipelineError
from core.settings import Settings
from orchestration import weekly as module
from orchestration.weekly import Done, WeeklyRunFailedError, plan, weekly


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Steps that fail; the others do nothing, but for the load."""
    failing: set[str] = set()

    def call(settings: Settings, name: str, before: object) -> Done:
        if name in failing:
            raise PipelineError(f"{name} is broken")
        return module._load(settings) if name == "load" else Done("done", {})

    monkeypatch.setattr(module, "_call", call)
    return failing


def steps(settings: Settings, *names: str) -> list[str]:
    return [result.name for name in names for result in weekly(settings, step=name)]


WEEK = ("load", "build", "balance", "train", "report")


def test_each_step_is_done_once_and_in_its_turn(
    settings: Settings, broken: set[str]
) -> None:
    assert steps(settings, "load", "load", "train", "build", "build") == [
        "load",
        "build",
    ]
    assert steps(settings, *WEEK) == ["balance", "train", "report"]
    assert plan(settings)[0] == "load"
    assert steps(settings, *WEEK) == list(WEEK)
    assert plan(settings)[0] == "load"


def test_the_next_run_finishes_a_failed_week_without_another_slice(
    settings: Settings, broken: set[str], capsys: pytest.CaptureFixture[str]
) -> None:
    broken.add("balance")
    assert steps(settings, "load", "build") == ["load", "build"]
    with pytest.raises(WeeklyRunFailedError):
        weekly(settings, step="balance")
    broken.clear()
    assert steps(settings, *WEEK) == ["balance", "train", "report"]
    assert "load: nothing to do, balance is what comes next." in capsys.readouterr().out


def test_make_weekly_goes_on_where_the_scheduler_stopped(
    settings: Settings, broken: set[str]
) -> None:
    steps(settings, "load", "build")
    assert [result.name for result in weekly(settings)] == [
        "balance",
        "train",
        "report",
        "notify",
    ]
