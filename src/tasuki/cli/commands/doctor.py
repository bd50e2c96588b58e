"""Check this installation, line by line, and say what to do about each trouble.

A line starts with ok, warn (works, but look at it) or FAIL. The exit code is 1 when one fails.
"""

import argparse
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from tasuki.cli.command import CommandFailed, Exit, Needs
from tasuki.cli.installation import application, environment

# It starts the database by itself, so that a failure there is one line among the others.
NEEDS = Needs.NOTHING
_FREE_GIGABYTES = 2
_WAITING = timedelta(minutes=10)
_LATE = timedelta(minutes=2)


class Verdict(Enum):
    """How a check went."""

    OK = "ok"
    WARN = "warn"
    FAIL = "FAIL"


class Finding(NamedTuple):
    """One line of the report."""

    verdict: Verdict
    subject: str
    text: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare no arguments."""


def run(arguments: argparse.Namespace) -> int:
    """Print every finding; fail when one does."""
    worst = Exit.DONE
    for verdict, subject, text in _findings():
        sys.stdout.write(f"{verdict.value:<4}  {subject:<14} {text}\n")
        sys.stdout.flush()
        if verdict is Verdict.FAIL:
            worst = Exit.FAILED
    return worst


def _findings() -> Iterator[Finding]:
    yield _python()
    yield _home()
    yield _disk()
    yield _address()
    yield _mail()
    yield _fonts()
    try:
        with application(migrated=False):
            for check in (_database, _migrations, _static_files, _background, _jobs, _notices):
                yield _guarded(check)
    except CommandFailed as failure:
        yield Finding(Verdict.FAIL, "database", str(failure))


def _guarded(check: Callable[[], Finding]) -> Finding:
    from django.db import DatabaseError

    try:
        return check()
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0]
        return Finding(Verdict.FAIL, check.__name__.strip("_").replace("_", " "), reason)


def _python() -> Finding:
    return Finding(Verdict.OK, "python", sys.version.split()[0])


def _home() -> Finding:
    home = environment().home
    key = home / "secret_key"
    if key.exists() and key.stat().st_mode & 0o077:
        return Finding(Verdict.FAIL, "home", f"others may read {key}: chmod 600 it")
    return Finding(Verdict.OK, "home", str(home))


def _disk() -> Finding:
    home = environment().home
    place = next(path for path in (home, *home.parents) if path.exists())
    free = shutil.disk_usage(place).free / 1e9
    if free < _FREE_GIGABYTES:
        return Finding(Verdict.WARN, "disk", f"only {free:.1f} GB free at {place}")
    return Finding(Verdict.OK, "disk", f"{free:.0f} GB free")


def _address() -> Finding:
    here = environment()
    url = here.public_url.geturl()
    is_local = here.public_url.hostname in {"localhost", "127.0.0.1"}
    if here.debug:
        return Finding(
            Verdict.FAIL, "address", "TASUKI_DEBUG shows internals to everyone: unset it"
        )
    if not (here.is_https or is_local):
        return Finding(
            Verdict.WARN, "address", f"{url} is not encrypted: use https (see TASUKI_URL)"
        )
    return Finding(Verdict.OK, "address", url)


def _mail() -> Finding:
    here = environment()
    if here.mail_url is None:
        text = f"TASUKI_MAIL_URL is not set: mails are only written to {here.home / 'outbox'}"
        return Finding(Verdict.WARN, "mail", text)
    return Finding(Verdict.OK, "mail", f"by {here.mail_url.hostname}")


def _fonts() -> Finding:
    if shutil.which("fc-list") is None:
        return Finding(Verdict.WARN, "fonts", "fontconfig is missing: reports would lack Japanese")
    command = ["fc-list", ":lang=ja", "family"]
    found = subprocess.run(command, capture_output=True, check=False, text=True).stdout  # noqa: S603
    if not found.strip():
        return Finding(Verdict.WARN, "fonts", "no Japanese font: install fonts-noto-cjk")
    return Finding(Verdict.OK, "fonts", found.strip().splitlines()[0].partition(",")[0])


def _database() -> Finding:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int, version()")
        number, text = cursor.fetchone()
        cursor.execute("SELECT '商談' ~ '^[[:alpha:]]+$' AND lower('Ａ') = 'ａ'")
        knows_letters = cursor.fetchone()[0]
    version = " ".join(text.split()[:2])
    if number < 160000:
        return Finding(Verdict.FAIL, "database", f"{version}: Tasuki needs PostgreSQL 16 or later")
    if not knows_letters:
        text = f"{version}: its character type knows no Japanese; make the database with C.UTF-8"
        return Finding(Verdict.WARN, "database", text)
    return Finding(Verdict.OK, "database", version)


def _migrations() -> Finding:
    from tasuki.config.health import pending_migrations

    if pending := pending_migrations():
        return Finding(Verdict.FAIL, "migrations", f"{len(pending)} pending: run `tasuki migrate`")
    return Finding(Verdict.OK, "migrations", "all applied")


def _static_files() -> Finding:
    from django.contrib.staticfiles import finders

    if finders.find("ui/manifest.json") is None:
        return Finding(Verdict.FAIL, "static files", "not built: run `make setup`")
    from django.conf import settings

    if not (Path(settings.STATIC_ROOT) / ".collected").exists():
        return Finding(Verdict.WARN, "static files", "not collected yet: `tasuki serve` does it")
    return Finding(Verdict.OK, "static files", "built and collected")


def _background() -> Finding:
    from django.utils import timezone
    from django_tasks_db.models import DBTaskResult

    late = DBTaskResult.objects.ready().filter(enqueued_at__lt=timezone.now() - _WAITING).count()
    if late:
        return Finding(Verdict.WARN, "background", f"{late} tasks wait long: is a worker running?")
    return Finding(Verdict.OK, "background", "nothing waits")


def _jobs() -> Finding:
    from django.utils import timezone

    from tasuki.cli.jobs import JOBS
    from tasuki.notices.models import JobRun

    now = timezone.now()
    runs = {run.name: run for run in JobRun.objects.all()}
    missing = [job.name for job in JOBS if job.name not in runs]
    if missing:
        text = f"never ran: {', '.join(missing)}. Is a worker running?"
        return Finding(Verdict.WARN, "jobs", text)
    failing = [f"{run.name} ({run.error})" for run in runs.values() if run.error]
    if failing:
        return Finding(Verdict.WARN, "jobs", f"failed: {', '.join(failing)}")
    ages = {job: now - runs[job.name].started_at for job in JOBS}
    told = ", ".join(f"{job.name} {age.total_seconds():.0f} s ago" for job, age in ages.items())
    is_late = any(age > _LATE + timedelta(seconds=job.every_seconds) for job, age in ages.items())
    if is_late:
        return Finding(Verdict.WARN, "jobs", f"late, is a worker running? {told}")
    return Finding(Verdict.OK, "jobs", told)


def _notices() -> Finding:
    from django.utils import timezone

    from tasuki.notices.queries.inbox import in_doubt

    count = in_doubt(since=timezone.now() - timedelta(days=7))
    if count:
        text = f"{count} of the last week failed or may not have arrived: see /notices/webhooks/"
        return Finding(Verdict.WARN, "notices", text)
    return Finding(Verdict.OK, "notices", "all of the last week went out")
