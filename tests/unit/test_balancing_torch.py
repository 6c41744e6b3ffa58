"""Rows of a dataset version as PyTorch takes them."""

from collections import Counter
from itertools import chain
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from balancing.files import SCHEMA
from balancing.weights import add_weights, read_weights

CODES = [10] * 12 + [40] * 6 + [2583] * 2


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """20 products in three classes of 12, 6 and 2, each class with 12 rows."""
    rows = [
        {
            "productid": product,
            "designation": f"title {product}",
            "description": None,
            "image_path": f"images/{product}.jpg",
            "prdtypecode": code,
            "fold": 1,
            "copy": copy,
        }
        for product, code in enumerate(CODES)
        for copy in range(12 // CODES.count(code))
    ]
    table = pa.Table.from_pylist(rows, SCHEMA)
    pq.write_table(table, tmp_path / "train.parquet", row_group_size=7)
    pq.write_table(table[:0], tmp_path / "validation.parquet")
    return tmp_path


def test_weights_are_inverse_frequencies_and_copies_are_counted(folder: Path) -> None:
    weights = read_weights(folder, "train")
    assert weights.by_class == {
        10: pytest.approx(20 / 36),
        40: pytest.approx(20 / 18),
        2583: pytest.approx(20 / 6),
    }
    table = add_weights(pq.read_table(folder / "train.parquet"), weights)
    products = table.filter(pa.compute.equal(table["copy"], 0))
    assert sum(products["weight"].to_pylist()) == pytest.approx(20)
    assert products["copies"].to_pylist() == [1] * 12 + [2] * 6 + [6] * 2
    assert table["copies"].to_pylist() == [1] * 12 + [2] * 12 + [6] * 12
    assert read_weights(folder, "validation").copies.tolist() == []


def test_without_torch_the_import_says_what_to_install(monkeypatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "torch", None)
    with pytest.raises(ImportError, match="pip install torch"):
        __import__("balancing.torch")


def test_every_row_comes_once_in_a_new_order_per_epoch(folder: Path) -> None:
    pytest.importorskip("torch", reason="the extra torch is not installed")
    from balancing.torch import BalancedRows

    rows = BalancedRows(folder, seed=1, buffer=10)
    first = [(row["productid"], row["copy"]) for row in rows]
    again = [(row["productid"], row["copy"]) for row in rows]
    rows.set_epoch(1)
    second = [(row["productid"], row["copy"]) for row in rows]
    assert len(rows) == len(set(first)) == 36
    assert first == again != second
    assert sorted(first) == sorted(second)
    assert first != sorted(first)
    row = next(iter(rows))
    assert row["label"] == [10, 40, 2583].index(row["prdtypecode"])
    assert row["weight"] == rows.weights[row["prdtypecode"]]


@pytest.mark.parametrize("shards", [2, 5, 40])
def test_shards_share_the_rows_without_loss_or_doubles(
    folder: Path, monkeypatch: pytest.MonkeyPatch, shards: int
) -> None:
    pytest.importorskip("torch", reason="the extra torch is not installed")
    from balancing import torch as module

    for dataset in (
        module.BalancedRows(folder, buffer=4),
        module.EvenDraws(folder, buffer=4, draws=100),
    ):
        whole = Counter((row["productid"], row["copy"]) for row in dataset)
        parts = []
        for shard in range(shards):
            monkeypatch.setattr(module, "_shard", lambda s=shard: (s, shards))
            parts.append([(row["productid"], row["copy"]) for row in dataset])
        monkeypatch.undo()
        assert Counter(chain(*parts)) == whole
        assert max(map(len, parts)) - min(map(len, parts)) <= 1


def test_workers_of_a_loader_share_an_epoch(folder: Path) -> None:
    data = pytest.importorskip("torch.utils.data", reason="torch is not installed")
    from balancing.torch import BalancedRows

    loader = data.DataLoader(BalancedRows(folder), batch_size=None, num_workers=2)
    assert Counter(row["productid"] for row in loader) == Counter(
        pq.read_table(folder / "train.parquet")["productid"].to_pylist()
    )


def test_draws_are_even_over_classes_and_need_no_copies(folder: Path) -> None:
    pytest.importorskip("torch", reason="the extra torch is not installed")
    from balancing.torch import EvenDraws

    draws = EvenDraws(folder, draws=30_000, buffer=64)
    rows = [(row["prdtypecode"], row["productid"], row["copy"]) for row in draws]
    assert len(rows) == len(draws) == 30_000
    assert {copy for _, _, copy in rows} == {0}
    classes = Counter(code for code, _, _ in rows)
    for code in (10, 40, 2583):
        assert classes[code] == pytest.approx(10_000, rel=0.05)
    products = Counter(product for code, product, _ in rows if code == 10)
    assert np.std(list(products.values())) < 60
