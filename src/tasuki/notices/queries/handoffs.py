"""Packets as notices see them: whom each step concerns, and which deadlines have come."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from tasuki.core.departments import Department
from tasuki.core.handoffs import PacketState
from tasuki.journeys.kinds import EventKind
from tasuki.journeys.models import Handoff
from tasuki.journeys.queries.journal import Happened
from tasuki.notices.kinds import NoticeKind
from tasuki.notices.queries.audience import Circle, Reader, Told

_TO_GIVER: Final = {
    EventKind.HANDOFF_ACCEPTED: NoticeKind.ACCEPTED,
    EventKind.HANDOFF_RETURNED: NoticeKind.RETURNED,
    EventKind.HANDOFF_EXPIRED: NoticeKind.EXPIRED,
    EventKind.HANDOFF_RATED: NoticeKind.RATED,
    EventKind.HANDOFF_ASKED_AGAIN: NoticeKind.ASKED_AGAIN,
}
HANDOFF_KINDS: Final = frozenset(
    {*_TO_GIVER, EventKind.HANDOFF_OFFERED, EventKind.HANDOFF_WITHDRAWN}
)
_DECISIONS: Final = frozenset(
    {
        EventKind.HANDOFF_ACCEPTED,
        EventKind.HANDOFF_RETURNED,
        EventKind.HANDOFF_WITHDRAWN,
        EventKind.HANDOFF_EXPIRED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffTold:
    """What notices say of a packet, and whose it is."""

    handoff_id: int
    journey_id: int
    contract: str
    round: int
    giver_id: int | None
    receiver_id: int | None
    team_id: int | None
    giver_department: str
    taker_department: str
    offered_at: datetime
    accept_warn_at: datetime | None
    accept_due_at: datetime | None
    contact_due_at: datetime | None

    @property
    def departments(self) -> frozenset[str]:
        """Both sides."""
        return frozenset({self.giver_department, self.taker_department})

    @property
    def team_ids(self) -> frozenset[int]:
        """The team that receives."""
        return frozenset() if self.team_id is None else frozenset({self.team_id})

    @property
    def taker(self) -> Department:
        """The department that receives."""
        return Department(self.taker_department)

    def may_be_taken_by(self, reader: Reader) -> bool:
        """Whether the person decides about it for the side that takes it, and so may see it."""
        return reader.access.may_work_on(
            owner_id=self.receiver_id, team_id=self.team_id, department=self.taker
        )

    def waits_for(self, circle: Circle) -> list[int]:
        """Return who is to act: the receiver, or all who take from the queue."""
        if self.receiver_id is not None:
            return [self.receiver_id]
        return circle.queue_of(department=self.taker, team_id=self.team_id)


def handoffs_told(events: Iterable[Happened]) -> dict[int, HandoffTold]:
    """Return the packets that these events are about: one query at most."""
    return handoffs_of({number for event in events if (number := packet_of(event)) is not None})


def handoffs_of(numbers: Collection[int]) -> dict[int, HandoffTold]:
    """Return packets by their numbers: one query at most."""
    if not numbers:
        return {}
    return {row.pk: told(row) for row in Handoff.objects.filter(pk__in=numbers)}


def may_know(*, reader: Reader, journey: Told, handoff: HandoffTold | None) -> bool:
    """Return whether somebody may see the journey, or the packet that is put before them."""
    if handoff is not None and handoff.may_be_taken_by(reader):
        return True
    return reader.may_see(journey)


def packet_of(event: Happened) -> int | None:
    """Return the packet that an event is about, if it is about one."""
    number = event.payload.get("handoff")
    return number if event.kind in HANDOFF_KINDS and isinstance(number, int) else None


def told(row: Handoff) -> HandoffTold:
    """Return a packet as notices see it."""
    return HandoffTold(
        handoff_id=row.pk,
        journey_id=row.journey_id,
        contract=row.contract,
        round=row.round,
        giver_id=row.giver_id,
        receiver_id=row.receiver_id,
        team_id=row.receiver_team_id,
        giver_department=row.giver_department,
        taker_department=row.taker_department,
        offered_at=row.offered_at,
        accept_warn_at=row.accept_warn_at,
        accept_due_at=row.accept_due_at,
        contact_due_at=row.contact_due_at,
    )


def at_event(handoff: HandoffTold, event: Happened) -> HandoffTold:
    """Return the packet as it was when this happened: who takes it may have changed since."""
    told_then = event.payload
    return replace(
        handoff,
        round=int(told_then.get("round", handoff.round)),
        giver_id=told_then.get("giver", handoff.giver_id),
        receiver_id=told_then.get("receiver", handoff.receiver_id),
    )


@dataclass(frozen=True, slots=True)
class Settled:
    """A round of a packet that nobody has to answer any more."""

    handoff_id: int
    round: int


def settled_by(events: Iterable[Happened]) -> list[Settled]:
    """Return the rounds that these events decided."""
    return [
        Settled(number, int(event.payload.get("round", 1)))
        for event in events
        if event.kind in _DECISIONS and (number := packet_of(event)) is not None
    ]


def readers_of_handoff(
    event: Happened, handoff: HandoffTold, circle: Circle
) -> Iterator[tuple[NoticeKind, Collection[int | None]]]:
    """Yield what a step of a packet tells, and whom it concerns."""
    if event.kind is EventKind.HANDOFF_OFFERED:
        yield _of_offer(handoff, circle)
    elif event.kind is EventKind.HANDOFF_WITHDRAWN:
        yield NoticeKind.WITHDRAWN, [handoff.receiver_id]
    else:
        kind = _TO_GIVER[event.kind]
        is_expiry = event.kind is EventKind.HANDOFF_EXPIRED
        yield kind, [handoff.giver_id, handoff.receiver_id if is_expiry else None]


def _of_offer(handoff: HandoffTold, circle: Circle) -> tuple[NoticeKind, Collection[int | None]]:
    if handoff.receiver_id is None:
        return NoticeKind.OFFERED_TO_QUEUE, list(handoff.waits_for(circle))
    receiver = circle.reader(handoff.receiver_id)
    # Somebody away reads of it when they are back; who stands in reads of it now.
    deputy = receiver.absence.deputy_id if receiver and receiver.absence else None
    return NoticeKind.OFFERED, [handoff.receiver_id, deputy]


def awaiting_acceptance(*, now: datetime) -> list[HandoffTold]:
    """Return the offered packets whose warning or deadline has come, the oldest first."""
    rows = Handoff.objects.filter(state=PacketState.OFFERED, accept_warn_at__lte=now)
    return [told(row) for row in rows.order_by("pk")]


def awaiting_contact(*, now: datetime) -> list[HandoffTold]:
    """Return the accepted packets whose receiver has not reached out in time."""
    rows = Handoff.objects.filter(
        state=PacketState.ACCEPTED,
        holds=True,
        contacted_at__isnull=True,
        contact_due_at__lte=now,
    )
    return [told(row) for row in rows.order_by("pk")]
