"""Find the line and column of a fault, by reading a slice again field by field.

Runs only after something was refused, so it may be slow.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from loaders.records import Span, read_spans
from loaders.source import CsvFile

# Including the spaces that PostgreSQL ignores around a number.
SPACES = " \t\n\r\f\v"
WHOLE_NUMBER = re.compile(rf"[{SPACES}]*([+-]?)0*([0-9]*)[{SPACES}]*")
LONGEST_NUMBER = 19
SHOWN = 60
INTEGERS = {
    "row_number": ("a bigint", 2**63),
    "productid": ("a bigint", 2**63),
    "imageid": ("a bigint", 2**63),
    "prdtypecode": ("an integer", 2**31),
}
# Columns of a correction.
CHOICES = {"withdrawn": ("true", "false"), "decision": ("", "fix", "keep")}


@dataclass(frozen=True)
class Fault:
    """A fault, and its place as an editor shows it."""

    line: int
    column: str | None
    reason: str

    def __str__(self) -> str:
        """Return the place and the reason as one phrase."""
        where = f"line {self.line}"
        if self.column:
            where += f", column {self.column}"
        return f"{where}: {self.reason}"


@dataclass(frozen=True)
class Record:
    """One parsed record.

    Attributes:
        line: the line it begins on.
        last_line: the line it ends on.
        line_end: the line ending after it, such as CR LF.
    """

    line: int
    fields: tuple[str, ...]
    last_line: int
    line_end: str


def first_fault(source: CsvFile, span: Span) -> Fault | None:
    """Return the first thing in a span of a file that cannot be loaded, if any.

    Mixed line endings come last: COPY refuses them only within one span.
    """
    seen: dict[int | None, int] = {}
    line_end = None
    mixed = None
    key = "row_number" if "row_number" in source.columns else "productid"
    try:
        for record in read_records(source, span):
            fault = _check(source, record)
            if fault:
                return fault
            value = record.fields[source.columns.index(key)]
            number = _number(value)
            if number in seen:
                what = "row number" if key == "row_number" else "product"
                reason = f"{what} {value} is already on line {seen[number]}"
                return Fault(record.line, key, reason)
            seen[number] = record.line
            line_end = line_end or record.line_end
            if mixed is None and record.line_end != line_end:
                mixed = Fault(record.last_line, None, _line_end_reason(line_end))
    except MalformedRecordError as error:
        return error.fault
    return mixed


def _line_end_reason(before: str) -> str:
    names = {"\n": "LF", "\r\n": "CR LF"}
    now = next(name for end, name in names.items() if end != before)
    return (
        f"the line ends with {now}, those before it with {names[before]}: save the file"
        " with one kind of line ending"
    )


class MalformedRecordError(Exception):
    """The csv module could not read a record."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def read_records(source: CsvFile, span: Span) -> Iterator[Record]:
    """Read the records of a span with the csv module, and the line each begins on."""
    line = line_of(source, span.start)
    first = line
    text = ""

    def lines() -> Iterator[str]:
        nonlocal text
        for line_read in _lines(source, span):
            text = line_read
            yield line_read

    reader = csv.reader(lines(), strict=True)
    csv.field_size_limit(2**31 - 1)
    while True:
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            record = islice(_lines(source, span), line - first, reader.line_num)
            reason = _csv_reason(error, line, "".join(record))
            raise MalformedRecordError(Fault(line, None, reason)) from None
        next_line = first + reader.line_num
        line_end = "\r\n" if text.endswith("\r\n") else "\n"
        yield Record(line, tuple(fields), next_line - 1, line_end)
        line = next_line


def lines_of_rows(
    source: CsvFile, values: set[int], column: str = "row_number"
) -> list[int]:
    """Return the lines on which records with these row numbers (or products) begin.

    Numbers are compared, as PostgreSQL compares them: 007 is 7.
    """
    position = source.columns.index(column)
    size = source.file.seek(0, 2)
    return [
        record.line
        for record in read_records(source, Span(source.start, size))
        if _number(record.fields[position]) in values
    ]


def _number(text: str) -> int | None:
    """Return the number that PostgreSQL reads in a field; None if it reads none."""
    match = WHOLE_NUMBER.fullmatch(text)
    if match is None or not any(map(str.isdigit, text)):
        return None
    sign, digits = match.groups()
    return None if len(digits) > LONGEST_NUMBER else int(f"{sign}0{digits}")


def line_of(source: CsvFile, offset: int) -> int:
    """Return the line number (from 1) of a byte offset."""
    before = read_spans(source.file, [Span(0, offset)])
    return 1 + sum(chunk.count(b"\n") for chunk in before)


def _csv_reason(error: csv.Error, line: int, record: str) -> str:
    if '\\"' in record:
        return r'a quote after a backslash (\"): CSV writes a quote in a field as ""'
    if "unexpected end of data" in str(error):
        return (
            f"the quote opened in the record that begins on line {line} is never closed"
        )
    if "new-line character seen" in str(error):
        return 'a carriage return (CR) in an unquoted field: write the field as "…"'
    return f"not well-formed CSV ({error})"


def _lines(source: CsvFile, span: Span) -> Iterator[str]:
    """Decode line by line; bytes that are not UTF-8 become lone surrogates."""
    rest = b""
    for chunk in read_spans(source.file, [span]):
        lines = (rest + chunk).split(b"\n")
        rest = lines.pop()
        for line in lines:
            yield (line + b"\n").decode("utf-8", "surrogateescape")
    if rest:
        yield rest.decode("utf-8", "surrogateescape")


def _check(source: CsvFile, record: Record) -> Fault | None:
    count, expected = len(record.fields), len(source.columns)
    if not any(record.fields):
        what = "every field is empty" if record.fields else "the line is blank"
        return Fault(record.line, None, f"{what}: delete the line")
    if count != expected:
        return Fault(record.line, None, f"{count} fields where {expected} are expected")
    values = dict(zip(source.columns, record.fields, strict=True))
    is_loaded = values.get("decision", "fix").lower() == "fix"
    for column, value in values.items():
        if not value and not is_loaded and column != "productid":
            continue
        reason = _value_reason(column, value)
        if source.is_correction and column == "designation" and not value:
            reason = "empty"
        if reason:
            return Fault(record.line, column, reason)
    return None


def _value_reason(column: str, value: str) -> str | None:
    if "\0" in value:
        return "a NUL byte, which text in PostgreSQL cannot hold"
    if stray := next((c for c in value if "\udc80" <= c <= "\udcff"), None):
        return _encoding_reason(ord(stray) - 0xDC00)
    if column in CHOICES and value.lower() not in CHOICES[column]:
        return (
            f"{value[:SHOWN]!r} is not one of"
            f" {', '.join(filter(None, CHOICES[column]))}"
        )
    if column not in INTEGERS:
        return None
    kind, limit = INTEGERS[column]
    if not value:
        return "empty"
    shown = value if len(value) <= SHOWN else value[:SHOWN] + "…"
    if not WHOLE_NUMBER.fullmatch(value) or not any(map(str.isdigit, value)):
        return f"{shown!r} is not a whole number"
    number = _number(value)
    if number is None or not -limit <= number < limit:
        return f"{shown} does not fit in {kind}"
    return None


def _encoding_reason(byte: int) -> str:
    reason = f"the byte 0x{byte:02X} is not UTF-8"
    char = bytes([byte]).decode("cp1252", "ignore")
    if char:
        reason += f", but {char} in Windows-1252 (cp1252)"
    return f"{reason}: save the file as UTF-8"
