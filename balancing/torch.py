"""A dataset version for PyTorch, streamed from its Parquet file.

At most one row group and the shuffle buffer are in memory, whatever the size of the
file. Every row goes to exactly one worker of one rank; the shares differ by one row at
most, so that no rank waits for another at the end of an epoch.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from balancing.files import read_group, read_groups
from balancing.weights import read_class_weights

try:
    from torch import distributed
    from torch.utils.data import IterableDataset, get_worker_info
except ImportError:
    raise ImportError(
        "balancing.torch needs PyTorch: install the extra torch of this project, or"
        " `pip install torch`."
    ) from None

Row = Mapping[str, Any]
Repeats = NDArray[np.int32]

BUFFER = 32_768
_BLOCK = 1_024


class BalancedRows(IterableDataset):  # type: ignore[misc]
    """The rows of a split with their copies, in a new order in each epoch.

    A row is a mapping with the columns of the file, `weight` (see `load_dataset`) and
    `label`, the position of its prdtypecode in `classes`.
    """

    def __init__(
        self,
        folder: Path,
        split: str = "train",
        *,
        seed: int = 42,
        buffer: int = BUFFER,
    ) -> None:
        """Read the sizes of the file; no row yet.

        Args:
            folder: see `balancing.reading.dataset_folder`.
            split: train or validation.
            seed: of the order; the same seed and epoch give the same order.
            buffer: rows that are shuffled together.
        """
        self.path = folder / f"{split}.parquet"
        self.weights = read_class_weights(folder)
        self.classes = sorted(self.weights)
        self._labels = {code: label for label, code in enumerate(self.classes)}
        self._seed, self._buffer, self._epoch = seed, buffer, 0
        metadata = pq.ParquetFile(self.path).metadata
        sizes = [metadata.row_group(n).num_rows for n in range(metadata.num_row_groups)]
        self._ends = np.cumsum(sizes, dtype=np.int64)

    def set_epoch(self, epoch: int) -> None:
        """Choose the order of an epoch, as with DistributedSampler."""
        self._epoch = epoch

    def __len__(self) -> int:
        """Return the rows of all workers and ranks together."""
        return int(self._ends[-1]) if self._ends.size else 0

    def __iter__(self) -> Iterator[Row]:
        """Yield this worker's share of the rows."""
        shard, shards = _shard()
        # The same on all shards, which take their shares of the same sequence.
        random = np.random.default_rng([self._seed, self._epoch])
        groups = random.permutation(self._ends.size)
        share = self._share(groups, self._repeats(random), shard, shards)
        own = np.random.default_rng([self._seed, self._epoch, shard])
        for table in _shuffle(share, self._buffer, own):
            for start in range(0, len(table), _BLOCK):
                for row in table[start : start + _BLOCK].to_pylist():
                    code = row["prdtypecode"]
                    yield row | {
                        "weight": self.weights[code],
                        "label": self._labels[code],
                    }

    def _repeats(self, _random: np.random.Generator) -> Repeats | None:
        """Return how often each row of the file is taken; None if once."""
        return None

    def _share(
        self,
        groups: NDArray[np.int64],
        repeats: Repeats | None,
        shard: int,
        shards: int,
    ) -> Iterator[pa.Table]:
        """Yield a shard's part of the row groups, one after the other in a new order."""
        starts = self._ends - np.diff(self._ends, prepend=0)
        sizes = self._ends - starts
        if repeats is not None:
            sizes = np.add.reduceat(repeats, starts)
        ends = np.cumsum(sizes[groups])
        total = len(self)
        first, last = total * shard // shards, total * (shard + 1) // shards
        for group, end in zip(groups.tolist(), ends.tolist(), strict=True):
            begin = end - int(sizes[group])
            low, high = max(first, begin) - begin, min(last, end) - begin
            if low >= high:
                continue
            table = read_group(self.path, group)
            if repeats is not None:
                taken = repeats[starts[group] : self._ends[group]]
                table = table.take(np.repeat(np.arange(taken.size), taken)[low:high])
            else:
                table = table[low:high]
            yield table


class EvenDraws(BalancedRows):
    """Products drawn with replacement, all classes equally often, without copies.

    As WeightedRandomSampler with inverse class frequencies, in bounded memory; each
    epoch has new draws.
    """

    def __init__(
        self,
        folder: Path,
        *,
        draws: int | None = None,
        seed: int = 42,
        buffer: int = BUFFER,
    ) -> None:
        """Read the class of each product.

        Args:
            folder: see BalancedRows.
            draws: how many per epoch; as many as there are products if None.
            seed: see BalancedRows.
            buffer: see BalancedRows.
        """
        super().__init__(folder, "train", seed=seed, buffer=buffer)
        self._products = self._read_products()
        products = sum(rows.size for rows in self._products)
        self._draws = products if draws is None else draws

    def __len__(self) -> int:
        """Return the draws of all workers and ranks together."""
        return int(self._draws)

    def _read_products(self) -> list[NDArray[np.int32]]:
        """Read the original rows of each class, one row group at a time."""
        rows_by_class: list[list[NDArray[np.int32]]] = [[] for _ in self.classes]
        start = 0
        for table in read_groups(self.path, ["prdtypecode", "copy"]):
            codes = table["prdtypecode"].to_numpy()
            originals = table["copy"].to_numpy() == 0
            for code in np.unique(codes[originals]).tolist():
                rows = np.flatnonzero(originals & (codes == code)) + start
                rows_by_class[self._labels[code]].append(rows.astype(np.int32))
            start += len(table)
        return [np.concatenate(rows) for rows in rows_by_class]

    def _repeats(self, random: np.random.Generator) -> Repeats:
        even = np.full(len(self.classes), 1 / len(self.classes))
        repeats = np.zeros(int(self._ends[-1]), dtype=np.int32)
        for rows, draws in zip(
            self._products, random.multinomial(self._draws, even), strict=True
        ):
            drawn = random.integers(0, rows.size, draws)
            repeats[rows] += np.bincount(drawn, minlength=rows.size).astype(np.int32)
        return repeats


def _shard() -> tuple[int, int]:
    """Return this worker's share number, and the number of shares."""
    rank, ranks = 0, 1
    if distributed.is_available() and distributed.is_initialized():
        rank, ranks = distributed.get_rank(), distributed.get_world_size()
    worker = get_worker_info()
    if worker is None:
        return rank, ranks
    return rank * worker.num_workers + worker.id, ranks * worker.num_workers


def _shuffle(
    tables: Iterator[pa.Table], buffer: int, random: np.random.Generator
) -> Iterator[pa.Table]:
    """Yield all rows in a random order, with about `buffer` rows held back at a time."""
    held: pa.Table | None = None
    for table in tables:
        pool = table if held is None else pa.concat_tables([held, table])
        pool = pool.take(random.permutation(len(pool)))
        ready = max(len(pool) - buffer, 0)
        yield pool[:ready]
        # A copy, so that the rows given away are not kept in memory.
        held = pool[ready:].combine_chunks()
    if held is not None:
        yield held.take(random.permutation(len(held)))
