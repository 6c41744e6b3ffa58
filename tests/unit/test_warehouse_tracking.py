import sqlite3
from contextlib import closing
from pathlib import Path

import mlflow
import pytest
from alembic.config import Config
from servers import free_port

from core.errors import ServerError
from core.mlflow_command import allow_percent_in_paths
from core.settings import Settings, sqlite_uri
from core.tracking import experiment_id, local_folder, open_client, shown_uri


def _settings(uri: str) -> Settings:
    return Settings(_env_file=None, mlflow_tracking_uri=uri)


@pytest.fixture(autouse=True)
def restored():
    before = mlflow.get_tracking_uri()
    yield
    mlflow.set_tracking_uri(before)


@pytest.mark.parametrize(
    ("uri", "shown"),
    [
        ("http://me:pa/ss@host:5000/x", None),
        ("http://me:secret@host:5000", "http://host:5000"),
        ("postgresql+psycopg2://me:secret@host/db", "postgresql+psycopg2://host/db"),
        ("sqlite:////tmp/a@b/mlflow.db", "sqlite:////tmp/a@b/mlflow.db"),
        ("mlruns", "mlruns"),
    ],
)
def test_a_printed_uri_holds_no_password(uri, shown):
    printed = shown_uri(_settings(uri))
    assert "secret" not in printed
    assert "ss@" not in printed
    assert shown is None or printed == shown


def test_an_unreachable_server_is_one_sentence_without_the_password(monkeypatch):
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    port = free_port()
    with pytest.raises(ServerError, match="correct MLFLOW_TRACKING_URI") as refused:
        open_client(_settings(f"http://me:secret@127.0.0.1:{port}"))
    assert f"127.0.0.1:{port}" in str(refused.value)
    assert "secret" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_no_database_is_named(tmp_path):
    other = tmp_path / "notes.db"
    other.write_text("not a database, and long enough to be looked at " * 40)
    with pytest.raises(ServerError, match=r"notes\.db cannot be used"):
        open_client(_settings(f"sqlite:///{other}"))


@pytest.mark.parametrize(
    "left",
    [
        "create table experiments (experiment_id integer)",
        "create table experiments (experiment_id integer);"
        "create table runs (run_uuid text);"
        "create table alembic_version (version_num text);"
        "create table _alembic_tmp_experiments (experiment_id integer)",
        "",
    ],
)
def test_a_half_created_store_is_created_again(tmp_path, left):
    path = tmp_path / "mlflow.db"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(left)
    client = open_client(_settings(f"sqlite:///{path}"))
    assert client.create_experiment("one")
    assert {entry.name for entry in tmp_path.iterdir()} == {
        ".mlflow.db.lock",
        "mlflow.db",
    }


def test_a_store_with_runs_is_never_replaced(tmp_path):
    path = tmp_path / "mlflow.db"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(
            "create table runs (run_uuid text); insert into runs values ('a');"
            "create table _alembic_tmp_runs (run_uuid text)"
        )
    with pytest.raises(ServerError, match="cannot be used"):
        open_client(_settings(f"sqlite:///{path}"))
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("select run_uuid from runs").fetchall() == [("a",)]


def test_local_artifacts_are_beside_the_database_in_any_working_directory(
    tmp_path, monkeypatch
):
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    settings = _settings(f"sqlite:///{tmp_path / 'é t' / 'mlflow.db'}")
    client = open_client(settings)
    experiment = experiment_id(client, settings, "one")
    assert experiment_id(client, settings, "one") == experiment
    run_id = client.create_run(experiment).info.run_id
    client.log_text(run_id, "hello", "note.txt")
    [note] = (tmp_path / "é t" / "artifacts" / "one").rglob("note.txt")
    assert note.read_text() == "hello"
    assert not list(Path.cwd().iterdir())


@pytest.mark.parametrize(
    "name", ["q?b", "h#b", "p%20b", "100%", "a&b", "a b", "é", "k'b\"$x", "100%3Fb"]
)
def test_any_folder_name_holds_the_database(tmp_path, name):
    folder = tmp_path / name / "mlflow"
    settings = _settings(sqlite_uri(folder / "mlflow.db"))
    client = open_client(settings)
    experiment_id(client, settings, "texts")
    assert (folder / "mlflow.db").stat().st_size > 0
    assert local_folder(settings) == folder
    assert [path.name for path in tmp_path.iterdir()] == [name]
    with mlflow.start_run(experiment_id=experiment_id(client, settings, "texts")):
        mlflow.log_text("kept", "note.txt")
    assert len(list((folder / "artifacts" / "texts").glob("*/artifacts/note.txt"))) == 1


def test_mlflow_finds_its_migrations_under_a_folder_with_percent(monkeypatch):
    monkeypatch.setattr(mlflow, "__file__", "/my%20project/mlflow/__init__.py")
    monkeypatch.setattr(Config, "set_main_option", Config.set_main_option)
    allow_percent_in_paths.__wrapped__()
    config = Config()
    config.set_main_option(
        "script_location", "/my%20project/mlflow/store/db_migrations"
    )
    config.set_main_option("sqlalchemy.url", "sqlite:////my%%2520project/mlflow.db")
    location = config.get_main_option("script_location")
    assert location == "/my%20project/mlflow/store/db_migrations"
    assert config.get_main_option("sqlalchemy.url").endswith(
        "/my%2520project/mlflow.db"
    )
