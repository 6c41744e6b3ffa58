"""The commands of `python -m orchestration`."""

import errno
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from core.commands import PORT, Group
from core.durable import make_folder
from core.errors import BusyError, ConfigurationError, PipelineError
from core.settings import Settings, load_settings
from orchestration.weekly import STEPS, plan
from orchestration.weekly import weekly as run_weekly
from reporting.steps import StepResult

# Seconds that a server has to finish its requests.
STOP_PATIENCE = 10.0


@click.group(cls=Group)
def main() -> None:
    """Run the week's work, rebuild a report, open MLflow."""


@main.command()
@click.option("--from", "start", type=click.Choice(STEPS), help="Start with this step.")
@click.option("--only", type=click.Choice(STEPS), help="Run this step alone.")
@click.option(
    "--step",
    type=click.Choice(STEPS[:-1]),
    help="Run this step if it comes next; for schedulers.",
)
@click.option("--dry-run", is_flag=True, help="Print the steps that would run.")
def weekly(
    *, start: str | None, only: str | None, step: str | None, dry_run: bool
) -> None:
    """Load the next slice, build, balance, train, review, report and notify.

    An interrupted or failed week is finished first. Exit codes: 0 done (or nothing left
    to load), 1 a step failed, 75 another weekly run is running.
    """
    settings = load_settings()
    if len([option for option in (start, only, step) if option]) > 1:
        raise click.UsageError("Give one of --from, --only and --step.")
    if dry_run:
        steps = plan(settings, start=start, only=only, step=step)
        click.echo("Would run: " + (", ".join(steps) or "nothing"))
        return
    run_weekly(settings, start=start, only=only, step=step)


@main.command()
def status() -> None:
    """Show what is loaded, published and running; starts nothing."""
    from orchestration.status import read_status

    for name, value in read_status(load_settings()):
        click.echo(f"{name:<10} {value}")


@main.command()
@click.argument("batch", required=False, metavar="[week_N]")
def report(batch: str | None) -> None:
    """Rebuild the report of a week; the newest without an argument."""
    from reporting.report import write_report

    click.echo(write_report(load_settings(), batch, ()).summary)


@main.command()
@click.option("--failed", multiple=True, metavar="STEP", help="A step that failed.")
def notify(failed: tuple[str, ...]) -> None:
    """Send the newest week's summary, for schedulers that run each step themselves.

    With --failed the report is rebuilt to include the failure.
    """
    from orchestration.notify import notify as send
    from reporting.report import write_report

    settings = load_settings()
    steps = [StepResult(name, "failed", 0.0, "see its log") for name in failed]
    lines = [f"{step.name} FAILED: {step.message}" for step in steps]
    try:
        lines.append(write_report(settings, None, steps).summary)
    except PipelineError as error:
        lines.append(f"There is no report: {error}")
    send(settings, "\n".join(lines), not failed)


@main.command()
def docs() -> None:
    """Write the dbt documentation and lineage as one page beside the reports."""
    from orchestration.dbt import write_docs
    from reporting.index import write_index

    settings = load_settings()
    click.echo(write_docs(settings))
    write_index(settings)


@main.command()
@click.option("--port", default=5000, show_default=True, type=PORT)
def ui(port: int) -> None:
    """Serve MLflow's pages on 127.0.0.1, until Ctrl-C.

    It answers only browsers that have opened the printed address, and programs that
    send the secret in it.
    """
    from orchestration.mlflow_app import APP_NAME, PARAMETER, VARIABLE, read_secret

    _refuse_taken(port)
    settings = load_settings()
    folder = _mlflow_folder(settings)
    if os.geteuid() == 0 and not os.environ.get("ALLOW_ROOT"):
        raise ConfigurationError(
            "MLflow's server is not started as root, since it reads and writes any file"
            " for anyone with its secret. Use another account, or set ALLOW_ROOT=1."
        )
    secret = read_secret(folder)
    command = [
        *(sys.executable, "-m", "core.mlflow_command", "server"),
        *("--host", "127.0.0.1", "--port", str(port)),
        *("--backend-store-uri", settings.mlflow_tracking_uri),
        *("--default-artifact-root", (folder / "artifacts").as_uri()),
        *("--allowed-hosts", f"127.0.0.1:{port},localhost:{port}"),
        *("--app-name", APP_NAME, "--workers", "1"),
    ]
    # Without it the pages begin in the view for GenAI, which has no metrics.
    view = "#/experiments?workflowType=machine_learning"
    click.echo(
        f"MLflow: http://127.0.0.1:{port}/?{PARAMETER}={secret}{view} (Ctrl-C stops it)"
    )
    environment = os.environ | {
        VARIABLE: secret,
        # Seven processes that evaluate traces of language models.
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
    }
    os.execve(command[0], command, environment)  # noqa: S606 - no shell


