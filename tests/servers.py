"""Servers that tests start and kill."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from core.settings import Settings
from warehouse import embedded
from warehouse.processes import processes_in


@contextmanager
def running_server(home: Path, **options: Any) -> Iterator[Settings]:
    """Run an embedded server in a folder; as root it runs as nobody, who must enter."""
    home.chmod(0o755)
    settings = Settings(
        _env_file=None, postgres_host=None, postgres_data_dir=home / "pg", **options
    )
    embedded.ensure_running(settings)
    try:
        yield settings
    finally:
        embedded.stop(settings)


def kill_all(cluster: Path) -> None:
    """Kill every process of a cluster and wait until none is left."""
    while left := list(processes_in(cluster)):
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.01)


def free_port() -> int:
    """Return a port on 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
