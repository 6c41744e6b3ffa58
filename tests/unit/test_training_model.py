from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import skops.io
from hypothesis import given
from hypothesis import strategies as st

from core.errors import SourceError
from rakuten_text import clean, clean_fields
from training.champion import Champion, decide
from training.compare import Difference, compare
from training.evaluate import confusion_figure, evaluate, most_confused
from training.explain import explain
from training.model import (
    TRUSTED_TYPES,
    ModelParams,
    assemble,
    features,
    fit_classifier,
)
from training.rows import read_training_rows, read_validation_rows

SMALL = ModelParams(designation_bits=10, description_bits=10)


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("Bâche <br /> Piscine", "bâche   piscine"),
        ("l&#39;&eacute;t&eacute;", "l'été"),
        ("&amp;eacute;t&eacute;", "été"),
        ("a &lt;br&gt; b", "a   b"),
        ("3 < 4 and 5 > 2", "3 < 4 and 5 > 2"),
        ("E\N{COMBINING ACUTE ACCENT}tui", "étui"),
        (None, ""),
        (float("nan"), ""),
        ("", ""),
    ],
)
def test_html_goes_and_accents_stay(raw, cleaned):
    assert clean(raw) == cleaned


@given(st.text())
def test_cleaning_takes_any_text_and_leaves_no_complete_tag(text):
    assert "<br>" not in clean(text + "<br>" + text)


def test_clean_fields_fills_an_absent_description():
    cleaned = clean_fields(pd.DataFrame({"designation": ["A"]}, index=[7]))
    assert cleaned.to_dict("index") == {7: {"designation": "a", "description": ""}}


def test_evaluation_agrees_with_a_count_by_hand():
    truth = np.array([10, 10, 10, 20])
    evaluation = evaluate(truth, np.array([10, 10, 20, 20]))
    # class 10: precision 1, recall 2/3, F1 0.8; class 20: precision 1/2, recall 1
    assert evaluation.classes[0].f1 == pytest.approx(0.8)
    assert evaluation.classes[1].f1 == pytest.approx(2 / 3)
    assert evaluation.weighted_f1 == pytest.approx((3 * 0.8 + 2 / 3) / 4)
    assert evaluation.macro_f1 == pytest.approx((0.8 + 2 / 3) / 2)
    assert evaluation.confusion.tolist() == [[2, 1], [0, 1]]
    assert most_confused(evaluation) == [(10, 20, 1)]
    axes = confusion_figure(evaluation, {10: "Livres"}).axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["Livres 10", "20"]


def test_a_model_of_real_words_finds_and_explains_its_class(tmp_path):
    model = _books_or_pools()
    stored = tmp_path / "model.skops"
    skops.io.dump(model, stored)
    loaded = skops.io.load(stored, trusted=TRUSTED_TYPES)
    found = explain(loaded, "Grande bâche", "pour la <b>piscine</b>", classes=2)
    assert [e.prdtypecode for e in found] == [2583, 10]
    assert found[0].probability + found[1].probability == pytest.approx(1)
    words = [word for word, _ in found[0].words]
    assert "bâche" in words
    assert "piscine" in words
    assert all(share > 0 for _, share in found[0].words)


def test_the_stored_model_is_one_third_without_the_averaging_leftovers():
    classifier = _books_or_pools()[-1]
    assert not {"_standard_coef", "_average_coef"} & set(vars(classifier))


def test_training_on_positions_is_training_on_the_file(tmp_path):
    """Row for row the same matrix as if every copy had been transformed."""
    path = _write(tmp_path / "train.parquet", copies=[0, 1, 2, 0, 0, 1])
    rows = read_training_rows(path)
    whole = pq.read_table(path).to_pandas()
    assert rows.texts.iloc[rows.copies].designation.tolist() == list(whole.designation)
    assert rows.labels[rows.copies].tolist() == list(whole.prdtypecode)
    steps = features(SMALL)
    unique = steps.fit_transform(rows.texts)
    assert (unique[rows.copies] != steps.transform(whole)).nnz == 0


def test_a_copy_without_its_original_is_an_error(tmp_path):
    path = _write(tmp_path / "train.parquet", copies=[0, 1, 2, 1, 0, 1])
    with pytest.raises(SourceError, match="copies of rows that are not in it"):
        read_training_rows(path)


def test_a_dataset_without_held_out_rows_is_an_error(tmp_path):
    path = _write(tmp_path / "validation.parquet", copies=[0] * 6, rows=0)
    with pytest.raises(SourceError, match="build the dataset with a holdout"):
        read_validation_rows(path)


@pytest.mark.parametrize(
    ("difference", "promote", "word"),
    [
        (Difference(0.1, 0.05, 0.15), True, "Better weighted F1"),
        (Difference(0.1, -0.01, 0.21), False, "No difference beyond chance"),
        (Difference(0.0, 0.0, 0.0), False, "not better"),
        (Difference(-0.1, -0.2, -0.05), False, "not better"),
    ],
)
def test_only_a_model_better_beyond_chance_becomes_champion(difference, promote, word):
    decision = decide(
        0.8, Champion(4, "run", _books_or_pools()), 0.8 - difference.value, difference
    )
    assert decision.promote is promote
    assert word in decision.reason
    assert "of version 4" in decision.reason


def test_the_interval_of_a_difference_narrows_with_the_rows():
    truth = np.array([10, 20] * 50)
    old = np.where(np.arange(100) % 5 == 0, 30 - truth, truth)  # 80 % right
    new = np.where(np.arange(100) % 10 == 0, 30 - truth, truth)  # 90 % right
    few = compare(truth[:20], new[:20], old[:20])
    many = compare(np.tile(truth, 20), np.tile(new, 20), np.tile(old, 20))
    exact = evaluate(truth, new).weighted_f1 - evaluate(truth, old).weighted_f1
    assert many.value == pytest.approx(exact)
    assert few.low <= 0 < few.high
    assert 0 < many.low < exact < many.high < few.high
    same = compare(truth, new, new)
    assert (same.value, same.low, same.high) == (0, 0, 0)


def _books_or_pools():
    texts = pd.DataFrame(
        {
            "designation": ["Bâche ronde", "Roman policier"] * 10,
            "description": ["pour piscine", None] * 10,
        }
    )
    labels = np.array([2583, 10] * 10)
    steps = features(SMALL)
    matrix = steps.fit_transform(texts)
    return assemble(steps, fit_classifier(SMALL, matrix, labels, class_weights=True))


def _write(path: Path, copies: list[int], rows: int = 6) -> Path:
    table = pa.table(
        {
            "productid": pa.array([9, 9, 9, 12, 5, 5], pa.int64()),
            "designation": ["neuf", "neuf", "neuf", "douze", "cinq", "cinq"],
            "description": ["un deux", "un deux", "un deux", None, "", ""],
            "image_path": ["x"] * 6,
            "prdtypecode": pa.array([10, 10, 10, 20, 30, 30], pa.int32()),
            "fold": pa.array([1] * 6, pa.int32()),
            "copy": pa.array(copies, pa.int32()),
        }
    )
    pq.write_table(table.slice(0, rows), path)
    return path
