"""How MLflow stores the model: as skops, with its code, signature and example."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import mlflow
import numpy as np
import pandas as pd
import sklearn
import skops
from mlflow import MlflowClient
from mlflow.entities import LoggedModel, LoggedModelOutput, LoggedModelStatus
from mlflow.models import Model, ModelSignature
from mlflow.types.schema import ColSpec, Schema
from mlflow.utils import requirements_utils
from sklearn.pipeline import Pipeline

import rakuten_text
from training.model import TRUSTED_TYPES

_SIGNATURE = ModelSignature(
    inputs=Schema(
        [
            ColSpec("string", "designation"),
            ColSpec("string", "description", required=False),
        ]
    ),
    outputs=Schema([ColSpec("long")]),
)
_PACKAGES = "_MODULES_TO_PACKAGES"
_EXAMPLE = pd.DataFrame(
    {
        "designation": [
            "Bâche à barres pour piscine 8 x 4 m",
            "Le Barbier de Séville suivi du Mariage de Figaro",
        ],
        "description": ["<p>Bâche d&#39;hiver, œillets inox</p>", ""],
    }
)


def log_model(client: MlflowClient, run_id: str, model: Pipeline, variant: str) -> str:
    """Log a model to a run, and return what MLflow calls it.

    `mlflow.sklearn.log_model` would also load what it has just written and predict the
    example with it, for a warning.

    Args:
        client: see `tracking.open_client`.
        run_id: the run, whose parameters the model gets too.
        model: the fitted model.
        variant: which one it is.
    """
    run = client.get_run(run_id)
    logged = mlflow.initialize_logged_model(
        "model", run_id, params=run.data.params, experiment_id=run.info.experiment_id
    )
    client.log_outputs(run_id, [LoggedModelOutput(logged.model_id, step=0)])
    status = LoggedModelStatus.FAILED
    try:
        write_model(client, logged, model, variant)
        status = LoggedModelStatus.READY
    finally:
        client.finalize_logged_model(logged.model_id, status)
    return str(logged.model_id)


def write_model(
    client: MlflowClient, logged: LoggedModel, model: Pipeline, variant: str
) -> None:
    """Write the files of a logged model, in place of those it has.

    Args:
        client: see `tracking.open_client`.
        logged: the model as MLflow knows it.
        model: the fitted model.
        variant: which one it is.
    """
    description = Model(
        logged.artifact_location,
        run_id=logged.source_run_id,
        model_id=logged.model_id,
        model_uuid=logged.model_id,
    )
    with tempfile.TemporaryDirectory() as work, _knowing_requirements():
        files = str(Path(work, "model"))
        mlflow.sklearn.save_model(
            model, files, mlflow_model=description, **_describe_storage(variant)
        )
        client.log_model_artifacts(logged.model_id, files)


@contextmanager
def _knowing_requirements() -> Iterator[None]:
    """Keep MLflow from listing the files of all packages to check the requirements.

    They are the versions that are installed. Without the list MLflow finds each of them
    by its name.
    """
    listed = getattr(requirements_utils, _PACKAGES, None)
    setattr(requirements_utils, _PACKAGES, listed or {})
    try:
        yield
    finally:
        setattr(requirements_utils, _PACKAGES, listed)


def _describe_storage(variant: str) -> dict[str, Any]:
    """Return how MLflow stores a model.

    The format is skops, which holds no code, and not pickle. The one function of ours
    in the model travels in `code/`, so that it loads without this project installed.
    """
    return {
        "serialization_format": "skops",
        "skops_trusted_types": TRUSTED_TYPES,
        "signature": _SIGNATURE,
        "input_example": _EXAMPLE,
        "code_paths": [str(Path(rakuten_text.__file__).parent)],
        "pip_requirements": [
            f"mlflow=={mlflow.__version__}",
            f"numpy=={np.__version__}",
            f"pandas=={pd.__version__}",
            f"scikit-learn=={sklearn.__version__}",
            f"skops=={skops.__version__}",
        ],
        "metadata": {"variant": variant},
    }
