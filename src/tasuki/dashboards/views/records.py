"""The records behind a figure: one line for each stay that it counts."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tasuki.analytics.course import Selection, read_selection, stays_behind
from tasuki.analytics.course.reasons import reason_label
from tasuki.core.access import Access, Capability
from tasuki.core.blueprint import Blueprint
from tasuki.core.labels import Label
from tasuki.core.lifecycle import Exit
from tasuki.dashboards.forms import read_filters
from tasuki.dashboards.labels import EXIT_LABELS
from tasuki.dashboards.selected import described
from tasuki.journeys.models import Stay
from tasuki.journeys.queries.blueprints import NoBlueprintPublished, current_blueprint
from tasuki.journeys.queries.visibility import visible_journeys
from tasuki.people.access import demand, requires
from tasuki.ui.render import page

PAGE_SIZE = 50
NAMES_ITS_TARGET = {
    exit_.value for exit_ in (Exit.RECYCLED, Exit.DISQUALIFIED, Exit.LOST, Exit.CHURNED)
}
"""Ends that are called like the side track they lead to."""


@require_safe
@requires(Capability.SEE_FIGURES)
def records_page(request: HttpRequest) -> HttpResponse:
    """List the stays that a figure of the course counts, newest first."""
    access = demand(request, Capability.SEE_JOURNEYS)
    filters, texts = read_filters(parameters=request.GET, access=access)
    selection = read_selection(request.GET.dict())
    try:
        blueprint = current_blueprint().blueprint
    except NoBlueprintPublished:
        return page(request, "dashboards/not_ready.html")
    stays = _seen(stays_behind(selection=selection, filters=filters), access)
    rows = list(_page(stays, request.GET.get("after", ""))[: PAGE_SIZE + 1])
    shown = rows[:PAGE_SIZE]
    context = {
        "rows": [_line(row, blueprint) for row in shown],
        "total": stays.count(),
        "next": _next(request, shown) if len(rows) > PAGE_SIZE else None,
        "first": _first(request) if request.GET.get("after") else None,
        "described": described(selection, texts, blueprint),
        "journeys_url": _journeys_url(selection, texts),
        "course_url": reverse("dashboards:course"),
        "now": timezone.now(),
    }
    return page(request, "dashboards/records.html", context)


def _seen(stays: QuerySet[Stay], access: Access) -> QuerySet[Stay]:
    if access.reach(Capability.SEE_JOURNEYS).everything:
        return stays
    return stays.filter(journey_id__in=visible_journeys(access=access).values("pk"))


def _page(stays: QuerySet[Stay], after: str) -> QuerySet[Stay]:
    stays = stays.select_related("journey__account", "owner").order_by("-entered_at", "-pk")
    moment, _, pk = after.partition("~")
    if not (moment.isdecimal() and pk.isdecimal()) or len(moment) > 17 or len(pk) > 18:
        return stays
    entered_at = datetime.fromtimestamp(int(moment) // 10**6, tz=UTC)
    entered_at = entered_at.replace(microsecond=int(moment) % 10**6)
    return stays.filter(Q(entered_at__lt=entered_at) | Q(entered_at=entered_at, pk__lt=int(pk)))


def _line(stay: Stay, blueprint: Blueprint) -> dict[str, Any]:
    journey = stay.journey
    return {
        "stay": stay,
        "name": journey.title or journey.account.name,
        "account": journey.account.name if journey.title else "",
        "url": f"/journeys/{journey.pk}/",
        "stage": _place(stay.stage, blueprint),
        "to": _place(stay.to_stage, blueprint)
        if stay.to_stage and stay.exit not in NAMES_ITS_TARGET
        else None,
        "way": EXIT_LABELS[Exit(stay.exit)] if stay.exit else "",
        "reason": reason_label(
            blueprint=blueprint, stage=stay.stage, exit=Exit(stay.exit), code=stay.reason
        )
        if stay.exit and stay.reason
        else None,
    }


def _place(code: str, blueprint: Blueprint) -> Label:
    return blueprint.place(code).label if blueprint.has_place(code) else Label(code, code)


def _next(request: HttpRequest, shown: list[Stay]) -> str:
    last = shown[-1]
    micros = int(last.entered_at.timestamp()) * 10**6 + last.entered_at.microsecond
    return _with(request, after=f"{micros}~{last.pk}")


def _first(request: HttpRequest) -> str:
    return _with(request, after="")


def _with(request: HttpRequest, **changed: str) -> str:
    found = {**request.GET.dict(), **changed}
    return f"?{urlencode({key: text for key, text in found.items() if text}, safe=',')}"


def _journeys_url(selection: Selection, texts: dict[str, str]) -> str:
    return f"/journeys/?{urlencode({**selection.parameters, **texts}, safe=',')}"
