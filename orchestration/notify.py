"""Notify people of the result of the weekly run."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from core.settings import SecretStr, Settings
from orchestration.display import wrap


def notify(settings: Settings, summary: str, ok: bool) -> None:  # noqa: FBT001
    """Print the summary, and send it to every service in NOTIFY_URLS.

    A notification that cannot be sent is a warning on stderr: it neither fails a good
    run nor hides a failed one. The URLs hold tokens and passwords, so a warning names a
    service by its place in the list and its kind only.

    Args:
        settings: see Settings; `notify_urls` as apprise reads them
            (https://github.com/caronc/apprise), separated by commas or spaces.
        summary: a few lines.
        ok: whether the run succeeded.
    """
    click.echo(wrap(summary, sys.stdout.isatty()))
    if settings.notify_urls is None:
        return
    try:
        _send(settings.notify_urls, summary, ok=ok)
    except Exception as error:  # noqa: BLE001 - plug-ins of others, any of them may fail
        _warn(f"the notification failed ({type(error).__name__}).")


def _send(urls: SecretStr, summary: str, *, ok: bool) -> None:
    try:
        import apprise
    except ImportError:
        _warn("NOTIFY_URLS is set, but the package apprise is not installed.")
        return
    with _silenced("apprise", "urllib3.connectionpool"):
        services = apprise.Apprise()
        if not services.add(urls.get_secret_value()):
            _warn("NOTIFY_URLS contains a URL that apprise does not understand.")
        for place, service in enumerate(services, start=1):
            delivered = service.notify(
                title=f"Rakuten weekly run: {'done' if ok else 'FAILED'}",
                body=summary,
                notify_type="success" if ok else "failure",
            )
            if not delivered:
                _warn(
                    f"service {place} of NOTIFY_URLS ({service.service_name})"
                    " did not accept the notification."
                )


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
