import resource
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import skops.io
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix, hstack, vstack
from scipy.sparse import random as sparse_random
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import Pipeline

from core.errors import PipelineError, SourceError
from rakuten_text import clean, clean_fields, title_and_text
from training.blocks import ShuffledRows
from training.calibrate import calibrate, calibration_error, to_probabilities
from training.champion import Champion, decide
from training.compare import Difference, compare
from training.evaluate import confusion_figure, evaluate, most_confused
from training.explain import explain
from training.model import (
    TRUSTED_TYPES,
    ModelParams,
    assemble,
    epochs_for,
    features,
    fit_blocks,
    fit_features,
    pack_features,
    predict_texts,
    shuffle,
    transform_texts,
)
from training.rows import (
    TEXTS,
    read_texts,
    read_training_rows,
    read_validation_labels,
)

SMALL = ModelParams(title_bits=10, text_bits=10)


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


def test_the_model_reads_the_title_and_all_words_together():
    frame = pd.DataFrame(
        {
            "designation": ["B&acirc;che 8 x 4", None],
            "description": [float("nan"), "<b>Roman</b>"],
        },
        index=[3, 1],
    )
    assert title_and_text(frame).to_dict("index") == {
        3: {"title": "bâche 8 x 4", "text": "bâche 8 x 4 "},
        1: {"title": "", "text": "  roman "},
    }
    with pytest.raises(ValueError, match="no row to classify"):
        title_and_text(frame.iloc[:0])
    with pytest.raises(ValueError, match="neither a column"):
        title_and_text(frame.rename(columns=str.upper))
    words = features(SMALL).named_steps["tfidf"].transformers[0][1].named_steps["hash"]
    assert words.build_analyzer()("8 x 4") == ["8", "x", "4", "8 x", "x 4"]


def test_calibration_finds_the_factor_and_keeps_the_classes():
    """Scores that are a third of what generated the classes are multiplied by three."""
    random = np.random.default_rng(0)
    right = random.normal(scale=4, size=(20_000, 3))
    probabilities = to_probabilities(right)
    drawn = (probabilities.cumsum(axis=1) < random.random((20_000, 1))).sum(axis=1)
    classifier = SGDClassifier()
    classifier.classes_ = np.array([10, 20, 30])
    classifier.coef_, classifier.intercept_ = np.ones((3, 2)), np.ones(3)
    found = calibrate(classifier, right / 3, classifier.classes_[drawn])
    assert found.factor == pytest.approx(3, rel=0.05)
    assert classifier.coef_ == pytest.approx(np.full((3, 2), found.factor))
    assert classifier.intercept_ == pytest.approx(np.full(3, found.factor))
    assert found.error < 0.01 < calibration_error(to_probabilities(right / 3), drawn)
    exact = -np.log(probabilities[np.arange(drawn.size), drawn]).mean()
    assert found.log_loss == pytest.approx(exact, abs=0.001)


def test_calibration_error_agrees_with_a_count_by_hand():
    # Four predictions of 0.75, two of them right: the gap is a quarter.
    probabilities = np.array([[0.75, 0.25]] * 4)
    assert calibration_error(probabilities, np.array([0, 0, 1, 1])) == pytest.approx(
        0.25
    )


def test_calibrated_scores_are_the_stored_model_s_probabilities():
    for labels in ([10, 20] * 15, [10, 20, 30] * 10):
        matrix = csr_matrix(np.random.default_rng(1).random((30, 4), dtype=np.float32))
        classifier = SGDClassifier(loss="log_loss", average=True, random_state=1)
        classifier.fit(matrix, labels)
        found = calibrate(
            classifier, classifier.decision_function(matrix), np.array(labels)
        )
        assert 0.2 <= found.factor <= 5
        scores = classifier.decision_function(matrix)
        if scores.ndim == 1:
            scores = np.column_stack([-scores, scores])
        assert classifier.predict_proba(matrix) == pytest.approx(
            to_probabilities(scores)
        )


def test_features_of_looked_up_words_are_those_of_the_steps(tmp_path):
    steps = features(SMALL)
    texts = pd.DataFrame(
        {
            "designation": ["Roman neuf", "8 x 4", None],
            "description": ["<br>été", "", "b"],
        }
    )
    codes = [10, 20, 30]
    model = Pipeline([*steps.steps, ("classify", SGDClassifier(random_state=1))])
    model.fit(texts, codes)
    batch = pa.RecordBatch.from_pandas(texts, TEXTS)
    batches = [batch[:2], batch[2:]]
    for _ in ("counted", "looked up"):
        parts = transform_texts(model, batches, tmp_path / "words.npz")
        found = vstack(list(parts)).toarray()
        assert np.array_equal(found, model[:-1].transform(texts).toarray())
        predicted = predict_texts(model, batches, tmp_path / "words.npz")
        assert predicted.tolist() == model.predict(texts).tolist() == codes
    assert predict_texts(model, [], tmp_path / "words.npz").tolist() == []


