"""Create the database, its roles and its schemas, which a load requires."""

import base64
import hashlib
import hmac
import re
from contextlib import closing

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812
from psycopg2.extensions import encrypt_password

from core.errors import ConfigurationError, ServerError
from core.settings import Settings
from warehouse import embedded
from warehouse.connection import Endpoint, endpoint, open_connection

TRANSFORMER_SCHEMAS = ("staging", "intermediate", "marts")


ATTEMPTS = 5
LARGE_OBJECTS = (
    "lo_creat(integer)",
    "lo_create(oid)",
    "lo_from_bytea(oid, bytea)",
    "lo_put(oid, bigint, bytea)",
    "lowrite(integer, bytea)",
)
ROLES = ("loader", "transformer", "analyst")
OLDEST_VERSION = 16
_ONE_ITERATION = "SCRAM-SHA-256$1:"


def ensure_prepared(settings: Settings) -> None:
    """Prepare the database unless an administrator has done so already.

    Raises:
        ConfigurationError: something is missing, and the login may not create it.
        ServerError: the server cannot be reached.
    """
    if settings.embedded or not _is_prepared(settings):
        prepare(settings)


def _is_prepared(settings: Settings) -> bool:
    connection = open_connection(endpoint(settings))
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "select count(*) filter (where pg_has_role(oid, 'member')"
                " and (rolcanlogin or not exists"
                " (select from pg_extension where extname = 'citus'))) = %s"
                " and to_regnamespace('raw') is not null"
                " and to_regnamespace('marts') is not null"
                " from pg_roles where rolname = any(%s)",
                [len(ROLES), list(ROLES)],
            )
            row = cursor.fetchone()
    finally:
        connection.close()
    return bool(row and row[0])


def prepare(settings: Settings) -> None:
    """Create whatever is missing.

    Raises:
        ConfigurationError: the login lacks the rights to do so, or the database cannot
            be a warehouse.
        ServerError: the server cannot be reached.
    """
    if settings.embedded:
        _prepare_logins(settings)
    for attempt in range(ATTEMPTS):
        with closing(_administration(settings)) as connection:
            _check_database(connection, settings)
            try:
                with connection:
                    _prepare_schemas(connection, settings)
            except psycopg2.errors.ReadOnlySqlTransaction:
                raise read_only_error(settings) from None
            # Among others: a worker of Citus that refuses the role's password.
            except psycopg2.OperationalError as error:
                raise ServerError(
                    f"Database {settings.postgres_db!r} could not be prepared, nothing"
                    f" was changed: {str(error).strip()}"
                ) from None
            # The first command of another database created the roles, which all share.
            except (
                psycopg2.errors.DuplicateObject,
                psycopg2.errors.UniqueViolation,
                psycopg2.errors.InternalError_,
            ):
                if attempt == ATTEMPTS - 1:
                    raise
                continue
            return


def _check_database(connection: Connection, settings: Settings) -> None:
    version = connection.server_version // 10_000
    if version < OLDEST_VERSION:
        raise ConfigurationError(
            f"PostgreSQL at {settings.postgres_host} has version {version}:"
            f" {OLDEST_VERSION} or newer is required. Nothing was changed."
        )
    encoding = connection.get_parameter_status("server_encoding")
    if encoding != "UTF8":
        name = settings.postgres_db
        raise ConfigurationError(
            f"Database {name!r} has the encoding {encoding}: UTF8 is required for the"
            " catalogue's texts. Set POSTGRES_DB to another one, made for instance by"
            " `createdb --template template0 --encoding UTF8 NAME`. Nothing was changed."
        )


def read_only_error(settings: Settings) -> ServerError:
    """Return the error for a server or a database that takes no changes."""
    return ServerError(
        f"PostgreSQL takes no changes: the server, or its database {settings.postgres_db},"
        " is read-only (a standby, or default_transaction_read_only is on). Nothing was"
        " changed."
    )


def _administration(settings: Settings) -> Connection:
    where = endpoint(settings)
    if settings.embedded:
        superuser = embedded.login(settings, embedded.SUPERUSER)
        where = Endpoint(
            where.host,
            where.port,
            settings.postgres_db,
            superuser.user,
            superuser.password,
        )
    return open_connection(where)


def _prepare_logins(settings: Settings) -> None:
    """Create the login, the analyst and the database on the embedded server."""
    owner = endpoint(settings)
    analyst = embedded.login(settings, embedded.ANALYST)
    connection = open_connection(embedded.login(settings, embedded.SUPERUSER))
    connection.autocommit = True
    with connection.cursor() as cursor:
        # All databases share the roles: two first commands at once would both create
        # them.
        cursor.execute("select pg_advisory_lock(hashtext('rakuten-elt prepare'))")
        for where in (owner, analyst):
            _prepare_login(connection, where)
        if not _exists(connection, "pg_database", "datname", owner.dbname):
            cursor.execute(
                sql.SQL("create database {} owner {}").format(
                    sql.Identifier(owner.dbname), sql.Identifier(owner.user)
                )
            )
    connection.close()


