"""Doubtful labels in the warehouse: found, decided, and not shown again."""

import itertools
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from copies import copy_warehouse
from places import make_settings
from queries import rows_of
from test_loaders_reconcile import put

from balancing.build import build_dataset
from balancing.spec import DatasetSpec
from core.settings import Settings, sqlite_uri
from loaders.correct import correct_products
from loaders.load import load_slice
from loaders.reviews import LabelIssue, NearDuplicate, record_review
from orchestration import backup
from orchestration.dbt import BUILD, run_dbt
from reporting.report import write_report
from training.review import review
from warehouse.database import prepare

_copies = itertools.count()
ROWS = 400
# Products whose label is of the other class.
FLIPPED = list(range(1_007, 1_000 + ROWS, 21))
NOVEL = "un roman policier du meme auteur en format poche"
FAULTY = {
    1_000: ("...", "!"),
    1_001: ("Bâche dâ€™hiver", ""),
    1_002: ("Caract?istique principale", ""),
    1_003: ("Un titre qui s'arrête ...", ""),
    1_004: ("Un titre", "Un texte qui s'arr&ecirc"),
    1_005: ("Lampe", "100% tout neuf et de haute qualité"),
    1_006: ("Lampe", "Une phrase assez longue, deux fois. " * 2),
    1_008: ("Lampe", "prdtypecode: 10"),
    1_009: (NOVEL, ""),
    1_010: (NOVEL.upper(), ""),
    1_011: (NOVEL + " neuf", ""),
    # Nothing of the above: an address, a resolution, a question.
    1_012: ("Voir page.php?article ou 1280x720", "Quoi ? Neuf !"),
}


def _catalogue() -> list[tuple[int, str, str, int, int, int]]:
    random = np.random.default_rng(0)
    words = {10: [f"livre{n}" for n in range(30)], 40: [f"jeu{n}" for n in range(30)]}
    products = []
    for row in range(ROWS):
        true, other = (10, 40) if row % 2 else (40, 10)
        title = " ".join(random.choice(words[true], 8))
        text = ""
        productid = 1_000 + row
        if productid in FAULTY:
            title, text = FAULTY[productid]
            true = 40 if productid == 1_010 else 10
        label = other if productid in FLIPPED else true
        products.append((row, title, text, productid, 5_000 + row, label))
    return products


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("review")


@pytest.fixture(scope="module")
def warehouse(cluster: Path, home: Path) -> Settings:
    """A published catalogue with wrong labels, and its dataset version."""
    settings = make_settings(
        home, postgres_data_dir=cluster, postgres_db="label_review"
    )
    prepare(settings)
    put(settings, _catalogue())
    load_slice(settings, percentage=Decimal(100))
    _publish(settings, home)
    return settings


