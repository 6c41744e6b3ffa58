"""A champion whose files are damaged is trained again under its own version."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import mlflow
import pandas as pd
import pytest
import skops.io
from click.testing import CliRunner
from logged_dataset import log_dataset
from mlflow import MlflowClient
from places import make_settings

from core.artifacts import fetch_artifact, fetch_model
from core.settings import Settings
from core.tracking import (
    CHAMPION,
    MODEL_NAME,
    TRAINING_EXPERIMENT,
    experiment_id,
    open_client,
)
from training import cli
from training.champion import UnreadableChampionError, load_champion
from training.outcomes import TrainingOutcome
from training.run import train

TEXTS = pd.DataFrame(
    {
        "designation": ["roman livre auteur", "piscine bâche filtre", "une console"],
        "description": ["", "pompe", "manette"],
    }
)


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings with two dataset versions."""
    home = tmp_path_factory.mktemp("repair")
    settings = make_settings(home, data_path=home, sample_path=home)
    log_dataset(settings, home, "week_1", noise=0.3)
    log_dataset(settings, home, "week_2", noise=0.4)
    return settings


@pytest.fixture(scope="module")
def first(local: Settings) -> TrainingOutcome:
    """The champion, of week_1."""
    return train(local, "week_1")


@pytest.fixture
def folder(local: Settings, first: TrainingOutcome, tmp_path: Path) -> Iterator[Path]:
    """The champion's files, whole again after the test."""
    files = fetch_model(open_client(local), MODEL_NAME, first.model_version)
    whole = shutil.copytree(files, tmp_path / "whole")
    yield files
    shutil.rmtree(files, ignore_errors=True)
    shutil.copytree(whole, files)


def _champion(local: Settings) -> int:
    alias = open_client(local).get_model_version_by_alias(MODEL_NAME, CHAMPION)
    return int(alias.version)


def _versions(client: MlflowClient) -> list[int]:
    found = client.search_model_versions(f"name = '{MODEL_NAME}'")
    return sorted(int(version.version) for version in found)


def _empty(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_bytes(b"")


def _cut(folder: Path) -> None:
    path = folder / "model.skops"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _garble(folder: Path) -> None:
    path = folder / "model.skops"
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 4096] = bytes(4096)
    path.write_bytes(content)


