"""An import stopped by kill -9: nothing is half done, nothing is lost, and it can be run again."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tasuki.config import postgres

pytestmark = pytest.mark.programs
JOURNEYS = 1_000
MAPPING = """\
source: crm
gates: as_recorded
files:
  leads: leads.csv
records:
  - entity: account
    from: leads
    key: id
    fields: {name: company}
  - entity: journey
    from: leads
    key: id
    fields: {account: id}
    stages: {MQL: mql}
"""


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="tasuki-kill-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        (folder / "mapping.yaml").write_text(MAPPING, "utf-8")
        rows = (f"J{number},会社{number},2026-01-05" for number in range(JOURNEYS))
        (folder / "leads.csv").write_text("\n".join(["id,company,mql", *rows, ""]), "utf-8")
        lease = postgres.acquire(folder=folder / "home" / "postgres")
        yield folder
        lease.release()


def command(home: Path, *words: str) -> subprocess.Popen[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("TASUKI_")}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.Popen(
        [sys.executable, "-m", "tasuki.cli", *words],
        env=kept | {"TASUKI_HOME": str(home / "home"), "TASUKI_LOG_LEVEL": "WARNING"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(process: subprocess.Popen[str]) -> str:
    output, errors = process.communicate(timeout=600)
    assert process.returncode == 0, errors
    return output


def test_a_killed_import_leaves_nothing_and_runs_again(home: Path) -> None:
    finished(command(home, "init", "--no-admin"))
    words = ["import", "--mapping", str(home / "mapping.yaml"), str(home), "--json"]
    with connected(home) as database:
        with connected(home) as other, other.transaction():
            # Somebody who holds the last table stops the import in its middle, however quick.
            other.execute("LOCK TABLE journeys_event IN SHARE MODE")
            running = command(home, *words)
            while not _is_waiting(database):
                assert running.poll() is None, running.communicate()
                time.sleep(0.01)
            assert _has_written(database)
            running.send_signal(signal.SIGKILL)
            running.communicate()

        assert _journeys(database) == 0

        outcome = json.loads(finished(command(home, *words)))
        assert outcome["state"] == "committed"
        assert outcome["records"]["journey"]["created"] == JOURNEYS
        assert _journeys(database) == JOURNEYS

        again = json.loads(finished(command(home, *words)))
        assert again["records"]["journey"]["unchanged"] == JOURNEYS
        assert _journeys(database) == JOURNEYS


def connected(home: Path) -> psycopg.Connection:
    return psycopg.connect(
        host=str(postgres.socket_folder(folder=home / "home" / "postgres")),
        user=postgres.ROLE,
        dbname=postgres.DATABASE,
        autocommit=True,
    )


def _is_waiting(database: psycopg.Connection) -> bool:
    """Whether the import waits for the table of events."""
    return _has_lock(database, "journeys_event", is_granted=False)


def _has_written(database: psycopg.Connection) -> bool:
    """Whether the import's transaction has begun to write journeys."""
    return _has_lock(database, "journeys_journey", is_granted=True)


def _has_lock(database: psycopg.Connection, table: str, *, is_granted: bool) -> bool:
    found = database.execute(
        "SELECT 1 FROM pg_locks JOIN pg_class ON pg_class.oid = relation "
        "WHERE relname = %s AND mode = 'RowExclusiveLock' AND granted = %s",
        [table, is_granted],
    )
    return found.fetchone() is not None


def _journeys(database: psycopg.Connection) -> int:
    row = database.execute("SELECT count(*) FROM journeys_journey").fetchone()
    assert row is not None
    return int(row[0])
