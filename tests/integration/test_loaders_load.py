"""Loading: what is refused and how, and that nothing of it stays."""

import csv
import gzip
import hashlib
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core.errors import (
    BusyError,
    ConfigurationError,
    PipelineError,
    SourceError,
)
from core.settings import PROJECT_ROOT, Settings
from loaders import load, sample, slices
from loaders.load import LoadOutcome, load_slice
from loaders.lock import writer_lock
from loaders.records import Scan, Span
from loaders.reject import reject_batch
from loaders.sample import write_sample
from loaders.source import CsvFile, find_source, open_csv
from loaders.state import Batch, history
from loaders.transfer import NOTHING
from warehouse.connection import connect

X_HEADER = ",designation,description,productid,imageid\n"
Y_HEADER = ",prdtypecode\n"
GOOD_X = "".join(f"{n},name {n},text {n},{100 + n},{200 + n}\n" for n in range(10))
PADDED_X = "".join(f"{n:06},name {n},text {n},{100 + n},{200 + n}\n" for n in range(10))
GOOD_Y = "".join(f"{n},{10 if n % 2 else 2583}\n" for n in range(10))
Row = tuple[int, str | None, str | None, int, int, int]


def put(settings: Settings, x: str | bytes, y: str | bytes) -> None:
    settings.data_path.mkdir(exist_ok=True)
    for name, text in (("X_train.csv", x), ("Y_train.csv", y)):
        content = text if isinstance(text, bytes) else text.encode()
        (settings.data_path / name).write_bytes(content)


def load_all(settings: Settings) -> LoadOutcome:
    return load_slice(settings, to_end=True)


def loaded(settings: Settings) -> list[Row]:
    connection = connect(settings, "loader")
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "select x.row_number, designation, description, productid, imageid,"
            " prdtypecode from raw.x_train as x"
            " full join raw.y_train using (row_number, load_batch_id) order by 1"
        )
        rows = cursor.fetchall()
    connection.close()
    return rows


def batches(settings: Settings) -> list[Batch]:
    connection = connect(settings, "loader")
    try:
        return list(history(connection))
    finally:
        connection.close()


def statuses(settings: Settings) -> list[str]:
    return [batch.status for batch in batches(settings)]


def test_slices_follow_each_other_to_the_end(settings: Settings) -> None:
    put(settings, X_HEADER + GOOD_X, Y_HEADER + GOOD_Y)
    outcomes = [load_slice(settings)]
    while not outcomes[-1].complete:
        outcomes.append(load_slice(settings, increment=Decimal(25)))
    assert [
        (o.batch_name, o.percentage, o.rows_added, o.total_rows) for o in outcomes
    ] == [
        ("week_1", 40, 4, 4),
        ("week_2", 65, 2, 6),
        ("week_3", 90, 3, 9),
        ("week_4", 100, 1, 10),
        ("week_4", 100, 0, 10),
    ]
    assert loaded(settings) == [
        (n, f"name {n}", f"text {n}", 100 + n, 200 + n, 10 if n % 2 else 2583)
        for n in range(10)
    ]


