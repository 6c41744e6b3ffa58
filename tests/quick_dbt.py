"""dbt in this process, without work that tests do not look at.

A parse of the whole project takes as long as a build, and dbt repeats it in each target
folder and for each database. Here one parse serves the whole run: other target folders
get a copy of it, for their database. dbt compares each file with it, as always.
"""

import functools
import os
import pprint
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any

import orchestration.dbt
from core.durable import hold_lock
from core.settings import Settings
from orchestration.compiled import keep_compiled
from orchestration.dbt import PARSE, DbtOutcome
from orchestration.dbt_process import COMPILED, import_dbt
from warehouse.connection import dbt_environment

QUIET = ("--no-write-json", "--log-level-file", "none")
# Commands that are about the parse, or write to another folder.
UNCHANGED = {"parse", "--no-partial-parse", "--target-path"}

_original = orchestration.dbt.run_dbt
_copies: dict[Path, dict[str, str]] = {}
_shared: list[Path] = []


def install(shared: Path) -> None:
    """Keep the parse in a folder that all workers of the run share."""
    _shared[:] = [shared]


def run_dbt(settings: Settings, arguments: Sequence[str]) -> DbtOutcome:
    """Run dbt as the project does; with --write-json for a test that reads artifacts."""
    lean_dbt = _make_lean()
    target = os.environ.get("DBT_TARGET_PATH")
    try:
        if target is None or UNCHANGED.intersection(arguments):
            return _original(settings, arguments)
        copy_parse(settings, Path(target))
        quiet = () if "--write-json" in arguments else QUIET
        return _original(settings, [*quiet, *arguments])
    finally:
        lean_dbt.close_connections()


@functools.cache
def _make_lean() -> ModuleType:
    # Seconds, for tests that need it.
    import_dbt()
    from orchestration import lean_dbt

    lean_dbt.install()
    return lean_dbt


def copy_parse(settings: Settings, target: Path) -> None:
    """Write the parse for a database to a target folder that has none of its own.

    What this process has compiled for dbt is written too.
    """
    connection = dbt_environment(settings)
    path = target / PARSE
    known = _copies.get(target)
    if known == connection or (known is None and path.exists()):
        return
    target.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_convert(_parse(settings), connection))
    shared = _shared[0] / f"{COMPILED}_{os.getpid()}"
    keep_compiled(shared)
    with suppress(FileExistsError):
        os.link(shared, target / COMPILED)
    _copies[target] = connection


def shared_parse() -> Path:
    """Return the file of the run's parse, which may not be there yet."""
    return _shared[0] / "parsed" / PARSE


def _parse(settings: Settings) -> bytes:
    """Return the parse of the run; make it if this is the first use."""
    _make_lean()
    path = shared_parse()
    with hold_lock(_shared[0] / "parsed.lock"):
        if not path.exists():
            _original(settings, [*QUIET, "parse", "--target-path", str(path.parent)])
    return path.read_bytes()


def _convert(parse: bytes, connection: dict[str, str]) -> bytes:
    """Return a parse as dbt would have written it for another connection."""
    from dbt.adapters.postgres import PostgresCredentials
    from dbt.artifacts.resources import FileHash
    from dbt.parser.manifest import (
        extended_mashumaro_encoder,
        extended_mashumuro_decoder,
    )

    database = connection["WAREHOUSE_DB"]
    credentials = PostgresCredentials(
        host=connection["WAREHOUSE_HOST"],
        port=int(connection["WAREHOUSE_PORT"]),
        user=connection["WAREHOUSE_USER"],
        password="",
        database=database,
        schema="marts",
        role="transformer",
    )
    manifest: dict[str, Any] = extended_mashumuro_decoder(parse)
    for kind in ("nodes", "sources", "functions"):
        for node in manifest[kind].values():
            if node.get("relation_name"):
                schema_and_name = node["relation_name"].split(".", 1)[1]
                node["relation_name"] = f'"{database}".{schema_and_name}'
            node["database"] = database
    # As `build_manifest_state_check` does; with another hash dbt would parse everything.
    keys = pprint.pformat(sorted(credentials.connection_info()))
    manifest["state_check"]["profile_hash"] = FileHash.from_contents(keys).to_dict()
    return bytes(extended_mashumaro_encoder(manifest))
