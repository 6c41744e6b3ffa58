"""What dbt and its libraries compile, kept from one process to the next.

Each time dbt is imported and run, dataclasses, mashumaro and Jinja write functions and
templates as text and compile them. That is a quarter of the import and a sixth of a build.
"""

import importlib
import importlib.metadata
import marshal
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import CodeType
from typing import Any, TypeVar

from core.durable import write_durably

T = TypeVar("T", CodeType, str)

# The modules that compile functions with exec.
_COMPILERS = (
    "dataclasses",
    "mashumaro.core.meta.code.builder",
    "mashumaro.core.meta.types.common",
    "mashumaro.core.meta.types.pack",
    "mashumaro.core.meta.types.unpack",
)
_PACKAGES = ("dbt-core", "dbt-common", "dbt-adapters", "jinja2", "mashumaro")

# mashumaro gives some functions random names: no other process has their texts.
_RANDOM_NAME = re.compile(r"[0-9a-f]{32}")

# By the kind and the text it was made from: in this process, and in an earlier one.
_made: dict[tuple[str, str], Any] = {}
_kept: dict[tuple[str, str], Any] = {}


def make_once(kind: str, text: str, make: Callable[[], T]) -> T:
    """Return what `make` makes from a text; call it only if no process has before."""
    key = (kind, text)
    if key not in _made:
        _made[key] = _kept[key] if key in _kept else make()
    result: T = _made[key]
    return result


def compile_functions_once() -> None:
    """Let dataclasses and mashumaro compile a function only once.

    For all classes that are made in this process from now on.
    """
    for name in _COMPILERS:
        with suppress(ImportError):  # in another version of mashumaro
            vars(importlib.import_module(name))["exec"] = _execute


def _made_by() -> str:
    """Return everything besides a text that determines what is made from it."""
    return " ".join([sys.version, *map(importlib.metadata.version, _PACKAGES)])


def _execute(source: str | CodeType, *namespaces: Any) -> None:  # noqa: ANN401
    """Do what exec does, with the code of an earlier process if there is any."""
    if isinstance(source, str):
        text = source
        source = make_once("exec", text, lambda: compile(text, "<string>", "exec"))
    exec(source, *namespaces)  # noqa: S102 # nosec B102


def read_compiled(path: Path) -> None:
    """Read what an earlier process kept, if this one can use it."""
    with suppress(OSError, EOFError, ValueError, TypeError):
        made_by, kept = marshal.loads(path.read_bytes())  # noqa: S302 # nosec B302
        if made_by == _made_by():
            _kept.update(kept)


def keep_compiled(path: Path) -> None:
    """Write what this process used, unless all that others can use had been kept before.

    Raises:
        StorageError: the file cannot be written.
    """
    used = {
        (kind, text): made
        for (kind, text), made in _made.items()
        if (kind, text) in _kept or not _RANDOM_NAME.search(text)
    }
    if not used.keys() <= _kept.keys():
        write_durably(path, marshal.dumps((_made_by(), used)))
        _kept.update(used)
