"""The commands of docker-compose.yml, run outside containers.

Nothing but addresses and folders is replaced. PostgreSQL is an embedded server of its
own, since the script makes logins and roles; Airflow's commands are tested in Airflow's
own environment (`make test-airflow`).
"""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
import yaml
from mlflow import MlflowClient
from psycopg2.extensions import connection as Connection  # noqa: N812
from servers import free_port, running_server

from core.settings import PROJECT_ROOT, SecretStr, Settings
from warehouse import embedded
from warehouse.binaries import program
from warehouse.connection import Endpoint, connect
from warehouse.database import ensure_prepared

SERVICES = yaml.safe_load((PROJECT_ROOT / "docker-compose.yml").read_text())["services"]
PAGE = (PROJECT_ROOT / "docs/containers.md").read_text()
HEALTHY = PROJECT_ROOT / "deploy/airflow/healthy.py"
# What an address or a quoted string could trip over.
PASSWORDS = {
    "POSTGRES_PASSWORD": """pro'ject\\ "p@ss:/%41""",
    "MLFLOW_DB_PASSWORD": "ml/fl@ow%20:'$x",
    "AIRFLOW_DB_PASSWORD": "air-flow",
}
NAMES = {"POSTGRES_USER": "project", "POSTGRES_DB": "catalogue"}


def test_the_service_that_reads_the_dag_knows_the_addresses_its_page_gives() -> None:
    tasks = SERVICES["airflow-scheduler"]["environment"]
    page = SERVICES["airflow-dag-processor"]["environment"]
    for name in ("REPORTS_URL", "MLFLOW_UI_URL"):
        assert page[name] == tasks[name]


def test_the_job_of_the_postgresql_image_leaves_no_volume_behind() -> None:
    (data,) = (volume.split(":")[1] for volume in volumes("postgres"))
    assert SERVICES["databases"]["tmpfs"] == [data]


def volumes(service: str) -> set[str]:
    """Return the volumes of a service, with their folders."""
    mounts = SERVICES[service].get("volumes", [])
    return {m for m in mounts if isinstance(m, str) and not m.startswith("./")}


def copied(option: str) -> set[str]:
    """Return the volumes that the page's tar commands copy."""
    pattern = rf"^docker compose .* (\S+) tar -C (\S+) {option}\b"
    return {
        volume
        for service, folder in re.findall(pattern, PAGE, re.MULTILINE)
        for volume in volumes(service)
        if volume.endswith(f":{folder}")
    }


def test_every_volume_is_backed_up_and_restored_by_a_service_that_mounts_it() -> None:
    used = [name for name, service in SERVICES.items() if "profiles" not in service]
    assert copied("-c") == copied("-x")
    assert copied("-c") | volumes("postgres") == set().union(*map(volumes, used))


