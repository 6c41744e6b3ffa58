"""docker-compose.yml, Dockerfile and .env.example fit each other.

`make lint` holds the compose file against the schema of the compose specification and
runs hadolint; what those cannot know is here. No container is started.
"""

import base64
import os
import re
import shutil
import stat
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.settings import PROJECT_ROOT, Settings

COMPOSE = PROJECT_ROOT / "docker-compose.yml"
DOCKERFILE = PROJECT_ROOT / "deploy/airflow/Dockerfile"
HEALTHY = PROJECT_ROOT / "deploy/airflow/healthy.py"
CONFIGURATION: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())
SERVICES: dict[str, dict[str, Any]] = CONFIGURATION["services"]
JOBS = {name for name, service in SERVICES.items() if service["restart"] == "no"}
SECRET = re.compile(r"PASSWORD|SECRET|FERNET_KEY")

each_service = pytest.mark.parametrize("name", SERVICES)


def stages() -> dict[str, str]:
    """The Dockerfile's stages by name, each with the text of those it builds on."""
    found: dict[str, str] = {}
    for text in re.split(r"(?m)^(?=FROM )", DOCKERFILE.read_text())[1:]:
        head = re.match(r"FROM (\S+) AS (\S+)", text)
        assert head, text
        found[head[2]] = found.get(head[1], "") + text
    return found


@each_service
def test_a_service_is_health_checked_and_a_job_is_not_restarted(name: str) -> None:
    service = SERVICES[name]
    assert ("healthcheck" in service) is (name not in JOBS)
    assert service["restart"] == ("no" if name in JOBS else "unless-stopped")


@each_service
def test_a_dependency_is_waited_for_until_it_is_done_or_healthy(name: str) -> None:
    for other, wait in SERVICES[name].get("depends_on", {}).items():
        wanted = "completed_successfully" if other in JOBS else "healthy"
        assert wait == {"condition": f"service_{wanted}"}, other


def test_each_job_is_waited_for_by_a_service_or_another_job() -> None:
    # https://github.com/docker/compose/issues/10596
    waited = {on for s in SERVICES.values() for on in s.get("depends_on", {})}
    assert len(JOBS) == 4
    assert waited >= JOBS


def test_citus_is_started_only_when_asked_for() -> None:
    profiles = {name: service.get("profiles") for name, service in SERVICES.items()}
    asked = {name for name, found in profiles.items() if found == ["citus"]}
    assert asked == {"citus-coordinator", "citus-worker1", "citus-worker2"}
    assert {name for name, found in profiles.items() if found is None} == (
        SERVICES.keys() - asked
    )
    for name in ("citus-worker1", "citus-worker2"):
        assert SERVICES[name]["networks"] == ["citus-nodes"]
        assert "ports" not in SERVICES[name]


def test_every_node_of_citus_asks_everybody_for_a_password() -> None:
    lines = CONFIGURATION["configs"]["citus-hba"]["content"].splitlines()
    assert lines == ["local all all scram-sha-256", "host all all all scram-sha-256"]
    nodes = [service for name, service in SERVICES.items() if "citus" in name]
    for node in nodes:
        (rules,) = node["configs"]
        assert rules == {"source": "citus-hba", "target": "/etc/citus-hba.conf"}
        assert "hba_file=/etc/citus-hba.conf" in node["command"]
        assert "POSTGRES_HOST_AUTH_METHOD" not in node["environment"]


@each_service
def test_ports_are_on_loopback_only(name: str) -> None:
    for port in SERVICES[name].get("ports", []):
        assert port.startswith("127.0.0.1:")


@each_service
def test_images_are_pinned_to_a_full_version(name: str) -> None:
    image, version = SERVICES[name]["image"].split(":")
    if "build" not in SERVICES[name]:
        # PostgreSQL has two numbers, Citus three and the version of PostgreSQL.
        assert re.fullmatch(r"\d+\.\d+(\.\d+)?-\w+", version)
        return
    project = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text())["project"]
    assert version == project["version"]
    assert image == f"rakuten-{SERVICES[name]['build']['target']}"


def test_the_base_image_is_pinned_to_a_full_version() -> None:
    bases = set(re.findall(r"(?m)^FROM (\S+)", DOCKERFILE.read_text())) - set(stages())
    (base,) = bases
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+", base)


def test_the_images_hold_what_runs_and_none_of_the_test_tools() -> None:
    def locked(name: str) -> set[tuple[str, str]]:
        text = (PROJECT_ROOT / name).read_text()
        return set(re.findall(r"(?m)^([\w.-]+)(?:\[\S+\])?==(\S+)", text))

    assert "COPY requirements-runtime.lock ./" in stages()["packages"]
    images, all_packages = (
        locked("requirements-runtime.lock"),
        locked("requirements.lock"),
    )
    assert images < all_packages
    assert {name for name, _ in all_packages - images} >= {"pytest", "hypothesis"}
    assert {"mlflow", "dbt-core", "psycopg2-binary"} <= {name for name, _ in images}


