"""Corrections of single products all the way to the marts, by dbt itself."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from samples import write_sample

from core.settings import Settings
from loaders.correct import correct_products
from loaders.load import load_slice
from orchestration.dbt import BUILD, DbtFailedError, run_dbt
from warehouse.connection import connect


def ask(
    settings: Settings, query: str, role: str = "analyst"
) -> list[Sequence[object]]:
    connection = connect(settings, role)  # type: ignore[arg-type]
    with connection, connection.cursor() as cursor:
        cursor.execute(query)
        rows = cursor.fetchall() if cursor.description else []
    connection.close()
    return rows


def test_corrections_are_published_and_lost_rows_are_not(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBT_TARGET_PATH", str(tmp_path / "target"))
    monkeypatch.setenv("DBT_LOG_PATH", str(tmp_path / "dbt-logs"))
    write_sample(settings.data_path, 2000, seed=1)
    load_slice(settings)
    run_dbt(settings, BUILD)
    ((first, label), (second, _)) = ask(
        settings, "select productid, prdtypecode from labels order by 1 limit 2"
    )
    other = 40 if label == 10 else 10
    fixed = tmp_path / "fixed.csv"
    fixed.write_text(
        "productid,prdtypecode,withdrawn\n"
        f"{first},{other},false\n{second},{other},true\n"
    )
    correct_products(settings, fixed)
    # A loader of before took the time of a clock that had gone back.
    ask(
        settings,
        "update raw.data_loads set completed_at = completed_at - interval '1 hour'"
        " where batch_name = 'correction_1' returning 1",
        "loader",
    )
    run_dbt(settings, BUILD)
    assert ask(
        settings,
        "select productid, operation_type, h.valid_from > b.completed_at"
        " from products_history as h inner join data_loads as b on b.batch_name = 'week_1'"
        " where h.load_batch_id = (select id from data_loads where batch_name ="
        " 'correction_1') order by 1",
    ) == [(first, "UPDATE", True), (second, "DELETE", True)]
    assert ask(
        settings,
        "select prdtypecode from labels where productid in"
        f" ({first}, {second}) order by productid",
    ) == [(other,)]
    load_slice(settings)
    ask(
        settings,
        "delete from raw.y_train where row_number = 3 and load_batch_id = 1 returning 1",
        "loader",
    )
    with pytest.raises(DbtFailedError, match="assert_no_raw_row_is_gone"):
        run_dbt(settings, BUILD)
    assert ask(settings, "select last_batch from current_data_state") == [
        ("correction_1",)
    ]
