"""The navigation shows what a person may open, and where they are."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from tasuki.core.access import NO_ACCESS, Access, Capability, Grant, Role
from tasuki.core.departments import Department
from tasuki.people.models import User
from tasuki.ui import chrome as chrome_module
from tasuki.ui import navigation
from tasuki.ui.chrome import Chrome, count_waiting
from tasuki.ui.navigation import Place, Section, links_for

ADMIN = Access(user_id=1, grants=(Grant(Role.ADMIN),), team_ids=frozenset())
SECTIONS = (
    Section("", (Place(label="Home", url_name="home"),)),
    Section(
        "Work",
        (
            Place(label="All", url_name="work", needs=(Capability.SEE_JOURNEYS,)),
            Place(
                label="Ours",
                url_name="work",
                query="department=marketing",
                department=Department.MARKETING,
            ),
        ),
    ),
    Section("Other", (Place(label="Gone", url_name="missing"),)),
)


@pytest.fixture(autouse=True)
def _places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "resolve", {"home": "/", "work": "/desk/"}.get)


def current(path: str) -> list[str]:
    sections = links_for(access=ADMIN, full_path=path, sections=SECTIONS)
    return [str(link.label) for part in sections for link in part.links if link.is_current]


def test_places_that_may_not_be_opened_or_do_not_exist_are_left_out() -> None:
    sections = links_for(access=NO_ACCESS, full_path="/", sections=SECTIONS)

    assert [[str(link.label) for link in part.links] for part in sections] == [["Home"], ["Ours"]]


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/", ["Home"]),
        ("/desk/", ["All"]),
        ("/desk/17/", ["All"]),
        ("/desk/?q=x", ["All"]),
        ("/desk/?sort=name&department=marketing", ["Ours"]),
        ("/desk/?department=success", ["All"]),
        ("/elsewhere/", []),
    ],
)
def test_one_place_at_most_is_current(path: str, label: list[str]) -> None:
    assert current(path) == label


def test_strangers_see_no_navigation() -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()

    chrome = Chrome(request)

    assert (chrome.user, chrome.access, chrome.sections, chrome.waiting) == (None, NO_ACCESS, (), 0)


def test_what_waits_adds_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chrome_module, "_waiting", [])
    count_waiting(lambda _user: 3, url_name="home")
    count_waiting(lambda _user: 4, url_name="other")
    request = RequestFactory().get("/")
    request.user = User(pk=1)

    assert Chrome(request).waiting == 7
