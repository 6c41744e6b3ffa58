"""Queries of the tests."""

from typing import Any

from core.settings import Settings
from warehouse.connection import connect


def rows_of(settings: Settings, statement: str) -> list[tuple[Any, ...]]:
    """Run a statement as the login, commit, and return its rows, if it has any."""
    connection = connect(settings)
    with connection, connection.cursor() as cursor:
        cursor.execute(statement)
        rows = cursor.fetchall() if cursor.description else []
    connection.close()
    return rows
