"""My day: one ranked list of what to do next, with the action in place; the team's days too."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tasuki.core.access import Access
from tasuki.core.departments import Department
from tasuki.handoffs.forms.day import NextStepForm
from tasuki.handoffs.queries.day_screen import day_lines
from tasuki.handoffs.views.frame import act_of, go, journey_to_give, now_of, with_word
from tasuki.journeys.operations.facts import set_next_action
from tasuki.journeys.operations.guard import JourneyChangedMeanwhile
from tasuki.journeys.queries.blueprints import current_blueprint
from tasuki.journeys.queries.handoffs.day import day_of, loads_of_people
from tasuki.journeys.queries.rates import reporting_settings
from tasuki.people.access import access_of, user_of
from tasuki.people.capacity import department_members
from tasuki.people.managing import manages
from tasuki.people.models import User
from tasuki.ui.render import page, wants_fragment

TEMPLATE = "handoffs/my_day.html"
SHOWN = 30
"""A day holds no more than this; what is done makes room for the next."""


@require_safe
def my_day(request: HttpRequest) -> HttpResponse:
    """Show somebody's day: one's own, or that of somebody whom one manages."""
    return day_page(request)


def day_page(request: HttpRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    """Answer with somebody's day, or the part of it that htmx asks for."""
    return page(request, TEMPLATE, _context(request) | more, fragment="day", status=status)


@require_safe
def team_day(request: HttpRequest) -> HttpResponse:
    """Show a manager how much each of their people has on hand."""
    access = access_of(user_of(request))
    departments = _managed(access)
    people = {
        member.user.pk: member.user
        for department in departments
        for member in department_members(department=department)
    }
    loads = loads_of_people(users=list(people.values()), now=now_of())
    context = {"loads": loads, "departments": departments}
    return page(request, "handoffs/team_day.html", context)


@require_POST
def next_step(request: HttpRequest, journey_id: int) -> HttpResponse:
    """Tick a step off by saying what is next, and show the day as it is then."""
    journey = journey_to_give(request, journey_id)
    form = NextStepForm(request.POST)
    status, level, said = 200, "success", _("Done. The next step is set.")
    if not form.is_valid():
        status, level, said = 422, "warning", _("Say what is next, and by which day.")
    else:
        try:
            set_next_action(
                journey_id=journey.pk,
                next_action=form.next_action,
                act=act_of(request),
                revision=form.cleaned_data["revision"],
            )
        except JourneyChangedMeanwhile:
            status, level = 409, "warning"
            said = _("Somebody else changed this journey first. Nothing was saved.")
    if not wants_fragment(request):
        return go(request, "/my-day/", text=said)
    kept = {} if status == 200 else {"kept": form, "kept_id": journey_id}
    response = day_page(request, status=status, **kept)
    return with_word(response, said, level=level)


def _context(request: HttpRequest) -> dict[str, Any]:
    me = user_of(request)
    viewer = access_of(me)
    whose = _person(request.GET.get("of", ""), me, viewer)
    blueprint, now = current_blueprint().blueprint, now_of()
    to_dos = day_of(access=access_of(whose), viewer=viewer, blueprint=blueprint, now=now)
    currency = reporting_settings().reporting_currency
    return {
        "whose": whose,
        "is_mine": whose.pk == me.pk,
        "is_manager": bool(_managed(viewer)),
        "lines": day_lines(to_dos=to_dos[:SHOWN], blueprint=blueprint, now=now, currency=currency),
        "beyond": max(len(to_dos) - SHOWN, 0),
        "kept": None,
        "kept_id": None,
    }


def _person(asked: str, me: User, viewer: Access) -> User:
    """Return whose day is asked for. Raises: Http404 for people whom the viewer does not manage."""
    if not asked or asked == str(me.pk):
        return me
    people = {
        member.user.pk: member.user
        for department in _managed(viewer)
        for member in department_members(department=department)
    }
    found = people.get(int(asked)) if asked.isdigit() else None
    if found is None:
        raise Http404
    return found


def _managed(access: Access) -> list[Department]:
    return [each for each in Department if manages(access=access, department=each)]
