"""The page of a person."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tasuki.core.access import Access, Capability
from tasuki.journeys.models import Person
from tasuki.journeys.operations.receipts import RequestRepeated
from tasuki.journeys.operations.records import RecordChangedMeanwhile, update_person
from tasuki.journeys.queries.journey_page import (
    find_person,
    sees_people,
    shadows_of_person,
    winner_of,
)
from tasuki.people.access import CapabilityDenied, access_of, user_of
from tasuki.records.forms.parties import PersonForm
from tasuki.records.queries.party_screen import person_screen
from tasuki.records.views.frame import act_of
from tasuki.records.views.journey_frame import topic_of
from tasuki.records.views.party_frame import Editing, saved, show_party_form
from tasuki.ui.render import page


@require_safe
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """Show a person: facts, journeys, one history; a shadow sends to its winner."""
    found, access = _seen(request, person_id)
    if found.merged_into_id is not None:
        messages.info(request, _("This is the record that the duplicate was merged into."))
        return HttpResponseRedirect(reverse("records:person", args=[winner_of(found)]))
    screen = person_screen(
        person=found,
        access=access,
        now=timezone.now(),
        topic=topic_of(request),
        after=request.GET.get("after", ""),
    )
    fragment = "older" if "after" in request.GET else "timeline"
    return page(request, "records/person.html", {"screen": screen}, fragment=fragment)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, person_id: int) -> HttpResponse:
    """Change the facts of a person."""
    found, access = _seen(request, person_id)
    if not access.allows(Capability.WORK_JOURNEYS):
        raise CapabilityDenied(Capability.WORK_JOURNEYS)
    if found.merged_into_id is not None:
        raise Http404
    back = reverse("records:person", args=[person_id])
    sees = sees_people(access=access, person_ids=shadows_of_person(person_id))
    form = PersonForm(request.POST or None, person=found, hides_personal_data=not sees)
    is_stale = False
    if form.is_valid():
        try:
            update_person(
                person_id=person_id,
                details=form.details,
                revision=form.cleaned_data["revision"],
                act=act_of(request, key=form.cleaned_data["request_key"] or None),
            )
        except RequestRepeated:
            return saved(request, back)
        except RecordChangedMeanwhile:
            is_stale = True
        else:
            return saved(request, back)
    title = f"{found.family_name} {found.given_name}".strip() or _("Contact")
    editing = Editing(title=title, back=back, record=found)
    return show_party_form(request, form, editing, is_stale=is_stale)


def _seen(request: HttpRequest, person_id: int) -> tuple[Person, Access]:
    access = access_of(user_of(request))
    found = find_person(person_id=person_id, access=access)
    if found is None:
        raise Http404
    return found, access