def test_a_backup_replaces_the_dumps_of_the_one_before() -> None:
    (exported,) = re.findall(r"warehouse export (\S+)", PAGE)
    assert f"warehouse import {exported}" in PAGE
    removed = PAGE.index(f"rm -f {exported}")
    assert removed < PAGE.index(f"warehouse export {exported}")


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A new server that logs every statement of its superuser."""
    with running_server(tmp_path_factory.mktemp("containers")) as settings:
        superuser = embedded.login(settings, embedded.SUPERUSER)
        connection = log_in(superuser, superuser.user, superuser.password)
        connection.cursor().execute("alter role postgres set log_statement = 'all'")
        connection.commit()
        connection.close()
        yield settings


@pytest.fixture(scope="module")
def server(postgres: Settings) -> Endpoint:
    """Its superuser, with the logins and databases made."""
    superuser = embedded.login(postgres, embedded.SUPERUSER)
    make_databases(superuser, PASSWORDS)
    return superuser


def databases_job(
    superuser: Endpoint, variables: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    _, *options = SERVICES["databases"]["entrypoint"]
    script = PROJECT_ROOT / "deploy/postgres/databases.sql"
    assert options[-1] == "--file=/databases.sql"
    return subprocess.run(
        [program("psql"), *options[:-1], f"--file={script}"],
        env={
            "PGHOST": superuser.host,
            "PGPORT": str(superuser.port),
            "PGUSER": superuser.user,
            "PGPASSWORD": superuser.password,
            **variables,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def make_databases(superuser: Endpoint, passwords: dict[str, str]) -> None:
    result = databases_job(superuser, NAMES | passwords)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def log_in(
    where: Endpoint, user: str, password: str, database: str = "postgres"
) -> Connection:
    return psycopg2.connect(
        host=where.host,
        port=where.port,
        user=user,
        password=password,
        dbname=database,
    )


@pytest.mark.parametrize(
    ("user", "database", "variable"),
    [
        ("project", "catalogue", "POSTGRES_PASSWORD"),
        ("mlflow", "mlflow", "MLFLOW_DB_PASSWORD"),
        ("airflow", "airflow", "AIRFLOW_DB_PASSWORD"),
    ],
)
def test_each_login_has_a_database_that_is_closed_to_the_others(
    server: Endpoint, user: str, database: str, variable: str
) -> None:
    log_in(server, user, PASSWORDS[variable], database).close()
    with pytest.raises(psycopg2.OperationalError, match="password authentication"):
        log_in(server, user, "wrong", database)
    for other in {"catalogue", "mlflow", "airflow"} - {database}:
        with pytest.raises(psycopg2.OperationalError, match="permission denied"):
            log_in(server, user, PASSWORDS[variable], other)


def test_a_changed_password_is_taken_over_and_the_data_stay(server: Endpoint) -> None:
    with log_in(server, "airflow", "air-flow", "airflow") as connection:
        connection.cursor().execute("create table kept ()")
    connection.close()
    make_databases(server, {**PASSWORDS, "AIRFLOW_DB_PASSWORD": "new"})
    with pytest.raises(psycopg2.OperationalError, match="password authentication"):
        log_in(server, "airflow", "air-flow", "airflow")
    with log_in(server, "airflow", "new", "airflow") as connection:
        connection.cursor().execute("select from kept")
    connection.close()
    make_databases(server, PASSWORDS)


@pytest.mark.parametrize(
    ("variable", "name", "reason"),
    [
        ("POSTGRES_USER", "postgres", "POSTGRES_USER is the superuser"),
        ("POSTGRES_USER", "mlflow", "POSTGRES_USER is mlflow or airflow"),
        ("POSTGRES_DB", "airflow", "POSTGRES_DB is mlflow or airflow"),
    ],
)
def test_a_name_that_is_taken_is_refused_before_anything_is_changed(
    server: Endpoint, variable: str, name: str, reason: str
) -> None:
    others = dict.fromkeys(PASSWORDS, "changed")
    result = databases_job(server, {**NAMES, **others, variable: name})
    assert result.returncode == 3
    assert reason in result.stderr
    assert "changed" not in result.stderr
    for user, secret in (
        (server.user, server.password),
        ("mlflow", PASSWORDS["MLFLOW_DB_PASSWORD"]),
    ):
        log_in(server, user, secret).close()


def test_no_password_is_in_the_log_of_a_server_that_logs_every_statement(
    postgres: Settings, server: Endpoint
) -> None:
    log = embedded.locate(postgres).log.read_text()
    assert "statement: set log_min_error_statement" in log
    assert "statement: alter role" not in log
    for password in PASSWORDS.values():
        assert password not in log
        assert password.replace("'", "''") not in log


@pytest.fixture(scope="module")
def project(server: Endpoint) -> Settings:
    """The project's login, which has made the roles: they are the whole server's."""
    settings = Settings(
        _env_file=None,
        postgres_host=server.host,
        postgres_port=server.port,
        postgres_user="project",
        postgres_db="catalogue",
        postgres_password=SecretStr(PASSWORDS["POSTGRES_PASSWORD"]),
    )
    ensure_prepared(settings)
    return settings


def test_the_project_prepares_its_database_with_its_own_login(
    project: Settings,
) -> None:
    with connect(project, "loader") as connection, connection.cursor() as cursor:
        cursor.execute("create table raw.kept ()")
        connection.rollback()
    connection.close()


CITUS = """
create function citus_set_coordinator_host(text) returns void
language sql return null;
create function citus_add_node(text, int) returns int language sql return 1;
"""


def citus_script(superuser: Endpoint, login: str) -> subprocess.CompletedProcess[str]:
    script = PROJECT_ROOT / "deploy/postgres/citus.sql"
    return subprocess.run(
        [program("psql"), "--quiet", "--tuples-only", f"--file={script}"],
        env={
            "PGHOST": superuser.host,
            "PGPORT": str(superuser.port),
            "PGUSER": superuser.user,
            "PGDATABASE": "distributed",
            "PGPASSWORD": superuser.password,
            "LOGIN": login,
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.usefixtures("project")
def test_the_roles_of_citus_have_the_password_that_its_nodes_give(
    postgres: Settings, server: Endpoint
) -> None:
    with closing(log_in(server, server.user, server.password)) as connection:
        connection.autocommit = True
        connection.cursor().execute("create database distributed")
    with closing(
        log_in(server, server.user, server.password, "distributed")
    ) as connection:
        connection.autocommit = True
        connection.cursor().execute(CITUS)

    for _ in range(2):
        result = citus_script(server, "distributor")
        assert (result.returncode, result.stderr) == (0, "")

    for role in ("loader", "transformer", "analyst", "distributor"):
        log_in(server, role, server.password, "distributed").close()
        with pytest.raises(psycopg2.OperationalError, match="password authentication"):
            log_in(server, role, "wrong", "distributed")
    ensure_prepared(
        Settings(
            _env_file=None,
            postgres_host=server.host,
            postgres_port=server.port,
            postgres_user="distributor",
            postgres_db="distributed",
            postgres_password=SecretStr(server.password),
        )
    )
    assert server.password not in embedded.locate(postgres).log.read_text()
    refused = citus_script(server, server.user)
    assert refused.returncode == 3
    assert "POSTGRES_USER is the superuser" in refused.stderr


def outside(word: str, server: Endpoint, port: int, artifacts: Path) -> str:
    """Return a word of a command as it is outside the containers."""
    for inside, here in (
        ("@postgres:5432", f"@{server.host}:{server.port}"),
        ("--host=0.0.0.0", "--host=127.0.0.1"),
        ("=5000", f"={port}"),
        ("/var/lib/mlflow", str(artifacts)),
    ):
        word = word.replace(inside, here)
    return word


def mlflow_command(
    name: str, server: Endpoint, port: int, artifacts: Path
) -> tuple[list[str], dict[str, str]]:
    program, *words = SERVICES[name]["command"]
    assert program == "mlflow"
    variables = SERVICES[name]["environment"] | {
        "PGPASSWORD": PASSWORDS["MLFLOW_DB_PASSWORD"]
    }
    given = [outside(word, server, port, artifacts) for word in words]
    return [str(Path(sys.executable).with_name("mlflow")), *given], {
        **os.environ,
        **{k: outside(v, server, port, artifacts) for k, v in variables.items()},
    }


def is_healthy(port: int) -> bool:
    check = SERVICES["mlflow"]["healthcheck"]["test"][2].replace("5000", str(port))
    command = [sys.executable, str(HEALTHY), check]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="module")
def artifacts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where MLflow's server keeps artifacts."""
    return tmp_path_factory.mktemp("artifacts")