BAD_BYTES = X_HEADER.encode() + b"0,na\xffme,,100,200\n"
COLUMNS = 'X_train.csv, line 1: the columns must be "", designation, description, productid, imageid'
TRAPS = {
    "NUL byte": (X_HEADER + "0,na\0me,,1,2\n", "X_train.csv, line 2, column designation: a NUL byte, which text in PostgreSQL cannot hold"),
    "invalid UTF-8": (BAD_BYTES, "X_train.csv, line 2, column designation: the byte 0xFF is not UTF-8, but ÿ in Windows-1252 (cp1252): save the file as UTF-8"),
    "missing field": (X_HEADER + "0,a,b,1\n", "X_train.csv, line 2: 4 fields where 5 are expected"),
    "extra field": (X_HEADER + "0,a,b,1,2,3\n", "X_train.csv, line 2: 6 fields where 5 are expected"),
    "id with a fraction": (X_HEADER + "0,a,,101.0,2\n", "X_train.csv, line 2, column productid: '101.0' is not a whole number"),
    "id in hexadecimal": (X_HEADER + "0,a,,0x1F,2\n", "X_train.csv, line 2, column productid: '0x1F' is not a whole number"),
    "id with underscores": (X_HEADER + "0,a,,1,2_000\n", "X_train.csv, line 2, column imageid: '2_000' is not a whole number"),
    "row number in binary": (X_HEADER + "0b0,a,,1,2\n", "X_train.csv, line 2, column row_number: '0b0' is not a whole number"),
    "id in long hexadecimal": (X_HEADER + f"0,a,,0x{'0' * 70}1F,2\n", f"X_train.csv, line 2, column productid: '0x{'0' * 58}…' is not a whole number"),
    "id with many underscores": (X_HEADER + f"0,a,,1{'_0' * 5},2{'_0' * 5}\n", f"X_train.csv, line 2, column productid: '1{'_0' * 5}' is not a whole number"),
    "id far behind spaces": (X_HEADER + f"0,a,,{' ' * 90}0b11{' ' * 90},2\n", f"X_train.csv, line 2, column productid: '{' ' * 60}…' is not a whole number"),
    "id with a no-break space": (X_HEADER + "0,a,,1\u00a0,2\n", "X_train.csv, line 2, column productid: '1\\xa0' is not a whole number"),
    "quoted id in octal": (X_HEADER + '0,a,,1,"0o17"\n', "X_train.csv, line 2, column imageid: '0o17' is not a whole number"),
    "id too large": (X_HEADER + f"0,a,,{2**63},2\n", f"X_train.csv, line 2, column productid: {2**63} does not fit in a bigint"),
    "id of thousands of digits": (X_HEADER + f"0,a,,{'9' * 5000},2\n", f"X_train.csv, line 2, column productid: {'9' * 60}… does not fit in a bigint"),
    "id empty": (X_HEADER + "0,a,,,2\n", "X_train.csv, line 2, column productid: empty"),
    "after a quoted newline": (X_HEADER + '0,"a\nb",,1,2\n1,a,,x,2\n', "X_train.csv, line 4, column productid: 'x' is not a whole number"),
    "unterminated quote": (X_HEADER + '0,"a,,1,2\n', "X_train.csv, line 2: the quote opened in the record that begins on line 2 is never closed"),
    "stray quote": (X_HEADER + '0,a"b",,1,2\n', "X_train.csv, line 2: a quote inside an unquoted field: write the field as \"…\"\"…\""),
    "text after a closing quote": (X_HEADER + '0,"a"b,,1,2\n', "X_train.csv, line 2: not well-formed CSV (',' expected after '\"')"),
    "blank line": (X_HEADER + "\n", "X_train.csv, line 2: the line is blank: delete the line"),
    "end-of-data line": (X_HEADER + "\\.\n", "X_train.csv, line 2: 1 fields where 5 are expected"),
    "last record cut": (X_HEADER + "0,a,,1,2", "X_train.csv, line 2: the file ends without a newline, so its last record may be cut"),
    "line end changes to CR LF": (X_HEADER + "0,a,,1,2\n1,b,,3,4\r\n2,c,,5,6\n", "X_train.csv, line 3: the line ends with CR LF, those before it with LF: save the file with one kind of line ending"),
    "line end changes to LF": (X_HEADER + '0,a,,1,2\r\n1,"b\nb",,3,4\n', "X_train.csv, line 4: the line ends with LF, those before it with CR LF: save the file with one kind of line ending"),
    "CR in a field": (X_HEADER + "0,a\rb,,1,2\n", 'X_train.csv, line 2: a carriage return (CR) in an unquoted field: write the field as "…"'),
    "blank line at the end": (X_HEADER + "0,a,,1,2\n\n", "X_train.csv, line 3: the line is blank: delete the line"),
    "blank CR LF line at the end": (X_HEADER + "0,a,,1,2\r\n\r\n", "X_train.csv, line 3: the line is blank: delete the line"),
    "empty fields at the end": (X_HEADER + "0,a,,1,2\n,,,,\n", "X_train.csv, line 3: every field is empty: delete the line"),
    "quote after a backslash": (X_HEADER + '0,"a \\"b\\"",,1,2\n', 'X_train.csv, line 2: a quote after a backslash (\\"): CSV writes a quote in a field as ""'),
    "Latin-1": ((X_HEADER + "0,pièce,,1,2\n").encode("latin-1"), "X_train.csv, line 2, column designation: the byte 0xE8 is not UTF-8, but è in Windows-1252 (cp1252): save the file as UTF-8"),
    "byte of no code page": (X_HEADER.encode() + b"0,na\x81me,,1,2\n", "X_train.csv, line 2, column designation: the byte 0x81 is not UTF-8: save the file as UTF-8"),
    "UTF-16": ((X_HEADER + "0,a,,1,2\n").encode("utf-16"), "X_train.csv, line 1: the file is UTF-16: save it as UTF-8"),
    "UTF-16 without a mark": ((X_HEADER + "0,a,,1,2\n").encode("utf-16-le"), "X_train.csv, line 1: the file is UTF-16: save it as UTF-8"),
    "UTF-16, the high byte first": ((X_HEADER + "0,a,,1,2\n").encode("utf-16-be"), "X_train.csv, line 1: the file is UTF-16: save it as UTF-8"),
    "gzip": (gzip.compress((X_HEADER + "0,a,,1,2\n").encode()), "X_train.csv, line 1: the file is compressed with gzip: unpack it"),
    "zip": (b"PK\x03\x04\x14\0\0\0\x08\0X_train.csv\n", "X_train.csv, line 1: the file is a zip archive or a spreadsheet: unpack it, or save it as CSV"),
    "NUL bytes in the header": (b"\x89HDF\0\0\0\0\x08\n", "X_train.csv, line 1: the line has NUL bytes, so this is not a text file: replace it with a CSV file"),
    "nothing but NUL bytes": (b"\0" * 4096, "X_train.csv, line 1: the line has NUL bytes, so this is not a text file: replace it with a CSV file"),
    "CR only": ((X_HEADER + "0,a,,1,2\n").replace("\n", "\r"), "X_train.csv, line 1: the line does not end with a newline (LF)"),
    "header without an end": ("a," * (1 << 20), "X_train.csv, line 1: the first line is longer than 1 MB, so this is not a CSV file with a header"),
    "semicolons": ((X_HEADER + "0,a,,1,2\n").replace(",", ";"), COLUMNS + " (missing \"\", 'designation', 'description', 'productid', 'imageid'; unknown ';designation;description;productid;imageid'). They are separated by semicolons: save the file with commas"),
    "no row numbers": ("designation,description,productid,imageid\na,,1,2\n", COLUMNS + ' (missing ""). The first column has no name and holds the row numbers; pandas writes it with to_csv(index=True)'),
    "row numbers with a name": ("Unnamed: 0" + X_HEADER + "0,a,,1,2\n", COLUMNS + " (missing \"\"; unknown 'Unnamed: 0'). Rename the first column, Unnamed: 0, to \"\" (no name)"),
    "names in capitals": (X_HEADER.upper() + "0,a,,1,2\n", COLUMNS + " (missing 'designation', 'description', 'productid', 'imageid'; unknown 'DESIGNATION', 'DESCRIPTION', 'PRODUCTID', 'IMAGEID'). Write the names in lower case"),
    "a web page": ("<!DOCTYPE html>\n", COLUMNS + " (missing \"\", 'designation', 'description', 'productid', 'imageid'; unknown '<!DOCTYPE html>')"),
    "column renamed": (X_HEADER.replace("imageid", "image") + "0,a,,1,2\n", COLUMNS + " (missing 'imageid'; unknown 'image')"),
    "column missing": (",designation,description,productid\n0,a,,1\n", COLUMNS + " (missing 'imageid')"),
    "column extra": (X_HEADER.replace("\n", ",price\n") + "0,a,,1,2,3\n", COLUMNS + " (unknown 'price')"),
    "column twice": (X_HEADER.replace("description", "designation") + "0,a,,1,2\n", COLUMNS + " (missing 'description'; repeated 'designation')"),
}  # fmt: skip


