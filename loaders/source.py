"""The catalogue's files: which of them exist, and whether their headers are right."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from core.durable import hold_lock, make_folder
from core.errors import SourceError, printable
from core.settings import DATA_DIR, Settings

# The challenge has other names for its files.
X_NAMES = ("X_train.csv", "X_train_update.csv")
Y_NAMES = ("Y_train.csv", "Y_train_CVw08PX.csv")
# Column names in the file, and what they are called in the raw tables.
X_COLUMNS = {
    "": "row_number",
    "designation": "designation",
    "description": "description",
    "productid": "productid",
    "imageid": "imageid",
}
Y_COLUMNS = {"": "row_number", "prdtypecode": "prdtypecode"}
SAMPLE_ROWS = 5_000
IMAGES = Path("images", "image_train")
LOCK_FILE = ".sample.lock"
# Files that may be in a folder without making it a catalogue.
_OURS = {"README.md", ".gitkeep", ".gitignore", ".DS_Store"}
# No header is longer; a file without line endings would otherwise be read to its end.
LONGEST_HEADER = 1 << 20
# What pandas and spreadsheets call the column of row numbers.
INDEX_NAMES = {"Unnamed: 0", "index", "id"}

Kind = Literal["files", "sample"]


@dataclass(frozen=True)
class Source:
    """The pair of files a warehouse is loaded from."""

    kind: Kind
    x: Path
    y: Path

    @property
    def images(self) -> Path:
        """The folder of the products' images; it need not be there."""
        return self.x.parent / IMAGES

    def describe(self) -> str:
        """Return where the rows come from, for a person."""
        if self.kind == "sample":
            return printable(f"the synthetic sample in {self.x.parent}")
        return printable(f"{self.x.name} and {self.y.name} in {self.x.parent}")


@dataclass(frozen=True)
class CsvFile:
    """One open file, its header read.

    Attributes:
        columns: the raw table's columns in the order of the file.
        start: byte offset of the first record.
        is_correction: a file for `loaders correct`, where a designation may not be empty.
    """

    path: Path
    file: BinaryIO
    columns: tuple[str, ...]
    start: int
    is_correction: bool = False


def find_source(settings: Settings) -> Source:
    """Return the files in DATA_PATH, or the synthetic sample, which is made if missing.

    The sample stands in for an empty folder. A folder that does not exist or holds
    something else is an error: a scheduler would load the sample for weeks.

    Raises:
        SourceError: the files are missing but the folder is not empty, one of them is
            missing, or one is there twice.
    """
    x = _one_of(settings.data_path, X_NAMES)
    y = _one_of(settings.data_path, Y_NAMES)
    if x and y:
        return Source("files", x, y)
    if x or y:
        there, missing = (x, Y_NAMES) if x else (y, X_NAMES)
        raise SourceError(
            f"{there} exists, but {' or '.join(missing)} is missing from"
            f" {settings.data_path}: put both files there."
        )
    _refuse_another_folder(settings.data_path)
    sample = settings.sample_path
    if not (sample / "Y_train.csv").exists():
        _make_sample(sample, settings.random_seed)
    return Source("sample", sample / "X_train.csv", sample / "Y_train.csv")


def _make_sample(folder: Path, seed: int) -> None:
    """Make the sample once: a loader of another warehouse may be about to, or reading it."""
    from loaders.sample import write_sample

    make_folder(folder)
    with hold_lock(folder / LOCK_FILE):
        if not (folder / "Y_train.csv").exists():
            write_sample(folder, SAMPLE_ROWS, seed)


def _refuse_another_folder(folder: Path) -> None:
    wanted = f"{X_NAMES[0]} and {Y_NAMES[0]}"
    if not folder.is_dir():
        if folder == DATA_DIR / "raw":
            return
        raise SourceError(
            f"DATA_PATH is {folder}, which is not a folder: set it to the one with"
            f" {wanted}, or unset it to use the synthetic sample."
        )
    others = sorted(path.name for path in folder.iterdir() if path.name not in _OURS)
    if others:
        listed = ", ".join(others[:5]) + (" and more" if len(others) > 5 else "")
        packed = any(name.endswith((".gz", ".zip", ".7z")) for name in others)
        raise SourceError(
            f"There is no {wanted} in {folder}, but {listed}: put the challenge's files"
            f" there under these names{', unpacked' if packed else ''}, or empty the"
            " folder to use the synthetic sample."
        )


def images_of(settings: Settings, kind: Kind) -> Path:
    """Return the folder of images of a warehouse; neither it nor the files need exist."""
    return (settings.data_path if kind == "files" else settings.sample_path) / IMAGES


