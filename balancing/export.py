"""A dataset version as files for other tools."""

import contextlib
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pc_csv
import pyarrow.parquet as pq

from balancing.card import write_card
from balancing.files import DICTIONARY_BYTES, read_groups
from balancing.pictures import find_pictures
from balancing.shards import ShardWriter, add_features
from balancing.versions import download, find_version
from balancing.weights import add_weights, read_weights
from core.errors import PipelineError
from core.settings import Settings

SPLITS = ("train", "validation")
KINDS = ("csv", "parquet", "hf", "webdataset")
MISSING = "missing_images.txt"
# Rows that are in memory at once, with the pictures of this many products.
BLOCK = 4_096
PICTURES = 256


@dataclass
class Export:
    """The result of an export.

    Attributes:
        rows: by split.
        pictures: how many picture files are in it; None without --images.
        missing: productids without a picture.
    """

    rows: dict[str, int] = field(default_factory=dict)
    pictures: int | None = None
    missing: list[int] = field(default_factory=list)


def export_version(
    settings: Settings, name: str, kind: str, out: Path, *, images: bool = False
) -> Export:
    """Write a version to a new folder, completely or not at all.

    Each row has the columns weight and copies (see `load_dataset`). With images, and in
    webdataset shards, each product is written once.

    Args:
        settings: see Settings.
        name: run id or batch name.
        kind: csv or parquet; hf for a folder that the `datasets` library loads;
            webdataset for tar shards.
        out: a folder that does not exist yet.
        images: put the picture of each product beside its text; for hf and webdataset.

    Raises:
        PipelineError: `out` exists or cannot be written, or there is no folder of
            images.
        SourceError: there is no such version.
    """
    if out.exists():
        raise PipelineError(f"{out} already exists: name a new folder.")
    data = settings.data_path if images else None
    if data is not None and kind not in {"hf", "webdataset"}:
        raise PipelineError(
            f"The format {kind} cannot hold images: use hf or webdataset."
        )
    if data is not None and not (data / "images").is_dir():
        raise PipelineError(
            f"There is no folder {data / 'images'}: put the challenge's images there."
        )
    folder = download(settings, find_version(settings, name))
    export = Export(pictures=0 if images else None)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".export-", dir=out.parent) as work:
            whole = Path(work) / out.name
            whole.mkdir()
            for split in SPLITS:
                _write(folder, split, kind, whole, data, export)
            _describe(folder, kind, whole, export)
            whole.rename(out)
    except OSError as error:
        raise PipelineError(
            f"Cannot write the export to {out}: {error.strerror or error}. Its files"
            " were removed; free some space or name another folder."
        ) from None
    return export


def _describe(folder: Path, kind: str, whole: Path, export: Export) -> None:
    metadata = folder / "metadata.json"
    if kind == "hf" and metadata.exists():
        card = write_card(
            json.loads(metadata.read_text()),
            train="data/train-*.parquet",
            validation="data/validation-*.parquet",
        )
        (whole / "README.md").write_text(card)
    if export.missing:
        lines = "".join(f"{product}\n" for product in export.missing)
        (whole / MISSING).write_text(lines)


def _write(
    folder: Path, split: str, kind: str, whole: Path, data: Path | None, export: Export
) -> None:
    export.rows[split] = 0
    if kind == "hf" and not pq.read_metadata(folder / f"{split}.parquet").num_rows:
        return  # `datasets` refuses a split without rows
    once = data is not None or kind == "webdataset"
    blocks = _blocks(folder, split, once=once)
    schema = next(blocks).schema
    with contextlib.ExitStack() as stack:
        writer: pq.ParquetWriter | pc_csv.CSVWriter | ShardWriter
        if kind == "webdataset":
            writer = stack.enter_context(ShardWriter(whole, split))
        elif kind == "csv":
            path = whole / f"{split}.csv"
            writer = stack.enter_context(pc_csv.CSVWriter(path, schema))
        else:
            path = whole / f"{split}.parquet"
            if kind == "hf":
                (whole / "data").mkdir(exist_ok=True)
                path = whole / "data" / f"{split}-00000-of-00001.parquet"
                schema = add_features(schema, images=data is not None)
            writer = stack.enter_context(
                pq.ParquetWriter(
                    path,
                    schema,
                    compression="zstd",
                    dictionary_pagesize_limit=DICTIONARY_BYTES,
                )
            )
        for table in blocks:
            export.rows[split] += len(table)
            for start in range(0, len(table), PICTURES if data else BLOCK):
                part = table[start : start + (PICTURES if data else BLOCK)]
                if data is not None:
                    part = _with_pictures(part, data, export)
                writer.write(part.cast(schema) if kind == "hf" else part)


def _blocks(folder: Path, split: str, *, once: bool) -> Iterator[pa.Table]:
    """Yield an empty table, then the rows of a split, weights added, block by block."""
    weights = read_weights(folder, split)
    path = folder / f"{split}.parquet"
    start = 0
    yield add_weights(pq.read_schema(path).empty_table(), weights)
    for group in read_groups(path):
        for batch in group.to_batches(max_chunksize=BLOCK):
            table = add_weights(pa.Table.from_batches([batch]), weights, start)
            start += len(batch)
            yield table.filter(pc.equal(table["copy"], 0)) if once else table


def _with_pictures(table: pa.Table, data: Path, export: Export) -> pa.Table:
    """Return rows with their pictures' bytes; count those, list products without."""
    pictures = find_pictures(data, table["image_path"].to_pylist())
    values: list[dict[str, bytes | str] | None] = []
    for product, picture in zip(table["productid"].to_pylist(), pictures, strict=True):
        if picture is None:
            export.missing.append(product)
            values.append(None)
        else:
            values.append({"bytes": picture.read_bytes(), "path": picture.name})
    export.pictures = (export.pictures or 0) + len(values) - values.count(None)
    kind = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    return table.append_column("image", pa.array(values, kind))
