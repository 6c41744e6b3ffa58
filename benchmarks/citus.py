r"""The whole weekly path on a plain PostgreSQL and on Citus: are the marts the same?

    PLAIN_PASSWORD=… CITUS_PASSWORD=… \
    python benchmarks/citus.py CATALOGUE postgresql://user@host:5432/database \
        postgresql://user@coordinator:5432/database [--weeks 3] [--skip train]

Both databases have to be empty. A connection string holds no password: it comes from
PLAIN_PASSWORD and CITUS_PASSWORD, or from a file that PLAIN_PASSWORD_FILE or
CITUS_PASSWORD_FILE names. Runs the first load and WEEKS more on each, every step as a
process of its own; before the last week the files are corrected (texts and labels changed,
products withdrawn) and reconciled. Then it compares the number of rows and an MD5 of every
mart, without the columns that hold a time, and of the catalogue as it was at each batch,
and rebuilds each balanced set from the history. Prints all of it and the seconds of each
step; exit code 1 when anything differs.
"""

import argparse
import csv
import hashlib
import os
import shutil
import sys
import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

from load import below, run  # benchmarks/load.py
from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812

from warehouse.connection import Endpoint, open_connection

STEPS = ("load", "build", "balance", "train", "review", "report")
# A version's id is made from its time.
TIMES = {
    *("started_at", "completed_at", "loaded_at", "recorded_at", "version_id"),
    *("valid_from", "valid_to", "metadata"),
}


def server(name: str, address: str) -> Endpoint:
    """Read a connection string, and its password from the environment or a file."""
    parts = urlsplit(address)
    if parts.password:
        raise SystemExit(
            f"Leave the password out of the connection string: set {name}_PASSWORD."
        )
    password = os.environ.get(f"{name}_PASSWORD")
    if password is None and (path := os.environ.get(f"{name}_PASSWORD_FILE")):
        password = Path(path).read_text().strip()
    if not (password and parts.hostname and parts.username and parts.path.strip("/")):
        raise SystemExit(
            f"Give postgresql://user@host:port/database, and {name}_PASSWORD or"
            f" {name}_PASSWORD_FILE."
        )
    return Endpoint(
        parts.hostname,
        parts.port or 5432,
        parts.path.strip("/"),
        unquote(parts.username),
        password,
    )


def has_citus(where: Endpoint) -> bool:
    """Return whether the database has the extension."""
    connection = open_connection(where)
    with connection.cursor() as cursor:
        cursor.execute("select from pg_extension where extname = 'citus'")
        found = cursor.rowcount > 0
    connection.close()
    return found


def correct(catalogue: Path, corrected: Path) -> Path:
    """Write the files again: of each 5,000 rows one text, one label, one row fewer."""
    corrected.mkdir()
    for name in ("X_train.csv", "Y_train.csv"):
        with (
            (catalogue / name).open(newline="") as old,
            (corrected / name).open("w", newline="") as new,
        ):
            rows, writer = csv.reader(old), csv.writer(new, lineterminator="\n")
            writer.writerow(next(rows))
            for position, row in enumerate(rows):
                place = position % 5000
                if place == 10 and name == "X_train.csv":
                    row[1] += " corrected"
                if place == 20 and name == "Y_train.csv":
                    row[1] = "40" if row[1] == "10" else "10"
                if place != 30:
                    writer.writerow(row)
    return corrected


def work(
    where: Endpoint,
    catalogue: Path,
    home: Path,
    target: str,
    options: argparse.Namespace,
) -> None:
    """Run all weeks, print the seconds of each step, and verify what was balanced."""
    environment = os.environ | {
        "POSTGRES_HOST": where.host,
        "POSTGRES_PORT": str(where.port),
        "POSTGRES_DB": where.dbname,
        "POSTGRES_USER": where.user,
        "POSTGRES_PASSWORD": where.password,
        "DATA_PATH": str(catalogue),
        **below(home),
        "DBT_TARGET": target,
    }

    def step(label: str, name: str, *command: str) -> None:
        seconds = run([sys.executable, "-m", *command], environment).seconds
        print(f"{target:6} {label:8} {name:9} {seconds:7.1f} s", flush=True)

    steps = [step for step in STEPS if step not in options.skip]
    for week in range(1, 2 + options.weeks):
        if week == 1 + options.weeks:
            environment["DATA_PATH"] = str(correct(catalogue, home / "corrected"))
            step(f"week_{week}", "reconcile", "loaders", "reconcile")
        for name in steps:
            step(f"week_{week}", name, "orchestration", "weekly", "--only", name)
    if "balance" in steps:
        for week in range(1, 2 + options.weeks):
            step(f"week_{week}", "verify", "balancing", "verify", f"week_{week}")


def contents(where: Endpoint) -> dict[str, tuple[int, str]]:
    """Return rows and MD5 of every table and view in marts, and of the catalogue over time.

    Read as an analyst does: on Citus a view needs rights on what it reads.
    Rows are sorted as text by the server in one order (C), and hashed here as they come.
    """
    connection = open_connection(where, "analyst")
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_name, array_agg(column_name::text order by column_name)"
            " from information_schema.columns where table_schema = 'marts'"
            " group by table_name order by table_name"
        )
        tables = cursor.fetchall()
        cursor.execute(
            "select batch_name from marts.data_loads where status = 'completed'"
            " order by id"
        )
        batches = [name for (name,) in cursor]
    relations = {
        table: sql.SQL("select {} from marts.{}").format(
            sql.SQL(", ").join(
                sql.Identifier(name) for name in columns if name not in TIMES
            ),
            sql.Identifier(table),
        )
        for table, columns in tables
    } | {
        f"products_as_of {batch}": sql.SQL(
            "select * from marts.products_as_of({})"
        ).format(sql.Literal(batch))
        for batch in batches
    }
    found = {name: _digest(connection, query) for name, query in relations.items()}
    connection.close()
    return found


def _digest(connection: Connection, query: sql.Composed) -> tuple[int, str]:
    count, digest = 0, hashlib.md5()
    with connection.cursor("rows") as cursor:
        cursor.execute(
            sql.SQL(
                'select (row(found.*))::text collate "C" from ({}) as found order by 1'
            ).format(query)
        )
        for (line,) in cursor:
            count += 1
            digest.update(line.encode() + b"\n")
    connection.rollback()
    return count, digest.hexdigest()


def main() -> None:
    """Run on both, compare, and say so in the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("catalogue", type=Path)
    parser.add_argument("plain")
    parser.add_argument("citus")
    parser.add_argument("--weeks", type=int, default=3)
    parser.add_argument("--skip", nargs="*", choices=STEPS[2:], default=[])
    options = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="bench-citus-"))
    found = []
    try:
        for name, address in (("PLAIN", options.plain), ("CITUS", options.citus)):
            where = server(name, address)
            there = has_citus(where)
            print(
                f"{name}: {where.host}:{where.port}, {'with' if there else 'no'} Citus"
            )
            target = "citus" if there else "local"
            (home / name).mkdir()
            work(where, options.catalogue, home / name, target, options)
            found.append(contents(where))
    finally:
        shutil.rmtree(home)
    plain, citus = found
    print(f"\n{'relation':28} {'rows':>10}  md5")
    for table in sorted(plain.keys() | citus.keys()):
        one, other = plain.get(table), citus.get(table)
        said = "same" if one == other else f"DIFFERS: {other}"
        print(f"{table:28} {one[0] if one else 0:>10,}  {one and one[1]}  {said}")
    sys.exit(plain != citus)


if __name__ == "__main__":
    main()
