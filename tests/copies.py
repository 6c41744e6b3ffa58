"""Copies of a warehouse: a database per test, without a build per test."""

from dataclasses import replace

from queries import run_as_superuser

from core.settings import Settings
from warehouse.database import prepare


def copy_warehouse(settings: Settings, name: str) -> Settings:
    """Copy a warehouse that nobody is connected to; return the settings of the copy."""
    run_as_superuser(
        settings,
        f"create database {name} template {settings.postgres_db}"
        f" owner {settings.postgres_user}",
    )
    copy = replace(settings, postgres_db=name)
    prepare(copy)  # rights on a database and its search_path are not copied
    return copy
