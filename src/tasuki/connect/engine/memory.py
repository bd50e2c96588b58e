"""How the process treats memory while an import runs."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_THRESHOLDS: Final = (100_000, 50, 100)


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Look for unreachable cycles seldom.

    Rows come by the hundred thousand and go when nobody refers to them any more; the collector
    would walk over them again and again without finding anything.
    """
    before = gc.get_threshold()
    gc.set_threshold(*_THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
