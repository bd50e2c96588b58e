"""How good a packet was, said by the one who has to work with it."""

from django.db import transaction

from tasuki.core.handoffs import judge_asked_again, judge_rating
from tasuki.journeys.actor import Act
from tasuki.journeys.kinds import EventKind
from tasuki.journeys.models import AskedAgain, Handoff
from tasuki.journeys.operations.handoffs.deciding import contract_of
from tasuki.journeys.operations.handoffs.ending import tell
from tasuki.journeys.operations.receipts import claim
from tasuki.journeys.queries.handoffs.packets import load_packet, packet_value


def rate_handoff(*, handoff_id: int, usefulness: int, act: Act) -> Handoff:
    """This will keep how useful the packet was, 1 to 5; a later rating replaces an earlier one.

    Raises:
        HandoffRefused: it was not accepted, or the rating is not 1 to 5.
    """
    with transaction.atomic():
        claim(act=act, operation="rate_handoff")
        handoff = load_packet(handoff_id=handoff_id)
        judge_rating(packet=packet_value(handoff), usefulness=usefulness)
        if handoff.usefulness == usefulness:
            return handoff
        Handoff.objects.filter(pk=handoff_id).update(
            usefulness=usefulness, rated_by_id=act.actor.user_id, rated_at=act.now
        )
        tell(handoff=handoff, kind=EventKind.HANDOFF_RATED, act=act, usefulness=usefulness)
        handoff.refresh_from_db()
    return handoff


def mark_asked_again(*, handoff_id: int, item: str, act: Act, note: str = "") -> AskedAgain:
    """This will note that the customer had to say again what the packet had told; once an item.

    Raises:
        HandoffRefused: it was not accepted, asks for no such item, or had no answer to it.
    """
    with transaction.atomic():
        claim(act=act, operation="mark_asked_again")
        handoff = load_packet(handoff_id=handoff_id)
        judge_asked_again(
            packet=packet_value(handoff),
            contract=contract_of(handoff),
            item=item,
            told=handoff.values,
        )
        mark, is_new = AskedAgain.objects.get_or_create(
            handoff_id=handoff_id,
            item=item,
            defaults={
                "journey_id": handoff.journey_id,
                "note": note.strip(),
                "marked_by_id": act.actor.user_id,
                "marked_at": act.now,
            },
        )
        if is_new:
            tell(handoff=handoff, kind=EventKind.HANDOFF_ASKED_AGAIN, act=act, item=item)
    return mark


def unmark_asked_again(*, handoff_id: int, item: str, act: Act) -> None:
    """This will take a mark back that was set by mistake; the journal keeps both."""
    with transaction.atomic():
        claim(act=act, operation="unmark_asked_again")
        handoff = load_packet(handoff_id=handoff_id)
        removed, _ = AskedAgain.objects.filter(handoff_id=handoff_id, item=item).delete()
        if removed:
            tell(
                handoff=handoff,
                kind=EventKind.HANDOFF_ASKED_AGAIN,
                act=act,
                item=item,
                taken_back=True,
            )
