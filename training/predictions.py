"""Catalogue files in, predictions in the challenge's submission format out."""

import csv
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from sklearn.pipeline import Pipeline

from core.errors import SourceError
from rakuten_text import TEXT_COLUMNS


@dataclass(frozen=True)
class Products:
    """Products to classify.

    Attributes:
        ids: the first, unnamed column of the file, as it stands there.
        texts: designation and description.
    """

    ids: list[str]
    texts: pd.DataFrame


def read_products(path: Path) -> Products:
    """Read a catalogue file in the challenge's format, labels not needed.

    Raises:
        SourceError: the file cannot be read, or has no column `designation`.
    """
    try:
        frame = pd.read_csv(
            path, dtype=str, keep_default_na=False, encoding="utf-8-sig"
        )
    except FileNotFoundError:
        raise SourceError(f"{path}: there is no such file.") from None
    except (OSError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise SourceError(f"{path}: cannot be read as CSV: {reason}") from None
    if "designation" not in frame.columns:
        found = ", ".join(frame.columns[:8]).replace("Unnamed: 0", "")
        raise SourceError(
            f"{path}: there is no column 'designation' in the header ({found});"
            " expected ,designation,description,productid,imageid."
        )
    first = str(frame.columns[0])
    unnamed = first == "" or first.startswith("Unnamed:")
    ids = frame[first].tolist() if unnamed else [str(i) for i in range(len(frame))]
    return Products(ids, frame.reindex(columns=TEXT_COLUMNS))


def write_predictions(path: Path, ids: list[str], codes: list[int]) -> None:
    """Write the submission format, `,prdtypecode`; the file appears whole or not.

    Raises:
        SourceError: the folder cannot be written to.
    """
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise SourceError(f"{path}: cannot be written: {error.strerror}.") from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["", "prdtypecode"])
            writer.writerows(zip(ids, codes, strict=True))
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True)
        raise SourceError(f"{path}: cannot be written: {error.strerror}.") from None


def classify(model: Pipeline, products: Products) -> list[int]:
    """Predict the prdtypecode of each product."""
    if not products.ids:
        return []
    return [int(code) for code in model.predict(products.texts)]
