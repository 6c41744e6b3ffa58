"""Copies of a warehouse: a database per test, without a build per test."""

from contextlib import closing
from dataclasses import replace

from core.settings import Settings
from warehouse import embedded
from warehouse.connection import open_connection
from warehouse.database import prepare


def copy_warehouse(settings: Settings, name: str) -> Settings:
    """Copy a warehouse that nobody is connected to; return the settings of the copy."""
    superuser = embedded.login(settings, embedded.SUPERUSER)
    with closing(open_connection(superuser)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(
                f"create database {name} template {settings.postgres_db}"
                f" owner {settings.postgres_user}"
            )
    copy = replace(settings, postgres_db=name)
    prepare(copy)  # rights on a database and its search_path are not copied
    return copy
