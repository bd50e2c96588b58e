"""What an event of the journal is worth telling, to whom, and with which words' contents."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from django.urls import NoReverseMatch, reverse

from tasuki.journeys.kinds import EventKind
from tasuki.journeys.queries.blueprints import current_blueprint
from tasuki.journeys.queries.journal import Happened
from tasuki.notices.kinds import NoticeKind
from tasuki.notices.queries.audience import Circle, Told, came_with
from tasuki.notices.queries.handoffs import (
    HANDOFF_KINDS,
    HandoffTold,
    at_event,
    packet_of,
    readers_of_handoff,
)

_MOVES: Final = frozenset(
    {
        EventKind.JOURNEY_OPENED,
        EventKind.ADVANCED,
        EventKind.MOVED_BACK,
        EventKind.REACTIVATED,
        EventKind.WON_BACK,
    }
)
_LOSSES: Final = frozenset({EventKind.LOST, EventKind.CHURNED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing worth telling. `readers` still holds the actor and those who may not see it."""

    key: str
    kind: NoticeKind
    journey: Told
    url: str
    readers: tuple[int | None, ...]
    actor_id: int | None = None
    handoff: HandoffTold | None = None
    params: Mapping[str, object] = field(default_factory=dict)
    departments: frozenset[str] = frozenset()
    team_ids: frozenset[int] = frozenset()
    is_for_house: bool = True


def facts_of(
    event: Happened, journey: Told, handoffs: Mapping[int, HandoffTold], circle: Circle
) -> Iterator[Fact]:
    """Yield what an event tells."""
    if event.kind in HANDOFF_KINDS:
        handoff = handoffs.get(packet_of(event) or 0)
        if handoff is not None and not event.payload.get("taken_back"):
            yield from _of_handoff(event, journey, at_event(handoff, event), circle)
    elif event.kind is EventKind.OWNER_ASSIGNED:
        yield _of_journey(event, journey, NoticeKind.ASSIGNED, [event.payload["after"][0]], circle)
    elif event.kind in _LOSSES:
        yield _of_journey(event, journey, NoticeKind.LOST, journey.holders, circle)
    elif event.kind in _MOVES:
        yield from _of_move(event, journey, circle)


def _of_move(event: Happened, journey: Told, circle: Circle) -> Iterator[Fact]:
    if _is_won(event):
        yield _of_journey(event, journey, NoticeKind.WON, journey.holders, circle)
    new_owner = came_with(journey_id=event.journey_id, recorded_at=event.recorded_at)
    if new_owner is not None:
        yield _of_journey(event, journey, NoticeKind.CAME_TO_ME, [new_owner], circle)


def _is_won(event: Happened) -> bool:
    winning = current_blueprint().blueprint.winning_stage()
    is_forward = event.kind is EventKind.ADVANCED
    return is_forward and winning is not None and event.payload.get("to") == winning.code


def _of_journey(
    event: Happened,
    journey: Told,
    kind: NoticeKind,
    readers: Iterable[int | None],
    circle: Circle,
) -> Fact:
    to = tuple(readers)
    receiver = circle.reader(to[0]) if len(to) == 1 else None
    return Fact(
        key=f"event:{event.event_id}:{kind}",
        kind=kind,
        journey=journey,
        url=journey_url(journey.journey_id),
        readers=to,
        actor_id=event.actor_id,
        params={
            **_by(event, circle),
            "company": journey.company,
            "stage": str(event.payload.get("to") or journey.stage),
            "reason": str(event.payload.get("reason") or ""),
            **({"to": receiver.user.full_name} if receiver else {}),
        },
        departments=frozenset({journey.department}),
        team_ids=frozenset() if journey.team_id is None else frozenset({journey.team_id}),
        # Who accepts a hand-off gets the journey: that is told once.
        is_for_house=kind is not NoticeKind.CAME_TO_ME and "handoff" not in event.payload,
    )


def _of_handoff(
    event: Happened, journey: Told, handoff: HandoffTold, circle: Circle
) -> Iterator[Fact]:
    for number, (kind, readers) in enumerate(readers_of_handoff(event, handoff, circle)):
        yield Fact(
            key=f"event:{event.event_id}:{kind}",
            kind=kind,
            journey=journey,
            url=handoff_url(handoff.handoff_id, journey.journey_id),
            readers=tuple(readers),
            actor_id=event.actor_id,
            handoff=handoff,
            params={
                **_by(event, circle),
                **handoff_params(journey, handoff, circle),
                "reason": str(event.payload.get("reason") or ""),
                "item": str(event.payload.get("item") or ""),
                "rating": event.payload.get("usefulness"),
            },
            departments=handoff.departments,
            team_ids=handoff.team_ids,
            # One line in a channel is enough, whoever else is told in the app.
            is_for_house=number == 0,
        )


def handoff_params(journey: Told, handoff: HandoffTold, circle: Circle) -> dict[str, object]:
    """Return what every notice about a packet says of it."""
    receiver = circle.reader(handoff.receiver_id)
    giver = circle.reader(handoff.giver_id)
    return {
        "company": journey.company,
        "contract": handoff.contract,
        "department": handoff.taker_department,
        "to": receiver.user.full_name if receiver else "",
        "from": giver.user.full_name if giver else "",
        "due_at": handoff.accept_due_at.isoformat() if handoff.accept_due_at else "",
        "round": handoff.round,
    }


def journey_url(journey_id: int) -> str:
    """Return the page of a journey."""
    return reverse("records:journey", args=[journey_id])


def handoff_url(handoff_id: int, journey_id: int) -> str:
    """Return the page of a packet; that of its journey where hand-offs have no screens."""
    try:
        return reverse("handoffs:packet", args=[handoff_id])
    except NoReverseMatch:
        return journey_url(journey_id)


def _by(event: Happened, circle: Circle) -> dict[str, object]:
    actor = circle.reader(event.actor_id)
    return {"by": actor.user.full_name if actor else ""}
