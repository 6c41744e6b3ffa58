"""Empty MLflow databases as copies of the first one that this run creates.

MLflow creates its tables by dozens of migrations, which take a second of processor time
and several of waiting for the disk.
"""

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


class QuickMlflow:
    """`create_database` with a database that is kept in a folder all workers share."""

    def __init__(self, create_database: Callable[[Path], None], shared: Path) -> None:
        self._create_database = create_database
        self._kept = shared / "empty-mlflow.db"

    def __call__(self, path: Path) -> None:
        """Create a database where there is none, see `core.tracking`."""
        is_new = not path.exists()
        if is_new and self._kept.exists():
            _copy(self._kept, path)
        self._create_database(path)
        if is_new and not self._kept.exists():
            _copy(path, self._kept)


def _copy(source: Path, path: Path) -> None:
    """Copy a file completely or not at all; leave one that is there as it is."""
    work = path.with_name(f".{path.name}.{os.getpid()}")
    shutil.copyfile(source, work)
    with suppress(FileExistsError):
        os.link(work, path)
    work.unlink()
