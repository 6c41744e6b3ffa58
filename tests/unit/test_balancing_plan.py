"""How often each row is taken, and what makes two datasets the same."""

from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from balancing import files
from balancing.build import _plan
from balancing.digest import ContentDigest
from balancing.spec import DatasetSpec
from balancing.strategies import class_weights, copies_per_row
from core.errors import ConfigurationError, SourceError

LABELS = np.array([10] * 8 + [40] * 3 + [50])


def balanced(**options: object) -> dict[int, int]:
    copies = copies_per_row(LABELS, DatasetSpec(**options))  # type: ignore[arg-type]
    assert copies.min() >= 1
    return dict(Counter(np.repeat(LABELS, copies).tolist()))


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, {10: 8, 40: 8, 50: 8}),
        ({"strategy": "not_majority"}, {10: 8, 40: 8, 50: 8}),
        ({"strategy": "ratio_cap", "ratio": 0.5}, {10: 8, 40: 4, 50: 4}),
        ({"strategy": "ratio_cap", "ratio": 0.1}, {10: 8, 40: 3, 50: 1}),
        ({"strategy": "target_count", "target": 5}, {10: 8, 40: 5, 50: 5}),
        ({"strategy": "max_copies", "max_copies": 2}, {10: 8, 40: 6, 50: 2}),
        ({"strategy": "none"}, {10: 8, 40: 3, 50: 1}),
    ],
)
def test_each_strategy(options: dict[str, object], expected: dict[int, int]) -> None:
    assert balanced(**options) == expected


@given(
    st.lists(st.sampled_from([10, 40, 50, 60]), min_size=1, max_size=60),
    st.integers(0, 9),
)
def test_every_class_is_as_large_as_the_largest(labels: list[int], seed: int) -> None:
    array = np.array(labels)
    copies = copies_per_row(array, DatasetSpec(seed=seed))
    sizes = Counter(np.repeat(array, copies).tolist())
    assert set(sizes.values()) == {max(Counter(labels).values())}
    assert np.array_equal(copies, copies_per_row(array, DatasetSpec(seed=seed)))


def test_a_single_class_is_copied_up_to_its_target() -> None:
    spec = DatasetSpec(strategy="target_count", target=30)
    copies = copies_per_row(np.array([10] * 8), spec)
    assert (copies.size, copies.sum()) == (8, 30)
    assert copies.min() >= 1
    assert np.array_equal(copies, copies_per_row(np.array([10] * 8), spec))


def test_held_out_rows_take_no_part() -> None:
    held_out = np.zeros(LABELS.size, dtype=bool)
    held_out[[0, 8]] = True
    copies = _plan(LABELS, held_out, DatasetSpec())
    assert copies[held_out].tolist() == [1, 1]
    assert copies[~held_out].sum() == 21


def test_a_class_that_is_held_out_altogether_takes_no_part() -> None:
    copies = _plan(LABELS, LABELS == 50, DatasetSpec())
    assert copies[LABELS == 10].tolist() == [1] * 8
    assert copies[LABELS == 40].sum() == 8
    assert copies[LABELS == 50].tolist() == [1]


def test_nothing_to_train_on_is_an_error() -> None:
    with pytest.raises(SourceError, match="no training rows"):
        _plan(np.array([], dtype=np.int64), np.array([], dtype=bool), DatasetSpec())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"strategy": "smote"}, "Unknown strategy 'smote'"),
        ({"strategy": "ratio_cap"}, "needs ratio"),
        ({"ratio": 0.5}, "ratio does not apply"),
        ({"strategy": "ratio_cap", "ratio": 1.5}, "ratio 1.5 must be above 0"),
        ({"strategy": "target_count", "target": 0}, "target 0 must be at least 1"),
        (
            {"strategy": "max_copies", "max_copies": 0},
            "max_copies 0 must be at least 1",
        ),
        ({"seed": -1}, "seed -1 must be between 0 and"),
        ({"holdout_fold": 10}, "holdout_fold 10 must be between 0 and 9"),
    ],
)
def test_options_out_of_range_are_refused(
    options: dict[str, object], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        DatasetSpec(**options)  # type: ignore[arg-type]


def test_class_weights_are_one_on_average() -> None:
    counts = {10: 8, 40: 3, 50: 1}
    weights = class_weights(counts)
    assert sum(
        weights[code] * count for code, count in counts.items()
    ) == pytest.approx(12)
    assert weights[50] / weights[10] == pytest.approx(8)


ROWS = st.lists(
    st.tuples(
        st.integers(-(2**63), 2**63 - 1),
        st.none() | st.text(st.characters(codec="utf-8"), max_size=5),
    ),
    max_size=8,
)


def test_long_texts_are_written_in_parts_of_the_same_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [("a" * 90, None), ("b", "é" * 40), ("c", "")]
    batch = pa.record_batch(
        {
            "productid": pa.array([1, 2, 3]),
            "designation": pa.array([designation for designation, _ in texts]),
            "description": pa.array([description for _, description in texts]),
            "image_path": pa.array(["", "", ""]),
            "prdtypecode": pa.array([10, 10, 40], pa.int32()),
            "fold": pa.array([1, 1, 1], pa.int32()),
        }
    )
    written = []
    groups = []
    for name in ("whole", "parts"):
        path = tmp_path / name
        with files.SplitWriter(path) as split:
            split.write(batch, np.array([5, 4, 3]))
        written.append((split.hexdigest(), split.rows, pq.read_table(path).to_pylist()))
        groups.append([len(group) for group in files.read_groups(path)])
        # 100 bytes at once, which is one row of 90 bytes or of 81 at a time.
        monkeypatch.setattr(files, "PART_BYTES", 100)
        monkeypatch.setattr(files, "GROUP_BYTES", 400)
    whole, parts = written
    assert whole == parts
    assert [(row["productid"], row["copy"]) for row in parts[2]] == [
        *((1, copy) for copy in range(5)),
        *((2, copy) for copy in range(4)),
        *((3, copy) for copy in range(3)),
    ]
    assert groups[0] == [12]
    assert sum(groups[1]) == 12
    assert len(groups[1]) > 2


def digest(rows: list[tuple[int, str | None]], cut: int) -> str:
    result = ContentDigest(["id", "text"])
    for part in (rows[:cut], rows[cut:]):
        columns = {
            "id": pa.array([row[0] for row in part], pa.int64()),
            "text": pa.array([row[1] for row in part], pa.string()),
        }
        result.update(pa.table(columns))
    return result.hexdigest()


@given(ROWS, ROWS, st.integers(0, 8), st.integers(0, 8))
def test_the_digest_depends_on_the_content_alone(
    first: list[tuple[int, str | None]],
    second: list[tuple[int, str | None]],
    cut: int,
    other_cut: int,
) -> None:
    assert digest(first, cut) == digest(first, other_cut)
    assert (digest(first, cut) == digest(second, cut)) == (first == second)


def test_null_is_not_the_empty_text() -> None:
    assert digest([(1, None)], 0) != digest([(1, "")], 0)


@pytest.mark.parametrize("target", [10**9, 10**15])
def test_a_set_that_could_not_be_held_is_refused(target: int) -> None:
    spec = DatasetSpec(strategy="target_count", target=target)
    with pytest.raises(ConfigurationError, match="choose a smaller --target"):
        copies_per_row(LABELS, spec)
