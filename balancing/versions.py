"""Dataset versions in MLflow: logged completely or not at all, each content once."""

import contextlib
import filecmp
import json
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlflow import MlflowClient
from mlflow.entities import (
    Dataset,
    DatasetInput,
    InputTag,
    Metric,
    Param,
    Run,
    RunStatus,
)
from mlflow.exceptions import MlflowException

from balancing.files import SCHEMA
from core.artifacts import fetch_artifact
from core.datasets import find_version as find_run
from core.datasets import list_versions as list_runs
from core.durable import sync
from core.errors import ServerError, SourceError, StorageError
from core.settings import PROJECT_ROOT, Settings
from core.tracking import (
    DATASET_EXPERIMENT,
    SAMPLE,
    WAREHOUSE,
    experiment_id,
    local_folder,
    open_client,
)
from warehouse.identity import Warehouse, audit_of, identify_warehouse

if TYPE_CHECKING:
    from balancing.build import Content
    from balancing.spec import DatasetSpec

MLFLOW_TYPES = {"int64": "long", "int32": "integer", "string": "string"}
# MLflow keeps at most 36 characters of a dataset's digest; the tag has all of them.
DIGEST_LENGTH = 36


def log_version(
    settings: Settings, spec: "DatasetSpec", content: "Content"
) -> tuple[str, bool]:
    """Log a version, or find the run that has this content already.

    Returns:
        The run id, and whether it was there before.

    Raises:
        ServerError: MLflow cannot be reached; nothing counts as logged.
    """
    try:
        client = open_client(settings)
        experiment = experiment_id(client, settings, DATASET_EXPERIMENT)
        warehouse = identify_warehouse(settings)
        _close_abandoned(client, experiment, warehouse)
        adopt_versions(settings, warehouse)
        logged = _with_digest(client, warehouse, content.digest)
        if logged is not None:
            run_id = str(logged.info.run_id)
            _repair_files(client, settings, run_id, content.folder)
            return run_id, True
        tags = _provenance(settings, warehouse, content.batch.id)
        return _log(client, settings, experiment, spec, content, tags), False
    except (MlflowException, ServerError, StorageError, OSError) as error:
        raise ServerError(
            f"The dataset is in {content.folder}, but logging it to MLflow failed; run the"
            f" same command again to log it. {error}"
        ) from None


def _close_abandoned(
    client: MlflowClient, experiment: str, warehouse: Warehouse | None
) -> None:
    """Mark the runs of killed builders as FAILED; the caller holds the builder lock.

    Builders of other warehouses may be running. Runs that name no warehouse are from
    before warehouses had identities.
    """
    own = {None, warehouse.id if warehouse else None}
    for run in client.search_runs([experiment], "attributes.status = 'RUNNING'"):
        if run.data.tags.get(WAREHOUSE) in own:
            client.set_terminated(run.info.run_id, "FAILED")


def _with_digest(
    client: MlflowClient, warehouse: Warehouse | None, digest: str
) -> Run | None:
    own = list_runs(client, warehouse.id if warehouse else None)
    return next((r for r in own if r.data.tags.get("dataset_digest") == digest), None)


def adopt_versions(settings: Settings, warehouse: Warehouse | None) -> None:
    """Tag this warehouse's versions from before warehouses had identities.

    A version belongs to it if the warehouse has its batch, by id and name, completed
    before the version was logged.
    """
    if warehouse is None:
        return
    client = open_client(settings)
    for run in list_runs(client, None):
        tags = run.data.tags
        if WAREHOUSE in tags:
            continue
        name, completed = warehouse.batches.get(
            int(tags.get("load_batch_id", -1)), (None, None)
        )
        if completed is None or name != tags.get("batch_name"):
            continue
        if run.info.start_time >= completed.timestamp() * 1000:
            client.set_tag(run.info.run_id, WAREHOUSE, warehouse.id)
            client.set_tag(run.info.run_id, SAMPLE, _flag(warehouse.is_sample))


def _repair_files(
    client: MlflowClient, settings: Settings, run_id: str, folder: Path
) -> None:
    """Log again the files that a power loss or a person has damaged or removed.

    The content was just rebuilt from history; sizes are compared everywhere, bytes
    where the store is on this machine.
    """
    try:
        logged = {
            Path(file.path).name: file.file_size
            for file in client.list_artifacts(run_id, "dataset")
        }
    except (MlflowException, OSError):
        logged = {}
    stored = None
    if logged and local_folder(settings) is not None:
        stored = fetch_artifact(client, run_id, "dataset")
    damaged = [
        path
        for path in sorted(folder.iterdir())
        if path.name not in logged
        or (path.suffix == ".parquet" and logged[path.name] != path.stat().st_size)
        or (
            path.suffix == ".parquet"
            and stored is not None
            and not filecmp.cmp(path, stored / path.name, False)  # noqa: FBT003
        )
    ]
    for path in damaged:
        client.log_artifact(run_id, str(path), "dataset")
    if damaged and local_folder(settings) is not None:
        sync(fetch_artifact(client, run_id, "dataset"))


