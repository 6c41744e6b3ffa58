"""A training that is killed leaves nothing that counts, and is repeated."""

import os
import signal
import subprocess
import time

import pytest
from forked import start_module
from logged_dataset import log_dataset
from mlflow.exceptions import MlflowException
from places import make_settings

from core.tracking import (
    CHAMPION,
    MODEL_NAME,
    TRAINING_EXPERIMENT,
    experiment_id,
    open_client,
)
from training.outcomes import trainings
from training.run import train


def test_a_killed_training_moves_no_alias_and_the_next_one_finishes(tmp_path):
    settings = make_settings(tmp_path, data_path=tmp_path, sample_path=tmp_path)
    log_dataset(settings, tmp_path, "week_1", noise=0.3)
    client = open_client(settings)
    experiment = experiment_id(client, settings, TRAINING_EXPERIMENT)
    child = start_module(
        ["training", "run"],
        env={
            **os.environ,
            "MLFLOW_TRACKING_URI": settings.mlflow_tracking_uri,
            "DATA_PATH": str(tmp_path),
            "SAMPLE_PATH": str(tmp_path),
            "SNAPSHOTS_PATH": str(settings.snapshots_path),
            # The warehouse of this folder would ask for datasets of its own.
            "POSTGRES_DATA_DIR": str(tmp_path / "postgres"),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        killed = _first_run(client, experiment, child)
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()

    assert client.get_run(killed).info.status == "RUNNING"
    with pytest.raises(MlflowException):
        client.get_model_version_by_alias(MODEL_NAME, CHAMPION)

    outcome = train(settings)
    assert not outcome.reused
    assert outcome.promotion.promoted
    assert client.get_run(killed).info.status == "KILLED"
    assert [found.run_id for found in trainings(settings)] == [outcome.run_id]
    assert train(settings).reused
    # Features are left behind by neither the killed training nor the finished one.
    assert {f.name for f in settings.snapshots_path.iterdir()} == {
        "word_counts.npz",
        "word_counts_held_out.npz",
    }


def _first_run(client, experiment, child):
    """Wait until the training has begun: its run is there, and still running."""
    for _ in range(1200):
        assert child.poll() is None, "the training ended before it could be killed"
        for run in client.search_runs([experiment]):
            return run.info.run_id
        time.sleep(0.05)
    pytest.fail("no training began")
