"""My day: what is on it for whom, in which order, and done in place."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tasuki.core.access import Grant, Role, Scope
from tasuki.core.departments import Department
from tasuki.core.handoffs import Return
from tasuki.core.priorities import WorkKind
from tasuki.handoffs.tasks import expire
from tasuki.journeys.kinds import ActivityKind, Direction
from tasuki.journeys.models import Handoff, Journey, Stay
from tasuki.journeys.operations.facts import Touch, record_activity
from tasuki.journeys.operations.handoffs.deciding import accept_handoff, return_handoff
from tasuki.journeys.queries.blueprints import current_blueprint
from tasuki.journeys.queries.handoffs.day import (
    USUAL_VALUE_YEN,
    ToDo,
    day_of,
    loads_of_people,
    usual_value,
)
from tasuki.people.access import access_of
from tasuki.people.models import User
from tests.handoffs.scenes import NOW, Scene, act, browser, lead_of, offered, scene
from tests.people.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Scene:
    cache.clear()
    return scene()


def _day(user: User, *, days: float = 0, viewer: User | None = None) -> list[ToDo]:
    return list(
        day_of(
            access=access_of(user),
            viewer=access_of(viewer or user),
            blueprint=current_blueprint().blueprint,
            now=NOW + timedelta(days=days),
        )
    )


def _kinds(user: User, *, days: float = 0) -> list[WorkKind]:
    return [one.kind for one in _day(user, days=days)]


def test_a_packet_waits_for_each_who_may_take_it(at: Scene) -> None:
    offered(at)
    assert _kinds(at.taker) == [WorkKind.DECIDE]
    assert _kinds(at.manager) == [WorkKind.DECIDE]
    assert _kinds(at.outsider) == []


def test_after_accepting_the_customer_waits_for_the_first_contact(at: Scene) -> None:
    packet = offered(at)
    accept_handoff(handoff_id=packet.pk, act=act(at.taker))
    (first,) = _day(at.taker)
    assert (first.kind, first.handoff, first.due_at) == (
        WorkKind.FIRST_CONTACT,
        packet,
        packet.contact_due_at,
    )
    touch = Touch(kind=ActivityKind.CALL, direction=Direction.OUTBOUND)
    record_activity(journey_id=at.journey.pk, touch=touch, act=act(at.taker))
    assert _kinds(at.taker) == [WorkKind.NEXT_ACTION], "what comes after it is to be said"


def test_the_first_meeting_is_due_until_one_was_held(at: Scene) -> None:
    packet = offered(at)
    accept_handoff(handoff_id=packet.pk, act=act(at.taker))
    call = Touch(kind=ActivityKind.CALL, direction=Direction.OUTBOUND)
    record_activity(journey_id=at.journey.pk, touch=call, act=act(at.taker))
    assert WorkKind.FIRST_MEETING in _kinds(at.taker, days=30)
    meeting = Touch(kind=ActivityKind.MEETING, outcome="held")
    record_activity(journey_id=at.journey.pk, touch=meeting, act=act(at.taker))
    assert WorkKind.FIRST_MEETING not in _kinds(at.taker, days=30)


def test_a_meeting_that_belongs_to_an_earlier_department_is_not_due(at: Scene) -> None:
    packet = offered(at)
    accept_handoff(handoff_id=packet.pk, act=act(at.taker))
    Journey.objects.filter(pk=at.journey.pk).update(department="field_sales")
    assert WorkKind.FIRST_MEETING not in _kinds(at.taker, days=30)


def test_what_came_back_waits_for_its_giver(at: Scene) -> None:
    packet = offered(at, to=at.taker)
    return_handoff(handoff_id=packet.pk, step=Return("no_need"), act=act(at.taker))
    assert _kinds(at.giver) == [WorkKind.COMPLETE]
    Journey.objects.filter(pk=at.journey.pk).update(stage="LEAD")
    assert _kinds(at.giver) == []


def test_what_nobody_decided_goes_back_to_its_giver(at: Scene) -> None:
    packet = offered(at)
    assert packet.accept_due_at is not None
    expire(packet.accept_due_at + timedelta(days=6))
    packet.refresh_from_db()
    assert packet.state == "offered"
    expire(packet.accept_due_at + timedelta(days=8))
    packet.refresh_from_db()
    assert packet.state == "expired"
    assert _kinds(at.giver) == [WorkKind.COMPLETE]
    assert "The offer expired" in browser(at.giver).get("/my-day/").content.decode()


def test_steps_are_on_the_list_from_their_day_on(at: Scene) -> None:
    Journey.objects.filter(pk=at.journey.pk).update(next_action_date=date(2026, 4, 2))
    assert _kinds(at.giver) == []
    assert _kinds(at.giver, days=1) == [WorkKind.NEXT_ACTION]


def test_a_journey_that_rests_and_is_silent_is_stalled(at: Scene) -> None:
    Journey.objects.filter(pk=at.journey.pk).update(next_action_date=date(2027, 1, 1))
    assert _kinds(at.giver, days=13) == []
    assert _kinds(at.giver, days=15) == [WorkKind.STALLED]
    note = Touch(kind=ActivityKind.NOTE)
    late = NOW + timedelta(days=10)
    record_activity(journey_id=at.journey.pk, touch=note, act=act(at.giver, now=late))
    assert _kinds(at.giver, days=15) == []


def test_a_day_to_look_again_is_on_the_list_when_it_comes(at: Scene) -> None:
    Journey.objects.filter(pk=at.journey.pk).update(
        is_open=False, stage="RECYCLE", revisit_date=date(2026, 4, 3)
    )
    assert _kinds(at.giver, days=1) == []
    assert _kinds(at.giver, days=2) == [WorkKind.REVISIT]


def test_a_stage_and_a_contract_that_the_process_lost_do_no_harm(at: Scene) -> None:
    packet = offered(at, to=at.taker)
    return_handoff(handoff_id=packet.pk, step=Return("no_need"), act=act(at.taker))
    Handoff.objects.filter(pk=packet.pk).update(contract="gone")
    Journey.objects.filter(pk=at.journey.pk).update(stage="GONE", next_action_date=NOW.date())
    assert _kinds(at.giver, days=2) == [WorkKind.NEXT_ACTION]


def test_the_usual_value_is_the_median_of_what_was_won(at: Scene) -> None:
    blueprint = current_blueprint().blueprint
    assert usual_value(blueprint=blueprint) == USUAL_VALUE_YEN
    cache.clear()
    for amount in (100, 300, 800):
        _won(at, amount)
    assert usual_value(blueprint=blueprint) == 300
    _won(at, 900)
    assert usual_value(blueprint=blueprint) == 300, "kept for an hour"
    assert usual_value(blueprint=replace(blueprint, stages=())) == 300
    cache.clear()
    assert usual_value(blueprint=replace(blueprint, stages=())) == USUAL_VALUE_YEN


def _won(at: Scene, amount: int) -> None:
    won = lead_of(at.giver)
    Journey.objects.filter(pk=won.pk).update(
        amount_minor=amount, currency="JPY", amount_reporting_minor=amount
    )
    Stay.objects.create(
        journey=won,
        number=9,
        cycle=1,
        visit=1,
        stage="WON",
        department="field_sales",
        entered_at=NOW,
        entered_recorded_at=NOW,
        left_at=NOW,
        left_recorded_at=NOW,
        exit="advanced",
        blueprint_id=won.blueprint_id,
    )


def test_the_page_says_why_and_lets_it_be_done_in_place(at: Scene) -> None:
    packet = offered(at)
    page = browser(at.taker).get("/my-day/").content.decode()
    assert "has handed this over" in page
    answer = browser(at.taker).post(
        f"/handoffs/{packet.pk}/accept/", {"as": "day"}, headers={"HX-Request": "true"}
    )
    assert answer.headers["HX-Retarget"] == "#day"
    assert "has not heard from you yet" in answer.content.decode()


def test_a_step_is_done_by_saying_what_is_next(at: Scene) -> None:
    Journey.objects.filter(pk=at.journey.pk).update(next_action_date=date(2026, 4, 1))
    url = f"/my-day/next-step/{at.journey.pk}/"
    client = browser(at.giver)
    at.journey.refresh_from_db()
    good = {"revision": at.journey.revision, "what": "見積を送る", "due_date": "2099-04-08"}
    htmx = {"HX-Request": "true"}
    wrong = client.post(url, {**good, "due_date": ""}, headers=htmx)
    assert wrong.status_code == 422
    assert "見積を送る" in wrong.content.decode()
    assert client.post(url, {**good, "revision": 1}, headers=htmx).status_code == 409
    assert browser(at.outsider).post(url, good).status_code == 403
    at.journey.refresh_from_db()
    assert at.journey.next_action == "資料を送る"
    done = client.post(url, good, headers=htmx)
    at.journey.refresh_from_db()
    assert done.status_code == 200
    assert (at.journey.next_action, at.journey.next_action_date) == ("見積を送る", date(2099, 4, 8))


def test_without_scripts_a_step_leads_back_to_the_day(at: Scene) -> None:
    answer = browser(at.giver).post(
        f"/my-day/next-step/{at.journey.pk}/",
        {"revision": at.journey.revision, "what": "電話", "due_date": "2099-04-08"},
    )
    assert answer.headers["Location"] == "/my-day/"


def test_an_empty_day_says_so(at: Scene) -> None:
    assert "Everything is done" in browser(at.outsider).get("/my-day/").content.decode()


def test_managers_see_the_days_of_their_people_and_of_nobody_else(at: Scene) -> None:
    offered(at, to=at.taker)
    client = browser(at.manager)
    page = client.get(f"/my-day/?of={at.taker.pk}").content.decode()
    assert f"The day of {at.taker.full_name}" in page
    assert "has handed this over" in page
    assert client.get(f"/my-day/?of={at.giver.pk}").status_code == 404
    assert client.get("/my-day/?of=x").status_code == 404
    assert browser(at.taker).get(f"/my-day/?of={at.manager.pk}").status_code == 404


def test_a_narrow_view_of_another_day_shows_what_the_viewer_sees(at: Scene) -> None:
    offered(at, to=at.taker)
    stranger = make_user(Grant(Role.MEMBER, Department.SUCCESS, sees=Scope.OWN))
    Journey.objects.filter(pk=at.journey.pk).update(next_action_date=date(2026, 4, 1))
    assert _day(at.taker, viewer=stranger) == []
    assert _day(at.giver, viewer=stranger, days=1) == []


def test_the_team_view_tells_who_is_pressed(at: Scene) -> None:
    offered(at, to=at.taker)
    other = Scene(at.giver, at.taker, at.manager, at.outsider, at.team, lead_of(at.giver))
    packet = offered(other, to=at.taker)
    accept_handoff(handoff_id=packet.pk, act=act(at.taker))
    loads = loads_of_people(users=[at.manager, at.taker], now=NOW + timedelta(days=9))
    assert [(one.user, one.open, one.overdue, one.waiting, one.uncontacted) for one in loads] == [
        (at.taker, 1, 1, 1, 1),
        (at.manager, 0, 0, 0, 0),
    ]
    page = browser(at.manager).get("/my-day/team/").content.decode()
    assert at.taker.full_name in page
    assert "You manage nobody" in browser(at.taker).get("/my-day/team/").content.decode()


def test_the_number_of_queries_is_the_same_for_a_longer_day(
    at: Scene, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _more in range(4):
        offered(Scene(at.giver, at.taker, at.manager, at.outsider, at.team, lead_of(at.giver)))
    Journey.objects.update(next_action_date=timezone.now().date())
    client = browser(at.taker)
    client.get("/my-day/")
    with django_assert_max_num_queries(20):
        client.get("/my-day/")
