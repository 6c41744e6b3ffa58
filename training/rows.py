"""A dataset version's Parquet files as what a model is trained and judged on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from numpy.typing import NDArray

from core.errors import SourceError
from rakuten_text import TEXT_COLUMNS

TEXTS = pa.schema([(name, pa.string()) for name in TEXT_COLUMNS])

# Rows of a file that are in memory at a time, copies included.
_BATCH_ROWS = 8_192


@dataclass(frozen=True)
class TrainingRows:
    """The products of a training file, each once, in the order of the file.

    The copies that oversampling made have the features of their original, so only
    their number is kept.

    Attributes:
        labels: prdtypecode of each product.
        copies: rows of the file that hold each product, the original included.
    """

    labels: NDArray[np.int64]
    copies: NDArray[np.int64]


@dataclass(frozen=True)
class Products:
    """Every product of a dataset version once, held-out ones included.

    Attributes:
        ids: productid of each.
        labels: prdtypecode of each.
        folds: 0 to 9.
    """

    ids: NDArray[np.int64]
    labels: NDArray[np.int64]
    folds: NDArray[np.int64]


def read_products(path: Path) -> Products:
    """Read the products of a file of a dataset version, in the order of the file."""
    columns = ["productid", "prdtypecode", "fold"]
    table = pq.read_table(path, columns=columns, filters=ds.field("copy") == 0)
    return Products(*(table[name].to_numpy().astype(np.int64) for name in columns))


def read_texts_of(paths: Sequence[Path], ids: Sequence[int]) -> pd.DataFrame:
    """Read designation and description of some products.

    Returns:
        One row per product, by productid.
    """
    wanted = ds.field("productid").isin(list(ids)) & (ds.field("copy") == 0)
    tables = [
        pq.read_table(path, columns=["productid", *TEXT_COLUMNS], filters=wanted)
        for path in paths
    ]
    frame: pd.DataFrame = pa.concat_tables(tables).to_pandas()
    return frame.set_index("productid")


def read_training_rows(path: Path) -> TrainingRows:
    """Read which products a training file holds, and how often.

    Raises:
        SourceError: the file is empty, or holds a copy without its original.
    """
    ids: list[NDArray[np.int64]] = []
    labels: list[NDArray[np.int64]] = []
    for batch in _batches(path, ["productid", "prdtypecode", "copy"]):
        is_original = batch["copy"].to_numpy() == 0
        ids.append(batch["productid"].to_numpy()[is_original])
        labels.append(batch["prdtypecode"].to_numpy()[is_original].astype(np.int64))
    originals = np.concatenate([*ids, np.empty(0, dtype=np.int64)])
    if not originals.size:
        raise SourceError(f"{path.name} has no rows to train on.")
    order = np.argsort(originals, kind="stable")
    ranked = originals[order]
    copies = np.zeros(originals.size, dtype=np.int64)
    for batch in _batches(path, ["productid"]):
        products = batch["productid"].to_numpy()
        place = np.minimum(np.searchsorted(ranked, products), ranked.size - 1)
        if not np.array_equal(ranked[place], products):
            raise SourceError(f"{path.name} holds copies of rows that are not in it.")
        np.add.at(copies, order[place], 1)
    return TrainingRows(np.concatenate(labels), copies)


def read_validation_labels(path: Path) -> NDArray[np.int64]:
    """Read the labels of the held-out rows, in their natural distribution.

    Raises:
        SourceError: there are none.
    """
    table = pq.read_table(path, columns=["prdtypecode"])
    labels: NDArray[np.int64] = table["prdtypecode"].to_numpy().astype(np.int64)
    if not labels.size:
        raise SourceError(
            f"{path.name} has no held-out rows, so no model can be judged on it:"
            " build the dataset with a holdout."
        )
    return labels


def read_texts(path: Path) -> Iterator[pa.RecordBatch]:
    """Yield designation and description of each product, some thousands at a time.

    The products come in the order of the file, as in `read_training_rows`.
    """
    for batch in _batches(path, [*TEXT_COLUMNS, "copy"]):
        texts = batch.filter(pc.equal(batch["copy"], 0)).select(TEXT_COLUMNS)
        if texts.num_rows:
            yield texts.cast(TEXTS)  # a column of NULLs may have no type


def _batches(path: Path, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    with pq.ParquetFile(path) as file:
        # A reader of all row groups keeps half a megabyte of each, and each of Arrow's
        # threads memory of its own (Arrow 25).
        for group in range(file.num_row_groups):
            yield from file.iter_batches(
                _BATCH_ROWS, [group], columns=columns, use_threads=False
            )
