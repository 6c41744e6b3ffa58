"""COPY bytes of a file into PostgreSQL, and check that all records arrived."""

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TextIO, cast

import psycopg2
from psycopg2.extensions import cursor as Cursor  # noqa: N812

from core.errors import PipelineError, SourceError
from loaders.diagnose import Fault, first_fault
from loaders.records import Span, read_spans
from loaders.source import CsvFile

# Called with the number of bytes just sent.
Sent = Callable[[int], None]
NOTHING = " Nothing was loaded."
PIECE = 1 << 18
# Columns of the catalogue in which "" is NULL too.
TEXTS = {"designation", "description"}
# Bytes to look back from a match, and what must precede it for the field to be a number.
REACH = 64
ODD_NUMBERS = (
    (re.compile(rb"0[xXoObB]"), re.compile(rb'(?:^|[,\n"])\s*[+-]?\Z')),
    (re.compile(rb"_[0-9]"), re.compile(rb'(?:^|[,\n"])\s*[+-]?[0-9_]+\Z')),
)


@dataclass(frozen=True)
class Portion:
    """The records to load from one file, and how the next load recognises them."""

    file: CsvFile
    table: str
    spans: Sequence[Span]
    metadata: dict[str, Any]


def send(
    cursor: Cursor,
    portion: Portion,
    table: str,
    rows: int,
    sent: Sent | None = None,
) -> None:
    """Send the bytes of a portion to COPY.

    Raises:
        SourceError: PostgreSQL refused a record, such as one longer than its buffer of
            1 GB, or did not get all of them.
    """
    columns = portion.file.columns
    nullable = [c for c in columns if portion.file.is_correction or c in TEXTS]
    force = f", force_null ({', '.join(nullable)})" if nullable else ""
    statement = f"copy {table} ({', '.join(columns)}) from stdin (format csv{force})"
    stream = _Stream(portion, sent)
    try:
        with _one_report():
            cursor.copy_expert(statement, cast("TextIO", stream), size=PIECE)
    except (psycopg2.DataError, psycopg2.IntegrityError) as error:
        raise _refusal(portion, error) from None
    except psycopg2.errors.ProgramLimitExceeded as error:
        place = str(error.diag.context).rpartition(", ")[2]
        raise SourceError(
            f"{portion.file.path}: the record is longer than the 1 GB that PostgreSQL can"
            f" hold ({place} of those sent).{NOTHING}"
        ) from None
    if stream.odd_number:
        _refuse_odd_numbers(portion)
    if cursor.rowcount != rows:
        raise SourceError(
            f"{portion.file.path}: {rows:,} records were sent, {cursor.rowcount:,}"
            r" arrived (a line holding only \. ends a COPY early)." + NOTHING
        )


@contextmanager
def _one_report() -> Iterator[None]:
    """Keep psycopg2 from printing the first of two errors when a server is lost.

    The second is raised and reported; the first goes to PyErr_Print, so to this hook
    (pq_raise in https://github.com/psycopg/psycopg2/blob/master/psycopg/pqpath.c).
    """
    hook = sys.excepthook
    sys.excepthook = lambda *_: None
    try:
        yield
    finally:
        sys.excepthook = hook


class _Stream:
    """A file object for copy_expert, over the bytes of a portion.

    Attributes:
        odd_number: whether something like 0x1F or 1_000 was seen where a field may be:
            integers to PostgreSQL (https://www.postgresql.org/docs/current/sql-syntax-lexical.html)
            and to nobody else who reads the file.
    """

    def __init__(self, portion: Portion, sent: Sent | None) -> None:
        self._chunks = read_spans(portion.file.file, portion.spans, PIECE)
        self._sent = sent
        self._before = b"\n"
        self.odd_number = False

    def read(self, _size: int) -> bytes:
        """Return the next piece; psycopg2 always asks for the size it was given."""
        chunk = next(self._chunks, b"")
        if self._sent:
            self._sent(len(chunk))
        self.odd_number = self.odd_number or has_odd_number(self._before + chunk)
        self._before = (self._before + chunk)[-REACH - 2 :]
        return chunk


def has_odd_number(text: bytes) -> bool:
    """Return whether a field may hold 0x1F, 0o17, 0b11 or 1_000.

    Ignores quotes and field ends, so some texts match too, but none of these numbers is
    missed; the search looks at the few places around "0x" and "_1" only, at several
    hundred megabytes per second.
    """
    return any(
        begun.search(text[max(0, hit.start() - REACH) : hit.start()])
        for clue, begun in ODD_NUMBERS
        for hit in clue.finditer(text)
    )


def _refuse_odd_numbers(portion: Portion) -> None:
    fault = _fault(portion)
    if fault is not None:
        raise SourceError(f"{portion.file.path}, {fault}.{NOTHING}")


def _fault(portion: Portion) -> Fault | None:
    faults = (first_fault(portion.file, span) for span in portion.spans)
    return next(filter(None, faults), None)


def _refusal(portion: Portion, error: psycopg2.Error) -> PipelineError:
    fault = _fault(portion)
    reason = str(fault) if fault else str(error.diag.message_primary)
    return SourceError(f"{portion.file.path}, {reason}.{NOTHING}")
