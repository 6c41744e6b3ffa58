"""Dataset versions in MLflow: logged whole or not at all, each content once."""

import contextlib
import json
import os
import subprocess
import time
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
from core.errors import ServerError, SourceError
from core.settings import PROJECT_ROOT, Settings
from core.tracking import DATASET_EXPERIMENT, experiment_id, open_client

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
        _close_abandoned(client, experiment)
        found = _with_digest(client, experiment, content.digest)
        if found is not None:
            return str(found.info.run_id), True
        return _log(client, experiment, spec, content), False
    except (MlflowException, ServerError, OSError) as error:
        reason = getattr(error, "message", None) or str(error)
        raise ServerError(
            f"The dataset is in {content.folder}, but MLflow did not take it; run the"
            f" same command again to log it. {reason}"
        ) from None


def _close_abandoned(client: MlflowClient, experiment: str) -> None:
    """Fail runs whose builder is gone: builders take turns, and it is ours."""
    for run in client.search_runs([experiment], "attributes.status = 'RUNNING'"):
        client.set_terminated(run.info.run_id, "FAILED")


def _with_digest(client: MlflowClient, experiment: str, digest: str) -> Run | None:
    runs = client.search_runs(
        [experiment],
        f"tags.dataset_digest = '{digest}' and attributes.status = 'FINISHED'",
        max_results=1,
    )
    return runs[0] if runs else None


def _log(
    client: MlflowClient, experiment: str, spec: "DatasetSpec", content: "Content"
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
            **_provenance(),
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


def _provenance() -> dict[str, str]:
    """Give the code's revision and dbt's last invocation, where they can be told."""
    tags = {}
    # In a container there is neither git nor a repository.
    with contextlib.suppress(OSError, subprocess.CalledProcessError):
        tags["git_sha"] = subprocess.run(
            ["git", "rev-parse", "HEAD"],  # noqa: S607 - whichever git the user has
            cwd=PROJECT_ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
    target = os.environ.get("DBT_TARGET_PATH") or PROJECT_ROOT / "dbt_project/target"
    results = Path(target) / "run_results.json"
    # There is none when dbt ran somewhere else.
    with contextlib.suppress(OSError, ValueError, KeyError):
        tags["dbt_invocation_id"] = json.loads(results.read_text())["metadata"][
            "invocation_id"
        ]
    return tags


def list_versions(settings: Settings) -> list[Run]:
    """Give the finished versions, the newest first."""
    client = open_client(settings)
    experiment = experiment_id(client, settings, DATASET_EXPERIMENT)
    return list(
        client.search_runs(
            [experiment],
            "attributes.status = 'FINISHED'",
            order_by=["attributes.start_time DESC"],
        )
    )


def find_version(settings: Settings, name: str) -> Run:
    """Find a version by run id (its beginning will do) or by batch name.

    Raises:
        SourceError: there is none, or several begin so.
    """
    found = list_versions(settings)
    by_id = [run for run in found if run.info.run_id.startswith(name)]
    by_batch = [run for run in found if run.data.tags.get("batch_name") == name]
    if len(by_id) > 1 and not by_batch:
        raise SourceError(
            f"{len(by_id)} runs begin with {name!r}: give more of the id."
        )
    for run in (*by_batch, *by_id):
        return run
    raise SourceError(
        f"There is no dataset version {name!r}: `python -m balancing list` shows them."
    )


def download(settings: Settings, run: Run, to: Path | None = None) -> Path:
    """Bring a version's files here and give their folder.

    Raises:
        SourceError: the files are gone.
    """
    client = open_client(settings)
    try:
        folder = client.download_artifacts(
            run.info.run_id, "dataset", None if to is None else str(to)
        )
    except (MlflowException, OSError) as error:
        raise SourceError(
            f"The files of run {run.info.run_id} are gone: {error}. `python -m balancing"
            f" build --as-of {run.data.tags['batch_name']}` makes them again."
        ) from None
    return Path(folder)


def describe(run: Run) -> dict[str, Any]:
    """Give a version's facts for a person or for JSON."""
    return {
        "run_id": run.info.run_id,
        "batch_name": run.data.tags.get("batch_name"),
        "digest": run.data.tags.get("dataset_digest"),
        "parameters": dict(run.data.params),
        "metrics": dict(run.data.metrics),
        "tags": {k: v for k, v in run.data.tags.items() if not k.startswith("mlflow.")},
    }
