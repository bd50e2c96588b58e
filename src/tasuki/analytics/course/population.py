"""Which stays the figures are about, and the moments that bound a period."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from tasuki.analytics.course.values import NOBODY, WITHOUT, Filters
from tasuki.core.periods import Period, utc_bounds
from tasuki.journeys.models import Journey, Stay
from tasuki.journeys.queries.visibility import reachable

Bounds = tuple[datetime | None, datetime | None]
ALL_TIME: Final[Bounds] = (None, None)


def population(filters: Filters) -> QuerySet[Stay]:
    """Return the stays that the filters let count."""
    stays = Stay.objects.filter(held_by(filters))
    journeys = of_journeys(filters)
    if journeys is None:
        return stays
    return stays.filter(journey_id__in=journeys.values("pk"))


def held_by(filters: Filters) -> Q:
    """Return the part of the filters that speaks about who held the stay."""
    return _ids("team", filters.teams) & _ids("owner", filters.owners)


def of_journeys(filters: Filters) -> QuerySet[Journey] | None:
    """Return the journeys the filters let count; None stands for every journey."""
    chosen = (
        _texts("channel__code", filters.channels)
        & _texts("account__segment", filters.segments)
        & _ids("campaign", filters.campaigns)
        & _texts("motion", filters.motions)
        & _texts("kind", filters.kinds)
    )
    if not chosen and filters.reach.everything:
        return None
    seen = reachable(reach=filters.reach, user_id=filters.user_id)
    return Journey.objects.filter(chosen).filter(seen)


def bounds(period: Period | None, *, zone: ZoneInfo) -> Bounds:
    """Return the first moment in the period and the first one after it, in UTC."""
    return ALL_TIME if period is None else utc_bounds(period, zone=zone)


def within(column: str, between: Bounds) -> Q:
    """Return that a moment lies in the bounds."""
    start, end = between
    condition = Q(**{f"{column}__isnull": False})
    if start is not None:
        condition &= Q(**{f"{column}__gte": start})
    if end is not None:
        condition &= Q(**{f"{column}__lt": end})
    return condition


def resting_at(moment: datetime | None) -> Q:
    """Return that a stay was going on just before the moment (None: is going on)."""
    if moment is None:
        return Q(left_at__isnull=True)
    return Q(entered_at__lt=moment) & (Q(left_at__isnull=True) | Q(left_at__gte=moment))


def _texts(column: str, values: tuple[str, ...]) -> Q:
    if not values:
        return Q()
    known = Q(**{f"{column}__in": values})
    if WITHOUT not in values or "__code" not in column:
        return known
    return known | Q(**{f"{column.partition('__')[0]}__isnull": True})


def _ids(column: str, values: tuple[int, ...]) -> Q:
    if not values:
        return Q()
    known = Q(**{f"{column}_id__in": values})
    return known | Q(**{f"{column}__isnull": True}) if NOBODY in values else known
