"""The course page and its part that tells the course apart by channel, team and so on."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from tasuki.analytics.course import (
    ADVANCED,
    LOST,
    RETURNED,
    Course,
    DropOff,
    Group,
    Selection,
    course,
    course_by,
)
from tasuki.analytics.course import records as behind
from tasuki.core.access import Capability
from tasuki.core.money import Money
from tasuki.core.periods import label as period_label
from tasuki.dashboards.comparison import headlines
from tasuki.dashboards.forms import (
    ALL_TIME,
    COMPARED_LABELS,
    OFFERED,
    Asked,
    read_asked,
)
from tasuki.dashboards.labels import EXIT_LABELS, GROUP_LABELS, period_text
from tasuki.dashboards.picture import Picture, draw
from tasuki.dashboards.queries import filter_options
from tasuki.journeys.models import Journey
from tasuki.journeys.queries.blueprints import NoBlueprintPublished, current_blueprint
from tasuki.journeys.queries.rates import reporting_settings
from tasuki.people.access import demand, requires
from tasuki.ui.render import page, wants_fragment


def asked_of(request: HttpRequest) -> Asked:
    """Return what the request asks for, within the reach of who asks."""
    return read_asked(
        parameters=request.GET,
        access=demand(request, Capability.SEE_FIGURES),
        settings=reporting_settings(),
        now=timezone.now(),
    )


def links(asked: Asked) -> dict[str, Any]:
    """Return the functions by which a template opens the records behind a figure."""
    path = reverse("dashboards:course_records")

    def records_url(selection: Selection) -> str:
        return asked.records_url(path, selection)

    def group_url(group: Group, selection: Selection) -> str:
        return asked.group_url(path, group, selection)

    return {
        "records_url": records_url,
        "group_url": group_url,
        "behind": behind,
        "advanced_exits": ADVANCED,
        "returned_exits": RETURNED,
        "lost_exits": LOST,
    }


@require_safe
@requires(Capability.SEE_FIGURES)
def course_page(request: HttpRequest) -> HttpResponse:
    """Show the whole process as one flow for a period, and every figure of it in a table."""
    asked = asked_of(request)
    try:
        found = course(query=asked.query)
    except NoBlueprintPublished:
        return page(request, "dashboards/not_ready.html")
    context = {**_frame(asked, found), **_figures(asked, found), **links(asked)}
    response = page(request, "dashboards/course.html", context, fragment="body")
    if wants_fragment(request):
        response["HX-Push-Url"] = asked.url(reverse("dashboards:course"))
    return response


@require_safe
@requires(Capability.SEE_FIGURES)
def groups_page(request: HttpRequest) -> HttpResponse:
    """Show the course told apart; the course page loads its part when it comes into view."""
    asked = asked_of(request)
    try:
        groups = course_by(query=asked.query, by=asked.by)
    except NoBlueprintPublished:
        return page(request, "dashboards/not_ready.html")
    context = {
        "asked": asked,
        "groups": groups,
        "most": max((group.journeys for group in groups), default=0) or 1,
        "group_labels": GROUP_LABELS,
        "period_text": period_text(asked.period),
        # In the course page its picture stands above already.
        "picture": None if wants_fragment(request) else _picture(asked),
        **links(asked),
    }
    return page(request, "dashboards/course_by.html", context, fragment="groups")


def _picture(asked: Asked) -> Picture:
    return draw(course=course(query=asked.query), language=get_language() or "ja")


def _frame(asked: Asked, found: Course) -> dict[str, Any]:
    """Return what the filter bar shows."""
    filters = asked.filters
    return {
        "asked": asked,
        "options": filter_options(
            blueprint=current_blueprint().blueprint,
            reach=filters.reach,
            user_id=filters.user_id,
        ),
        "periods": [(name.value, name.label) for name in OFFERED],
        "all_time": ALL_TIME,
        "compared_labels": [(key.value, text) for key, text in COMPARED_LABELS.items()],
        "period_text": period_text(asked.period),
        "is_new": found.is_empty and not Journey.objects.exists(),
    }


def _figures(asked: Asked, found: Course) -> dict[str, Any]:
    """Return everything that is drawn and listed."""
    earlier = asked.compared_query
    before = course(query=earlier) if earlier else None
    language = get_language() or "ja"

    def money(minor: int) -> Money:
        return Money(minor, found.currency)

    def drop_selection(item: DropOff) -> Selection:
        left = behind.left_in(item.stage, asked.period, (item.exit,))
        return replace(left, reason=item.reason)

    return {
        "course": found,
        "before": before,
        "before_text": period_label(earlier.period, language=language)
        if earlier and earlier.period
        else "",
        "picture": draw(course=found, language=language),
        "headlines": headlines(course=found, before=before, language=language),
        "money": money,
        "drop_selection": drop_selection,
        "stage_codes": {stage.code for stage in found.stages},
        "exit_labels": EXIT_LABELS,
    }