@main.command()
@click.option("--port", default=5001, show_default=True, type=PORT)
def serve(port: int) -> None:
    """Answer requests with the champion on 127.0.0.1, until Ctrl-C."""
    from core.artifacts import fetch_model
    from core.tracking import MODEL_NAME, open_client
    from training.champion import load_champion

    _refuse_taken(port)
    settings = load_settings()
    client = open_client(settings)
    # Loaded once here: MLflow's server would load anybody's model, with its code.
    champion = load_champion(client)
    product = {"designation": "Piscine gonflable 3 m", "description": ""}
    request = json.dumps({"dataframe_records": [product]})
    click.echo(
        f"Version {champion.version} of {MODEL_NAME} answers on 127.0.0.1:{port} in a few"
        f" seconds (Ctrl-C stops it):\n"
        f"curl -s http://127.0.0.1:{port}/invocations"
        f" -H 'Content-Type: application/json' -d '{request}'"
    )
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}"
    }
    with TemporaryDirectory() as folder:
        # A copy, since MLflow's server reads the path as a URI: no % or ? may be in it.
        model = shutil.copytree(
            fetch_model(client, MODEL_NAME, champion.version), Path(folder, "model")
        )
        command = [
            *(sys.executable, "-m", "core.mlflow_command", "models", "serve"),
            *("--model-uri", str(model)),
            *("--host", "127.0.0.1", "--port", str(port)),
            *("--env-manager", "local", "--workers", "1"),
        ]
        status = run_as_group(command, environment)
    sys.exit(status)


def _refuse_taken(port: int) -> None:
    """Raise BusyError where MLflow's server would end with a traceback."""
    with socket.socket() as probe:
        # As servers do: connections that have just ended do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            problem = (
                "is in use: stop what uses it, or"
                if error.errno == errno.EADDRINUSE
                else f"cannot be used ({error.strerror}):"
            )
            raise BusyError(
                f"Port {port} on 127.0.0.1 {problem} choose another."
            ) from None


def run_as_group(command: list[str], environment: dict[str, str] | None) -> int:
    """Run a program until a signal ends it and whatever it has started.

    MLflow's command leaves its server running when it is terminated alone.
    """
    with subprocess.Popen(  # noqa: S603 - our own command, no shell
        command, env=environment, start_new_session=True
    ) as program:

        def stop(_number: int, _frame: object) -> None:
            with suppress(ProcessLookupError):
                os.killpg(program.pid, signal.SIGTERM)

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, stop)
        status = program.wait()
    _end_group(program.pid)
    return max(status, 0)


def _end_group(group: int) -> None:
    """Wait until the processes of a group are gone, so that their port is free again."""
    # macOS refuses signals to processes that have ended.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGTERM)
        deadline = time.monotonic() + STOP_PATIENCE
        while time.monotonic() < deadline:
            os.killpg(group, 0)
            time.sleep(0.02)
        os.killpg(group, signal.SIGKILL)


def _mlflow_folder(settings: Settings) -> Path:
    from core.tracking import local_folder, shown_uri

    folder = local_folder(settings)
    if folder is None:
        raise ConfigurationError(
            f"MLFLOW_TRACKING_URI is {shown_uri(settings)}: open that server in"
            " a browser; this command serves the local database only."
        )
    make_folder(folder)
    return folder


@main.command()
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    help="A new folder; default: backups/<time>.",
)
def backup(into: Path | None) -> None:
    """Copy the warehouse, the local MLflow, the reports and the run's state."""
    from orchestration.backup import make_backup

    settings = load_settings()
    click.echo(f"Backup: {make_backup(settings, into)}")
    _say_what_mlflow_does(settings)


@main.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def restore(folder: Path) -> None:
    """Restore a backup where there is no warehouse and no MLflow yet."""
    from orchestration.backup import restore_backup

    settings = load_settings()
    click.echo(f"Restored: {restore_backup(settings, folder)}")
    _say_what_mlflow_does(settings)


def _say_what_mlflow_does(settings: Settings) -> None:
    from core.tracking import local_folder, shown_uri

    if local_folder(settings) is None:
        click.echo(f"Not included: MLflow at {shown_uri(settings)}; back it up there.")
