"""The figures of the weekly report that come from the warehouse."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from psycopg2.extensions import connection as Connection  # noqa: N812
from psycopg2.sql import SQL, Composable

from core.errors import SourceError
from core.settings import Settings
from loaders.published import newest_audited, newest_published
from reporting.drift import BinShift, Shift, measure_shift
from reporting.queries import fetch
from warehouse.connection import connect, has_relation

# The versions that were current just before a batch, and those that came with it.
_BEFORE = SQL(
    "load_batch_id < %(id)s and valid_to >= %(at)s and operation_type <> 'DELETE'"
)
_SLICE = SQL("load_batch_id = %(id)s and operation_type <> 'DELETE'")
_AS_OF = SQL(
    "valid_from <= %(at)s and valid_to > %(at)s and operation_type <> 'DELETE'"
)
_LENGTH = SQL("coalesce(length(designation), 0) + coalesce(length(description), 0)")

Comparison = tuple[Shift, Sequence[BinShift]] | None


@dataclass(frozen=True)
class ReportedBatch:
    """One completed load.

    Attributes:
        id: as in data_loads.
        name: `week_3`.
        percentage: of the catalogue that is loaded, this batch included.
        total_rows: likewise.
        completed_at: when its transaction ended.
        synthetic: whether its rows are from the sample.
    """

    id: int
    name: str
    percentage: float
    total_rows: int
    completed_at: datetime
    synthetic: bool = False


@dataclass(frozen=True)
class Duplicates:
    """Products that share designation and description with another.

    Attributes:
        products: how many such products there are.
        texts: how many texts they share.
        conflicting: texts with products in more than one class.
        new: such products that came with this batch.
    """

    products: int = 0
    texts: int = 0
    conflicting: int = 0
    new: int = 0


@dataclass(frozen=True)
class Published:
    """The catalogue in the marts as of one batch; empty before it is published.

    Attributes:
        operations: rows of this batch by INSERT, UPDATE, DELETE.
        classes: products by prdtypecode.
        categories: the name of each prdtypecode.
        class_shift: PSI by class, and its bins; None for the first batch.
        length_shift: PSI by length of the text, in tenths of the reference.
        length_bins: upper limit, in characters, of each tenth but the last.
        duplicates: see Duplicates.
    """

    operations: Mapping[str, int] = field(default_factory=dict)
    classes: Mapping[int, int] = field(default_factory=dict)
    categories: Mapping[int, str] = field(default_factory=dict)
    class_shift: Comparison = None
    length_shift: Comparison = None
    length_bins: Sequence[int] = ()
    duplicates: Duplicates = Duplicates()


@dataclass(frozen=True)
class Catalogue:
    """The catalogue as of one batch.

    Attributes:
        batch: the batch.
        batches: every completed batch up to it, oldest first.
        superseded_at: when the next batch was loaded; None for the newest.
        is_audited: whether an audit has admitted the batch to the marts.
        is_published: whether all marts hold it.
        marts: what the marts hold of it; empty before that.
    """

    batch: ReportedBatch
    batches: Sequence[ReportedBatch]
    superseded_at: datetime | None
    is_audited: bool
    is_published: bool
    marts: Published


def read_catalogue(settings: Settings, batch_name: str | None) -> Catalogue:
    """Read the marts as of a batch.

    Args:
        settings: see Settings.
        batch_name: None for the newest completed batch.

    Raises:
        PipelineError: a mart is missing.
        ServerError: the warehouse cannot be reached.
        SourceError: there is no such batch.
    """
    connection = connect(settings, "transformer", application="rakuten-report")
    # One snapshot for all queries, so that a load that commits meanwhile is not half
    # seen.
    connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
    try:
        batches = _batches(connection)
        position = _find_batch(batches, batch_name)
        batch = batches[position]
        later = batches[position + 1 :]
        is_published = batch.id <= newest_published(connection)
        return Catalogue(
            batch=batch,
            batches=batches[: position + 1],
            superseded_at=later[0].completed_at if later else None,
            is_audited=batch.id <= newest_audited(connection),
            is_published=is_published,
            marts=_read_marts(connection, batch) if is_published else Published(),
        )
    finally:
        connection.close()


def _read_marts(connection: Connection, batch: ReportedBatch) -> Published:
    length_shift, length_bins = _length_shift(connection, batch)
    return Published(
        operations=_operations(connection, batch),
        classes=_class_counts(connection, _AS_OF, batch),
        categories=_categories(connection),
        class_shift=_class_shift(connection, batch),
        length_shift=length_shift,
        length_bins=length_bins,
        duplicates=_duplicates(connection, batch),
    )


def _batches(connection: Connection) -> list[ReportedBatch]:
    """Return the completed batches, including those dbt has not built."""
    if not has_relation(connection, "raw.data_loads"):
        return []
    rows = fetch(
        connection,
        "select id, batch_name, percentage, total_rows, completed_at,"
        " coalesce(metadata ->> 'source' = 'sample', false)"
        " from raw.data_loads where status = 'completed' order by id",
    )
    return [
        ReportedBatch(i, name, float(p), total, at, s)
        for i, name, p, total, at, s in rows
    ]


def _operations(connection: Connection, batch: ReportedBatch) -> dict[str, int]:
    return _count(
        connection,
        "select operation_type, count(*) from marts.products_history"
        " where load_batch_id = %(id)s group by 1",
        batch,
    )


def _class_shift(connection: Connection, batch: ReportedBatch) -> Comparison:
    return measure_shift(
        _class_counts(connection, _BEFORE, batch),
        _class_counts(connection, _SLICE, batch),
    )


def _find_batch(batches: Sequence[ReportedBatch], name: str | None) -> int:
    names = [batch.name for batch in batches]
    if not names:
        raise SourceError(
            "No batch has been loaded yet: run `make weekly`, or `make load` first."
        )
    if name is None:
        return len(names) - 1
    if name not in names:
        raise SourceError(
            f"There is no completed batch {name!r}; the newest is {names[-1]!r}."
        )
    return names.index(name)


def _class_counts(
    connection: Connection, condition: SQL, batch: ReportedBatch
) -> dict[int, int]:
    query = SQL(
        "select prdtypecode, count(*) from marts.labels_history where {} group by 1"
    )
    counted = _count(connection, query.format(condition), batch)
    return {int(code): rows for code, rows in counted.items()}


def _categories(connection: Connection) -> dict[int, str]:
    rows = fetch(
        connection, "select prdtypecode, category from marts.class_distribution"
    )
    return {int(code): str(name) for code, name in rows if name}


def _length_shift(
    connection: Connection, batch: ReportedBatch
) -> tuple[Comparison, list[int]]:
    tenths = SQL(
        "select percentile_disc(array[.1,.2,.3,.4,.5,.6,.7,.8,.9])"
        " within group (order by {}) from marts.products_history where {}"
    )
    query = tenths.format(_LENGTH, _BEFORE)
    [(limits,)] = fetch(connection, query, _moment(batch))
    if limits is None:
        return None, []
    bins = sorted({int(limit) for limit in limits})
    # Upper limits are inclusive, as those of the tenths are.
    histogram = SQL(
        "select width_bucket({} - 1, %(bins)s::int[]), count(*)"
        " from marts.products_history where {} group by 1"
    )
    before, now = (
        _count(connection, histogram.format(_LENGTH, condition), batch, bins=bins)
        for condition in (_BEFORE, _SLICE)
    )
    return measure_shift(before, now), bins


def _duplicates(connection: Connection, batch: ReportedBatch) -> Duplicates:
    query = SQL("""
        with texts as (
            select
                productid,
                load_batch_id,
                md5(coalesce(designation, '') || chr(31) || coalesce(description, ''))
                    as digest
            from marts.products_history
            where {as_of}
        ),

        labels as (
            select productid, prdtypecode
            from marts.labels_history
            where {as_of}
        ),

        shared as (
            select
                count(*) as products,
                count(*) filter (where texts.load_batch_id = %(id)s) as new,
                min(labels.prdtypecode) < max(labels.prdtypecode) as is_conflicting
            from texts
            inner join labels using (productid)
            group by texts.digest
            having count(*) > 1
        )

        select
            coalesce(sum(products), 0),
            count(*),
            count(*) filter (where is_conflicting),
            coalesce(sum(new), 0)
        from shared
    """)
    [row] = fetch(connection, query.format(as_of=_AS_OF), _moment(batch))
    products, texts, conflicting, new = (int(value) for value in row)
    return Duplicates(products, texts, conflicting, new)


def _count(
    connection: Connection,
    query: str | Composable,
    batch: ReportedBatch,
    **values: object,
) -> dict[Any, int]:
    rows = fetch(connection, query, {**_moment(batch), **values})
    return {key: int(count) for key, count in rows}


def _moment(batch: ReportedBatch) -> dict[str, object]:
    return {"id": batch.id, "at": batch.completed_at}
