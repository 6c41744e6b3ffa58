# ruff: noqa: ANN401, FBT001, FBT002 - the signatures of dbt's functions
"""dbt in this process without what it computes for nobody, or computes again.

This is a third of a weekly build. dbt is asked for everything it decides; what is replaced
are functions of the versions in VERSIONS, by ones with the same results (but for the source
of a flag, which nobody sees). With other versions nothing is replaced.
"""

import functools
import importlib.metadata
import json
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import jinja2
import psycopg2
from dbt.adapters.postgres import connections
from dbt.clients.jinja import MacroGenerator
from dbt.context import base, providers
from dbt.context.configured import ConfiguredContext
from dbt.context.exceptions_jinja import CONTEXT_EXPORTS
from dbt.context.macros import MacroNamespace, MacroNamespaceBuilder
from dbt.context.manifest import ManifestContext
from dbt.context.providers import ModelConfiguredVar
from dbt.contracts.graph.nodes import Macro
from dbt.include.global_project import PROJECT_NAME
from dbt.utils import MultiDict, args_to_dict
from dbt_common.behavior_flags import BehaviorFlagRendered
from dbt_common.clients import agate_helper
from dbt_common.clients.jinja import MacroFuzzEnvironment
from dbt_common.dataclass_schema import dbtClassMixin
from dbt_common.events.base_types import BaseEvent, EventLevel
from dbt_common.events.event_manager import EventManager
from dbt_common.exceptions import (
    CaughtMacroErrorWithNodeError,
    CompilationError,
    DbtRuntimeError,
)
from dbt_common.exceptions.macros import MacroReturn
from jinja2.exceptions import TemplateRuntimeError
from jinja2.runtime import Context
from mashumaro.jsonschema import build_json_schema
from psycopg2.extensions import connection as Connection  # noqa: N812

from orchestration.compiled import make_once
from orchestration.dbt import CALLED_BACK

# Those whose functions these replace. Before adding others, compare the functions.
VERSIONS = {
    "dbt-core": "1.11.16",
    "dbt-common": "1.39.0",
    "dbt-adapters": "1.24.5",
    "dbt-postgres": "1.11.0",
}

_initialise = BaseEvent.__init__
_fire_event = EventManager.fire_event
_to_dict = ManifestContext.to_dict
_compile = MacroFuzzEnvironment.compile
_build_type_tester = agate_helper.build_type_tester
_args_to_dict: Any = args_to_dict
_LEVELS = list(EventLevel)  # from debug to error


def install() -> None:
    """Replace the functions for all that dbt does in this process from now on."""
    if any(importlib.metadata.version(name) != VERSIONS[name] for name in VERSIONS):
        return
    postgres = vars(psycopg2) | {"connect": _connect}
    # dbt looks through the modules and sources of all frames for the name in a warning
    # of a flag, one flag after the other.
    source = staticmethod(lambda: "dbt")
    for owner, name, replacement in (
        (BaseEvent, "__init__", _keep_arguments),
        (BaseEvent, "__getattr__", _read_message),
        (EventManager, "fire_event", _fire_heard_event),
        (MacroNamespaceBuilder, "build_namespace", _build_namespace),
        (ManifestContext, "to_dict", _flatten_macros),
        (Context, "get_all", _copy_variables),
        (providers, "args_to_dict", _describe_arguments_once),
        (providers, "wrapped_exports", _add_node_to_errors),
        (ModelConfiguredVar, "_generate_merged", _merge_vars),
        (MacroFuzzEnvironment, "compile", _compile_once),
        (dbtClassMixin, "json_schema", classmethod(_build_schema_once)),
        (agate_helper, "build_type_tester", _build_type_tester_once),
        (agate_helper, "empty_table", functools.cache(agate_helper.empty_table)),
        (base, "get_context_modules", functools.cache(base.get_context_modules)),
        (BehaviorFlagRendered, "_default_source", source),
        (connections, "psycopg2", SimpleNamespace(**postgres)),
    ):
        setattr(owner, name, replacement)


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
    """Drop an event that no log shows and no callback of the project reads."""
    levels = [*(logger.level for logger in manager.loggers), EventLevel.WARN]
    is_heard = (
        _LEVELS.index(e.level_tag()) >= min(map(_LEVELS.index, levels))
        or level is not None
        or force_warn_or_error_handling
        or type(e).__name__ in CALLED_BACK
    )
    if is_heard:
        _fire_event(manager, e, level, node, force_warn_or_error_handling)


