"""The roles and what each may do."""

import psycopg2
import pytest

from core.settings import Settings
from warehouse.connection import connect
from warehouse.database import prepare


def test_preparing_twice_changes_nothing(settings: Settings) -> None:
    prepare(settings)
    with connect(settings) as connection, connection.cursor() as cursor:
        cursor.execute("show search_path")
        assert cursor.fetchone() == ("marts, analyst, public",)


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        ("loader", "create table marts.t (a int)"),
        ("transformer", "create table raw.t (a int)"),
    ],
)
def test_a_role_writes_in_its_own_schemas_only(
    settings: Settings, role: str, statement: str
) -> None:
    with (
        connect(settings, role) as connection,
        connection.cursor() as cursor,
        pytest.raises(psycopg2.errors.InsufficientPrivilege),
    ):
        cursor.execute(statement)
