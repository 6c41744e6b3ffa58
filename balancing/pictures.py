"""The picture file of each product, in the challenge's folder of images."""

from collections.abc import Sequence
from pathlib import Path


def find_pictures(folder: Path, paths: Sequence[str]) -> list[Path | None]:
    """Return the picture of each row; None where there is none.

    Args:
        folder: the data folder, which holds images/.
        paths: the rows' image_path.
    """
    known: dict[str, Path | None] = {}
    for path in paths:
        if path not in known:
            picture = folder / path
            known[path] = picture if picture.is_file() else None
    return [known[path] for path in paths]
