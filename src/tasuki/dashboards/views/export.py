"""The table of the course as CSV, for a spreadsheet; never a live formula."""

import csv
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tasuki.analytics.course import Course, StageFigures, course
from tasuki.core.access import Capability
from tasuki.core.csvsafe import safe_cell
from tasuki.dashboards.views.course import asked_of
from tasuki.journeys.queries.blueprints import NoBlueprintPublished
from tasuki.people.access import demand, requires, user_of
from tasuki.people.operations import record_export
from tasuki.ui.render import page

BOM = "\ufeff"
"""Excel reads a CSV as UTF-8 only when it begins with this."""


@require_safe
@requires(Capability.SEE_FIGURES)
def export_course(request: HttpRequest) -> HttpResponse:
    """Answer with every figure of the table, one line a stage."""
    demand(request, Capability.EXPORT)
    asked = asked_of(request)
    try:
        found = course(query=asked.query)
    except NoBlueprintPublished:
        return page(request, "dashboards/not_ready.html")
    response = HttpResponse(BOM, content_type="text/csv; charset=utf-8")
    days = f"{asked.period.start_date}_{asked.period.last_date}" if asked.period else "all"
    response["Content-Disposition"] = f'attachment; filename="course_{days}.csv"'
    writer = csv.writer(response)
    rows = list(_rows(found))
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    if request.method != "HEAD":
        address, count = request.get_full_path(), len(rows) - 1
        record_export(user=user_of(request), at=timezone.now(), address=address, rows=count)
    return response


def _rows(found: Course) -> Iterator[list[object]]:
    language = get_language() or "ja"
    yield [
        _("Code"),
        _("Stage"),
        _("Department"),
        _("Balance at the start"),
        _("Entered"),
        _("Went on"),
        _("Sent back"),
        _("Dropped out"),
        _("Balance at the end"),
        _("Went on, of those that left"),
        _("Went on so far, of those that entered"),
        _("Still undecided, of those that entered"),
        _("Median days"),
        _("P90 days"),
        _("Median days of those still there"),
        _("Open amount (%(currency)s, minor units)") % {"currency": found.currency},
    ]
    for stage in found.stages:
        yield _cells(stage, language)


def _cells(stage: StageFigures, language: str) -> list[object]:
    return [
        stage.code,
        stage.label.text(language),
        stage.department.label.text(language),
        stage.balance_start,
        stage.entered,
        stage.advanced,
        stage.returned,
        stage.lost,
        stage.open,
        _rounded(stage.advanced_of_left_ratio),
        _rounded(stage.cohort.advanced_ratio),
        stage.cohort.undecided,
        _rounded(stage.dwell.median_days),
        _rounded(stage.dwell.p90_days),
        _rounded(stage.open_age.median_days),
        stage.pipeline_minor,
    ]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
