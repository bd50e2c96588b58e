"""Offering a packet: what is kept, to whom it goes, and when it is refused."""

from datetime import UTC, datetime, timedelta

import pytest

from tasuki.core.handoffs import HandoffRefused, HandoffRule, PacketState
from tasuki.journeys.kinds import EventKind
from tasuki.journeys.models import Event, Handoff, HandoffRound
from tasuki.journeys.operations.guard import JourneyChangedMeanwhile
from tasuki.journeys.operations.handoffs.deciding import accept_handoff
from tasuki.journeys.operations.handoffs.offering import Offer, offer_handoff
from tasuki.people.models import Absence
from tests.journeys import factories
from tests.journeys.factories import NOW, act
from tests.journeys.handing_over import (
    TO_FIELD,
    TOLD,
    Staff,
    before_field_sales,
    happened,
    offered,
    staff,
)

pytestmark = pytest.mark.django_db
R = HandoffRule
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def people() -> Staff:
    factories.process()
    return staff()


def refused_rule(excinfo: pytest.ExceptionInfo[HandoffRefused]) -> HandoffRule:
    return excinfo.value.rule


def test_an_offer_keeps_what_was_told_and_when_it_is_due(people: Staff) -> None:
    journey = before_field_sales(people.giver)

    packet = offered(journey, people.giver, people.taker, message=" よろしくお願いします ")

    stored = Handoff.objects.get(pk=packet.pk)
    assert (stored.state, stored.round, stored.holds) == (PacketState.OFFERED, 1, False)
    assert (stored.giver, stored.receiver, stored.receiver_team) == (
        people.giver,
        people.taker,
        people.taker.team,
    )
    assert (stored.giver_department, stored.taker_department) == ("inside_sales", "field_sales")
    assert stored.values == {
        "need": "請求に月40時間かかる",
        "trigger": "来期に組織を変える",
        "meeting_date": "2026-04-10",
        "agenda": "費用の見通し",
        "role": "decider",
        "temperature": "hot",
        "temperature_reason": "先方から日程の打診",
    }
    assert (stored.completeness_ratio, stored.message) == (1.0, "よろしくお願いします")
    # Offered at nine: three hours, four hours with lunch between, a day and ten days of work.
    assert stored.accept_warn_at == datetime(2026, 4, 1, 3, tzinfo=UTC)
    assert stored.accept_due_at == datetime(2026, 4, 1, 5, tzinfo=UTC)
    assert stored.contact_due_at == datetime(2026, 4, 1, 9, tzinfo=UTC)
    assert stored.meeting_due_at == datetime(2026, 4, 14, 9, tzinfo=UTC)
    turn = HandoffRound.objects.get(handoff=stored)
    assert (turn.number, turn.outcome, turn.ended_at) == (1, "", None)
    assert (turn.giver, turn.receiver, turn.values) == (people.giver, people.taker, stored.values)


def test_an_offer_tells_the_journey_what_is_new(people: Staff) -> None:
    journey = before_field_sales(people.giver)

    packet = offered(journey, people.giver, people.taker)

    journey.refresh_from_db()
    assert journey.answers["agenda"] == "費用の見通し"
    assert journey.temperature == "hot"
    assert (journey.stage, journey.owner) == ("SQL", people.giver)
    event = Event.objects.get(journey=journey, kind=EventKind.HANDOFF_OFFERED)
    assert event.actor == people.giver
    assert event.payload == {
        "handoff": packet.pk,
        "contract": TO_FIELD,
        "round": 1,
        "giver": people.giver.pk,
        "receiver": people.taker.pk,
    }


def test_a_packet_may_wait_in_the_queue_of_the_department(people: Staff) -> None:
    journey = before_field_sales(people.giver)

    packet = offered(journey, people.giver, None, team_id=people.taker.team_id)

    assert (packet.receiver_id, packet.receiver_team_id) == (None, people.taker.team_id)
    assert packet.accept_due_at == datetime(2026, 4, 1, 5, tzinfo=UTC)


