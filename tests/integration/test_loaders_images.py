"""Images: whether each product of a batch has its file."""

import os
from decimal import Decimal
from pathlib import Path

import pytest

from core.settings import Settings
from loaders.load import load_slice
from warehouse.connection import connect


def put(settings: Settings) -> Path:
    folder = settings.data_path / "images" / "image_train"
    folder.mkdir(parents=True)
    x = "".join(f"{n},name,,{100 + n},{200 + n}\n" for n in range(10))
    y = "".join(f"{n},10\n" for n in range(10))
    (settings.data_path / "X_train.csv").write_text(
        ",designation,description,productid,imageid\n" + x
    )
    (settings.data_path / "Y_train.csv").write_text(",prdtypecode\n" + y)
    return folder


def recorded(settings: Settings) -> list[tuple[int, bool, int]]:
    connection = connect(settings, "loader")
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "select i.productid, i.image_exists, length(b.batch_name)"
            " from raw.product_images as i inner join raw.data_loads as b"
            " on b.id = i.load_batch_id and b.status = 'completed' order by 1"
        )
        rows = cursor.fetchall()
    connection.close()
    return rows


def test_each_product_is_recorded_with_its_batch(settings: Settings) -> None:
    folder = put(settings)
    for name in (
        "image_200_product_100.jpg",
        "image_999_product_101.jpg",  # of another image id
        "image_202_product_102.jpg.part",
        "image_203_product_103.jpg",
        "notes \t\n.txt",
        f"image_{10**30}_product_1.jpg",
        "image_\u0662\u0660\u0661_product_101.jpg",  # 201 in Arabic digits
    ):
        (folder / name).touch()
    load_slice(settings, percentage=Decimal(40))
    assert [row[:2] for row in recorded(settings)] == [
        (100, True), (101, False), (102, False), (103, True),
    ]  # fmt: skip
    (folder / "image_204_product_104.jpg").touch()
    load_slice(settings, to_end=True)
    assert [row[:2] for row in recorded(settings)][4:6] == [(104, True), (105, False)]
    assert len(recorded(settings)) == 10


def test_without_a_folder_nothing_is_known(settings: Settings) -> None:
    put(settings).rmdir()
    load_slice(settings, to_end=True)
    assert recorded(settings) == []


def test_names_are_read_with_one_scan_and_no_stat(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = put(settings)
    for n in range(10):
        (folder / f"image_{200 + n}_product_{100 + n}.jpg").touch()
    scans: list[str] = []
    scandir, stat = os.scandir, os.stat

    def counted(path: str) -> object:
        scans.append(str(path))
        return scandir(path)

    def watched(path: object, **options: bool) -> os.stat_result:
        assert not str(path).endswith(".jpg")
        return stat(path, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("loaders.images.os.scandir", counted)
    monkeypatch.setattr("loaders.images.os.stat", watched)
    load_slice(settings, to_end=True)
    assert scans == [str(folder)]
    assert all(row[1] for row in recorded(settings))
