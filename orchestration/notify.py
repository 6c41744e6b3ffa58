"""Notify people of the result of the weekly run."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from core.settings import Settings
from orchestration.display import wrap

if TYPE_CHECKING:
    from apprise import NotifyBase


def notify(settings: Settings, summary: str, ok: bool) -> str:  # noqa: FBT001
    """Print the summary, and send it to every service in NOTIFY_URLS.

    A notification that cannot be sent is a warning on stderr: it neither fails a good
    run nor hides a failed one. The URLs hold tokens and passwords, so a warning names a
    service by its place in the list and its kind only.

    Args:
        settings: see Settings; `notify_urls` as apprise reads them
            (https://github.com/caronc/apprise), separated by commas or spaces.
        summary: a few lines.
        ok: whether the run succeeded.

    Returns:
        To how many of the services it was sent, in a few words.
    """
    click.echo(wrap(summary, sys.stdout.isatty()))
    if settings.notify_urls is None:
        return "printed"
    try:
        import apprise
        from apprise.utils.parse import parse_urls
    except ImportError:
        _warn("NOTIFY_URLS is set, but the package apprise is not installed.")
        return "printed; nothing was sent"
    with _silenced("apprise", "urllib3.connectionpool"):
        urls: list[str] = parse_urls(  # type: ignore[no-untyped-call]
            settings.notify_urls.get_secret_value()
        )
        sent = 0
        for place, url in enumerate(urls, start=1):
            try:
                problem = _send(apprise.Apprise.instantiate(url), summary, ok=ok)
            except Exception as error:  # noqa: BLE001 - plug-ins of others, any may fail
                problem = f"failed: {type(error).__name__}"
            if problem:
                _warn(f"service {place} of NOTIFY_URLS {problem}.")
            else:
                sent += 1
    if sent == 0:
        return "printed; nothing was sent"
    return "sent" if sent == len(urls) else f"sent to {sent} of {len(urls)} services"


def _send(service: "NotifyBase | None", summary: str, *, ok: bool) -> str:
    """Send the summary; return what a service did instead, if it was not delivered."""
    if service is None:
        return "is a URL that apprise does not understand"
    delivered = service.notify(
        title=f"Rakuten weekly run: {'done' if ok else 'FAILED'}",
        body=summary,
        notify_type="success" if ok else "failure",
    )
    name = service.service_name
    return "" if delivered else f"({name}) did not accept the notification"


@contextmanager
def _silenced(*names: str) -> Iterator[None]:
    """Keep loggers quiet that would write whole URLs, or their paths."""
    loggers = {name: logging.getLogger(name) for name in names}
    before = {name: logger.disabled for name, logger in loggers.items()}
    try:
        for logger in loggers.values():
            logger.disabled = True
        yield
    finally:
        for name, logger in loggers.items():
            logger.disabled = before[name]


def _warn(message: str) -> None:
    click.echo(f"Warning: {message}", err=True)
