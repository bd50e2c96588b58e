"""Where the journey goes while a packet waits or holds, and what becomes of the packet."""

from datetime import date, timedelta

import pytest

from tasuki.core.departments import Department
from tasuki.core.handoffs import HandoffRefused, HandoffRule, PacketState
from tasuki.core.lifecycle import (
    Advance,
    HandoffNeeded,
    Lose,
    Move,
    MoveBack,
    Recycle,
    RuleCode,
    TransitionRefused,
    WinBack,
)
from tasuki.journeys.kinds import EventKind
from tasuki.journeys.models import Event, Handoff, Journey, Stay
from tasuki.journeys.operations.assignment import NOBODY
from tasuki.journeys.operations.flow import HandOn, move_journey
from tasuki.journeys.operations.guard import JourneyChangedMeanwhile
from tasuki.journeys.operations.handoffs.deciding import accept_handoff
from tasuki.journeys.operations.handoffs.ending import HandoffDecidedMeanwhile
from tests.journeys import factories
from tests.journeys.factories import NOW, act
from tests.journeys.handing_over import (
    BACK,
    GATE,
    TO_FIELD,
    TOLD,
    VOICE,
    Staff,
    before_field_sales,
    happened,
    held_by,
    offered,
    staff,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
HELD = {**GATE, "meeting_held_date": "2026-04-01"}


@pytest.fixture
def people() -> Staff:
    factories.process()
    return staff()


def move(journey: Journey, to: Move, **answers: object) -> Journey:
    hand_on = HandOn(answers=answers)
    return move_journey(journey_id=journey.pk, move=to, act=act(now=LATER), hand_on=hand_on)


def accepted(journey: Journey, people: Staff, **stated: object) -> Handoff:
    packet = offered(journey, people.giver, people.taker, **stated)  # type: ignore[arg-type]
    return accept_handoff(handoff_id=packet.pk, act=act(user=people.taker, now=NOW))


def test_nothing_crosses_without_an_accepted_packet(people: Staff) -> None:
    journey = before_field_sales(people.giver)
    offered(journey, people.giver, people.taker)

    with pytest.raises(HandoffNeeded) as refused:
        move(journey, Advance(), meeting_held_date="2026-04-01")

    assert refused.value.contract.key == TO_FIELD
    journey.refresh_from_db()
    assert (journey.stage, journey.owner) == ("SQL", people.giver)
    assert "meeting_held_date" not in journey.answers


def test_the_sash_passes_while_the_journey_waits_for_its_meeting(people: Staff) -> None:
    journey = before_field_sales(people.giver)

    packet = accepted(journey, people)

    journey.refresh_from_db()
    assert (journey.stage, journey.department) == ("SQL", "field_sales")
    assert (journey.owner, journey.team) == (people.taker, people.taker.team)
    assert packet.holds
    stay = Stay.objects.get(journey=journey, left_at__isnull=True)
    assert (stay.stage, stay.department, stay.owner) == ("SQL", "inside_sales", people.taker)
    told = Event.objects.get(journey=journey, kind=EventKind.OWNER_ASSIGNED)
    assert told.payload == {
        "before": [people.giver.pk, None],
        "after": [people.taker.pk, people.taker.team_id],
        "handoff": packet.pk,
    }


def test_after_its_meeting_the_journey_goes_on_with_whoever_accepted(people: Staff) -> None:
    journey = before_field_sales(people.giver)
    packet = accepted(journey, people)

    moved = move(journey, Advance(), meeting_held_date="2026-04-01")

    assert (moved.stage, moved.department) == ("SAO", "field_sales")
    assert (moved.owner_id, moved.team_id) == (people.taker.pk, people.taker.team_id)
    packet.refresh_from_db()
    assert packet.holds


def test_an_accepted_packet_is_no_reason_to_skip_the_gate(people: Staff) -> None:
    journey = before_field_sales(people.giver)
    accepted(journey, people)

    with pytest.raises(TransitionRefused) as refused:
        move(journey, Advance())

    assert refused.value.rule is RuleCode.GATE_NOT_MET
    assert [item.key for item in refused.value.missing] == ["meeting_held_date"]


def test_where_another_agreement_holds_by_now_nothing_is_accepted(people: Staff) -> None:
    journey = before_field_sales(people.giver)
    packet = offered(journey, people.giver, people.taker)
    factories.publish_as_it_is(lambda text: text["contracts"][1].update(key="another_agreement"))

    with pytest.raises(TransitionRefused) as refused:
        accept_handoff(handoff_id=packet.pk, act=act(user=people.taker, now=LATER))

    assert refused.value.rule is RuleCode.HANDOFF_NEEDED
    packet.refresh_from_db()
    assert packet.state == PacketState.OFFERED


def test_going_back_behind_the_boundary_gives_the_journey_back(people: Staff) -> None:
    journey = factories.journey(stage="SQL", holder=held_by(people.giver), answers=HELD)
    packet = accepted(journey, people)

    moved = move(journey, MoveBack(to="SQL", reason="need_unclear"))

    packet.refresh_from_db()
    assert (packet.state, packet.holds) == (PacketState.ACCEPTED, False)
    assert (moved.stage, moved.department) == ("SQL", "inside_sales")
    assert moved.owner_id == people.giver.pk
    with pytest.raises(HandoffNeeded):
        move(journey, Advance())
    assert offered(journey, people.giver, people.taker, now=LATER).pk != packet.pk


def test_whoever_is_named_takes_it_back_instead_of_the_giver(people: Staff) -> None:
    journey = factories.journey(stage="SQL", holder=held_by(people.giver), answers=HELD)
    accepted(journey, people)

    moved = move_journey(
        journey_id=journey.pk,
        move=MoveBack(to="SQL", reason="need_unclear"),
        act=act(now=LATER),
        hand_on=HandOn(holder=NOBODY),
    )

    assert moved.owner_id is None


def test_going_back_within_the_department_keeps_the_hold(people: Staff) -> None:
    journey = factories.journey(stage="SQL", holder=held_by(people.giver), answers=HELD)
    packet = accepted(journey, people)
    move(journey, Advance(), agreed_issue="残業を半分に")

    moved = move(journey, MoveBack(to="SAO", reason="recorded_by_mistake"))

    packet.refresh_from_db()
    assert packet.holds
    assert moved.owner_id == people.taker.pk


def test_going_back_from_the_wait_gives_the_journey_back(people: Staff) -> None:
    journey = before_field_sales(people.giver)
    packet = accepted(journey, people)

    moved = move(journey, MoveBack(to="SAL", reason="buyer_stepped_back"))

    packet.refresh_from_db()
    assert not packet.holds
    assert (moved.stage, moved.owner_id) == ("SAL", people.giver.pk)


def test_a_giver_who_is_unknown_gets_nothing_back(people: Staff) -> None:
    journey = factories.journey(stage="SQL", holder=held_by(people.giver), answers=HELD)
    packet = accepted(journey, people)
    Handoff.objects.filter(pk=packet.pk).update(giver=None)

    assert move(journey, MoveBack(to="SQL", reason="need_unclear")).owner_id is None


def test_moving_aside_withdraws_what_waits_and_ends_what_holds(people: Staff) -> None:
    waiting = before_field_sales(people.giver)
    packet = offered(waiting, people.giver, people.taker)
    holding = before_field_sales(
        people.giver, account_id=waiting.account_id, person_id=waiting.person_id
    )
    held = accepted(holding, people)

    for journey in (waiting, holding):
        move(journey, Recycle(reason="timing", revisit_date=date(2026, 7, 1)))

    packet.refresh_from_db()
    held.refresh_from_db()
    assert (packet.state, held.state) == (PacketState.WITHDRAWN, PacketState.ACCEPTED)
    assert not held.holds
    assert happened(waiting)[-2:] == [EventKind.HANDOFF_WITHDRAWN, EventKind.RECYCLED]
    stored = Journey.objects.get(pk=holding.pk)
    assert (stored.department, stored.owner_id) == ("marketing", None)


def test_what_was_handed_over_in_one_cycle_is_not_in_the_next(people: Staff) -> None:
    journey = factories.journey(stage="SQL", holder=held_by(people.giver), answers=HELD)
    accepted(journey, people)
    move(journey, Lose(reason="competitor", note="他社に決定"))

    back = move_journey(
        journey_id=journey.pk,
        move=WinBack(to="SAO"),
        act=act(now=LATER),
        hand_on=HandOn(holder=held_by(people.taker)),
    )

    assert (back.cycle, back.stage) == (2, "SAO")
    assert not Handoff.objects.get().holds


def test_an_open_packet_stays_while_the_journey_stays_where_it_is_given_from() -> None:
    factories.process()
    people = staff(Department.FIELD_SALES, Department.INSIDE_SALES)
    journey = factories.journey(stage="SAO", holder=held_by(people.giver), answers=HELD)
    packet = offered(
        journey, people.giver, people.taker, contract=BACK, facts=LEARNED, why="need_unclear"
    )

    move(journey, Advance(), agreed_issue="残業を半分に")

    packet.refresh_from_db()
    assert packet.state == PacketState.OFFERED


LEARNED: dict[str, object] = {
    "answers.learned": "予算が来期になった",
    "answers.next_approach": "四月に部長へ電話",
}


def test_a_packet_of_kind_back_moves_the_journey_back() -> None:
    factories.process()
    people = staff(Department.FIELD_SALES, Department.INSIDE_SALES)
    journey = factories.journey(stage="SAO", holder=held_by(people.giver), answers=HELD)
    packet = offered(
        journey,
        people.giver,
        people.taker,
        contract=BACK,
        facts=LEARNED,
        why="need_unclear",
        message="また四月に",
    )

    taken = accept_handoff(handoff_id=packet.pk, act=act(user=people.taker, now=LATER))

    moved = Journey.objects.get(pk=journey.pk)
    assert (moved.stage, moved.department, moved.owner) == ("SQL", "inside_sales", people.taker)
    assert (taken.state, taken.holds) == (PacketState.ACCEPTED, False)
    closed = Stay.objects.get(journey=journey, stage="SAO")
    assert (closed.exit, closed.reason, closed.note) == ("returned", "need_unclear", "また四月に")


@pytest.mark.parametrize("why", ["", "weather"])
def test_giving_back_needs_a_reason_of_the_process(why: str) -> None:
    factories.process()
    people = staff(Department.FIELD_SALES, Department.INSIDE_SALES)
    journey = factories.journey(stage="SAO", holder=held_by(people.giver), answers=HELD)

    with pytest.raises(HandoffRefused) as refused:
        offered(journey, people.giver, people.taker, contract=BACK, facts=LEARNED, why=why)

    assert refused.value.rule is HandoffRule.REASON_MISSING
    assert not Handoff.objects.exists()


HEARD: dict[str, object] = {
    "answers.voc_use": "経理部の全員が毎日使う",
    "answers.voc_value": "月40時間の削減",
    "answers.voc_quotable": "named",
}


def test_a_voice_moves_nothing() -> None:
    factories.process()
    people = staff(Department.SUCCESS, Department.MARKETING)
    journey = customer(people)
    packet = offered(journey, people.giver, people.taker, contract=VOICE, facts=HEARD)

    taken = accept_handoff(handoff_id=packet.pk, act=act(user=people.taker, now=LATER))

    stored = Journey.objects.get(pk=journey.pk)
    assert (taken.state, taken.holds, taken.receiver) == (
        PacketState.ACCEPTED,
        False,
        people.taker,
    )
    assert (stored.stage, stored.department, stored.owner) == ("ONB", "success", people.giver)
    assert stored.next_action == journey.next_action
    assert offered(stored, people.giver, contract=VOICE, facts={}, now=LATER).pk != packet.pk


def customer(people: Staff) -> Journey:
    """A journey in onboarding."""
    journey = factories.journey(stage="SAO", holder=held_by(people.giver), answers=HELD)
    Journey.objects.filter(pk=journey.pk).update(stage="ONB", department="success")
    return Journey.objects.get(pk=journey.pk)


def test_one_owner_keeps_the_contract_as_a_checklist(people: Staff) -> None:
    journey = before_field_sales(people.giver, motion="full_cycle")

    with pytest.raises(HandoffRefused) as offering:
        offered(journey, people.giver, people.taker)
    with pytest.raises(TransitionRefused) as advancing:
        move(journey, Advance(), meeting_held_date="2026-04-01")

    assert offering.value.rule is HandoffRule.OWN_CHECKLIST
    assert advancing.value.rule is RuleCode.GATE_NOT_MET
    assert {item.key for item in advancing.value.missing} >= {"trigger", "agenda"}


def test_one_owner_goes_on_once_the_checklist_says_something(people: Staff) -> None:
    person = factories.person(factories.account(), role="decider")
    journey = before_field_sales(
        people.giver,
        motion="full_cycle",
        account_id=person.account_id,
        person_id=person.pk,
        temperature="hot",
    )
    told = {
        path.removeprefix("answers."): value
        for path, value in TOLD.items()
        if path.startswith("answers.")
    }

    moved = move(journey, Advance(), meeting_held_date="2026-04-01", **told)

    assert (moved.stage, moved.owner_id) == ("SAO", people.giver.pk)
    assert not Handoff.objects.exists()


def test_winning_is_never_blocked(people: Staff) -> None:
    answers = {**HELD, "agreed_issue": "残業を半分に", "contract_start_date": "2026-05-01"}
    journey = factories.journey(stage="SAO", holder=held_by(people.taker), answers=answers)
    Journey.objects.filter(pk=journey.pk).update(amount_minor=1_000_000, currency="JPY")

    assert move(journey, Advance(to="WON")).stage == "WON"


def test_a_hold_by_a_contract_that_is_gone_still_counts(people: Staff) -> None:
    journey = factories.journey(stage="SQL", holder=held_by(people.giver), answers=HELD)
    packet = accepted(journey, people)
    factories.publish_as_it_is(lambda text: text.update(contracts=[]))

    moved = move(journey, MoveBack(to="SQL", reason="need_unclear"))

    packet.refresh_from_db()
    assert packet.holds
    assert moved.owner_id is None


def test_an_open_packet_of_a_contract_that_is_gone_is_withdrawn_on_the_next_move() -> None:
    factories.process()
    people = staff(Department.FIELD_SALES, Department.INSIDE_SALES)
    journey = factories.journey(stage="SAO", holder=held_by(people.giver), answers=HELD)
    packet = offered(
        journey, people.giver, people.taker, contract=BACK, facts=LEARNED, why="need_unclear"
    )
    factories.publish_as_it_is(lambda text: text.update(contracts=[]))

    move(journey, Advance(), agreed_issue="残業を半分に")

    packet.refresh_from_db()
    assert packet.state == PacketState.WITHDRAWN


def test_a_move_that_meets_a_decision_at_the_same_instant_is_told(
    people: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    journey = before_field_sales(people.giver)
    packet = offered(journey, people.giver, people.taker)

    def decided(**_stated: object) -> None:
        raise HandoffDecidedMeanwhile(handoff_id=packet.pk)

    monkeypatch.setattr("tasuki.journeys.operations.handoffs.overtaken.end_round", decided)

    with pytest.raises(JourneyChangedMeanwhile) as refused:
        move(journey, Recycle(reason="timing", revisit_date=date(2026, 7, 1)))

    assert refused.value.journey_id == journey.pk
    assert Journey.objects.get(pk=journey.pk).stage == "SQL"
