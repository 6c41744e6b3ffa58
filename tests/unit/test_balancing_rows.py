"""The address under which the marts are read."""

import pytest
from psycopg2.extensions import parse_dsn

from balancing.rows import analyst_uri
from warehouse.connection import Endpoint


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "db.example.org", "::1", "fe80::1%eth0", "/var/run/postgresql"],
)
@pytest.mark.parametrize(
    "odd", ["rakuten", "two words", "l'été", "a+b&c=d?e#f", "p@ss:w/rd%20", "{{ x }}"]
)
def test_libpq_reads_every_part_as_it_was_given(host: str, odd: str) -> None:
    uri = analyst_uri(Endpoint(host, 5433, odd, odd, odd))
    assert parse_dsn(uri) == {
        "host": host,
        "port": "5433",
        "dbname": odd,
        "user": odd,
        "password": odd,
        "options": "-c role=analyst",
        "client_encoding": "UTF8",
    }
