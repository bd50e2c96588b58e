"""The course told apart by channel, segment, team, owner, campaign or motion."""

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import (
    CharField,
    Count,
    Exists,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from tasuki.analytics.course import tallies
from tasuki.analytics.course.figures import Frame, frame_of, stage_figures
from tasuki.analytics.course.labels import group_labels, in_order
from tasuki.analytics.course.population import held_by, population, within
from tasuki.analytics.course.tallies import Stays, group_as_text
from tasuki.analytics.course.values import (
    CourseQuery,
    Filters,
    Group,
    GroupBy,
    Revenue,
    StageFigures,
)
from tasuki.journeys.models import Stay

PATHS: Final = {
    GroupBy.CHANNEL: "journey__channel__code",
    GroupBy.SEGMENT: "journey__account__segment",
    GroupBy.TEAM: "team_id",
    GroupBy.OWNER: "owner_id",
    GroupBy.CAMPAIGN: "journey__campaign_id",
    GroupBy.MOTION: "journey__motion",
}
HELD: Final = (GroupBy.TEAM, GroupBy.OWNER)
"""Groups a journey passes through; of the others it belongs to one."""

_NO_WINS: Final = Value("", output_field=CharField())


def course_by(*, query: CourseQuery, by: GroupBy) -> tuple[Group, ...]:
    """This will return the figures of each group, the largest first, those without a value last.

    Grain: one row a group. A journey belongs to one channel, segment, campaign and motion, but to
    every team and owner that held it, so teams and owners do not add up to the whole. See `Group`
    for what is counted. Runs nine queries (eight for all time), whatever the data.

    Raises:
        NoBlueprintPublished: nothing went live yet.
    """
    frame = frame_of(query)
    stays = Stays(population(query.filters), group_as_text(PATHS[by]))
    figures = stage_figures(frame=frame, stays=stays, exits=tallies.exits(stays, frame.between))
    outcomes = {row["group"]: row for row in _outcomes(frame, by)}
    keys = [key for key in figures if key in outcomes or _is_alive(figures[key])]
    labels = group_labels(by=by, keys=keys, blueprint=frame.blueprint)
    groups = [
        _group(_Found(key, outcomes.get(key), figures[key]), labels[key], frame) for key in keys
    ]
    return in_order(groups)


def arrivals(*, filters: Filters, by: GroupBy | None = None) -> QuerySet[Stay]:
    """Return the stay with which each journey came to whom the figures speak of.

    That is its first stay; when the filters speak of a team or owner, the first that these held;
    by team or owner, the first that each of them held.
    """
    stays = population(filters)
    by_holder = by if by in HELD else None
    if by_holder is None and not held_by(filters):
        return stays.filter(number=1)
    earlier = Stay.objects.filter(held_by(filters)).filter(
        journey_id=OuterRef("journey_id"), number__lt=OuterRef("number")
    )
    if by_holder is None:
        return stays.filter(~Exists(earlier))
    nobodys = Q(**{f"{by_holder.value}__isnull": True})
    same = earlier.filter(**{f"{by_holder.value}_id": OuterRef(f"{by_holder.value}_id")})
    return stays.filter((~nobodys & ~Exists(same)) | (nobodys & ~Exists(earlier.filter(nobodys))))


def has_won(winning_stage: str) -> Exists:
    """Return whether the journey of a stay has ever entered the winning stage."""
    return Exists(Stay.objects.filter(journey_id=OuterRef("journey_id"), stage=winning_stage))


@dataclass(frozen=True, slots=True)
class _Found:
    key: str
    outcome: dict[str, Any] | None
    stages: tuple[StageFigures, ...]


def _outcomes(frame: Frame, by: GroupBy) -> Any:
    """Return journeys, won and amounts by group: one query; none without a winning stage."""
    winning = frame.blueprint.winning_stage()
    if winning is None:
        return []
    came = arrivals(filters=frame.query.filters, by=by).filter(within("entered_at", frame.between))
    won = Q(is_won=True)
    return (
        came.filter(journey__kind=winning.line.value)
        .order_by()
        .annotate(group=group_as_text(PATHS[by]), is_won=has_won(winning.code))
        .values("group")
        .annotate(
            journeys=Count("pk"),
            won=Count("pk", filter=won),
            priced=Count("journey__amount_minor", filter=won),
            converted=Count("journey__amount_reporting_minor", filter=won),
            amount=Coalesce(Sum("journey__amount_minor", filter=won), 0),
            reported=Coalesce(Sum("journey__amount_reporting_minor", filter=won), 0),
            first_currency=_currency(Min, won),
            last_currency=_currency(Max, won),
        )
    )


def _currency(aggregate: type[Min | Max], won: Q) -> Combinable:
    priced = won & Q(journey__amount_minor__isnull=False)
    return Coalesce(aggregate("journey__currency", filter=priced), _NO_WINS)


def _group(found: _Found, label: Any, frame: Frame) -> Group:
    row = found.outcome or {}
    return Group(
        key=found.key,
        label=label,
        journeys=row.get("journeys", 0),
        won=row.get("won", 0),
        revenue=_revenue(row, frame.currency),
        stages=found.stages,
    )


def _revenue(row: dict[str, Any], reporting_currency: str) -> Revenue:
    shared = row.get("first_currency", "") == row.get("last_currency", "")
    currency = row.get("first_currency", "") if shared else ""
    priced = row.get("priced", 0)
    return Revenue(
        reporting_minor=int(row.get("reported", 0)),
        reporting_currency=reporting_currency,
        original_minor=int(row["amount"]) if currency else None,
        original_currency=currency,
        unpriced=row.get("won", 0) - priced,
        unconverted=priced - row.get("converted", 0),
    )


def _is_alive(stages: tuple[StageFigures, ...]) -> bool:
    return not all(stage.is_quiet for stage in stages)
