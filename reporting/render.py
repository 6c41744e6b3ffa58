"""The Jinja templates of the pages, and the filters they use."""

import functools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from reporting.charts import class_chart, growth_chart, score_chart

_TEMPLATES = Path(__file__).parent / "templates"


def render(template: str, values: Mapping[str, Any]) -> str:
    """Return a template filled with values; HTML templates escape them."""
    return _environment().get_template(template).render(values)


def compile_templates() -> None:
    """Compile all templates, which takes longer than filling them."""
    for name in _environment().list_templates(extensions=["j2"]):
        _environment().get_template(name)


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(["html.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        class_chart=class_chart, growth_chart=growth_chart, score_chart=score_chart
    )
    environment.filters.update(
        thousands=lambda value: f"{value:,}",
        percent=lambda value, digits=1: f"{100 * value:.{digits}f} %",
        duration=_duration,
        code=_code,
    )
    return environment


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s"


def _code(text: str) -> Markup:
    """Return text as HTML, with the parts between backticks as code."""
    marked = re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text)))
    return Markup(marked)  # noqa: S704 - escaped above
