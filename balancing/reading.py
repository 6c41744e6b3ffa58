"""Dataset versions in a notebook."""

from typing import Any, Literal

import numpy as np
import pyarrow.parquet as pq

from balancing.versions import download, find_version
from core.settings import load_settings


def load_dataset(
    name: str,
    split: Literal["train", "validation"] = "train",
    *,
    seed: int | None = 42,
    as_arrow: bool = False,
) -> Any:  # noqa: ANN401 - a pandas frame or a pyarrow table
    """Load a version, given its batch ("week_3") or run id, in shuffled order.

    Args:
        name: batch name or run id.
        split: the oversampled training rows, or the held-out ones.
        seed: of the shuffle; None keeps the order of the file, copies in a row.
        as_arrow: give a pyarrow table instead of a pandas frame.

    Raises:
        SourceError: there is no such version.
    """
    settings = load_settings()
    folder = download(settings, find_version(settings, name))
    table = pq.read_table(folder / f"{split}.parquet")
    if seed is not None:
        table = table.take(np.random.default_rng(seed).permutation(len(table)))
    return table if as_arrow else table.to_pandas()
