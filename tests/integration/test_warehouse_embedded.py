"""The embedded server in situations that have broken such wrappers before."""

import multiprocessing
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg2
import pytest
from psycopg2.extensions import cursor as Cursor  # noqa: N812
from servers import kill_all, running_server

from core.errors import ServerError
from core.settings import PROJECT_ROOT, Settings
from warehouse import embedded
from warehouse.connection import connect, open_connection
from warehouse.database import prepare
from warehouse.processes import Account, server_process

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root to change user")


def settings_for(home: Path) -> Settings:
    return Settings(_env_file=None, postgres_host=None, postgres_data_dir=home)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A folder for a server of the test's own, which is stopped afterwards."""
    tmp_path.chmod(0o755)
    home = tmp_path / "pg"
    yield home
    for found in tmp_path.rglob("cluster"):
        kill_all(found)


@pytest.fixture(scope="module")
def created(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a server that was created and stopped."""
    home = tmp_path_factory.mktemp("created")
    with running_server(home) as settings:
        embedded.locate(settings).port.unlink()
    return home / "pg"


@pytest.fixture
def running(home: Path, created: Path) -> Settings:
    """A running server, whose files are a copy: initdb takes longer than most tests."""
    subprocess.run(["cp", "-a", str(created), str(home)], check=True)
    settings = settings_for(home)
    embedded.ensure_running(settings)
    return settings


def postmaster(settings: Settings) -> int:
    pid = server_process(embedded.locate(settings).cluster)
    assert pid is not None
    return pid


def answers(settings: Settings) -> bool:
    prepare(settings)
    with connect(settings) as connection, connection.cursor() as cursor:
        cursor.execute("select 1")
        return cursor.fetchone() == (1,)


def test_a_cold_start_makes_a_server_that_asks_for_a_password(home: Path) -> None:
    running = settings_for(home)
    embedded.ensure_running(running)
    assert answers(running)
    where = embedded.login(running, "postgres")
    with pytest.raises(psycopg2.OperationalError, match="password authentication"):
        psycopg2.connect(
            host=where.host, port=where.port, user="postgres", password="wrong"
        )


def test_passwords_are_for_their_owner_only(home: Path) -> None:
    running = settings_for(home)
    embedded.ensure_running(running)
    files = list(embedded.locate(running).home.glob("*.password"))
    assert files
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_the_server_listens_on_loopback_and_keeps_what_it_commits(home: Path) -> None:
    running = settings_for(home)
    embedded.ensure_running(running)
    superuser = open_connection(embedded.login(running, embedded.SUPERUSER))
    with superuser as connection, connection.cursor() as cursor:
        shown = {}
        for name in (
            "listen_addresses",
            "unix_socket_directories",
            "fsync",
            "full_page_writes",
            "synchronous_commit",
            "data_checksums",
        ):
            cursor.execute(f"show {name}")
            shown[name] = cursor.fetchone()[0]
    assert shown == {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "data_checksums": "on",
    }


def test_a_warm_start_finds_the_running_server(running: Settings) -> None:
    pid = postmaster(running)
    embedded.ensure_running(running)
    assert postmaster(running) == pid


def test_it_restarts_on_the_same_port(running: Settings) -> None:
    port = embedded.login(running, "postgres").port
    assert embedded.stop(running)
    assert not embedded.stop(running)
    assert embedded.ensure_running(running).port == port


def test_it_restarts_on_the_same_port_after_it_was_killed(running: Settings) -> None:
    where = embedded.login(running, "postgres")
    client = open_connection(where)
    kill_all(embedded.locate(running).cluster)
    # The server's end of the connection lingers on its port.
    assert embedded.ensure_running(running).port == where.port
    client.close()


def test_it_takes_another_port_when_its_own_is_taken(running: Settings) -> None:
    port = embedded.login(running, "postgres").port
    embedded.stop(running)
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", port))
        squatter.listen()
        assert embedded.ensure_running(running).port != port
    assert answers(running)


def test_the_first_port_follows_from_the_folder(home: Path) -> None:
    settings = settings_for(home)
    expected = embedded._default_port(embedded.locate(settings).home)
    assert 20_000 <= expected < 30_000
    embedded.ensure_running(settings)
    assert embedded.login(settings, "postgres").port == expected
    assert embedded._default_port(home.with_name("other")) != expected


def test_a_first_port_that_is_taken_is_skipped(home: Path) -> None:
    settings = settings_for(home)
    taken = embedded._default_port(embedded.locate(settings).home)
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", taken))
        squatter.listen()
        embedded.ensure_running(settings)
    assert embedded.login(settings, "postgres").port != taken
    assert answers(settings)


def test_it_starts_with_little_memory(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More shared memory than any machine has stands in for a machine with little."""
    much = {**embedded.server_settings(), "shared_buffers": "7TB"}
    monkeypatch.setattr(embedded, "server_settings", lambda: much)
    settings = settings_for(home)
    embedded.ensure_running(settings)
    with (
        open_connection(embedded.login(settings, embedded.SUPERUSER)) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("show shared_buffers")
        assert cursor.fetchone() == ("16MB",)


def test_too_little_memory_is_named(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    much = {**embedded.server_settings(), "shared_buffers": "7TB"}
    monkeypatch.setattr(embedded, "server_settings", lambda: much)
    monkeypatch.setattr(embedded, "FRUGAL", {})
    with pytest.raises(ServerError) as error:
        embedded.ensure_running(settings_for(home))
    assert str(error.value).startswith(
        "PostgreSQL did not start. The machine does not have enough free memory: close"
        " other programs, or give the container more memory and a larger /dev/shm."
    )


def test_several_starts_at_once_make_one_server(home: Path) -> None:
    settings = settings_for(home)
    with ThreadPoolExecutor(4) as pool:
        endpoints = list(pool.map(embedded.ensure_running, [settings] * 4))
    assert len(set(endpoints)) == 1


def test_it_starts_after_the_server_was_killed(running: Settings) -> None:
    answers(running)
    pid = postmaster(running)
    os.kill(pid, signal.SIGKILL)
    # This process is the killed server's parent and does not reap it.
    while psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)
    assert answers(running)
    assert postmaster(running) != pid


@pytest.mark.parametrize(
    "content",
    ["", "12", "not a number\n", "1\n/elsewhere\n1\n5432\n\n127.0.0.1\n0\nready   \n"],
    ids=["empty", "cut", "garbage", "foreign"],
)
def test_a_leftover_pid_file_does_not_stop_a_start(
    running: Settings, content: str
) -> None:
    cluster = embedded.locate(running).cluster
    embedded.stop(running)
    (cluster / "postmaster.pid").write_text(content)
    assert server_process(cluster) is None
    assert answers(running)


def test_a_pid_file_that_names_a_living_stranger_does_not_stop_a_start(
    running: Settings,
) -> None:
    cluster = embedded.locate(running).cluster
    embedded.stop(running)
    lines = [str(os.getpid()), str(cluster), "1", "5432", "", "127.0.0.1", "0", "ready"]
    (cluster / "postmaster.pid").write_text("\n".join(lines) + "\n")
    assert answers(running)


def test_a_cluster_of_another_major_version_is_left_alone(running: Settings) -> None:
    paths = embedded.locate(running)
    embedded.stop(running)
    (paths.cluster / "PG_VERSION").write_text("17\n")
    with pytest.raises(ServerError, match=r"made by PostgreSQL 17.*Upgrading"):
        embedded.ensure_running(running)
    (paths.cluster / "PG_VERSION").write_text("18\n")
    embedded.ensure_running(running)


def test_an_interrupted_creation_is_started_again(home: Path) -> None:
    leftover = home / "initdb-interrupted" / "cluster"
    leftover.mkdir(parents=True)
    (leftover / "PG_VERSION").write_text("18\n")
    assert answers(settings_for(home))
    assert not leftover.exists()


@pytest.mark.parametrize(
    "name",
    ["two words", "l'été à Besançon", 'quo"te', "$HOME `id`", "d" * 120],
    ids=["space", "accent", "quote", "shell", "long"],
)
def test_odd_folder_names_are_accepted(home: Path, name: str) -> None:
    settings = settings_for(home.parent / name)
    assert answers(settings)
    embedded.stop(settings)


def test_a_locale_unknown_here_is_fine(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "xx_YY.UTF-8")
    monkeypatch.setenv("LANG", "zz")
    monkeypatch.setenv("PGPORT", "1")
    assert answers(settings_for(home))


def test_the_server_outlives_and_does_not_hold_its_caller(home: Path) -> None:
    home.mkdir()
    script = "from core.settings import load_settings as s; "
    script += "from warehouse.embedded import ensure_running; ensure_running(s())"
    began = time.monotonic()
    subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "POSTGRES_DATA_DIR": str(home), "POSTGRES_HOST": ""},
        cwd=PROJECT_ROOT,
        stdout=subprocess.PIPE,  # run() reads it to the end: a held pipe would block
        check=True,
        timeout=60,
    )
    assert time.monotonic() - began < 60
    assert answers(settings_for(home))


