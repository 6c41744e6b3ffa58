"""Two warehouses, one MLflow and one reports folder: neither uses the other's."""

from dataclasses import replace
from decimal import Decimal

import pytest
from click.testing import CliRunner
from logged_dataset import log_dataset
from places import make_settings
from samples import write_sample

from balancing.versions import find_version, list_versions
from core.datasets import find_version as of_any_warehouse
from core.errors import SourceError
from core.settings import Settings
from core.tracking import SAMPLE, WAREHOUSE, open_client
from loaders.load import load_slice
from loaders.reject import reject_batch
from orchestration.progress import WeekState, read_state, write_state
from training import cli
from training.champion import champion_version
from training.outcomes import trainings
from training.run import train
from warehouse.database import prepare
from warehouse.identity import identify_warehouse


@pytest.fixture
def pair(settings: Settings, tmp_path) -> tuple[Settings, Settings]:
    """The sample's warehouse and another one, each with a week_1; MLflow is shared."""
    other = replace(settings, postgres_db=f"{settings.postgres_db}_real")
    prepare(other)
    write_sample(settings.data_path, 200, 1)
    for place in (settings, other):
        load_slice(place)
    return settings, other


def _tag(settings: Settings, run_id: str, *, is_sample: bool) -> str:
    client = open_client(settings)
    warehouse = identify_warehouse(settings)
    client.set_tag(run_id, WAREHOUSE, warehouse.id)
    client.set_tag(run_id, SAMPLE, str(is_sample).lower())
    return warehouse.id


def test_an_identity_begins_with_the_first_load_and_stays(settings: Settings) -> None:
    assert identify_warehouse(settings) is None
    write_sample(settings.data_path, 200, 1)
    load_slice(settings)
    first = identify_warehouse(settings)
    assert len(first.id) == 16
    assert [name for name, _ in first.batches.values()] == ["week_1"]
    assert first.is_sample is False
    reject_batch(settings, "week_1")
    load_slice(settings, percentage=Decimal(50))
    assert identify_warehouse(settings).id == first.id
    assert list(identify_warehouse(settings).batches) == [2]


def test_no_server_is_started_to_report_a_missing_warehouse(tmp_path) -> None:
    none = make_settings(tmp_path, postgres_data_dir=tmp_path / "none")
    assert identify_warehouse(none) is None
    assert not (tmp_path / "none").exists()


def test_versions_are_found_in_their_own_warehouse_only(pair, tmp_path) -> None:
    sample, real = pair
    log_dataset(sample, tmp_path, "week_1", noise=0.3)
    # Logged after both had a week_1, by an earlier version that tagged nothing: whoever
    # asks first adopts it.
    (adopted,) = list_versions(sample)
    assert adopted.data.tags[WAREHOUSE] == identify_warehouse(sample).id
    assert list_versions(real) == []
    with pytest.raises(SourceError, match="no dataset version 'week_1'"):
        find_version(real, "week_1")
    # An id is an id.
    assert find_version(real, adopted.info.run_id).info.run_id == adopted.info.run_id


def test_a_version_from_before_the_batch_was_loaded_is_not_adopted(
    settings: Settings, tmp_path
) -> None:
    log_dataset(settings, tmp_path, "week_1", noise=0.3)
    write_sample(settings.data_path, 200, 1)
    load_slice(settings)
    assert list_versions(settings) == []


def test_a_week_of_another_warehouse_is_not_continued(settings: Settings) -> None:
    settings.logs_path.mkdir(parents=True)
    write_state(settings, WeekState(3, ("build",), warehouse="a" * 16))
    assert read_state(settings, 4, "b" * 16) is None
    assert read_state(settings, 4, "a" * 16).done == ("build",)


def test_real_data_takes_the_samples_place_and_not_the_other_way_round(
    pair, tmp_path, monkeypatch
) -> None:
    sample, real = pair
    runs = []
    for place, week, is_sample, noise in (
        (sample, "week_1", True, 0.0),
        (real, "week_2", False, 0.0),
        (sample, "week_3", True, 0.1),
    ):
        log_dataset(place, tmp_path, week, noise=noise)
        runs.append(str(of_any_warehouse(open_client(place), week).info.run_id))
        identity = _tag(place, runs[-1], is_sample=is_sample)
        outcome = train(place, None, warehouse=identity)
        assert outcome.dataset.dataset_run_id == runs[-1]
        assert outcome.promotion.promoted is (week != "week_3")
    assert "trained on another warehouse's data" in outcome.promotion.reason
    assert champion_version(open_client(real)) == 2
    of_real = trainings(real, identify_warehouse(real).id)
    assert [found.dataset.batch_name for found in of_real] == ["week_2"]

    monkeypatch.setattr(cli, "load_settings", lambda: sample)
    shown = CliRunner().invoke(cli.main, ["list"]).output.splitlines()
    assert [line.split()[0] for line in shown[1:-1]] == ["week_1", "week_3"]
    assert shown[-1] == "The champion, version 2, is not one of these."
