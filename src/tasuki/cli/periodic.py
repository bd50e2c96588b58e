"""What the worker does again and again, beside the tasks that people start.

Each job has a thread of its own, so that a slow mail server delays nothing else. Of several workers
one at a time runs a job: it holds an advisory lock of the database meanwhile, which goes with its
connection when the process dies. A job that fails is logged and comes again at its time.
"""

import hashlib
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone

from tasuki.notices.models import JobRun

logger = logging.getLogger(__name__)
_STOP_SECONDS: Final = 15
_EARLY: Final = 0.9
"""The part of its interval after which a job may run again: clocks of machines differ a little."""


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do every so many seconds."""

    name: str
    every_seconds: int
    run: Callable[[datetime], None]


class Timetable:
    """Runs jobs in threads until it is stopped."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        self._is_stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._keep, args=[job], name=job.name, daemon=True)
            for job in jobs
        ]

    def start(self) -> None:
        """Begin; each job runs at once for the first time."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let each job finish what it is doing, but not for ever."""
        self._is_stopping.set()
        for thread in self._threads:
            thread.join(_STOP_SECONDS)

    def _keep(self, job: Job) -> None:
        while not self._is_stopping.is_set():
            close_old_connections()
            run_once(job, now=timezone.now())
            self._is_stopping.wait(job.every_seconds)
        connection.close()


def run_once(job: Job, *, now: datetime) -> bool:
    """Run a job unless another worker does, or has just done; return whether it ran to its end."""
    try:
        with _held(job.name) as is_ours:
            return is_ours and _is_due(job, now) and _run(job, now)
    except DatabaseError:
        logger.exception("job %s could not be begun", job.name)
        connection.close()
        return False


def _run(job: Job, now: datetime) -> bool:
    JobRun.objects.update_or_create(
        name=job.name, defaults={"started_at": now, "finished_at": None}
    )
    try:
        job.run(now)
    except Exception as error:
        logger.exception("job %s failed", job.name)
        note = f"{type(error).__name__}: {error}"[:300]
        JobRun.objects.filter(name=job.name).update(failed_at=now, error=note)
        return False
    JobRun.objects.filter(name=job.name).update(finished_at=timezone.now(), error="")
    return True


def _is_due(job: Job, now: datetime) -> bool:
    last = JobRun.objects.filter(name=job.name).values_list("started_at", flat=True).first()
    return last is None or now - last >= timedelta(seconds=job.every_seconds) * _EARLY


@contextmanager
def _held(name: str) -> Iterator[bool]:
    """Hold the lock of a job, or learn that another worker does."""
    key = int.from_bytes(hashlib.sha256(f"tasuki job {name}".encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        is_ours = bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
