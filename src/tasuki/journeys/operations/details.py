"""What is known of a journey besides its course: where it came from, how warm, how fitting."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self

from django.db import transaction

from tasuki.journeys.actor import Act
from tasuki.journeys.kinds import EventKind
from tasuki.journeys.models import Journey, Person
from tasuki.journeys.operations import guard, journal
from tasuki.journeys.operations.receipts import claim
from tasuki.journeys.operations.records import journey_search_columns


@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyDetails:
    """What a person states about a journey; temperature and fit by their codes."""

    title: str = ""
    person_id: int | None = None
    channel_id: int | None = None
    campaign_id: int | None = None
    source: str = ""
    temperature: str = ""
    fit: str = ""

    @classmethod
    def of(cls, journey: Journey) -> Self:
        """This will read the details of a stored journey."""
        return cls(**{f.name: getattr(journey, f.name) for f in fields(cls)})


def update_journey(
    *, journey_id: int, details: JourneyDetails, act: Act, revision: int | None = None
) -> Journey:
    """This will change the details of a journey and journal what changed.

    Raises:
        JourneyChangedMeanwhile: the row has moved on.
    """
    with transaction.atomic():
        claim(act=act, operation="update_journey", journey_id=journey_id)
        journey = guard.load(journey_id=journey_id, revision=revision)
        changes = _changes(JourneyDetails.of(journey), details)
        if changes:
            person = Person.objects.get(pk=details.person_id) if details.person_id else None
            guard.change(
                journey=journey,
                act=act,
                **{name: after for name, (_before, after) in changes.items()},
                **journey_search_columns(
                    account=journey.account, person=person, title=details.title
                ),
            )
            journal.record(
                about=journal.About(journey_id=journey_id),
                kind=EventKind.DETAILS_CHANGED,
                act=act,
                payload={"changes": {name: list(pair) for name, pair in changes.items()}},
            )
    return journey


def _changes(before: JourneyDetails, after: JourneyDetails) -> Mapping[str, tuple[object, object]]:
    pairs = {f.name: (getattr(before, f.name), getattr(after, f.name)) for f in fields(before)}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
