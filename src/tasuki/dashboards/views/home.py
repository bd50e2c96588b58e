"""Where somebody starts: on the course, or on their own journeys."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from tasuki.core.access import Access, Capability, Role
from tasuki.people.access import access_of, user_of

OVERSEERS = (Role.ADMIN, Role.PROCESS_OWNER, Role.EXECUTIVE, Role.MANAGER)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Send whoever oversees work to the course, whoever works to their own journeys."""
    user = user_of(request)
    if _oversees(access_of(user)):
        return redirect("dashboards:course")
    return redirect(f"/journeys/?owner={user.pk}")


def _oversees(access: Access) -> bool:
    return access.allows(Capability.SEE_FIGURES) and any(access.holds(role) for role in OVERSEERS)
