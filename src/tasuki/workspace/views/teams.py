"""Administration of teams."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tasuki.core.access import Capability
from tasuki.people.access import requires
from tasuki.people.models import Team
from tasuki.people.queries import active_people, teams_with_sizes
from tasuki.ui.render import page
from tasuki.workspace.forms.working_time import TeamForm


@require_safe
@requires(Capability.MANAGE_PEOPLE)
def teams(request: HttpRequest) -> HttpResponse:
    """List teams with their department, lead and size."""
    context = {"teams": list(teams_with_sizes())}
    return page(request, "workspace/teams.html", context)


@require_http_methods(["GET", "POST"])
@requires(Capability.MANAGE_PEOPLE)
def new_team(request: HttpRequest) -> HttpResponse:
    """Make a team."""
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
@requires(Capability.MANAGE_PEOPLE)
def team(request: HttpRequest, team_id: int) -> HttpResponse:
    """Show a team and its people; store changes."""
    return _edit(request, get_object_or_404(Team, pk=team_id))


def _edit(request: HttpRequest, subject: Team | None) -> HttpResponse:
    form = TeamForm(request.POST or None, instance=subject)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The team is saved."))
        return HttpResponseRedirect(reverse("workspace:teams"))
    members = list(active_people().filter(team=subject)) if subject else []
    context = {"form": form, "subject": subject, "members": members}
    return page(request, "workspace/team.html", context, status=422 if form.is_bound else 200)
