"""New versions of loaded products: the next value of each column, and its reason.

A column has three values: the one loaded, the one the files have, and the one to come.
Where the last two differ, the value was decided (`loaders correct`), and `kept` records
the value in the files. All of this happens in PostgreSQL, so memory here does not grow.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from psycopg2.extensions import connection as Connection  # noqa: N812
from psycopg2.extensions import cursor as Cursor  # noqa: N812

COLUMNS = {
    "designation": "text",
    "description": "text",
    "imageid": "bigint",
    "prdtypecode": "integer",
    "withdrawn": "boolean",
}

KINDS = ("changed", "new", "withdrawn", "restored", "agreed", "kept")

# The newest version of each product that is, as far as is known, in the files.
LOADED = """
create temporary table loaded on commit drop as
select
    x.productid, x.row_number, x.designation, x.description, x.imageid,
    y.prdtypecode, x.withdrawn, coalesce(d.kept, '{}') as kept
from (
    select distinct on (productid) * from raw.x_train
    where load_batch_id in (select id from raw.data_loads where status = 'completed')
    order by productid, load_batch_id desc
) as x
inner join raw.y_train as y using (row_number, load_batch_id)
left join (
    select distinct on (productid) * from raw.decisions
    where load_batch_id in (select id from raw.data_loads where status = 'completed')
    order by productid, load_batch_id desc
) as d on d.productid = x.productid
where not x.withdrawn or d.kept ? 'withdrawn'
"""


def for_each_column(template: str) -> str:
    """Return a list in SQL with an item for each column."""
    return ", ".join(template.format(c=column) for column in COLUMNS)


# From the table `proposed`: for each product the next values, loaded_… and file_….
VERSIONS = f"""
create temporary table versions on commit drop as
select
    p.*,
    array_remove(array[
        {for_each_column("case when {c} is distinct from loaded_{c} then '{c}' end")}
    ], null) as columns,
    (
        select coalesce(jsonb_object_agg(name, value), '{{}}')
        from (values
            {for_each_column("('{c}', to_jsonb(file_{c}), {c} is distinct from file_{c})")}
        ) as decided (name, value, differs)
        where differs
    ) as kept
from proposed as p
"""

# A product that stays withdrawn gets no further version.
WRITTEN = "is_new or (columns <> '{}' and not (withdrawn and loaded_withdrawn))"

DIFFERENCES = f"""
create temporary table differences on commit drop as
select
    case when is_new then 'new'
    when 'withdrawn' <> all(columns) then 'changed'
    when withdrawn then 'withdrawn' else 'restored' end as kind,
    productid, row_number,
    case when is_new or 'withdrawn' = any(columns) then '{{}}' else columns end as columns
from versions where {WRITTEN}
"""

# Decided columns for which the files now have the decided value, or a third one.
DECIDED = """
insert into differences (kind, productid, row_number, columns)
select kind, productid, row_number, array_agg(name order by name)
from (
    select
        productid, row_number, name,
        case when kept ? name then 'kept' else 'agreed' end as kind
    from versions, jsonb_object_keys(kept_before) as name
    where (not is_gone or name = 'withdrawn')
        and (kept -> name) is distinct from (kept_before -> name)
) as decided
group by kind, productid, row_number
"""

INSERT_X = f"""
insert into raw.x_train
    (row_number, designation, description, productid, imageid, withdrawn)
select row_number, designation, description, productid, imageid, withdrawn
from versions where {WRITTEN}
"""
INSERT_Y = f"""
insert into raw.y_train (row_number, prdtypecode)
select row_number, prdtypecode from versions where {WRITTEN}
"""
INSERT_DECISIONS = """
insert into raw.decisions (productid, kept, decision)
select productid, kept, decision from versions
where kept <> kept_before or decision = 'keep'
"""


@dataclass(frozen=True)
class Difference:
    """A product that differs from what is loaded.

    Attributes:
        kind: changed, new, withdrawn, restored, agreed (the files now have the decided
            value) or kept (the files have a new value; the decided one is kept).
        columns: which of them; empty unless `kind` is changed, agreed or kept.
    """

    kind: str
    productid: int
    row_number: int
    columns: Sequence[str]

    def __str__(self) -> str:
        """Return one line."""
        what = f": {', '.join(self.columns)}" if self.columns else ""
        return f"{self.kind:9}  product {self.productid}, row {self.row_number}{what}"


OnDifference = Callable[[Difference], None]


@dataclass(frozen=True)
class Correction:
    """The result of a correction, and the batch it made.

    Attributes:
        batch_name: None on a dry run, and when there was nothing to record.
        agreed: decided products for which the files now have the decided value.
        kept: decided products for which the files have a new value.
        notes: sentences for the operator.
    """

    batch_name: str | None
    changed: int
    new: int
    withdrawn: int
    restored: int = 0
    agreed: int = 0
    kept: int = 0
    notes: Sequence[str] = field(default=(), compare=False)

    def __str__(self) -> str:
        """Return one sentence, and another for each kind of decided product."""
        counts = (
            f"{self.changed:,} changed, {self.new:,} new, {self.withdrawn:,} withdrawn"
        )
        if self.restored:
            counts += f", {self.restored:,} restored"
        nothing = " Nothing was loaded." if self.batch_name is None else ""
        name = f"{self.batch_name}: " if self.batch_name else ""
        lines = [f"{name}{counts}.{nothing}"]
        if self.agreed:
            lines.append(
                f"For {self.agreed:,} corrected products, the files now have the"
                " corrected value too."
            )
        if self.kept:
            lines.append(
                f"For {self.kept:,} corrected products, the files have a new value; the"
                " corrected one is kept."
            )
        return "\n".join(lines)


def find_differences(cursor: Cursor, *, files_changed: bool) -> None:
    """Fill the tables `versions` and `differences` from the table `proposed`."""
    cursor.execute(VERSIONS)
    cursor.execute(DIFFERENCES)
    if files_changed:
        cursor.execute(DECIDED)


def list_differences(connection: Connection, on_difference: OnDifference) -> None:
    """Report each difference, through a cursor in the server: there may be very many."""
    with connection.cursor("differences") as cursor:
        cursor.execute(
            "select kind, productid, row_number, columns from differences order by 3, 1"
        )
        for row in cursor:
            on_difference(Difference(*row))


def count_differences(cursor: Cursor) -> dict[str, int]:
    """Return how many differences there are of each kind."""
    cursor.execute("select kind, count(*) from differences group by kind")
    return {str(kind): int(number) for kind, number in cursor.fetchall()}


def write_versions(cursor: Cursor, batch_id: int) -> dict[str, int]:
    """Write the new versions and decisions; return the rows of each raw table."""
    cursor.execute(f"set local rakuten.load_batch_id = {batch_id:d}")
    rows = {}
    for table, statement in (("x_train", INSERT_X), ("y_train", INSERT_Y)):
        cursor.execute(statement)
        rows[table] = cursor.rowcount
    cursor.execute(INSERT_DECISIONS)
    rows["decisions"] = cursor.rowcount
    cursor.execute("analyze raw.x_train, raw.y_train")
    return rows
