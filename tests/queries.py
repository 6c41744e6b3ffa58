"""Queries of the tests."""

from contextlib import closing
from dataclasses import replace
from typing import Any

from core.settings import Settings
from warehouse import embedded
from warehouse.connection import connect, open_connection


def rows_of(settings: Settings, statement: str) -> list[tuple[Any, ...]]:
    """Run a statement as the login, commit, and return its rows, if it has any."""
    connection = connect(settings)
    with connection, connection.cursor() as cursor:
        cursor.execute(statement)
        rows = cursor.fetchall() if cursor.description else []
    connection.close()
    return rows


def run_as_superuser(
    settings: Settings, *statements: str, database: str | None = None
) -> None:
    """Run statements as the superuser of the embedded server, each by itself."""
    where = embedded.login(settings, embedded.SUPERUSER)
    where = replace(where, dbname=database or where.dbname)
    with closing(open_connection(where)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
