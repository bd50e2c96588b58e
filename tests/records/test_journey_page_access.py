"""The journey page for those who may only read, work elsewhere, or see nothing of it."""

import pytest

from tasuki.core.access import Grant, Role, Scope
from tasuki.core.departments import Department
from tasuki.journeys.kinds import ActivityKind
from tasuki.journeys.models import Activity
from tasuki.journeys.operations.facts import Touch, record_activity
from tests.journeys import factories as make
from tests.people.factories import client_of, make_user
from tests.records.visits import english, nothing_changed, page_of, send

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _process() -> None:
    make.process()


PLACES = [
    "moves/advance",
    "next-action",
    "activities/note",
    "deal",
    "details",
    "answers/SQL",
    "subscriptions",
    "owner",
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("role", [Role.VIEWER, Role.EXECUTIVE])
def test_who_only_reads_is_refused_and_nothing_changes(role: Role, place: str) -> None:
    journey = make.journey()
    client = client_of(make_user(role))
    assert client.get(f"/journeys/{journey.pk}/").status_code == 200
    answer = send(
        client, journey, place, to="MQL", what="x", due_date="2026-04-10", body="x", kind="note"
    )
    assert answer.status_code == 403
    assert nothing_changed(journey)
    assert not Activity.objects.exists()


@pytest.mark.parametrize("place", ["", "timeline", "stays/1", *PLACES])
def test_a_journey_out_of_sight_is_not_there(place: str) -> None:
    journey = make.journey()
    client = client_of(make_user(Grant(Role.MEMBER, sees=Scope.OWN)))
    address = f"/journeys/{journey.pk}/{place}{'/' if place else ''}"
    assert client.get(address).status_code == 404
    if place in PLACES:
        assert send(client, journey, place).status_code == 404
    assert nothing_changed(journey)


def test_a_member_of_another_department_may_look_but_not_touch() -> None:
    journey = make.journey()
    client = client_of(make_user(Grant(Role.MEMBER, department=Department.SUCCESS)))
    assert client.get(f"/journeys/{journey.pk}/").status_code == 200
    assert send(client, journey, "moves/advance", to="MQL").status_code == 403
    assert nothing_changed(journey)


def test_personal_data_is_masked_for_roles_that_do_not_need_it() -> None:
    journey = make.journey()
    record_activity(
        journey_id=journey.pk,
        touch=Touch(kind=ActivityKind.MAIL, body="山田太郎より"),
        act=make.act(),
    )
    shown = page_of(english(client_of(make_user(Role.MANAGER))), journey)
    hidden = page_of(english(client_of(make_user(Role.EXECUTIVE))), journey)
    assert "yamada@aoba.example.co.jp" in shown
    assert "yamada@aoba.example.co.jp" not in hidden
    assert "山田太郎より" not in hidden
    assert "The content is hidden from your role." in hidden