def test_rows_of_unknown_classes_are_left_out_of_the_calibration():
    classifier = SGDClassifier()
    classifier.classes_, classifier.coef_ = np.array([10, 20]), np.ones((1, 2))
    classifier.intercept_ = np.ones(1)
    found = calibrate(classifier, np.array([1.0, 2.0]), np.array([30, 30]))
    assert found.factor == 1
    assert np.isnan(found.log_loss)


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
    axes = confusion_figure(evaluation).axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["10", "20"]


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
    # "bâche" is a feature of the title and of the text, and listed once.
    assert len(words) == len(set(words))


def test_the_stored_model_is_one_third_without_the_averaging_leftovers():
    classifier = _books_or_pools()[-1]
    assert not {"_standard_coef", "_average_coef"} & set(vars(classifier))


def test_copies_are_counted_and_products_read_once(tmp_path):
    path = _write(tmp_path / "train.parquet", copies=[0, 1, 2, 0, 0, 1])
    rows = read_training_rows(path)
    (texts,) = read_texts(path)
    assert texts["designation"].to_pylist() == ["neuf", "douze", "cinq"]
    assert rows.labels.tolist() == [10, 20, 30]
    assert rows.copies.tolist() == [3, 1, 2]


@pytest.mark.parametrize("classes", [2, 3])
def test_the_classifier_is_scikit_learn_s_on_shuffled_rows(classes):
    """Packing the features and passing over the rows by partial_fit change nothing."""
    random = np.random.default_rng(3)
    matrix = sparse_random(60, 50, 0.1, "csr", np.float32, random)
    labels = random.integers(classes, size=60)
    copies = random.integers(1, 4, size=60)
    order = shuffle(SMALL, 60)
    assert sorted(order) == list(range(60))
    with_bias = hstack([matrix, np.full((60, 1), 0.3, np.float32)], format="csr")
    for number, class_weight in ((None, "balanced"), (copies, None)):
        plain = SGDClassifier(
            loss="log_loss",
            alpha=SMALL.alpha,
            max_iter=SMALL.epochs,
            tol=None,
            fit_intercept=False,
            shuffle=False,
            average=SMALL.epochs * 60 // 4,
            class_weight=class_weight,
        ).fit(
            with_bias[order],
            labels[order],
            sample_weight=None if number is None else (number / number.mean())[order],
        )
        own = _fit(matrix, labels, number)
        # Column order, or each prediction copies all weights.
        assert own.coef_.T.flags.c_contiguous
        assert own.coef_ == pytest.approx(plain.coef_[:, :-1], rel=1e-4, abs=1e-4)
        assert own.decision_function(matrix) == pytest.approx(
            plain.decision_function(with_bias), rel=1e-3, abs=1e-3
        )


def test_products_of_one_class_are_refused():
    matrix = csr_matrix(np.ones((3, 2), np.float32))
    with pytest.raises(SourceError) as error:
        _fit(matrix, np.array([10, 10, 10]))
    assert str(error.value) == (
        "All 3 training products are of class 10, but a model needs at least two"
        " classes: load more rows and build a dataset again."
    )


