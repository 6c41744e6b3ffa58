"""The review of a dataset version: which labels and texts a person should look at."""

import hashlib
import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass

import numpy as np
import sklearn
from numpy.typing import NDArray
from psycopg2.extensions import connection as Connection  # noqa: N812
from scipy.sparse import csr_matrix
from sklearn.pipeline import Pipeline

from core.progress import report_progress
from core.settings import Settings
from core.tracking import open_client
from loaders.reviews import (
    LabelIssue,
    NearDuplicate,
    Review,
    find_review,
    record_review,
)
from training.compare import compare
from training.cross_fit import CrossFit, cross_fit
from training.datasets import TrainingDataset, resolve_dataset
from training.evaluate import evaluate
from training.explain import add_up_words, name_features
from training.label_issues import LabelIssues, find_label_issues
from training.model import ModelParams, features, fit_classifier
from training.near_duplicates import find_near_duplicates
from training.rows import Products, read_products
from warehouse.connection import connect

# Raised whenever the code changes what a review finds.
_VERSION = 1
# Products whose words are kept: those on the review page.
_SHOWN = 100
_WORDS = 6

# The relation, and a class by productid: the one before a fix, the one that was kept.
FIXED = (
    "marts.label_issues",
    "select productid, given_prdtypecode from marts.label_issues"
    " where status = 'fixed'",
)
KEPT = (
    "intermediate.int_kept_labels",
    "select productid, prdtypecode from intermediate.int_kept_labels",
)


@dataclass(frozen=True)
class ReviewOutcome:
    """The result of one review.

    Attributes:
        batch_name: the batch whose dataset version it is of.
        review: what is in the warehouse.
        reused: whether this very review had been made before.
    """

    batch_name: str
    review: Review
    reused: bool


def review(
    settings: Settings,
    dataset: str | None = None,
    *,
    warehouse: str | None = None,
    force: bool = False,
) -> ReviewOutcome:
    """Look for wrong labels in a dataset version, unless that has been done.

    The findings are rows in raw, which the marts label_issues and data_issues show.

    Args:
        settings: see Settings.
        dataset: see `core.datasets.find_version`.
        warehouse: identity of the warehouse whose dataset versions count; None for all.
        force: review again even if the same review is there already.

    Raises:
        SourceError: there is no such dataset version, or its files are gone.
        BusyError: a loader is running.
        ServerError: the warehouse or MLflow cannot be reached.
    """
    source = resolve_dataset(open_client(settings), dataset, warehouse)
    params = ModelParams(seed=settings.random_seed)
    with closing(connect(settings, "transformer")) as connection:
        fixed, kept = (_read_codes(connection, *query) for query in (FIXED, KEPT))
        key = _review_key(source, params, fixed, kept)
        known = None if force else find_review(connection, key)
    if known is not None:
        return ReviewOutcome(source.batch_name, known, reused=True)
    products = read_products(source.train_path, source.validation_path)
    report_progress(f"computing features of {products.ids.size:,} products")
    steps = features(params)
    matrix = steps.fit_transform(products.texts)
    classes, given = np.unique(products.labels, return_inverse=True)
    crossed = cross_fit(params, matrix, given, products.folds, classes)
    issues = find_label_issues(given, crossed.chances)
    report_progress("looking for nearly equal texts")
    title_features = 2**params.title_bits
    pairs = find_near_duplicates(
        matrix[:, title_features:], products.labels, params.seed
    )
    words = _words(steps, products, crossed, _shown(products, issues, kept))
    recorded = record_review(
        settings,
        key,
        source.load_batch_id,
        products.ids.size,
        _label_issues(products, classes, given, crossed, issues, words),
        (
            NearDuplicate(
                int(products.ids[row]), int(products.ids[other]), float(share)
            )
            for row, other, share in zip(
                pairs.rows, pairs.others, pairs.similarities, strict=True
            )
        ),
        _gain(params, matrix, products, source, fixed),
    )
    return ReviewOutcome(source.batch_name, recorded, reused=False)


