"""Addresses of the pages a report links to."""

from typing import TYPE_CHECKING

from core.settings import Settings

if TYPE_CHECKING:
    from training.outcomes import TrainingOutcome

INDEX = "index.html"
# The static page of `dbt docs generate`, beside the reports.
DBT_DOCS = "dbt_docs.html"

_LOCAL_UI = "http://127.0.0.1:5000"
# MLflow's pages begin in the view for GenAI, without metrics, unless the address says
# otherwise.
_VIEW = "?workflowType=machine_learning"

# The columns of the tables of runs, see mlflow_pages.
SAVED_VIEW = "rakuten"

Link = dict[str, str | None]


def mlflow_address(settings: Settings) -> str:
    """Return the address of MLflow's pages, without user and password."""
    if settings.mlflow_ui_url:
        return settings.mlflow_ui_url.rstrip("/")
    if not needs_mlflow_ui(settings):
        from core.tracking import shown_uri  # MLflow takes seconds to import

        return shown_uri(settings).rstrip("/")
    return _LOCAL_UI


def report_address(settings: Settings, name: str) -> str:
    """Return where a file of the reports folder is: in a browser, or its path."""
    if settings.reports_url:
        return f"{settings.reports_url.rstrip('/')}/{name}"
    return str(settings.reports_path / name)


def newest_pages(settings: Settings) -> dict[str, str]:
    """Return the addresses of a week's pages by name, for a scheduler to link to.

    Those in MLflow belong to the newest training of this warehouse.
    """
    from training.outcomes import trainings
    from warehouse.identity import identify_warehouse

    warehouse = identify_warehouse(settings)
    outcomes = trainings(settings, warehouse.id if warehouse else None)
    newest = outcomes[-1] if outcomes else None
    names = {"Reports": INDEX, "dbt documentation": DBT_DOCS}
    if newest is not None:
        names["Report of the week"] = f"{newest.dataset.batch_name}.html"
    pages = {
        text: report_address(settings, name)
        for text, name in names.items()
        if (settings.reports_path / name).exists()
    }
    links = mlflow_links(settings, newest)
    return pages | {str(link["text"]): str(link["url"]) for link in links}


def needs_mlflow_ui(settings: Settings) -> bool:
    """Return whether MLflow is a local database, without a server of its own."""
    return not settings.mlflow_tracking_uri.startswith(("http://", "https://"))


def mlflow_links(settings: Settings, outcome: "TrainingOutcome | None") -> list[Link]:
    """Return the pages of a training in MLflow: run, dataset, models, all runs.

    Returns:
        Entries of `text`, `url` and `opened_by`, the command that makes the address
        answer, if one is needed.
    """
    from core.tracking import (
        DATASET_EXPERIMENT,
        MODEL_NAME,
        TRAINING_EXPERIMENT,
        open_client,
    )

    client = open_client(settings)
    base = mlflow_address(settings)
    opened_by = "make ui" if needs_mlflow_ui(settings) else None
    ids = {
        name: experiment.experiment_id
        for name in (TRAINING_EXPERIMENT, DATASET_EXPERIMENT)
        if (experiment := client.get_experiment_by_name(name)) is not None
    }
    pages = {}
    if outcome is not None:
        training, dataset = ids.get(TRAINING_EXPERIMENT), ids.get(DATASET_EXPERIMENT)
        pages["Training run"] = f"experiments/{training}/runs/{outcome.run_id}"
        pages["Dataset version"] = (
            f"experiments/{dataset}/runs/{outcome.dataset.dataset_run_id}"
        )
        pages["Registered model"] = (
            f"models/{MODEL_NAME}/versions/{outcome.model_version}"
        )
        pages["All versions of the model"] = f"models/{MODEL_NAME}"
    urls = {text: f"{base}/#/{page}{_VIEW}" for text, page in pages.items()}
    for text, name in (
        ("All training runs", TRAINING_EXPERIMENT),
        ("All dataset versions", DATASET_EXPERIMENT),
    ):
        if name in ids:
            table = f"{base}/#/experiments/{ids[name]}/runs{_VIEW}"
            urls[text] = f"{table}&viewStateShareKey={SAVED_VIEW}"
    return [
        {"text": text, "url": url, "opened_by": opened_by} for text, url in urls.items()
    ]
