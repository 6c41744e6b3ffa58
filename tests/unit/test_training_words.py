"""Word counts are looked up where they are known, and are always those of the text."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import StorageError
from training import words
from training.model import ModelParams, _hashing, _text_steps
from training.rows import TEXTS
from training.words import count_words

HASHING = _text_steps(ModelParams(title_bits=8, text_bits=8), _hashing)
FIELDS = st.one_of(st.none(), st.just("nan"), st.text(max_size=12))
FRAMES = st.lists(
    st.lists(st.tuples(FIELDS, FIELDS), min_size=1, max_size=5), min_size=1, max_size=3
)


class Recorder:
    """The hashing steps, and the designations that they were asked for."""

    def __init__(self):
        self.asked = []

    def fit_transform(self, frame):
        self.asked += frame["designation"].tolist()
        return HASHING.fit_transform(frame)


def frame_of(rows):
    return pd.DataFrame(rows, columns=["designation", "description"], dtype="str")


def batch_of(rows):
    return pa.RecordBatch.from_pandas(frame_of(rows), TEXTS)


def count(path, rows, key="1", per_batch=2):
    """Return the counts as a dense array, and the designations that were hashed."""
    recorder = Recorder()
    starts = range(0, len(rows), per_batch)
    batches = [batch_of(rows[start : start + per_batch]) for start in starts]
    parts = [part.toarray() for part in count_words(recorder, batches, path, key)]
    return np.vstack(parts), recorder.asked


BOOKS = [["Le Horla", "nouvelle"], ["Bel-Ami", None], ["Une vie", ""]]


@pytest.mark.parametrize(
    ("then", "hashed"),
    [
        (BOOKS, []),
        ([["Pierre et Jean", None], *BOOKS[::-1]], ["Pierre et Jean"]),
        ([["Le Horla", "conte"], *BOOKS[1:]], ["Le Horla"]),
        ([["Bel-Ami", ""], ["Le Horlanouvelle", ""]], ["Le Horlanouvelle"]),
    ],
    ids=["the same", "a new one", "a corrected one", "NULL is empty, fields are apart"],
)
def test_only_texts_that_were_not_there_last_time_are_counted(tmp_path, then, hashed):
    path = tmp_path / "word_counts.npz"
    assert count(path, BOOKS)[1] == ["Le Horla", "Bel-Ami", "Une vie"]
    counts, asked = count(path, then)
    assert asked == hashed
    assert np.array_equal(counts, HASHING.fit_transform(frame_of(then)).toarray())


def test_texts_that_are_gone_are_not_kept(tmp_path):
    path = tmp_path / "word_counts.npz"
    count(path, BOOKS)
    count(path, [["Pierre et Jean", None]])
    assert count(path, BOOKS)[1] == ["Le Horla", "Bel-Ami", "Une vie"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(first=FRAMES, second=FRAMES)
def test_counts_looked_up_are_those_counted(tmp_path, first, second):
    path = tmp_path / "word_counts.npz"
    path.unlink(missing_ok=True)
    list(count_words(HASHING, map(batch_of, first), path, "1"))
    found = count_words(HASHING, map(batch_of, second), path, "1")
    for rows, counts in zip(second, found, strict=True):
        expected = HASHING.fit_transform(frame_of(rows)).toarray()
        assert np.array_equal(counts.toarray(), expected)


def test_counts_of_other_parameters_are_not_used(tmp_path):
    path = tmp_path / "word_counts.npz"
    count(path, BOOKS, key="18 bits")
    assert count(path, BOOKS, key="17 bits")[1] == ["Le Horla", "Bel-Ami", "Une vie"]


@pytest.mark.parametrize("place", [0.0, 0.3, 0.6, 0.9])
@pytest.mark.parametrize("damage", ["cut", "flip"])
def test_a_damaged_file_is_made_again(tmp_path, place, damage):
    path = tmp_path / "word_counts.npz"
    expected, _ = count(path, BOOKS)
    content = bytearray(path.read_bytes())
    position = int(len(content) * place)
    content[position] ^= 0xFF
    path.write_bytes(content[:position] if damage == "cut" else content)
    assert np.array_equal(count(path, BOOKS)[0], expected)
    assert np.array_equal(count(path, BOOKS)[0], expected)


def test_a_file_of_an_earlier_version_is_replaced(tmp_path):
    path = tmp_path / "word_counts.npz"
    counts = HASHING.fit_transform(frame_of(BOOKS))
    np.savez(
        path,
        key=np.array("1"),
        fingerprints=words.fingerprint(batch_of(BOOKS)),
        data=counts.data,
        indices=counts.indices,
        starts=counts.indptr,
        shape=counts.shape,
    )
    assert len(count(path, BOOKS)[1]) == 3
    assert count(path, BOOKS)[1] == []


def test_counts_of_a_large_catalogue_are_not_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(words, "_MOST_TEXTS", 2)
    path = tmp_path / "word_counts.npz"
    assert count(path, BOOKS)[0].shape[0] == 3
    assert not path.exists()


def test_a_full_disk_is_one_sentence_and_leaves_no_file(tmp_path, monkeypatch):
    def write(file, values):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(words.np.lib.format, "write_array", write)
    with pytest.raises(StorageError, match="No space left on device"):
        count(tmp_path / "word_counts.npz", BOOKS)
    assert not list(tmp_path.iterdir())


def test_a_reader_that_stops_early_leaves_the_last_file(tmp_path):
    path = tmp_path / "word_counts.npz"
    count(path, BOOKS)
    batches = [batch_of([["Pierre et Jean", None]]), batch_of([["Notre coeur", None]])]
    next(count_words(HASHING, batches, path, "1"))
    assert list(tmp_path.iterdir()) == [path]
    assert count(path, BOOKS)[1] == []
