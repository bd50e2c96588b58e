"""Changing one journey in the list, and many at once."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from tasuki.core.access import Capability
from tasuki.journeys.models import Journey
from tasuki.journeys.operations.guard import JourneyChangedMeanwhile
from tasuki.journeys.queries.filters import read_filter
from tasuki.journeys.queries.journey_page import find_journey
from tasuki.journeys.queries.listing import Viewer, matching_journeys
from tasuki.journeys.queries.visibility import visible_journeys
from tasuki.people.access import CapabilityDenied, requires
from tasuki.records.forms.lists import BulkForm, EditForm
from tasuki.records.operations.bulk import LIMIT, Plan, What, carry_out, plan
from tasuki.records.operations.editing import apply_edit, may_change
from tasuki.records.views.frame import act_of, viewer_of
from tasuki.ui.render import page, wants_fragment

EDIT = "records/journey_edit.html"


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.WORK_JOURNEYS)
def edit_journey(request: HttpRequest, journey_id: int) -> HttpResponse:
    """Show, and save, the few facts of a journey that change most often."""
    viewer = viewer_of(request)
    journey = find_journey(journey_id=journey_id, access=viewer.access)
    if journey is None:
        raise Http404
    if not may_change(journey=journey, access=viewer.access, capability=Capability.WORK_JOURNEYS):
        raise CapabilityDenied(Capability.WORK_JOURNEYS)
    may_reassign = may_change(journey=journey, access=viewer.access, capability=Capability.REASSIGN)
    form = EditForm(
        request.POST if request.method == "POST" else None,
        initial=_initial(journey),
        is_open=journey.is_open,
        may_reassign=may_reassign,
    )
    conflict = False
    if request.method == "POST" and form.is_valid():
        try:
            apply_edit(
                journey_id=journey_id,
                edit=form.edit(),
                act=act_of(request),
                may_reassign=may_reassign,
            )
        except JourneyChangedMeanwhile:
            conflict = True
        else:
            messages.success(request, _("Saved: %(name)s") % {"name": journey.account.name})
            return _saved(request)
    context = {"journey": journey, "form": form, "conflict": conflict}
    status = 409 if conflict else 422 if request.method == "POST" else 200
    return page(request, EDIT, context, fragment="sheet", status=status)


@require_POST
@requires(Capability.BULK_EDIT)
def change_many(request: HttpRequest) -> HttpResponse:
    """Tell what a bulk change would do; do it once that is confirmed."""
    viewer = viewer_of(request)
    asked = request.POST.get("what", "")
    back = _back(request)
    if asked not in list(What):
        return redirect(back)
    what = What(asked)
    if what is What.ASSIGN and not viewer.access.allows(Capability.REASSIGN):
        raise CapabilityDenied(Capability.REASSIGN)
    journeys = chosen_journeys(request, viewer)
    planned = plan(
        what=what, journeys=journeys[:LIMIT], access=viewer.access, blueprint=viewer.blueprint
    )
    confirmed = request.POST.get("confirmed") == "1"
    form = BulkForm(request.POST if confirmed else None, what=what, blueprint=viewer.blueprint)
    context: dict[str, Any] = {
        "what": what.value,
        "planned": planned,
        "form": form,
        "back": back,
        "query": request.POST.get("query", ""),
        "everything": request.POST.get("everything", ""),
        "ids": request.POST.getlist("ids"),
        "too_many": len(journeys) > LIMIT,
        "limit": LIMIT,
    }
    if not (confirmed and form.is_valid()):
        return page(request, "records/bulk.html", context, status=422 if confirmed else 200)
    done = carry_out(wish=form.wish(), planned=planned, act=act_of(request))
    if done.refused:
        return page(request, "records/bulk_done.html", context | {"done": done})
    messages.success(request, _told(done))
    return redirect(back)


def chosen_journeys(request: HttpRequest, viewer: Viewer) -> Sequence[Journey]:
    """Return the journeys ticked, or every one of the list when all of it was meant."""
    if request.POST.get("everything") == "1":
        parameters = QueryDict(request.POST.get("query", ""))
        chosen = read_filter(parameters=parameters, blueprint=viewer.blueprint)
        rows = matching_journeys(chosen=chosen, viewer=viewer)
    else:
        rows = visible_journeys(access=viewer.access).filter(pk__in=_ids(request))
    return list(rows.select_related("account").order_by("pk")[: LIMIT + 1])


def _ids(request: HttpRequest) -> list[int]:
    given = request.POST.getlist("ids")[: LIMIT + 1]
    return [int(text) for text in given if text.isascii() and text.isdigit() and len(text) < 19]


def _initial(journey: Journey) -> dict[str, Any]:
    return {
        "revision": journey.revision,
        "next_action": journey.next_action,
        "next_action_date": journey.next_action_date,
        "owner": journey.owner_id,
        "temperature": journey.temperature,
        "expected_close_date": journey.expected_close_date,
    }


def _saved(request: HttpRequest) -> HttpResponse:
    if wants_fragment(request):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    if target and url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        return target
    return reverse("records:journeys")


def _told(done: Plan) -> str:
    count = len(done.accepted)
    return ngettext("%(count)s journey was changed.", "%(count)s journeys were changed.", count) % {
        "count": count
    }