@each_service
def test_nothing_runs_as_root_or_can_become_it(name: str) -> None:
    service = SERVICES[name]
    if "build" in service:
        users = re.findall(r"(?m)^USER (\S+)", stages()[service["build"]["target"]])
        assert users[-1:] == ["10001:10001"]
    else:
        assert service["user"] == "postgres"
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@each_service
def test_secrets_come_from_the_environment_and_have_no_default(name: str) -> None:
    for variable, value in SERVICES[name].get("environment", {}).items():
        if SECRET.search(variable):
            assert re.fullmatch(r"\$\{[A-Z_]+:\?[^}]+\}", value), variable
    for key in ("command", "entrypoint", "healthcheck", "build", "ports", "volumes"):
        for used in re.findall(r"\$\{(\w+)", str(SERVICES[name].get(key, ""))):
            assert not SECRET.search(used), key


def test_every_variable_is_explained_in_env_example() -> None:
    used = set(re.findall(r"\$\{([A-Z_]+)", COMPOSE.read_text()))
    example = (PROJECT_ROOT / ".env.example").read_text()
    named = dict(re.findall(r"(?m)^#?([A-Z_]+)=(.*)$", example))
    assert used - set(named) == set()
    assert {name for name in named if SECRET.search(name) and named[name]} == set()


def test_the_tasks_get_every_setting() -> None:
    given = {name.lower() for name in SERVICES["airflow-scheduler"]["environment"]}
    assert {field.name for field in fields(Settings)} - given == {"postgres_data_dir"}


def test_volumes_are_declared_used_and_writable_for_the_user() -> None:
    mounts = {
        tuple(mount.split(":")[:2])
        for service in SERVICES.values()
        for mount in service.get("volumes", [])
        if isinstance(mount, str) and not mount.startswith(".")
    }
    assert {volume for volume, _ in mounts} == set(CONFIGURATION["volumes"])
    assert dict(mounts)["postgres-data"] == "/var/lib/postgresql"
    # A new volume takes over the owner of the image's folder.
    owned = re.search(r"--owner=rakuten[^/]*(/.*)$", DOCKERFILE.read_text(), re.M)
    assert owned
    others = {"postgres-data", "citus-coordinator", "citus-worker1", "citus-worker2"}
    own = {target for volume, target in mounts if volume not in others}
    assert set(owned[1].split()) == own


def test_what_is_mounted_from_this_folder_exists_and_is_read_only() -> None:
    mounts = [m for s in SERVICES.values() for m in s.get("volumes", [])]
    files = [m for m in mounts if isinstance(m, str) and m.startswith(".")]
    assert files == [
        f"./deploy/postgres/{name}.sql:/{name}.sql:ro"
        for name in ("databases", "citus")
    ]
    assert all((PROJECT_ROOT / file.split(":")[0]).is_file() for file in files)
    (catalogue,) = [m for m in mounts if isinstance(m, dict)]
    assert catalogue["read_only"] is True


def test_the_build_sees_what_it_copies_and_no_more() -> None:
    lines = (PROJECT_ROOT / ".dockerignore").read_text().splitlines()
    rules = [line for line in lines if not line.startswith("#")]
    shown = {rule[1:] for rule in rules if rule.startswith("!")}
    assert rules[0] == "*"
    assert all((PROJECT_ROOT / name).exists() for name in shown)
    packages = set(
        tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text())["tool"][
            "setuptools"
        ]["packages"]
    )
    assert shown >= packages | {"dbt_project", "requirements-runtime.lock", "README.md"}
    assert not shown & {".env", ".git", "data", "tests", ".venv"}


