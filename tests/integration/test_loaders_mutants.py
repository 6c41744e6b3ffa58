"""Damaged files: loaded as Python's csv module reads them, or refused; nothing else."""

import csv
import io
import itertools
import os
import random
import re
import sys
from decimal import Decimal

import pytest

from core.errors import SourceError
from core.settings import Settings
from loaders.load import load_slice
from loaders.schema import initialise
from warehouse.connection import connect

MUTANTS = int(os.environ.get("FUZZ_MUTANTS", "500"))
SEED = int(os.environ.get("FUZZ_SEED", "42"))
X = (
    ",designation,description,productid,imageid\n"
    '0,Piscine,"une ""grande"" piscine, bleue",100,200\n'
    '1,"Lot\nde livres",,101,201\n'
    "2,Dé été,texte,102,202\n"
    '3,"a\n\\.\nb","",103,203\n'
    "4,🎲 jeu,fin,104,204\n"
).encode()
Y = b",prdtypecode\n0,10\n1,2583\n2,40\n3,10\n4,2705\n"
PIECES = (
    b'"', b'""', b",", b"\n", b"\r", b"\r\n", b"\\", b"\\.\n", b"\n\\.\n", b"\0",
    b"\xff", b"\xc3", b" ", b"\t", b"-", b".", b"0", b"9", b"x", b"e", b"_",
)  # fmt: skip
# Not 1_000, 0x1F, 0o17 and 0b1, though PostgreSQL takes them.
INTEGER = re.compile(r"[ \t\n\r\f\v]*[+-]?[0-9]+[ \t\n\r\f\v]*")
Row = tuple[object, ...]


def mutant(original: bytes, rng: random.Random) -> bytes:
    """Flip, cut or insert bytes, once to three times."""
    content = original
    for _ in range(rng.randint(1, 3)):
        place = rng.randrange(len(content) + 1)
        kind = rng.random()
        if kind < 0.5:
            content = content[:place] + rng.choice(PIECES) + content[place:]
        elif kind < 0.7:
            content = content[:place] + content[place + rng.randint(1, 8) :]
        elif kind < 0.9:
            content = content[:place] + rng.randbytes(1) + content[place + 1 :]
        else:
            content = content[: max(place, 1)]
    return content


def as_csv_reads(
    content: bytes, columns: dict[str, str], count: int
) -> list[dict[str, object]]:
    """Read the header and the first records; what comes after may be damaged."""
    text = content.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = next(reader)
    return [
        {
            columns[name]: _value(columns[name], field)
            for name, field in zip(header, row, strict=True)
        }
        for row in itertools.islice(reader, count)
    ]


def _value(column: str, field: str) -> object:
    if column in {"designation", "description"}:
        return field or None
    assert INTEGER.fullmatch(field), field
    return int(field)


def expected(x: bytes, y: bytes, count: int) -> list[Row]:
    products = as_csv_reads(
        x,
        {
            "": "n",
            "designation": "designation",
            "description": "description",
            "productid": "product",
            "imageid": "image",
        },
        count,
    )
    labels = {
        row["n"]: row["code"]
        for row in as_csv_reads(y, {"": "n", "prdtypecode": "code"}, count)
    }
    assert len(labels) == len(products) == count
    return sorted(
        (
            row["n"],
            row["designation"],
            row["description"],
            row["product"],
            row["image"],
            labels[row["n"]],
        )
        for row in products
    )


@pytest.mark.timeout(3600)
def test_a_damaged_file_is_read_as_csv_reads_it_or_refused(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    initialise(settings)
    settings.data_path.mkdir(exist_ok=True)
    rng = random.Random(SEED)
    connection = connect(settings, "loader")
    loaded = 0
    refusals: list[str] = []
    for number in range(MUTANTS):
        spoil_x = rng.random() < 0.75
        x = mutant(X, rng) if spoil_x else X
        y = Y if spoil_x else mutant(Y, rng)
        (settings.data_path / "X_train.csv").write_bytes(x)
        (settings.data_path / "Y_train.csv").write_bytes(y)
        # Half of them in two slices, so that the damage may be in either.
        steps = [Decimal(100)] if number % 2 else [Decimal(40), Decimal(100)]
        with connection, connection.cursor() as cursor:
            cursor.execute("truncate raw.x_train, raw.y_train, raw.data_loads")
        wanted = 0
        try:
            for step in steps:
                wanted = load_slice(settings, percentage=step).total_rows
            loaded += 1
        except SourceError as error:
            refusals.append(str(error))
        with connection, connection.cursor() as cursor:
            cursor.execute(
                "select x.row_number, designation, description, productid, imageid,"
                " prdtypecode from raw.x_train as x full join raw.y_train"
                " using (row_number, load_batch_id) order by 1"
            )
            rows = cursor.fetchall()
        assert len(rows) == wanted, (number, x, y)
        if rows:
            assert rows == expected(x, y, wanted), (number, x, y)
    connection.close()
    with capsys.disabled():
        sys.stdout.write(
            f"\n{MUTANTS} mutants: {loaded} loaded as csv reads them,"
            f" {len(refusals)} refused\n"
        )
    assert loaded
    assert refusals
    assert all(message.endswith("Nothing was loaded.") for message in refusals)
