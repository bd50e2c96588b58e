"""One packet with all that stands around it: items, rounds, what was asked again, the journey."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import prefetch_related_objects

from tasuki.core.access import Access
from tasuki.core.blueprint import Blueprint, Contract, GateItem
from tasuki.core.clocks import BusinessClock, speed_to_lead
from tasuki.core.departments import Department
from tasuki.core.handoffs import PacketState
from tasuki.journeys.kinds import ActivityKind
from tasuki.journeys.models import Activity, AskedAgain, Handoff, HandoffRound, Journey
from tasuki.journeys.queries.blueprints import kept_blueprint
from tasuki.journeys.queries.handoffs.queue import may_take
from tasuki.journeys.queries.visibility import visible_journeys
from tasuki.people.queries import work_time_of, work_time_of_department

RECENT: Final = 8
_NAMED: Final = (
    "giver",
    "receiver__team",
    "receiver_team",
    "decided_by",
    "rated_by",
    "journey__account",
    "journey__person",
    "journey__owner",
)
_BY_PEOPLE: Final = (
    ActivityKind.CALL,
    ActivityKind.MAIL,
    ActivityKind.MEETING,
    ActivityKind.NOTE,
    ActivityKind.WEB,
    ActivityKind.FORM,
    ActivityKind.TICKET,
)


@dataclass(frozen=True, slots=True)
class ToldItem:
    """One item of a packet as it was told; `value` None when it was not."""

    item: GateItem
    value: object
    was_asked_again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketDetail:
    """A packet and what its page shows; the contract is that of its offer."""

    handoff: Handoff
    contract: Contract
    blueprint: Blueprint
    items: tuple[ToldItem, ...]
    rounds: Sequence[HandoffRound]


def find_packet(*, handoff_id: int, access: Access) -> Handoff | None:
    """This will return a packet, with its journey, that the person sees or may take."""
    handoff = Handoff.objects.select_related("journey").filter(pk=handoff_id).first()
    if handoff is None or may_take(handoff=handoff, access=access):
        return handoff
    seen = visible_journeys(access=access).filter(pk=handoff.journey_id)
    return handoff if seen.exists() else None


def packet_detail(*, handoff: Handoff) -> PacketDetail:
    """This will return what a packet told, and its rounds, the latest first, with the people and
    records that they name."""
    # Planning a join of nine tables takes longer than asking for the few that are there.
    prefetch_related_objects([handoff], *_NAMED)
    blueprint = kept_blueprint(version_id=handoff.blueprint_id).blueprint
    contract = blueprint.contract(handoff.contract)
    again = set(AskedAgain.objects.filter(handoff_id=handoff.pk).values_list("item", flat=True))
    return PacketDetail(
        handoff=handoff,
        contract=contract,
        blueprint=blueprint,
        items=tuple(
            ToldItem(item, handoff.values.get(item.key), item.key in again)
            for item in contract.items
        ),
        rounds=list(
            HandoffRound.objects.filter(handoff_id=handoff.pk)
            .select_related("giver", "receiver", "ended_by")
            .order_by("-number")
        ),
    )


def open_packet(*, journey_id: int, contract: str) -> Handoff | None:
    """This will return the packet of a contract that waits for acceptance, or None."""
    waiting = Handoff.objects.filter(
        journey_id=journey_id, contract=contract, state=PacketState.OFFERED
    )
    return waiting.first()


def earlier_packet(*, journey: Journey, contract: str) -> Handoff | None:
    """This will return the packet that a new offer takes up again: one of this cycle that came
    back, expired or was withdrawn."""
    ended = Handoff.objects.filter(journey_id=journey.pk, contract=contract, cycle=journey.cycle)
    again = ended.exclude(state__in=[PacketState.ACCEPTED, PacketState.OFFERED])
    return again.select_related("decided_by", "receiver").order_by("-id").first()


def recent_touches(*, journey_id: int) -> list[Activity]:
    """This will return the last contacts with the customer that were not corrected since."""
    touches = Activity.objects.filter(
        journey_id=journey_id, kind__in=_BY_PEOPLE, replaced_by__isnull=True
    )
    return list(touches.select_related("actor").order_by("-happened_at", "-id")[:RECENT])


def speed_of(*, handoff: Handoff) -> int | None:
    """This will return the working minutes of the receiver from the offer to their first attempt
    to reach the customer; None while nobody tried."""
    if handoff.contacted_at is None:
        return None
    receiver = handoff.receiver
    work = (
        work_time_of(user=receiver, since=handoff.offered_at)
        if receiver
        else work_time_of_department(
            department=Department(handoff.taker_department), team_id=handoff.receiver_team_id
        )
    )
    return speed_to_lead(
        clock=BusinessClock(work),
        arrived_at=handoff.offered_at,
        first_attempt_at=handoff.contacted_at,
    )


def accepted_packets(*, journey_id: int) -> list[tuple[Handoff, Blueprint]]:
    """This will return the accepted packets of a journey, the newest first, each with the process
    that it was offered by."""
    rows = Handoff.objects.filter(journey_id=journey_id, state=PacketState.ACCEPTED)
    return [
        (row, kept_blueprint(version_id=row.blueprint_id).blueprint) for row in rows.order_by("-id")
    ]
