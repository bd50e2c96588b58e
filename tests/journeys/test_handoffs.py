"""A packet is accepted, returned, withdrawn, rated; the journey follows it."""

from datetime import date, datetime, timedelta

import pytest

from tasuki.core.departments import Department
from tasuki.core.handoffs import HandoffRefused, HandoffRule, PacketState, Return
from tasuki.journeys.kinds import EventKind
from tasuki.journeys.models import AskedAgain, Event, Handoff, HandoffRound, Journey, Stay
from tasuki.journeys.operations.facts import NextAction
from tasuki.journeys.operations.handoffs.deciding import (
    accept_handoff,
    contract_of,
    expire_handoffs,
    return_handoff,
    withdraw_handoff,
)
from tasuki.journeys.operations.handoffs.ending import (
    Ending,
    HandoffDecidedMeanwhile,
    end_round,
)
from tasuki.journeys.operations.handoffs.offering import Offer, offer_handoff
from tasuki.journeys.operations.handoffs.quality import (
    mark_asked_again,
    rate_handoff,
    unmark_asked_again,
)
from tasuki.journeys.operations.receipts import RequestRepeated
from tests.journeys import factories
from tests.journeys.factories import NOW, act
from tests.journeys.handing_over import (
    TO_FIELD,
    TO_SUCCESS,
    TOLD,
    Staff,
    before_field_sales,
    happened,
    held_by,
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


def accept(packet: Handoff, people: Staff, **stated: object) -> Handoff:
    return accept_handoff(
        handoff_id=packet.pk,
        act=act(user=people.taker, now=LATER),
        **stated,  # type: ignore[arg-type]
    )


def test_whoever_accepts_carries_the_journey(people: Staff) -> None:
    journey = before_field_sales(people.giver)
    packet = offered(journey, people.giver)

    accepted = accept(packet, people)

    assert (accepted.state, accepted.holds) == (PacketState.ACCEPTED, True)
    assert (accepted.receiver, accepted.receiver_team) == (people.taker, people.taker.team)
    assert (accepted.decided_at, accepted.decided_by) == (LATER, people.taker)
    turn = HandoffRound.objects.get(handoff=packet)
    assert (turn.outcome, turn.ended_at, turn.ended_by) == ("accepted", LATER, people.taker)
    event = Event.objects.get(journey=journey, kind=EventKind.HANDOFF_ACCEPTED)
    assert (event.actor, event.payload["handoff"]) == (people.taker, packet.pk)


def test_a_packet_is_accepted_for_somebody_else(people: Staff) -> None:
    journey = before_field_sales(people.giver)
    packet = offered(journey, people.giver, people.taker)

    accepted = accept(packet, people, holder=held_by(people.other))

    journey.refresh_from_db()
    assert accepted.receiver == people.other
    assert accepted.decided_by == people.taker
    assert journey.owner == people.other


def test_the_system_accepts_for_nobody(people: Staff) -> None:
    journey = before_field_sales(people.giver)
    packet = offered(journey, people.giver)

    accepted = accept_handoff(handoff_id=packet.pk, act=act(now=LATER))

    journey.refresh_from_db()
    assert (accepted.receiver, accepted.decided_by, journey.owner) == (None, None, None)


def test_the_first_contact_is_what_comes_next(people: Staff) -> None:
    journey = before_field_sales(people.giver)

    accept(offered(journey, people.giver, people.taker), people)

    journey.refresh_from_db()
    assert journey.next_action == "お客様へ最初の連絡をする"
    assert journey.next_action_date == date(2026, 4, 1)


def test_a_first_contact_that_is_overdue_is_due_today(people: Staff) -> None:
    journey = before_field_sales(people.giver)
    packet = offered(journey, people.giver, people.taker)

    accept_handoff(handoff_id=packet.pk, act=act(user=people.taker, now=NOW + timedelta(days=6)))

    journey.refresh_from_db()
    assert journey.next_action_date == date(2026, 4, 7)


def test_without_a_deadline_the_first_contact_is_tomorrow(people: Staff) -> None:
    journey = before_field_sales(people.giver)
    packet = offered(journey, people.giver, people.taker)
    Handoff.objects.filter(pk=packet.pk).update(contact_due_at=None)

    accept(packet, people)

    journey.refresh_from_db()
    assert journey.next_action_date == date(2026, 4, 2)


def test_the_receiver_may_say_what_comes_next(people: Staff) -> None:
    journey = before_field_sales(people.giver)
    packet = offered(journey, people.giver, people.taker)

    accept(packet, people, next_action=NextAction(what="訪問", due_date=date(2026, 4, 9)))

    journey.refresh_from_db()
    assert (journey.next_action, journey.next_action_date) == ("訪問", date(2026, 4, 9))


def test_accepting_enters_the_next_stage_when_its_gate_is_met(people: Staff) -> None:
    answers = {
        "need": "属人化",
        "meeting_date": "2026-04-02",
        "meeting_held_date": "2026-04-01",
    }
    journey = factories.journey(stage="SQL", holder=held_by(people.giver), answers=answers)

    accept(offered(journey, people.giver, people.taker), people)

    journey.refresh_from_db()
    assert (journey.stage, journey.department, journey.owner) == (
        "SAO",
        "field_sales",
        people.taker,
    )
    assert happened(journey)[-2:] == [EventKind.HANDOFF_ACCEPTED, EventKind.ADVANCED]
    assert Stay.objects.get(journey=journey, stage="SQL").owner == people.giver
    assert Stay.objects.get(journey=journey, stage="SAO").owner == people.taker


def test_a_return_says_why_and_leaves_the_journey_with_its_giver(people: Staff) -> None:
    journey = before_field_sales(people.giver)
    packet = offered(journey, people.giver, people.taker)

    returned = give_back(packet, people, Return("missing_information", "agenda", " 誰が出ますか "))

    assert (returned.state, returned.returns) == (PacketState.RETURNED, 1)
    assert (returned.reason, returned.item, returned.note) == (
        "missing_information",
        "agenda",
        "誰が出ますか",
    )
    turn = HandoffRound.objects.get(handoff=packet)
    assert (turn.outcome, turn.reason, turn.item, turn.note) == (
        "returned",
        "missing_information",
        "agenda",
        "誰が出ますか",
    )
    event = Event.objects.get(journey=journey, kind=EventKind.HANDOFF_RETURNED)
    assert event.payload["reason"] == "missing_information"
    assert event.payload["item"] == "agenda"
    journey.refresh_from_db()
    assert (journey.owner, journey.department) == (people.giver, "inside_sales")


def give_back(
    packet: Handoff, people: Staff, step: Return | None = None, *, now: datetime = LATER
) -> Handoff:
    return return_handoff(
        handoff_id=packet.pk,
        step=step or Return("need_unclear"),
        act=act(user=people.taker, now=now),
    )


def test_a_returned_packet_is_offered_again_as_its_next_round(people: Staff) -> None:
    journey = before_field_sales(people.giver)
    packet = give_back(offered(journey, people.giver, people.taker), people)
    tomorrow = NOW + timedelta(days=1)

    again = offered(
        journey,
        people.giver,
        people.other,
        facts={"answers.agenda": "経理部長と費用を確かめる"},
        now=tomorrow,
    )

    assert again.pk == packet.pk
    stored = Handoff.objects.get(pk=packet.pk)
    assert (stored.state, stored.round, stored.returns) == (PacketState.OFFERED, 2, 1)
    assert (stored.reason, stored.decided_at, stored.decided_by) == ("", None, None)
    assert (stored.offered_at, stored.receiver) == (tomorrow, people.other)
    rounds = HandoffRound.objects.filter(handoff=packet).order_by("number")
    assert [(one.number, one.outcome, one.values["agenda"]) for one in rounds] == [
        (1, "returned", "費用の見通し"),
        (2, "", "経理部長と費用を確かめる"),
    ]


def test_a_second_return_needs_a_manager(people: Staff) -> None:
    journey = before_field_sales(people.giver)
    give_back(offered(journey, people.giver, people.taker), people)
    packet = offered(journey, people.giver, people.taker, now=LATER)

    with pytest.raises(HandoffRefused) as refused:
        give_back(packet, people)

    assert refused_rule(refused) is R.MANAGER_NEEDED
    returned = give_back(packet, people, Return("need_unclear", by_manager=True))
    assert (returned.state, returned.returns, returned.round) == (PacketState.RETURNED, 2, 2)


def test_the_giver_takes_an_offer_back(people: Staff) -> None:
    journey = before_field_sales(people.giver)
    packet = offered(journey, people.giver, people.taker)

    gone = withdraw_handoff(
        handoff_id=packet.pk, act=act(user=people.giver, now=LATER), note=" 先方の都合 "
    )

    assert (gone.state, gone.note, gone.returns) == (PacketState.WITHDRAWN, "先方の都合", 0)
    assert happened(journey)[-1] == EventKind.HANDOFF_WITHDRAWN
    assert offered(journey, people.giver, people.taker, now=LATER).round == 2


def test_what_was_decided_is_not_decided_again(people: Staff) -> None:
    packet = offered(before_field_sales(people.giver), people.giver, people.taker)
    accept(packet, people)
    before = happened(packet.journey)

    with pytest.raises(HandoffRefused) as accepting:
        accept(packet, people)
    with pytest.raises(HandoffRefused):
        give_back(packet, people)
    with pytest.raises(HandoffRefused):
        withdraw_handoff(handoff_id=packet.pk, act=act(user=people.giver))

    assert refused_rule(accepting) is R.DECIDED_ALREADY
    assert "藤井 健" in accepting.value.message.ja
    assert happened(packet.journey) == before


def test_a_packet_read_before_its_next_round_decides_nothing(people: Staff) -> None:
    journey = before_field_sales(people.giver)
    stale = offered(journey, people.giver, people.taker)
    give_back(stale, people)
    offered(journey, people.giver, people.other, now=LATER)
    stale.round = 1

    with pytest.raises(HandoffDecidedMeanwhile) as refused:
        end_round(handoff=stale, ending=Ending(PacketState.ACCEPTED), act=act(now=LATER))

    assert refused.value.handoff_id == stale.pk
    assert Handoff.objects.get(pk=stale.pk).state == PacketState.OFFERED


def test_what_nobody_decides_expires_and_stays_with_its_giver(people: Staff) -> None:
    journey = before_field_sales(people.giver)
    packet = offered(journey, people.giver, people.taker)
    due = packet.accept_due_at
    assert due is not None
    patience = timedelta(days=3)

    assert expire_handoffs(older_than=patience, act=act(now=due + patience)) == 0
    late = act(now=due + patience + timedelta(seconds=1))
    assert expire_handoffs(older_than=patience, act=late) == 1
    assert expire_handoffs(older_than=patience, act=late) == 0

    packet.refresh_from_db()
    journey.refresh_from_db()
    assert (packet.state, packet.decided_by, packet.returns) == (PacketState.EXPIRED, None, 0)
    assert journey.owner == people.giver
    assert happened(journey)[-1] == EventKind.HANDOFF_EXPIRED
    assert offered(journey, people.giver, people.taker, now=late.now).round == 2


def test_what_is_decided_while_others_expire_stays_decided(
    people: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered(before_field_sales(people.giver), people.giver, people.taker)

    def too_late(**_stated: object) -> None:
        raise HandoffDecidedMeanwhile(handoff_id=1)

    monkeypatch.setattr("tasuki.journeys.operations.handoffs.deciding.end_round", too_late)
    late = act(now=NOW + timedelta(days=30))

    assert expire_handoffs(older_than=timedelta(days=3), act=late) == 0


def test_a_rating_may_be_changed(people: Staff) -> None:
    packet = offered(before_field_sales(people.giver), people.giver, people.taker)
    accept(packet, people)
    by = act(user=people.taker, now=LATER)

    rate_handoff(handoff_id=packet.pk, usefulness=2, act=by)
    rate_handoff(handoff_id=packet.pk, usefulness=2, act=by)
    rated = rate_handoff(handoff_id=packet.pk, usefulness=4, act=by)

    assert (rated.usefulness, rated.rated_by, rated.rated_at) == (4, people.taker, LATER)
    told = Event.objects.filter(kind=EventKind.HANDOFF_RATED).order_by("id")
    assert [event.payload["usefulness"] for event in told] == [2, 4]


def test_only_an_accepted_packet_is_rated(people: Staff) -> None:
    packet = offered(before_field_sales(people.giver), people.giver, people.taker)

    with pytest.raises(HandoffRefused) as refused:
        rate_handoff(handoff_id=packet.pk, usefulness=3, act=act(user=people.taker))

    assert refused_rule(refused) is R.NOT_ACCEPTED


def test_something_is_asked_again_once_and_may_be_taken_back(people: Staff) -> None:
    packet = offered(before_field_sales(people.giver), people.giver, people.taker)
    accept(packet, people)
    by = act(user=people.taker, now=LATER)

    mark = mark_asked_again(handoff_id=packet.pk, item="need", act=by, note=" 予算の件 ")
    mark_asked_again(handoff_id=packet.pk, item="need", act=by)

    assert (mark.note, mark.marked_by, mark.marked_at) == ("予算の件", people.taker, LATER)
    assert AskedAgain.objects.count() == 1
    unmark_asked_again(handoff_id=packet.pk, item="need", act=by)
    unmark_asked_again(handoff_id=packet.pk, item="need", act=by)
    assert not AskedAgain.objects.exists()
    told = Event.objects.filter(kind=EventKind.HANDOFF_ASKED_AGAIN).order_by("id")
    assert [event.payload.get("taken_back", False) for event in told] == [False, True]


def test_what_the_packet_did_not_say_is_not_asked_again(people: Staff) -> None:
    packet = offered(before_field_sales(people.giver), people.giver, people.taker)
    accept(packet, people)

    with pytest.raises(HandoffRefused) as refused:
        mark_asked_again(handoff_id=packet.pk, item="risk", act=act(user=people.taker))

    assert refused_rule(refused) is R.NOTHING_TO_ASK_AGAIN
    assert not AskedAgain.objects.exists()


def test_a_double_click_does_everything_once(people: Staff) -> None:
    journey = before_field_sales(people.giver)
    giving = act(user=people.giver, key="offer-1")
    offer = Offer(receiver_id=people.taker.pk, facts=TOLD)
    packet = offer_handoff(journey_id=journey.pk, contract=TO_FIELD, offer=offer, act=giving)
    with pytest.raises(RequestRepeated) as repeated:
        offer_handoff(journey_id=journey.pk, contract=TO_FIELD, offer=offer, act=giving)
    taking = act(user=people.taker, now=LATER, key="accept-1")
    accept_handoff(handoff_id=packet.pk, act=taking)
    with pytest.raises(RequestRepeated):
        accept_handoff(handoff_id=packet.pk, act=taking)

    assert repeated.value.journey_id == journey.pk
    assert Handoff.objects.get().round == 1


def test_a_packet_is_judged_by_the_contract_it_was_offered_by(people: Staff) -> None:
    packet = offered(before_field_sales(people.giver), people.giver, people.taker)
    factories.publish_as_it_is(
        lambda text: text.update(
            contracts=[one for one in text["contracts"] if one["key"] != TO_FIELD]
        )
    )

    assert contract_of(packet).key == TO_FIELD
    with pytest.raises(HandoffRefused) as refused:
        give_back(packet, people, Return("missing_information"))
    accepted = accept(packet, people)

    assert refused_rule(refused) is R.ITEM_MISSING
    assert accepted.state == PacketState.ACCEPTED
    packet.journey.refresh_from_db()
    assert (packet.journey.owner, packet.journey.stage) == (people.taker, "SQL")
    mark = mark_asked_again(handoff_id=packet.pk, item="need", act=act(user=people.taker))
    assert mark.item == "need"


@pytest.mark.parametrize(
    ("contract", "rule"), [(TO_SUCCESS, R.NOT_FROM_HERE), ("nothing", R.NO_CONTRACT)]
)
def test_a_contract_must_hold_where_the_journey_stands(
    people: Staff, contract: str, rule: R
) -> None:
    with pytest.raises(HandoffRefused) as refused:
        offered(before_field_sales(people.giver), people.giver, contract=contract)

    assert refused_rule(refused) is rule


def test_the_department_of_a_packet_is_the_contracts() -> None:
    factories.process()
    people = staff(Department.MARKETING, Department.INSIDE_SALES)
    journey = factories.journey(stage="MQL", holder=held_by(people.giver), fit="A")

    packet = offered(
        journey,
        people.giver,
        people.taker,
        contract="marketing_to_inside_sales",
        facts={"answers.interest": "料金表を請求", "answers.consent": "form"},
    )
    accept(packet, people)

    stored = Journey.objects.get(pk=journey.pk)
    assert (stored.stage, stored.department, stored.owner) == (
        "SAL",
        "inside_sales",
        people.taker,
    )