def _prepare_login(connection: Connection, where: Endpoint) -> None:
    """Create a login, or reset its password to the one in its file.

    The file may have been lost, or the password changed: an analyst may change its own.
    The statement contains a verifier instead, since the server logs failed statements.

    One iteration makes a verifier easier to guess from, and each of the hundred
    connections of a build three milliseconds faster. Passwords are random, and who can
    read the verifier can read their files.
    """
    with connection.cursor() as cursor:
        cursor.execute("set scram_iterations = 1")
        cursor.execute(
            "select rolpassword from pg_authid where rolname = %s", [where.user]
        )
        row = cursor.fetchone()
        kept = (row and row[0]) or ""
        if kept.startswith(_ONE_ITERATION) and matches(kept, where.password):
            return
        verifier = encrypt_password(
            where.password, where.user, connection, "scram-sha-256"
        )
        statement = "alter role {} login password %s"
        if row is None:
            statement = "create role {} login password %s"
        cursor.execute(
            sql.SQL(statement).format(sql.Identifier(where.user)), [verifier]
        )


def matches(verifier: str, password: str) -> bool:
    """Return whether a SCRAM-SHA-256 verifier is that of a password (RFC 5803)."""
    match = re.fullmatch(r"SCRAM-SHA-256\$(\d+):([^$]+)\$([^:]+):.+", verifier)
    if match is None:
        return False
    rounds, salt, stored = match.groups()
    salted = hashlib.pbkdf2_hmac(
        "sha256", password.encode(), base64.b64decode(salt), int(rounds)
    )
    client = hmac.digest(salted, b"Client Key", "sha256")
    return hmac.compare_digest(
        base64.b64encode(hashlib.sha256(client).digest()).decode(), stored
    )


def _exists(connection: Connection, catalogue: str, column: str, name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("select true from {} where {} = %s").format(
                sql.Identifier(catalogue), sql.Identifier(column)
            ),
            [name],
        )
        return cursor.fetchone() is not None


def _prepare_schemas(connection: Connection, settings: Settings) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('rakuten-elt prepare'))")
    statements = _setup_statements(connection, settings)
    try:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    except psycopg2.errors.InsufficientPrivilege as error:
        script = ";\n".join(statement.as_string(connection) for statement in statements)
        raise ConfigurationError(
            f"{settings.postgres_user!r} may not set up the database:"
            f" {str(error).strip()}. Have an administrator run, in database"
            f" {settings.postgres_db!r}:\n{script};"
        ) from None


def schema_statements() -> list[sql.Composable]:
    """Return what creates the schemas of dbt's models, if they are not there."""
    return [
        sql.SQL("create schema if not exists {} authorization transformer").format(
            sql.Identifier(schema)
        )
        for schema in TRANSFORMER_SCHEMAS
    ]


def _setup_statements(
    connection: Connection, settings: Settings
) -> list[sql.Composable]:
    """Return what creates the missing roles and schemas, and grants their rights."""
    login = sql.Identifier(settings.postgres_user)
    database = sql.Identifier(settings.postgres_db)
    return [
        *(
            sql.SQL("create role {}").format(sql.Identifier(role))
            for role in ROLES
            if not _exists(connection, "pg_roles", "rolname", role)
        ),
        # Citus connects to its workers with the role of the session, which therefore
        # has to be able to log in. Without a password only a server that trusts the
        # coordinator's address accepts it.
        *(
            sql.SQL("alter role {} login").format(sql.Identifier(role))
            for role in ROLES
            if _exists(connection, "pg_extension", "extname", "citus")
        ),
        sql.SQL("grant loader, transformer, analyst to {}").format(login),
        sql.SQL("alter database {} set search_path = marts, analyst, public").format(
            database
        ),
        sql.SQL("revoke all on database {} from public").format(database),
        sql.SQL("grant connect on database {} to loader, transformer, analyst").format(
            database
        ),
        sql.SQL("grant temporary on database {} to loader, transformer").format(
            database
        ),
        sql.SQL("revoke all on schema public from public"),
        sql.SQL("create schema if not exists raw authorization loader"),
        sql.SQL("grant usage on schema raw to transformer"),
        sql.SQL(
            "alter default privileges for role loader in schema raw"
            " grant select on tables to transformer"
        ),
        *schema_statements(),
        sql.SQL("grant usage on schema marts to analyst"),
        # For views of their own.
        sql.SQL("create schema if not exists analyst authorization analyst"),
        # Anybody could write large objects otherwise; only the superuser may revoke
        # this.
        *(
            sql.SQL("revoke execute on function {} from public").format(sql.SQL(name))
            for name in LARGE_OBJECTS
            if settings.embedded
        ),
    ]
