"""Facts told together with a move: all of it is written, or nothing."""

from datetime import date
from typing import Any

import pytest

from tasuki.core.contacts import InvalidContact
from tasuki.core.lifecycle import Advance, TransitionRefused
from tasuki.core.money import Money
from tasuki.journeys.kinds import EventKind
from tasuki.journeys.models import Account, Event, Journey, Person
from tasuki.journeys.operations.details import JourneyDetails, update_journey
from tasuki.journeys.operations.flow import HandOn
from tasuki.journeys.operations.guard import JourneyChangedMeanwhile
from tasuki.journeys.operations.learning import UnableToLearn, learn, move_knowing
from tasuki.journeys.operations.receipts import RequestRepeated
from tests.journeys import factories as make
from tests.journeys.factories import act

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _process() -> None:
    make.process()


def advance(
    journey: Journey, facts: dict[str, Any], key: str | None = None, seen: int = 1
) -> Journey:
    """Advance by one stage, telling facts along."""
    return move_knowing(
        journey_id=journey.pk,
        move=Advance(),
        facts=facts,
        hand_on=HandOn(revision=seen),
        act=act(key=key),
    )


def test_each_fact_is_kept_where_it_belongs() -> None:
    journey = make.journey()
    facts = {
        "journey.amount_minor": Money(1_000_000, "JPY"),
        "journey.expected_close_date": date(2026, 6, 30),
        "journey.channel": "seo",
        "journey.fit": "A",
        "person.phone": "03-1234-5678",
        "account.industry": "製造",
        "answers.need": "属人化",
    }
    moved = advance(journey, facts)
    assert (moved.stage, moved.amount_minor, moved.fit) == ("MQL", 1_000_000, "A")
    assert moved.expected_close_date == date(2026, 6, 30)
    assert moved.channel is not None
    assert moved.channel.code == "seo"
    assert moved.answers == {"need": "属人化"}
    assert Person.objects.get(pk=journey.person_id or 0).phone_key
    assert Account.objects.get(pk=journey.account_id).industry == "製造"


def test_a_journey_without_a_person_gets_one() -> None:
    journey = make.journey(account_id=make.account().pk)
    moved = advance(journey, {"person.email": "ito@aoba.example.co.jp"})
    person = Person.objects.get(pk=moved.person_id or 0)
    assert (person.email, person.account_id) == ("ito@aoba.example.co.jp", journey.account_id)
    assert "ito@aoba.example.co.jp" in moved.search_text


def test_a_refused_move_keeps_nothing_that_was_told() -> None:
    journey = make.journey(account_id=make.account().pk)
    with pytest.raises(TransitionRefused):
        advance(journey, {"journey.fit": "A"})
    journey.refresh_from_db()
    assert (journey.fit, journey.revision) == ("", 1)


def test_a_value_that_cannot_be_kept_stops_everything() -> None:
    journey = make.journey()
    with pytest.raises(InvalidContact):
        advance(journey, {"person.email": "nobody", "journey.fit": "A"})
    journey.refresh_from_db()
    assert (journey.stage, journey.fit) == ("LEAD", "")


def test_a_fact_that_is_not_told_by_hand_is_refused() -> None:
    with pytest.raises(UnableToLearn) as refused:
        advance(make.journey(), {"journey.cycle": 3})
    assert refused.value.path == "journey.cycle"


def test_who_saw_an_older_state_is_told() -> None:
    journey = make.journey()
    advance(journey, {})
    with pytest.raises(JourneyChangedMeanwhile):
        advance(journey, {"journey.fit": "A"})


def test_the_same_request_is_carried_out_once() -> None:
    journey = make.journey()
    advance(journey, {}, key="k")
    with pytest.raises(RequestRepeated):
        advance(journey, {}, key="k")


def test_the_same_deal_again_writes_no_history() -> None:
    journey = make.journey()
    told = {"journey.amount_minor": Money(5, "JPY"), "journey.expected_close_date": None}
    for _time in range(2):
        learn(journey_id=journey.pk, facts=told, act=act())
    changes = Event.objects.filter(journey=journey, kind=EventKind.DEAL_CHANGED)
    assert changes.count() == 1


def test_details_are_journaled_with_what_they_were() -> None:
    journey = make.journey()
    details = JourneyDetails(title="横展開", temperature="hot")
    changed = update_journey(journey_id=journey.pk, details=details, act=act(), revision=1)
    event = Event.objects.get(journey=journey, kind=EventKind.DETAILS_CHANGED)
    assert event.payload["changes"]["temperature"] == ["", "hot"]
    assert event.payload["changes"]["person_id"] == [journey.person_id, None]
    assert (changed.title, changed.person_id) == ("横展開", None)


def test_unchanged_details_write_nothing() -> None:
    journey = make.journey()
    update_journey(journey_id=journey.pk, details=JourneyDetails.of(journey), act=act())
    journey.refresh_from_db()
    assert journey.revision == 1
