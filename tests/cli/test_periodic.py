"""The worker's timetable: each job at its time, by one worker, and a failure ends nothing."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from tasuki.cli import periodic
from tasuki.cli.commands.doctor import Verdict, _jobs, _notices
from tasuki.cli.jobs import JOBS
from tasuki.cli.periodic import Job, Timetable, run_once
from tasuki.notices.models import JobRun
from tests.people.factories import NOW


def nothing(_now: datetime) -> None:
    """Do nothing."""


def fail(_now: datetime) -> None:
    """Fail."""
    raise ValueError("no")


@pytest.mark.django_db
def test_a_job_runs_at_its_time_and_not_before() -> None:
    seen: list[datetime] = []
    job = Job("test.count", 60, seen.append)
    later = NOW + timedelta(seconds=30)
    at_its_time = NOW + timedelta(seconds=60)

    assert [run_once(job, now=now) for now in (NOW, later, at_its_time)] == [True, False, True]
    assert seen == [NOW, at_its_time]


@pytest.mark.django_db
def test_a_job_that_fails_is_noted_and_comes_again(caplog: pytest.LogCaptureFixture) -> None:
    assert run_once(Job("test.fail", 5, fail), now=NOW) is False
    failed = JobRun.objects.get()
    assert (failed.error, failed.failed_at, failed.finished_at) == ("ValueError: no", NOW, None)
    assert "job test.fail failed" in caplog.text

    assert run_once(Job("test.fail", 5, nothing), now=NOW + timedelta(seconds=5)) is True
    assert JobRun.objects.get().error == ""


@pytest.fixture
def other(transactional_db: None) -> Iterator[BaseDatabaseWrapper]:
    """The connection of another worker."""
    own = connections[DEFAULT_DB_ALIAS]
    second = type(own)({**own.settings_dict})
    yield second
    second.close()


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_runs_a_job(
    other: BaseDatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []
    job = Job("test.alone", 0, lambda _now: None)

    def while_it_runs(now: datetime) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(periodic, "connection", other)
            seen.append(run_once(job, now=now))

    assert run_once(Job("test.alone", 0, while_it_runs), now=NOW) is True
    assert seen == [False]
    monkeypatch.setattr(periodic, "connection", other)
    assert run_once(job, now=NOW) is True


@pytest.mark.django_db(transaction=True)
def test_a_timetable_runs_until_it_is_stopped() -> None:
    ran = threading.Event()
    timetable = Timetable([Job("test.thread", 60, lambda _now: ran.set())])
    timetable.start()

    assert ran.wait(20)
    timetable.stop()
    assert JobRun.objects.get(name="test.thread").finished_at is not None
    assert not any(thread.name == "test.thread" for thread in threading.enumerate())


@pytest.mark.django_db
def test_a_broken_connection_ends_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    closed: list[bool] = []

    class Broken:
        def cursor(self) -> None:
            raise DatabaseError("gone")

        def close(self) -> None:
            closed.append(True)

    monkeypatch.setattr(periodic, "connection", Broken())

    assert run_once(Job("test.broken", 5, nothing), now=NOW) is False
    assert closed == [True]


@pytest.mark.django_db
def test_the_doctor_says_how_the_jobs_are() -> None:
    assert _jobs().verdict is Verdict.WARN
    assert "never ran: notices.collect" in _jobs().text

    from django.utils import timezone  # noqa: PLC0415

    now = timezone.now()
    for job in JOBS:
        JobRun.objects.create(name=job.name, started_at=now, finished_at=now)
    assert _jobs().verdict is Verdict.OK

    JobRun.objects.filter(name="notices.deliver").update(started_at=now - timedelta(minutes=10))
    assert (_jobs().verdict, "late" in _jobs().text) == (Verdict.WARN, True)

    JobRun.objects.filter(name="notices.digest").update(error="OSError: full")
    assert _jobs().text == "failed: notices.digest (OSError: full)"
    assert _notices().verdict is Verdict.OK


def test_no_two_jobs_share_a_name() -> None:
    names = [job.name for job in JOBS]

    assert sorted(set(names)) == sorted(names)
