"""`make status`: what is reported in each state, and that nothing is started."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from places import make_settings
from queries import rows_of
from samples import write_sample

from core.errors import PipelineError, SourceError
from core.settings import Settings
from loaders.load import load_slice
from loaders.reject import reject_batch
from orchestration.progress import WeekState, state_path, weekly_lock, write_state
from orchestration.status import read_status


def said(settings: Settings) -> Mapping[str, str]:
    return dict(read_status(settings))


def test_nothing_is_started_where_nothing_is(tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    assert said(settings) == {
        "server": "none yet: `make weekly` sets it up",
        "champion": "none yet",
        "pages": "none yet",
    }
    assert list(tmp_path.iterdir()) == []


def test_a_waiting_batch_is_reported(settings: Settings) -> None:
    assert said(settings)["warehouse"].endswith("nothing is loaded")
    write_sample(settings.data_path, 200, 1)
    load_slice(settings)
    rows_of(
        settings,
        "create table marts.data_loads as select id, status from raw.data_loads;"
        "create table intermediate.int_audited_batches as"
        " select id as load_batch_id from raw.data_loads;"
        "alter table marts.data_loads owner to transformer;"
        "alter table intermediate.int_audited_batches owner to transformer",
    )
    assert "waiting" not in said(settings)
    load_slice(settings, increment=Decimal(3))
    found = said(settings)
    assert found["warehouse"].endswith("from the catalogue's files")
    assert found["loaded"].startswith("43 %, 86 rows, week_2 on ")
    waiting = "week_2: loaded but not published; run `make build`"
    assert found["waiting"] == waiting
    # A build that is stopped now has not finished the marts.
    rows_of(settings, "insert into intermediate.int_audited_batches values (2)")
    assert said(settings)["waiting"] == waiting
    with pytest.raises(PipelineError, match="week_2 has passed its audit"):
        reject_batch(settings, "week_2")

    labels = settings.data_path / "Y_train.csv"
    labels.write_text(labels.read_text().replace("\n90,", "\n90,x"))
    with pytest.raises(SourceError):
        load_slice(settings, increment=Decimal(3))
    assert said(settings)["last load"].startswith("week_3 failed on ")


def test_the_sample_is_distinguished_from_files(settings: Settings) -> None:
    load_slice(settings)
    assert said(settings)["warehouse"].endswith("from the SYNTHETIC SAMPLE")


def test_a_database_that_is_not_there_yet_is_no_error(settings: Settings) -> None:
    other = replace(settings, postgres_db="not_yet")
    assert said(other)["warehouse"] == "not_yet, none yet: `make weekly` creates it"


def test_a_week_with_a_failed_load_has_loaded_nothing(settings: Settings) -> None:
    load_slice(settings)
    settings.logs_path.mkdir()
    write_state(settings, WeekState(began_after=1))
    assert said(settings)["week"] == (
        "stopped before anything was loaded; `make weekly` continues from there"
    )
    write_state(settings, WeekState(began_after=0))
    assert said(settings)["week"].startswith("stopped after load;")


def test_the_step_of_the_week_and_its_process(settings: Settings) -> None:
    settings.logs_path.mkdir()
    load_slice(settings)
    write_state(settings, WeekState(0, ("build", "balance")))
    assert said(settings)["week"] == (
        "stopped after load, build, balance; `make weekly` continues from there"
    )
    with weekly_lock(settings) as enter:
        enter("train")
        found = said(settings)
    assert found["running"].endswith("step train")
    assert "week" not in found
    write_state(settings, WeekState(0, ("build",), finished=True))
    assert said(settings)["week"].startswith("finished")
    state_path(settings).write_bytes(b"\x00")
    assert "week" not in said(settings)


@pytest.mark.parametrize(
    ("percentage", "most", "follows"),
    [
        (43, 100, "`make weekly` loads the next slice"),
        (43, 43, "all up to MAX_PERCENTAGE is loaded"),
        (100, 100, "everything is loaded"),
    ],
)
def test_after_a_finished_week_the_next_slice_is_named_if_there_is_one(
    settings: Settings, percentage: int, most: int, follows: str
) -> None:
    load_slice(settings, percentage=Decimal(percentage))
    settings.logs_path.mkdir()
    write_state(settings, WeekState(0, (), finished=True))
    ends = replace(settings, max_percentage=Decimal(most))
    assert said(ends)["week"] == f"finished; {follows}"


def test_where_it_is_unknown_what_is_loaded_no_slice_is_promised(
    tmp_path: Path,
) -> None:
    settings = make_settings(tmp_path)
    settings.logs_path.mkdir()
    write_state(settings, WeekState(1, (), finished=True))
    assert said(settings)["week"] == (
        "finished; `make weekly` loads the next slice, if one is left"
    )


def test_a_server_of_your_own_that_is_down_is_reported(settings: Settings) -> None:
    away = replace(
        settings, postgres_host="127.0.0.1", postgres_port=9, postgres_password="x"
    )
    assert "cannot be read: Cannot connect" in said(away)["warehouse"]
