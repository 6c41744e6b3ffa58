"""Reviews of dataset versions in raw: labels and texts that look wrong."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg2.extensions import connection as Connection  # noqa: N812
from psycopg2.extensions import cursor as Cursor  # noqa: N812

from core.settings import Settings
from loaders.session import writing
from warehouse.connection import has_relation


@dataclass(frozen=True)
class LabelIssue:
    """A product with a doubtful label, as in raw.label_issues."""

    productid: int
    rank: int
    given_prdtypecode: int
    given_probability: float
    suggested_prdtypecode: int
    suggested_probability: float
    words: list[str] | None


@dataclass(frozen=True)
class NearDuplicate:
    """A product and the product of another class with nearly the same text."""

    productid: int
    other_productid: int
    similarity: float


@dataclass(frozen=True)
class Review:
    """A review that is in raw.

    Attributes:
        id: its number.
        load_batch_id: the batch whose dataset version it is of.
        products: how many products were reviewed.
        label_issues: how many labels are doubtful.
        near_duplicates: how many products have nearly the text of another class's.
        gain: see raw.reviews; None when no label was fixed before.
    """

    id: int
    load_batch_id: int
    products: int
    label_issues: int
    near_duplicates: int
    gain: Mapping[str, Any] | None


FIND = "select id, load_batch_id, products, gain from raw.reviews"
# Citus joins the tables on its workers by productid only, so they are counted one by one.
COUNTS = (
    "select count(*) from raw.label_issues where review_id = %s",
    "select count(*) from raw.near_duplicates where review_id = %s",
)


def find_review(connection: Connection, key: str) -> Review | None:
    """Return the review with a key, if there is one."""
    return _find(connection, " where key = %s order by id desc limit 1", key)


def newest_review(connection: Connection, load_batch_id: int) -> Review | None:
    """Return the newest review of a batch, if there is one."""
    return _find(
        connection,
        " where load_batch_id = %s order by id desc limit 1",
        load_batch_id,
    )


def record_review(
    settings: Settings,
    key: str,
    load_batch_id: int,
    products: int,
    label_issues: Iterable[LabelIssue],
    near_duplicates: Iterable[NearDuplicate],
    gain: Mapping[str, Any] | None,
) -> Review:
    """Write a review, in one transaction.

    Raises:
        BusyError: a loader is running.
        ServerError: PostgreSQL cannot be reached, or was lost.
    """
    with writing(settings) as (connection, _), connection.cursor() as cursor:
        cursor.execute(
            "insert into raw.reviews (load_batch_id, key, products, gain)"
            " values (%s, %s, %s, %s) returning id",
            [load_batch_id, key, products, json.dumps(gain) if gain else None],
        )
        row = cursor.fetchone()
        if row is None:
            raise AssertionError("insert … returning gives a row")
        number = int(row[0])
        _copy(
            cursor,
            "raw.label_issues",
            ([number, *vars(issue).values()] for issue in label_issues),
        )
        _copy(
            cursor,
            "raw.near_duplicates",
            ([number, *vars(pair).values()] for pair in near_duplicates),
        )
        connection.commit()
        recorded = find_review(connection, key)
    if recorded is None:
        raise AssertionError("the review was written in this session")
    return recorded


def _find(connection: Connection, condition: str, value: object) -> Review | None:
    if not has_relation(connection, "raw.near_duplicates"):
        return None
    with connection.cursor() as cursor:
        cursor.execute(FIND + condition, [value])
        row = cursor.fetchone()
        if row is None:
            return None
        number, batch, products, gain = row
        issues, duplicates = (_count(cursor, query, number) for query in COUNTS)
    return Review(number, batch, products, issues, duplicates, gain)


def _count(cursor: Cursor, query: str, review: int) -> int:
    cursor.execute(query, [review])
    row = cursor.fetchone()
    return int(row[0]) if row else 0


def _copy(cursor: Cursor, table: str, rows: Iterable[Sequence[object]]) -> None:
    """COPY rows whose values are in the order of the table's columns."""
    text = io.StringIO()
    csv.writer(text).writerows(
        [_array(value) if isinstance(value, list) else value for value in row]
        for row in rows
    )
    text.seek(0)
    cursor.copy_expert(f"copy {table} from stdin with (format csv)", text)


def _array(words: Sequence[str]) -> str:
    """Return words as PostgreSQL writes an array."""
    quoted = (
        '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"' for word in words
    )
    return "{" + ",".join(quoted) + "}"