DAMAGES = {
    "model of no bytes": _empty("model.skops"),
    "model of half its bytes": _cut,
    "model with a page of zeros": _garble,
    "no model": lambda folder: (folder / "model.skops").unlink(),
    "description of no bytes": _empty("MLmodel"),
    "no description": lambda folder: (folder / "MLmodel").unlink(),
    "requirements of no bytes": _empty("requirements.txt"),
    "code of no bytes": _empty("code/rakuten_text/__init__.py"),
    "no folder": shutil.rmtree,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_repair_makes_the_same_model_under_the_same_version(
    local: Settings,
    first: TrainingOutcome,
    folder: Path,
    damage: Callable[[Path], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = open_client(local)
    before = load_champion(client).model.predict_proba(TEXTS)
    versions = _versions(client)
    damage(folder)
    monkeypatch.setattr(cli, "load_settings", lambda: local)

    refused = CliRunner().invoke(cli.main, ["explain", "Une pompe"])
    assert refused.exit_code == 1
    assert f"version {first.model_version}, cannot be read" in refused.output
    assert "`python -m training repair`" in refused.output

    repaired = CliRunner().invoke(cli.main, ["repair"])
    assert repaired.output == (
        f"The files of version {first.model_version} were damaged; it was trained again"
        f" from its dataset (weighted F1 {first.weighted_f1:.4f}, as before).\n"
    )
    assert (load_champion(client).model.predict_proba(TEXTS) == before).all()
    assert _champion(local) == first.model_version
    assert _versions(client) == versions
    stored = mlflow.pyfunc.load_model(f"models:/{MODEL_NAME}@{CHAMPION}")
    expected = load_champion(client).model.predict(TEXTS)
    assert stored.predict(TEXTS).tolist() == expected.tolist()

    again = CliRunner().invoke(cli.main, ["repair"])
    assert again.output == f"Version {first.model_version} is not damaged.\n"


def test_a_training_repairs_the_champion_before_it_compares(
    local: Settings, first: TrainingOutcome, folder: Path
) -> None:
    whole = train(local, "week_2", force=True)
    _cut(folder)
    outcome = train(local, "week_2", force=True)
    assert outcome.promotion.reason == (
        f"The files of version {first.model_version} were damaged; it was trained again"
        f" from its dataset (weighted F1 {first.weighted_f1:.4f}, as before)."
        f" {whole.promotion.reason}"
    )
    assert outcome.promotion.difference == whole.promotion.difference
    assert _champion(local) == first.model_version


def test_unreadable_files_are_not_damaged_and_nothing_is_promoted(
    local: Settings, first: TrainingOutcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    client = open_client(local)
    versions = _versions(client)
    with monkeypatch.context() as patch:
        patch.setattr(skops.io, "load", refuse)
        with pytest.raises(UnreadableChampionError, match="Permission denied") as error:
            train(local, "week_2", force=True)
    assert "--replace-champion" in str(error.value)
    assert "training repair" not in str(error.value)
    assert _versions(client) == versions
    assert _champion(local) == first.model_version


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("version", "3", "an earlier version of this project trained it."),
        (None, None, "is gone"),
    ],
)
def test_a_champion_that_cannot_be_rebuilt_is_named_and_stays(
    local: Settings,
    first: TrainingOutcome,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str | None,
    value: str,
    reason: str,
) -> None:
    client = open_client(local)
    dataset = fetch_artifact(
        client, first.dataset.dataset_run_id, "dataset/train.parquet"
    )
    versions = _versions(client)
    _cut(folder)
    if name is None:
        dataset.rename(tmp_path / "aside")
    else:
        monkeypatch.setattr("training.model.ModelParams.version", 99)
    try:
        with pytest.raises(UnreadableChampionError) as error:
            train(local, "week_2", force=True)
    finally:
        if name is None:
            (tmp_path / "aside").rename(dataset)
    assert reason in str(error.value)
    assert "--replace-champion" in str(error.value)
    assert _versions(client) == versions
    assert _champion(local) == first.model_version


def test_a_dataset_of_no_bytes_is_named(
    local: Settings, first: TrainingOutcome, folder: Path
) -> None:
    client = open_client(local)
    dataset = fetch_artifact(
        client, first.dataset.dataset_run_id, "dataset/train.parquet"
    )
    content = dataset.read_bytes()
    _cut(folder)
    dataset.write_bytes(b"")
    try:
        with pytest.raises(UnreadableChampionError) as error:
            train(local, "week_2", force=True)
        assert "train.parquet" in str(error.value)
        assert "`python -m balancing build --as-of week_1`" in str(error.value)
    finally:
        dataset.write_bytes(content)


def test_versions_of_unfinished_trainings_are_removed(
    local: Settings, first: TrainingOutcome
) -> None:
    client = open_client(local)
    experiment = experiment_id(client, local, TRAINING_EXPERIMENT)
    before = _versions(client)
    source = client.get_model_version(MODEL_NAME, str(first.model_version)).source
    registered = {}
    for status in ("KILLED", "FAILED", "RUNNING"):
        run = client.create_run(experiment, tags={"rakuten.key": status})
        version = client.create_model_version(MODEL_NAME, source, run.info.run_id)
        registered[status] = int(version.version)
        if status != "RUNNING":
            client.set_terminated(run.info.run_id, status)
    client.set_registered_model_alias(MODEL_NAME, "mine", str(registered["FAILED"]))
    outcome = train(local, "week_2", force=True)
    assert _versions(client) == sorted(
        [*before, registered["FAILED"], registered["RUNNING"], outcome.model_version]
    )
