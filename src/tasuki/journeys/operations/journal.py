"""Writing to the event journal; nothing else inserts events one at a time."""

from collections.abc import Mapping
from dataclasses import dataclass

from tasuki.journeys.actor import Act
from tasuki.journeys.kinds import EventKind
from tasuki.journeys.models import Event


@dataclass(frozen=True, slots=True)
class About:
    """What an event is about; at least one of the three."""

    journey_id: int | None = None
    account_id: int | None = None
    person_id: int | None = None


def record(*, about: About, kind: EventKind, act: Act, payload: Mapping[str, object]) -> Event:
    """This will append one event to the journal and return it."""
    return Event.objects.create(
        journey_id=about.journey_id,
        account_id=about.account_id,
        person_id=about.person_id,
        kind=kind,
        happened_at=act.at,
        recorded_at=act.now,
        actor_id=act.actor.user_id,
        actor_kind=act.actor.kind,
        payload=dict(payload),
    )
