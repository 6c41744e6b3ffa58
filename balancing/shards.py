"""Formats of other libraries: WebDataset's tar shards, the features of `datasets`.

https://github.com/webdataset/webdataset#the-webdataset-format and
https://huggingface.co/docs/datasets/image_dataset
"""

import io
import json
import tarfile
from pathlib import Path
from typing import Self

import pyarrow as pa

# Samples and bytes after which the next shard begins.
MOST_SAMPLES = 10_000
MOST_BYTES = 1 << 30

_IMAGE = pa.field("image", pa.struct([("bytes", pa.binary()), ("path", pa.string())]))


def add_features(schema: pa.Schema, *, images: bool) -> pa.Schema:
    """Return a schema with the type of each column as `datasets` reads it.

    Args:
        schema: of the file.
        images: add the column `image`, which is decoded as a picture.
    """
    kinds = {name: _feature(schema.field(name).type) for name in schema.names}
    if images:
        schema = schema.append(_IMAGE)
        kinds["image"] = {"_type": "Image"}
    information = json.dumps({"info": {"features": kinds}})
    return schema.with_metadata({"huggingface": information})


def _feature(kind: pa.DataType) -> dict[str, str]:
    name = "float64" if pa.types.is_float64(kind) else str(kind)
    return {"dtype": name, "_type": "Value"}


class ShardWriter:
    """Writes the rows of a split to tar shards, one after the other.

    A sample is `<productid>.json` with the columns, `<productid>.cls` with the type code
    and, where there is one, `<productid>.jpg`. The same rows give the same bytes.
    """

    def __init__(self, folder: Path, split: str) -> None:
        self._folder, self._split = folder, split
        self._shards = self._samples = self._bytes = 0
        self._tar: tarfile.TarFile | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._tar is not None:
            self._tar.close()

    def write(self, table: pa.Table) -> None:
        """Write rows, of which the column `image` may hold pictures."""
        for row in table.to_pylist():
            tar = self._open()
            picture = row.pop("image", None)
            key = row["productid"]
            text = json.dumps(row, ensure_ascii=False)
            self._add(tar, f"{key}.json", text.encode())
            self._add(tar, f"{key}.cls", str(row["prdtypecode"]).encode())
            if picture is not None:
                self._add(tar, f"{key}.jpg", picture["bytes"])
            self._samples += 1

    def _open(self) -> tarfile.TarFile:
        is_full = self._samples >= MOST_SAMPLES or self._bytes >= MOST_BYTES
        if self._tar is not None and not is_full:
            return self._tar
        if self._tar is not None:
            self._tar.close()
        path = self._folder / f"{self._split}-{self._shards:06}.tar"
        self._tar = tarfile.open(path, "w")  # noqa: SIM115 - closed with the shard
        self._shards += 1
        self._samples = self._bytes = 0
        return self._tar

    def _add(self, tar: tarfile.TarFile, name: str, content: bytes) -> None:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        tar.addfile(member, io.BytesIO(content))
        self._bytes += len(content)
