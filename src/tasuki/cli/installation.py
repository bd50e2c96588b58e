"""This installation: its settings loaded, its database running, its files in place."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tasuki.cli.command import CommandFailed, Exit
from tasuki.config import postgres
from tasuki.config.database import embedded_folder
from tasuki.config.environment import Environment, UnableToReadEnvironment, read_environment


def environment() -> Environment:
    """Return the environment.

    Raises:
        CommandFailed: a variable cannot be understood.
    """
    try:
        return read_environment()
    except UnableToReadEnvironment as error:
        raise CommandFailed(str(error), code=Exit.NOT_READY) from error


@contextmanager
def application(*, migrated: bool) -> Iterator[None]:
    """Keep settings and database ready; with `migrated`, refuse a database that lags behind."""
    # A command is one thread for a short time: a pool of connections would only slow it down.
    os.environ.setdefault("TASUKI_DB_POOL", "0")
    with ExitStack() as stack:
        stack.enter_context(running_database())
        load_settings()
        from django.db import connections

        stack.callback(connections.close_all)
        demand_database(migrated=migrated)
        yield


@contextmanager
def running_database() -> Iterator[None]:
    """Keep the embedded PostgreSQL running; a database of the operator's own needs no care."""
    here = environment()
    if here.database_url is not None:
        yield
        return
    try:
        lease = postgres.acquire(folder=embedded_folder(environment=here))
    except (postgres.UnableToRunDatabase, OSError) as error:
        raise CommandFailed(str(error), code=Exit.NOT_READY) from error
    try:
        yield
    finally:
        lease.release()


def load_settings() -> None:
    """Have Django ready.

    Raises:
        CommandFailed: the settings cannot be read or the home folder cannot be written.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tasuki.config.settings")
    import django

    try:
        django.setup()
    except (UnableToReadEnvironment, PermissionError) as error:
        raise CommandFailed(str(error), code=Exit.NOT_READY) from error


def demand_database(*, migrated: bool) -> None:
    """Make sure that the database answers and, with `migrated`, has every migration.

    Raises:
        CommandFailed: it does not, with what to do.
    """
    from django.db import OperationalError, connection

    from tasuki.config.health import pending_migrations

    try:
        connection.ensure_connection()
        pending = pending_migrations() if migrated else []
    except OperationalError as error:
        raise CommandFailed(
            f"the database does not answer: {str(error).strip().splitlines()[0]}",
            code=Exit.NOT_READY,
        ) from error
    if pending:
        raise CommandFailed(
            f"the database lacks {len(pending)} migrations: run `tasuki init` on a new "
            "installation, `tasuki backup FILE` and then `tasuki migrate` after an upgrade.",
            code=Exit.NOT_READY,
        )


def prepare() -> int:
    """Bring database and static files up to this version; return how many migrations ran."""
    from django.core.management import call_command

    from tasuki.config.health import pending_migrations

    pending = len(pending_migrations())
    if pending:
        call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    collect_static_files()
    return pending


def collect_static_files() -> None:
    """Copy the files that browsers load to where the web server reads them, when they changed."""
    from django.conf import settings
    from django.core.management import call_command

    target = Path(settings.STATIC_ROOT)
    stamp = target / ".collected"
    fingerprint = _fingerprint()
    if stamp.exists() and stamp.read_text("utf-8") == fingerprint:
        return
    target.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(fingerprint, "utf-8")


def _fingerprint() -> str:
    import hashlib

    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            digest.update(
                f"{path}:{storage.size(path)}:{storage.get_modified_time(path)}\n".encode()
            )
    return digest.hexdigest()
