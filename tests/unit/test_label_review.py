import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix

from reporting.label_review import _sheet
from training.cross_fit import cross_fit
from training.explain import add_up_words, name_features
from training.label_issues import estimate_joint, find_label_issues
from training.model import ModelParams, features, pack_features
from training.near_duplicates import find_near_duplicates

SMALL = ModelParams(title_bits=10, text_bits=10, alpha=1e-3)

GIVEN = np.array([0, 0, 0, 1, 1])
CHANCES = np.array([[0.9, 0.1], [0.8, 0.2], [0.1, 0.9], [0.2, 0.8], [0.4, 0.6]])


def test_the_joint_counts_confident_rows_and_keeps_the_size_of_each_class():
    # Thresholds 0.6 and 0.7: the last row is confident of nothing.
    assert estimate_joint(GIVEN, CHANCES).tolist() == [
        [pytest.approx(0.4), pytest.approx(0.2)],
        [0, pytest.approx(0.4)],
    ]


def test_a_label_the_model_doubts_is_an_issue_with_the_other_class():
    found = find_label_issues(GIVEN, CHANCES)
    assert found.rows.tolist() == [2]
    assert found.suggested.tolist() == [1]
    assert found.margins.tolist() == [pytest.approx(-0.8)]


def test_issues_come_with_the_most_doubtful_first():
    given = np.array([0] * 6 + [1] * 6)
    probabilities = np.tile([[0.9, 0.1]], (12, 1))
    probabilities[6:] = [0.1, 0.9]
    probabilities[1], probabilities[4], probabilities[8] = (
        [0.3, 0.7],
        [0.1, 0.9],
        [0.8, 0.2],
    )
    found = find_label_issues(given, probabilities)
    assert found.rows.tolist() == [4, 8]  # 0.7 does not reach the threshold of class 1
    assert found.margins.tolist() == [pytest.approx(-0.8), pytest.approx(-0.6)]


def test_a_class_without_confident_rows_has_no_issues():
    given = np.array([0, 0, 1])
    probabilities = np.array([[0.9, 0.1], [0.9, 0.1], [0.5, 0.5]])
    joint = estimate_joint(given, probabilities)
    assert joint.sum() == pytest.approx(1)
    assert find_label_issues(given, probabilities).rows.tolist() == []


def _catalogue(rows: int) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Return texts of two classes that share no word, their labels and folds."""
    random = np.random.default_rng(0)
    labels = random.integers(0, 2, rows)
    words = [[f"livre{i}" for i in range(30)], [f"jeu{i}" for i in range(30)]]
    texts = [" ".join(random.choice(words[label], 8)) for label in labels]
    frame = pd.DataFrame({"designation": texts, "description": None})
    return frame, labels, np.arange(rows) % 10


def test_flipped_labels_are_found_and_explained_by_words_of_the_true_class():
    frame, labels, folds = _catalogue(400)
    flips = list(range(7, 400, 21))
    flipped = labels.copy()
    flipped[flips] = 1 - labels[flips]
    steps = features(SMALL)
    matrix = steps.fit_transform(frame)
    crossed = cross_fit(
        SMALL, pack_features(matrix), flipped, folds, np.array([10, 40])
    )
    assert crossed.probabilities.sum(axis=1) == pytest.approx(np.ones(400), abs=1e-5)
    found = find_label_issues(flipped, crossed.probabilities)
    assert set(found.rows.tolist()) <= set(flips)
    assert found.rows.size >= len(flips) - 1
    contributions = crossed.contributions[7]
    named = name_features(steps, frame.iloc[[7]])
    words = add_up_words(named, contributions.features, contributions.shares)
    kind = "jeu" if labels[7] else "livre"
    assert words
    assert all(kind in word for word, _ in words)


def test_no_model_is_asked_about_a_product_it_was_trained_on():
    """A label that only memory could know does not change what is said of its row."""
    frame, labels, folds = _catalogue(100)
    matrix = features(SMALL).fit_transform(frame)
    codes = np.array([10, 40])
    before = cross_fit(SMALL, pack_features(matrix), labels, folds, codes).probabilities
    changed = labels.copy()
    group = np.flatnonzero(np.isin(folds, [2, 5, 8]))
    changed[group[0]] = 1 - changed[group[0]]
    after = cross_fit(SMALL, pack_features(matrix), changed, folds, codes).probabilities
    others = [row for row in range(100) if folds[row] not in {2, 5, 8}]
    # Its own group's model is the same one; only the factor is fitted on the group.
    assert (before[group].argmax(axis=1) == after[group].argmax(axis=1)).all()
    assert np.abs(before[others] - after[others]).max() > 0


def _words(*texts: str) -> csr_matrix:
    vocabulary = sorted({word for text in texts for word in text.split()})
    rows = [[word in text.split() for word in vocabulary] for text in texts]
    return csr_matrix(np.array(rows, dtype=np.float32))


def test_near_duplicates_are_pairs_of_other_classes_with_their_similarity():
    base = "bache piscine ronde bleue tubulaire quatre metres hiver pas chere"
    words = _words(
        base,
        base + " neuve",
        base.replace("bleue", "verte").replace("hiver", "ete"),  # 8 of 12 words
        "roman policier",
        "roman policier",
        base,
    )
    labels = np.array([10, 40, 40, 10, 40, 10])
    found = find_near_duplicates(words, labels, seed=1)
    assert found.rows.tolist() == [0, 1, 5]
    assert found.others.tolist() == [1, 0, 1]
    assert found.similarities.tolist() == [pytest.approx(10 / 11)] * 3


def test_a_repeated_text_meets_its_one_copy_in_another_class():
    words = _words(*["un texte de six mots exactement"] * 500)
    labels = np.full(500, 10)
    labels[250] = 40
    found = find_near_duplicates(words, labels, seed=3)
    assert 250 in found.rows
    assert set(labels[found.others[found.rows != 250]]) == {40}
    assert (found.similarities == 1).all()


def test_of_texts_that_share_four_words_of_five_hardly_one_is_missed():
    random = np.random.default_rng(7)
    ones = [random.choice(2**18, 22, replace=False) for _ in range(1_000)]
    # 18 of 22 words of both
    pairs = [(np.sort(words[:20]), np.sort(words[2:])) for words in ones]
    indices = np.concatenate([row for pair in pairs for row in pair])
    words = csr_matrix(
        (np.ones(indices.size, dtype=np.int8), indices, np.arange(0, 40_001, 20)),
        shape=(2_000, 2**18),
    )
    found = find_near_duplicates(words, np.arange(2_000) % 2, seed=42)
    assert (found.others == found.rows ^ 1).all()
    # One of eight bands of four is equal with a chance of 0.991.
    assert 1_960 < found.rows.size < 2_000


@pytest.mark.parametrize("rows", [0, 1])
def test_near_duplicates_of_next_to_nothing(rows):
    words = csr_matrix((rows, 8), dtype=np.float32)
    assert find_near_duplicates(words, np.zeros(rows, dtype=int), 0).rows.size == 0


def test_a_title_is_no_formula_in_a_spreadsheet():
    issue = {
        "productid": 1,
        "given": 10,
        "given_category": "Books",
        "suggested": 40,
        "suggested_category": "Games",
        "designation": "=1+1",
    }
    sheet = _sheet([issue, issue | {"designation": "Lot de 2 = 1"}])
    rows = [row.split(",")[-1] for row in sheet.splitlines()]
    assert rows == ["_designation", "'=1+1", "Lot de 2 = 1"]
