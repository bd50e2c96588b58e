"""Clients that ask a web server over connections they keep, and time every answer.

They run in a process of their own, so that their work is not counted as the server's; on a machine
of two cores they still take their part of it.
"""

from __future__ import annotations

import http.client
import multiprocessing
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

CLIENTS: Final = 8
PACE_SECONDS: Final = 0.25
TIMEOUT_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Ask:
    """One request, and what its answer must hold."""

    path: str
    expects: str
    body: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Answers:
    """The times of the good answers in milliseconds, and what was wrong with the others."""

    times: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    seconds: float = 0.0


def ask_all(
    *, port: int, headers: Mapping[str, str], clients: Sequence[Sequence[Ask]], is_paced: bool
) -> Answers:
    """Let each client make its requests in turn; paced ones start one every quarter of a second."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    arguments = (sender, port, dict(headers), clients, is_paced)
    process = context.Process(target=_run, args=arguments, daemon=True)
    process.start()
    sender.close()
    answers: Answers = receiver.recv()
    process.join()
    return answers


def _run(
    sender: multiprocessing.connection.Connection,
    port: int,
    headers: Mapping[str, str],
    clients: Sequence[Sequence[Ask]],
    is_paced: bool,  # noqa: FBT001 passed by position to a process
) -> None:
    answers = Answers()
    barrier = threading.Barrier(len(clients) + 1)
    threads = [
        threading.Thread(
            target=_Client(port, headers, answers, barrier).run,
            args=[asks, PACE_SECONDS if is_paced else 0.0, PACE_SECONDS * at / len(clients)],
        )
        for at, asks in enumerate(clients)
    ]
    for thread in threads:
        thread.start()
    barrier.wait()
    started = time.perf_counter()
    for thread in threads:
        thread.join()
    answers.seconds = time.perf_counter() - started
    sender.send(answers)


class _Client:
    def __init__(
        self,
        port: int,
        headers: Mapping[str, str],
        answers: Answers,
        barrier: threading.Barrier,
    ) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
        self._headers = headers
        self._answers = answers
        self._barrier = barrier

    def run(self, asks: Sequence[Ask], pace: float, offset: float) -> None:
        self._connection.connect()
        self._barrier.wait()
        first = time.perf_counter() + (offset if pace else 0.0)
        for at, ask in enumerate(asks):
            if pace:
                time.sleep(max(0.0, first + at * pace - time.perf_counter()))
            self._ask(ask)
        self._connection.close()

    def _ask(self, ask: Ask) -> None:
        started = time.perf_counter()
        try:
            status, text = self._answer(ask)
        except (OSError, http.client.HTTPException) as error:
            self._answers.errors.append(f"{ask.path}: {error!r}")
            self._connection.close()
            return
        elapsed = (time.perf_counter() - started) * 1000
        if status != 200 or ask.expects not in text:
            self._answers.errors.append(f"{ask.path}: {status} without {ask.expects!r}")
        else:
            self._answers.times.append(elapsed)

    def _answer(self, ask: Ask) -> tuple[int, str]:
        method = "GET" if ask.body is None else "POST"
        headers = {**self._headers, **ask.headers}
        body = None if ask.body is None else ask.body.encode()
        self._connection.request(method, ask.path, body=body, headers=headers)
        response = self._connection.getresponse()
        return response.status, response.read().decode()
