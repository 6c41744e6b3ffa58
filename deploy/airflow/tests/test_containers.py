"""Airflow's commands of docker-compose.yml, outside containers: its user and its login.

The metadata database is on an embedded PostgreSQL. PyYAML comes with Airflow.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request
from pathlib import Path

import yaml

PROJECT = Path(__file__).resolve().parents[3]
PYTHON = PROJECT / ".venv" / "bin" / "python"
AIRFLOW = PROJECT / "deploy" / "airflow"
BIN = Path(sys.executable).parent
SERVICES = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())["services"]
PASSWORDS = {
    "POSTGRES_PASSWORD": "project",
    "MLFLOW_DB_PASSWORD": "mlflow",
    "AIRFLOW_DB_PASSWORD": "air/fl@ow%20:'",
}
DATABASE = "postgresql+psycopg2://airflow@postgres:5432/airflow"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class LoginTest(unittest.TestCase):
    """The init job, the API server and who may log in."""

    def setUp(self) -> None:
        kept = tempfile.TemporaryDirectory(prefix="airflow-")
        self.addCleanup(kept.cleanup)
        self.folder = Path(kept.name)
        self.folder.chmod(0o755)  # as root the server runs as nobody, who must enter
        data = self.folder / "postgres"
        basic = {
            "PATH": os.environ["PATH"],
            "ENV_FILE": os.devnull,
            "POSTGRES_DATA_DIR": str(data),
        }
        self.addCleanup(
            subprocess.run, [PYTHON, "-m", "warehouse", "stop"], env=basic, cwd=PROJECT
        )
        subprocess.run(
            [PYTHON, "-m", "warehouse", "start"], env=basic, cwd=PROJECT, check=True
        )
        self.database_port = (data / "port").read_text()
        where = "import warehouse.binaries as b; print(b.program('psql'))"
        psql = subprocess.check_output([PYTHON, "-c", where], cwd=PROJECT, text=True)
        subprocess.run(
            [
                psql.strip(),
                "--quiet",
                f"--file={PROJECT}/deploy/postgres/databases.sql",
            ],
            env={
                "PGHOST": "127.0.0.1",
                "PGPORT": self.database_port,
                "PGUSER": "postgres",
                "PGPASSWORD": (data / "postgres.password").read_text().strip(),
                "POSTGRES_USER": "project",
                "POSTGRES_DB": "catalogue",
                **PASSWORDS,
            },
            check=True,
        )
        self.port = free_port()

    def environment(self, service: str, **variables: str) -> dict[str, str]:
        """Return a service's variables, with addresses and folders of this machine."""
        given = SERVICES[service]["environment"] | {
            "AIRFLOW__API__SECRET_KEY": "a secret key",
            "AIRFLOW__API_AUTH__JWT_SECRET": "a secret of at least 64 bytes " * 3,
            "AIRFLOW__CORE__FERNET_KEY": "A" * 43 + "=",
            "PGPASSWORD": PASSWORDS["AIRFLOW_DB_PASSWORD"],
            "AIRFLOW_USER": "admin",
            **variables,
        }
        self.assertEqual(given["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"], DATABASE)
        given["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] = DATABASE.replace(
            "postgres:5432", f"127.0.0.1:{self.database_port}"
        )
        given["AIRFLOW__CORE__DAGS_FOLDER"] = str(AIRFLOW / "dags")
        given["AIRFLOW__LOGGING__BASE_LOG_FOLDER"] = str(self.folder / "logs")
        given["AIRFLOW_HOME"] = str(self.folder / "airflow")
        given["PATH"] = f"{BIN}:{os.environ['PATH']}"
        return {**given, "HOME": str(self.folder)}

    def initialise(self, password: str) -> str:
        """Run the init job; what it prints."""
        (script,) = SERVICES["airflow-init"]["command"]
        result = subprocess.run(
            [PROJECT / script],
            env=self.environment("airflow-init", AIRFLOW_PASSWORD=password),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,  # as in a container there is no terminal to ask at
            check=False,
        )
        self.assertEqual(result.returncode, 0, result.stdout)
        return result.stdout

    def serve(self) -> None:
        """Start the API server and wait until its health check passes."""
        program, *words = SERVICES["airflow-api-server"]["command"]
        words = [
            word.replace("=8080", f"={self.port}").replace("=0.0.0.0", "=127.0.0.1")
            for word in words
        ]
        server = subprocess.Popen(
            [BIN / program, *words],
            env=self.environment("airflow-api-server"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.addCleanup(server.wait, timeout=60)
        self.addCleanup(server.terminate)
        _, _, url, *parts = SERVICES["airflow-api-server"]["healthcheck"]["test"]
        check = [sys.executable, AIRFLOW / "healthy.py"]
        check += [url.replace(":8080", f":{self.port}"), *parts]
        deadline = time.monotonic() + 240
        while subprocess.run(check, stderr=subprocess.DEVNULL, check=False).returncode:
            self.assertIsNone(server.poll())
            self.assertLess(time.monotonic(), deadline)
            time.sleep(1)

    def log_in(self, password: str) -> int:
        """Return the HTTP status of a log-in as admin."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/auth/token",
            json.dumps({"username": "admin", "password": password}).encode(),
            {"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            error.close()
            return error.code

    def test_the_password_is_that_of_the_environment_the_last_time(self) -> None:
        first, second = "log'in \"p@ss\\%41 $x", "another"
        self.assertNotIn(first, self.initialise(first))
        self.serve()
        self.assertEqual(self.log_in(first), 201)
        self.assertEqual(self.log_in("admin"), 401)
        self.initialise(second)
        self.assertEqual(self.log_in(first), 401)
        self.assertEqual(self.log_in(second), 201)


if __name__ == "__main__":
    unittest.main()