def assert_refused_until_corrected(settings: Settings, message: str) -> None:
    """The load fails with exactly this message and no row; good files then load."""
    with pytest.raises(SourceError) as error:
        load_all(settings)
    folder = f"{settings.data_path}/"
    assert str(error.value).replace(folder, "") == f"{message}. Nothing was loaded."
    assert loaded(settings) == []
    assert statuses(settings) == ["failed"]
    put(settings, X_HEADER + GOOD_X, Y_HEADER + GOOD_Y)
    assert load_all(settings).total_rows == 10
    assert statuses(settings) == ["failed", "completed"]


@pytest.mark.parametrize(("x", "message"), TRAPS.values(), ids=TRAPS.keys())
def test_a_bad_product_file_is_refused_by_line_and_column(
    settings: Settings, x: str | bytes, message: str
) -> None:
    rows = x.count(b"\n" if isinstance(x, bytes) else "\n") - 1
    put(settings, x, Y_HEADER + "0,10\n" + ("1,10\n" if rows == 3 else ""))
    assert_refused_until_corrected(settings, message)


PAIRS = {
    "label empty": (GOOD_X, GOOD_Y.replace("3,10\n", "3,\n"), "Y_train.csv, line 5, column prdtypecode: empty"),
    "label not a number": (GOOD_X, GOOD_Y.replace("3,10\n", "3,ten\n"), "Y_train.csv, line 5, column prdtypecode: 'ten' is not a whole number"),
    "label in hexadecimal": (GOOD_X, GOOD_Y.replace("3,10\n", "3,0x10\n"), "Y_train.csv, line 5, column prdtypecode: '0x10' is not a whole number"),
    "label too large": (GOOD_X, GOOD_Y.replace("3,10\n", "3,3000000000\n"), "Y_train.csv, line 5, column prdtypecode: 3000000000 does not fit in an integer"),
    "label missing": (GOOD_X, GOOD_Y.replace("3,10\n", ""), "X_train.csv has 10 rows and Y_train.csv 9: each product needs one label"),
    "label too many": (GOOD_X, GOOD_Y + "10,10\n", "X_train.csv has 10 rows and Y_train.csv 11: each product needs one label"),
    "label of another row": (GOOD_X, GOOD_Y.replace("3,10\n", "33,10\n"), "Y_train.csv: row number 3 is missing, though X_train.csv has it"),
    "blank line after the labels": (GOOD_X, GOOD_Y + "\n", "Y_train.csv, line 12: the line is blank: delete the line"),
    "row number twice": (GOOD_X.replace("4,name", "3,name"), GOOD_Y, "X_train.csv, line 6, column row_number: row number 3 is already on line 5"),
    "label twice": (GOOD_X, GOOD_Y.replace("4,2583", "3,2583"), "Y_train.csv, line 6, column row_number: row number 3 is already on line 5"),
    "product twice, rows with zeros": (PADDED_X.replace(",104,", ",103,"), GOOD_Y, "X_train.csv: product 103 appears twice, on lines 5 and 6"),
    "row number twice, with zeros": (GOOD_X.replace("4,name", "03,name"), GOOD_Y, "X_train.csv, line 6, column row_number: row number 03 is already on line 5"),
    "product twice": (GOOD_X.replace(",104,", ",103,"), GOOD_Y, "X_train.csv: product 103 appears twice, on lines 5 and 6"),
    # COPY takes it for the end of the data: only the row count reveals it.
    "end-of-data in the middle": (GOOD_X.replace("3,name 3,text 3,103,203", "\\."), GOOD_Y, "X_train.csv, line 5: 1 fields where 5 are expected"),
}  # fmt: skip


