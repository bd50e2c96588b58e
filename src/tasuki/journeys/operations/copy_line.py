"""Copying rows into the database while the next ones are being built.

Inside `copying_along` a thread of its own feeds COPY, on the same connection and in the order in
which rows were handed over, so that PostgreSQL and Python work at the same time. Every other
statement of the connection first waits until those rows are in: what is read, and which error is
raised, is what it would be without the thread. Only `looking_ahead` lets statements pass the rows
that still wait; it is for reads that no waiting row can change.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from threading import Condition, Thread
from typing import Any, Final

from django.db import connection
from psycopg import Connection, Copy, sql

ROWS: Final = 500
"""Rows in one COPY: so few that whoever looks ahead waits for milliseconds."""
WAITING: Final = 40
"""COPY statements that may wait; more would only cost memory."""


@dataclass(frozen=True, slots=True)
class Load:
    """Rows for one table, each a sequence of values in the order of the statement's columns."""

    statement: sql.Composed
    rows: Sequence[Sequence[object]]

    def send(self, database: "Connection[Any]") -> None:
        """This will write the rows."""
        with database.cursor() as cursor, cursor.copy(self.statement) as copy:
            write_rows(copy, self.rows)


def write_rows(copy: Copy, rows: Sequence[Sequence[object]]) -> None:
    """This will write rows of values into a COPY that is open."""
    for row in rows:
        copy.write_row(row)


class CopyLine:
    """Loads waiting for their turn, and the thread that writes them."""

    def __init__(self, database: "Connection[Any]") -> None:
        self._database = database
        self._loads: deque[Load] = deque()
        self._changed = Condition()
        self._is_busy = self._is_closed = self._is_ahead = False
        self._error: BaseException | None = None
        self._thread = Thread(target=self._work, name="copy-line", daemon=True)
        self._thread.start()

    def add(self, load: Load) -> None:
        """This will let rows wait for their turn. Raises: what an earlier load has raised."""
        with self._changed:
            self._changed.wait_for(lambda: self._error or len(self._loads) < WAITING)
            self._tell_error()
            self._loads.append(load)
            self._changed.notify_all()

    def settle(self) -> None:
        """This will wait until every row is in. Raises: what writing them has raised."""
        with self._changed:
            self._changed.wait_for(lambda: self._error or not (self._loads or self._is_busy))
            self._tell_error()

    @contextmanager
    def ahead(self) -> Iterator[None]:
        """This will hold the waiting rows back; one that is being written is waited for."""
        with self._changed:
            self._is_ahead = True
            self._changed.wait_for(lambda: not self._is_busy)
        try:
            yield
        finally:
            with self._changed:
                self._is_ahead = False
                self._changed.notify_all()

    def close(self) -> None:
        """This will end the thread; rows that still wait are never written."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        self._thread.join()

    def before_statement(
        self, execute: Callable[..., Any], query: Any, params: Any, many: Any, context: Any
    ) -> Any:
        """This will let a statement of Django's wait for the rows handed over before it."""
        if not self._is_ahead:
            self.settle()
        return execute(query, params, many, context)

    @property
    def is_ahead(self) -> bool:
        """Whether the caller looks ahead already."""
        return self._is_ahead

    def _tell_error(self) -> None:
        error, self._error = self._error, None
        if error is not None:
            raise error

    def _work(self) -> None:
        while (load := self._next()) is not None:
            try:
                load.send(self._database)
            except BaseException as error:  # noqa: BLE001 - told to whoever handed the rows over
                self._failed(error)
            with self._changed:
                self._is_busy = False
                self._changed.notify_all()

    def _next(self) -> Load | None:
        with self._changed:
            self._changed.wait_for(lambda: self._is_closed or (self._loads and not self._is_ahead))
            if self._is_closed:
                return None
            self._is_busy = True
            load = self._loads.popleft()
            self._changed.notify_all()
            return load

    def _failed(self, error: BaseException) -> None:
        """The transaction is lost, so nothing that waits can go in."""
        with self._changed:
            self._error = error
            self._loads.clear()


_line: ContextVar[CopyLine | None] = ContextVar("copy_line", default=None)


@contextmanager
def copying_along() -> Iterator[None]:
    """This will write the rows of `copy_rows` in a thread until the block ends; then all are in.

    The caller is inside a transaction. Leaving by an exception drops the rows that still wait.

    Raises:
        psycopg.Error: rows were refused; at the latest when the block ends.
    """
    connection.ensure_connection()
    line = CopyLine(connection.connection)
    token = _line.set(line)
    try:
        with connection.execute_wrapper(line.before_statement):
            yield
            line.settle()
    finally:
        line.close()
        _line.reset(token)


def looking_ahead() -> AbstractContextManager[None]:
    """This will let the statements of the block pass the rows that still wait to be written.

    Only for statements whose answer those rows cannot change.
    """
    line = _line.get()
    return nullcontext() if line is None or line.is_ahead else line.ahead()


def wait_for_rows() -> None:
    """This will wait until all rows handed over are in. Raises: psycopg.Error."""
    if line := _line.get():
        line.settle()


def current_line() -> CopyLine | None:
    """This will return the line that rows are to wait in, None to write them at once."""
    return _line.get()
