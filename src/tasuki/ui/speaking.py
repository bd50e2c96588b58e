"""The language of a page, looked up once.

Django keeps the active language in a slot that is safe for asynchronous code and slow to read; a
page reads it for each of its hundreds of texts. While a page is rendered its language and its
catalogue stand here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from gettext import NullTranslations
from typing import Final

from django.utils import translation
from django.utils.translation import trans_real

_NOW: Final[ContextVar[tuple[str, NullTranslations] | None]] = ContextVar("page", default=None)


@contextmanager
def one_language() -> Iterator[None]:
    """Let everything inside speak the language that is active now."""
    kept = _NOW.set((_active(), trans_real.catalog()))
    try:
        yield
    finally:
        _NOW.reset(kept)


def language() -> str:
    """Return the language of the page, `ja` or `en`."""
    now = _NOW.get()
    return _active() if now is None else now[0]


def gettext(message: str) -> str:
    """Return a text in the language of the page."""
    now = _NOW.get()
    return translation.gettext(message) if now is None or not message else now[1].gettext(message)


def _active() -> str:
    return "en" if (translation.get_language() or "ja").startswith("en") else "ja"
