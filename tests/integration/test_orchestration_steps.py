"""The week's steps called one by one, as a scheduler does."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import replace
from decimal import Decimal
from threading import Event

import pytest
from queries import rows_of

from core.errors import PipelineError
from core.settings import Settings
from loaders.load import load_slice
from loaders.reject import reject_batch
from orchestration import weekly as module
from orchestration.dbt import DbtOutcome, write_docs
from orchestration.history import rebuild_history
from orchestration.progress import WeekState, state_path, write_state
from orchestration.weekly import (
    Done,
    StepOrderError,
    WeeklyRunFailedError,
    plan,
    weekly,
)
from warehouse.connection import connect


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Steps that fail; the others do nothing, but for the load."""
    failing: set[str] = set()

    def call(settings: Settings, name: str, *_: object) -> Done:
        if name in failing:
            raise PipelineError(f"{name} is broken")
        return module._load(settings) if name == "load" else Done("done", {})

    monkeypatch.setattr(module, "_call", call)
    return failing


def steps(settings: Settings, *names: str) -> list[str]:
    """Run steps as a scheduler does; return the ones that had something to do."""
    return [result.name for name in names for result in weekly(settings, step=name)]


WEEK = ("load", "build", "balance", "train", "review", "report")


def test_each_step_is_done_once_and_in_its_turn(
    settings: Settings, broken: set[str]
) -> None:
    assert steps(settings, "load", "load", "build", "build") == ["load", "build"]
    assert steps(settings, *WEEK) == ["balance", "train", "review", "report"]
    assert steps(settings, "train", "review", "report") == []
    assert plan(settings)[0] == "load"
    assert steps(settings, *WEEK) == list(WEEK)
    assert plan(settings)[0] == "load"


def test_only_a_run_that_goes_on_after_the_build_imports_the_later_steps(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported: list[Settings] = []
    monkeypatch.setattr(module, "import_later_steps", imported.append)
    monkeypatch.setattr(
        module, "dbt_process", lambda _: nullcontext(lambda _: DbtOutcome({}))
    )
    steps(settings, "load", "build")
    assert imported == []
    monkeypatch.setattr(module, "STEPS", ("load", "build", "balance"))
    monkeypatch.setattr(module, "_balance", lambda _: Done("done", {}))
    weekly(settings, start="build")
    assert imported == [settings]


def test_a_step_before_its_turn_is_an_error(
    settings: Settings, broken: set[str]
) -> None:
    with pytest.raises(StepOrderError, match="train cannot run yet: load comes"):
        weekly(settings, step="train")
    steps(settings, "load")
    with pytest.raises(StepOrderError, match="train cannot run yet: build comes"):
        weekly(settings, step="train")
    # The batch is rejected: the steps after the load would have nothing to work on.
    reject_batch(settings, "week_1")
    with pytest.raises(StepOrderError, match="build cannot run yet: load comes"):
        weekly(settings, step="build")


def test_when_all_is_loaded_and_built_every_step_succeeds(
    settings: Settings, broken: set[str]
) -> None:
    load_slice(settings, percentage=Decimal(100))
    rows_of(
        settings,
        "create table marts.data_loads as select id, status from raw.data_loads;"
        "alter table marts.data_loads owner to transformer",
    )
    assert steps(settings, *WEEK) == ["load"]


@pytest.mark.parametrize("scheduled", [True, False])
def test_a_batch_that_was_loaded_by_hand_is_built_when_nothing_is_left_to_load(
    settings: Settings, broken: set[str], *, scheduled: bool
) -> None:
    load_slice(settings, percentage=Decimal(100))
    if scheduled:
        assert steps(settings, *WEEK) == list(WEEK)
    else:
        assert [r.name for r in weekly(settings)] == [*WEEK, "notify"]


def test_a_batch_loaded_by_hand_after_a_finished_week_waits_for_the_next_slice(
    settings: Settings, broken: set[str]
) -> None:
    weekly(settings)
    load_slice(settings)
    assert plan(settings) == [*WEEK, "notify"]
    assert weekly(settings)[0].message.startswith("week_3: ")


def test_after_the_last_slice_a_batch_built_by_hand_is_not_trained_on(
    settings: Settings, broken: set[str]
) -> None:
    weekly(settings)
    load_slice(settings, to_end=True)
    rows_of(
        settings,
        "create table marts.data_loads as select id, status from raw.data_loads;"
        "alter table marts.data_loads owner to transformer",
    )
    assert [result.name for result in weekly(settings)] == ["load"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b'{"began_after": 0, "do',
        b"\x00\x00\x00",
        b"[]",
        b"null",
        b"{}",
        b'{"began_after": "one", "done": [], "finished": false}',
        b'{"began_after": 0, "done": null, "finished": false}',
    ],
)
def test_a_state_that_cannot_be_read_repeats_the_steps_of_the_newest_batch(
    settings: Settings, broken: set[str], content: bytes
) -> None:
    steps(settings, *WEEK)
    state_path(settings).write_bytes(content)
    assert plan(settings) == ["build", "balance", "train", "review", "report", "notify"]
    assert [r.name for r in weekly(settings)][-1] == "notify"
    assert plan(settings)[0] == "load"


