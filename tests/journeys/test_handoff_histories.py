"""Packets that were handed over before are written in one go, with rounds, marks and journal."""

from datetime import timedelta

import pytest

from tasuki.core.handoffs import PacketState
from tasuki.journeys.kinds import EventKind
from tasuki.journeys.models import AskedAgain, Event, Handoff, HandoffRound, Journey, WriteBatch
from tasuki.journeys.operations.handoffs.ending import Ending
from tasuki.journeys.operations.handoffs.histories import (
    PlannedHandoff,
    PlannedMark,
    PlannedRound,
    write_handoffs,
)
from tasuki.journeys.operations.histories import begin_batch, commit_batch, stamp_of
from tasuki.journeys.operations.history_plans import Stamp
from tasuki.journeys.operations.reverting import revert_batch
from tasuki.journeys.queries.blueprints import current_blueprint
from tasuki.journeys.queries.deadlines import DueTimes
from tasuki.people.models import User
from tests.journeys import factories

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
VALUES = {"interest": "料金ページを3回閲覧"}


@pytest.fixture
def stamp() -> Stamp:
    factories.process()
    act = factories.act()
    batch = begin_batch(kind=WriteBatch.Kind.DEMO, label="story", act=act)
    commit_batch(batch_id=batch.pk, act=act)
    return stamp_of(batch=batch, act=act, as_it_happened=True)


@pytest.fixture
def giver() -> User:
    return factories.user("giver@example.co.jp")


@pytest.fixture
def taker() -> User:
    return factories.user("taker@example.co.jp")


def told(hours: int, giver: User, taker: User, ending: Ending | None = None) -> PlannedRound:
    at = factories.NOW + hours * HOUR
    return PlannedRound(
        offered_at=at,
        giver_id=giver.pk,
        receiver_id=taker.pk,
        due=DueTimes(accept_due_at=at + 4 * HOUR),
        values=VALUES,
        completeness_ratio=1.0,
        message="お願いします" if hours else "",
        ending=ending,
        ended_at=at + HOUR if ending else None,
        ended_by=taker.pk if ending else None,
    )


def planned(journey: Journey, *rounds: PlannedRound, **more: object) -> PlannedHandoff:
    contract = current_blueprint().blueprint.contract("marketing_to_inside_sales")
    return PlannedHandoff(journey_id=journey.pk, cycle=1, contract=contract, rounds=rounds, **more)  # type: ignore[arg-type]


def test_a_packet_that_came_back_once_tells_its_whole_story(
    stamp: Stamp, giver: User, taker: User
) -> None:
    returned = Ending(PacketState.RETURNED, "missing_information", "interest", "詳しく")
    packet = planned(
        factories.journey(),
        told(0, giver, taker, returned),
        told(3, giver, taker, Ending(PacketState.ACCEPTED)),
        holds=True,
        usefulness=4,
        rated_at=factories.NOW + 9 * HOUR,
        marks=(PlannedMark(item="interest", at=factories.NOW + 8 * HOUR, by=taker.pk),),
    )

    assert write_handoffs(planned=[packet], stamp=stamp) == 1

    row = Handoff.objects.get()
    assert (row.state, row.round, row.returns, row.holds) == ("accepted", 2, 1, True)
    assert (row.usefulness, row.rated_by_id) == (4, taker.pk)
    assert row.decided_at == factories.NOW + 4 * HOUR
    rounds = HandoffRound.objects.order_by("number").values_list("outcome", "reason", "item")
    assert list(rounds) == [("returned", "missing_information", "interest"), ("accepted", "", "")]
    assert AskedAgain.objects.get().handoff_id == row.pk
    events = Event.objects.filter(kind__startswith="handoff").order_by("happened_at", "id")
    assert [(one.kind, one.payload["round"]) for one in events] == [
        (EventKind.HANDOFF_OFFERED, 1),
        (EventKind.HANDOFF_RETURNED, 1),
        (EventKind.HANDOFF_OFFERED, 2),
        (EventKind.HANDOFF_ACCEPTED, 2),
        (EventKind.HANDOFF_ASKED_AGAIN, 2),
        (EventKind.HANDOFF_RATED, 2),
    ]
    assert events[1].payload == {
        "handoff": row.pk,
        "contract": "marketing_to_inside_sales",
        "round": 1,
        "giver": giver.pk,
        "receiver": taker.pk,
        "reason": "missing_information",
        "item": "interest",
        "note": "詳しく",
    }
    assert (events[1].actor_id, events[1].actor_kind) == (taker.pk, "user")


def test_a_packet_may_still_wait_or_have_expired_by_itself(
    stamp: Stamp, giver: User, taker: User
) -> None:
    journey = factories.journey()
    expired = told(0, giver, taker, Ending(PacketState.EXPIRED))
    by_itself = PlannedRound(
        offered_at=expired.offered_at,
        giver_id=giver.pk,
        receiver_id=None,
        due=expired.due,
        values=VALUES,
        completeness_ratio=1.0,
        ending=expired.ending,
        ended_at=expired.ended_at,
    )

    write_handoffs(planned=[planned(journey, by_itself, told(6, giver, taker))], stamp=stamp)

    row = Handoff.objects.get()
    assert (row.state, row.decided_at, row.rated_by_id) == ("offered", None, None)
    assert list(HandoffRound.objects.order_by("number").values_list("outcome", flat=True)) == [
        "expired",
        "",
    ]
    ended = Event.objects.get(kind=EventKind.HANDOFF_EXPIRED)
    assert (ended.actor_id, ended.actor_kind) == (None, "user")


def test_a_revert_takes_the_packets_along(stamp: Stamp, giver: User, taker: User) -> None:
    write_handoffs(planned=[planned(factories.journey(), told(0, giver, taker))], stamp=stamp)

    removed = revert_batch(batch_id=stamp.batch_id or 0, act=factories.act()).removed

    assert (removed["handoff"], removed["handoff_round"], removed["event"]) == (1, 1, 1)
    assert not Handoff.objects.exists()