@pytest.mark.parametrize(("x", "y", "message"), PAIRS.values(), ids=PAIRS.keys())
def test_files_that_do_not_fit_each_other_are_refused(
    settings: Settings, x: str, y: str, message: str
) -> None:
    put(settings, X_HEADER + x, Y_HEADER + y)
    assert_refused_until_corrected(settings, message)


def test_labels_in_another_order_are_refused_at_the_edge_of_a_slice(
    settings: Settings,
) -> None:
    put(settings, X_HEADER + GOOD_X, Y_HEADER + "".join(GOOD_Y.splitlines(True)[::-1]))
    with pytest.raises(SourceError) as error:
        load_slice(settings)
    y = settings.data_path / "Y_train.csv"
    assert str(error.value) == (
        f"{y}, line 11: row number 0 is on line 2 of X_train.csv: both files must have"
        " the same order (sort them by their first column). Nothing was loaded."
    )
    assert load_all(settings).total_rows == 10


def test_numbers_that_only_look_odd_in_a_text_are_fine(settings: Settings) -> None:
    x = '0,0x1F,1_000,1,1\n1,"a\n0b1,",2_0,2,2\n'
    put(settings, X_HEADER + x, Y_HEADER + "0,10\n1,10\n")
    load_all(settings)
    assert [row[1:3] for row in loaded(settings)] == [
        ("0x1F", "1_000"),
        ("a\n0b1,", "2_0"),
    ]


def test_a_file_that_changes_while_it_is_read_is_refused(settings: Settings) -> None:
    put(settings, X_HEADER + GOOD_X, Y_HEADER + GOOD_Y)
    path = settings.data_path / "X_train.csv"

    def write_meanwhile(done: int, total: int) -> None:
        path.write_text(X_HEADER + GOOD_X.replace("name", "NAME"))

    with pytest.raises(
        SourceError, match="changed while being read: wait until they"
    ) as error:
        load_slice(settings, to_end=True, progress=write_meanwhile)
    assert loaded(settings) == []
    assert statuses(settings) == ["failed"]
    assert batches(settings)[0].metadata["error"] == str(error.value)
    assert load_all(settings).total_rows == 10
    assert {row[1][:4] for row in loaded(settings) if row[1]} == {"NAME"}


def test_fields_of_a_megabyte_are_fine(settings: Settings) -> None:
    texts = ["é" * 2**19, '"' * 2**20, "a,\n" * 2**18]
    rows = [(n, text, None, n, n, 10) for n, text in enumerate(texts)]
    quoted = [
        f'{n},"{t.replace(chr(34), chr(34) * 2)}",,{n},{n}\n' for n, t, *_ in rows
    ]
    put(settings, X_HEADER + "".join(quoted), Y_HEADER + "0,10\n1,10\n2,10\n")
    load_all(settings)
    assert loaded(settings) == rows


def test_labels_out_of_order_are_joined_by_row_number(settings: Settings) -> None:
    lines = GOOD_Y.splitlines(keepends=True)
    put(settings, X_HEADER + GOOD_X, Y_HEADER + "".join(reversed(lines)))
    load_all(settings)
    assert [row[5] for row in loaded(settings)] == [2583, 10] * 5


def test_columns_in_another_order_are_taken_by_name(settings: Settings) -> None:
    x = "imageid,productid,description,designation,\n200,100,text,name,0\n"
    put(settings, x, "prdtypecode,\n10,0\n")
    load_all(settings)
    assert loaded(settings) == [(0, "name", "text", 100, 200, 10)]


def test_a_byte_order_mark_and_crlf_are_fine(settings: Settings) -> None:
    x = (X_HEADER + GOOD_X).replace("\n", "\r\n").encode()
    put(settings, b"\xef\xbb\xbf" + x, (Y_HEADER + GOOD_Y).replace("\n", "\r\n"))
    load_all(settings)
    assert [row[1] for row in loaded(settings)] == [f"name {n}" for n in range(10)]


def test_the_challenges_own_file_names_are_known(settings: Settings) -> None:
    put(settings, X_HEADER + GOOD_X, Y_HEADER + GOOD_Y)
    folder = settings.data_path
    (folder / "X_train.csv").rename(folder / "X_train_update.csv")
    (folder / "Y_train.csv").rename(folder / "Y_train_CVw08PX.csv")
    assert load_all(settings).total_rows == 10


def test_empty_is_null_and_words_that_look_like_null_stay(settings: Settings) -> None:
    x = '0,NA,None,1,1\n1,nan,"",2,2\n2,null,,3,3\n3,\\N,"a\n\\.\nb",4,4\n'
    put(settings, X_HEADER + x, Y_HEADER + "0,10\n1,10\n2,10\n3,10\n")
    load_all(settings)
    assert [row[1:3] for row in loaded(settings)] == [
        ("NA", "None"),
        ("nan", None),
        ("null", None),
        ("\\N", "a\n\\.\nb"),
    ]


