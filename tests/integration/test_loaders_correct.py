"""Products corrected by a file of their own differ from the catalogue by decision."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from test_loaders_reconcile import START, Product, current, names, publish, put

from core.errors import PipelineError, SourceError
from core.settings import Settings
from loaders import cli
from loaders.correct import correct_products
from loaders.load import load_slice
from loaders.reconcile import reconcile_source
from loaders.reject import reject_batch
from loaders.state import history
from loaders.versions import Correction, Difference
from warehouse.connection import connect


@pytest.fixture
def handed_in(settings: Settings) -> Path:
    """A file beside a warehouse that is loaded to 40 % and published."""
    put(settings, START)
    load_slice(settings)
    publish(settings)
    return settings.data_path / "fixed.csv"


def test_a_file_whose_name_is_not_utf_8_is_recorded(
    settings: Settings, handed_in: Path
) -> None:
    odd = Path(os.fsdecode(bytes(handed_in.parent / "corr") + b"\xe9.csv"))
    odd.write_text("productid,prdtypecode\n100,40\n")
    assert correct_products(settings, odd) == Correction("correction_1", 1, 0, 0)
    connection = connect(settings, "loader")
    *_, batch = history(connection)
    connection.close()
    assert batch.metadata["file"]["name"] == "corr?.csv"


def decisions(settings: Settings) -> list[tuple[int, dict[str, object], str]]:
    connection = connect(settings, "loader")
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "select productid, kept, decision from raw.decisions order by load_batch_id, 1"
        )
        rows = cursor.fetchall()
    connection.close()
    return rows


def edited(product: int, **values: object) -> list[Product]:
    """Return the first rows with some columns of one changed."""
    columns = ("row", "designation", "description", "productid", "imageid", "label")
    rows = [dict(zip(columns, row, strict=True)) for row in START]
    rows[product - 100].update(values)
    return [tuple(row.values()) for row in rows]  # type: ignore[misc]


def test_any_columns_are_corrected(settings: Settings, handed_in: Path) -> None:
    handed_in.write_text(
        "prdtypecode,productid,withdrawn,designation,description,imageid,_who\n"
        '40,100,false,"a, b",,200,me\n10,101,True,name 1,text 1,201,me\n'
        "10,102,false,name 2,text 2,999,\n10,103,false,name 3,text 3,203,\n"
    )
    assert correct_products(settings, handed_in) == Correction("correction_1", 2, 0, 1)
    assert current(settings) == [
        (0, "a, b", "", 100, 200, 40),
        (2, "name 2", "text 2", 102, 999, 10),
        START[3],
    ]
    assert decisions(settings) == [
        (100, {"designation": "name 0", "description": "text 0", "prdtypecode": 10}, "fix"),
        (101, {"withdrawn": False}, "fix"),
        (102, {"imageid": 202}, "fix"),
    ]  # fmt: skip
    connection = connect(settings, "loader")
    batch = history(connection)[-1]
    connection.close()
    assert (batch.percentage, batch.total_rows) == (40, 4)
    assert batch.metadata["file"]["name"] == "fixed.csv"
    assert batch.metadata["rows"] == {"x_train": 3, "y_train": 3, "decisions": 3}


def test_no_load_or_reconcile_reverts_a_decision(
    settings: Settings, handed_in: Path
) -> None:
    handed_in.write_text("productid,prdtypecode\n100,40\n")
    correct_products(settings, handed_in)
    publish(settings)
    handed_in.write_text("productid,withdrawn\n101,true\n")
    correct_products(settings, handed_in)
    publish(settings)
    there = [(*START[0][:5], 40), START[2], START[3]]
    assert reconcile_source(settings).batch_name is None
    assert current(settings) == there
    load_slice(settings)
    assert current(settings) == [*there, START[4]]


def test_weeks_continue_after_a_correction(settings: Settings, handed_in: Path) -> None:
    handed_in.write_text("productid,prdtypecode\n100,40\n")
    correct_products(settings, handed_in)
    outcome = load_slice(settings, to_end=True)
    assert (outcome.batch_name, outcome.rows_added) == ("week_2", 6)
    assert current(settings) == [(*START[0][:5], 40), *START[1:]]


def test_the_files_take_over_the_corrected_value(
    settings: Settings, handed_in: Path
) -> None:
    handed_in.write_text("productid,prdtypecode\n100,40\n")
    correct_products(settings, handed_in)
    publish(settings)
    put(settings, edited(100, label=40))
    listed: list[Difference] = []
    reconcile_source(settings, on_difference=listed.append)
    assert [str(item) for item in listed] == [
        "agreed     product 100, row 0: prdtypecode"
    ]
    found = reconcile_source(settings)
    assert found == Correction("correction_2", 0, 0, 0, agreed=1)
    assert "the files now have the corrected value too" in str(found)
    put(settings, edited(100, label=50))
    assert reconcile_source(settings).changed == 1
    assert current(settings)[0] == (*START[0][:5], 50)


def test_another_value_in_the_files_is_reported_and_the_corrected_one_kept(
    settings: Settings, handed_in: Path
) -> None:
    handed_in.write_text("productid,prdtypecode\n100,40\n")
    correct_products(settings, handed_in)
    publish(settings)
    put(settings, edited(100, label=50, designation="new name"))
    assert reconcile_source(settings) == Correction("correction_2", 1, 0, 0, kept=1)
    assert current(settings)[0] == (0, "new name", *START[0][2:5], 40)
    publish(settings)
    assert reconcile_source(settings).batch_name is None
    # Back to what the files have: no longer a decision.
    handed_in.write_text("productid,prdtypecode\n100,50\n")
    assert correct_products(settings, handed_in).changed == 1
    assert decisions(settings)[-1] == (100, {}, "fix")


def test_a_withdrawn_product_may_be_restored(
    settings: Settings, handed_in: Path
) -> None:
    handed_in.write_text("productid,withdrawn\n100,true\n")
    correct_products(settings, handed_in)
    publish(settings)
    put(settings, edited(100, designation="changed meanwhile"))
    assert reconcile_source(settings) == Correction("correction_2", 0, 0, 0)
    assert current(settings) == START[1:4]
    handed_in.write_text("productid,prdtypecode\n100,40\n")
    with pytest.raises(SourceError, match=r"line 2: product 100 is withdrawn: set"):
        correct_products(settings, handed_in)
    handed_in.write_text("productid,withdrawn\n100,false\n")
    assert correct_products(settings, handed_in).restored == 1
    assert current(settings) == START[:4]
    publish(settings)
    assert reconcile_source(settings).changed == 1
    assert current(settings)[0][1] == "changed meanwhile"


def test_a_product_withdrawn_by_decision_cannot_come_in_a_later_slice(
    settings: Settings, handed_in: Path
) -> None:
    handed_in.write_text("productid,withdrawn\n100,true\n")
    correct_products(settings, handed_in)
    put(settings, [*START[:9], (9, "again", "", 100, 1, 10)])
    with pytest.raises(SourceError, match="product 100 appears twice"):
        load_slice(settings, to_end=True)


def test_a_product_that_left_the_files_loses_its_decision(
    settings: Settings, handed_in: Path
) -> None:
    handed_in.write_text("productid,prdtypecode\n100,40\n")
    correct_products(settings, handed_in)
    publish(settings)
    put(settings, START[1:])
    assert reconcile_source(settings).withdrawn == 1
    publish(settings)
    assert decisions(settings)[-1] == (100, {}, "fix")
    put(settings, [*START[1:], START[0]])
    load_slice(settings, to_end=True)
    assert current(settings) == START


def test_what_a_reviewer_decided_is_taken_and_the_rest_left(
    settings: Settings, handed_in: Path
) -> None:
    handed_in.write_text(
        "productid,prdtypecode,decision,_suggested_by\n"
        "100,40,fix,model\n101,40,keep,model\n102,40,,model\n"
    )
    assert correct_products(settings, handed_in).changed == 1
    assert [row[5] for row in current(settings)] == [40, 10, 10, 10]
    assert decisions(settings) == [(100, {"prdtypecode": 10}, "fix"), (101, {}, "keep")]


def test_only_rows_to_load_need_values(settings: Settings, handed_in: Path) -> None:
    handed_in.write_text(
        "productid,prdtypecode,imageid,designation,withdrawn,decision\n"
        '100,40,7,new name,false,Fix\n101,,,,,keep\n102,,"","",,\n103,"",,,"",KEEP\n'
    )
    assert correct_products(settings, handed_in).changed == 1
    assert current(settings) == [
        (0, "new name", "text 0", 100, 7, 40),
        *START[1:4],
    ]
    assert [(product, decided) for product, _, decided in decisions(settings)] == [
        (100, "fix"),
        (101, "keep"),
        (103, "keep"),
    ]


def test_a_rejected_correction_leaves_no_decision(
    settings: Settings, handed_in: Path
) -> None:
    handed_in.write_text("productid,prdtypecode\n100,40\n")
    correct_products(settings, handed_in)
    reject_batch(settings, "correction_1")
    assert current(settings) == START[:4]
    put(settings, edited(100, label=50))
    assert reconcile_source(settings).changed == 1


def test_what_follows_a_rejection_depends_on_the_batch(
    settings: Settings, handed_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "load_settings", lambda: settings)

    def reject(batch: str) -> str:
        return CliRunner().invoke(cli.main, ["reject", batch]).output

    handed_in.write_text("productid,prdtypecode\n100,40\n")
    correct_products(settings, handed_in)
    assert reject("correction_1") == (
        "correction_1 is rejected. Correct fixed.csv, then run"
        " `python -m loaders correct` with it again.\n"
    )
    put(settings, edited(100, label=50))
    reconcile_source(settings)
    assert reject("correction_1") == (
        "correction_1 is rejected. Correct the catalogue's files, then run"
        " `python -m loaders reconcile` again.\n"
    )
    put(settings, START)
    load_slice(settings, to_end=True)
    assert reject("week_2") == (
        "week_2 is rejected. The next load reads its rows again.\n"
    )


def test_a_dry_run_and_a_file_without_a_change_load_nothing(
    settings: Settings, handed_in: Path
) -> None:
    before = names(settings)
    handed_in.write_text("productid,prdtypecode\n100,40\n101,10\n")
    listed: list[Difference] = []
    found = correct_products(settings, handed_in, on_difference=listed.append)
    assert found == Correction(None, 1, 0, 0)
    assert [str(item) for item in listed] == [
        "changed    product 100, row 0: prdtypecode"
    ]
    handed_in.write_text("productid,prdtypecode\n101,10\n")
    assert correct_products(settings, handed_in) == Correction(None, 0, 0, 0)
    assert names(settings) == before


COLUMNS = "line 1: the columns must be productid and any of designation, description, imageid, prdtypecode, withdrawn, decision"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("productid,price\n100,1\n", f"{COLUMNS} (missing 'any column to correct'; unknown 'price')"),
        ("productid\n100\n", f"{COLUMNS} (missing 'any column to correct')"),
        ("productid;prdtypecode\n100;40\n", f"{COLUMNS} (missing 'productid', 'any column to correct'; unknown 'productid;prdtypecode'). They are separated by semicolons: save the file with commas"),
        ("prdtypecode\n40\n", f"{COLUMNS} (missing 'productid')"),
        ("productid,prdtypecode\n", "has no rows"),
        ("productid,prdtypecode\n100,40\n100,50\n", "line 3, column productid: product 100 is already on line 2"),
        ("productid,prdtypecode\n100,40\n999,50\n", "line 3: product 999 is not loaded, or has left the catalogue's files"),
        ("productid,prdtypecode\n104,40\n", "line 2: product 104 is not loaded, or has left the catalogue's files"),
        ("productid,prdtypecode\n100,\n", "line 2, column prdtypecode: empty"),
        ("productid,prdtypecode\n100,40\n101,\"\"\n", "line 3, column prdtypecode: empty"),
        ("productid,prdtypecode,decision\n101,,keep\n102,,\n100,,FIX\n", "line 4, column prdtypecode: empty"),
        ("productid,designation,decision\n101,,keep\n100,,fix\n", "line 3, column designation: empty"),
        ("productid,withdrawn,decision\n101,,keep\n100,,fix\n", "line 3, column withdrawn: '' is not one of true, false"),
        ("productid,prdtypecode,decision\n,,keep\n", "line 2, column productid: empty"),
        ("productid,prdtypecode\n100,0x1F\n", "line 2, column prdtypecode: '0x1F' is not a whole number"),
        ("productid,designation\n100,\n", "line 2, column designation: empty"),
        ("productid,withdrawn\n100,yes\n", "line 2, column withdrawn: 'yes' is not one of true, false"),
        ("productid,withdrawn\n100,\n", "line 2, column withdrawn: '' is not one of true, false"),
        ("productid,imageid,decision\n100,1,maybe\n", "line 2, column decision: 'maybe' is not one of fix, keep"),
        ("productid,prdtypecode\n100,40", "line 2: the file ends without a newline, so its last record may be cut"),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_entirely(
    settings: Settings, handed_in: Path, text: str, message: str
) -> None:
    handed_in.write_text(text)
    with pytest.raises(SourceError) as error:
        correct_products(settings, handed_in)
    found = str(error.value).removeprefix(str(handed_in)).lstrip(", ")
    assert found == f"{message}. Nothing was loaded."
    assert current(settings) == START[:4]
    assert decisions(settings) == []
    assert reconcile_source(settings).batch_name is None


def test_a_waiting_batch_is_built_first(settings: Settings, handed_in: Path) -> None:
    load_slice(settings, to_end=True)
    handed_in.write_text("productid,prdtypecode\n100,40\n")
    with pytest.raises(PipelineError, match="week_2 has not been audited yet"):
        correct_products(settings, handed_in)


def test_images_are_looked_up_again(settings: Settings, handed_in: Path) -> None:
    folder = settings.data_path / "images" / "image_train"
    folder.mkdir(parents=True)
    (folder / "image_7_product_100.jpg").touch()
    handed_in.write_text("productid,imageid\n100,7\n101,7\n")
    correct_products(settings, handed_in)
    connection = connect(settings, "loader")
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "select json_object_agg(productid, image_exists)::text"
            " from raw.product_images"
        )
        (found,) = cursor.fetchone() or (None,)
    connection.close()
    assert json.loads(found) == {"100": True, "101": False}
