"""Deciding an offered packet: the receiver accepts it, gives it back, or the giver withdraws it."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Final

from django.db import transaction

from tasuki.core.blueprint import Contract, ContractKind
from tasuki.core.conditions.evaluate import BUSINESS_ZONE
from tasuki.core.handoffs import (
    PacketState,
    Return,
    judge_accept,
    judge_return,
    judge_withdraw,
)
from tasuki.core.lifecycle import Advance, MoveBack, RuleCode, TransitionRefused
from tasuki.journeys.actor import Act
from tasuki.journeys.kinds import EventKind
from tasuki.journeys.models import Handoff, Journey, Stay
from tasuki.journeys.operations import guard, journal
from tasuki.journeys.operations.assignment import NOBODY, Holder
from tasuki.journeys.operations.facts import NextAction, next_action_columns
from tasuki.journeys.operations.flow import HandOn, carry_on
from tasuki.journeys.operations.handoffs.ending import (
    Ending,
    HandoffDecidedMeanwhile,
    end_round,
)
from tasuki.journeys.operations.receipts import claim
from tasuki.journeys.queries.blueprints import current_blueprint, kept_blueprint
from tasuki.journeys.queries.handoffs.packets import load_packet, packet_value
from tasuki.people.models import User

FIRST_CONTACT: Final = "お客様へ最初の連絡をする"
"""What is next for whoever has just accepted, unless they say otherwise (R7)."""


def accept_handoff(
    *,
    handoff_id: int,
    act: Act,
    holder: Holder | None = None,
    next_action: NextAction | None = None,
) -> Handoff:
    """This will accept a packet: the sash passes to `holder`, by default whoever accepts.

    The journey enters the stage of the contract when its gate is met; else it stays where it is,
    in the hands of the taker, until it is. The voice of the customer moves nothing.

    Raises:
        HandoffRefused: it was accepted, returned, withdrawn or expired before.
        HandoffDecidedMeanwhile: somebody else decided it at the same instant.
        JourneyChangedMeanwhile: somebody else wrote to the journey at the same instant.
        TransitionRefused: the journey cannot go where the contract leads.
        RequestRepeated: the same request was carried out before.
    """
    with transaction.atomic():
        claim(act=act, operation="accept_handoff")
        handoff = load_packet(handoff_id=handoff_id)
        judge_accept(packet=packet_value(handoff))
        holder = holder or _whoever_acts(act)
        end_round(
            handoff=handoff,
            ending=Ending(PacketState.ACCEPTED),
            act=act,
            holds=handoff.kind == ContractKind.FORWARD,
            receiver_id=holder.owner_id,
            receiver_team_id=holder.team_id,
        )
        if handoff.kind != ContractKind.VOICE:
            hand_on = HandOn(holder=holder, next_action=next_action or _first_contact(handoff, act))
            _pass_on(handoff, hand_on, act)
        handoff.refresh_from_db()
    return handoff


def return_handoff(*, handoff_id: int, step: Return, act: Act) -> Handoff:
    """This will give a packet back to its giver, with the reason and the missing item.

    The journey stays with the giver, who may offer the packet again.

    Raises:
        HandoffRefused: it was decided before, the reason is not complete, or a second return
            needs a manager.
        HandoffDecidedMeanwhile: somebody else decided it at the same instant.
        RequestRepeated: the same request was carried out before.
    """
    with transaction.atomic():
        claim(act=act, operation="return_handoff")
        handoff = load_packet(handoff_id=handoff_id)
        judge_return(packet=packet_value(handoff), contract=contract_of(handoff), step=step)
        ending = Ending(PacketState.RETURNED, step.reason, step.item, step.note.strip())
        end_round(handoff=handoff, ending=ending, act=act, returns=handoff.returns + 1)
        handoff.refresh_from_db()
    return handoff


def withdraw_handoff(*, handoff_id: int, act: Act, note: str = "") -> Handoff:
    """This will take an offered packet back before anybody decided.

    Raises:
        HandoffRefused: it was decided before.
        HandoffDecidedMeanwhile: somebody else decided it at the same instant.
    """
    with transaction.atomic():
        claim(act=act, operation="withdraw_handoff")
        handoff = load_packet(handoff_id=handoff_id)
        judge_withdraw(packet=packet_value(handoff))
        ending = Ending(PacketState.WITHDRAWN, note=note.strip())
        end_round(handoff=handoff, ending=ending, act=act)
        handoff.refresh_from_db()
    return handoff


def contract_of(handoff: Handoff) -> Contract:
    """This will return the contract that the packet was offered by: a later version of the
    process does not change what was agreed then."""
    return kept_blueprint(version_id=handoff.blueprint_id).blueprint.contract(handoff.contract)


def _whoever_acts(act: Act) -> Holder:
    if act.actor.user_id is None:
        return NOBODY
    team = User.objects.values_list("team_id", flat=True).get(pk=act.actor.user_id)
    return Holder(owner_id=act.actor.user_id, team_id=team)


def _first_contact(handoff: Handoff, act: Act) -> NextAction:
    due = handoff.contact_due_at or act.now + timedelta(days=1)
    today = act.now.astimezone(BUSINESS_ZONE).date()
    return NextAction(what=FIRST_CONTACT, due_date=max(due.astimezone(BUSINESS_ZONE).date(), today))


def _pass_on(handoff: Handoff, hand_on: HandOn, act: Act) -> None:
    published = current_blueprint()
    contract = contract_of(handoff)
    journey = guard.load(journey_id=handoff.journey_id)
    back = contract.kind is ContractKind.BACK
    move = (
        MoveBack(to=contract.enters or "", reason=handoff.why, note=handoff.message)
        if back
        else Advance(to=contract.enters)
    )
    before = [journey.owner_id, journey.team_id]
    try:
        carry_on(journey=journey, move=move, hand_on=hand_on, published=published, act=act)
    except TransitionRefused as refused:
        # Refused before anything was written.
        if refused.rule is not RuleCode.GATE_NOT_MET:
            raise
        _hold(journey, handoff, hand_on, before, act)


def _hold(
    journey: Journey, handoff: Handoff, hand_on: HandOn, before: list[int | None], act: Act
) -> None:
    """Pass the sash while the journey waits, before the boundary, for the gate behind it."""
    holder = hand_on.holder or NOBODY
    columns = next_action_columns(hand_on.next_action) if hand_on.next_action else {}
    guard.change(
        journey=journey,
        act=act,
        owner_id=holder.owner_id,
        team_id=holder.team_id,
        department=handoff.taker_department,
        **columns,
    )
    Stay.objects.filter(journey_id=journey.pk, left_at__isnull=True).update(
        owner_id=holder.owner_id, team_id=holder.team_id
    )
    journal.record(
        about=journal.About(journey_id=journey.pk),
        kind=EventKind.OWNER_ASSIGNED,
        act=replace(act, request_key=None),
        payload={
            "before": before,
            "after": [holder.owner_id, holder.team_id],
            "handoff": handoff.pk,
        },
    )


def expire_handoffs(*, older_than: timedelta, act: Act, limit: int = 500) -> int:
    """This will let packets expire that nobody decided within `older_than` after their deadline.

    Shape: how many. What is decided at the same instant stays decided. The journey stays with its
    giver, who is asked to offer it anew.
    """
    late = Handoff.objects.filter(
        state=PacketState.OFFERED, accept_due_at__lt=act.now - older_than
    ).order_by("accept_due_at")
    ended = 0
    for handoff in late[:limit]:
        with suppress(HandoffDecidedMeanwhile), transaction.atomic():
            end_round(handoff=handoff, ending=Ending(PacketState.EXPIRED), act=act)
            ended += 1
    return ended