@pytest.mark.parametrize("name", ["X_train.csv", "Y_train.csv"])
def test_a_change_of_what_is_loaded_is_noticed(settings: Settings, name: str) -> None:
    put(settings, X_HEADER + GOOD_X, Y_HEADER + GOOD_Y)
    load_slice(settings)
    before = loaded(settings)
    path = settings.data_path / name
    text = path.read_text()
    changed = text.replace("name 1", "NAME 1").replace("1,10\n", "1,40\n", 1)
    assert changed != text
    path.write_text(changed)
    with pytest.raises(SourceError, match="no longer the same"):
        load_slice(settings)
    assert loaded(settings) == before
    path.write_text(text)
    assert load_slice(settings, increment=Decimal(10)).total_rows == 5


def test_a_file_not_written_since_is_not_read_to_its_end_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(settings, X_HEADER + GOOD_X, Y_HEADER + GOOD_Y)
    monkeypatch.setattr(slices, "SETTLED", 0)
    load_slice(settings)
    scanned: list[str] = []

    sound_scan = slices.sound_scan

    def note(item: CsvFile) -> Scan:
        scanned.append(item.path.name)
        return sound_scan(item)

    monkeypatch.setattr(slices, "sound_scan", note)
    assert load_slice(settings, increment=Decimal(30)).rows_added == 3
    assert scanned == []
    path = settings.data_path / "X_train.csv"
    path.write_text(path.read_text().replace("name 9", 'na"m"9'))
    with pytest.raises(SourceError, match="line 11: a quote inside an unquoted field"):
        load_slice(settings, increment=Decimal(10))
    assert scanned == ["X_train.csv"]
    path.write_text(X_HEADER + GOOD_X)
    load_all(settings)
    assert scanned == ["X_train.csv", "X_train.csv"]
    assert [row[1] for row in loaded(settings)] == [f"name {n}" for n in range(10)]


class Watched(io.BufferedReader):
    """A file that records what is read from it."""

    def __init__(self, path: Path) -> None:
        super().__init__(io.FileIO(path))
        self.reads: list[Span] = []

    def read(self, size: int | None = -1, /) -> bytes:
        return self._noted(super().read(size))

    def readline(self, size: int | None = -1, /) -> bytes:
        return self._noted(super().readline(size))

    def _noted(self, content: bytes) -> bytes:
        self.reads.append(Span(self.tell() - len(content), self.tell()))
        return content


