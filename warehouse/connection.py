"""The address of the warehouse, and connections to it."""

import os
import re
from dataclasses import dataclass, field
from typing import Literal

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812

from core.errors import ConfigurationError, ServerError
from core.settings import Settings

FOREIGN_VARIABLES = (
    "PGHOSTADDR",
    "PGSERVICE",
    "PGSERVICEFILE",
    "PGSSLMODE",
    "PGSSLNEGOTIATION",
    "PGSSLCERTMODE",
    "PGGSSENCMODE",
    "PGCHANNELBINDING",
    "PGREQUIREAUTH",
    "PGTARGETSESSIONATTRS",
    "PGTZ",
    "PGOPTIONS",
)
# Python's texts are UTF-8 here, whatever PGCLIENTENCODING says.
ENCODING = "UTF8"
# A build that waits longer for a lock fails and names the node.
LOCK_TIMEOUT = "60s"

Role = Literal["loader", "transformer", "analyst"]


@dataclass(frozen=True)
class Endpoint:
    """The address and login of one database."""

    host: str
    port: int
    dbname: str
    user: str
    password: str = field(repr=False)


def endpoint(settings: Settings) -> Endpoint:
    """Return where the warehouse is; start the embedded server if it is down.

    Raises:
        ConfigurationError: POSTGRES_HOST is set without POSTGRES_PASSWORD.
        ServerError: the embedded server cannot be started.
    """
    if settings.postgres_host is None:
        from warehouse import embedded

        # libpq would use them instead, here and in child processes.
        for name in FOREIGN_VARIABLES:
            os.environ.pop(name, None)
        return embedded.ensure_running(settings)
    if settings.postgres_password is None:
        raise ConfigurationError(
            "POSTGRES_HOST is set but POSTGRES_PASSWORD is not: set it in the"
            " environment or in .env, or unset POSTGRES_HOST to use the embedded"
            " server."
        )
    return Endpoint(
        host=settings.postgres_host,
        port=settings.postgres_port,
        dbname=settings.postgres_db,
        user=settings.postgres_user,
        password=settings.postgres_password.get_secret_value(),
    )


def connect(
    settings: Settings, role: Role | None = None, *, application: str = "rakuten-elt"
) -> Connection:
    """Open a connection that acts as `role` (SET ROLE), or as the login itself.

    Raises:
        ServerError: the server cannot be reached or refuses the login.
    """
    try:
        return open_connection(endpoint(settings), role, application=application)
    except ServerError as error:
        # An account that does not exist fails as one with a wrong password does.
        if settings.embedded and re.search(
            "authentication failed|not exist", str(error)
        ):
            raise ServerError(
                f"{error}\nIf nothing has been loaded yet, `make weekly` sets the"
                " warehouse up."
            ) from None
        raise


def open_connection(
    where: Endpoint, role: Role | None = None, *, application: str = "rakuten-elt"
) -> Connection:
    """Open a connection to an endpoint; like `connect`, for a login of its own."""
    try:
        return psycopg2.connect(
            host=where.host,
            port=where.port,
            dbname=where.dbname,
            user=where.user,
            password=where.password,
            connect_timeout=10,
            client_encoding=ENCODING,
            application_name=application,
            options=f"-c role={role}" if role else "",
        )
    except psycopg2.OperationalError as error:
        raise ServerError(
            f"Cannot connect to PostgreSQL at {where.host}:{where.port}, database"
            f" {where.dbname!r}, user {where.user!r}: {str(error).strip()}"
        ) from None


def has_relation(connection: Connection, name: str) -> bool:
    """Return whether there is a table or view of this name, such as raw.data_loads."""
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass(%s) is not null", [name])
        return cursor.fetchone() == (True,)


def libpq_environment(where: Endpoint) -> dict[str, str]:
    """Return the variables with which psql, pg_dump and similar programs log in.

    A password in the arguments would be visible to every account.
    """
    return {
        "PGHOST": where.host,
        "PGPORT": str(where.port),
        "PGDATABASE": where.dbname,
        "PGUSER": where.user,
        "PGPASSWORD": where.password,
    }


def dbt_environment(settings: Settings) -> dict[str, str]:
    """Return the variables profiles.yml reads.

    dbt keeps variables named DBT_ENV_SECRET_… out of its logs
    (https://docs.getdbt.com/reference/dbt-jinja-functions/env_var#secrets).
    """
    where = endpoint(settings)
    return {
        "WAREHOUSE_HOST": where.host,
        "WAREHOUSE_PORT": str(where.port),
        "WAREHOUSE_DB": where.dbname,
        "WAREHOUSE_USER": where.user,
        "DBT_ENV_SECRET_WAREHOUSE_PASSWORD": where.password,
        "PGCLIENTENCODING": ENCODING,
        "PGOPTIONS": f"-c lock_timeout={LOCK_TIMEOUT}",
    }
