"""How the work of a department is shared out among its people."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tasuki.core.access import Capability
from tasuki.people.access import access_of, requires, user_of
from tasuki.people.capacity import save_profiles
from tasuki.people.models import AccountAction, User, WorkingProfile
from tasuki.people.operations import record_account_event
from tasuki.ui.render import page
from tasuki.workspace.forms.shares import SharesForm
from tasuki.workspace.queries.shares import shares_in_charge


@require_http_methods(["GET", "POST"])
@requires(Capability.MANAGE_WORKING_TIME)
def shares(request: HttpRequest) -> HttpResponse:
    """Show who takes how much of what is assigned by rule; store it."""
    user = user_of(request)
    found = shares_in_charge(access=access_of(user))
    form = SharesForm(request.POST or None, shares=found)
    if request.method == "POST" and form.is_valid():
        profiles = form.changed_profiles
        save_profiles(profiles=profiles)
        for profile in profiles:
            _note(profile, by=user)
        messages.success(request, _("The shares are saved."))
        return HttpResponseRedirect(reverse("workspace:shares"))
    context = {"form": form, "shares": found}
    return page(request, "workspace/shares.html", context, status=422 if form.is_bound else 200)


def _note(profile: WorkingProfile, *, by: User) -> None:
    limit = "" if profile.capacity is None else f" ≤ {profile.capacity}"
    record_account_event(
        user=profile.user,
        by=by,
        at=timezone.now(),
        action=AccountAction.EDITED,
        detail=f"{profile.department}: × {profile.weight.normalize():f}{limit}",
    )
