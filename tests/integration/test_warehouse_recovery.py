"""Repaired logins: lost or damaged password files, changed passwords, first starts."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg2
import pytest
from servers import running_server

from core.errors import BusyError
from core.settings import Settings
from warehouse import embedded
from warehouse.connection import connect, dbt_environment, open_connection
from warehouse.database import ensure_prepared, matches, prepare


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with running_server(tmp_path_factory.mktemp("recovery")) as settings:
        prepare(settings)
        yield settings


def answers(settings: Settings) -> bool:
    ensure_prepared(settings)
    analyst = embedded.login(settings, embedded.ANALYST)
    where = type(analyst)(**vars(analyst) | {"dbname": settings.postgres_db})
    for connection in (connect(settings), open_connection(where)):
        connection.close()
    return True


@pytest.mark.parametrize("damage", [None, b"", b"cut", b"\xff\xfe\xff"])
@pytest.mark.parametrize("login", ["postgres", "rakuten", "analyst"])
def test_a_lost_or_damaged_password_file_is_generated_again(
    server: Settings, login: str, damage: bytes | None
) -> None:
    path = embedded.locate(server).password(login)
    if damage is None:
        path.unlink()
    else:
        path.write_bytes(damage)
    assert answers(server)
    assert path.stat().st_mode & 0o777 == 0o600


def test_an_analyst_who_changed_its_password_gets_the_one_of_the_file(
    server: Settings,
) -> None:
    connection = open_connection(embedded.login(server, embedded.ANALYST))
    with connection, connection.cursor() as cursor:
        cursor.execute("alter role analyst password 'mine'")
    connection.close()
    assert answers(server)


def test_an_analyst_writes_no_large_object(server: Settings) -> None:
    analyst = embedded.login(server, embedded.ANALYST)
    where = type(analyst)(**vars(analyst) | {"dbname": server.postgres_db})
    connection = open_connection(where)
    with (
        pytest.raises(psycopg2.errors.InsufficientPrivilege),
        connection.cursor() as cursor,
    ):
        cursor.execute("select lo_from_bytea(0, 'x')")
    connection.close()


def test_no_password_is_in_a_statement_the_server_may_log(server: Settings) -> None:
    connection = open_connection(embedded.login(server, embedded.SUPERUSER))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("alter system set log_statement = 'all'")
        cursor.execute("select pg_reload_conf()")
        cursor.execute("drop database if exists logged")
    for login in (server.postgres_user, embedded.ANALYST):
        embedded.locate(server).password(login).unlink()
    prepare(replace(server, postgres_db="logged"))
    log = embedded.locate(server).log.read_text()
    assert "alter role" in log
    for path in embedded.locate(server).home.glob("*.password"):
        assert path.read_text() not in log
    with connection.cursor() as cursor:
        cursor.execute("alter system reset log_statement")
        cursor.execute("select pg_reload_conf()")
    connection.close()


def test_a_verifier_is_compared_as_postgresql_does(server: Settings) -> None:
    connection = open_connection(embedded.login(server, embedded.SUPERUSER))
    with connection.cursor() as cursor:
        cursor.execute("select rolpassword from pg_authid where rolname = 'postgres'")
        verifier = cursor.fetchone()[0]
    connection.close()
    password = embedded.login(server, embedded.SUPERUSER).password
    assert matches(verifier, password)
    assert not matches(verifier, password + "x")
    assert not matches("md5abc", password)


def test_a_verifier_of_many_iterations_is_replaced(server: Settings) -> None:
    owner = embedded.login(server, server.postgres_user)
    connection = open_connection(embedded.login(server, embedded.SUPERUSER))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("set scram_iterations = 4096")
        cursor.execute(f"alter role {owner.user} password '{owner.password}'")
        prepare(server)
        cursor.execute(
            "select rolname, split_part(rolpassword, ':', 1) from pg_authid"
            " where rolname = any(%s) order by 1",
            [[owner.user, embedded.ANALYST]],
        )
        assert cursor.fetchall() == [
            (embedded.ANALYST, "SCRAM-SHA-256$1"),
            (owner.user, "SCRAM-SHA-256$1"),
        ]
    connection.close()
    open_connection(replace(owner, dbname=server.postgres_db)).close()


@pytest.mark.parametrize("number", range(2))
def test_first_commands_on_a_new_server_may_run_at_once(
    tmp_path_factory: pytest.TempPathFactory, number: int
) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from core.settings import Settings\n"
        "from warehouse.database import prepare\n"
        "prepare(Settings(_env_file=None, postgres_host=None,"
        " postgres_data_dir=Path(sys.argv[1]), postgres_db=sys.argv[2]))"
    )
    with running_server(tmp_path_factory.mktemp(f"race{number}")) as settings:
        folder = str(settings.postgres_data_dir)
        commands = [
            subprocess.Popen(
                [sys.executable, "-c", code, folder, name], stderr=subprocess.PIPE
            )
            for name in ("one", "two", "one", "two")
        ]
        assert [(c.communicate()[1], c.returncode) for c in commands] == [(b"", 0)] * 4


def test_foreign_libpq_variables_have_no_effect(
    server: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (
        ("PGHOSTADDR", "192.0.2.1"),
        ("PGSERVICE", "nowhere"),
        ("PGSSLMODE", "require"),
        ("PGSSLNEGOTIATION", "direct"),
        ("PGSSLCERTMODE", "require"),
        ("PGGSSENCMODE", "require"),
        ("PGCHANNELBINDING", "require"),
        ("PGREQUIREAUTH", "none"),
        ("PGTARGETSESSIONATTRS", "standby"),
        ("PGTZ", "nowhere"),
    ):
        monkeypatch.setenv(name, value)
    assert answers(server)


def test_every_connection_speaks_utf8(
    server: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from balancing.rows import open_snapshot

    monkeypatch.setenv("PGCLIENTENCODING", "WIN1252")
    prepare(server)
    with (
        connect(server) as connection,
        connection.cursor() as cursor,
        open_snapshot(server) as snapshot,
        snapshot.cursor() as reading,
    ):
        for used in (cursor, reading):
            used.execute("select current_setting('client_encoding'), 'é' || chr(8364)")
            assert used.fetchone() == ("UTF8", "é€")
    connection.close()
    assert dbt_environment(server)["PGCLIENTENCODING"] == "UTF8"


def test_who_holds_the_builders_lock_is_named(
    server: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from balancing import build
    from balancing.spec import DatasetSpec

    monkeypatch.setattr(build, "PATIENCE", 0.3)
    holder = connect(server, "analyst", application="a notebook")
    with holder.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [build.LOCK_KEY])
    with pytest.raises(BusyError, match=r"process \d+, rakuten \(a notebook\)"):
        build.build_dataset(replace(server, snapshots_path=tmp_path), DatasetSpec())
    holder.close()