def test_a_week_reads_only_its_slice_of_a_file_not_written_since(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(settings, X_HEADER + GOOD_X, Y_HEADER + GOOD_Y)
    monkeypatch.setattr(slices, "SETTLED", 0)
    load_slice(settings)
    load_slice(settings, increment=Decimal(20))
    watched: dict[str, Watched] = {}

    @contextmanager
    def watch(path: Path, expected: dict[str, str]) -> Iterator[CsvFile]:
        with open_csv(path, expected) as item, Watched(path) as file:
            watched[path.name] = file
            yield replace(item, file=file)

    monkeypatch.setattr(load, "open_csv", watch)
    assert load_slice(settings, increment=Decimal(20)).rows_added == 2
    for name, text in (
        ("X_train.csv", X_HEADER + GOOD_X),
        ("Y_train.csv", Y_HEADER + GOOD_Y),
    ):
        lines = text.splitlines(keepends=True)
        first, end = (len("".join(lines[: 1 + rows])) for rows in (6, 8))
        reads = watched[name].reads
        assert min(span.start for span in reads) == first
        assert max(span.end for span in reads) == end


def in_three_weeks(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Load rows 0 to 3, 4 and 5, 6 and 7; the files are taken as not just written."""
    put(settings, X_HEADER + GOOD_X, Y_HEADER + GOOD_Y)
    monkeypatch.setattr(slices, "SETTLED", 0)
    for percentage in (40, 60, 80):
        load_slice(settings, percentage=Decimal(percentage))


def edit(path: Path, row: int) -> None:
    """Change one byte of a row, in place."""
    lines = path.read_bytes().splitlines(keepends=True)
    lines[1 + row] = lines[1 + row].replace(b"name", b"NAME")
    if path.name == "Y_train.csv":
        lines[1 + row] = lines[1 + row][:-2] + b"9\n"
    assert b"".join(lines) != path.read_bytes()
    path.write_bytes(b"".join(lines))


@pytest.mark.parametrize("row", range(8))
@pytest.mark.parametrize("name", ["X_train.csv", "Y_train.csv"])
def test_a_change_is_noticed_whichever_week_loaded_the_row(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, name: str, row: int
) -> None:
    in_three_weeks(settings, monkeypatch)
    edit(settings.data_path / name, row)
    with pytest.raises(SourceError, match=f"{name}: the rows already loaded are no"):
        load_all(settings)
    assert len(loaded(settings)) == 8
    put(settings, X_HEADER + GOOD_X, Y_HEADER + GOOD_Y)
    assert load_all(settings).rows_added == 2


@pytest.mark.parametrize("row", [0, 7])
def test_a_reset_modification_time_hides_no_change(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, row: int
) -> None:
    in_three_weeks(settings, monkeypatch)
    path = settings.data_path / "X_train.csv"
    before = path.stat()
    edit(path, row)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    now = path.stat()
    assert (now.st_ino, now.st_size) == (before.st_ino, before.st_size)
    assert now.st_mtime_ns == before.st_mtime_ns
    with pytest.raises(SourceError, match="no longer the same"):
        load_all(settings)


def test_a_change_during_a_load_is_noticed_by_the_next(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_three_weeks(settings, monkeypatch)
    path = settings.data_path / "X_train.csv"
    record_spans = slices.record_spans

    def write_meanwhile(*arguments: object) -> list[Span]:
        before = path.stat()
        if b"NAME" not in path.read_bytes():
            edit(path, 0)
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        return record_spans(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(slices, "record_spans", write_meanwhile)
        load_slice(settings, increment=Decimal(10))
    with pytest.raises(SourceError, match="no longer the same"):
        load_all(settings)


@pytest.mark.parametrize("row", [None, 0, 5, 7])
def test_what_an_older_version_loaded_is_verified_too(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, row: int | None
) -> None:
    put(settings, X_HEADER + GOOD_X, Y_HEADER + GOOD_Y)
    monkeypatch.setattr(slices, "SETTLED", 0)
    for percentage in (40, 60):
        load_slice(settings, percentage=Decimal(percentage))
    note_as_older_versions_did(settings)
    load_slice(settings, percentage=Decimal(80))
    if row is None:
        put(settings, X_HEADER + GOOD_X, Y_HEADER + GOOD_Y)
        assert load_all(settings).rows_added == 2
        return
    edit(settings.data_path / "X_train.csv", row)
    with pytest.raises(SourceError, match="no longer the same"):
        load_all(settings)


def note_as_older_versions_did(settings: Settings) -> None:
    """Let each batch record the digest of all that was loaded by then."""
    connection = connect(settings, "loader")
    for batch in history(connection):
        metadata = batch.metadata
        for table, text in (("x_train", GOOD_X), ("y_train", GOOD_Y)):
            lines = text.splitlines(keepends=True)[: batch.total_rows]
            metadata[table]["sha256"] = hashlib.sha256(
                "".join(lines).encode()
            ).hexdigest()
            del metadata[table]["first"]
        with connection, connection.cursor() as cursor:
            cursor.execute(
                "update raw.data_loads set metadata = %s where id = %s",
                [json.dumps(metadata), batch.id],
            )
    connection.close()


def test_rows_may_be_added_to_a_rewritten_file(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_three_weeks(settings, monkeypatch)
    more_x = "".join(f"{n},late {n},,{100 + n},{200 + n}\n" for n in range(10, 20))
    more_y = "".join(f"{n},10\n" for n in range(10, 20))
    bom = b"\xef\xbb\xbf"
    put(
        settings,
        bom + (X_HEADER + GOOD_X + more_x).encode(),
        Y_HEADER + GOOD_Y + more_y,
    )
    assert load_slice(settings, percentage=Decimal(90)).rows_added == 10
    assert load_slice(settings, percentage=Decimal(95)).rows_added == 1
    edit(settings.data_path / "Y_train.csv", 17)
    with pytest.raises(SourceError, match=r"Y_train\.csv: .* no longer the same"):
        load_all(settings)
    put(settings, X_HEADER + GOOD_X + more_x, Y_HEADER + GOOD_Y + more_y)
    assert load_all(settings).rows_added == 1
    assert [row[0] for row in loaded(settings)] == list(range(20))


@pytest.mark.parametrize("rows", [2, 5, 7])
def test_a_file_with_fewer_rows_than_are_loaded_is_refused(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    in_three_weeks(settings, monkeypatch)
    x, y = (text.splitlines(keepends=True)[:rows] for text in (GOOD_X, GOOD_Y))
    put(settings, X_HEADER + "".join(x), Y_HEADER + "".join(y))
    with pytest.raises(SourceError, match="no longer the same"):
        load_all(settings)


def test_other_line_ends_are_a_change(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_three_weeks(settings, monkeypatch)
    put(settings, (X_HEADER + GOOD_X).replace("\n", "\r\n"), Y_HEADER + GOOD_Y)
    with pytest.raises(SourceError, match="no longer the same"):
        load_all(settings)


def test_a_file_just_written_is_read_to_its_end_again(settings: Settings) -> None:
    put(settings, X_HEADER + GOOD_X, Y_HEADER + GOOD_Y)
    load_slice(settings)
    connection = connect(settings, "loader")
    (batch,) = history(connection)
    connection.close()
    assert [batch.metadata[t]["state"] for t in ("x_train", "y_train")] == [None, None]


@pytest.mark.parametrize("rows", [GOOD_X, PADDED_X])
def test_a_repeat_in_a_later_slice_is_noticed(settings: Settings, rows: str) -> None:
    put(settings, X_HEADER + rows.replace(",109,", ",100,"), Y_HEADER + GOOD_Y)
    load_slice(settings)
    with pytest.raises(
        SourceError, match="product 100 appears twice, on lines 2 and 11"
    ):
        load_all(settings)
    assert len(loaded(settings)) == 4


@pytest.mark.parametrize("percentage", ["40", "39.5", "100.5", "0", "-1"])
def test_a_percentage_that_does_not_go_up_is_refused(
    settings: Settings, percentage: str
) -> None:
    put(settings, X_HEADER + GOOD_X, Y_HEADER + GOOD_Y)
    load_slice(settings)
    with pytest.raises(ConfigurationError, match=r"above the 40 % already loaded"):
        load_slice(settings, percentage=Decimal(percentage))
    assert statuses(settings) == ["completed"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("x_train.csv", "but x_train.csv: put"),
        ("X_train.csv.gz", "but X_train.csv.gz: put the challenge's files there under"),
        ("rakuten.zip", "under these names, unpacked"),
        ("rakuten/X_train.csv", "but rakuten: put"),
    ],
)
def test_a_folder_that_holds_something_else_loads_no_sample(
    settings: Settings, name: str, said: str
) -> None:
    (settings.data_path / name).parent.mkdir(exist_ok=True)
    (settings.data_path / name).write_text("")
    with pytest.raises(SourceError, match=said):
        load_slice(settings)
    assert not settings.sample_path.exists()


def test_a_folder_that_is_not_there_loads_no_sample(settings: Settings) -> None:
    typo = replace(settings, data_path=settings.data_path / "tpyo")
    with pytest.raises(
        SourceError, match=r"DATA_PATH is .*/raw/tpyo, which is not a folder"
    ):
        load_slice(typo)


def test_sample_and_files_do_not_mix(settings: Settings) -> None:
    assert load_slice(settings).source.kind == "sample"
    put(settings, X_HEADER + GOOD_X, Y_HEADER + GOOD_Y)
    with pytest.raises(SourceError, match="started with the synthetic sample"):
        load_slice(settings)


def test_loaders_of_several_warehouses_share_one_new_sample(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = []

    def write_slowly(folder: Path, rows: int, seed: int) -> None:
        written.append(folder)
        time.sleep(0.2)
        write_sample(folder, 30, seed)

    monkeypatch.setattr(sample, "write_sample", write_slowly)
    with ThreadPoolExecutor(3) as pool:
        sources = list(pool.map(find_source, [settings] * 3))
    assert {source.kind for source in sources} == {"sample"}
    assert written == [settings.sample_path]
    assert sorted(path.name for path in settings.sample_path.iterdir()) == [
        ".sample.lock",
        "X_test.csv",
        "X_train.csv",
        "Y_train.csv",
    ]


def test_samples_written_at_once_to_one_folder_are_complete(tmp_path: Path) -> None:
    write_sample(tmp_path / "alone", 300, 1)
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: write_sample(tmp_path / "one", 300, 1), range(3)))
    names = ["X_test.csv", "X_train.csv", "Y_train.csv"]
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == names
    for name in names:
        alone = (tmp_path / "alone" / name).read_bytes()
        assert (tmp_path / "one" / name).read_bytes() == alone


def test_random_order_takes_nested_slices_of_the_same_sizes(settings: Settings) -> None:
    shuffled = replace(settings, slice_order="random")
    put(settings, X_HEADER + GOOD_X, Y_HEADER + GOOD_Y)
    load_slice(shuffled)
    first = {row[0] for row in loaded(settings)}
    assert len(first) == 4
    assert first != {0, 1, 2, 3}
    load_slice(shuffled, increment=Decimal(30))
    assert {row[0] for row in loaded(settings)} > first
    with pytest.raises(SourceError, match="started with SLICE_ORDER=random"):
        load_slice(settings)
    load_all(shuffled)
    assert loaded(settings) == [
        (n, f"name {n}", f"text {n}", 100 + n, 200 + n, 10 if n % 2 else 2583)
        for n in range(10)
    ]


def test_a_rejected_batch_is_loaded_again(settings: Settings) -> None:
    put(settings, X_HEADER + GOOD_X, Y_HEADER + GOOD_Y)
    load_slice(settings)
    load_slice(settings, increment=Decimal(10))
    with pytest.raises(
        PipelineError, match=r"week_1 is not the newest batch \(that is week_2"
    ):
        reject_batch(settings, "week_1")
    assert reject_batch(settings, "week_2").batch_name == "week_2"
    (settings.data_path / "Y_train.csv").write_text(
        (Y_HEADER + GOOD_Y).replace("4,2583", "4,10")
    )
    assert load_slice(settings, increment=Decimal(10)).batch_name == "week_2"
    assert statuses(settings) == ["completed", "rejected", "completed"]
    assert load_slice(settings, increment=Decimal(10)).batch_name == "week_3"
    assert [row[5] for row in loaded(settings) if row[0] == 4] == [2583, 10]


def test_a_load_is_fine_as_the_first_thing_ever_done(settings: Settings) -> None:
    fresh = replace(settings, postgres_db="never_prepared")
    assert load_slice(fresh).batch_name == "week_1"


def test_one_file_alone_is_refused(settings: Settings) -> None:
    put(settings, X_HEADER + GOOD_X, Y_HEADER + GOOD_Y)
    (settings.data_path / "Y_train.csv").unlink()
    with pytest.raises(
        SourceError, match=r"Y_train\.csv or Y_train_CVw08PX\.csv is missing"
    ):
        load_slice(settings)


def test_a_second_loader_is_refused_and_names_the_first(settings: Settings) -> None:
    put(settings, X_HEADER + GOOD_X, Y_HEADER + GOOD_Y)
    load_slice(settings)
    first = connect(settings, "loader", application="loaders (pid 1 on host)")
    with (
        writer_lock(first),
        pytest.raises(BusyError, match=r"loaders \(pid 1 on host\)"),
    ):
        load_slice(settings)
    first.close()
    assert load_all(settings).complete is False


def test_an_abandoned_batch_is_marked_failed_by_the_next(settings: Settings) -> None:
    put(settings, X_HEADER + GOOD_X, Y_HEADER + GOOD_Y)
    load_slice(settings)
    connection = connect(settings, "loader")
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "insert into raw.data_loads (batch_name, percentage, status)"
            " values ('week_2', 43, 'running')"
        )
    connection.close()
    load_all(settings)
    assert statuses(settings) == ["completed", "failed", "completed"]


def test_the_command_prints_one_line_and_no_traceback(
    tmp_path: Path, settings: Settings
) -> None:
    put(settings, X_HEADER + "0,a,,x,2\n", Y_HEADER + "0,10\n")
    result = subprocess.run(
        [sys.executable, "-m", "loaders", "load", "--to-end"],
        env={
            "POSTGRES_DATA_DIR": str(settings.postgres_data_dir),
            "POSTGRES_DB": settings.postgres_db,
            "DATA_PATH": str(settings.data_path),
            "PATH": "/usr/bin:/bin",
            "ENV_FILE": os.devnull,
        },
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 65
    assert result.stdout == ""
    assert result.stderr == (
        f"Error: {settings.data_path}/X_train.csv, line 2, column productid: 'x' is not"
        " a whole number. Nothing was loaded.\n"
    )


def test_a_folder_whose_name_is_not_utf_8_gets_the_faults_message(
    settings: Settings, tmp_path: Path
) -> None:
    odd = replace(
        settings, data_path=Path(os.fsdecode(bytes(tmp_path / "nd") + b"\xe9"))
    )
    put(odd, X_HEADER + "0,a,,x,2\n", Y_HEADER + "0,10\n")
    with pytest.raises(SourceError) as error:
        load_all(odd)
    fault = "X_train.csv, line 2, column productid: 'x' is not a whole number."
    assert str(error.value) == rf"{tmp_path}/nd\udce9/{fault}{NOTHING}"
    (batch,) = batches(odd)
    assert batch.status == "failed"
    assert batch.metadata["error"] == str(error.value)
    source = find_source(odd).describe()
    assert source == rf"X_train.csv and Y_train.csv in {tmp_path}/nd\udce9"


def test_the_sample_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    for folder, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_sample(tmp_path / folder, 500, seed)
    for name in ("X_train.csv", "Y_train.csv", "X_test.csv"):
        first, second, other = (
            (tmp_path / folder / name).read_bytes() for folder in "abc"
        )
        assert first == second != other


def test_the_sample_has_every_class_in_the_first_slice(tmp_path: Path) -> None:
    write_sample(tmp_path, 5000, 42)
    with (tmp_path / "Y_train.csv").open(newline="") as file:
        codes = [row[1] for row in list(csv.reader(file))[1:]]
    assert len(codes) == 5000
    assert len(set(codes[:2000])) == 27


# What PostgreSQL's text cannot hold (NUL, surrogates) is a trap above; a bare carriage
# return is refused by COPY, as is any newline that is not the file's own.
TEXTS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=40
) | st.sampled_from(["\\.", "a\n\\.\nb", '"', '""', "NULL", "\\N", "é" * 2000, "🎲\n,"])


@given(rows=st.lists(st.tuples(TEXTS, TEXTS), min_size=3, max_size=12), cuts=st.data())
@hypothesis_settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_what_is_loaded_is_what_the_csv_module_reads(
    settings: Settings, rows: list[tuple[str, str]], cuts: st.DataObject
) -> None:
    settings.data_path.mkdir(exist_ok=True)
    with (settings.data_path / "X_train.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["", "designation", "description", "productid", "imageid"])
        writer.writerows((n, *row, n, n) for n, row in enumerate(rows))
    with (settings.data_path / "Y_train.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["", "prdtypecode"])
        writer.writerows((n, 10) for n in range(len(rows)))
    connection = connect(settings, "loader")
    with connection, connection.cursor() as cursor:
        cursor.execute("select to_regclass('raw.x_train') is not null")
        if cursor.fetchone() == (True,):
            cursor.execute("truncate raw.x_train, raw.y_train, raw.data_loads")
    connection.close()
    middle = cuts.draw(st.integers(1, 99))
    if int(len(rows) * middle / 100):
        load_slice(settings, percentage=Decimal(middle))
    load_all(settings)
    with (settings.data_path / "X_train.csv").open(newline="") as file:
        expected = [
            (row[1] or None, row[2] or None) for row in list(csv.reader(file))[1:]
        ]
    assert [row[1:3] for row in loaded(settings)] == expected
