"""Handing a journey over: by which contracts it can be given from here, and how each stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tasuki.core.blueprint import Blueprint, Contract, ContractKind
from tasuki.core.clocks import ClockStatus
from tasuki.core.handoffs import PacketState, is_checklist
from tasuki.core.labels import Label
from tasuki.journeys.models import Handoff, Journey
from tasuki.journeys.queries.blueprints import Published, kept_blueprint
from tasuki.journeys.queries.handoffs.queue import clock_status


class Stance(StrEnum):
    """How a hand-off stands from the side of its journey."""

    OPEN = "open"
    """Nothing was offered yet."""
    WAITING = "waiting"
    AGAIN = "again"
    """It came back, expired or was withdrawn: to be completed and offered again."""
    HELD = "held"
    """Accepted: the journey may go on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketFact:
    """A packet as the page of its journey tells it."""

    handoff: Handoff
    contract: Contract
    clock: ClockStatus | None
    reason: Label | None
    item: Label | None

    @property
    def state(self) -> PacketState:
        """Where it stands."""
        return PacketState(self.handoff.state)


@dataclass(frozen=True, slots=True)
class HandOver:
    """A contract that a journey can be given by from where it rests."""

    contract: Contract
    stance: Stance
    fact: PacketFact | None

    @property
    def leads_on(self) -> bool:
        """Whether it is the way to the next department."""
        return self.contract.kind is ContractKind.FORWARD


def packet_facts(
    *, packets: Sequence[Handoff], published: Published, now: datetime
) -> tuple[PacketFact, ...]:
    """Return packets in words, the latest first, by the version of the process that each was
    offered by; only versions other than the present one are read."""
    known = {published.version_id: published.blueprint}
    for version_id in {packet.blueprint_id for packet in packets} - set(known):
        known[version_id] = kept_blueprint(version_id=version_id).blueprint
    return tuple(_fact(one, known[one.blueprint_id], now) for one in reversed(packets))


def hand_overs(
    *, journey: Journey, blueprint: Blueprint, facts: Sequence[PacketFact]
) -> tuple[HandOver, ...]:
    """Return what can be handed over from here, the way forward first; nothing where one owner
    carries on. `facts` are the journey's packets, the latest first."""
    if journey.closed_at is not None:
        return ()
    known = {motion.code for motion in blueprint.motions}
    motion = journey.motion if journey.motion in known else blueprint.default_motion
    found = [
        _hand_over(contract, journey, facts)
        for contract in blueprint.contracts
        if journey.stage in contract.from_stages
        and contract.is_for(motion)
        and not is_checklist(blueprint=blueprint, contract=contract, motion=motion)
    ]
    return tuple(sorted(found, key=lambda one: not one.leads_on))


def _hand_over(contract: Contract, journey: Journey, facts: Sequence[PacketFact]) -> HandOver:
    own = (
        one
        for one in facts
        if one.handoff.contract == contract.key and one.handoff.cycle == journey.cycle
    )
    latest = next(own, None)
    return HandOver(contract, _stance(latest), latest)


def _stance(fact: PacketFact | None) -> Stance:
    if fact is None:
        return Stance.OPEN
    if fact.state is PacketState.OFFERED:
        return Stance.WAITING
    if fact.state is PacketState.ACCEPTED:
        return Stance.HELD if fact.handoff.holds else Stance.OPEN
    return Stance.AGAIN


def _fact(handoff: Handoff, blueprint: Blueprint, now: datetime) -> PacketFact:
    contract = blueprint.contract(handoff.contract)
    reasons = {one.code: one.label for one in contract.reasons}
    item = contract.item(handoff.item)
    return PacketFact(
        handoff=handoff,
        contract=contract,
        clock=clock_status(handoff=handoff, now=now),
        reason=reasons.get(handoff.reason),
        item=item.label if item else None,
    )
