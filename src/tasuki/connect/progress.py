"""Progress for a person at a terminal, besides the run's own row."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tasuki.connect.pulse import Pulse


@contextmanager
def on_standard_error() -> Iterator[None]:
    """Print progress as one line that renews itself, when somebody is looking."""
    if not sys.stderr.isatty():
        yield
        return
    Pulse.listeners.append(_show)
    try:
        yield
    finally:
        Pulse.listeners.remove(_show)
        sys.stderr.write("\n")


def _show(done: int, total: int) -> None:
    percent = done * 100 // total if total else 0
    sys.stderr.write(f"\r{done:,} / {total:,} rows ({percent}%)")
    sys.stderr.flush()