class _Macro(MacroGenerator):
    """A macro for all contexts: it runs in the one it is called from.

    Each query of dbt has a context of its own, with all five hundred macros.
    """

    @jinja2.pass_context
    def __call__(self, calling: Context, /, *arguments: Any, **values: Any) -> Any:
        context = calling.parent["context"]
        stack = context["context_macro_stack"]
        made: dict[str, Any] = vars(stack).setdefault("made", {})
        macro: Any = self.macro
        name = macro.unique_id
        if name not in made:
            made[name] = MacroGenerator(macro, context).get_macro()
        # As MacroGenerator does, in fewer steps.
        stack.push(name)
        try:
            return made[name](*arguments, **values)
        except MacroReturn as answer:
            return answer.value
        except (TypeError, TemplateRuntimeError) as error:
            raise CaughtMacroErrorWithNodeError(exc=error, node=macro) from error
        except CompilationError as error:
            error.stack.append(macro)
            raise
        finally:
            stack.pop(name)


def _copy_variables(context: Context) -> dict[str, Any]:
    """Copy dbt's variables and those of Jinja as a whole, not one by one."""
    parent = context.parent
    variables: dict[str, Any] = {}
    # A ChainMap of the two.
    for some in reversed(getattr(parent, "maps", [parent])):
        variables |= some
    return variables | context.vars


def _describe_arguments_once(arguments: Any) -> dict[str, Any]:
    """Return the arguments of dbt's command; they are the same for all nodes."""
    if not _described or _described[0] is not arguments:
        _described[:] = [arguments, _args_to_dict(arguments)]
    return dict(_described[1])


_described: list[Any] = []


def _merge_vars(var: ModelConfiguredVar) -> MultiDict:
    """Do what dbt does, without asking for each attribute of the node to know its type."""
    node: Any = var._node
    merged = MultiDict()
    for project in var.packages_for_node():
        merged.add(project.vars.vars_for(node, ""))
    merged.add(var._cli_vars)
    return merged


def _add_node_to_errors(node: Any) -> dict[str, Any]:
    """Return the functions that raise errors about a node."""
    return {
        name: functools.partial(_raise_about, node, function)
        for name, function in CONTEXT_EXPORTS.items()
    }


def _raise_about(node: Any, function: Any, /, *arguments: Any, **values: Any) -> Any:
    try:
        return function(*arguments, **values)
    except DbtRuntimeError as error:
        error.add_node(node)
        raise


def _build_namespace(
    builder: MacroNamespaceBuilder,
    macros_by_package: dict[str, dict[str, Macro]],
    ctx: dict[str, Any],
) -> MacroNamespace:
    """Return one namespace for all nodes of a package."""
    own = builder.search_package
    macros_of, namespace = _namespaces.get(own, (None, None))
    # Other macros are those of another command in this process.
    if namespace is None or macros_of is not macros_by_package:
        packages: dict[str, dict[str, MacroGenerator]] = {
            package: {name: _Macro(macro) for name, macro in macros.items()}
            for package, macros in macros_by_package.items()
        }
        internal: dict[str, MacroGenerator] = {}
        for package in reversed(builder.internal_package_names_order):
            internal |= packages.pop(package, {})
        namespace = MacroNamespace(
            global_namespace=packages.get(builder.root_package, {}),
            local_namespace=packages.get(own, {}),
            global_project_namespace=internal,
            packages=packages,
        )
        _namespaces[own] = (macros_by_package, namespace)
    return namespace


# By the package of the nodes: the macros it was made of, and the namespace.
_namespaces: dict[str, tuple[dict[str, dict[str, Macro]], MacroNamespace]] = {}


def _flatten_macros(context: ManifestContext) -> dict[str, Any]:
    """Add the macros package by package, not by looking each up in all packages."""
    namespace = context.namespace
    if not isinstance(namespace, MacroNamespace):
        return _to_dict(context)
    values = ConfiguredContext.to_dict(context)
    for macros in (
        namespace.global_project_namespace,
        {PROJECT_NAME: namespace.global_project_namespace},
        namespace.packages,
        namespace.global_namespace,
        namespace.local_namespace,
    ):
        values |= macros
    return values


def _compile_once(
    environment: MacroFuzzEnvironment, source: Any, *arguments: Any, **options: Any
) -> Any:
    """Compile a template that has been compiled before only once."""
    if arguments or options or not isinstance(source, str):
        return _compile(environment, source, *arguments, **options)
    return make_once(
        type(environment).__name__, source, lambda: _compile(environment, source)
    )


def _build_schema_once(of: type[dbtClassMixin]) -> Any:
    """Build the JSON schema of a class only once."""
    name = f"{of.__module__}.{of.__qualname__}"
    return json.loads(
        make_once("schema", name, lambda: build_json_schema(of).to_json())
    )


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
    connection: _Connection = psycopg2.connect(
        **arguments, connection_factory=_Connection
    )
    connection.arguments = key
    return connection


def close_connections() -> None:
    """Close the connections of commands that have ended."""
    for idle in list(_idle.values()):
        with suppress(IndexError):
            while True:
                Connection.close(idle.pop())
