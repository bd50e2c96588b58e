"""Where somebody starts: on the course, or on their own day."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from tasuki.core.access import Access, Capability, Role
from tasuki.people.access import access_of, user_of

OVERSEERS = (Role.ADMIN, Role.PROCESS_OWNER, Role.EXECUTIVE, Role.MANAGER)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Send whoever oversees work to the course, whoever works to their day."""
    if _oversees(access_of(user_of(request))):
        return redirect("dashboards:course")
    return redirect("/my-day/")


def _oversees(access: Access) -> bool:
    return access.allows(Capability.SEE_FIGURES) and any(access.holds(role) for role in OVERSEERS)
