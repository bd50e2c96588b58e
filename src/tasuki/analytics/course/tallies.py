"""The counts behind the figures: each function is one grouped query over stays.

Rows are told apart by `group` as well (a constant when nothing is grouped), so the whole course
and the course of each channel come from the same query.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Aggregate,
    CharField,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    Max,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce

from tasuki.analytics.course.population import Bounds, resting_at, within
from tasuki.analytics.course.values import ADVANCED, LOST, RETURNED, WITHOUT, Dwell
from tasuki.core.lifecycle import Exit
from tasuki.journeys.models import Stay

Row = dict[str, Any]
Key = tuple[str, str]
"""Group and stage."""

UNGROUPED: Final = Value(WITHOUT, output_field=CharField())


class Days(Func):
    """An interval as days with fractions."""

    template = "(EXTRACT(EPOCH FROM (%(expressions)s))::float8 / 86400)"
    output_field = FloatField()


class Quantiles(Aggregate):
    """Median and P90 in one sort."""

    template = "PERCENTILE_CONT(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = ArrayField(FloatField())


@dataclass(frozen=True, slots=True)
class Stays:
    """A population and what it is told apart by."""

    rows: QuerySet[Stay]
    group: Combinable = UNGROUPED

    def grouped(self, where: Q, *keys: str) -> Any:
        """Return the matching rows, to be aggregated by group and the keys."""
        return self.rows.filter(where).order_by().annotate(group=self.group).values("group", *keys)


def group_as_text(path: str) -> Combinable:
    """Return the expression of a grouping column; no value becomes the empty text."""
    return Coalesce(Cast(F(path), CharField()), UNGROUPED)


def entries(stays: Stays, between: Bounds) -> dict[Key, Row]:
    """Return, of the stays that began in the bounds, how many there are and what became of them."""
    rows = stays.grouped(within("entered_at", between), "stage").annotate(
        entered=Count("*"),
        began=Count("stage", filter=Q(number=1)),
        advanced=Count("stage", filter=_left_by(ADVANCED)),
        returned=Count("stage", filter=_left_by(RETURNED)),
        lost=Count("stage", filter=_left_by(LOST)),
        undecided=Count("stage", filter=Q(left_at__isnull=True)),
        youngest=Max("entered_at", filter=Q(left_at__isnull=True)),
    )
    return _by_key(rows)


def dwells(stays: Stays, between: Bounds) -> dict[Key, Dwell]:
    """Return how long the stays that ended in the bounds had lasted, by stage."""
    rows = stays.grouped(within("left_at", between), "stage").annotate(
        count=Count("*"), quantiles=Quantiles(_lasted(F("left_at")))
    )
    return {(row["group"], row["stage"]): _dwell(row) for row in rows}


def moves(stays: Stays, between: Bounds) -> list[tuple[str, str, Exit, str, Dwell]]:
    """Return group, stage, exit, where to and how long, of the stays that ended in the bounds."""
    rows = stays.grouped(within("left_at", between), "stage", "exit", "to_stage").annotate(
        count=Count("*"), quantiles=Quantiles(_lasted(F("left_at")))
    )
    return [
        (row["group"], row["stage"], Exit(row["exit"]), row["to_stage"], _dwell(row))
        for row in rows
    ]


def exits(stays: Stays, between: Bounds) -> dict[Key, dict[Exit, int]]:
    """Return how the stays that ended in the bounds ended, by stage."""
    rows = stays.grouped(within("left_at", between), "stage", "exit").annotate(count=Count("*"))
    found: dict[Key, dict[Exit, int]] = {}
    for row in rows:
        found.setdefault((row["group"], row["stage"]), {})[Exit(row["exit"])] = row["count"]
    return found


def reasons(stays: Stays, between: Bounds) -> list[tuple[str, Exit, str, int]]:
    """Return stage, exit, reason and count of who left the way forward, most first."""
    off = within("left_at", between) & ~_left_by(ADVANCED)
    rows = (
        stays.grouped(off, "stage", "exit", "reason")
        .annotate(count=Count("*"))
        .order_by("-count", "stage", "exit", "reason")
    )
    return [(row["stage"], Exit(row["exit"]), row["reason"], row["count"]) for row in rows]


def balances(stays: Stays, moment: datetime | None, now: datetime) -> dict[Key, Row]:
    """Return who rested where at the moment, for how long by then, and their deal amounts."""
    until = now if moment is None else min(moment, now)
    rows = stays.grouped(resting_at(moment), "stage").annotate(
        count=Count("*"),
        quantiles=Quantiles(_lasted(Value(until))),
        priced=Count("journey__amount_reporting_minor"),
        pipeline_minor=Coalesce(Sum("journey__amount_reporting_minor"), 0),
    )
    return _by_key(rows)


def headcounts(stays: Stays, moment: datetime | None) -> dict[Key, int]:
    """Return how many rested where at the moment."""
    if moment is None:
        return {}
    rows = stays.grouped(resting_at(moment), "stage").annotate(count=Count("*"))
    return {(row["group"], row["stage"]): row["count"] for row in rows}


def dwell_of(row: Row | None) -> Dwell:
    """Return the dwell that a row of `balances` tells; nothing of no row."""
    return Dwell() if row is None else _dwell(row)


def _lasted(until: Combinable) -> Days:
    return Days(ExpressionWrapper(until - F("entered_at"), output_field=DurationField()))


def _left_by(ways: Sequence[Exit]) -> Q:
    return Q(exit__in=[way.value for way in ways])


def _dwell(row: Row) -> Dwell:
    median, p90 = row["quantiles"]
    return Dwell(row["count"], median, p90)


def _by_key(rows: Any) -> dict[Key, Row]:
    return {(row["group"], row["stage"]): row for row in rows}
