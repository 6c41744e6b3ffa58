"""The sample catalogue, which takes seconds to make: each test process makes each once."""

import functools
import tempfile
from pathlib import Path

from loaders import sample


def write_sample(folder: Path, rows: int, seed: int) -> None:
    """Write the files of loaders.sample.write_sample to a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in _make_files(rows, seed).items():
        (folder / name).write_bytes(content)


@functools.cache
def _make_files(rows: int, seed: int) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        sample.write_sample(Path(folder), rows, seed)
        return {path.name: path.read_bytes() for path in Path(folder).iterdir()}
