"""Dates that contradict the order of stages: reported by imports, kept, never dropped."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import OuterRef, Subquery

from tasuki.analytics.course.population import of_journeys
from tasuki.analytics.course.values import Filters
from tasuki.journeys.models import Stay


@dataclass(frozen=True, slots=True, kw_only=True)
class DateConflict:
    """A stage whose claimed date contradicts the stages around it in the journey.

    `claimed_date` is what the source said, `entered_at` the moment the stay was given instead;
    `previous_stage` and `next_stage` are where the journey was before and after, if anywhere.
    """

    journey_id: int
    name: str
    stage: str
    claimed_date: date
    entered_at: datetime
    previous_stage: str
    next_stage: str


def date_conflicts(*, filters: Filters, limit: int = 1000) -> tuple[DateConflict, ...]:
    """This will return the date conflicts among the journeys the filters let count, by journey.

    Grain: one a stay whose claimed date was not taken; at most `limit`. Team and owner do not
    narrow it: a contradiction concerns everybody who works with the journey. One query.
    """
    journeys = of_journeys(filters)
    stays = Stay.objects.filter(claimed_date__isnull=False)
    if journeys is not None:
        stays = stays.filter(journey_id__in=journeys.values("pk"))
    after = Stay.objects.filter(
        journey_id=OuterRef("journey_id"), number__gt=OuterRef("number")
    ).order_by("number")
    before = Stay.objects.filter(
        journey_id=OuterRef("journey_id"), number__lt=OuterRef("number")
    ).order_by("-number")
    rows = (
        stays.annotate(
            previous_stage=Subquery(before.values("stage")[:1]),
            next_stage=Subquery(after.values("stage")[:1]),
        )
        .select_related("journey__account")
        .order_by("journey_id", "number")[:limit]
    )
    return tuple(_conflict(row) for row in rows)


def _conflict(row: Stay) -> DateConflict:
    assert row.claimed_date is not None  # noqa: S101 the query asks for nothing else
    return DateConflict(
        journey_id=row.journey_id,
        name=row.journey.title or row.journey.account.name,
        stage=row.stage,
        claimed_date=row.claimed_date,
        entered_at=row.entered_at,
        previous_stage=getattr(row, "previous_stage", None) or "",
        next_stage=getattr(row, "next_stage", None) or "",
    )
