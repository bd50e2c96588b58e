"""One timeline of touches and events, read a page at a time."""

from datetime import timedelta

import pytest

from tasuki.journeys.kinds import ActivityKind, EventKind
from tasuki.journeys.models import Account
from tasuki.journeys.operations.assignment import Holder, assign_owner
from tasuki.journeys.operations.facts import Touch, record_activity
from tasuki.journeys.operations.records import (
    AccountDetails,
    PersonDetails,
    update_account,
    update_person,
)
from tasuki.journeys.queries.timeline import TOPIC_OF, Topic, Whose, timeline
from tests.journeys import factories as make
from tests.journeys.factories import NOW, act

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _process() -> None:
    make.process()


def keys(
    whose: Whose, *, after: str = "", limit: int = 40, topic: Topic | None = None
) -> list[str]:
    """What the entries of a page say, newest first."""
    page = timeline(whose=whose, topic=topic, after=after, limit=limit)
    return [entry.touch.body if entry.touch else str(entry.event) for entry in page.entries]


def note(journey_id: int, body: str, hours: int) -> int:
    """Record a note some hours after the journey began."""
    at = NOW + timedelta(hours=hours)
    touch = Touch(kind=ActivityKind.NOTE, body=body)
    return record_activity(journey_id=journey_id, touch=touch, act=act(now=at)).pk


def test_newest_first_and_an_event_before_a_touch_of_the_same_moment() -> None:
    journey = make.journey()
    note(journey.pk, "same moment", 0)
    note(journey.pk, "later", 1)
    whose = Whose(journey_ids=(journey.pk,))
    assert keys(whose) == ["later", "same moment", "journey_opened"]


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_pages_join_without_gap_or_repetition(limit: int) -> None:
    journey = make.journey()
    for number in range(4):
        note(journey.pk, f"n{number}", number // 2)
    user = make.user()
    assign_owner(
        journey_id=journey.pk, holder=Holder(owner_id=user.pk, team_id=None), act=act(user=user)
    )
    whose = Whose(journey_ids=(journey.pk,))
    found: list[str] = []
    after: str | None = ""
    while after is not None:
        page = timeline(whose=whose, after=after, limit=limit)
        found += [entry.key for entry in page.entries]
        after = page.older
    whole = [entry.key for entry in timeline(whose=whose).entries]
    assert found == whole
    assert len(whole) == 6


@pytest.mark.parametrize(
    "broken",
    [
        "x",
        "2026-04-01T00:00:00+00:00~z1",
        "2026-04-01T00:00:00+00:00~ax",
        "never~a1",
        "2026-04-01T00:00:00~a1",
        "2026-04-01T00:00:00+00:00~a99999999999999999999",
    ],
)
def test_a_place_that_cannot_be_read_begins_at_the_newest(broken: str) -> None:
    journey = make.journey()
    assert keys(Whose(journey_ids=(journey.pk,)), after=broken) == ["journey_opened"]


def test_a_topic_narrows_to_touches_or_to_events() -> None:
    journey = make.journey()
    note(journey.pk, "a", 1)
    whose = Whose(journey_ids=(journey.pk,))
    assert keys(whose, topic=Topic.NOTE) == ["a"]
    assert keys(whose, topic=Topic.STAGE) == ["journey_opened"]
    assert keys(whose, topic=Topic.DEAL) == []


def test_names_are_those_who_acted_and_who_held() -> None:
    journey = make.journey()
    user = make.user()
    assign_owner(
        journey_id=journey.pk, holder=Holder(owner_id=user.pk, team_id=None), act=act(user=user)
    )
    page = timeline(whose=Whose(journey_ids=(journey.pk,)))
    assert page.names == {user.pk: "佐藤 花子"}


def test_a_correction_and_what_it_corrects_know_each_other() -> None:
    journey = make.journey()
    first = note(journey.pk, "wrong", 1)
    right = Touch(kind=ActivityKind.NOTE, body="right", replaces_id=first)
    second = record_activity(
        journey_id=journey.pk, touch=right, act=act(now=NOW + timedelta(hours=2))
    )
    touches = [
        entry.touch
        for entry in timeline(whose=Whose(journey_ids=(journey.pk,)), topic=Topic.NOTE).entries
    ]
    assert [(one.replaces_id, one.replaced_by_id) for one in touches if one] == [
        (first, None),
        (None, second.pk),
    ]


def test_what_was_recorded_more_than_an_hour_late_is_marked() -> None:
    journey = make.journey()
    touch = Touch(kind=ActivityKind.NOTE, body="late")
    late = act(now=NOW + timedelta(days=2), happened_at=NOW + timedelta(days=1))
    record_activity(journey_id=journey.pk, touch=touch, act=late)
    entries = timeline(whose=Whose(journey_ids=(journey.pk,))).entries
    assert [entry.was_told_late for entry in entries] == [True, False]


def test_changes_of_the_company_and_the_person_themselves_are_told() -> None:
    account = make.account()
    person = make.person(account)
    update_account(
        account_id=account.pk,
        details=AccountDetails(name=account.name, industry="製造"),
        revision=1,
        act=act(),
    )
    update_person(
        person_id=person.pk, details=PersonDetails(family_name="田中"), revision=1, act=act()
    )
    assert keys(Whose(account_ids=(account.pk,))) == ["details_changed"]
    assert keys(Whose(person_ids=(person.pk,))) == ["details_changed"]
    assert Account.objects.get(pk=account.pk).industry == "製造"


def test_every_kind_of_event_has_its_topic() -> None:
    assert set(TOPIC_OF) == set(EventKind)
