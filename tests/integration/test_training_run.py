"""Trainings against a real MLflow database: found again, compared, registered."""

import functools
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
import zipfile
from importlib.metadata import version
from pathlib import Path

import mlflow
import pandas as pd
import pytest
import skops.io
from click.testing import CliRunner
from logged_dataset import WORDS, log_dataset
from mlflow.exceptions import MlflowException
from mlflow.utils import requirements_utils
from places import make_settings
from servers import free_port
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer

from core.artifacts import fetch_model
from core.errors import PipelineError, SourceError
from core.settings import Settings
from core.tracking import (
    CHAMPION,
    MODEL_NAME,
    TEST_EXPERIMENT,
    experiment_id,
    open_client,
)
from rakuten_text import clean_fields
from training import cli
from training.champion import (
    ForeignChampionError,
    load_champion,
)
from training.outcomes import trainings
from training.predictions import read_products
from training.run import train
from training.stored import log_model


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("training")


@pytest.fixture(scope="module")
def local(home):
    """Settings of a machine with two datasets, the second one easier than the first."""
    (home / "raw").mkdir()
    settings = make_settings(home)
    for name in ("X_train.csv", "X_test.csv"):
        (home / "raw" / name).write_text(
            ",designation,description,productid,imageid\n"
            '84916,"Un roman\nd\'auteur",,1,1\n'
            '84917,Bâche et pompe,"<b>filtre</b>",2,2\n',
            encoding="utf-8",
        )
    log_dataset(settings, home, "week_2", noise=0.0)
    # Rebuilt later than week_2, and still not the newest batch.
    log_dataset(settings, home, "week_1", noise=1.0)
    return settings


@pytest.fixture(scope="module")
def first(local):
    return train(local, "week_1")


@pytest.fixture(scope="module")
def second(local, first):
    return train(local)


def test_the_first_model_becomes_champion(first):
    assert first.promotion.promoted
    assert "no champion" in first.promotion.reason
    assert first.dataset.batch_name == "week_1"
    assert set(first.variant_f1) == {"resampled", "class_weights"}
    assert first.weighted_f1 == max(first.variant_f1.values())


def test_the_logged_model_shows_the_parameters_and_figures_of_its_training(
    local, first
):
    run = open_client(local).get_run(first.run_id)
    (output,) = run.outputs.model_outputs
    model = mlflow.get_logged_model(output.model_id)
    assert model.params == run.data.params
    assert len(model.params) > 5
    logged = {metric.key: metric.value for metric in model.metrics}
    # The test set is scored by the champion, which may be another model.
    assert logged == {
        name: value for name, value in run.data.metrics.items() if name != "test_rows"
    }
    assert logged["weighted_f1"] == first.weighted_f1


def test_a_model_requires_the_installed_versions(first, local, tmp_path, monkeypatch):
    """MLflow would list the files of all packages to check that."""
    listed = []

    def list_packages():
        listed.append(1)
        return {}

    monkeypatch.setattr(requirements_utils, "_MODULES_TO_PACKAGES", None)
    metadata = requirements_utils.importlib_metadata
    monkeypatch.setattr(metadata, "packages_distributions", list_packages)
    champion = load_champion(open_client(local))
    settings = make_settings(tmp_path)
    client = open_client(settings)
    run = client.create_run(experiment_id(client, settings, "models"))
    model_id = log_model(client, run.info.run_id, champion.model, "class_weights")
    files = mlflow.artifacts.download_artifacts(f"models:/{model_id}")
    names = ("mlflow", "numpy", "pandas", "scikit-learn", "skops")
    assert Path(files, "requirements.txt").read_text().splitlines() == [
        f"{name}=={version(name)}" for name in names
    ]
    assert not listed
    assert requirements_utils._MODULES_TO_PACKAGES is None


def test_a_better_model_replaces_it_scored_on_the_same_rows(local, first, second):
    assert second.promotion.promoted, second.promotion.reason
    assert second.weighted_f1 > first.weighted_f1
    run = open_client(local).get_run(second.run_id)
    # The old champion was judged on this week's rows, not by its figure of last week.
    assert run.data.metrics["champion_weighted_f1"] != first.weighted_f1
    assert f"of version {first.model_version} on the same held-out rows" in (
        second.promotion.reason
    )


