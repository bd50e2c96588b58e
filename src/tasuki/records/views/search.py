"""One search over everything: the page of results, the command palette, and choices in forms."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tasuki.core.access import Access, Capability
from tasuki.journeys.queries.found import Found, find_everywhere
from tasuki.journeys.queries.listing import journey_rows
from tasuki.journeys.queries.visibility import visible_journeys
from tasuki.people.access import access_of, requires, user_of
from tasuki.records.commands import commands_for
from tasuki.records.queries.highlight import pieces_of
from tasuki.records.views.frame import viewer_of
from tasuki.ui.render import page

PAGE_LIMIT = 20
PALETTE_LIMIT = 5
COMMAND_LIMIT = 6
OPTION_LIMIT = 12


@require_safe
@requires(Capability.SEE_JOURNEYS)
def search(request: HttpRequest) -> HttpResponse:
    """Show the companies, people and journeys that a query finds."""
    viewer, text = viewer_of(request), _text(request)
    found = find_everywhere(text=text, access=viewer.access, limit=PAGE_LIMIT)
    commands = commands_for(text=text, access=viewer.access, limit=COMMAND_LIMIT) if text else []
    context = _shown(found, viewer.access, text) | {
        "blueprint": viewer.blueprint,
        "commands": commands,
        "limit": PAGE_LIMIT,
    }
    return page(request, "records/search.html", context)


@require_safe
@requires(Capability.SEE_JOURNEYS)
def palette(request: HttpRequest) -> HttpResponse:
    """Answer the command palette: records and commands, or what is next without a query."""
    viewer, text = viewer_of(request), _text(request)
    found = find_everywhere(text=text, access=viewer.access, limit=PALETTE_LIMIT)
    context = _shown(found, viewer.access, text) | {
        "blueprint": viewer.blueprint,
        "commands": commands_for(text=text, access=viewer.access, limit=COMMAND_LIMIT),
        "next_up": () if text else _next_up(request, viewer.access),
    }
    return page(request, "records/palette.html", context)


@require_safe
@requires(Capability.SEE_JOURNEYS)
def account_options(request: HttpRequest) -> HttpResponse:
    """Answer a choice of companies in a form."""
    access = access_of(user_of(request))
    found = find_everywhere(text=_text(request), access=access, limit=OPTION_LIMIT)
    options = [(str(row.id), row.name, row.domain or row.prefecture) for row in found.accounts]
    return page(request, "records/options.html", {"options": options})


@require_safe
@requires(Capability.SEE_JOURNEYS)
def person_options(request: HttpRequest) -> HttpResponse:
    """Answer a choice of people in a form."""
    access = access_of(user_of(request))
    found = find_everywhere(text=_text(request), access=access, limit=OPTION_LIMIT)
    options = [
        (str(row.id), f"{row.family_name} {row.given_name}".strip(), row.account_name)
        for row in found.persons
    ]
    return page(request, "records/options.html", {"options": options})


def _shown(found: Found, access: Access, text: str) -> dict[str, Any]:
    return {
        "q": text,
        "found": found,
        "mark": partial(pieces_of, words=found.words),
        "sees_personal_data": access.reach(Capability.SEE_PERSONAL_DATA).everything,
    }


def _next_up(request: HttpRequest, access: Access) -> Any:
    """Return one's own journeys whose next action comes first."""
    mine = visible_journeys(access=access).filter(owner=user_of(request), is_open=True)
    keys = mine.order_by("next_action_date", "id").values_list("pk", flat=True)[:PALETTE_LIMIT]
    return journey_rows(ids=list(keys), access=access)


def _text(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\x00", "").strip()[:100]
