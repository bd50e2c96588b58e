"""The page of a company."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tasuki.core.access import Access, Capability
from tasuki.journeys.operations.receipts import RequestRepeated
from tasuki.journeys.operations.records import RecordChangedMeanwhile, update_account
from tasuki.journeys.queries.blueprints import current_blueprint
from tasuki.journeys.queries.journey_page import Company, find_company, winner_of
from tasuki.people.access import CapabilityDenied, access_of, user_of
from tasuki.people.queries import active_people
from tasuki.records.forms.parties import AccountForm
from tasuki.records.queries.labels import segment_label
from tasuki.records.queries.party_screen import account_screen
from tasuki.records.views.frame import act_of
from tasuki.records.views.journey_frame import topic_of
from tasuki.records.views.party_frame import Editing, saved, show_party_form
from tasuki.ui.render import page


@require_safe
def account(request: HttpRequest, account_id: int) -> HttpResponse:
    """Show a company: facts, people, journeys, one history; a shadow sends to its winner."""
    company, access = _seen(request, account_id)
    if company.account.merged_into_id is not None:
        messages.info(
            request, _("%(name)s was merged into this company.") % {"name": company.account.name}
        )
        winner = reverse("records:account", args=[winner_of(company.account)])
        return HttpResponseRedirect(winner)
    screen = account_screen(
        company=company,
        access=access,
        now=timezone.now(),
        topic=topic_of(request),
        after=request.GET.get("after", ""),
    )
    fragment = "older" if "after" in request.GET else "timeline"
    context = {"screen": screen, "segment_label": segment_label}
    return page(request, "records/account.html", context, fragment=fragment)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, account_id: int) -> HttpResponse:
    """Change the facts of a company."""
    company, access = _seen(request, account_id)
    if not access.allows(Capability.WORK_JOURNEYS):
        raise CapabilityDenied(Capability.WORK_JOURNEYS)
    if company.account.merged_into_id is not None:
        raise Http404
    back = reverse("records:account", args=[account_id])
    form = AccountForm(
        request.POST or None,
        account=company.account,
        people=list(active_people()),
        blueprint=current_blueprint().blueprint,
    )
    is_stale = False
    if form.is_valid():
        try:
            update_account(
                account_id=account_id,
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
    editing = Editing(title=company.account.name, back=back, record=company.account)
    return show_party_form(request, form, editing, is_stale=is_stale)


def _seen(request: HttpRequest, account_id: int) -> tuple[Company, Access]:
    access = access_of(user_of(request))
    company = find_company(account_id=account_id, access=access)
    if company is None:
        raise Http404
    return company, access