def test_a_killed_starter_does_not_stop_the_next(home: Path) -> None:
    """Kill `start` at ten moments, from before initdb to after the first login."""
    settings = settings_for(home)
    for moment in range(10):
        process = multiprocessing.get_context("fork").Process(
            target=embedded.ensure_running, args=(settings,)
        )
        process.start()
        time.sleep(0.08 * moment)
        if process.pid is not None and process.is_alive():
            os.kill(process.pid, signal.SIGKILL)
        process.join()
        kill_all(embedded.locate(settings).cluster)
    assert answers(settings)


def run_as_nobody(action: Callable[[], object]) -> str:
    """Call a function in a child process of the account nobody; return its output."""
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)

    def child() -> None:
        account = pwd.getpwnam("nobody")
        os.setgroups([])
        os.setgid(account.pw_gid)
        os.setuid(account.pw_uid)
        try:
            sender.send(f"fine: {action()}")
        except ServerError as error:
            sender.send(f"refused: {error}")

    process = context.Process(target=child)
    process.start()
    process.join()
    assert receiver.poll()
    return str(receiver.recv())


@as_root
def test_root_runs_the_server_as_an_unprivileged_account(running: Settings) -> None:
    owner = psutil.Process(postmaster(running)).uids().real
    assert owner == pwd.getpwnam("nobody").pw_uid


