"""The commands of `python -m warehouse`."""

import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from core.commands import Group
from core.settings import Settings, load_settings
from warehouse import embedded
from warehouse.binaries import program
from warehouse.connection import (
    Endpoint,
    connect,
    dbt_environment,
    endpoint,
    libpq_environment,
)
from warehouse.database import ensure_prepared
from warehouse.dump import export_warehouse, import_warehouse
from warehouse.processes import server_process


@click.group(cls=Group)
def main() -> None:
    """Start, stop and reach the warehouse."""


@main.command()
def start() -> None:
    """Start the embedded PostgreSQL (or reach the configured one) and prepare it."""
    settings = load_settings()
    ensure_prepared(settings)
    where = endpoint(settings)
    click.echo(f"PostgreSQL is up at {where.host}:{where.port}, {where.dbname}.")


@main.command()
def stop() -> None:
    """Stop the embedded PostgreSQL."""
    settings = load_settings()
    if not settings.embedded:
        click.echo(
            f"PostgreSQL at {settings.postgres_host} is a server of your own; it was"
            " not stopped."
        )
    elif embedded.stop(settings):
        click.echo("PostgreSQL stopped.")
    else:
        click.echo("PostgreSQL was not running.")


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def status(*, as_json: bool) -> None:
    """Show where PostgreSQL is and whether it runs; exit 3 if it does not."""
    settings = load_settings()
    facts = _facts(settings)
    if as_json:
        click.echo(json.dumps(facts))
    else:
        for name, value in facts.items():
            click.echo(f"{name:<10} {value}")
    if facts["server"] == "down":
        sys.exit(3)


def _facts(settings: Settings) -> dict[str, str]:
    if not settings.embedded:
        with connect(settings) as connection:
            version = connection.server_version
        address = f"{settings.postgres_host}:{settings.postgres_port}"
        return {"server": "up", "address": address, "version": str(version // 10000)}
    paths = embedded.locate(settings)
    pid = server_process(paths.cluster)
    if pid is None:
        return {"server": "down", "data": str(paths.home)}
    where = embedded.login(settings, settings.postgres_user)
    return {
        "server": "up",
        "process": str(pid),
        "address": f"{where.host}:{where.port}",
        "database": where.dbname,
        "data": str(paths.home),
        "log": str(paths.log),
    }


@main.command("connect")
def connect_() -> None:
    """Print host, port and login of the read-only analyst, for any client."""
    settings = load_settings()
    ensure_prepared(settings)
    where = endpoint(settings)
    facts = {
        "host": where.host,
        "port": str(where.port),
        "database": settings.postgres_db,
    }
    if settings.embedded:
        analyst = embedded.login(settings, embedded.ANALYST)
        facts |= {"user": analyst.user, "password": analyst.password}
    else:
        # The analyst's login was created by an administrator and is not known here.
        facts |= {"user": "analyst"}
    for name, value in (facts | {"schema": "marts"}).items():
        click.echo(f"{name:<10} {value}")


@main.command()
def env() -> None:
    """Print the connection as shell exports, for dbt: eval "$(make -s env)"."""
    settings = load_settings()
    ensure_prepared(settings)
    for name, value in dbt_environment(settings).items():
        click.echo(f"export {name}={shlex.quote(value)}")


@main.command("exec", context_settings={"ignore_unknown_options": True})
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def execute(command: tuple[str, ...]) -> None:
    """Run COMMAND with the connection in its environment."""
    settings = load_settings()
    ensure_prepared(settings)
    variables = dbt_environment(settings)
    bin_folder = Path(sys.executable).parent
    path = f"{bin_folder}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    environment = {**os.environ, **variables, "PATH": path}
    if command[0] == "dbt":
        sys.exit(_run_dbt(command, environment))
    os.execvpe(command[0], command, environment)  # noqa: S606


def _run_dbt(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run dbt until it ends, or kill it at a signal, and return the exit status.

    By itself it waits for its queries at Ctrl-C: its role may not cancel those of the login.
    """
    with subprocess.Popen(  # noqa: S603 - no shell
        command, env=environment, start_new_session=True
    ) as dbt:

        def stop(number: int, _frame: object) -> None:
            os.killpg(dbt.pid, signal.SIGKILL)
            click.echo("\nStopped. Nothing incomplete was published.", err=True)
            sys.exit(128 + number)

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, stop)
        return dbt.wait()


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def psql(arguments: tuple[str, ...]) -> None:
    """Open psql as the read-only analyst."""
    settings = load_settings()
    ensure_prepared(settings)
    variables = libpq_environment(_analyst(settings))
    if not settings.embedded:
        # The analyst's password is not known here. The session starts as analyst, which
        # only guards against mistakes, since the login may RESET ROLE.
        variables["PGOPTIONS"] = "-c role=analyst"
    psql_program = str(program("psql"))
    os.execve(psql_program, [psql_program, *arguments], {**os.environ, **variables})  # noqa: S606


@main.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export_(file: Path) -> None:
    """Write the whole warehouse to FILE, to import on another server."""
    export_warehouse(load_settings(), file)
    click.echo(f"Wrote {file} ({file.stat().st_size / 1e6:.1f} MB).")


@main.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def import_(file: Path) -> None:
    """Fill an empty warehouse from FILE, in one transaction."""
    settings = load_settings()
    import_warehouse(settings, file)
    where = endpoint(settings)
    click.echo(f"Imported into {where.dbname} at {where.host}:{where.port}.")


def _analyst(settings: Settings) -> Endpoint:
    where = endpoint(settings)
    return embedded.login(settings, embedded.ANALYST) if settings.embedded else where
