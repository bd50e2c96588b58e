"""Every write to a journey row goes through one conditional update that changes exactly one row."""

from django.db.models import F

from tasuki.journeys.actor import Act
from tasuki.journeys.models import Event, Journey


class JourneyChangedMeanwhile(Exception):
    """Somebody else wrote to the journey first; nothing of this request was written."""

    def __init__(self, *, journey_id: int, latest: Event | None) -> None:
        super().__init__(f"journey {journey_id} was changed by somebody else")
        self.journey_id = journey_id
        self.latest = latest


def load(*, journey_id: int, revision: int | None = None) -> Journey:
    """This will return the journey as it is now.

    Raises:
        JourneyChangedMeanwhile: `revision`, what the person saw, is no longer the stored one.
    """
    journey = Journey.objects.select_related("account", "person", "channel", "campaign").get(
        pk=journey_id
    )
    if revision is not None and journey.revision != revision:
        raise changed_meanwhile(journey_id=journey_id)
    return journey


def change(*, journey: Journey, act: Act, **columns: object) -> None:
    """This will write the columns if nobody wrote since `journey` was loaded.

    The instance is brought up to date, so that several changes can follow one load.

    Raises:
        JourneyChangedMeanwhile: the row has moved on.
    """
    changed = Journey.objects.filter(pk=journey.pk, revision=journey.revision).update(
        **columns, revision=F("revision") + 1, updated_at=act.now
    )
    if changed != 1:
        raise changed_meanwhile(journey_id=journey.pk)
    for name, value in columns.items():
        setattr(journey, name, value)
    journey.revision += 1
    journey.updated_at = act.now


def changed_meanwhile(*, journey_id: int) -> JourneyChangedMeanwhile:
    """This will return the refusal that names what somebody else wrote last."""
    latest = Event.objects.filter(journey_id=journey_id).select_related("actor").order_by("-id")
    return JourneyChangedMeanwhile(journey_id=journey_id, latest=latest.first())
