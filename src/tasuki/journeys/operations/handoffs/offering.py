"""Offering a packet: what the contract asks for is told, judged, and put before the receiver."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.db import transaction
from django.db.models import Q

from tasuki.core.blueprint import Contract, ContractKind
from tasuki.core.handoffs import (
    HandoffRefused,
    HandoffRule,
    ItemContent,
    PacketState,
    completeness_ratio,
    contract_for,
    judge_content,
    judge_offer,
    snapshot,
)
from tasuki.core.labels import Label
from tasuki.journeys.actor import Act
from tasuki.journeys.kinds import EventKind
from tasuki.journeys.models import AssignmentDecision, Handoff, HandoffRound, Journey
from tasuki.journeys.operations import guard
from tasuki.journeys.operations.assigning import choose_holder
from tasuki.journeys.operations.handoffs.ending import tell
from tasuki.journeys.operations.learning import learn
from tasuki.journeys.operations.receipts import claim
from tasuki.journeys.queries.blueprints import Published, current_blueprint
from tasuki.journeys.queries.deadlines import due_times
from tasuki.journeys.queries.facts import journey_facts
from tasuki.journeys.queries.handoffs.packets import packet_value
from tasuki.journeys.queries.handoffs.receivers import receiver_for
from tasuki.people.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What the giver puts into a packet.

    `receiver_id` None means the queue of the department (or of `team_id`); `by_rule` lets the
    assignment rules of the blueprint choose. `facts` by field path are kept on the journey with
    the offer. `why` is the reason for giving back. `revision` is the state that the giver saw;
    None accepts whatever is stored.
    """

    receiver_id: int | None = None
    by_rule: bool = False
    team_id: int | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    message: str = ""
    why: str = ""
    revision: int | None = None


def offer_handoff(*, journey_id: int, contract: str, offer: Offer, act: Act) -> Handoff:
    """This will offer a packet by a contract of the current blueprint and return it.

    A packet that came back is offered again: the same packet, its next round.

    Raises:
        HandoffRefused: a rule of hand-offs is not met; the facts told are not kept either.
        JourneyChangedMeanwhile: somebody else wrote to the journey first.
        RequestRepeated: the same request was carried out before.
        InvalidContact, MissingRate, UnableToLearn: a fact cannot be kept; nothing was written.
    """
    published = current_blueprint()
    with transaction.atomic():
        claim(act=act, operation="offer_handoff", journey_id=journey_id)
        inner = replace(act, request_key=None)
        journey = guard.load(journey_id=journey_id, revision=offer.revision)
        agreed = contract_for(
            blueprint=published.blueprint,
            key=contract,
            stage=journey.stage,
            motion=journey.motion,
        )
        if offer.facts:
            learn(journey_id=journey_id, facts=offer.facts, act=inner)
            journey = guard.load(journey_id=journey_id)
        content = judge_content(items=agreed.items, facts=journey_facts(journey))
        _judge(journey, agreed, content, offer, published, act)
        if offer.by_rule:
            offer = _with_receiver_by_rule(journey, agreed, offer, act)
        return _write(journey, agreed, content, offer, published, act)


def _with_receiver_by_rule(journey: Journey, contract: Contract, offer: Offer, act: Act) -> Offer:
    chosen = choose_holder(
        journey=journey,
        department=contract.taker,
        act=act,
        cause=AssignmentDecision.Cause.HANDED_OFF,
    )
    return replace(offer, receiver_id=chosen.owner_id, team_id=chosen.team_id)


def _judge(
    journey: Journey,
    contract: Contract,
    content: tuple[ItemContent, ...],
    offer: Offer,
    published: Published,
    act: Act,
) -> None:
    # An offer is a write to the journey: of two offers at once, or an offer and a move, the one
    # who comes second is told, and no packet is left open on a journey that moved away.
    guard.change(journey=journey, act=act)
    waiting = Handoff.objects.filter(
        Q(state=PacketState.OFFERED) | Q(holds=True, cycle=journey.cycle),
        journey_id=journey.pk,
        contract=contract.key,
    ).first()
    receiver = None
    if offer.receiver_id is not None:
        receiver = receiver_for(user_id=offer.receiver_id, department=contract.taker, now=act.now)
    judge_offer(
        contract=contract,
        content=content,
        open_packet=packet_value(waiting) if waiting else None,
        receiver=receiver,
    )
    if contract.kind is ContractKind.BACK:
        _judge_why(journey, contract, offer, published)


def _judge_why(journey: Journey, contract: Contract, offer: Offer, published: Published) -> None:
    rule = published.blueprint.return_rule(journey.stage, contract.enters or "")
    if rule is not None and offer.why in {reason.code for reason in rule.reasons}:
        return
    raise HandoffRefused(
        rule=HandoffRule.REASON_MISSING,
        message=Label("戻す理由を選んでください。", "Choose the reason for giving it back."),
    )


def _write(
    journey: Journey,
    contract: Contract,
    content: tuple[ItemContent, ...],
    offer: Offer,
    published: Published,
    act: Act,
) -> Handoff:
    earlier = (
        Handoff.objects.filter(journey_id=journey.pk, contract=contract.key, cycle=journey.cycle)
        .exclude(state__in=[PacketState.ACCEPTED, PacketState.OFFERED])
        .order_by("-id")
        .first()
    )
    due = due_times(
        deadlines=contract.deadlines,
        receiver_id=offer.receiver_id,
        team_id=offer.team_id,
        department=contract.taker,
        start=act.now,
    )
    handoff = earlier or Handoff(journey_id=journey.pk, cycle=journey.cycle, round=0)
    giver_id = act.actor.user_id or journey.owner_id
    for name, value in {
        "contract": contract.key,
        "kind": contract.kind,
        "blueprint_id": published.version_id,
        "giver_department": contract.giver,
        "taker_department": contract.taker,
        "state": PacketState.OFFERED,
        "round": handoff.round + 1,
        "giver_id": giver_id,
        "receiver_id": offer.receiver_id,
        "receiver_team_id": _team_of(offer),
        "values": snapshot(content),
        "completeness_ratio": completeness_ratio(content),
        "message": offer.message.strip(),
        "why": offer.why,
        "offered_at": act.now,
        "accept_warn_at": due.accept_warn_at,
        "accept_due_at": due.accept_due_at,
        "contact_due_at": due.contact_due_at,
        "meeting_due_at": due.meeting_due_at,
        "decided_at": None,
        "decided_by_id": None,
        "reason": "",
        "item": "",
        "note": "",
    }.items():
        setattr(handoff, name, value)
    handoff.save()
    _write_round(handoff)
    tell(handoff=handoff, kind=EventKind.HANDOFF_OFFERED, act=act, note=handoff.message)
    return handoff


def _team_of(offer: Offer) -> int | None:
    if offer.receiver_id is None:
        return offer.team_id
    return User.objects.values_list("team_id", flat=True).get(pk=offer.receiver_id)


def _write_round(handoff: Handoff) -> None:
    HandoffRound.objects.create(
        handoff_id=handoff.pk,
        journey_id=handoff.journey_id,
        number=handoff.round,
        giver_id=handoff.giver_id,
        receiver_id=handoff.receiver_id,
        values=handoff.values,
        completeness_ratio=handoff.completeness_ratio,
        message=handoff.message,
        offered_at=handoff.offered_at,
        accept_due_at=handoff.accept_due_at,
    )
