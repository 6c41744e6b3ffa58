"""Dataset versions in MLflow: list them, and find one by name."""

from collections.abc import Sequence

from mlflow import MlflowClient
from mlflow.entities import Run

from core.errors import SourceError
from core.tracking import DATASET_EXPERIMENT, WAREHOUSE

# The value of the parameter holdout_fold of a version that holds nothing out.
NO_HOLDOUT = "none"
_MOST_RUNS = 50_000


def list_versions(client: MlflowClient, warehouse: str | None) -> Sequence[Run]:
    """Return the finished versions, the newest run first.

    Args:
        client: see `tracking.open_client`.
        warehouse: only those made from this warehouse; None for all.
    """
    experiment = client.get_experiment_by_name(DATASET_EXPERIMENT)
    if experiment is None:
        return []
    own = f" and tags.`{WAREHOUSE}` = '{warehouse}'" if warehouse else ""
    return list(
        client.search_runs(
            [experiment.experiment_id],
            f"attributes.status = 'FINISHED'{own}",
            order_by=["attributes.start_time DESC"],
            max_results=_MOST_RUNS,
        )
    )


def find_version(
    client: MlflowClient, name: str | None, warehouse: str | None = None
) -> Run:
    """Find a dataset version.

    Args:
        client: see `tracking.open_client`.
        name: run id (its beginning will do) or batch name; None for the newest batch
            with held-out rows. Of several versions of a batch, the last one with
            held-out rows is taken, else the last one.
        warehouse: look among the versions of this warehouse; None for all.

    Raises:
        SourceError: there is none, or several run ids begin with the name.
    """
    runs = list_versions(client, warehouse)
    judged = [run for run in runs if holdout_of(run) != NO_HOLDOUT]
    if name is None:
        # A past batch may have been rebuilt since, so the last run is not the newest.
        candidates = sorted(
            judged, key=lambda run: -int(run.data.tags["load_batch_id"])
        )
        if not candidates:
            raise _missing("dataset version with held-out rows")
        return candidates[0]
    for run in (*judged, *runs):
        if run.data.tags.get("batch_name") == name:
            return run
    # An id names a version of any warehouse.
    by_id = [
        run
        for run in list_versions(client, None)
        if str(run.info.run_id).startswith(name)
    ]
    if len(by_id) > 1:
        raise SourceError(
            f"{len(by_id)} dataset versions have an id that begins with {name!r}:"
            " give more characters."
        )
    if not by_id:
        raise _missing(f"dataset version {name!r}")
    return by_id[0]


def holdout_of(run: Run) -> str:
    """Return the fold a version holds out, or NO_HOLDOUT."""
    return str(run.data.params.get("holdout_fold", NO_HOLDOUT))


def _missing(what: str) -> SourceError:
    return SourceError(
        f"There is no {what} in the MLflow experiment {DATASET_EXPERIMENT}:"
        " `python -m balancing build` makes one, `python -m balancing list` shows them."
    )
