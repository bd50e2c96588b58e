"""A journey that moves away leaves its packets behind: nothing waits for what is gone."""

from collections.abc import Sequence

from tasuki.core.blueprint import Blueprint, StageKind
from tasuki.core.handoffs import PacketState
from tasuki.core.lifecycle import Decision
from tasuki.journeys.actor import Act
from tasuki.journeys.models import Handoff
from tasuki.journeys.operations import guard
from tasuki.journeys.operations.assignment import Holder
from tasuki.journeys.operations.handoffs.ending import (
    Ending,
    HandoffDecidedMeanwhile,
    end_round,
)


def leave_behind(
    *, packets: Sequence[Handoff], decision: Decision, blueprint: Blueprint, act: Act
) -> Holder | None:
    """This will withdraw open packets that are not given from where the journey goes, and end the
    hold of accepted ones that it goes back behind.

    Shape: who carries the journey again when the sash comes back on the giver's own ground: the
    giver of the packet that no longer holds; None otherwise.

    Raises:
        JourneyChangedMeanwhile: somebody decided a packet at the same instant.
    """
    back: Holder | None = None
    for packet in packets:
        if packet.state == PacketState.OFFERED:
            if not _is_given_from(packet, decision, blueprint):
                _withdraw(packet, act)
        elif not _still_holds(packet, decision, blueprint):
            Handoff.objects.filter(pk=packet.pk).update(holds=False)
            back = _given_back(packet, decision) or back
    return back


def _withdraw(packet: Handoff, act: Act) -> None:
    try:
        end_round(handoff=packet, ending=Ending(PacketState.WITHDRAWN), act=act)
    except HandoffDecidedMeanwhile:
        raise guard.changed_meanwhile(journey_id=packet.journey_id) from None


def _is_given_from(packet: Handoff, decision: Decision, blueprint: Blueprint) -> bool:
    after = decision.after
    return (
        packet.cycle == after.cycle
        and after.completed_at is None
        and blueprint.has_contract(packet.contract)
        and after.stage in blueprint.contract(packet.contract).from_stages
    )


def _still_holds(packet: Handoff, decision: Decision, blueprint: Blueprint) -> bool:
    after = decision.after
    place = blueprint.place(after.stage)
    if packet.cycle != after.cycle or place.kind is StageKind.SIDE:
        return False
    if decision.opens is None or not blueprint.has_contract(packet.contract):
        return True
    enters = blueprint.contract(packet.contract).enters
    stage = blueprint.stage(after.stage)
    return enters is None or stage.position >= blueprint.stage(enters).position


def _given_back(packet: Handoff, decision: Decision) -> Holder | None:
    opening = decision.opens
    if opening is None or opening.department != packet.giver_department or packet.giver is None:
        return None
    return Holder(owner_id=packet.giver.pk, team_id=packet.giver.team_id)