@pytest.mark.parametrize("missing", [(), ("notify",)])
def test_a_week_that_lost_its_last_write_is_finished(
    settings: Settings, broken: set[str], missing: tuple[str, ...]
) -> None:
    weekly(settings)
    done = tuple(n for n in (*WEEK[1:], "notify") if n not in missing)
    write_state(settings, WeekState(began_after=0, done=done))
    assert plan(settings, step="load") == ["load"]
    assert plan(settings) == list(missing or (*WEEK, "notify"))
    assert steps(settings, *WEEK) == list(WEEK)


def test_a_row_that_the_server_refuses_is_not_reported(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def insert(settings: Settings, *_: object) -> Done:
        connection = connect(settings, "loader")
        with closing(connection), connection.cursor() as cursor:
            cursor.execute(
                "set local rakuten.load_batch_id = 1;"
                " insert into raw.x_train (designation) values ('un titre')"
            )
        return Done("done", {})

    load_slice(settings)
    monkeypatch.setattr(module, "_call", insert)
    with pytest.raises(WeeklyRunFailedError):
        weekly(settings, only="review")
    (path,) = settings.logs_path.glob("weekly-*.jsonl")
    log = path.read_text()
    assert "violates not-null constraint" in log
    assert "un titre" not in log


def test_the_next_run_finishes_a_failed_week_without_another_slice(
    settings: Settings, broken: set[str], capsys: pytest.CaptureFixture[str]
) -> None:
    broken.add("balance")
    assert steps(settings, "load", "build") == ["load", "build"]
    with pytest.raises(WeeklyRunFailedError):
        weekly(settings, step="balance")
    broken.clear()
    assert steps(settings, *WEEK) == ["balance", "train", "review", "report"]
    assert (
        "load: nothing to do, already done for this batch." in capsys.readouterr().out
    )


def test_pages_are_named_only_if_the_report_was_written(
    settings: Settings, broken: set[str], capsys: pytest.CaptureFixture[str]
) -> None:
    broken.add("report")
    with pytest.raises(WeeklyRunFailedError):
        weekly(settings)
    assert "All pages: " not in capsys.readouterr().out
    broken.clear()
    weekly(settings)
    assert capsys.readouterr().out.splitlines()[-1] == (
        f"All pages: {settings.reports_path / 'index.html'} (make open)"
    )


def test_make_weekly_continues_where_the_scheduler_stopped(
    settings: Settings, broken: set[str]
) -> None:
    steps(settings, "load", "build")
    assert [result.name for result in weekly(settings)] == [
        "balance",
        "train",
        "review",
        "report",
        "notify",
    ]


@pytest.fixture
def reviewed(monkeypatch: pytest.MonkeyPatch) -> Event:
    """Set when a review has begun of the one product that is balanced.

    Report and notification do nothing.
    """
    begun = Event()

    def prepare(*_: object) -> str:
        begun.set()
        return "found"

    steps = {
        "_balance": lambda _: Done("balanced", {"run_id": "run", "products": 1}),
        "_prepare_review": prepare,
        "_record_review": lambda found: Done(found, {}),
        "_report": lambda *_: Done("written", {}),
        "_notify": lambda *_: Done("sent", {}),
    }
    for name, step in steps.items():
        monkeypatch.setattr(module, name, step)
    return begun


@pytest.mark.parametrize(("products", "beside"), [(100_000, True), (100_001, False)])
def test_few_products_are_reviewed_while_a_model_is_trained(
    settings: Settings,
    reviewed: Event,
    monkeypatch: pytest.MonkeyPatch,
    *,
    products: int,
    beside: bool,
) -> None:
    def balance(_: Settings) -> Done:
        return Done("balanced", {"run_id": "run", "products": products})

    def train(*_: object) -> Done:
        assert reviewed.wait(20 if beside else 0.2) == beside
        return Done("trained", {})

    monkeypatch.setattr(module, "_balance", balance)
    monkeypatch.setattr(module, "_train", train)
    results = weekly(settings, start="balance")
    assert [result.message for result in results][:3] == [
        "balanced",
        "trained",
        "found",
    ]
    assert reviewed.is_set()


def test_a_review_beside_a_failed_training_is_not_recorded(
    settings: Settings, reviewed: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    def train(*_: object) -> Done:
        assert reviewed.wait(20)
        raise PipelineError("train is broken")

    def record(_: object) -> Done:
        raise AssertionError

    monkeypatch.setattr(module, "_train", train)
    monkeypatch.setattr(module, "_record_review", record)
    with pytest.raises(WeeklyRunFailedError, match="failed at: train"):
        weekly(settings, start="balance")


def test_a_review_that_fails_beside_the_training_fails_at_its_own_step(
    settings: Settings, reviewed: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    def prepare(*_: object) -> str:
        raise PipelineError("review is broken")

    monkeypatch.setattr(module, "_train", lambda *_: Done("trained", {}))
    monkeypatch.setattr(module, "_prepare_review", prepare)
    with pytest.raises(WeeklyRunFailedError, match="failed at: review"):
        weekly(settings, start="balance")


@pytest.mark.parametrize("is_readable", [True, False])
def test_the_report_gets_what_could_be_read_beside_the_training(
    settings: Settings,
    reviewed: Event,
    monkeypatch: pytest.MonkeyPatch,
    *,
    is_readable: bool,
) -> None:
    def read(*_: object) -> str:
        if not is_readable:
            raise PipelineError("PostgreSQL is gone")
        return "the marts"

    def report(_: Settings, __: object, catalogue: str | None) -> Done:
        return Done(catalogue or "read now", {})

    monkeypatch.setattr("reporting.facts.read_catalogue", read)
    monkeypatch.setattr(module, "_train", lambda *_: Done("trained", {}))
    monkeypatch.setattr(module, "_report", report)
    results = weekly(settings, start="balance")
    messages = {result.name: result.message for result in results}
    assert messages["report"] == ("the marts" if is_readable else "read now")


@pytest.mark.parametrize("command", ["docs", "rebuild-history", "weekly --only build"])
def test_the_first_command_of_all_may_be_one_of_dbt(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    fresh = replace(settings, postgres_db=f"{settings.postgres_db}_fresh")
    reached = []

    def run(*_: object) -> None:
        connect(fresh, "transformer").close()
        reached.append(command)
        raise PipelineError("as far as dbt")

    @contextmanager
    def process(_: Settings) -> Iterator[Callable[..., None]]:
        yield run

    monkeypatch.setattr("orchestration.dbt.run_dbt", run)
    monkeypatch.setattr("orchestration.history.run_dbt", run)
    monkeypatch.setattr("orchestration.weekly.dbt_process", process)
    commands: dict[str, Callable[[], object]] = {
        "docs": lambda: write_docs(fresh),
        "rebuild-history": lambda: rebuild_history(fresh),
        "weekly --only build": lambda: weekly(fresh, only="build"),
    }
    with pytest.raises(PipelineError):
        commands[command]()
    assert reached == [command]
