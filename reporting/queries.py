"""Queries of the warehouse for the report."""

import re
from collections.abc import Mapping
from typing import Any

from psycopg2.errors import UndefinedTable
from psycopg2.extensions import connection as Connection  # noqa: N812
from psycopg2.sql import Composable

from core.errors import PipelineError


def fetch(
    connection: Connection,
    query: str | Composable,
    values: Mapping[str, object] | None = None,
) -> list[tuple[Any, ...]]:
    """Return the rows of a query.

    Raises:
        PipelineError: a relation is missing, such as a view on a mart that was rebuilt.
    """
    with connection.cursor() as cursor:
        try:
            cursor.execute(query, values or {})
        except UndefinedTable as error:
            # In any language, the message names the relation.
            named = re.search(r"\w+\.\w+", str(error.diag.message_primary))
            raise PipelineError(
                f"{named[0] if named else 'A mart'} is missing: `make build` creates it."
            ) from None
        return cursor.fetchall()