def _publish(settings: Settings, home: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DBT_TARGET_PATH", str(home / "target"))
        run_dbt(settings, BUILD)
    build_dataset(settings, DatasetSpec())


@pytest.fixture(scope="module")
def first(warehouse: Settings) -> list[tuple[int, str, int, int, int]]:
    """The first review: productid, status, rank, given and suggested class."""
    assert not review(warehouse).reused
    return _issues(warehouse)


def _issues(settings: Settings) -> list[tuple[int, str, int, int, int]]:
    return rows_of(
        settings,
        "select productid, status, rank, given_prdtypecode, suggested_prdtypecode"
        " from marts.label_issues order by rank, productid",
    )


def test_the_wrong_labels_are_the_most_doubtful_ones(first) -> None:
    found = [row[0] for row in first]
    assert len(set(found) & set(FLIPPED)) >= len(FLIPPED) - 4
    # The novels with nearly one text, and what else eight words of chance say.
    assert len(set(found) - set(FLIPPED)) <= 4
    assert [row[2] for row in first] == list(range(1, len(first) + 1))
    assert {(row[1], row[3], row[4]) for row in first} == {
        ("open", 10, 40),
        ("open", 40, 10),
    }


def test_each_issue_has_words_probabilities_and_the_batch(
    warehouse: Settings, first
) -> None:
    for words, given, suggested, seen, now, category in rows_of(
        warehouse,
        "select words, given_probability, suggested_probability, first_seen_in,"
        " prdtypecode, suggested_category from marts.label_issues"
        f" where productid in ({', '.join(map(str, FLIPPED))})",
    ):
        wrong = "jeu" if now == 10 else "livre"
        assert words
        assert all(wrong in word for word in words)
        assert given < 0.5 < suggested
        assert seen == "week_1"
        assert (
            category
            == ("Imported video games and accessories", "Used books")[now == 40]
        )


def test_faulty_and_ambiguous_texts_are_listed_by_kind(
    warehouse: Settings, first
) -> None:
    found = rows_of(
        warehouse,
        "select productid, kind, detail, other_productid from marts.data_issues"
        f" where productid < {min(FLIPPED)} or productid between 1008 and 1012"
        " order by 1, 2",
    )
    near = "shares {} % of the words with a product of class {}"
    twice = "Une phrase assez longue, deux fois. Une phrase assez longue,"
    same = "the text has products in the classes 10, 40"
    assert found == [
        (1_000, "cut_text", "...", None),
        (1_000, "empty_text", "... !", None),
        (1_001, "mojibake", "Bâche dâ€™hiver", None),
        (1_002, "mojibake", "Caract?istique principale", None),
        (1_003, "cut_text", "Un titre qui s'arrête ...", None),
        (1_004, "cut_text", "Un texte qui s'arr&ecirc", None),
        (1_005, "machine_translated", "100% tout neuf et", None),
        (1_006, "repeated_text", twice, None),
        (1_008, "class_code", "prdtypecode: 10", None),
        (1_009, "near_text_other_class", near.format(100, 40), 1_010),
        (1_009, "same_text_other_class", same, None),
        (1_010, "near_text_other_class", near.format(100, 10), 1_009),
        (1_010, "same_text_other_class", same, None),
        (1_011, "near_text_other_class", near.format(90, 40), 1_010),
    ]  # fmt: skip


def test_the_same_review_is_not_made_twice(warehouse: Settings, first) -> None:
    count = "select count(*) from raw.reviews"
    before = rows_of(warehouse, count)
    again = review(warehouse)
    assert again.reused
    assert again.review.products == ROWS
    assert rows_of(warehouse, count) == before


def test_a_review_of_a_batch_that_is_not_published_is_not_shown(
    warehouse: Settings, first
) -> None:
    before = _issues(warehouse)
    issue = LabelIssue(1_000, 1, 10, 0.1, 40, 0.9, ['a "quoted" word', "back\\slash"])
    pair = NearDuplicate(1_000, 1_001, 0.9)
    written = record_review(warehouse, "x", 999, 1, [issue], [pair], None)
    assert (written.label_issues, written.near_duplicates) == (1, 1)
    assert rows_of(
        warehouse,
        f"select words from raw.label_issues where review_id = {written.id}",
    ) == [(issue.words,)]
    assert _issues(warehouse) == before


def test_a_review_that_fails_leaves_nothing(warehouse: Settings, first) -> None:
    def broken():
        yield NearDuplicate(1, 2, 0.9)
        raise OSError("lost")

    with pytest.raises(OSError, match="lost"):
        record_review(warehouse, "y", 1, 1, [], broken(), None)
    assert rows_of(warehouse, "select count(*) from raw.reviews where key = 'y'") == [
        (0,)
    ]


@pytest.fixture
def copy(warehouse: Settings, home: Path, first) -> Settings:
    """The warehouse and what MLflow knows of it, with the first review."""
    name = f"label_review_{next(_copies)}"
    backup._copy_database(home / "mlflow.db", home / f"{name}.db")
    return replace(
        copy_warehouse(warehouse, name),
        mlflow_tracking_uri=sqlite_uri(home / f"{name}.db"),
    )


def test_fixed_and_kept_labels_are_not_asked_about_again(
    copy: Settings, home: Path, first
) -> None:
    doubtful = {row[0]: row[4] for row in first if row[0] in FLIPPED}
    *fixed, kept = list(doubtful)[:7]
    file = home / "decisions.csv"
    file.write_text(
        "productid,prdtypecode,decision\n"
        + "".join(f"{product},{doubtful[product]},fix\n" for product in fixed)
        + f"{kept},{doubtful[kept]},keep\n"
    )
    assert correct_products(copy, file).changed == 6
    # The next build publishes the decisions; until then nothing changes.
    assert _issues(copy) == first
    _publish(copy, home)
    after = {row[0]: row[1] for row in _issues(copy)}
    assert {after[product] for product in fixed} == {"fixed"}
    assert after[kept] == "kept"

    second = review(copy)

    assert not second.reused
    status = {row[0]: row[1] for row in _issues(copy)}
    assert {p for p in status if status[p] == "fixed"} == set(fixed)
    assert {p for p in status if status[p] == "kept"} == {kept}
    still_open = {p for p in status if status[p] == "open"}
    assert still_open & set(fixed) == set()
    assert len(still_open & set(doubtful)) >= len(doubtful) - 12
    gain = second.review.gain
    assert gain is not None
    held_out = rows_of(
        copy,
        "select count(*) filter (where fold = 0), count(*) filter (where fold > 0 and"
        f" productid in ({', '.join(map(str, fixed))})) from marts.product_folds",
    )
    assert (gain["held_out_rows"], gain["fixed"]) == held_out[0]
    assert gain["weighted_f1"] - gain["weighted_f1_before"] == pytest.approx(
        gain["value"]
    )
    assert gain["low"] <= gain["value"] <= gain["high"]
    [(words,)] = rows_of(
        copy,
        f"select words from marts.label_issues where productid = {kept}",
    )
    assert words is None
    assert rows_of(
        copy,
        "select distinct first_seen_in, last_seen_in from marts.label_issues"
        " where status = 'open' and productid in"
        f" ({', '.join(map(str, doubtful))})",
    ) == [("week_1", "correction_1")]

    # The report of the reviewed batch, now a past one, shows only its own review.
    reports = replace(copy, reports_path=home / "reports")
    past, newest = (
        json.loads(write_report(reports, batch).json.read_text())["labels"]
        for batch in ("week_1", None)
    )
    assert past["doubtful"] == len(first)
    assert newest["fixed"] == len(fixed)
    assert newest["kinds"]["mojibake"] == 2
    assert past.keys() & {"open", "fixed", "kept", "kinds"} == set()


def test_a_fixed_label_stays_fixed_if_a_later_review_doubts_the_new_class(
    copy: Settings, home: Path, first
) -> None:
    trained = {
        row[0]
        for row in rows_of(
            copy, "select productid from marts.product_folds where fold > 0"
        )
    }
    issue = next(row for row in first if row[0] in trained)
    product, _, rank, before, after = issue
    file = home / "fix.csv"
    file.write_text(f"productid,prdtypecode,decision\n{product},{after},fix\n")
    assert correct_products(copy, file).changed == 1
    _publish(copy, home)
    [(batch,)] = rows_of(copy, "select max(id) from raw.data_loads")
    doubt = LabelIssue(product, 1, after, 0.1, before, 0.9, None)

    record_review(copy, "z", batch, ROWS, [doubt], [], None)

    assert _issues(copy) == [(product, "fixed", rank, before, after)]
    gain = review(copy).review.gain
    assert gain is not None
    assert gain["fixed"] == 1
