"""A first week without what a computer does once: for tests that are about the rest."""

from pathlib import Path

import quick_dbt

from core import tracking
from core.settings import Settings
from reporting.links import DBT_DOCS


def spare_first_week(settings: Settings, target: Path) -> None:
    """Write dbt's parse and its page, and an empty MLflow database."""
    quick_dbt.copy_parse(settings, target)
    settings.reports_path.mkdir(parents=True, exist_ok=True)
    (settings.reports_path / DBT_DOCS).write_text("dbt's page")
    if folder := tracking.local_folder(settings):
        folder.mkdir(parents=True, exist_ok=True)
        tracking._create_database(folder / tracking.local_database(settings).name)
