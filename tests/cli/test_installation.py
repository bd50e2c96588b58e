"""A whole life of an installation, each command as a person types it."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import LiteralString
from urllib.error import URLError

import psycopg
import pytest

from tasuki.config import postgres

pytestmark = pytest.mark.programs
_PASSWORD = "sash-42-kurokawa"


class Installation:
    """A home folder and the command that works on it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        kept = {key: value for key, value in os.environ.items() if not key.startswith("TASUKI_")}
        self.environment = kept | {"TASUKI_HOME": str(home), "TASUKI_LOG_LEVEL": "WARNING"}
        del self.environment["DJANGO_SETTINGS_MODULE"]
        self.command = [sys.executable, "-m", "tasuki.cli"]
        self.database = home / "postgres"
        self._lease: postgres.Lease | None = None

    def keep_database(self) -> None:
        """Have the database run on between the commands, as it does while somebody serves."""
        self._lease = postgres.acquire(folder=self.database, durable=False)

    def leave_database(self) -> None:
        """Leave it to the commands."""
        if self._lease is not None:
            self._lease.release()

    def tasuki(self, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        """Run one command to its end."""
        return subprocess.run(
            [*self.command, *words],
            env=self.environment,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Yield a folder that the database's own user can reach."""
    with tempfile.TemporaryDirectory(prefix="tasuki-cli-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.fixture(scope="module")
def ready(folder: Path) -> Iterator[Installation]:
    """Yield an installation with an administrator and an uploaded file."""
    installation = Installation(folder / "ready")
    installation.keep_database()
    words = ["init", "--email", "Admin@Example.jp", "--family-name", "黒川", "--password-stdin"]
    done = installation.tasuki(*words, typed=f"{_PASSWORD}\n")
    assert done.returncode == 0, done.stderr
    upload = installation.home / "uploads" / "imports" / "リード.csv"
    upload.parent.mkdir(parents=True)
    upload.write_text("会社名\n株式会社あさひ\n", "utf-8")
    yield installation
    installation.leave_database()


def people(installation: Installation) -> str:
    """Return the addresses and roles that the database of an installation holds."""
    users = ask(installation, "SELECT email, family_name FROM people_user")
    grants = ask(installation, "SELECT role FROM people_rolegrant")
    return f"{users} {[role for (role,) in grants]}"


def ask(installation: Installation, question: LiteralString) -> list[tuple[object, ...]]:
    """Return the rows of an answer of the database of an installation."""
    lease = postgres.acquire(folder=installation.database, durable=False)
    host = str(postgres.socket_folder(folder=installation.database))
    with psycopg.connect(host=host, user=postgres.ROLE, dbname=postgres.DATABASE) as database:
        rows = database.execute(question).fetchall()
    lease.release()
    return rows


def test_init_makes_an_administrator(ready: Installation) -> None:
    assert people(ready) == "[('admin@example.jp', '黒川')] ['admin']"


def test_the_limits_on_signing_in_have_their_table(ready: Installation) -> None:
    assert ask(ready, "SELECT count(*) FROM tasuki_cache") == [(0,)]


def test_init_again_keeps_everything(ready: Installation) -> None:
    done = ready.tasuki("init")

    assert (done.returncode, done.stdout) == (0, "Database ready (0 migrations applied).\n")


@pytest.mark.parametrize(
    ("words", "typed", "code", "message"),
    [
        (["--email", "admin@example.jp"], f"{_PASSWORD}\n", 1, "there is a person with"),
        (["--email", "b@example.jp"], "short\n", 1, "too short"),
        (["--email", "nobody"], f"{_PASSWORD}\n", 1, "valid email"),
    ],
)
def test_init_refuses_a_wrong_administrator(
    ready: Installation, words: list[str], typed: str, code: int, message: str
) -> None:
    done = ready.tasuki("init", *words, "--family-name", "林", "--password-stdin", typed=typed)

    assert done.returncode == code
    assert message in done.stderr
    assert people(ready) == "[('admin@example.jp', '黒川')] ['admin']"


def test_doctor_finds_nothing_wrong(ready: Installation) -> None:
    done = ready.tasuki("doctor")

    lines = {line[6:20].strip(): line[:4].strip() for line in done.stdout.splitlines()}
    assert lines["database"] == "ok", done.stdout
    assert lines["migrations"] == "ok"
    assert lines["mail"] == "warn"
    assert lines["home"] == "ok"


def test_doctor_says_what_is_missing(folder: Path) -> None:
    fresh = Installation(folder / "fresh")

    done = fresh.tasuki("doctor")

    assert done.returncode == 1
    assert "FAIL  migrations" in done.stdout
    assert "run `tasuki migrate`" in done.stdout


def test_serving_an_unprepared_database_is_refused(folder: Path) -> None:
    done = Installation(folder / "fresh").tasuki("serve")

    assert done.returncode == 3
    assert done.stderr.startswith("tasuki: the database lacks ")
    assert len(done.stderr.splitlines()) == 1


def test_a_database_that_is_not_there_is_one_clear_line(folder: Path) -> None:
    away = Installation(folder / "away")
    away.environment["DATABASE_URL"] = "postgresql://127.0.0.1:1/tasuki?connect_timeout=2"

    done = away.tasuki("migrate")

    assert done.returncode == 3
    assert done.stderr.startswith("tasuki: the database does not answer:")
    assert "Traceback" not in done.stderr


def test_a_backup_comes_back_whole(ready: Installation, folder: Path) -> None:
    file, other = folder / "whole.zip", Installation(folder / "other")

    wrote = ready.tasuki("backup", str(file))
    brought = other.tasuki("restore", str(file))

    assert wrote.returncode == 0, wrote.stderr
    assert brought.returncode == 0, brought.stderr
    assert people(other) == people(ready)
    upload = other.home / "uploads" / "imports" / "リード.csv"
    assert upload.read_text("utf-8") == "会社名\n株式会社あさひ\n"
    assert file.stat().st_mode & 0o077 == 0


def test_a_restore_over_people_needs_force(ready: Installation, folder: Path) -> None:
    file = folder / "over.zip"
    ready.tasuki("backup", str(file))

    refused = ready.tasuki("restore", str(file))
    forced = ready.tasuki("restore", str(file), "--force")

    assert refused.returncode == 1
    assert "is not empty" in refused.stderr
    assert forced.returncode == 0, forced.stderr
    assert people(ready) == "[('admin@example.jp', '黒川')] ['admin']"


def test_a_backup_overwrites_nothing_unasked(ready: Installation, folder: Path) -> None:
    file = folder / "mine.zip"
    file.write_text("mine")

    done = ready.tasuki("backup", str(file))

    assert done.returncode == 1
    assert file.read_text() == "mine"


def test_what_is_no_backup_is_refused_and_changes_nothing(
    ready: Installation, folder: Path
) -> None:
    file = folder / "holiday.zip"
    file.write_text("not a zip")

    done = ready.tasuki("restore", str(file), "--force")

    assert done.returncode == 1
    assert "is not a backup of Tasuki" in done.stderr
    assert people(ready) == "[('admin@example.jp', '黒川')] ['admin']"


def test_a_backup_of_a_newer_version_is_refused(ready: Installation, folder: Path) -> None:
    file = folder / "newer.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(
            "backup.json", '{"format": 1, "tasuki": "9.0", "migrations": ["people.9999_later"]}'
        )

    done = ready.tasuki("restore", str(file), "--force")

    assert done.returncode == 1
    assert "written by Tasuki 9.0, which is newer" in done.stderr


def test_a_torn_backup_changes_nothing(ready: Installation, folder: Path) -> None:
    whole, torn = folder / "before.zip", folder / "torn.zip"
    ready.tasuki("backup", str(whole))
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(torn, "w") as target:
        target.writestr("backup.json", source.read("backup.json"))
        target.writestr("database.dump", source.read("database.dump")[:20_000])

    done = ready.tasuki("restore", str(torn), "--force")

    assert done.returncode == 1
    assert people(ready) == "[('admin@example.jp', '黒川')] ['admin']"
    assert (ready.home / "uploads" / "imports" / "リード.csv").exists()


def test_it_serves_until_told_to_stop_and_leaves_nothing_behind(ready: Installation) -> None:
    ready.leave_database()
    port = free_port()
    words = [*ready.command, "serve", "--port", str(port), "--workers", "1"]
    with subprocess.Popen(
        words, env=ready.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == (
            f"Tasuki is at http://127.0.0.1:{port} (Ctrl-C stops it)\n"
        )
        answer = first_answer(f"http://127.0.0.1:{port}/readyz", server)
        in_use = ready.tasuki("stop")
        server.send_signal(signal.SIGTERM)
        _out, errors = server.communicate(timeout=300)

    assert answer == '{"status": "ok", "database": "ok", "pending_migrations": 0}'
    assert "in use" in in_use.stderr
    assert server.returncode == 0, errors
    assert ready.tasuki("stop").stdout == "No embedded database is running.\n"
    ready.keep_database()


def free_port() -> int:
    """Return a port that nobody holds, below those that systems hand out by themselves."""
    for port in range(20_000 + os.getpid() % 10_000, 32_000):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")


def first_answer(url: str, server: subprocess.Popen[str]) -> str:
    """Return what the server answers as soon as it does, for as long as it lives."""
    while server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=300) as response:  # noqa: S310
                return str(response.read().decode())
        except (URLError, ConnectionError):
            time.sleep(0.05)
    return "it ended"
