"""The challenge's test set: versioned once, scored every week."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput, InputTag, RunStatus

from core.settings import Settings
from core.tracking import TEST_EXPERIMENT, experiment_id
from training.predictions import Products, read_products

_TEST_NAMES = ("X_test.csv", "X_test_update.csv")
_TRAIN_NAMES = ("X_train.csv", "X_train_update.csv")
_DIGEST = "rakuten.digest"


@dataclass(frozen=True)
class ChallengeSet:
    """One version of the test set.

    Attributes:
        path: the file.
        digest: SHA-256 of its bytes.
        products: its rows.
        run_id: the run in TEST_EXPERIMENT that holds it.
        dataset: the same, as an input of other runs.
    """

    path: Path
    digest: str
    products: Products
    run_id: str
    dataset: Dataset


def find_test_file(settings: Settings) -> Path | None:
    """Find X_test beside the X_train in use: the user's own, or else the sample's."""
    own = any((settings.data_path / name).is_file() for name in _TRAIN_NAMES)
    folder = settings.data_path if own else settings.sample_path
    candidates = (folder / name for name in _TEST_NAMES)
    return next((path for path in candidates if path.is_file()), None)


def version_test_set(client: MlflowClient, settings: Settings) -> ChallengeSet | None:
    """Find the version that holds the present X_test, or make it.

    Returns:
        None when there is no X_test file.

    Raises:
        SourceError: the file cannot be read.
    """
    path = find_test_file(settings)
    if path is None:
        return None
    products = read_products(path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    experiment = experiment_id(client, settings, TEST_EXPERIMENT)
    runs = client.search_runs(
        [experiment],
        f"tags.`{_DIGEST}` = '{digest}' and attributes.status = 'FINISHED'",
        max_results=1,
    )
    known = [(run, run.inputs) for run in runs if run.inputs is not None]
    if known:
        run, inputs = known[0]
        run_id, dataset = str(run.info.run_id), inputs.dataset_inputs[0].dataset
    else:
        run_id, dataset = _log_test_set(client, experiment, path, digest, products)
    return ChallengeSet(path, digest, products, run_id, dataset)


def _log_test_set(
    client: MlflowClient, experiment: str, path: Path, digest: str, products: Products
) -> tuple[str, Dataset]:
    run = client.create_run(
        experiment,
        tags={_DIGEST: digest, "rakuten.file": path.name},
        run_name="test_set",
    )
    run_id = str(run.info.run_id)
    dataset = Dataset(
        name="rakuten_test_set",
        digest=digest[:36],  # the longest MLflow stores
        source_type="local",
        source=f'{{"uri": "{path.name}"}}',
        profile=f'{{"num_rows": {len(products.ids)}}}',
    )
    client.log_metric(run_id, "rows", len(products.ids))
    client.log_artifact(run_id, str(path), "test_set")
    client.log_inputs(
        run_id, [DatasetInput(dataset, [InputTag("mlflow.data.context", "test")])]
    )
    client.set_terminated(run_id, RunStatus.to_string(RunStatus.FINISHED))
    return run_id, dataset
