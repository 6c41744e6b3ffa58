"""Catalogue files in, predictions in the challenge's submission format out."""

import csv
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from sklearn.pipeline import Pipeline

from core.errors import SourceError
from rakuten_text import TEXT_COLUMNS

if TYPE_CHECKING:
    import _csv


@dataclass(frozen=True)
class Products:
    """Products to classify.

    Attributes:
        ids: the first, unnamed column of the file; the number of the row without one.
        texts: designation and description.
    """

    ids: list[str]
    texts: pd.DataFrame


def read_products(path: Path) -> Products:
    """Read a catalogue file in the challenge's format, labels not needed.

    Raises:
        SourceError: the file cannot be read, or is not such a file.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return _products(path, csv.reader(file, strict=True))
    except FileNotFoundError:
        raise SourceError(f"{path}: there is no such file.") from None
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{path}: cannot be read as UTF-8 ({error.reason}): save it as UTF-8."
        ) from None
    except (OSError, csv.Error) as error:
        raise SourceError(f"{path}: cannot be read as CSV: {error}.") from None


def _products(path: Path, rows: "_csv.Reader") -> Products:
    header = next(rows, [])
    _check_header(path, header)
    unnamed = header[0] == "" or header[0].startswith("Unnamed:")
    places = [
        header.index(column) if column in header else None for column in TEXT_COLUMNS
    ]
    ids: list[str] = []
    texts: list[list[str | None]] = []
    for row in rows:
        if not row:  # a blank line
            continue
        if len(row) != len(header):
            raise SourceError(
                f"{path}: the row that ends in line {rows.line_num} has {len(row)}"
                f" fields, the header {len(header)}."
            )
        ids.append(row[0] if unnamed else str(len(ids)))
        texts.append([None if place is None else row[place] for place in places])
    return Products(ids, pd.DataFrame(texts, columns=TEXT_COLUMNS, dtype=object))


def _check_header(path: Path, header: Sequence[str]) -> None:
    expected = "expected ,designation,description,productid,imageid."
    if not header:
        raise SourceError(f"{path}: the file is empty; {expected}")
    shown = ",".join(header[:8])
    if "designation" not in header:
        other = next((mark for mark in ";\t|" if mark in header[0]), None)
        hint = "" if other is None else f" The fields are separated by {other!r}?"
        raise SourceError(
            f"{path}: there is no column 'designation' in the header ({shown});"
            f" {expected}{hint}"
        )
    for column in TEXT_COLUMNS:
        if header.count(column) > 1:
            raise SourceError(
                f"{path}: the column {column!r} is in the header more than once"
                f" ({shown}); {expected}"
            )


def write_predictions(path: Path, ids: list[str], codes: list[int]) -> None:
    """Write the submission format, `,prdtypecode`; the file appears complete or not at all.

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
