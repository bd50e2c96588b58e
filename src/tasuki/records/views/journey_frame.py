"""What the acts on one journey share: finding it, rights, sheets, and the answer after an act."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from tasuki.core.access import Access, Capability
from tasuki.core.departments import Department
from tasuki.core.money import Money
from tasuki.journeys.actor import Act
from tasuki.journeys.models import Event, Journey
from tasuki.journeys.queries.journey_page import find_journey
from tasuki.journeys.queries.rates import reporting_settings
from tasuki.journeys.queries.timeline import Topic
from tasuki.people.access import CapabilityDenied, access_of, user_of
from tasuki.people.models import User
from tasuki.people.queries import DirectoryFilter, directory
from tasuki.records.queries.journey_screen import JourneyScreen, journey_screen, may_work_on
from tasuki.records.views.frame import act_of
from tasuki.ui.fact_fields import Asked
from tasuki.ui.render import page, wants_fragment


@dataclass(frozen=True, slots=True)
class Group:
    """Fields of a sheet that belong together."""

    fields: Sequence[Asked]
    title: str = ""
    in_columns: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One small form: a dialog with script, a page of its own without."""

    title: str
    action: str
    submit: str
    back: str
    form: forms.Form
    groups: Sequence[Group]
    is_ending: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else was first: the last thing recorded, and where the journey is now."""

    latest: Event | None
    journey: Journey


JourneyView = Callable[..., HttpResponse]
"""A view of one journey that the person may work on."""


def seen(request: HttpRequest, journey_id: int) -> tuple[Journey, Access]:
    """Return a journey within the person's sight.

    Raises: Http404 for any other, whether it exists or not.
    """
    access = access_of(user_of(request))
    journey = find_journey(journey_id=journey_id, access=access)
    if journey is None:
        raise Http404
    return journey, access


def acting(
    capability: Capability = Capability.WORK_JOURNEYS,
) -> Callable[[JourneyView], Callable[..., HttpResponse]]:
    """Guard a view of one journey: 404 outside one's sight, 403 without the right to act on it."""

    def decorate(view: JourneyView) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, journey_id: int, **kwargs: Any) -> HttpResponse:
            journey, access = seen(request, journey_id)
            if not may_work_on(journey=journey, access=access, capability=capability):
                raise CapabilityDenied(capability)
            return view(request, journey, **kwargs)

        return guarded

    return decorate


def act_with(request: HttpRequest, form: forms.Form) -> Act:
    """Return the person's act: its retry key from the form, and when it happened."""
    happened_at: datetime | None = form.cleaned_data.get("happened_at")
    key = form.cleaned_data.get("request_key") or None
    return replace(act_of(request, key=key), happened_at=happened_at)


def done(request: HttpRequest, journey_id: int, text: str) -> HttpResponse:
    """Answer an act that succeeded: the journey as it is now, and a word that it worked."""
    if not wants_fragment(request):
        messages.success(request, text)
        return HttpResponseRedirect(reverse("records:journey", args=[journey_id]))
    journey, access = seen(request, journey_id)
    screen = journey_screen(journey=journey, access=access, now=timezone.now())
    response = journey_page(request, screen, fragment="record")
    response["HX-Retarget"] = "#record"
    response["HX-Reswap"] = "outerHTML"
    response["HX-Trigger-After-Settle"] = json.dumps(
        {"dialog:close": True, "toast": {"level": "success", "text": text}}
    )
    return response


def journey_page(
    request: HttpRequest, screen: JourneyScreen, *, fragment: str, status: int = 200, **more: Any
) -> HttpResponse:
    """Answer with the page of a journey, or the part of it that htmx asks for."""
    context = {"screen": screen, "next_form": None, "money_of": money_of} | more
    return page(request, "records/journey.html", context, fragment=fragment, status=status)


def money_of(minor: int | None, currency: str) -> Money | None:
    """Return an amount as a value, None where there is none."""
    return None if minor is None else Money(minor, currency)


def sheet_page(
    request: HttpRequest, sheet: Sheet, *, status: int = 200, **more: Any
) -> HttpResponse:
    """Answer with a sheet: into the dialog when htmx asks, else as a page."""
    settled = {"conflict": None, "refusal": None, "plan": None, "others": (), "blueprint": None}
    context = settled | {"sheet": sheet} | more
    return page(request, "records/journey_form.html", context, fragment="sheet", status=status)


def plain_groups(form: forms.Form, *names: str) -> list[Group]:
    """Return the visible fields of a form as one group, in the given order or their own."""
    shown = names or tuple(field.name for field in form.visible_fields())
    asked = [Asked(form[name], form.fields[name].required) for name in shown if name in form.fields]
    return [Group(asked)]


def people_of(journey: Journey, department: Department | None) -> list[User]:
    """Return whom a journey of a department can be given to, its present owner among them."""
    people = list(directory(DirectoryFilter(department=department)))
    if journey.owner is not None and all(one.pk != journey.owner_id for one in people):
        people.insert(0, journey.owner)
    return people


def currency_of(journey: Journey) -> str:
    """Return the currency that amounts of this journey are told in."""
    return journey.currency or reporting_settings().reporting_currency


def topic_of(request: HttpRequest) -> Topic | None:
    """Return what the timeline is narrowed to; an unknown word shows all of it."""
    asked = request.GET.get("topic", "")
    return Topic(asked) if asked in set(Topic) else None
