"""A backup: one ZIP file with the database, the uploaded files, and a note on what they are."""

import json
import os
import shutil
import subprocess
import tempfile
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from tasuki import __version__
from tasuki.config import postgres

_NOTE, _DUMP, _UPLOADS = "backup.json", "database.dump", "uploads/"
_FORMAT = 1


class UnableToBackUp(RuntimeError):
    """The backup cannot be written; nothing was left behind."""


class UnableToRestore(RuntimeError):
    """The backup was not brought back; the database is as it was."""


@dataclass(frozen=True, slots=True)
class Note:
    """What a backup says of itself."""

    format: int
    tasuki: str
    migrations: list[str]
    """As `app.name`; whoever lacks one of them cannot read the data."""


def write_backup(*, target: Path) -> int:
    """Write a backup of one moment, whole or not at all; return its size in bytes.

    Raises:
        UnableToBackUp: the database cannot be read, or the file not be written.
    """
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".tasuki-backup-") as folder:
            dump = Path(folder) / _DUMP
            _run("pg_dump", "--format=custom", "--no-owner", "--no-acl", f"--file={dump}")
            _pack(draft, dump)
        draft.chmod(0o600)
        draft.replace(target)
    except (OSError, subprocess.CalledProcessError) as error:
        raise UnableToBackUp(_reason(error)) from error
    finally:
        draft.unlink(missing_ok=True)
    return target.stat().st_size


def read_note(*, source: Path) -> Note:
    """Return what the backup says of itself.

    Raises:
        UnableToRestore: it is no backup, or one that this version cannot read.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            note = Note(**json.loads(archive.read(_NOTE)))
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        raise UnableToRestore(f"{source} is not a backup of Tasuki.") from error
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if note.format != _FORMAT or not known.issuperset(note.migrations):
        raise UnableToRestore(
            f"{source} was written by Tasuki {note.tasuki}, which is newer than this one "
            f"({__version__}): install that version first."
        )
    return note


def restore_backup(*, source: Path) -> None:
    """Replace the database and the uploaded files by those of a backup.

    The database changes in one transaction, and the files are exchanged after it.

    Raises:
        UnableToRestore: something is wrong with the file, or the database is in use.
    """
    read_note(source=source)
    uploads = Path(settings.MEDIA_ROOT)
    uploads.parent.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(dir=uploads.parent, prefix=".tasuki-restore-") as folder:
            _unpack(source, Path(folder))
            connection.close()
            _replace_database(Path(folder) / _DUMP)
            _exchange(uploads, Path(folder) / "uploads")
    except (OSError, zipfile.BadZipFile, subprocess.CalledProcessError) as error:
        raise UnableToRestore(_reason(error)) from error


def _pack(draft: Path, dump: Path) -> None:
    note = Note(format=_FORMAT, tasuki=__version__, migrations=_applied_migrations())
    uploads = Path(settings.MEDIA_ROOT)
    # The dump is compressed already, and so are most of the files that people upload.
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(_NOTE, json.dumps(asdict(note), indent=1))
        archive.write(dump, _DUMP)
        for path in sorted(uploads.rglob("*")):
            if path.is_file():
                archive.write(path, _UPLOADS + path.relative_to(uploads).as_posix())


def _applied_migrations() -> list[str]:
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied)


def _unpack(source: Path, folder: Path) -> None:
    (folder / "uploads").mkdir(mode=0o700)
    with zipfile.ZipFile(source) as archive:
        for entry in archive.infolist():
            place = PurePosixPath(entry.filename)
            is_ours = entry.filename == _DUMP or place.parts[:1] == ("uploads",)
            if entry.is_dir() or not is_ours or place.is_absolute() or ".." in place.parts:
                continue
            path = folder / place
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with archive.open(entry) as content, path.open("wb") as file:
                _copy(content, file)
            path.chmod(0o600)


def _copy(content: IO[bytes], file: IO[bytes]) -> None:
    shutil.copyfileobj(content, file, 1024 * 1024)


def _replace_database(dump: Path) -> None:
    script = dump.with_suffix(".sql")
    _run("pg_restore", "--no-owner", "--no-acl", f"--file={script}", str(dump), connect=False)
    # A web process that still reads would make this wait for ever.
    begin = "SET lock_timeout = '10s'; DROP SCHEMA public CASCADE; CREATE SCHEMA public"
    _run(
        "psql",
        "--quiet",
        "--no-psqlrc",
        "--single-transaction",
        "--set=ON_ERROR_STOP=1",
        f"--command={begin}",
        f"--file={script}",
    )


def _exchange(present: Path, wanted: Path) -> None:
    old = wanted.with_name("old")
    if present.exists():
        present.rename(old)
    wanted.rename(present)


def _run(program: str, *arguments: str, connect: bool = True) -> None:
    """Run a PostgreSQL program against the database of the settings; nothing secret is shown."""
    database = settings.DATABASES["default"]
    variables = {
        "PGHOST": database["HOST"],
        "PGPORT": database["PORT"],
        "PGUSER": database["USER"],
        "PGPASSWORD": database["PASSWORD"],
        "PGSSLMODE": database["OPTIONS"].get("sslmode", ""),
        "PGSSLROOTCERT": database["OPTIONS"].get("sslrootcert", ""),
    }
    environment = os.environ | {name: str(value) for name, value in variables.items() if value}
    command = [str(postgres.program(program)), *arguments]
    if connect:
        command.append(f"--dbname={connection.settings_dict['NAME']}")
    subprocess.run(  # noqa: S603
        command,
        env=environment,
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def _reason(error: BaseException) -> str:
    if isinstance(error, subprocess.CalledProcessError):
        lines = error.stderr.decode(errors="replace").strip().splitlines()
        if any("lock timeout" in line for line in lines):
            return "the database is in use: end `tasuki serve` and every worker first."
        return lines[-1] if lines else str(error)
    return str(error)
