"""A server of the user's own: POSTGRES_HOST is set and nothing is started."""

import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from places import make_settings
from queries import run_as_superuser
from servers import running_server

from core.errors import ConfigurationError, ServerError
from core.settings import SecretStr, Settings
from loaders.load import load_slice
from warehouse import database, embedded
from warehouse.connection import connect, endpoint, open_connection
from warehouse.database import ensure_prepared, prepare

_names = itertools.count()


@pytest.fixture(scope="module")
def second_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A server the pipeline did not start; its settings are for the tests alone."""
    with running_server(tmp_path_factory.mktemp("second")) as started:
        yield started


@pytest.fixture
def external(second_server: Settings, tmp_path: Path) -> Settings:
    """Settings that reach the second server by host and port, as its superuser."""
    where = embedded.login(second_server, embedded.SUPERUSER)
    name = f"external_{next(_names)}"
    run_as_superuser(second_server, f"create database {name}")
    (tmp_path / "raw").mkdir()
    return make_settings(
        tmp_path,
        postgres_host=where.host,
        postgres_port=where.port,
        postgres_db=name,
        postgres_user=where.user,
        postgres_password=SecretStr(where.password),
        postgres_data_dir=tmp_path / "never",
    )


def test_nothing_is_started(external: Settings, tmp_path: Path) -> None:
    prepare(external)
    with connect(external, "transformer") as connection, connection.cursor() as cursor:
        cursor.execute("select current_user")
        assert cursor.fetchone() == ("transformer",)
    assert not (tmp_path / "never").exists()


def test_a_host_without_a_password_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="POSTGRES_PASSWORD is not"):
        endpoint(Settings(_env_file=None, postgres_host="localhost"))


def test_a_wrong_password_is_one_clear_message(external: Settings) -> None:
    wrong = replace(external, postgres_password=SecretStr("wrong"))
    with pytest.raises(ServerError, match="password authentication failed") as error:
        connect(wrong)
    assert "wrong" not in str(error.value).replace("user", "")


def test_a_database_that_cannot_hold_the_texts_is_refused(
    second_server: Settings, external: Settings
) -> None:
    latin = replace(external, postgres_db="latin")
    run_as_superuser(
        second_server,
        "create database latin template template0 encoding 'LATIN1' locale 'C'"
        " locale_provider libc",
    )
    with pytest.raises(ConfigurationError, match="encoding LATIN1: UTF8 is required"):
        load_slice(latin)
    with open_connection(endpoint(latin)) as connection, connection.cursor() as cursor:
        cursor.execute("select to_regnamespace('raw')")
        assert cursor.fetchone() == (None,)


def test_a_server_of_an_old_version_is_refused(
    external: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "OLDEST_VERSION", 99)
    with pytest.raises(ConfigurationError, match="has version 18: 99 or newer"):
        ensure_prepared(external)


def test_a_login_without_rights_is_shown_what_an_administrator_has_to_run(
    second_server: Settings, external: Settings
) -> None:
    where = embedded.login(second_server, embedded.SUPERUSER)
    with open_connection(where) as connection, connection.cursor() as cursor:
        cursor.execute("drop role if exists nobody_special")
        cursor.execute("create role nobody_special login password 'p'")
    poor = replace(
        external,
        postgres_user="nobody_special",
        postgres_password=SecretStr("p"),
        postgres_db="postgres",
    )
    with pytest.raises(ConfigurationError) as error:
        prepare(poor)
    assert "may not set up the database" in str(error.value)
    assert 'grant loader, transformer, analyst to "nobody_special"' in str(error.value)


def test_a_login_without_rights_uses_what_an_administrator_has_set_up(
    second_server: Settings, external: Settings
) -> None:
    where = embedded.login(second_server, embedded.SUPERUSER)
    with open_connection(where) as connection, connection.cursor() as cursor:
        cursor.execute("drop role if exists plain_member")
        cursor.execute("create role plain_member login password 'p'")
    prepare(external)
    with open_connection(where) as connection, connection.cursor() as cursor:
        cursor.execute("grant loader, transformer, analyst to plain_member")
        cursor.execute(
            f"grant connect on database {external.postgres_db} to plain_member"
        )
    plain = replace(
        external, postgres_user="plain_member", postgres_password=SecretStr("p")
    )
    ensure_prepared(plain)
    assert load_slice(plain).batch_name == "week_1"


def test_psql_starts_as_the_analyst_who_can_only_read(external: Settings) -> None:
    where = endpoint(external)
    environment = {
        **os.environ,
        "POSTGRES_HOST": where.host,
        "POSTGRES_PORT": str(where.port),
        "POSTGRES_DB": where.dbname,
        "POSTGRES_USER": where.user,
        "POSTGRES_PASSWORD": where.password,
    }
    command = [sys.executable, "-m", "warehouse", "psql", "-XAtc"]
    asked, wrote = (
        subprocess.run(
            [*command, statement],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        for statement in ("select current_user", "create table marts.oops (a int)")
    )
    assert asked.stdout.strip() == "analyst"
    assert wrote.returncode != 0
    assert "permission denied" in wrote.stderr
