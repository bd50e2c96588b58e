"""One packet, and the value that the core judges."""

from tasuki.core.handoffs import Packet, PacketState
from tasuki.journeys.models import Handoff


def load_packet(*, handoff_id: int) -> Handoff:
    """This will return a packet with the people it names: one query.

    Raises:
        Handoff.DoesNotExist: there is none.
    """
    return Handoff.objects.select_related(
        "giver", "receiver", "decided_by", "journey__account", "journey__person"
    ).get(pk=handoff_id)


def packet_value(handoff: Handoff) -> Packet:
    """This will return the packet as the core sees it."""
    return Packet(
        contract=handoff.contract,
        state=PacketState(handoff.state),
        round=handoff.round,
        returns=handoff.returns,
        giver_id=handoff.giver_id,
        receiver_id=handoff.receiver_id,
        decided_by=str(handoff.decided_by) if handoff.decided_by else "",
    )
