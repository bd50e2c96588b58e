"""Handing on everything that somebody holds: nothing is lost, and it can be carried on."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from tasuki.core.access import Grant, Role
from tasuki.core.blueprint import ContractKind
from tasuki.core.departments import Department
from tasuki.core.handoffs import PacketState
from tasuki.core.lifecycle import Advance, Recycle
from tasuki.journeys.kinds import EventKind
from tasuki.journeys.models import (
    Account,
    AssignmentDecision,
    Event,
    Handoff,
    HandoffRound,
    Journey,
    Reassignment,
    Stay,
)
from tasuki.journeys.operations import guard, reassigning
from tasuki.journeys.operations.assignment import Holder, assign_owner
from tasuki.journeys.operations.flow import HandOn, move_journey
from tasuki.journeys.operations.reassigning import (
    HandingOn,
    ReassignmentUnderWay,
    carry_out_reassignment,
    request_reassignment,
)
from tasuki.journeys.queries.blueprints import current_blueprint
from tasuki.journeys.queries.holdings import (
    companies_of,
    held_by_stage,
    is_interrupted,
    latest_reassignment,
)
from tasuki.people.models import Absence, User
from tests.journeys.factories import NOW, account, act, journey, person, process
from tests.people.factories import make_team, make_user

pytestmark = pytest.mark.django_db

LATER = datetime(2026, 5, 1, tzinfo=UTC)


def clock() -> datetime:
    return LATER


def member(**fields: Any) -> User:
    return make_user(Grant(Role.MEMBER, Department.MARKETING), **fields)


def held(user: User, name: str = "株式会社一号", **stated: Any) -> Journey:
    company = account(name, owner_id=user.pk)
    return journey(
        account_id=company.pk,
        person_id=person(company).pk,
        holder=Holder(owner_id=user.pk, team_id=user.team_id),
        **stated,
    )


def hand_on(leaver: User, to: User | None, *stages: str, by: User | None = None) -> Reassignment:
    wish = HandingOn(
        from_user_id=leaver.pk,
        to_user_id=to.pk if to else None,
        stages=stages or ("LEAD", "MQL", "RECYCLE"),
        reason="異動のため",
    )
    run = request_reassignment(wish=wish, act=act(user=by))
    carry_out_reassignment(reassignment_id=run.pk, clock=clock)
    run.refresh_from_db()
    return run


@pytest.fixture(autouse=True)
def _process() -> None:
    process()


def test_one_person_takes_everything_and_the_past_keeps_its_credit() -> None:
    admin = make_user(Role.ADMIN)
    leaver, heir = member(), member(team=make_team("引き継ぎ先"))
    moved = held(leaver)
    move_journey(
        journey_id=moved.pk,
        move=Advance(to="MQL"),
        hand_on=HandOn(holder=Holder(leaver.pk, None)),
        act=act(user=leaver),
    )
    resting = held(leaver, "株式会社二号")
    run = hand_on(leaver, heir, by=admin)
    assert (run.state, run.total, run.done, run.queued) == ("done", 2, 2, 0)
    assert (run.finished_at, run.requested_by_id) == (LATER, admin.pk)
    for each in (moved, resting):
        stored = Journey.objects.get(pk=each.pk)
        assert (stored.owner_id, stored.team_id) == (heir.pk, heir.team_id)
        assert stored.next_action
        event = Event.objects.filter(journey=each, kind=EventKind.OWNER_ASSIGNED).latest("id")
        assert event.payload == {
            "before": [leaver.pk, None],
            "after": [heir.pk, heir.team_id],
            "reason": "異動のため",
        }
        assert (event.actor_id, event.recorded_at) == (admin.pk, LATER)
    owners = dict(Stay.objects.filter(journey=moved).values_list("stage", "owner_id"))
    assert owners == {"LEAD": leaver.pk, "MQL": heir.pk}
    assert Journey.objects.get(pk=resting.pk).next_action_date == date(2026, 4, 2)


def test_by_rule_each_department_takes_its_own_and_the_leaver_nothing() -> None:
    leaver, first, second = member(), member(), member()
    for number in range(4):
        held(leaver, f"株式会社{number}号")
    run = hand_on(leaver, None)
    assert (run.done, run.queued) == (4, 0)
    assert run.taken == {str(first.pk): 2, str(second.pk): 2}
    owners = [row.owner_id for row in Journey.objects.all()]
    assert sorted(owners, key=str) == sorted([first.pk, second.pk] * 2, key=str)
    assert AssignmentDecision.objects.filter(cause="handed_on").count() == 4
    considered = AssignmentDecision.objects.latest("id").considered
    assert leaver.pk not in {item["user"] for item in considered}


def test_by_rule_what_nobody_can_take_waits_in_the_queue() -> None:
    leaver, away = member(), member()
    Absence.objects.create(user=away, starts_at=NOW, ends_at=LATER + timedelta(days=20))
    kept = held(leaver)
    run = hand_on(leaver, None)
    assert (run.done, run.queued, run.taken) == (1, 1, {})
    stored = Journey.objects.get(pk=kept.pk)
    assert (stored.owner_id, stored.team_id) == (None, None)
    assert Account.objects.get(pk=kept.account_id).owner_id == leaver.pk


def test_companies_go_along() -> None:
    leaver, heir = member(), member()
    kept = held(leaver)
    alone = account("案件のない会社", owner_id=leaver.pk)
    others = account("別の担当の会社", owner_id=heir.pk)
    assert companies_of(user_id=leaver.pk) == 2
    journey(account_id=others.pk, holder=Holder(owner_id=leaver.pk, team_id=None))
    hand_on(leaver, heir)
    assert companies_of(user_id=leaver.pk) == 0
    event = Event.objects.get(account=alone, kind=EventKind.DETAILS_CHANGED)
    assert event.payload == {"changes": {"owner_id": [leaver.pk, heir.pk]}}
    assert Event.objects.filter(account_id=kept.account_id).count() == 1
    assert not Event.objects.filter(account=others).exists()


def test_only_the_stages_that_were_chosen() -> None:
    leaver, heir = member(), member()
    lead, resting = held(leaver), held(leaver, "株式会社二号")
    move_journey(
        journey_id=resting.pk,
        move=Recycle(reason="timing", revisit_date=date(2026, 8, 1)),
        act=act(user=leaver),
    )
    assign_owner(journey_id=resting.pk, holder=Holder(leaver.pk, None), act=act(user=leaver))
    counted = {item.stage: item.journeys for item in held_by_stage(user_id=leaver.pk)}
    assert counted == {"LEAD": 1, "RECYCLE": 1}
    run = hand_on(leaver, heir, "RECYCLE")
    assert run.total == 1
    assert Journey.objects.get(pk=lead.pk).owner_id == leaver.pk
    assert Journey.objects.get(pk=resting.pk).owner_id == heir.pk


# ---- packets that wait


def offered(journey: Journey, receiver: User) -> Handoff:
    packet = Handoff.objects.create(
        journey=journey,
        cycle=1,
        contract="inside_sales_to_field_sales",
        kind=ContractKind.FORWARD,
        blueprint_id=current_blueprint().version_id,
        giver_department=Department.MARKETING,
        taker_department=Department.INSIDE_SALES,
        state=PacketState.OFFERED,
        receiver=receiver,
        offered_at=NOW,
    )
    HandoffRound.objects.create(
        handoff=packet,
        journey=journey,
        number=1,
        receiver=receiver,
        completeness_ratio=1,
        offered_at=NOW,
    )
    return packet


@pytest.mark.parametrize("by_rule", [False, True])
def test_packets_that_wait_for_the_leaver_wait_for_another(*, by_rule: bool) -> None:
    leaver, heir = member(), make_user(Grant(Role.MEMBER, Department.INSIDE_SALES))
    packet = offered(journey(), leaver)
    hand_on(leaver, None if by_rule else heir)
    packet.refresh_from_db()
    assert (packet.receiver_id, packet.state) == (heir.pk, PacketState.OFFERED)
    assert HandoffRound.objects.get().receiver_id == heir.pk
    event = Event.objects.get(kind=EventKind.DETAILS_CHANGED)
    assert event.payload == {"changes": {"receiver_id": [leaver.pk, heir.pk]}}


def test_a_packet_nobody_can_take_waits_in_the_queue() -> None:
    leaver = member()
    packet = offered(journey(), leaver)
    hand_on(leaver, None)
    packet.refresh_from_db()
    assert (packet.receiver_id, packet.receiver_team_id) == (None, None)


def test_a_packet_that_was_decided_meanwhile_is_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    leaver, heir = member(), member()
    packet = offered(journey(), leaver)

    def decided_meanwhile(*, journey_id: int) -> Journey:
        Handoff.objects.filter(pk=packet.pk).update(state=PacketState.WITHDRAWN, decided_at=NOW)
        return Journey.objects.get(pk=journey_id)

    monkeypatch.setattr(guard, "load", decided_meanwhile)
    hand_on(leaver, heir)
    packet.refresh_from_db()
    assert packet.receiver_id == leaver.pk
    assert not Event.objects.filter(kind=EventKind.DETAILS_CHANGED).exists()


# ---- going on after an interruption


class Interrupted(Exception):
    """The machine went away."""


def test_an_interrupted_run_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reassigning, "CHUNK", 2)
    leaver, heir = member(), member()
    for number in range(5):
        held(leaver, f"株式会社{number}号")
    wish = HandingOn(from_user_id=leaver.pk, to_user_id=heir.pk, stages=("LEAD",))
    run = request_reassignment(wish=wish, act=act())
    asked = 0

    def failing() -> datetime:
        nonlocal asked
        asked += 1
        if asked > 4:
            raise Interrupted
        return LATER

    with pytest.raises(Interrupted):
        carry_out_reassignment(reassignment_id=run.pk, clock=failing)
    run.refresh_from_db()
    assert (run.state, run.done, run.heartbeat_at) == ("running", 3, LATER)
    assert not is_interrupted(run=run, now=LATER + timedelta(minutes=2))
    assert is_interrupted(run=run, now=LATER + timedelta(minutes=3))
    carry_out_reassignment(reassignment_id=run.pk, clock=clock)
    run.refresh_from_db()
    assert (run.state, run.done) == ("done", 5)
    assert not is_interrupted(run=run, now=LATER + timedelta(days=1))
    assert Event.objects.filter(kind=EventKind.OWNER_ASSIGNED).count() == 5


def test_carried_out_again_it_does_nothing_more() -> None:
    leaver, heir = member(), member()
    held(leaver)
    run = hand_on(leaver, heir)
    again = held(leaver, "株式会社二号")
    carry_out_reassignment(reassignment_id=run.pk, clock=clock)
    assert Journey.objects.get(pk=again.pk).owner_id == leaver.pk


def test_what_somebody_else_took_meanwhile_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    leaver, heir, other = member(), member(), member()
    taken = held(leaver)

    def taken_meanwhile(run: Reassignment) -> list[int]:
        monkeypatch.undo()
        assign_owner(journey_id=taken.pk, holder=Holder(other.pk, None), act=act())
        return [taken.pk]

    monkeypatch.setattr(reassigning, "_next_of", taken_meanwhile)
    run = hand_on(leaver, heir)
    assert (run.state, run.total, run.done) == ("done", 1, 0)
    assert Journey.objects.get(pk=taken.pk).owner_id == other.pk


# ---- asking for it


def test_one_at_a_time() -> None:
    leaver, heir = member(), member()
    wish = HandingOn(from_user_id=leaver.pk, to_user_id=heir.pk, stages=("LEAD",))
    first = request_reassignment(wish=wish, act=act())
    with pytest.raises(ReassignmentUnderWay) as caught:
        request_reassignment(wish=wish, act=act())
    assert caught.value.from_user_id == leaver.pk
    assert latest_reassignment(from_user_id=leaver.pk) == first
    assert latest_reassignment(from_user_id=heir.pk) is None
    assert str(first) == f"{leaver.pk} → {heir.pk}"
    assert str(Reassignment(from_user_id=1)) == "1 → rules"


def test_nobody_hands_on_to_themselves() -> None:
    leaver = member()
    wish = HandingOn(from_user_id=leaver.pk, to_user_id=leaver.pk, stages=("LEAD",))
    with pytest.raises(IntegrityError, match="reassignment_to_another"):
        request_reassignment(wish=wish, act=act())
