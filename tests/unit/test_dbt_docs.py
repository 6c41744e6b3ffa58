"""The lineage of dbt's documentation shows data only."""

from pathlib import Path

import dbt.task.docs

from orchestration.dbt import LINEAGE

PAGE = Path(dbt.task.docs.__file__).with_name("index.html")


def test_the_page_of_this_dbt_is_changed_in_each_place_once() -> None:
    page = PAGE.read_bytes()
    assert [page.count(theirs) for theirs, _ in LINEAGE] == [1] * len(LINEAGE)
