"""One small demo company behind a real server, and one Chromium, for the whole run.

The company is committed to the database, so these tests run apart from the others:
`pytest -m browser`, as `make test` does it. They share it; each works on records of its own.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from time import monotonic

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import setup_databases, teardown_databases
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from tasuki.people.models import User
from tests.browser.visiting import Watched, person, session_of
from tests.people.factories import NOW

_SIZE = 300
_BROWSER = os.environ.get("TASUKI_BROWSER") or shutil.which("chromium") or ""
_FLAGS = (
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
# A busy machine may be slow; only what never happens fails.
_PATIENCE_MS = 60_000

SignedIn = Callable[..., Page]
NewContext = Callable[..., BrowserContext]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave these tests out of a run that has others: they would see the company.

    Last, so that what `-m browser` leaves out is gone from the items already.
    """
    ours = [item for item in items if item.get_closest_marker("browser")]
    if len(ours) < len(items):
        for item in ours:
            item.add_marker(pytest.mark.skip(reason="run apart: pytest -m browser"))


@pytest.fixture(scope="session")
def _database(
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    """A database of our own; pytest-django makes one only for tests that it rolls back."""
    with django_db_blocker.unblock():
        config = setup_databases(verbosity=0, interactive=False)
        yield
        # Threads of the server outlive it, and their connections would keep the database here.
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        teardown_databases(config, verbosity=0)


@pytest.fixture(scope="session")
def _company(_database: None) -> Iterator[None]:
    """Load the company as of `NOW`, and let the clock of the server run on from there."""
    from tasuki.connect.demo.company import load_demo  # noqa: PLC0415 - only with a browser

    started = monotonic()

    def now() -> datetime:
        return NOW + timedelta(seconds=monotonic() - started)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", now)
        patch.setattr(settings, "TASUKI_DEMO", True)
        load_demo(now=NOW, size=_SIZE)
        yield


@pytest.fixture(scope="session")
def site(_company: None) -> Iterator[str]:
    """The address of the server."""
    server = LiveServer("127.0.0.1")
    yield server.url
    server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium."""
    if not _BROWSER:
        pytest.skip("no Chromium; Debian: apt install chromium fonts-noto-cjk")
    expect.set_options(timeout=_PATIENCE_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=_BROWSER, args=list(_FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def watched() -> Iterator[Watched]:
    """What the pages of this test complain about; anything at all fails it."""
    complaints = Watched()
    yield complaints
    assert complaints.texts == []


@pytest.fixture
def new_context(site: str, browser: Browser, watched: Watched) -> Iterator[NewContext]:
    """Makes the windows of a device: Japanese, light and wide unless said otherwise."""
    contexts: list[BrowserContext] = []

    def make(**options: object) -> BrowserContext:
        chosen = {"viewport": {"width": 1440, "height": 900}, "locale": "ja-JP"} | options
        context = browser.new_context(base_url=site, **chosen)  # type: ignore[arg-type]
        context.set_default_timeout(_PATIENCE_MS)
        context.on("page", watched.watch)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def signed_in(new_context: NewContext, site: str) -> SignedIn:
    """Opens a page in which somebody of the company is signed in already."""

    def open_for(who: User | str, **options: object) -> Page:
        context = new_context(**options)
        user = person(who) if isinstance(who, str) else who
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": session_of(user), "url": site}])
        return context.new_page()

    return open_for


@pytest.fixture
def anonymous(new_context: NewContext) -> Page:
    """A page of somebody who has not signed in."""
    return new_context().new_page()
