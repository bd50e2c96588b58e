"""Where a stored journey stands: everything about it that a decision needs, in two queries."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Q

from tasuki.core.blueprint import JourneyKind
from tasuki.core.handoffs import PacketState
from tasuki.core.lifecycle import JourneyState
from tasuki.journeys.models import Handoff, Journey, Stay


@dataclass(frozen=True, slots=True)
class Standing:
    """The state the core decides on, the number of the last stay, and the packets that are open
    or hold."""

    state: JourneyState
    last_number: int
    packets: tuple[Handoff, ...]


def standing_of(journey: Journey) -> Standing:
    """This will read where a journey rests and what was handed over in its cycle."""
    stays = list(Stay.objects.filter(journey_id=journey.pk).values_list("number", "cycle", "stage"))
    packets = tuple(
        Handoff.objects.filter(
            Q(state=PacketState.OFFERED) | Q(holds=True), journey_id=journey.pk
        ).select_related("giver")
    )
    state = JourneyState(
        kind=JourneyKind(journey.kind),
        stage=journey.stage,
        entered_at=journey.entered_at,
        opened_at=journey.opened_at,
        cycle=journey.cycle,
        visits=Counter(stage for _number, cycle, stage in stays if cycle == journey.cycle),
        completed_at=journey.closed_at,
        handed=frozenset(
            packet.contract for packet in packets if packet.holds and packet.cycle == journey.cycle
        ),
    )
    last = max((number for number, _cycle, _stage in stays), default=0)
    return Standing(state=state, last_number=last, packets=packets)