def _log(
    client: MlflowClient,
    settings: Settings,
    experiment: str,
    spec: "DatasetSpec",
    content: "Content",
    provenance: dict[str, str],
) -> str:
    name = content.batch.name
    run = client.create_run(
        experiment,
        run_name=f"{name}_dataset",
        tags={
            "batch_name": name,
            "load_batch_id": str(content.batch.id),
            "dataset_digest": content.digest,
            "strategy": spec.strategy,
            "seed": str(spec.seed),
            **provenance,
        },
    )
    run_id = str(run.info.run_id)
    try:
        client.log_batch(
            run_id,
            metrics=_metrics(content),
            params=[Param(k, str(v)) for k, v in spec.parameters().items()],
        )
        dataset = Dataset(
            name=f"rakuten_{name}",
            digest=content.digest[:DIGEST_LENGTH],
            source_type="local",
            source=json.dumps({"uri": f"runs:/{run_id}/dataset/train.parquet"}),
            schema=_schema(),
            profile=json.dumps({"num_rows": content.train_rows}),
        )
        tags = [InputTag("mlflow.data.context", "training")]
        client.log_inputs(run_id, [DatasetInput(dataset, tags)])
        client.log_artifacts(run_id, str(content.folder), "dataset")
        if local_folder(settings) is not None:
            # A finished run has its files on disk, even after a power loss.
            sync(fetch_artifact(client, run_id, "dataset"))
    except BaseException:
        client.set_terminated(run_id, RunStatus.to_string(RunStatus.FAILED))
        raise
    client.set_terminated(run_id)
    return run_id


def _metrics(content: "Content") -> list[Metric]:
    values: dict[str, float] = {
        "train_rows": content.train_rows,
        "train_products": content.train_products,
        "validation_rows": content.validation_rows,
        "classes": len(content.train_counts),
        "imbalance_ratio_before": _ratio(content.unique_counts),
        "imbalance_ratio_after": _ratio(content.train_counts),
    }
    for code, count in sorted(content.train_counts.items()):
        values[f"class_{code}_count"] = count
        values[f"class_{code}_count_before"] = content.unique_counts[code]
    now = int(time.time() * 1000)
    return [Metric(key, float(value), now, 0) for key, value in values.items()]


def _ratio(counts: dict[int, int]) -> float:
    return max(counts.values()) / min(counts.values())


def _schema() -> str:
    columns = [
        {
            "type": MLFLOW_TYPES[str(field.type)],
            "name": field.name,
            "required": not field.nullable,
        }
        for field in SCHEMA
    ]
    return json.dumps({"mlflow_colspec": columns})


def _provenance(
    settings: Settings, warehouse: Warehouse | None, batch_id: int
) -> dict[str, str]:
    """Return the warehouse, the code's revision and dbt's audit, where they are known."""
    tags: dict[str, str] = {}
    if warehouse is not None:
        tags |= {WAREHOUSE: warehouse.id, SAMPLE: _flag(warehouse.is_sample)}
    # In a container there is neither git nor a repository.
    with contextlib.suppress(OSError, subprocess.CalledProcessError):
        tags["git_sha"] = subprocess.run(
            ["git", "rev-parse", "HEAD"],  # noqa: S607 - whichever git the user has
            cwd=PROJECT_ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
    audit = audit_of(settings, batch_id)
    if audit is not None:
        tags["dbt_invocation_id"] = audit
    return tags


def _flag(value: bool) -> str:  # noqa: FBT001
    return str(value).lower()


def list_versions(settings: Settings) -> Sequence[Run]:
    """Return this warehouse's finished versions, the newest first."""
    client = open_client(settings)
    warehouse = identify_warehouse(settings)
    adopt_versions(settings, warehouse)
    return list_runs(client, warehouse.id if warehouse else None)


def find_version(settings: Settings, name: str) -> Run:
    """Find a version of this warehouse, see `core.datasets.find_version`."""
    client = open_client(settings)
    warehouse = identify_warehouse(settings)
    adopt_versions(settings, warehouse)
    return find_run(client, name, warehouse.id if warehouse else None)


def download(settings: Settings, run: Run) -> Path:
    """Return the folder with a version's files, which are read only.

    Raises:
        SourceError: the files are gone.
    """
    client = open_client(settings)
    try:
        return fetch_artifact(client, str(run.info.run_id), "dataset")
    except (MlflowException, OSError) as error:
        raise SourceError(
            f"The files of run {run.info.run_id} are gone: {error}. `python -m balancing"
            f" build --as-of {run.data.tags['batch_name']}` rebuilds them."
        ) from None


def describe(run: Run) -> dict[str, Any]:
    """Return a version's facts for a person or for JSON."""
    return {
        "run_id": run.info.run_id,
        "batch_name": run.data.tags.get("batch_name"),
        "digest": run.data.tags.get("dataset_digest"),
        "parameters": dict(run.data.params),
        "metrics": dict(run.data.metrics),
        "tags": {k: v for k, v in run.data.tags.items() if not k.startswith("mlflow.")},
    }
