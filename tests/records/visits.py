"""What tests of record pages share: a browser in English, a form sent, nothing changed."""

from typing import Any

from django.test import Client

from tasuki.journeys.models import Event, Journey


def english(client: Client) -> Client:
    """A browser that reads English."""
    client.cookies["tasuki_language"] = "en"
    return client


def page_of(client: Client, journey: Journey) -> str:
    """The page as text."""
    return client.get(f"/journeys/{journey.pk}/").content.decode()


def send(client: Client, journey: Journey, place: str, **typed: Any) -> Any:
    """Send a form of the journey, as somebody who saw its present state."""
    journey.refresh_from_db()
    data = {"revision": journey.revision, "request_key": "", **typed}
    return client.post(f"/journeys/{journey.pk}/{place}/", data)


def nothing_changed(journey: Journey) -> bool:
    """Whether the journey is still as it was opened."""
    revision = journey.revision
    journey.refresh_from_db()
    events = Event.objects.filter(journey=journey).count()
    return (journey.revision, journey.stage, events) == (revision, "LEAD", 1)
