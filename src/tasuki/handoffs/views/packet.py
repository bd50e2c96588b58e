"""The page of one packet, and the briefing for whoever took it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tasuki.handoffs.queries.briefing import announcement_of, briefing_lines
from tasuki.handoffs.queries.packet_screen import packet_screen
from tasuki.handoffs.views.frame import may_give, now_of, packet_seen
from tasuki.ui.render import page
from tasuki.ui.speaking import language

TEMPLATE = "handoffs/packet.html"


@require_safe
def packet(request: HttpRequest, handoff_id: int) -> HttpResponse:
    """Show a packet and what the person may do with it."""
    return packet_page(request, handoff_id)


def packet_page(request: HttpRequest, handoff_id: int, *, status: int = 200) -> HttpResponse:
    """Answer with the page of a packet, or the part of it that htmx asks for."""
    return page(request, TEMPLATE, _context(request, handoff_id), fragment="packet", status=status)


def _context(request: HttpRequest, handoff_id: int) -> dict[str, Any]:
    handoff, access = packet_seen(request, handoff_id)
    screen = packet_screen(
        handoff=handoff,
        access=access,
        may_give=may_give(journey=handoff.journey, access=access),
        now=now_of(),
    )
    return {"screen": screen}


@require_safe
def briefing(request: HttpRequest, handoff_id: int) -> HttpResponse:
    """Show on one page what a new owner must know before the first contact."""
    context = _context(request, handoff_id)
    screen = context["screen"]
    context["lines"] = briefing_lines(journey=screen.handoff.journey)
    return page(request, "handoffs/briefing.html", context)


@require_safe
def announcement(request: HttpRequest, handoff_id: int) -> HttpResponse:
    """Draft the mail that tells the customer who takes over."""
    context = _context(request, handoff_id)
    chosen = request.GET.get("lang", language())
    context["lang"] = "en" if chosen == "en" else "ja"
    context["draft"] = announcement_of(screen=context["screen"], english=chosen == "en")
    return page(request, "handoffs/announcement.html", context)
