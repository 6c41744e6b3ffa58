"""The commands of `python -m warehouse` as a shell sees them."""

import os
import shlex
import signal
import subprocess
import sys
import time

import psutil
import pytest

from core.settings import PROJECT_ROOT, Settings


@pytest.fixture
def environment(settings: Settings) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "ENV_FILE": os.devnull,
        "POSTGRES_DATA_DIR": str(settings.postgres_data_dir),
        "POSTGRES_DB": settings.postgres_db,
    }


def shell(environment: dict[str, str], script: str) -> subprocess.CompletedProcess[str]:
    python = shlex.quote(sys.executable)
    return subprocess.run(
        ["bash", "-euc", script.replace("@W", f"{python} -m warehouse")],
        env=environment,
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_env_can_be_evaluated_and_logs_in(environment: dict[str, str]) -> None:
    login = (
        "import os, psycopg2; e = os.environ; c = psycopg2.connect("
        "host=e['WAREHOUSE_HOST'], port=e['WAREHOUSE_PORT'],"
        " dbname=e['WAREHOUSE_DB'], user=e['WAREHOUSE_USER'],"
        " password=e['DBT_ENV_SECRET_WAREHOUSE_PASSWORD']); print(c.info.user)"
    )
    python = shlex.quote(sys.executable)
    script = f'eval "$(@W env)"; {python} -c "{login}"'
    result = shell(environment, script)
    assert result.stdout == "rakuten\n", result.stderr


def test_exec_gives_the_command_its_exit_code(environment: dict[str, str]) -> None:
    assert shell(environment, "@W exec bash -c 'exit 7'").returncode == 7


def test_ctrl_c_stops_dbt_at_once_with_one_sentence(
    environment: dict[str, str],
) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "warehouse", "exec", "dbt", "debug"],
        env=environment,
        cwd=PROJECT_ROOT / "dbt_project",
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as command:
        started = psutil.Process(command.pid)
        while not (children := started.children()):
            time.sleep(0.01)
        time.sleep(0.1)
        command.send_signal(signal.SIGINT)
        output, errors = command.communicate(timeout=20)
    assert (command.returncode, output) == (130, "")
    assert errors == "\nStopped. Nothing incomplete was published.\n"
    assert psutil.wait_procs(children, timeout=20)[1] == []


def test_psql_is_the_analyst_who_can_only_read(environment: dict[str, str]) -> None:
    who = shell(environment, "@W psql -Atc 'select current_user'")
    assert who.stdout == "analyst\n"
    denied = shell(environment, "@W psql -c 'create table marts.mine (a int)'")
    assert "permission denied for schema marts" in denied.stderr
    assert "permission denied for schema raw" in (
        shell(environment, "@W psql -c 'table raw.x_train'").stderr
    )


def test_status_says_where_the_server_is(environment: dict[str, str]) -> None:
    up = shell(environment, "@W status")
    assert up.returncode == 0
    assert "server     up" in up.stdout
    environment["POSTGRES_DATA_DIR"] += "-nothing-here"
    down = shell(environment, "@W status")
    assert (down.returncode, down.stdout.splitlines()[0]) == (3, "server     down")


def test_no_password_is_printed_or_passed_as_an_argument(
    environment: dict[str, str], settings: Settings
) -> None:
    secret = (settings.postgres_data_dir / "rakuten.password").read_text()
    seen = shell(
        environment,
        "@W exec python -c 'import psutil; print(psutil.Process().cmdline())'; @W status",
    )
    assert secret not in seen.stdout + seen.stderr