def _one_of(folder: Path, names: Sequence[str]) -> Path | None:
    paths = [folder / name for name in names if (folder / name).is_file()]
    if len(paths) > 1:
        raise SourceError(
            f"Both {paths[0].name} and {paths[1].name} are in {folder}: keep one."
        )
    return paths[0] if paths else None


@contextmanager
def open_csv(
    path: Path, expected: dict[str, str], optional: dict[str, str] | None = None
) -> Iterator[CsvFile]:
    """Open a file and check its header by name: COPY would take columns by position.

    Args:
        path: the file.
        expected: the columns it must have, and what they are called in the raw tables.
        optional: columns of which a correction has some; names with a leading
            underscore are then accepted, as notes for people.

    Raises:
        SourceError: the file cannot be read, or its columns are not the expected ones.
    """
    try:
        handle = path.open("rb")
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}.") from None
    with handle:
        header = handle.readline(LONGEST_HEADER)
        yield CsvFile(
            path,
            handle,
            _columns(path, header, expected, optional or {}),
            len(header),
            optional is not None,
        )


def _columns(
    path: Path, header: bytes, expected: dict[str, str], optional: dict[str, str]
) -> tuple[str, ...]:
    names = _names(path, header)
    known = expected | optional
    problems = {"missing": [name for name in expected if name not in names]}
    if optional:
        notes = [name for name in names if name.startswith("_")]
        known |= {name: f"note_{number}" for number, name in enumerate(notes)}
        if not any(name in optional for name in names):
            problems["missing"].append("any column to correct")
    problems["unknown"] = [name[:60] for name in names if name not in known]
    counts = Counter(names)
    problems["repeated"] = sorted(name for name in counts if counts[name] > 1)
    if any(problems.values()):
        listed = [
            f"{problem} {_quoted(columns[:8])}{' and more' if columns[8:] else ''}"
            for problem, columns in problems.items()
            if columns
        ]
        raise SourceError(
            f"{path}, line 1: the columns must be {_listed(expected)}"
            f"{' and any of ' + _listed(optional) if optional else ''}"
            f" ({'; '.join(listed)}).{_advice(names, expected)} Nothing was loaded."
        )
    return tuple(known[name] for name in names)


def _names(path: Path, header: bytes) -> list[str]:
    """Return the names of the columns; refuse one that is not a line of UTF-8."""
    reason = _not_a_line(header)
    if not reason:
        try:
            text = header.removeprefix(codecs.BOM_UTF8).decode("utf-8")
            return next(csv.reader(io.StringIO(text, newline=""), strict=True), [])
        except UnicodeDecodeError:
            reason = "the file is not UTF-8: save it as UTF-8"
        except csv.Error as error:
            reason = f"not well-formed CSV ({error})"
    raise SourceError(f"{path}, line 1: {reason}. Nothing was loaded.")


def _not_a_line(header: bytes) -> str:
    """Return why the bytes are no line of text and what to do; empty if they are one."""
    problems = {
        "the file is compressed with gzip: unpack it": header.startswith(b"\x1f\x8b"),
        "the file is a zip archive or a spreadsheet: unpack it, or save it as CSV": (
            header.startswith(b"PK\x03\x04")
        ),
        "the file is UTF-16: save it as UTF-8": _is_utf_16(header),
        "the line has NUL bytes, so this is not a text file: replace it with a CSV file": (
            b"\0" in header
        ),
        "the first line is longer than 1 MB, so this is not a CSV file with a header": (
            len(header) == LONGEST_HEADER
        ),
        "the line does not end with a newline (LF)": (
            header != b"" and not header.endswith(b"\n")
        ),
    }
    return next((problem for problem, is_so in problems.items() if is_so), "")


def _is_utf_16(header: bytes) -> bool:
    if header.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    # Without a byte order mark, every other byte is NUL in Latin letters.
    return len(header) > 1 and any(header[::2]) != any(header[1::2])


def _advice(names: Sequence[str], expected: dict[str, str]) -> str:
    """Return how to fix a header written by a common program, if it is one."""
    for separator, name in ((";", "semicolons"), ("\t", "tabs")):
        parts = set(names[0].split(separator)) if len(names) == 1 else set()
        if len(parts) > 1 and set(expected) <= parts:
            return f" They are separated by {name}: save the file with commas."
    missing = set(expected) - set(names)
    if missing and missing <= {name.lower() for name in names}:
        return " Write the names in lower case."
    if missing == {""}:
        if names[:1] and names[0] in INDEX_NAMES:
            return f' Rename the first column, {names[0]}, to "" (no name).'
        return (
            " The first column has no name and holds the row numbers; pandas writes it"
            " with to_csv(index=True)."
        )
    return ""


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(repr(name) if name else '""' for name in names)


def _listed(expected: dict[str, str]) -> str:
    return ", ".join(name or '""' for name in expected)
