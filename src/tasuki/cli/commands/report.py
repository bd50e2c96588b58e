"""Print figures of the whole company: the same that the course page shows.

  tasuki report course                          every stage, of all time
  tasuki report course --from 2026-04-01 --to 2026-06-30
  tasuki report course --by origin --json       also each channel, as JSON

Counted are stays: a journey that comes back to a stage has entered it twice. For every stage,
start + entered = advanced + returned + lost + open. "conversion" is the share of the stays begun
in the period that has gone on up to now; "conversion_of_left" is the share of those ended in the
period. Groups count journeys: those that came in the period, and which of them are won by now.
"problems" lists dates in imported data that contradict the order of stages.

Dates are days of the reporting time zone; --to is the last day counted.
"""

import argparse
import json
import sys
import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from tasuki.cli.command import CommandFailed, Exit, Needs

if TYPE_CHECKING:
    from tasuki.analytics.course import Course, CourseQuery, DateConflict, Group, StageFigures
    from tasuki.core.periods import Period

NEEDS = Needs.DATABASE
GROUPINGS = ("origin", "channel", "segment", "campaign", "team", "owner", "motion")
BASIS = {
    "counts": "stays begun or ended in the period; open is the balance at its end",
    "conversion": "entry cohort: of the stays begun in the period, the share advanced so far",
    "conversion_of_left": "period: of the stays ended in the period, the share advanced",
    "median_days": "stays ended in the period",
    "groups": "journeys that came in the period; won and revenue are theirs, up to now",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what is reported and how."""
    parser.add_argument("what", choices=["course"], help="the flow of the whole process")
    parser.add_argument(
        "--from", dest="first", type=_day, metavar="DAY", help="first day, as 2026-04-01"
    )
    parser.add_argument(
        "--to", dest="last", type=_day, metavar="DAY", help="last day, as 2026-06-30"
    )
    parser.add_argument(
        "--by", choices=GROUPINGS, help="also tell apart by this (origin is the channel)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")


def run(arguments: argparse.Namespace) -> int:
    """Print the report."""
    from django.utils import timezone

    from tasuki.analytics.course import CourseQuery, GroupBy, course, course_by, date_conflicts
    from tasuki.journeys.queries.blueprints import NoBlueprintPublished

    query = CourseQuery(now=timezone.now(), period=_period(arguments.first, arguments.last))
    by = GroupBy("channel" if arguments.by == "origin" else arguments.by) if arguments.by else None
    try:
        found = course(query=query)
        groups = course_by(query=query, by=by) if by else ()
    except NoBlueprintPublished:
        raise CommandFailed("No process is set up yet: run `tasuki init` first.") from None
    problems = date_conflicts(filters=query.filters)
    if arguments.json:
        report = {**_report(found, groups, problems), "by": arguments.by}
        sys.stdout.write(json.dumps(report, ensure_ascii=False, indent=2) + "\n")
    else:
        sys.stdout.write("\n".join(_lines(found, groups, problems)) + "\n")
    return Exit.DONE


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it as 2026-04-01") from None


def _period(first: date | None, last: date | None) -> "Period | None":
    from tasuki.analytics.course.records import EARLIEST, LATEST
    from tasuki.core.periods import EmptyPeriod, Period

    if first is None and last is None:
        return None
    try:
        return Period(first or EARLIEST, min(last or LATEST, LATEST) + timedelta(days=1))
    except EmptyPeriod:
        raise CommandFailed(
            f"--to {last} is before --from {first}.", code=Exit.WRONG_ARGUMENTS
        ) from None


def _report(
    found: "Course", groups: "Sequence[Group]", problems: "Sequence[DateConflict]"
) -> dict[str, Any]:
    return {
        "period": _period_facts(found.query),
        "basis": BASIS,
        "blueprint": {
            "key": found.blueprint.key,
            "version": found.blueprint.version,
            "label": found.blueprint.label.ja,
        },
        "currency": found.currency,
        "stages": [_stage_facts(stage) for stage in found.stages],
        "groups": [_group_facts(group) for group in groups],
        "problems": [_problem_facts(problem) for problem in problems],
    }


def _period_facts(query: "CourseQuery") -> dict[str, str | None]:
    period = query.period
    return {
        "from": period.start_date.isoformat() if period else None,
        "to": period.last_date.isoformat() if period else None,
        "as_of": query.now.isoformat(),
    }


def _stage_facts(stage: "StageFigures") -> dict[str, Any]:
    return {
        "code": stage.code,
        "label": stage.label.ja,
        "label_en": stage.label.en,
        "department": stage.department.value,
        "is_side": stage.is_side,
        "balance_start": stage.balance_start,
        "entered": stage.entered,
        "advanced": stage.advanced,
        "returned": stage.returned,
        "lost": stage.lost,
        "open": stage.open,
        "conversion": _rounded(stage.cohort.advanced_ratio) if stage.goes_on else None,
        "undecided": stage.cohort.undecided,
        "is_young": stage.cohort.is_young,
        "conversion_of_left": _rounded(stage.advanced_of_left_ratio) if stage.goes_on else None,
        "median_days": _rounded(stage.dwell.median_days),
        "p90_days": _rounded(stage.dwell.p90_days),
        "open_median_days": _rounded(stage.open_age.median_days),
        "pipeline_minor": stage.pipeline_minor,
    }


def _group_facts(group: "Group") -> dict[str, Any]:
    from tasuki.core.money import exponent_of

    exponent = exponent_of(group.revenue.currency)
    per_journey = group.revenue_per_journey_minor
    return {
        "key": group.key,
        "label": group.label.ja,
        "label_en": group.label.en,
        "journeys": group.journeys,
        "won": group.won,
        "won_rate": _rounded(group.won_ratio, 6),
        "revenue": _major(group.revenue.minor, exponent),
        "revenue_per_journey": None if per_journey is None else _major(per_journey, exponent),
        "currency": group.revenue.currency,
        "revenue_minor": group.revenue.minor,
        "revenue_reporting_minor": group.revenue.reporting_minor,
        "reporting_currency": group.revenue.reporting_currency,
        "won_without_amount": group.revenue.unpriced,
        "amounts_without_rate": group.revenue.unconverted,
        "stages": [_stage_facts(stage) for stage in group.stages if not stage.is_quiet],
    }


def _problem_facts(problem: "DateConflict") -> dict[str, Any]:
    return {
        "kind": "date_conflict",
        "journey": problem.journey_id,
        "name": problem.name,
        "stage": problem.stage,
        "claimed_date": problem.claimed_date.isoformat(),
        "previous_stage": problem.previous_stage,
        "next_stage": problem.next_stage,
        "entered_at": problem.entered_at.isoformat(),
    }


def _major(minor: float, exponent: int) -> float | int:
    """Money in whole units; a currency without small change stays a whole number."""
    return round(minor) if exponent == 0 else round(minor / 10**exponent, exponent)


def _rounded(value: float | None, digits: int = 4) -> float | None:
    return None if value is None else round(value, digits)


def _lines(
    found: "Course", groups: "Sequence[Group]", problems: "Sequence[DateConflict]"
) -> list[str]:
    period = found.query.period
    days = f"{period.start_date} - {period.last_date}" if period else "全期間 (all time)"
    blueprint = found.blueprint
    lines = [f"{days}   {blueprint.label.ja} v{blueprint.version}", ""]
    lines += _table(STAGE_HEADS, [_stage_cells(stage) for stage in found.stages])
    if groups:
        lines += ["", *_table(GROUP_HEADS, [_group_cells(group) for group in groups])]
    if problems:
        from django.utils import timezone

        lines += ["", f"Dates that contradict the order of stages: {len(problems)}"]
        lines += [
            f"  journey {item.journey_id} {item.name}: {item.stage} claimed on {item.claimed_date},"
            f" {_around(item)}; taken as {timezone.localtime(item.entered_at):%Y-%m-%d}"
            for item in problems
        ]
    return lines


def _around(problem: "DateConflict") -> str:
    """Say which stages the claim contradicts."""
    before, after = problem.previous_stage, problem.next_stage
    return " and ".join([f"after {before}"] * bool(before) + [f"before {after}"] * bool(after))


STAGE_HEADS = (
    *("code", "label", "start", "entered", "advanced", "returned", "lost", "open"),
    *("conversion", "of left", "median_days"),
)
GROUP_HEADS = ("group", "label", "journeys", "won", "won_rate", "revenue", "per journey")
TEXT_COLUMNS = 2


def _stage_cells(stage: "StageFigures") -> list[str]:
    counts = (
        *(stage.balance_start, stage.entered, stage.advanced),
        *(stage.returned, stage.lost, stage.open),
    )
    young = "+" if stage.cohort.is_young and stage.cohort.undecided else ""
    going = (stage.cohort.advanced_ratio, stage.advanced_of_left_ratio)
    cohort, left = going if stage.goes_on else (None, None)
    return [
        stage.code,
        stage.label.ja,
        *(f"{count:,}" for count in counts),
        f"{_percent(cohort)}{young if stage.goes_on else ''}",
        _percent(left),
        "-" if stage.dwell.median_days is None else f"{stage.dwell.median_days:.1f}",
    ]


def _group_cells(group: "Group") -> list[str]:
    from tasuki.core.money import exponent_of

    exponent = exponent_of(group.revenue.currency)
    per_journey = group.revenue_per_journey_minor
    return [
        group.key or "-",
        group.label.ja,
        f"{group.journeys:,}",
        f"{group.won:,}",
        _percent(group.won_ratio, 2),
        f"{group.revenue.currency} {_major(group.revenue.minor, exponent):,.{exponent}f}",
        "-" if per_journey is None else f"{_major(per_journey, exponent):,.{exponent}f}",
    ]


def _percent(value: float | None, digits: int = 1) -> str:
    return "-" if value is None else f"{value:.{digits}%}"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Align columns by their width on a terminal: Japanese letters take two places."""
    cells = [list(heads), *map(list, rows)]
    widths = [max(_width(row[place]) for row in cells) for place in range(len(heads))]
    return ["  ".join(_padded(row, widths)).rstrip() for row in cells]


def _padded(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    padded = []
    for place, (text, width) in enumerate(zip(row, widths, strict=True)):
        space = " " * (width - _width(text))
        padded.append(text + space if place < TEXT_COLUMNS else space + text)
    return padded


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
