"""One PostgreSQL for the whole run, in a folder of its own, started when first needed.

Each process of a parallel run holds a lease on the same server, and has its own database.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
import pytest

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
