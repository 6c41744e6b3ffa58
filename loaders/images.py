"""Record which products of a batch have an image: one directory scan, matched in SQL."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO, cast

from psycopg2.extensions import cursor as Cursor  # noqa: N812

NAME = re.compile(r"image_([0-9]{1,18})_product_([0-9]{1,18})\.jpg")
BLOCK = 4096


def record_images(cursor: Cursor, batch_id: int, folder: Path) -> None:
    """Record for each product of a batch whether its image file exists.

    The names go through COPY into a temporary table in one scan of the folder: no stat,
    and no more than a few thousand names in memory at a time. Without a folder nothing
    is recorded, and the marts show NULL (unknown).

    Args:
        cursor: in the batch's own transaction, with rakuten.load_batch_id set.
        batch_id: the batch whose rows of raw.x_train are looked up.
        folder: holds image_<imageid>_product_<productid>.jpg.
    """
    if not folder.is_dir():
        return
    cursor.execute(
        "create temporary table image_names (imageid bigint, productid bigint)"
        " on commit drop"
    )
    cursor.copy_expert(
        "copy image_names from stdin", cast("TextIO", _Names(folder)), size=1 << 18
    )
    cursor.execute("analyze image_names")
    cursor.execute(
        "insert into raw.product_images (productid, image_exists, load_batch_id)"
        " select x.productid, n.productid is not null, x.load_batch_id"
        " from raw.x_train as x left join (select distinct * from image_names) as n"
        " on n.productid = x.productid and n.imageid = x.imageid"
        " where x.load_batch_id = %s and not x.withdrawn",
        [batch_id],
    )


class _Names:
    """A file object for copy_expert, over the names in a folder."""

    def __init__(self, folder: Path) -> None:
        self._blocks = _blocks(folder)
        self._rest = b""

    def read(self, size: int) -> bytes:
        """Return the next bytes, at most `size`; none at the end."""
        if not self._rest:
            self._rest = next(self._blocks, b"")
        piece, self._rest = self._rest[:size], self._rest[size:]
        return piece


def _blocks(folder: Path) -> Iterator[bytes]:
    lines: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if match := NAME.fullmatch(entry.name):
                lines.append(f"{match[1]}\t{match[2]}\n")
            if len(lines) == BLOCK:
                yield "".join(lines).encode()
                lines.clear()
    yield "".join(lines).encode()
