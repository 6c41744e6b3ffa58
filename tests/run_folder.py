"""The folder of a test run, which may be in memory."""

import shutil
import tempfile
from os import getpid
from pathlib import Path

import psutil

PREFIX = "rakuten-tests-"


def make_run_folder(parent: Path) -> Path:
    """Create a folder for this process's run; remove those of runs that are over.

    That of a failed run stays until the next run. PostgreSQL ends by itself when its
    folder is gone.
    """
    for folder in parent.glob(f"{PREFIX}*"):
        process = folder.name.removeprefix(PREFIX).partition("-")[0]
        if process.isdecimal() and not psutil.pid_exists(int(process)):
            shutil.rmtree(folder, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{getpid()}-", dir=parent))
