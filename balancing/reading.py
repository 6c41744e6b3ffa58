"""Dataset versions in a notebook."""

import warnings
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from balancing.pictures import find_pictures
from balancing.versions import download, find_version
from balancing.weights import add_weights, read_weights
from core.settings import load_settings

Split = Literal["train", "validation"]


def load_dataset(
    name: str,
    split: Split = "train",
    *,
    seed: int | None = 42,
    as_arrow: bool = False,
    copies: bool = True,
    images: bool = False,
) -> Any:  # noqa: ANN401 - a pandas frame or a pyarrow table
    """Load a version, given its batch ("week_3") or run id, in shuffled order.

    Two columns are added to those of the file: `weight`, the inverse frequency of the
    row's class among the products, 1 on average, and `copies`, the rows of the file that
    hold its product. With either, a model that takes weights needs no copies.

    Args:
        name: batch name or run id.
        split: the oversampled training rows, or the held-out ones.
        seed: of the shuffle; None keeps the order of the file, copies next to each
            other.
        as_arrow: return a pyarrow table instead of a pandas frame.
        copies: False for each product once.
        images: add the column `image`, the path of the product's picture in DATA_PATH;
            NaN if there is none (NULL in Arrow); a warning gives their number.

    Raises:
        SourceError: there is no such version.
    """
    folder = dataset_folder(name)
    table = add_weights(
        pq.read_table(folder / f"{split}.parquet"), read_weights(folder, split)
    )
    if not copies:
        table = table.filter(pc.equal(table["copy"], 0))
    if images:
        table = _add_pictures(table)
    if seed is not None:
        table = table.take(np.random.default_rng(seed).permutation(len(table)))
    return table if as_arrow else table.to_pandas()


def dataset_folder(name: str) -> Path:
    """Return the folder with a version's files, see `load_dataset`."""
    settings = load_settings()
    return download(settings, find_version(settings, name))


def _add_pictures(table: pa.Table) -> pa.Table:
    data = load_settings().data_path
    pictures = find_pictures(data, table["image_path"].to_pylist())
    missing = pictures.count(None)
    if missing:
        warnings.warn(
            f"{missing:,} of {len(pictures):,} rows have no picture in {data / 'images'}.",
            stacklevel=3,
        )
    paths = [None if picture is None else str(picture) for picture in pictures]
    return table.append_column("image", pa.array(paths, pa.string()))
