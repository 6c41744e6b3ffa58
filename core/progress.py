"""Progress of a long step: reported where the work is done, shown by listeners."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

_listeners: list[Callable[[str], None]] = []


def report_progress(message: str) -> None:
    """Report progress, such as "34 of 66 nodes", to the listener if there is one."""
    for listener in _listeners:
        listener(message)


@contextmanager
def listening(listener: Callable[[str], None]) -> Iterator[None]:
    """Pass what is reported inside the block, from any thread, to a function."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)
