"""The Python of docs/ml-engineers.md, run as it is written."""

import re

import pytest
from logged_dataset import log_dataset
from places import make_settings

from core.settings import PROJECT_ROOT
from training.outcomes import trainings
from training.run import train

PAGE = PROJECT_ROOT / "docs" / "ml-engineers.md"
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture
def trained(tmp_path, monkeypatch):
    uri = f"sqlite:///{tmp_path / 'mlflow' / 'mlflow.db'}"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    monkeypatch.chdir(tmp_path)
    settings = make_settings(
        tmp_path, mlflow_tracking_uri=uri, data_path=tmp_path, sample_path=tmp_path
    )
    log_dataset(settings, tmp_path, "week_1", noise=0.3)
    train(settings)
    return settings


def test_the_notebook_has_ten_lines_and_runs(trained, caplog):
    notebook, _, own_model = BLOCKS
    assert len([line for line in notebook.splitlines() if line]) == 10
    names = {}
    exec(notebook, names)
    assert 0.5 < names["accuracy"] <= 1
    assert len(names["train"]) > len(names["held_out"]) > 0
    exec(own_model, names)
    assert 0.5 < names["f1"] <= 1
    assert "Failed to infer" not in caplog.text
    # A run that is not the baseline's does not disturb the list of trainings.
    assert [outcome.dataset.batch_name for outcome in trainings(trained)] == ["week_1"]
