"""Deadlines of packets: a warning to who must act, then word to who answers for them.

Each level is told once: the key names the packet, the round, the clock and the level.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tasuki.notices.kinds import NoticeKind
from tasuki.notices.operations.collecting import tellings_of
from tasuki.notices.operations.writing import tell
from tasuki.notices.queries.audience import Circle, Told, journeys_told
from tasuki.notices.queries.facts import Fact, handoff_params, handoff_url
from tasuki.notices.queries.handoffs import HandoffTold, awaiting_acceptance, awaiting_contact


class Clock(StrEnum):
    """What is waited for."""

    ACCEPT = "accept"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class _Late:
    """A packet whose clock warns, or has run out."""

    handoff: HandoffTold
    journey: Told
    clock: Clock
    due_at: datetime
    is_over: bool


def escalate(*, now: datetime) -> int:
    """Tell of deadlines that come close or have passed; return how many notices were written."""
    circle = Circle(now=now)
    found = [
        telling
        for late in _late(now)
        for fact in _facts(late, circle)
        for telling in tellings_of(fact, circle)
    ]
    return tell(found, circle=circle, now=now)


def _late(now: datetime) -> Iterator[_Late]:
    offered, accepted = awaiting_acceptance(now=now), awaiting_contact(now=now)
    journeys = journeys_told({one.journey_id for one in (*offered, *accepted)})
    for one in offered:
        if one.accept_due_at is not None:
            is_over = one.accept_due_at < now
            yield _Late(one, journeys[one.journey_id], Clock.ACCEPT, one.accept_due_at, is_over)
    for one in accepted:
        if one.contact_due_at is not None:
            due_at = one.contact_due_at
            yield _Late(one, journeys[one.journey_id], Clock.CONTACT, due_at, is_over=True)


def _facts(late: _Late, circle: Circle) -> Iterator[Fact]:
    to_act = late.handoff.waits_for(circle)
    yield _fact(late, NoticeKind.OVERDUE if late.is_over else NoticeKind.DUE_SOON, to_act, circle)
    nobody_is_here = all(one.is_away for one in circle.readers(to_act))
    # Who is away cannot act on a warning, so their leader hears of it at once.
    if late.is_over or nobody_is_here:
        kind = NoticeKind.TEAM_OVERDUE if late.is_over else NoticeKind.TEAM_DUE_SOON
        yield _fact(late, kind, _leaders(late, circle), circle)


def _leaders(late: _Late, circle: Circle) -> list[int]:
    receiver = circle.reader(late.handoff.receiver_id)
    team_id = late.handoff.team_id or (receiver.user.team_id if receiver else None)
    leaders = circle.leaders_of(department=late.handoff.taker, team_id=team_id)
    return [leader for leader in leaders if leader != late.handoff.receiver_id]


def _fact(late: _Late, kind: NoticeKind, readers: Iterable[int], circle: Circle) -> Fact:
    handoff = late.handoff
    return Fact(
        key=f"{late.clock}:{handoff.handoff_id}:{handoff.round}:{kind}",
        kind=kind,
        journey=late.journey,
        url=handoff_url(handoff.handoff_id, handoff.journey_id),
        readers=tuple(readers),
        handoff=handoff,
        params={
            **handoff_params(late.journey, handoff, circle),
            "clock": late.clock,
            "due_at": late.due_at.isoformat(),
        },
        departments=frozenset({handoff.taker_department}),
        team_ids=handoff.team_ids,
        is_for_house=kind in (NoticeKind.OVERDUE, NoticeKind.DUE_SOON),
    )
