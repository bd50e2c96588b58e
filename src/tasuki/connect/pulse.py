"""Telling how far a run is while its one transaction is still open.

Progress must be visible to others, so it goes through a connection of its own; the same statement
brings back whether somebody asked to stop.
"""

from collections.abc import Callable
from datetime import datetime
from time import monotonic
from types import TracebackType
from typing import ClassVar, Final, Self

from django.db import DEFAULT_DB_ALIAS, connections

from tasuki.connect.engine.run import ImportCancelled

EVERY_SECONDS: Final = 0.5


class Pulse:
    """Writes progress at most twice a second. Raises ImportCancelled when asked to stop."""

    listeners: ClassVar[list[Callable[[int, int], None]]] = []
    """Who in this process wants to be told as well (the command line)."""

    def __init__(self, *, run_id: int, clock: Callable[[], datetime]) -> None:
        """Open the second connection; it closes with the block."""
        self._run_id = run_id
        self._clock = clock
        self._last = 0.0
        own = connections[DEFAULT_DB_ALIAS]
        options = {
            name: value for name, value in own.settings_dict["OPTIONS"].items() if name != "pool"
        }
        self._connection = type(own)({**own.settings_dict, "OPTIONS": options})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def beat(self, done: int, total: int) -> None:
        """Tell how many rows are done."""
        now = monotonic()
        if now - self._last < EVERY_SECONDS:
            return
        self._last = now
        for listener in self.listeners:
            listener(done, total)
        with self._connection.cursor() as cursor:
            cursor.execute(
                "UPDATE connect_importrun SET rows_done = %s, rows_total = %s, heartbeat_at = %s "
                "WHERE id = %s RETURNING cancel_requested",
                [done, total, self._clock(), self._run_id],
            )
            row = cursor.fetchone()
        if row is not None and row[0]:
            raise ImportCancelled