@pytest.mark.parametrize(("per_batch", "block_rows"), [(40, 100), (7, 100), (7, 6)])
def test_features_and_model_made_in_parts_are_those_made_at_once(
    tmp_path, monkeypatch, per_batch, block_rows
):
    monkeypatch.setattr("training.blocks.ONE_BLOCK", 39)
    monkeypatch.setattr("training.blocks.BLOCK_ROWS", block_rows)
    random = np.random.default_rng(5)
    words = np.array(["bâche", "roman", "8", "x", "4", "neuf", "Roman", "<br>"])
    texts = pd.DataFrame(
        [[" ".join(random.choice(words, n)) for n in (3, 9)] for _ in range(40)],
        columns=["designation", "description"],
    )
    texts.loc[3] = [None, ""]
    labels = random.integers(3, size=40)
    whole = features(SMALL)
    expected = whole.fit_transform(texts)
    order = shuffle(SMALL, 40)
    batch = pa.RecordBatch.from_pandas(texts, TEXTS)
    parts = (batch[n : n + per_batch] for n in range(0, 40, per_batch))
    steps, blocks = fit_features(SMALL, parts, order, tmp_path / "new")
    read = list(blocks.read())
    model = fit_blocks(SMALL, blocks, labels[order])
    # The features have no name: a process that is killed leaves none behind.
    assert [f.name for f in (tmp_path / "new").iterdir()] == ["word_counts.npz"]
    assert [block.shape[0] for block in read[:-1]] == [block_rows] * (len(read) - 1)
    assert max(block.shape[0] for block in read) <= block_rows
    packed = vstack(read, format="csr")
    assert packed[:, -1].toarray().tolist() == [[np.float32(0.3)]] * 40
    found = vstack(list(blocks.read_features()))
    assert found.toarray().tolist() == expected[order].toarray().tolist()
    occurring = np.diff(expected.tocsc().indptr)[blocks.places]
    assert occurring.tolist() == sorted(occurring[occurring > 0], reverse=True)
    ours = steps.transform(texts)
    assert ours.dtype == np.float32
    assert ours.toarray().tolist() == expected.toarray().tolist()
    at_once = _fit(expected, labels)
    assert model.coef_ == pytest.approx(at_once.coef_, rel=1e-4, abs=1e-4)
    assert model.intercept_ == pytest.approx(at_once.intercept_, rel=1e-4, abs=1e-4)


def test_a_full_disk_is_one_clear_message(tmp_path):
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    matrix = csr_matrix(np.ones((100, 40), dtype=np.float32))
    with ShuffledRows(tmp_path, shuffle(SMALL, 100)) as stored:
        # A file may not grow beyond this: the first write is cut, the next one fails.
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, limits[1]))
        try:
            with pytest.raises(PipelineError) as error:
                stored.append(matrix)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert str(error.value) == (
        f"Cannot write the features to {tmp_path}: File too large. No model was"
        " registered. Free some space, or choose another SNAPSHOTS_PATH, and try again."
    )


def test_a_column_of_nulls_is_read_as_texts(tmp_path):
    path = tmp_path / "train.parquet"
    columns = {"designation": ["neuf"], "description": pa.nulls(1), "copy": [0]}
    pq.write_table(pa.table(columns), path)
    (texts,) = read_texts(path)
    assert texts.schema == TEXTS
    assert texts.to_pylist() == [{"designation": "neuf", "description": None}]


def test_a_large_file_is_read_in_parts(tmp_path):
    path = tmp_path / "train.parquet"
    text = pa.array(["x"] * 100_000)
    copy = pa.array(np.tile([0, 1], 50_000), pa.int32())
    columns = {"designation": text, "description": text, "copy": copy}
    pq.write_table(pa.table(columns), path)
    sizes = [texts.num_rows for texts in read_texts(path)]
    assert sum(sizes) == 50_000
    assert max(sizes) <= 4_096


def test_what_a_file_takes_in_memory_does_not_grow_with_its_row_groups(tmp_path):
    path = tmp_path / "train.parquet"
    texts = pa.array([f"{number:0>400}" for number in range(40_000)])
    columns = {"designation": texts, "description": texts}
    table = pa.table(columns | {"copy": pa.nulls(40_000, pa.int32()).fill_null(0)})
    pq.write_table(table, path, row_group_size=1_000)
    del texts, columns, table
    before = pa.total_allocated_bytes()
    held = [pa.total_allocated_bytes() - before for _ in read_texts(path)]
    # The file holds 32 MB, a row group 0.8.
    assert max(held) < 8 * 800_000


@pytest.mark.parametrize(("products", "epochs"), [(10, 5), (25_000, 2), (10**7, 1)])
def test_a_large_catalogue_gets_fewer_passes(products, epochs):
    assert epochs_for(ModelParams(), products) == epochs


def test_a_copy_without_its_original_is_an_error(tmp_path):
    path = _write(tmp_path / "train.parquet", copies=[0, 1, 2, 1, 0, 1])
    with pytest.raises(SourceError, match="copies of rows that are not in it"):
        read_training_rows(path)


def test_a_dataset_without_held_out_rows_is_an_error(tmp_path):
    path = _write(tmp_path / "validation.parquet", copies=[0] * 6, rows=0)
    with pytest.raises(SourceError, match="build the dataset with a holdout"):
        read_validation_labels(path)


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
    return assemble(steps, _fit(matrix, labels))


def _fit(matrix, labels, copies=None):
    order = shuffle(SMALL, labels.size)
    weights = None if copies is None else copies[order]
    return fit_blocks(SMALL, pack_features(matrix[order]), labels[order], weights)


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