def _read_codes(connection: Connection, relation: str, query: str) -> dict[int, int]:
    """Read a class by productid from a model; none before dbt has built it."""
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass(%s) is not null", [relation])
        if cursor.fetchone() != (True,):
            return {}
        cursor.execute(query)
        return {int(product): int(code) for product, code in cursor.fetchall()}


def _review_key(
    source: TrainingDataset,
    params: ModelParams,
    fixed: Mapping[int, int],
    kept: Mapping[int, int],
) -> str:
    """Return a hash of everything that determines the result."""
    identity = {
        "dataset": source.digest,
        "params": params.as_dict(),
        "version": _VERSION,
        "fixed": sorted(fixed.items()),
        "kept": sorted(kept.items()),
        "scikit-learn": sklearn.__version__,
    }
    return hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()


def _shown(
    products: Products, issues: LabelIssues, kept: Mapping[int, int]
) -> list[int]:
    """Return the rows that a person is shown: the first that nobody has kept."""
    is_open = (
        row
        for row in issues.rows.tolist()
        if kept.get(int(products.ids[row])) != int(products.labels[row])
    )
    return list(itertools.islice(is_open, _SHOWN))


def _words(
    steps: Pipeline, products: Products, crossed: CrossFit, rows: Sequence[int]
) -> dict[int, list[str]]:
    """Return the words that speak for the suggested class, by row."""
    words = {}
    for row in rows:
        spoken = crossed.spoken.get(row)
        if spoken is not None:
            named = name_features(steps, products.texts.iloc[[row]])
            strongest = add_up_words(named, spoken.features, spoken.shares)
            words[row] = [word for word, _ in strongest[:_WORDS]]
    return words


def _label_issues(
    products: Products,
    classes: NDArray[np.int64],
    given: NDArray[np.intp],
    crossed: CrossFit,
    issues: LabelIssues,
    words: Mapping[int, list[str]],
) -> Iterator[LabelIssue]:
    for rank, (row, suggested) in enumerate(
        zip(issues.rows.tolist(), issues.suggested.tolist(), strict=True), start=1
    ):
        yield LabelIssue(
            productid=int(products.ids[row]),
            rank=rank,
            given_prdtypecode=int(products.labels[row]),
            given_probability=float(crossed.chances[row, given[row]]),
            suggested_prdtypecode=int(classes[suggested]),
            suggested_probability=float(crossed.chances[row, suggested]),
            words=words.get(row),
        )


def _gain(
    params: ModelParams,
    matrix: csr_matrix,
    products: Products,
    source: TrainingDataset,
    fixed: Mapping[int, int],
) -> dict[str, float] | None:
    """Compare a model trained with the fixed labels to one trained with those before.

    Both are judged on the same held-out rows, whose labels are those of today.

    Args:
        params: see ModelParams.
        matrix: the features of `products`.
        products: see `read_products`.
        source: the dataset version.
        fixed: the class before, by productid.

    Returns:
        None when no training row was fixed.
    """
    before = products.labels.copy()
    places = np.flatnonzero(np.isin(products.ids, list(fixed)))
    before[places] = [fixed[int(product)] for product in products.ids[places]]
    is_held_out = products.folds == int(source.holdout_fold)
    changed = int(np.count_nonzero((before != products.labels) & ~is_held_out))
    if not changed:
        return None
    report_progress(f"measuring the gain of {changed:,} fixed labels")
    truth = products.labels[is_held_out]
    taught, asked = matrix[~is_held_out], matrix[is_held_out]
    with_fixes, without = (
        fit_classifier(params, taught, labels[~is_held_out]).predict(asked)
        for labels in (products.labels, before)
    )
    difference = compare(truth, with_fixes, without)
    return {
        "fixed": changed,
        "held_out_rows": int(truth.size),
        "weighted_f1": evaluate(truth, with_fixes).weighted_f1,
        "weighted_f1_before": evaluate(truth, without).weighted_f1,
        **asdict(difference),
    }
