"""How a reader says that it has got a page further, to whoever minds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

OnPage = Callable[[int, int], None]
"""Called with the number of the page that is done and the number of pages."""

_on_page: ContextVar[OnPage | None] = ContextVar("on_page", default=None)


def page_done(number: int, count: int) -> None:
    """A page that takes its time (recognition) is done; nothing happens where nobody minds."""
    told = _on_page.get()
    if told is not None:
        told(number, count)


@contextmanager
def minding(told: OnPage) -> Iterator[None]:
    """While the body runs, ``told`` hears of pages."""
    token = _on_page.set(told)
    try:
        yield
    finally:
        _on_page.reset(token)
