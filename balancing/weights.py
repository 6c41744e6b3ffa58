"""The weight of each row in training: its class's weight and its product's copies.

Derived on reading: columns in the stored files would change the bytes of every version
that `verify` rebuilds.
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from balancing.files import read_groups
from balancing.strategies import class_weights

WEIGHT = pa.field("weight", pa.float64(), nullable=False)
COPIES = pa.field("copies", pa.int32(), nullable=False)


@dataclass(frozen=True)
class Weights:
    """The weights of a split's rows, in the order of its file.

    Attributes:
        by_class: inverse frequency of each prdtypecode among the training products,
            copies not counted; 1 on average over the products.
        copies: rows of the file that hold the row's product.
    """

    by_class: dict[int, float]
    copies: NDArray[np.int32]


def read_class_weights(folder: Path) -> dict[int, float]:
    """Read `Weights.by_class` of a dataset version, one row group at a time.

    Args:
        folder: holds train.parquet.
    """
    counts: Counter[int] = Counter()
    for table in read_groups(folder / "train.parquet", ["prdtypecode", "copy"]):
        originals = table["copy"].to_numpy() == 0
        codes = table["prdtypecode"].to_numpy()[originals]
        for code, rows in zip(*np.unique(codes, return_counts=True), strict=True):
            counts[int(code)] += int(rows)
    return class_weights(counts)


def read_weights(folder: Path, split: str) -> Weights:
    """Read the weights of a split of a dataset version.

    Args:
        folder: holds train.parquet and validation.parquet.
        split: train or validation.
    """
    by_class = read_class_weights(folder)
    if split != "train":
        rows = pq.ParquetFile(folder / f"{split}.parquet").metadata.num_rows
        return Weights(by_class, np.ones(rows, dtype=np.int32))
    copy = pq.read_table(folder / "train.parquet", columns=["copy"])["copy"].to_numpy()
    # Copies are next to their original.
    starts = np.append(np.flatnonzero(copy == 0), copy.size)
    sizes = np.diff(starts).astype(np.int32)
    return Weights(by_class, np.repeat(sizes, sizes))


def add_weights(table: pa.Table, weights: Weights, start: int = 0) -> pa.Table:
    """Return rows of a split with the columns weight and copies.

    Args:
        table: rows as they are in the file.
        weights: of the whole split.
        start: the position of the table's first row in the file.
    """
    codes, places = np.unique(table["prdtypecode"].to_numpy(), return_inverse=True)
    by_code = np.array([weights.by_class[int(code)] for code in codes])
    copies = weights.copies[start : start + len(table)]
    return table.append_column(WEIGHT, pa.array(by_code[places])).append_column(
        COPIES, pa.array(copies)
    )
