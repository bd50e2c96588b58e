"""Ending the open round of a packet: exactly one person does it."""

from dataclasses import dataclass
from typing import Final

from tasuki.core.handoffs import PacketState
from tasuki.journeys.actor import Act
from tasuki.journeys.kinds import EventKind
from tasuki.journeys.models import Handoff, HandoffRound
from tasuki.journeys.operations import journal


class HandoffDecidedMeanwhile(Exception):
    """Somebody else decided the packet at the same instant; nothing was written."""

    def __init__(self, *, handoff_id: int) -> None:
        super().__init__(f"hand-off {handoff_id} was decided by somebody else")
        self.handoff_id = handoff_id


@dataclass(frozen=True, slots=True)
class Ending:
    """How the open round ends."""

    outcome: PacketState
    reason: str = ""
    item: str = ""
    note: str = ""


ENDINGS: Final = {
    PacketState.ACCEPTED: EventKind.HANDOFF_ACCEPTED,
    PacketState.RETURNED: EventKind.HANDOFF_RETURNED,
    PacketState.WITHDRAWN: EventKind.HANDOFF_WITHDRAWN,
    PacketState.EXPIRED: EventKind.HANDOFF_EXPIRED,
}


def end_round(*, handoff: Handoff, ending: Ending, act: Act, **columns: object) -> None:
    """This will end the open round of a packet, by one conditional update.

    Raises:
        HandoffDecidedMeanwhile: it is offered no longer, or was offered anew since it was loaded.
    """
    said = {"reason": ending.reason, "item": ending.item, "note": ending.note}
    changed = Handoff.objects.filter(
        pk=handoff.pk, state=PacketState.OFFERED, round=handoff.round
    ).update(
        state=ending.outcome,
        decided_at=act.now,
        decided_by_id=act.actor.user_id,
        **said,
        **columns,
    )
    if changed != 1:
        raise HandoffDecidedMeanwhile(handoff_id=handoff.pk)
    HandoffRound.objects.filter(handoff_id=handoff.pk, number=handoff.round).update(
        outcome=ending.outcome, ended_at=act.now, ended_by_id=act.actor.user_id, **said
    )
    tell(handoff=handoff, kind=ENDINGS[ending.outcome], act=act, **said)


def tell(*, handoff: Handoff, kind: EventKind, act: Act, **said: object) -> None:
    """This will append what happened to a packet to the journal of its journey."""
    journal.record(
        about=journal.About(journey_id=handoff.journey_id),
        kind=kind,
        act=act,
        payload={
            "handoff": handoff.pk,
            "contract": handoff.contract,
            "round": handoff.round,
            "giver": handoff.giver_id,
            "receiver": handoff.receiver_id,
            **{key: value for key, value in said.items() if value not in ("", None)},
        },
    )
