"""Handing on everything that somebody holds, from the page of that person."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tasuki.core.access import Grant, Role
from tasuki.core.departments import Department
from tasuki.journeys.models import AssignmentDecision, Journey, Reassignment
from tasuki.journeys.operations.assignment import Holder
from tasuki.people.models import User
from tasuki.workspace import tasks
from tests.journeys.factories import account, journey, process
from tests.people.factories import client_of, make_user

pytestmark = pytest.mark.django_db

SURE = {"sure": "on"}


def member(**fields: Any) -> User:
    return make_user(Grant(Role.MEMBER, Department.MARKETING), **fields)


def held(user: User, name: str = "株式会社一号") -> Journey:
    company = account(name, owner_id=user.pk)
    return journey(account_id=company.pk, holder=Holder(owner_id=user.pk, team_id=None))


@pytest.fixture(autouse=True)
def _process() -> None:
    process()


@pytest.fixture
def admin() -> Client:
    browser = client_of(make_user(Role.ADMIN))
    browser.cookies["tasuki_language"] = "en"
    return browser


@pytest.fixture
def worker_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tasks wait; without this they are carried out when they are asked for."""
    monkeypatch.setattr(type(tasks.hand_on), "enqueue", lambda *_args, **_kwargs: None)


def address(user: User, more: str = "") -> str:
    return f"/people/{user.pk}/hand-on/{more}"


def test_the_page_counts_what_somebody_holds_by_stage(admin: Client) -> None:
    leaver = member()
    held(leaver)
    held(leaver, "株式会社二号")
    shown = admin.get(address(leaver)).content.decode()
    assert "Lead (2)" in shown
    assert "2 journeys" in shown
    assert "responsible for 2 companies" in shown
    assert "Hand on everything" in admin.get(f"/people/{leaver.pk}/").content.decode()


def test_one_person_takes_everything(admin: Client) -> None:
    leaver, heir = member(), member()
    kept = held(leaver)
    fields = {"stages": ["LEAD"], "way": "person", "person": heir.pk, "reason": "退職"}
    asked = admin.post(address(leaver), fields)
    assert asked.status_code == 200
    assert "Hand on 1 journey" in asked.content.decode()
    assert 'value="退職"' in asked.content.decode()
    assert not Reassignment.objects.exists()
    assert admin.post(address(leaver), fields | SURE).headers["Location"] == address(leaver)
    assert Journey.objects.get(pk=kept.pk).owner_id == heir.pk
    run = Reassignment.objects.get()
    assert (run.state, run.done, run.reason) == ("done", 1, "退職")
    shown = admin.get(address(leaver)).content.decode()
    assert "Handed on last" in shown
    assert heir.full_name in shown
    assert f"/journeys/?owner={heir.pk}" in shown
    assert "holds no journeys" in shown
    person = admin.get(f"/people/{leaver.pk}/").content.decode()
    assert "What was handed on" in person


def test_by_rule_and_what_nobody_takes_waits(admin: Client) -> None:
    leaver = member()
    kept = held(leaver)
    admin.post(address(leaver), {"stages": ["LEAD"], "way": "rule", "person": ""} | SURE)
    assert Journey.objects.get(pk=kept.pk).owner_id is None
    assert AssignmentDecision.objects.get().chosen_id is None
    assert "/journeys/?owner=none" in admin.get(address(leaver)).content.decode()


@pytest.mark.parametrize(
    "fields",
    [
        {"stages": [], "way": "rule"},
        {"stages": ["LEAD"], "way": "person", "person": ""},
        {"stages": ["LEAD"], "way": "person", "person": "self"},
        {"stages": ["LEAD"], "way": "person", "person": "viewer"},
        {"stages": ["WON"], "way": "rule"},
        {"stages": ["LEAD"], "way": "elsewhere"},
    ],
)
def test_what_is_missing_is_asked_for(admin: Client, fields: dict[str, Any]) -> None:
    leaver = member()
    held(leaver)
    people = {"self": leaver, "viewer": make_user(Role.VIEWER)}
    if person := people.get(fields.get("person", "")):
        fields = fields | {"person": person.pk}
    answer = admin.post(address(leaver), fields | SURE | {"reason": "書いた理由"})
    assert answer.status_code == 422
    assert 'value="書いた理由"' in answer.content.decode()
    assert not Reassignment.objects.exists()


@pytest.mark.usefixtures("worker_away")
def test_while_it_runs_the_page_tells_how_far_it_is(admin: Client) -> None:
    leaver, heir = member(), member()
    held(leaver)
    fields = {"stages": ["LEAD"], "way": "person", "person": heir.pk} | SURE
    admin.post(address(leaver), fields)
    shown = admin.get(address(leaver)).content.decode()
    assert "hand-on-job" in shown
    assert 'name="stages"' not in shown
    progress = admin.get(address(leaver, "progress/"))
    assert "0 of 1" in progress.content.decode()
    again = admin.post(address(leaver), fields, follow=True).content.decode()
    assert "being handed on already" in again
    run = Reassignment.objects.get()
    tasks.hand_on.func(reassignment_id=run.pk)
    assert admin.get(address(leaver, "progress/")).headers["HX-Refresh"] == "true"


def test_what_was_interrupted_goes_on(admin: Client) -> None:
    leaver, heir = member(), member()
    kept = held(leaver)
    Reassignment.objects.create(
        from_user=leaver,
        to_user=heir,
        stages=["LEAD"],
        requested_at=timezone.now(),
        state=Reassignment.State.RUNNING,
        heartbeat_at=timezone.now() - timedelta(hours=1),
        total=1,
    )
    assert "Interrupted" in admin.get(address(leaver)).content.decode()
    assert admin.get(address(leaver, "progress/")).headers["HX-Refresh"] == "true"
    admin.post(address(leaver, "again/"))
    assert Journey.objects.get(pk=kept.pk).owner_id == heir.pk
    admin.post(address(leaver, "again/"))
    assert Reassignment.objects.get().state == "done"


def test_a_closed_account_says_that_nobody_works_on_its_journeys(admin: Client) -> None:
    leaver = member()
    held(leaver)
    User.objects.filter(pk=leaver.pk).update(is_active=False, deactivated_at=timezone.now())
    shown = admin.get(f"/people/{leaver.pk}/").content.decode()
    assert "nobody works on these journeys" in shown


@pytest.mark.parametrize("role", [Role.PROCESS_OWNER, Role.MANAGER, Role.MEMBER])
def test_others_are_denied_and_nothing_changes(role: Role) -> None:
    leaver, heir = member(), member()
    kept = held(leaver)
    browser = client_of(make_user(role))
    fields = {"stages": ["LEAD"], "way": "person", "person": heir.pk} | SURE
    for path in ("", "progress/"):
        assert browser.get(address(leaver, path)).status_code == 403
    for path in ("", "again/"):
        assert browser.post(address(leaver, path), fields).status_code == 403
    assert Journey.objects.get(pk=kept.pk).owner_id == leaver.pk
    assert not Reassignment.objects.exists()
