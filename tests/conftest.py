"""One PostgreSQL for the whole run, in a folder of its own, started when first needed.

Each process of a parallel run holds a lease on the same server, and has its own database.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import lru_cache
from pathlib import Path

import django
import pytest
from hypothesis import HealthCheck, settings
from pytest_django.plugin import DjangoDbBlocker

_HOME = "TASUKI_TEST_HOME"

if _HOME not in os.environ:
    # The first process makes the folder; the workers of a parallel run inherit its name.
    home = Path(tempfile.mkdtemp(prefix="tasuki-test-"))
    home.chmod(0o711)
    (home / "static").mkdir()
    os.environ |= {_HOME: str(home), "TASUKI_TEST_OWNER": str(os.getpid())}

for name in [name for name in os.environ if name.startswith("TASUKI_")]:
    if name not in {_HOME, "TASUKI_TEST_OWNER"}:
        del os.environ[name]
os.environ.pop("DATABASE_URL", None)
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "tests.settings",
    "TASUKI_HOME": os.environ[_HOME],
    "TASUKI_DB_POOL": "0",
    "TASUKI_SECRET_KEY": "known-to-all-and-good-for-tests-only",
    "TASUKI_LOG_LEVEL": "WARNING",
    # Playwright's synchronous driver runs a loop in the thread of the tests.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
}
# pytest-django looked for settings before this file was read.
django.setup()

# How long an example takes says how busy the machine is, nothing about the code.
settings.register_profile(
    "patient", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("patient")

SharedRows = Callable[[], AbstractContextManager[None]]
_DATABASE_FIXTURES = {"db", "transactional_db", "postgres_server", "live_server"}


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark a test that needs nothing but Python."""
    fixtures = _DATABASE_FIXTURES.intersection(getattr(item, "fixturenames", ()))
    marks = ("django_db", "browser", "programs")
    if not fixtures and not any(item.get_closest_marker(mark) for mark in marks):
        item.add_marker(pytest.mark.unit)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long: at the end it would keep one process busy while others wait.

    Last, so that the order is not shuffled again.
    """
    items.sort(key=lambda item: item.get_closest_marker("programs") is None)


@pytest.fixture(scope="session", autouse=True)
def _one_reading_of_each_process() -> Iterator[None]:
    """Most tests publish the same process: have its YAML parsed once. All else about it is real."""
    from tasuki.core.blueprint import reader  # noqa: PLC0415 - the environment comes first

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "_load", lru_cache(maxsize=64)(reader._load))
        yield


@pytest.fixture(scope="module")
def shared_rows(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[SharedRows]:
    """Hold a transaction over a module: what its fixtures store is there for each of its tests.

    They store it `with shared_rows():`. Each test still loses what it stores itself. Not for
    modules with tests that commit.
    """
    from django.db import transaction  # noqa: PLC0415 - the environment comes first

    with django_db_blocker.unblock():
        around = transaction.atomic()
        around.__enter__()
    yield django_db_blocker.unblock
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the folder when the process that made it ends."""
    if os.environ.get("TASUKI_TEST_OWNER") == str(os.getpid()):
        shutil.rmtree(os.environ[_HOME], ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Path]:
    """Keep the embedded PostgreSQL of this run alive; yield its folder."""
    from tasuki.config import postgres  # noqa: PLC0415 - the environment comes first

    folder = Path(os.environ[_HOME]) / "postgres"
    lease = postgres.acquire(folder=folder, durable=False)
    yield folder
    lease.release()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, postgres_server: Path
) -> None:
    """Have the server before pytest-django makes its database on it."""