@pytest.mark.parametrize("few", [10_000, 1], ids=["at once", "one after the other"])
def test_a_model_that_is_not_better_leaves_the_alias(local, second, monkeypatch, few):
    monkeypatch.setattr("training.variants._FEW_HELD_OUT", few)
    again = train(local, "week_2", force=True)
    assert not again.promotion.promoted
    assert again.variant_f1 == second.variant_f1
    assert "not better" in again.promotion.reason
    alias = open_client(local).get_model_version_by_alias(MODEL_NAME, CHAMPION)
    assert int(alias.version) == second.model_version


def test_the_same_training_is_found_and_not_done_again(local, first, second):
    found = train(local, first.dataset.dataset_run_id)
    assert found.reused
    assert found.run_id == first.run_id


def test_a_champion_that_has_seen_the_held_out_rows_is_not_compared(
    local, second, home
):
    log_dataset(local, home, "week_3", noise=0.0, holdout=3)
    outcome = train(local, "week_3")
    assert not outcome.promotion.promoted
    assert "with fold 0 held out, this model with fold 3" in outcome.promotion.reason
    assert outcome.promotion.champion_f1 is None
    assert outcome.promotion.champion_version == second.model_version


def test_the_run_holds_parameters_scores_pictures_and_links(local, first, second):
    client = open_client(local)
    # Its texts say nothing about the classes.
    assert client.get_run(first.run_id).data.metrics["log_loss"] > 0.5
    run = client.get_run(second.run_id)
    assert run.data.params["alpha"] == "4e-05"
    for code in WORDS:
        for figure in ("precision", "recall", "f1"):
            assert 0 <= run.data.metrics[f"class_{code}_{figure}"] <= 1
    assert run.data.metrics["training_seconds"] > 0
    assert run.data.metrics["log_loss"] < 0.5
    assert 0 <= run.data.metrics["calibration_error"] < 0.5
    inputs = {
        tag.value: entry.dataset.name
        for entry in run.inputs.dataset_inputs
        for tag in entry.tags
    }
    assert inputs == {"training": "rakuten_week_2", "scoring": "rakuten_test_set"}
    assert run.data.tags["rakuten.dataset_run_id"] == second.dataset.dataset_run_id
    names = {f.path for f in client.list_artifacts(second.run_id, "evaluation")}
    assert "evaluation/confusion_resampled.png" in names


def test_the_test_set_is_versioned_once_and_scored_each_time(local, first, second):
    client = open_client(local)
    experiment = client.get_experiment_by_name(TEST_EXPERIMENT).experiment_id
    versions = client.search_runs([experiment])
    assert len(versions) == 1
    for outcome in (first, second):
        artifacts = client.list_artifacts(outcome.run_id, "predictions")
        assert [a.path for a in artifacts] == ["predictions/test_predictions.csv"]


def test_an_abandoned_run_is_marked_killed_by_the_next_training(local, second):
    client = open_client(local)
    experiment = experiment_id(client, local, "rakuten_model_training")
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    run = client.create_run(
        experiment, tags={"rakuten.owner": f"{os.uname().nodename}:{dead.pid}"}
    )
    train(local, "week_2", force=True)
    assert client.get_run(run.info.run_id).info.status == "KILLED"


def test_predict_writes_the_submission_format(local, second, home, monkeypatch):
    _use(monkeypatch, local)
    target = home / "out.csv"
    result = CliRunner().invoke(
        cli.main, ["predict", str(local.data_path / "X_test.csv"), str(target)]
    )
    assert result.exit_code == 0, result.output
    assert target.read_text() == ",prdtypecode\n84916,10\n84917,20\n"
    assert not list(home.glob(".out*"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "there is no such file"),
        (b"", "the file is empty"),
        (b",title\n0,x\n", "no column 'designation'"),
        (b',designation\n0,"open\n', "cannot be read as CSV"),
        (b",designation\n0,\xff\xfe\n", "save it as UTF-8"),
        (",designation\n0,bâche\n".encode("latin-1"), "save it as UTF-8"),
        (b";designation;description\n0;x;y\n", "separated by ';'?"),
        (b",designation,description\n0,x,y,z\n", "ends in line 2 has 4 fields"),
        (b",designation,description\n0,x,y\n1,x\n", "ends in line 3 has 2 fields"),
        (b",designation,designation\n0,x,y\n", "'designation' is in the header more"),
    ],
)
def test_bad_input_is_one_clear_message_and_no_output(
    content, message, local, second, tmp_path, monkeypatch
):
    _use(monkeypatch, local)
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    if content is not None:
        source.write_bytes(content)
    result = CliRunner().invoke(cli.main, ["predict", str(source), str(target)])
    assert result.exit_code == 65
    assert result.output.count("\n") == 1
    assert message in result.output
    assert not target.exists()


