"""An installation of its own for a benchmark: a folder with its server, migrated and filled.

The folder can be kept, so that the next run starts at once. Everything in it is as in production:
the embedded server with its durable settings, the migrations, the collected static files.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil


@contextmanager
def house(*, journeys: int, keep: Path | None) -> Iterator[Path]:
    """Keep an installation with that many journeys ready; without `keep` it is removed again.

    Once in a process: Django's settings are read once.
    """
    # Not the home of whoever runs it: the server's own account has to reach it.
    base = keep or Path(tempfile.mkdtemp(prefix="tasuki-bench-", dir="/var/tmp"))
    home = base / str(journeys)
    home.mkdir(parents=True, exist_ok=True)
    for folder in (base, home):
        folder.chmod(0o711)
    os.environ.pop("DATABASE_URL", None)
    os.environ |= {"TASUKI_HOME": str(home), "TASUKI_LOG_LEVEL": "WARNING", "TASUKI_DB_POOL": "0"}
    from tasuki.cli.installation import application, prepare

    try:
        with application(migrated=False):
            prepare()
            _fill(journeys)
            yield home
    finally:
        if keep is None:
            shutil.rmtree(base, ignore_errors=True)


def database_processes(home: Path) -> list[psutil.Process]:
    """Return the processes of the folder's PostgreSQL."""
    number = int((home / "postgres" / "data" / "postmaster.pid").read_text().split("\n", 1)[0])
    server = psutil.Process(number)
    return [server, *server.children(recursive=True)]


def _fill(journeys: int) -> None:
    from bench.seed import seed
    from tasuki.journeys.models import Journey

    if Journey.objects.exists():
        return
    print(f"Seeding {journeys:,} journeys …", flush=True)
    print(f"Seeded in {seed(journeys=journeys):.0f} s.", flush=True)
