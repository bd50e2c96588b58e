"""Handing the sash on where giver and taker may be the same person."""

from dataclasses import replace

from django.db import transaction

from tasuki.journeys.actor import Act
from tasuki.journeys.models import Handoff
from tasuki.journeys.operations.handoffs.deciding import accept_handoff
from tasuki.journeys.operations.handoffs.offering import Offer, offer_handoff


def hand_over(*, journey_id: int, contract: str, offer: Offer, act: Act) -> Handoff:
    """This will offer a packet and return it; one that somebody gives to themselves, as they may
    where the same person works in both departments, is accepted at once.

    Raises:
        HandoffRefused, JourneyChangedMeanwhile, RequestRepeated, InvalidContact, MissingRate,
        UnableToLearn: as `offer_handoff` does; nothing was written.
        TransitionRefused: given to oneself, but the journey cannot go where the contract leads.
    """
    with transaction.atomic():
        handoff = offer_handoff(journey_id=journey_id, contract=contract, offer=offer, act=act)
        if handoff.receiver_id is None or handoff.receiver_id != act.actor.user_id:
            return handoff
        return accept_handoff(handoff_id=handoff.pk, act=replace(act, request_key=None))