@pytest.mark.parametrize("target", ["no/such/folder/out.csv", "folder"])
def test_an_output_that_cannot_be_written_is_one_clear_message(
    target, local, second, tmp_path, monkeypatch
):
    _use(monkeypatch, local)
    (tmp_path / "folder").mkdir()
    source = local.data_path / "X_test.csv"
    result = CliRunner().invoke(
        cli.main, ["predict", str(source), str(tmp_path / target)]
    )
    assert result.exit_code == 65
    assert result.output.count("\n") == 1
    assert "cannot be written" in result.output
    assert [p.name for p in tmp_path.iterdir()] == ["folder"]


def test_products_are_read_as_they_are_written(tmp_path):
    source = tmp_path / "in.csv"
    source.write_bytes(
        b'\xef\xbb\xbf,description,designation\r\n7,"a ""b""\r\nc",NA\r\n\r\n8,,1\r\n'
    )
    products = read_products(source)
    assert products.ids == ["7", "8"]
    assert products.texts.to_dict("list") == {
        "designation": ["NA", "1"],
        "description": ['a "b"\r\nc', ""],
    }
    source.write_text("designation\nx\ny\n")
    assert read_products(source).ids == ["0", "1"]
    assert read_products(source).texts["description"].tolist() == [None, None]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"designation": ["pompe"]}, [20]),
        (
            {"designation": ["pompe", None], "description": [None, "un auteur"]},
            [20, 10],
        ),
        ({"designation": [float("nan"), "pompe"], "price": [1, 2]}, [None, 20]),
        ({"designation": pd.array(["pompe", None], dtype="string")}, [20, None]),
        ({"designation": ["pompe", "auteur"] * 5_000}, [20, 10] * 5_000),
    ],
)
def test_a_notebook_may_send_any_frame(columns, expected, local, second):
    found = _pyfunc(local, second).predict(pd.DataFrame(columns)).tolist()
    assert [
        code if wanted is not None else None
        for code, wanted in zip(found, expected, strict=True)
    ] == expected


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (pd.DataFrame({"designation": []}, dtype=object), "no row to classify"),
        (pd.DataFrame({"description": ["x"]}), "missing inputs"),
        (pd.DataFrame({"designation": [1]}), "Incompatible input types"),
    ],
)
def test_a_frame_without_texts_is_a_clear_error(frame, message, local, second):
    with pytest.raises((ValueError, MlflowException), match=message):
        _pyfunc(local, second).predict(frame)


def test_explain_names_the_words(local, second, monkeypatch):
    _use(monkeypatch, local)
    result = CliRunner().invoke(cli.main, ["explain", "Une pompe", "--classes", "1"])
    assert result.exit_code == 0, result.output
    assert result.output.split()[0] == "20"
    assert "pompe" in result.output


def test_list_shows_the_weeks_in_order(local, second, monkeypatch):
    _use(monkeypatch, local)
    result = CliRunner().invoke(cli.main, ["list", "--json"])
    rows = json.loads(result.stdout)
    assert [row["batch_name"] for row in rows][:2] == ["week_1", "week_2"]
    assert len(rows) == len(trainings(local))
    assert rows[0]["difference"] is None
    known = rows[1]["difference"]
    assert known["low"] <= known["value"] <= known["high"]
    shown = CliRunner().invoke(cli.main, ["list"]).output.splitlines()
    assert shown[1].endswith("not compared")
    low, high = (f"{known[end]:+.4f}" for end in ("low", "high"))
    assert shown[2].endswith(f"{known['value']:+.4f} ({low} to {high})")
    # One version serves, whatever others did before.
    assert [line.split()[1] for line in shown if "  is  " in line] == [
        str(second.model_version)
    ]