@pytest.fixture(scope="module")
def mlflow_server(server: Endpoint, artifacts: Path) -> Iterator[int]:
    """The port of a running MLflow server."""
    port = free_port()
    command, environment = mlflow_command("mlflow-init", server, port, artifacts)
    subprocess.run(command, env=environment, check=True, capture_output=True)
    command, environment = mlflow_command("mlflow", server, port, artifacts)
    path = artifacts.with_name("mlflow.log")
    with path.open("w") as log:
        process = subprocess.Popen(
            command, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        deadline = time.monotonic() + 180
        while not is_healthy(port):
            assert process.poll() is None, path.read_text()
            assert time.monotonic() < deadline, path.read_text()
            time.sleep(0.5)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def test_mlflow_keeps_runs_in_postgresql_and_artifacts_behind_the_server(
    server: Endpoint, mlflow_server: int, artifacts: Path
) -> None:
    client = MlflowClient(f"http://127.0.0.1:{mlflow_server}")
    experiment = client.create_experiment("containers")
    run = client.create_run(experiment)
    client.log_text(run.info.run_id, "été", "notes/a file.txt")
    assert run.info.artifact_uri.startswith("mlflow-artifacts:/")
    (stored,) = artifacts.rglob("a file.txt")
    assert stored.read_text() == "été"
    copy = client.download_artifacts(run.info.run_id, "notes/a file.txt")
    assert Path(copy).read_text() == "été"
    login = ("mlflow", PASSWORDS["MLFLOW_DB_PASSWORD"], "mlflow")
    with log_in(server, *login) as connection, connection.cursor() as cursor:
        cursor.execute("select run_uuid from runs")
        assert cursor.fetchall() == [(run.info.run_id,)]
    connection.close()


def test_mlflow_answers_to_its_own_names_only(mlflow_server: int) -> None:
    answers = {}
    for host in ("mlflow:5000", f"127.0.0.1:{mlflow_server}", "evil.example:5000"):
        with socket.create_connection(("127.0.0.1", mlflow_server)) as asked:
            asked.sendall(
                b"GET /api/2.0/mlflow/experiments/search?max_results=1 HTTP/1.1\r\n"
                b"Host: " + host.encode() + b"\r\nConnection: close\r\n\r\n"
            )
            answers[host] = asked.recv(4096).split(b" ")[1]
    assert list(answers.values()) == [b"200", b"200", b"403"]
