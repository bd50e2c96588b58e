"""Processes that belong together end together, even when the first of them is killed."""

import os
import signal
import threading
import time


def end_with_parent(*, parent: int | None = None) -> None:
    """Watch the process that started this one, and end when it is gone.

    The parent, when it is known, was perhaps gone before the watch began.
    """
    watched = os.getppid() if parent is None else parent
    threading.Thread(target=_watch, args=[watched], daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