@as_root
def test_a_normal_user_runs_the_server_under_its_own_account(home: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    mine = home.parent / "mine"
    mine.mkdir()
    os.chown(mine, nobody.pw_uid, nobody.pw_gid)
    settings = settings_for(mine / "pg")
    assert run_as_nobody(lambda: answers(settings)) == "fine: True"
    assert psutil.Process(postmaster(settings)).uids().real == nobody.pw_uid


@as_root
def test_a_folder_of_somebody_else_is_refused_and_left_alone(running: Settings) -> None:
    home = embedded.locate(running).home
    embedded.stop(running)
    before = home.stat()
    said = run_as_nobody(lambda: embedded.ensure_running(running))
    assert said == (
        f"refused: {home} belongs to user root, and you are nobody: run this as root,"
        " or set POSTGRES_DATA_DIR to a folder of your own."
    )
    assert (home.stat().st_uid, home.stat().st_mode) == (before.st_uid, before.st_mode)


@as_root
def test_root_in_a_private_folder_keeps_the_server_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    monkeypatch.setattr(embedded, "ROOT_HOMES", tmp_path / "lib")
    settings = settings_for(private / "pg")
    assert answers(settings)
    assert embedded.locate(settings).home.parent == tmp_path / "lib"
    assert private.stat().st_mode & 0o777 == 0o700
    private.chmod(0o755)  # as somebody may do later: the data stay where they are
    assert embedded.locate(settings).home.parent == tmp_path / "lib"
    assert answers(settings)


@as_root
def test_a_folder_closed_later_hides_no_data_behind_a_new_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setattr(embedded, "ROOT_HOMES", tmp_path / "lib")
    above = tmp_path / "above"
    above.mkdir()
    settings = settings_for(above / "pg")
    assert answers(settings)
    embedded.stop(settings)
    above.chmod(0o700)
    with pytest.raises(ServerError, match="has been closed since"):
        embedded.ensure_running(settings)
    assert not (tmp_path / "lib").exists()
    above.chmod(0o755)
    assert answers(settings)


@pytest.fixture
def private_umask() -> Iterator[None]:
    before = os.umask(0o077)
    yield
    os.umask(before)


@pytest.mark.usefixtures("private_umask")
def test_a_private_umask_does_not_lock_the_server_out(home: Path) -> None:
    settings = settings_for(home / "in" / "here")
    assert answers(settings)
    embedded.stop(settings)


@as_root
@pytest.mark.usefixtures("private_umask")
def test_programs_out_of_reach_are_copied(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from warehouse import binaries

    packages = tmp_path / "private" / "site-packages"
    installed = binaries._packaged()
    for folder in (installed, installed.parent.with_name(f"{binaries.PACKAGE}.libs")):
        target = packages / folder.relative_to(installed.parent.parent)
        shutil.copytree(folder, target, symlinks=True)
    (tmp_path / "private").chmod(0o700)
    hidden = packages / installed.relative_to(installed.parent.parent)
    monkeypatch.setattr(binaries, "_packaged", lambda: hidden)
    assert answers(settings_for(home))
    (copied,) = home.glob("programs-*")
    assert (copied / installed.name / "bin" / "postgres").exists()


def test_a_starter_killed_once_the_server_is_ready_loses_no_port(home: Path) -> None:
    starter = f"""
import os, signal
from pathlib import Path
from warehouse import embedded
from core.settings import Settings

find = embedded.server_process
def find_and_die(cluster):
    if find(cluster) is not None:
        os.kill(os.getpid(), signal.SIGKILL)
embedded.server_process = find_and_die
embedded.ensure_running(
    Settings(_env_file=None, postgres_host=None, postgres_data_dir=Path({str(home)!r}))
)
"""
    died = subprocess.run([sys.executable, "-c", starter], check=False)
    assert died.returncode == -signal.SIGKILL
    assert answers(Settings(_env_file=None, postgres_host=None, postgres_data_dir=home))


def test_before_the_first_load_the_message_says_how_to_set_the_warehouse_up(
    running: Settings,
) -> None:
    with pytest.raises(ServerError) as refused:
        connect(running, "loader")
    assert str(refused.value).endswith(
        "\nIf nothing has been loaded yet, `make weekly` sets the warehouse up."
    )


def test_the_query_of_a_killed_client_ends(running: Settings) -> None:
    prepare(running)
    child = multiprocessing.get_context("fork").Process(target=_sleep, args=(running,))
    child.start()
    with connect(running) as connection, connection.cursor() as cursor:
        asleep = (
            "select count(*) from pg_stat_activity where query ~ '^select pg_sleep'"
        )
        _wait_for(cursor, asleep, 1)
        child.kill()
        _wait_for(cursor, asleep, 0)
    child.join()


def _sleep(settings: Settings) -> None:
    with connect(settings) as connection, connection.cursor() as cursor:
        cursor.execute("select pg_sleep(600)")


def _wait_for(cursor: Cursor, query: str, number: int) -> None:
    deadline = time.monotonic() + 20
    while True:
        cursor.execute("select pg_stat_clear_snapshot()")
        cursor.execute(query)
        if cursor.fetchone() == (number,):
            return
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize(
    "moment", ["warehouse.processes.Account.run", "warehouse.embedded.write_durably"]
)
def test_a_kill_while_the_superusers_password_is_reset_locks_nobody_out(
    running: Settings, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """Before the role has the new password, and before the file is written."""

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    embedded.locate(running).password(embedded.SUPERUSER).unlink()
    with monkeypatch.context() as patch:
        patch.setattr(moment, die)
        with pytest.raises(KeyboardInterrupt):
            embedded.ensure_running(running)
    assert answers(running)


def test_a_password_lost_meanwhile_is_not_replaced_by_one_nobody_set(
    running: Settings,
) -> None:
    file = embedded.locate(running).password(embedded.SUPERUSER)
    file.unlink()
    with pytest.raises(ServerError, match="has just been lost: run the same"):
        embedded.login(running, embedded.SUPERUSER)
    assert not file.exists()
    assert answers(running)


def test_a_server_that_ends_before_it_is_stopped_counts_as_stopped(
    running: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process stops it, while this one waits for the lock or just after."""
    cluster = embedded.locate(running).cluster
    hold_lock = embedded.hold_lock

    @contextmanager
    def wait(path: Path) -> Iterator[None]:
        kill_all(cluster)
        with hold_lock(path):
            yield

    with monkeypatch.context() as patch:
        patch.setattr(embedded, "hold_lock", wait)
        assert not embedded.stop(running)
    embedded.ensure_running(running)

    find = embedded.server_process
    calls = iter([False, True])

    def find_and_lose(path: Path) -> int | None:
        pid = find(path)
        if next(calls):
            kill_all(cluster)
        return pid

    with monkeypatch.context() as patch:
        patch.setattr(embedded, "server_process", find_and_lose)
        assert embedded.stop(running)


@pytest.mark.parametrize("content", [None, "", "garbage"])
def test_a_lost_port_is_read_from_the_servers_own_file(
    running: Settings, content: str | None
) -> None:
    paths = embedded.locate(running)
    where = embedded.login(running, "postgres")
    pid = postmaster(running)
    paths.port.unlink()
    if content is not None:
        paths.port.write_text(content)
    assert embedded.login(running, "postgres") == where
    assert answers(running)
    assert postmaster(running) == pid
    embedded.stop(running)
    with pytest.raises(ServerError, match="The port of PostgreSQL is in neither"):
        embedded.login(running, "postgres")


def test_a_new_folder_is_given_away_when_its_password_file_is_there(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its owner could put a link in the place of a file that root makes."""
    give = Account.give
    given: list[tuple[str, list[str]]] = []

    def record(account: Account, path: Path) -> None:
        inside = [item.name for item in path.iterdir()] if path.is_dir() else []
        given.append((path.name.partition("-")[0], inside))
        give(account, path)

    monkeypatch.setattr(Account, "give", record)
    embedded.ensure_running(settings_for(home))
    assert given == [("password", []), ("initdb", ["password"])]
