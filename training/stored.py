"""How MLflow stores the model: as skops, with its code, signature and example."""

from pathlib import Path
from typing import Any

import mlflow
import numpy as np
import pandas as pd
import sklearn
import skops
from mlflow.models import Model, ModelSignature
from mlflow.types.schema import ColSpec, Schema
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
_EXAMPLE = pd.DataFrame(
    {
        "designation": [
            "Bâche à barres pour piscine 8 x 4 m",
            "Le Barbier de Séville suivi du Mariage de Figaro",
        ],
        "description": ["<p>Bâche d&#39;hiver, œillets inox</p>", ""],
    }
)


def describe_storage(variant: str) -> dict[str, Any]:
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


def save_model(
    model: Pipeline, variant: str, path: Path, run_id: str, model_id: str
) -> None:
    """Write the files that `register` logs to a new folder.

    Args:
        model: the fitted model.
        variant: which one it is.
        path: the folder.
        run_id: the run that logged the model.
        model_id: what MLflow calls it.
    """
    mlflow.sklearn.save_model(
        model,
        str(path),
        mlflow_model=Model(run_id=run_id, model_id=model_id),
        **describe_storage(variant),
    )
