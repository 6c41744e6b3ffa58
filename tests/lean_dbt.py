"""dbt in this process without what it computes for nobody, or computes again.

All but that of a flag's source give what the original does, and call it where that is
not known.
"""

import functools
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from types import CodeType, SimpleNamespace
from typing import Any

import psycopg2
from dbt.adapters.postgres import connections
from dbt.context.configured import ConfiguredContext
from dbt.context.macros import GLOBAL_PROJECT_NAME, MacroNamespace
from dbt.context.manifest import ManifestContext
from dbt.events.types import NodeFinished
from dbt_common import behavior_flags
from dbt_common.clients import agate_helper
from dbt_common.clients.jinja import MacroFuzzEnvironment
from dbt_common.events.base_types import BaseEvent, DebugLevel
from dbt_common.events.event_manager import EventManager
from psycopg2.extensions import connection as Connection  # noqa: N812

_initialise = BaseEvent.__init__
_fire_event = EventManager.fire_event
_to_dict = ManifestContext.to_dict
_compile = MacroFuzzEnvironment.compile
_build_type_tester = agate_helper.build_type_tester


def install() -> None:
    """Replace them for all that dbt does in this process from now on."""
    BaseEvent.__init__ = _keep_arguments
    BaseEvent.__getattr__ = _read_message
    EventManager.fire_event = _fire_heard_event
    ManifestContext.to_dict = _flatten_macros
    MacroFuzzEnvironment.compile = _compile_once
    agate_helper.build_type_tester = _build_type_tester_once
    # It looks through the modules and sources of all frames, pytest's too, for the name
    # in a warning of a flag, one flag after the other.
    behavior_flags.BehaviorFlagRendered._default_source = staticmethod(lambda: "dbt")
    connections.psycopg2 = SimpleNamespace(**vars(psycopg2) | {"connect": _connect})


def _keep_arguments(event: BaseEvent, *arguments: Any, **values: Any) -> None:
    """Leave out the message, which dbt checks field by field, until it is read."""
    event.__dict__["_arguments"] = (arguments, values)


def _read_message(event: BaseEvent, key: str) -> Any:
    if key != "pb_msg":
        return getattr(event.pb_msg, key)
    arguments, values = event.__dict__["_arguments"]
    _initialise(event, *arguments, **values)
    return event.__dict__["pb_msg"]


def _fire_heard_event(
    manager: EventManager,
    e: BaseEvent,
    level: Any = None,
    node: Any = None,
    force_warn_or_error_handling: bool = False,
) -> None:
    """Drop an event for the log where no log is written."""
    is_heard = (
        manager.loggers
        or level is not None
        or force_warn_or_error_handling
        or not isinstance(e, DebugLevel)
        or isinstance(e, NodeFinished)  # shown as progress
    )
    if is_heard:
        _fire_event(manager, e, level, node, force_warn_or_error_handling)


def _flatten_macros(context: ManifestContext) -> dict[str, Any]:
    """Add the macros package by package, not by looking each up in all packages."""
    namespace = context.namespace
    if not isinstance(namespace, MacroNamespace):
        return _to_dict(context)
    values = ConfiguredContext.to_dict(context)
    values |= namespace.global_project_namespace
    values[GLOBAL_PROJECT_NAME] = namespace.global_project_namespace
    for macros in (
        namespace.packages,
        namespace.global_namespace,
        namespace.local_namespace,
    ):
        values |= macros
    return values


def _compile_once(
    environment: MacroFuzzEnvironment, source: Any, *arguments: Any, **options: Any
) -> Any:
    """Compile a template that one of this process has the text of only once."""
    if arguments or options or not isinstance(source, str):
        return _compile(environment, source, *arguments, **options)
    key = (type(environment), source)
    if key not in _compiled:
        _compiled[key] = _compile(environment, source)
    return _compiled[key]


_compiled: dict[tuple[type, str], CodeType] = {}


def _build_type_tester_once(
    text_columns: Iterable[str], string_null_values: Iterable[str] | None = ("null", "")
) -> Any:
    nulls = None if string_null_values is None else tuple(string_null_values)
    return _type_tester(tuple(text_columns), nulls)


@functools.cache
def _type_tester(
    text_columns: tuple[str, ...], string_null_values: tuple[str, ...] | None
) -> Any:
    return _build_type_tester(text_columns, string_null_values)


class _Connection(Connection):
    """A connection that is used again, as a new one, for the next node.

    A build opens a hundred; PostgreSQL starts a process for each.
    """

    arguments: tuple[tuple[str, Any], ...] = ()

    def close(self) -> None:
        try:
            self.rollback()
            self.autocommit = True
            with self.cursor() as cursor:
                cursor.execute("discard all")
            self.autocommit = False
            _idle[self.arguments].append(self)
        except psycopg2.Error:  # it is closed, or broken
            super().close()


_idle: defaultdict[tuple[tuple[str, Any], ...], list[_Connection]] = defaultdict(list)


def _connect(**arguments: Any) -> Connection:
    key = tuple(sorted(arguments.items()))
    with suppress(IndexError):
        return _idle[key].pop()
    connection = psycopg2.connect(**arguments, connection_factory=_Connection)
    connection.arguments = key
    return connection


def close_connections() -> None:
    """Close the connections of commands that have ended."""
    for idle in list(_idle.values()):
        with suppress(IndexError):
            while True:
                Connection.close(idle.pop())