def test_the_rules_may_choose_who_receives(people: Staff) -> None:
    journey = before_field_sales(people.giver)

    packet = offered(journey, people.giver, by_rule=True)

    assert packet.receiver_id in {people.taker.pk, people.other.pk}


def test_an_offer_of_the_system_is_the_owners(people: Staff) -> None:
    journey = before_field_sales(people.giver)

    packet = offer_handoff(
        journey_id=journey.pk, contract=TO_FIELD, offer=Offer(facts=TOLD), act=act()
    )

    assert packet.giver_id == people.giver.pk


def test_an_incomplete_packet_is_refused_and_nothing_is_kept(people: Staff) -> None:
    journey = before_field_sales(people.giver)

    with pytest.raises(HandoffRefused) as refused:
        offered(journey, people.giver, facts={**TOLD, "answers.agenda": "-"})

    assert refused_rule(refused) is R.INCOMPLETE
    assert [entry.item.key for entry in refused.value.lacking] == ["agenda"]
    assert not Handoff.objects.exists()
    assert happened(journey) == [EventKind.JOURNEY_OPENED]
    journey.refresh_from_db()
    assert (journey.temperature, journey.revision) == ("", 1)


def test_a_packet_that_waits_is_not_offered_twice(people: Staff) -> None:
    journey = before_field_sales(people.giver)
    offered(journey, people.giver, people.taker)

    with pytest.raises(HandoffRefused) as refused:
        offered(journey, people.giver, people.other)

    assert refused_rule(refused) is R.OPEN_ALREADY
    assert Handoff.objects.count() == 1


def test_what_was_accepted_and_holds_is_not_offered_again(people: Staff) -> None:
    journey = before_field_sales(people.giver)
    packet = offered(journey, people.giver, people.taker)
    accept_handoff(handoff_id=packet.pk, act=act(user=people.taker))

    with pytest.raises(HandoffRefused) as refused:
        offered(journey, people.taker, people.other)

    assert refused_rule(refused) is R.ACCEPTED_ALREADY


def test_somebody_whose_account_is_closed_receives_nothing(people: Staff) -> None:
    people.taker.is_active, people.taker.deactivated_at = False, NOW
    people.taker.save()

    with pytest.raises(HandoffRefused) as refused:
        offered(before_field_sales(people.giver), people.giver, people.taker)

    assert refused_rule(refused) is R.RECEIVER_REMOVED


def test_somebody_of_another_department_receives_nothing(people: Staff) -> None:
    with pytest.raises(HandoffRefused) as refused:
        offered(before_field_sales(people.giver), people.giver, people.giver)

    assert refused_rule(refused) is R.RECEIVER_ELSEWHERE


@pytest.mark.parametrize(
    ("starts", "cancelled", "away"),
    [(-1, False, True), (0, False, True), (1, False, False), (-1, True, False)],
)
def test_somebody_absent_now_receives_nothing(
    people: Staff, starts: int, cancelled: object, away: object
) -> None:
    Absence.objects.create(
        user=people.taker,
        starts_at=NOW + timedelta(hours=starts),
        ends_at=NOW + timedelta(days=2),
        cancelled_at=NOW if cancelled else None,
    )
    journey = before_field_sales(people.giver)
    if not away:
        assert offered(journey, people.giver, people.taker).receiver_id == people.taker.pk
        return

    with pytest.raises(HandoffRefused) as refused:
        offered(journey, people.giver, people.taker)

    assert refused_rule(refused) is R.RECEIVER_AWAY


def test_what_the_giver_saw_must_still_hold(people: Staff) -> None:
    journey = before_field_sales(people.giver)

    with pytest.raises(JourneyChangedMeanwhile):
        offered(journey, people.giver, people.taker, revision=7)

    assert not Handoff.objects.exists()
