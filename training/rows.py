"""A dataset version's Parquet files as what a model is trained and judged on."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from numpy.typing import NDArray

from core.errors import SourceError
from rakuten_text import TEXT_COLUMNS


@dataclass(frozen=True)
class TrainingRows:
    """Training rows, each different product held once.

    The copies that oversampling made have the features of their original, so only
    their number is kept.

    Attributes:
        texts: designation and description, one row per product.
        labels: prdtypecode of each row of `texts`.
        copies: rows of the file that hold each product, the original included.
    """

    texts: pd.DataFrame
    labels: NDArray[np.int64]
    copies: NDArray[np.int64]


@dataclass(frozen=True)
class Products:
    """Every product of a dataset version once, held-out ones included.

    Attributes:
        ids: productid of each.
        texts: designation and description, one row per product.
        labels: prdtypecode of each.
        folds: 0 to 9.
    """

    ids: NDArray[np.int64]
    texts: pd.DataFrame
    labels: NDArray[np.int64]
    folds: NDArray[np.int64]


def read_products(*paths: Path) -> Products:
    """Read the originals in some files of a dataset version, one file after the other."""
    columns = ["productid", *TEXT_COLUMNS, "prdtypecode", "fold"]
    table = pa.concat_tables(
        pq.read_table(path, columns=columns, filters=ds.field("copy") == 0)
        for path in paths
    )
    ids, labels, folds = (
        table[name].to_numpy().astype(np.int64)
        for name in ("productid", "prdtypecode", "fold")
    )
    return Products(ids, table.select(TEXT_COLUMNS).to_pandas(), labels, folds)


def read_training_rows(path: Path) -> TrainingRows:
    """Read the training file of a dataset version.

    Raises:
        SourceError: the file is empty, or holds a copy without its original.
    """
    keys = pq.read_table(path, columns=["productid", "copy"])
    products = keys["productid"].to_numpy()
    originals = products[keys["copy"].to_numpy() == 0]
    if not originals.size:
        raise SourceError(f"{path.name} has no rows to train on.")
    texts, labels = _read_texts(path, ds.field("copy") == 0)
    order = np.argsort(originals, kind="stable")
    place = np.searchsorted(originals, products, sorter=order)
    places = order[np.minimum(place, originals.size - 1)]
    if not np.array_equal(originals[places], products):
        raise SourceError(f"{path.name} holds copies of rows that are not in it.")
    return TrainingRows(texts, labels, np.bincount(places, minlength=originals.size))


def read_validation_rows(path: Path) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Read the held-out texts and labels, in their natural distribution.

    Raises:
        SourceError: there are none.
    """
    texts, labels = _read_texts(path, None)
    if not labels.size:
        raise SourceError(
            f"{path.name} has no held-out rows, so no model can be judged on it:"
            " build the dataset with a holdout."
        )
    return texts, labels


def _read_texts(
    path: Path, wanted: ds.Expression | None
) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    table = pq.read_table(path, columns=[*TEXT_COLUMNS, "prdtypecode"], filters=wanted)
    labels = table["prdtypecode"].to_numpy().astype(np.int64)
    return table.select(TEXT_COLUMNS).to_pandas(), labels
