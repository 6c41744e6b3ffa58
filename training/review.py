"""Review a dataset version: find the labels and texts that a person should check."""

import hashlib
import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import sklearn
from numpy.typing import NDArray
from psycopg2.extensions import connection as Connection  # noqa: N812
from scipy.sparse import csr_matrix, vstack
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
from training.features import TrainingFeatures, compute_features
from training.label_issues import LabelIssues, find_label_issues
from training.model import ModelParams, append_rows, fit_blocks, transform_texts
from training.near_duplicates import NearDuplicates, find_near_duplicates
from training.rows import Products, read_products, read_texts, read_texts_of
from training.words import HELD_OUT_COUNTS
from warehouse.connection import connect, has_relation

# Raised with every change of the code that changes the findings.
_VERSION = 2
# Products whose labels and texts are compared at the same time. With more, what both need
# would be the most memory of a review.
_AT_ONCE = 500_000
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
        reused: whether the same review had been made before.
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
        force: review again even if the same review exists.

    Raises:
        SourceError: there is no such dataset version, or its files are gone.
        BusyError: a loader is running.
        ServerError: the warehouse or MLflow cannot be reached.
    """
    return prepare_review(settings, dataset, warehouse=warehouse, force=force)()


def prepare_review(
    settings: Settings,
    dataset: str | None = None,
    *,
    warehouse: str | None = None,
    force: bool = False,
) -> Callable[[], ReviewOutcome]:
    """Do the work of `review`, and return a function that records the findings."""
    source = resolve_dataset(open_client(settings), dataset, warehouse)
    params = ModelParams(seed=settings.random_seed)
    with closing(connect(settings, "transformer")) as connection:
        fixed, kept = (_read_codes(connection, *query) for query in (FIXED, KEPT))
        key = _review_key(source, params, fixed, kept)
        known = None if force else find_review(connection, key)
    if known is not None:
        outcome = ReviewOutcome(source.batch_name, known, reused=True)
        return lambda: outcome
    trained = compute_features(source, params, settings.snapshots_path)
    held_out = _held_out(trained, source, settings.snapshots_path)
    products = _products(trained, source)
    classes, given = np.unique(products.labels, return_inverse=True)

    blocks = append_rows(trained.blocks, held_out)

    def find_pairs() -> NearDuplicates:
        words = _words_of(blocks.read_features(), params)
        return find_near_duplicates(words, products.labels, params.seed)

    with ThreadPoolExecutor(1) as beside:
        at_once = products.ids.size <= _AT_ONCE
        found = beside.submit(find_pairs) if at_once else None
        crossed = cross_fit(params, blocks, given, products.folds, classes)
        issues = find_label_issues(given, crossed.probabilities)
        report_progress("looking for nearly equal texts")
        pairs = found.result() if found else find_pairs()
    words = _strongest_words(
        trained.steps, source, products, crossed, _shown(products, issues, fixed, kept)
    )
    gain = _gain(params, trained, held_out, products, fixed)

    def record() -> ReviewOutcome:
        recorded = record_review(
            settings,
            key,
            source.load_batch_id,
            products.ids.size,
            _label_issues(products, classes, given, crossed, issues, words),
            _near_duplicates(products, pairs),
            gain,
        )
        return ReviewOutcome(source.batch_name, recorded, reused=False)

    return record


def _held_out(
    trained: TrainingFeatures, source: TrainingDataset, folder: Path
) -> csr_matrix:
    """Return the features of the held-out products."""
    texts = read_texts(source.validation_path)
    parts = transform_texts(trained.steps, texts, folder / HELD_OUT_COUNTS)
    empty = csr_matrix((0, trained.blocks.features), dtype=np.float32)
    return vstack([empty, *parts], format="csr")


def _products(trained: TrainingFeatures, source: TrainingDataset) -> Products:
    """Return all products in the order of their features: the held-out ones last."""
    train, held_out = map(read_products, (source.train_path, source.validation_path))
    return Products(
        np.concatenate([train.ids[trained.order], held_out.ids]),
        np.concatenate([train.labels[trained.order], held_out.labels]),
        np.concatenate([train.folds[trained.order], held_out.folds]),
    )


def _words_of(blocks: Iterable[csr_matrix], params: ModelParams) -> csr_matrix:
    """Return which words are in the text of each product, as hashed for the model."""
    parts = []
    for block in blocks:
        words = block[:, 2**params.title_bits :]
        present = np.ones(words.nnz, dtype=np.int8)
        parts.append(csr_matrix((present, words.indices, words.indptr), words.shape))
    return vstack(parts, format="csr")


def _read_codes(connection: Connection, relation: str, query: str) -> dict[int, int]:
    """Read a class by productid from a model; none before dbt has built it."""
    if not has_relation(connection, relation):
        return {}
    with connection.cursor() as cursor:
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
    products: Products,
    issues: LabelIssues,
    fixed: Mapping[int, int],
    kept: Mapping[int, int],
) -> list[int]:
    """Return the rows shown on the review page: the first ones nobody has decided."""
    is_open = (
        row
        for row in issues.rows.tolist()
        if (product := int(products.ids[row])) not in fixed
        and kept.get(product) != int(products.labels[row])
    )
    return list(itertools.islice(is_open, _SHOWN))


def _strongest_words(
    steps: Pipeline,
    source: TrainingDataset,
    products: Products,
    crossed: CrossFit,
    rows: Sequence[int],
) -> dict[int, list[str]]:
    """Return the words that contribute most to the suggested class, by row."""
    explained = {
        row: crossed.contributions[row] for row in rows if row in crossed.contributions
    }
    paths = (source.train_path, source.validation_path)
    texts = read_texts_of(paths, [int(products.ids[row]) for row in explained])
    words = {}
    for row, contributions in explained.items():
        named = name_features(steps, texts.loc[[products.ids[row]]])
        strongest = add_up_words(named, contributions.features, contributions.shares)
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
            given_probability=float(crossed.probabilities[row, given[row]]),
            suggested_prdtypecode=int(classes[suggested]),
            suggested_probability=float(crossed.probabilities[row, suggested]),
            words=words.get(row),
        )


def _near_duplicates(
    products: Products, pairs: NearDuplicates
) -> Iterator[NearDuplicate]:
    for row, other, share in zip(
        pairs.rows, pairs.others, pairs.similarities, strict=True
    ):
        yield NearDuplicate(
            int(products.ids[row]), int(products.ids[other]), float(share)
        )


def _gain(
    params: ModelParams,
    trained: TrainingFeatures,
    held_out: csr_matrix,
    products: Products,
    fixed: Mapping[int, int],
) -> dict[str, float] | None:
    """Compare a model trained on the fixed labels to one trained on the labels before.

    Both are evaluated on the same held-out rows with their current labels.

    Args:
        params: see ModelParams.
        trained: the training products.
        held_out: the features of the others.
        products: all of them.
        fixed: the class before, by productid.

    Returns:
        None when no training row was fixed.
    """
    rows = trained.order.size
    labels = products.labels[:rows]
    before = labels.copy()
    places = np.flatnonzero(np.isin(products.ids[:rows], list(fixed)))
    before[places] = [fixed[int(product)] for product in products.ids[places]]
    changed = int(np.count_nonzero(before != labels))
    truth = products.labels[rows:]
    if not changed or not truth.size:
        return None
    report_progress(f"measuring the gain of {changed:,} fixed labels")
    with_fixes, without = (
        fit_blocks(params, trained.blocks, codes).predict(held_out)
        for codes in (labels, before)
    )
    difference = compare(truth, with_fixes, without)
    return {
        "fixed": changed,
        "held_out_rows": int(truth.size),
        "weighted_f1": evaluate(truth, with_fixes).weighted_f1,
        "weighted_f1_before": evaluate(truth, without).weighted_f1,
        **asdict(difference),
    }