# In a folder with a space.
PYTHON = Path("a folder", "python3")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder in which `make secrets` and `make up` may write."""
    script = Path("deploy", "container_secrets.py")
    (tmp_path / "deploy").mkdir()
    for name in ("Makefile", "docker-compose.yml", script):
        shutil.copy(PROJECT_ROOT / name, tmp_path / name)
    docker = tmp_path / "bin" / "docker"
    docker.parent.mkdir()
    docker.write_text("#!/bin/sh\n")
    docker.chmod(0o755)
    python = tmp_path / PYTHON
    python.parent.mkdir()
    python.symlink_to(sys.executable)
    return tmp_path


def make(folder: Path, target: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "--silent", target],
        cwd=folder,
        env={
            "PATH": f"{folder}/bin:{os.environ['PATH']}",
            "PYTHON": str(folder / PYTHON),
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_up_names_all_that_is_missing(checkout: Path) -> None:
    (checkout / ".env").write_text("POSTGRES_PASSWORD=known\nAIRFLOW_PASSWORD=\n")
    result = make(checkout, "up")
    assert result.returncode != 0
    assert result.stderr.startswith(
        "Missing in .env: AIRFLOW_DB_PASSWORD AIRFLOW_FERNET_KEY AIRFLOW_JWT_SECRET"
        " AIRFLOW_PASSWORD AIRFLOW_SECRET_KEY MLFLOW_DB_PASSWORD"
        " POSTGRES_SUPERUSER_PASSWORD."
    )


def test_secrets_are_generated_once_for_this_account_alone(checkout: Path) -> None:
    file = checkout / ".env"
    file.write_text("POSTGRES_PASSWORD=known")  # no line break at the end
    file.chmod(0o600)
    result = make(checkout, "secrets")
    values = dict(line.split("=", 1) for line in file.read_text().splitlines())
    assert values.pop("POSTGRES_PASSWORD") == "known"
    assert len(set(values.values())) == len(values) == 7
    for value in values.values():
        assert len(base64.urlsafe_b64decode(value)) == 32  # as Fernet wants its key
        assert value not in result.stdout + result.stderr
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_text()
    make(checkout, "secrets")
    assert file.read_text() == before


@pytest.mark.parametrize(
    ("line", "is_set"),
    [
        ("POSTGRES_PASSWORD=abc", True),
        ("export POSTGRES_PASSWORD=abc", True),
        ("  export  POSTGRES_PASSWORD = abc # ours", True),
        ("POSTGRES_PASSWORD: abc", True),
        ("POSTGRES_PASSWORD=#abc", True),
        ('POSTGRES_PASSWORD="# abc"', True),
        ("POSTGRES_PASSWORD='a\nb'", True),
        ("POSTGRES_PASSWORD=\nPOSTGRES_PASSWORD=abc", True),
        ("POSTGRES_PASSWORD=", False),
        ('POSTGRES_PASSWORD=""', False),
        ("POSTGRES_PASSWORD='' # later", False),
        ("POSTGRES_PASSWORD= # later", False),
        ("POSTGRES_PASSWORD=\nOTHER=abc", False),
        ("# POSTGRES_PASSWORD=abc", False),
        ("exported POSTGRES_PASSWORD=abc", False),
        ("OTHER='\nPOSTGRES_PASSWORD=abc\n'", False),
        ("POSTGRES_PASSWORD=abc\nPOSTGRES_PASSWORD=", False),
    ],
)
def test_what_is_set_is_what_docker_compose_reads(
    checkout: Path, line: str, is_set: bool
) -> None:
    file = checkout / ".env"
    file.write_text(line)
    result = make(checkout, "secrets")
    assert ("Added POSTGRES_PASSWORD to .env." not in result.stdout) is is_set
    lines = file.read_text().removeprefix(line).splitlines()
    added = [line for line in lines if line.startswith("POSTGRES_PASSWORD=")]
    assert len(added) == (0 if is_set else 1)


def test_a_copy_of_the_example_is_closed_to_others(checkout: Path) -> None:
    file = checkout / ".env"
    file.write_text("# caf\u00e9\nPOSTGRES_PASSWORD=known\n")
    file.chmod(0o644)
    already_open = file.open()
    make(checkout, "secrets")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text().startswith("# caf\u00e9\nPOSTGRES_PASSWORD=known\n")
    assert already_open.read() == "# caf\u00e9\nPOSTGRES_PASSWORD=known\n"


def test_a_new_env_file_is_readable_by_this_account_alone(checkout: Path) -> None:
    make(checkout, "secrets")
    assert stat.S_IMODE((checkout / ".env").stat().st_mode) == 0o600


class Answer(BaseHTTPRequestHandler):
    """Airflow's answer about its health; /down is an unhealthy server."""

    def do_GET(self) -> None:
        self.send_response(503 if self.path == "/down" else 200)
        self.end_headers()
        self.wfile.write(
            b'{"metadatabase": {"status": "healthy"},'
            b' "dag_processor": {"status": "unhealthy"}}'
        )

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@pytest.fixture
def address() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["/health"], 0),
        (["/health", "metadatabase"], 0),
        (["/health", "dag_processor"], 1),
        (["/health", "triggerer"], 1),
        (["/down"], 1),
    ],
)
def test_the_health_check_believes_only_a_good_answer(
    address: str, arguments: list[str], code: int
) -> None:
    path, *parts = arguments
    result = subprocess.run(
        [sys.executable, HEALTHY, address + path, *parts],
        stderr=subprocess.DEVNULL,
        check=False,
    )
    assert result.returncode == code