def test_an_unknown_dataset_is_named(local):
    with pytest.raises(SourceError, match="no dataset version 'week_9'"):
        train(local, "week_9")


def test_a_champion_of_other_types_is_refused_not_run(local, second, tmp_path):
    """Whoever can write to the artifact store cannot make this project run code."""
    client = open_client(local)
    stored = _model_folder(local, second) / "model.skops"
    kept = stored.read_bytes()
    skops.io.dump({"run": subprocess.Popen}, stored)
    try:
        with pytest.raises(ForeignChampionError, match="was not made by this project"):
            load_champion(client)
    finally:
        stored.write_bytes(kept)


def test_a_lost_champion_is_replaced_on_request_only(local, second):
    outcome = train(local, "week_2", replace_champion=True)
    client = open_client(local)
    assert outcome.promotion.promoted
    assert outcome.promotion.reason == (
        f"Version {second.model_version} was replaced as requested, without a comparison."
    )
    assert _champion(local) == outcome.model_version
    client.set_registered_model_alias(MODEL_NAME, CHAMPION, str(second.model_version))


def test_a_promotion_that_was_killed_before_the_alias_moved_is_finished(local, second):
    client = open_client(local)
    client.delete_registered_model_alias(MODEL_NAME, CHAMPION)
    client.set_tag(second.run_id, "rakuten.alias", "pending")
    found = train(local, second.dataset.dataset_run_id)
    assert found.reused
    assert _champion(local) == second.model_version
    # Moved by hand later, it stays where it was put.
    client.set_registered_model_alias(MODEL_NAME, CHAMPION, "1")
    train(local, second.dataset.dataset_run_id)
    assert _champion(local) == 1
    client.set_registered_model_alias(MODEL_NAME, CHAMPION, str(second.model_version))


def test_features_that_cannot_be_written_register_nothing(local, second, tmp_path):
    before = _versions(local)
    (tmp_path / "file").touch()
    full = Settings(
        _env_file=None,
        data_path=local.data_path,
        sample_path=local.sample_path,
        snapshots_path=tmp_path / "file",
        mlflow_tracking_uri=local.mlflow_tracking_uri,
    )
    with pytest.raises(PipelineError, match="Cannot write the features to"):
        train(full, force=True)
    assert _versions(local) == before
    assert _champion(local) == second.promotion.champion_version


def test_a_bad_test_set_registers_nothing(local, second):
    path = local.data_path / "X_test.csv"
    kept = path.read_bytes()
    path.write_bytes(b',designation\n0,"open\n')
    before = _versions(local)
    try:
        for _ in range(2):
            with pytest.raises(SourceError, match="cannot be read as CSV"):
                train(local, "week_2", force=True)
    finally:
        path.write_bytes(kept)
    assert _versions(local) == before


@pytest.mark.parametrize("module", ["rakuten_text", "training.text"])
def test_a_champion_of_an_earlier_format_serves_until_a_better_one(
    module, local, second, tmp_path, monkeypatch
):
    """Its blocks are named after the columns, its first step `clean_fields`."""
    stored = _model_folder(local, second) / "model.skops"
    kept = stored.read_bytes()
    skops.io.dump(_earlier_format(), tmp_path / "dumped")
    with (
        zipfile.ZipFile(tmp_path / "dumped") as dumped,
        zipfile.ZipFile(tmp_path / "old", "w") as old,
    ):
        for name in dumped.namelist():
            content = dumped.read(name)
            if name == "schema.json":
                content = content.replace(b'"rakuten_text"', f'"{module}"'.encode())
            old.writestr(name, content)
    stored.write_bytes((tmp_path / "old").read_bytes())
    try:
        model = load_champion(open_client(local)).model
        assert model.predict(pd.DataFrame({"designation": ["roman"]})).tolist() == [10]
        _use(monkeypatch, local)
        shown = CliRunner().invoke(cli.main, ["explain", "Une pompe", "--classes", "1"])
        assert "pompe" in shown.output
        outcome = train(local, "week_2", force=True)
    finally:
        stored.write_bytes(kept)
        client = open_client(local)
        client.set_registered_model_alias(
            MODEL_NAME, CHAMPION, str(second.model_version)
        )
    assert outcome.promotion.champion_f1 is not None
    assert f"of version {second.model_version} on the same" in outcome.promotion.reason


