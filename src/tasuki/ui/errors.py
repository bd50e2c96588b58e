"""Pages for errors: what happened, and what the person can do about it."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tasuki.core.access import Capability
from tasuki.people.labels import CAPABILITY_NAMES
from tasuki.ui.render import page


@dataclass(frozen=True, slots=True)
class Explanation:
    """The text of one kind of error."""

    icon: str
    title: str | Promise
    text: str | Promise


_EXPLANATIONS = {
    "400": Explanation(
        "circle-alert",
        _("The address or the form could not be read"),
        _("Go back and try again. If it happens again, tell your administrator what you did."),
    ),
    "403": Explanation(
        "lock",
        _("You may not open this"),
        _("Your roles do not cover it. The person who manages people and roles can change that."),
    ),
    "404": Explanation(
        "search",
        _("There is nothing here"),
        _(
            "It may have been merged or moved, or the address is mistyped. "
            "Search finds records by any part of the name."
        ),
    ),
    "500": Explanation(
        "triangle-alert",
        _("Something went wrong on our side"),
        _(
            "Nothing was half-saved. Try again in a moment; if it happens again, "
            "tell your administrator the time."
        ),
    ),
    "expired": Explanation(
        "timer",
        _("This page was open for too long"),
        _("For your safety the form has expired. Go back, reload the page and send it again."),
    ),
}


def answer(
    request: HttpRequest,
    *,
    status: int,
    kind: str | None = None,
    capability: Capability | None = None,
) -> HttpResponse:
    """Return the page for an error. It asks the database for nothing: that may be what failed."""
    values = {
        "explanation": _EXPLANATIONS[kind or str(status)],
        "status": status,
        "missing_right": CAPABILITY_NAMES[capability] if capability else None,
    }
    return page(request, "ui/error.html", values, status=status)
