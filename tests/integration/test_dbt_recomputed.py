"""Every mart, recomputed in pandas from the raw rows alone."""

import csv
import hashlib
import re
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from places import make_settings
from queries import rows_of, run_as_superuser
from samples import write_sample

from core.settings import Settings
from loaders.correct import correct_products
from loaders.load import load_slice
from loaders.reject import reject_batch
from loaders.schema import initialise
from orchestration.dbt import BUILD, run_dbt

FOREVER = pd.Timestamp("9999-12-31", tz="UTC").as_unit("us")


@pytest.fixture(scope="module")
def warehouse(cluster: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Three weeks, the second attempt of one, corrections and a withdrawal."""
    home = tmp_path_factory.mktemp("recomputed")
    settings = make_settings(home, postgres_data_dir=cluster, postgres_db="recomputed")
    write_sample(settings.data_path, 1_000, 8)
    # No mart depends on the collation: this one knows letters of ASCII only.
    run_as_superuser(
        settings,
        "create database recomputed template template0 encoding 'UTF8'"
        " locale_provider builtin builtin_locale 'C' locale 'C'",
    )
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DBT_TARGET_PATH", str(home / "target"))
        environment.setenv("DBT_LOG_PATH", str(home / "logs"))
        initialise(settings)
        load_slice(settings)
        load_slice(settings)
        reject_batch(settings, "week_2")
        run_dbt(settings, BUILD)
        load_slice(settings)
        run_dbt(settings, BUILD)
        known = rows_of(
            settings,
            "select productid, prdtypecode, designation, description"
            " from marts.labelled_products order by 1",
        )
        changes = home / "changes.csv"
        with changes.open("w", newline="") as file:
            file.write("productid,prdtypecode,designation,description,withdrawn\n")
            csv.writer(file, lineterminator="\n").writerows(
                [
                    [*known[3][:2], "Un autre texte", "<p>Le même", "false"],
                    [known[5][0], known[0][1], "Un autre texte", "<p>Le même", "false"],
                    [*known[7][:2], "Un livre", "", "true"],
                    # The text that the withdrawn product had.
                    [*known[9][:2], *known[7][2:], "false"],
                ]
            )
        correct_products(settings, changes)
        run_dbt(settings, BUILD)
        load_slice(settings, increment=Decimal(10))
        run_dbt(settings, BUILD)
    return settings


@pytest.fixture(scope="module")
def versions(warehouse: Settings) -> pd.DataFrame:
    """One row per version of a product of a completed batch, from raw."""
    frame = _frame(
        warehouse,
        "select x.productid, x.row_number, x.designation, x.description, x.imageid,"
        " x.withdrawn, y.prdtypecode, l.id as batch, l.batch_name, l.completed_at"
        " from raw.data_loads as l join raw.x_train as x on x.load_batch_id = l.id"
        " left join raw.y_train as y"
        " on y.load_batch_id = l.id and y.row_number = x.row_number"
        " where l.status = 'completed'",
    )
    frame = frame.sort_values(["productid", "batch"]).reset_index(drop=True)
    by_product = frame.groupby("productid")
    frame["until"] = by_product["completed_at"].shift(-1).fillna(FOREVER)
    frame["operation"] = np.where(
        frame.withdrawn,
        "DELETE",
        np.where(by_product.cumcount() == 0, "INSERT", "UPDATE"),
    )
    frame["digest"] = [
        _digest(d, t) for d, t in zip(frame.designation, frame.description, strict=True)
    ]
    return frame


def _frame(settings: Settings, query: str) -> pd.DataFrame:
    names = rows_of(
        settings,
        f"create temporary view asked as {query};"
        " select attname from pg_attribute where attrelid = 'asked'::regclass"
        " and attnum > 0 order by attnum",
    )
    return pd.DataFrame(rows_of(settings, query), columns=[name for (name,) in names])


def _digest(designation: str, description: object) -> str:
    text = f"{designation} {description if isinstance(description, str) else ''}"
    text = re.sub(r"\s+", " ", text.lower()).strip()
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _current(versions: pd.DataFrame) -> pd.DataFrame:
    newest = versions[versions.until == FOREVER]
    return newest[~newest.withdrawn].sort_values("productid")


def test_histories(warehouse: Settings, versions: pd.DataFrame) -> None:
    for name, column in (("products", "designation"), ("labels", "prdtypecode")):
        found = rows_of(
            warehouse,
            f"select productid, load_batch_id, {column}, operation_type, valid_from,"
            f" valid_to from marts.{name}_history order by 1, 2",
        )
        expected = versions[
            ["productid", "batch", column, "operation", "completed_at", "until"]
        ]
        assert found == [tuple(row) for row in expected.itertuples(index=False)]
    assert set(versions.operation) == {"INSERT", "UPDATE", "DELETE"}


def test_products_labels_and_examples(
    warehouse: Settings, versions: pd.DataFrame
) -> None:
    current = _current(versions)
    assert rows_of(
        warehouse,
        "select productid, designation, description, imageid, load_batch_id"
        " from marts.products order by 1",
    ) == _tuples(current, "productid designation description imageid batch")
    expected = _tuples(current, "productid prdtypecode batch")
    for mart in ("labels", "training_examples"):
        assert expected == rows_of(
            warehouse,
            f"select productid, prdtypecode, load_batch_id from marts.{mart} order by 1",
        )


def _tuples(frame: pd.DataFrame, columns: str) -> list[tuple[object, ...]]:
    rows = frame[columns.split()].astype(object)
    rows = rows.where(rows.notna(), None)
    return [tuple(row) for row in rows.itertuples(index=False)]


def test_folds_follow_from_the_first_text(
    warehouse: Settings, versions: pd.DataFrame
) -> None:
    """Batch by batch: a product keeps its fold, a known text brings its own."""
    folds: dict[int, int] = {}
    texts: dict[str, set[int]] = {}
    for _, batch in versions[~versions.withdrawn].groupby("batch"):
        known = {text: min(held) for text, held in texts.items()}
        for row in batch.itertuples():
            if row.productid not in folds:
                folds[row.productid] = known.get(row.digest, _fold(row.digest))
        current = {}
        live = versions[(versions.batch <= row.batch) & ~versions.withdrawn]
        for held in live.groupby("productid").tail(1).itertuples():
            current.setdefault(held.digest, set()).add(folds[held.productid])
        texts = current
    found = dict(rows_of(warehouse, "select productid, fold from marts.product_folds"))
    assert found == folds


def _fold(digest: str) -> int:
    return int(digest[:8], 16) % 10


def test_class_counts_of_every_batch(
    warehouse: Settings, versions: pd.DataFrame
) -> None:
    expected = []
    before: dict[int, int] = {}
    seen: set[int] = set()
    for batch in sorted(set(versions.batch)):
        then = versions[versions.batch <= batch].groupby("productid").tail(1)
        counts = then[~then.withdrawn].groupby("prdtypecode").size().to_dict()
        arrived = versions[(versions.batch == batch) & ~versions.withdrawn]
        came = arrived.groupby("prdtypecode").size().to_dict()
        total = sum(counts.values())
        seen |= counts.keys()
        for code in sorted(seen):
            count = counts.get(code, 0)
            if count:
                share = round(Decimal(100 * count) / total, 2)
                growth = count - before.get(code, 0)
                expected.append((batch, code, count, came.get(code, 0), share, growth))
        before = counts
    assert expected == rows_of(
        warehouse,
        "select load_batch_id, prdtypecode, count, arrived, percentage, growth"
        " from marts.class_distribution_by_batch order by 1, 2",
    )
    newest = [row for row in expected if row[0] == expected[-1][0]]
    assert sorted((row[1], row[2], row[4]) for row in newest) == rows_of(
        warehouse,
        "select prdtypecode, count, percentage from marts.class_distribution order by 1",
    )


def test_any_batch_as_it_was(warehouse: Settings, versions: pd.DataFrame) -> None:
    for batch, name in sorted(
        set(zip(versions.batch, versions.batch_name, strict=True))
    ):
        then = versions[versions.batch <= batch].groupby("productid").tail(1)
        then = then[~then.withdrawn].sort_values("productid")
        assert _tuples(then, "productid designation prdtypecode batch") == rows_of(
            warehouse,
            "select productid, designation, prdtypecode, load_batch_id"
            f" from marts.products_as_of('{name}') order by 1",
        )


def test_quality_of_every_batch(warehouse: Settings, versions: pd.DataFrame) -> None:
    found = rows_of(
        warehouse,
        "select load_batch_id, products, empty_descriptions, html_descriptions,"
        " duplicate_texts, text_length_p50"
        " from marts.data_quality_by_batch order by 1",
    )
    expected = []
    for batch, rows in versions[~versions.withdrawn].groupby("batch"):
        then = versions[versions.batch <= batch].groupby("productid").tail(1)
        held = then[~then.withdrawn].digest
        html = rows.description.str.contains("<[a-zA-Z/][^>]*>", na=False)
        lengths = [
            len(" ".join(part for part in (d, t) if isinstance(part, str)))
            for d, t in zip(rows.designation, rows.description, strict=True)
        ]
        median = int(np.floor(np.percentile(lengths, 50) + 0.5))
        expected.append(
            (
                batch,
                len(rows),
                int(rows.description.isna().sum()),
                int(html.sum()),
                int(rows.digest.map(held.value_counts()).gt(1).sum()),
                median,
            )
        )
    assert [row[:5] for row in found] == [row[:5] for row in expected]
    assert sum(row[4] for row in found) == 2
    for (*_, said), (*_, computed) in zip(found, expected, strict=True):
        assert abs(said - computed) <= 1  # halves are rounded to even


def test_the_state_and_the_loads(warehouse: Settings, versions: pd.DataFrame) -> None:
    current = _current(versions)
    newest = versions.batch.max()
    assert rows_of(
        warehouse, "select load_batch_id, products from marts.current_data_state"
    ) == [(newest, len(current))]
    assert rows_of(
        warehouse, "select id, batch_name, status from marts.data_loads order by 1"
    ) == rows_of(
        warehouse, "select id, batch_name, status from raw.data_loads order by 1"
    )