def _earlier_format():
    blocks = [
        (
            column,
            Pipeline(
                [
                    (
                        "hash",
                        HashingVectorizer(
                            n_features=2**10, norm=None, alternate_sign=False
                        ),
                    ),
                    ("idf", TfidfTransformer(sublinear_tf=True)),
                ]
            ),
            column,
        )
        for column in ("designation", "description")
    ]
    model = Pipeline(
        [
            ("clean", FunctionTransformer(clean_fields)),
            ("tfidf", ColumnTransformer(blocks)),
            ("classify", SGDClassifier(loss="log_loss", random_state=1)),
        ]
    )
    words = [(word, code) for code, known in WORDS.items() for word in known]
    frame = pd.DataFrame(words, columns=["designation", "code"])
    return model.fit(frame, frame.code)


def test_a_champion_of_somebody_else_stays_and_is_not_compared(local, second):
    client = open_client(local)
    folder = _model_folder(local, second)
    theirs = client.create_model_version(MODEL_NAME, folder.as_uri())
    client.set_registered_model_alias(MODEL_NAME, CHAMPION, theirs.version)
    try:
        outcome = train(local, "week_2", force=True)
        alias = client.get_model_version_by_alias(MODEL_NAME, CHAMPION)
    finally:
        client.set_registered_model_alias(
            MODEL_NAME, CHAMPION, str(second.model_version)
        )
    assert not outcome.promotion.promoted
    assert "no training run of this project made it" in outcome.promotion.reason
    assert alias.version == theirs.version
    assert outcome.rows["test_rows"] == 2


def test_mlflow_serves_the_champion(local, second, tmp_path):
    port = free_port()
    log = tmp_path / "serve.log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            [
                *(str(Path(sys.executable).parent / "mlflow"), "models", "serve"),
                *("-m", f"models:/{MODEL_NAME}@{CHAMPION}", "--env-manager", "local"),
                *("-h", "127.0.0.1", "-p", str(port)),
            ],
            env={
                **os.environ,
                "MLFLOW_TRACKING_URI": local.mlflow_tracking_uri,
                "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            },
            cwd=tmp_path,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/ping", server, log)
            folder = _model_folder(local, second)
            example = (folder / "serving_input_example.json").read_bytes()
            records = [{"designation": "roman"}, {"designation": "bâche"}]
            own = json.dumps({"dataframe_records": records}).encode()
            url = f"http://127.0.0.1:{port}/invocations"
            assert len(_post(url, example)) == 2
            assert _post(url, own) == [10, 20]
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(20)


def _model_folder(settings, outcome) -> Path:
    """Where the local artifact store itself keeps a version's files."""
    return fetch_model(open_client(settings), MODEL_NAME, outcome.model_version)


@functools.cache
def _load_pyfunc(uri, version):
    mlflow.set_tracking_uri(uri)
    return mlflow.pyfunc.load_model(f"models:/{MODEL_NAME}/{version}")


def _pyfunc(settings, outcome):
    return _load_pyfunc(settings.mlflow_tracking_uri, outcome.model_version)


def _champion(settings):
    client = open_client(settings)
    return int(client.get_model_version_by_alias(MODEL_NAME, CHAMPION).version)


def _versions(settings):
    found = open_client(settings).search_model_versions(f"name = '{MODEL_NAME}'")
    return sorted(int(version.version) for version in found)


def _use(monkeypatch, settings):
    monkeypatch.setattr(cli, "load_settings", lambda: settings)


def _wait_for(url, server, log):
    for _ in range(120):
        assert server.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(url, timeout=1).close()
        except OSError:
            time.sleep(0.5)
        else:
            return
    pytest.fail(log.read_text())


def _post(url, body):
    request = urllib.request.Request(
        url, body, headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)["predictions"]
