r"""The embedded server's fitted settings beside PostgreSQL's defaults.

    python benchmarks/postgres_settings.py CATALOGUE [--rounds 3]

Runs two embedded servers, one with the settings of `warehouse.embedded`, one with none
but its address. Each round loads the catalogue's first 40 % and builds the marts in a new
database of each, one after the other, the first to go alternating; every step is a
process of its own, start included. Refuses to run unless fsync, synchronous_commit and
full_page_writes are on in both. Prints medians, and the fitted time over the default one.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from load import below, run  # benchmarks/load.py

from core.settings import Settings
from warehouse import embedded
from warehouse.connection import open_connection

STEPS = ("load", "build")
DURABILITY = ("fsync", "synchronous_commit", "full_page_writes")
SHOWN = (
    *("shared_buffers", "work_mem", "maintenance_work_mem", "max_wal_size"),
    *("effective_cache_size", "random_page_cost", "jit"),
)
ADDRESS = ("listen_addresses", "unix_socket_directories")


def start(home: Path, name: str) -> Settings:
    """Start a server; `default` gets its address and nothing else."""
    settings = Settings(
        _env_file=None, postgres_host=None, postgres_data_dir=home / name
    )
    fitted = embedded.server_settings
    if name == "default":
        address = {key: fitted()[key] for key in ADDRESS}
        embedded.server_settings = lambda: address
    try:
        embedded.ensure_running(settings)
    finally:
        embedded.server_settings = fitted
    return settings


def show(settings: Settings, names: tuple[str, ...]) -> dict[str, str]:
    """Ask the server what it runs with."""
    connection = open_connection(embedded.login(settings, embedded.SUPERUSER))
    with connection.cursor() as cursor:
        found = {}
        for name in names:
            cursor.execute(f"show {name}")
            found[name] = cursor.fetchall()[0][0]
    connection.close()
    return found


def drop(settings: Settings, database: str) -> None:
    """Make room, and leave no work to the next round."""
    connection = open_connection(embedded.login(settings, embedded.SUPERUSER))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"drop database {database}")
        cursor.execute("checkpoint")
    connection.close()


def work(settings: Settings, catalogue: Path, home: Path, database: str) -> list[float]:
    """Load and build in a new database; give the seconds of each step."""
    environment = os.environ | {
        "POSTGRES_DATA_DIR": str(settings.postgres_data_dir),
        "POSTGRES_DB": database,
        "DATA_PATH": str(catalogue),
        **below(home),
    }
    command = [sys.executable, "-m", "orchestration", "weekly", "--only"]
    seconds = [run([*command, step], environment).seconds for step in STEPS]
    drop(settings, database)
    return seconds


def main() -> None:
    """Measure in rounds and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("catalogue", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="bench-settings-"))
    home.chmod(0o755)
    servers = {name: start(home, name) for name in ("default", "fitted")}
    try:
        for name, settings in servers.items():
            durable = show(settings, DURABILITY)
            if set(durable.values()) != {"on"}:
                raise SystemExit(f"{name} does not keep what it is given: {durable}")
            print(name, show(settings, SHOWN))
        found: dict[str, list[list[float]]] = {name: [] for name in servers}
        for number in range(options.rounds):
            for name in list(servers) if number % 2 == 0 else list(servers)[::-1]:
                database = f"round_{number}"
                took = work(servers[name], options.catalogue, home, database)
                print(f"round {number + 1} {name:8}", *(f"{s:7.1f}" for s in took))
                found[name].append(took)
        print(f"\n{'median s':9} {'default':>8} {'fitted':>8} {'ratio':>6}")
        for number, step in enumerate(STEPS):
            default, fitted = (
                statistics.median(took[number] for took in found[name])
                for name in ("default", "fitted")
            )
            print(f"{step:9} {default:8.1f} {fitted:8.1f} {fitted / default:6.2f}")
    finally:
        for settings in servers.values():
            embedded.stop(settings)
        shutil.rmtree(home)


if __name__ == "__main__":
    main()
