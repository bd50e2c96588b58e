"""What the pages of hand-offs share: who acts, what they may touch, answers after an act."""

import json
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from tasuki.core.access import Access, Capability
from tasuki.core.departments import Department
from tasuki.journeys.actor import Act, Actor
from tasuki.journeys.models import Handoff, Journey
from tasuki.journeys.queries.handoffs.detail import find_packet
from tasuki.journeys.queries.handoffs.queue import may_take
from tasuki.journeys.queries.journey_page import find_journey
from tasuki.people.access import CapabilityDenied, access_of, user_of
from tasuki.ui.render import wants_fragment


def act_of(request: HttpRequest, *, key: str = "") -> Act:
    """Return the signed-in person acting now; `key` makes a retry do nothing twice."""
    user = user_of(request)
    actor = Actor(user_id=user.pk, kind="user", label=user.full_name)
    return Act(actor=actor, now=now_of(), request_key=key or None)


def now_of() -> datetime:
    """Return the moment of the request."""
    return timezone.now()


def journey_to_give(request: HttpRequest, journey_id: int) -> Journey:
    """Return a journey that the person may hand over.

    Raises: Http404 outside their sight; CapabilityDenied without the right to work on it.
    """
    access = access_of(user_of(request))
    journey = find_journey(journey_id=journey_id, access=access)
    if journey is None:
        raise Http404
    if not may_give(journey=journey, access=access):
        raise CapabilityDenied(Capability.WORK_JOURNEYS)
    return journey


def packet_seen(request: HttpRequest, handoff_id: int) -> tuple[Handoff, Access]:
    """Return a packet within the person's sight. Raises: Http404 for any other."""
    access = access_of(user_of(request))
    handoff = find_packet(handoff_id=handoff_id, access=access)
    if handoff is None:
        raise Http404
    return handoff, access


def packet_to_take(request: HttpRequest, handoff_id: int) -> tuple[Handoff, Access]:
    """Return a packet that the person may decide about for the side that takes it.

    Raises: Http404 outside their sight; CapabilityDenied without the right.
    """
    handoff, access = packet_seen(request, handoff_id)
    if not may_take(handoff=handoff, access=access):
        raise CapabilityDenied(Capability.WORK_JOURNEYS)
    return handoff, access


def may_give(*, journey: Journey, access: Access) -> bool:
    """Tell whether the person may work on the journey as it is now held."""
    return access.may_work_on(
        owner_id=journey.owner_id,
        team_id=journey.team_id,
        department=Department(journey.department) if journey.department else None,
    )


def packet_url(handoff_id: int) -> str:
    """Return the address of a packet."""
    return reverse("handoffs:packet", args=[handoff_id])


def go(
    request: HttpRequest, address: str, *, text: str, level: int = messages.SUCCESS
) -> HttpResponse:
    """Send to an address with a word; htmx is told to load the whole page."""
    messages.add_message(request, level, text)
    if wants_fragment(request):
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def with_word(response: HttpResponse, text: str, *, level: str = "success") -> HttpResponse:
    """Add a word that shows when the answer has been swapped in, and close the dialog."""
    response["HX-Trigger-After-Settle"] = json.dumps(
        {"dialog:close": True, "toast": {"level": level, "text": text}}
    )
    return response
