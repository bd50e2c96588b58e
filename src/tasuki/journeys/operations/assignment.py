"""Who carries the sash: reassignment keeps every stay and every credit."""

from dataclasses import dataclass
from typing import Final

from django.db import transaction

from tasuki.journeys.actor import Act
from tasuki.journeys.kinds import EventKind
from tasuki.journeys.models import Journey, Stay
from tasuki.journeys.operations import guard, journal
from tasuki.journeys.operations.receipts import claim


@dataclass(frozen=True, slots=True)
class Holder:
    """The person (and their team) a journey is given to."""

    owner_id: int | None
    team_id: int | None


NOBODY: Final = Holder(owner_id=None, team_id=None)
"""In the queue of the department that answers for the stage."""


def assign_owner(
    *, journey_id: int, holder: Holder, act: Act, reason: str = "", revision: int | None = None
) -> Journey:
    """This will give an open journey to somebody else within its stage.

    The current stay shows the new holder; the journal keeps who held it before and why.

    Raises:
        JourneyChangedMeanwhile: the row has moved on.
    """
    with transaction.atomic():
        claim(act=act, operation="assign_owner", journey_id=journey_id)
        journey = guard.load(journey_id=journey_id, revision=revision)
        if (journey.owner_id, journey.team_id) == (holder.owner_id, holder.team_id):
            return journey
        before = [journey.owner_id, journey.team_id]
        guard.change(journey=journey, act=act, owner_id=holder.owner_id, team_id=holder.team_id)
        Stay.objects.filter(journey_id=journey_id, left_at__isnull=True).update(
            owner_id=holder.owner_id, team_id=holder.team_id
        )
        journal.record(
            about=journal.About(journey_id=journey_id),
            kind=EventKind.OWNER_ASSIGNED,
            act=act,
            payload={
                "before": before,
                "after": [holder.owner_id, holder.team_id],
                "reason": reason,
            },
        )
    return journey
