"""Spans of calendar days: months, quarters, fiscal years, what came before, and their UTC bounds.

A fiscal year is named after the calendar year it starts in (2026年度 starts in April 2026), as
Japanese companies and the state do (財政法 art. 11). Weeks start on Monday (ISO 8601).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

APRIL: Final = 4
_DAY: Final = timedelta(days=1)


class Grain(StrEnum):
    """The calendar unit a period is cut into."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    FISCAL_YEAR = "fiscal_year"


_MONTHS_IN: Final = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.FISCAL_YEAR: 12}


class EmptyPeriod(ValueError):
    """A period must end after it starts."""

    def __init__(self, start_date: date, end_date: date) -> None:
        self.start_date = start_date
        self.end_date = end_date
        super().__init__(f"a period from {start_date} cannot end before {end_date}")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from `start_date` up to, and without, `end_date`."""

    start_date: date
    end_date: date

    def __post_init__(self) -> None:
        if self.end_date <= self.start_date:
            raise EmptyPeriod(self.start_date, self.end_date)

    @property
    def last_date(self) -> date:
        """The last day inside."""
        return self.end_date - _DAY

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end_date - self.start_date).days

    def __contains__(self, day: date) -> bool:
        return self.start_date <= day < self.end_date


def period_of(day: date, *, grain: Grain, fiscal_start_month: int = APRIL) -> Period:
    """Return the day, week, month, quarter or fiscal year that the day lies in.

    Quarters are those of the fiscal year that starts in `fiscal_start_month` (1 to 12).
    """
    if grain is Grain.DAY:
        return Period(day, day + _DAY)
    if grain is Grain.WEEK:
        monday = day - timedelta(days=day.weekday())
        return Period(monday, monday + timedelta(days=7))
    months = _MONTHS_IN[grain]
    behind = (day.month - fiscal_start_month) % months
    return _months_from(add_months(day.replace(day=1), -behind), months)


def previous(period: Period) -> Period:
    """Return the period of the same length just before: as many months when it is whole months,
    else as many days.
    """
    if months := whole_months(period):
        return _months_from(add_months(period.start_date, -months), months)
    return Period(period.start_date - timedelta(days=period.days), period.start_date)


def same_period_last_year(period: Period) -> Period:
    """Return the same months, the same ISO week, or else the same dates one year earlier.

    29 February becomes the 28th; week 53 becomes the last week of a year that has none.
    """
    if months := whole_months(period):
        return _months_from(add_months(period.start_date, -12), months)
    if period == period_of(period.start_date, grain=Grain.WEEK):
        year, week, _ = period.start_date.isocalendar()
        last_week = date(year - 1, 12, 28).isocalendar().week
        monday = date.fromisocalendar(year - 1, min(week, last_week), 1)
        return Period(monday, monday + timedelta(days=7))
    start_date = add_months(period.start_date, -12)
    return Period(start_date, add_months(period.last_date, -12) + _DAY)


def split(period: Period, *, grain: Grain, fiscal_start_month: int = APRIL) -> list[Period]:
    """Return the calendar units the period touches, in order, the first and last cut to it.

    The pieces meet without gap or overlap and make up the period.
    """
    return list(_pieces(period, grain, fiscal_start_month))


def utc_bounds(period: Period, *, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the first instant inside and the first one after, aware and in UTC.

    Days begin at local midnight; where the clock skips or repeats midnight, at the first instant
    of that date (PEP 495, fold 0).
    """
    return _midnight(period.start_date, zone), _midnight(period.end_date, zone)


def local_date(instant: datetime, *, zone: ZoneInfo) -> date:
    """Return the calendar day an aware instant falls on in the zone."""
    return instant.astimezone(zone).date()


def label(period: Period, *, language: str, fiscal_start_month: int = APRIL) -> str:
    """Return the period's name in Japanese, or in English when the language is `en…`.

    The largest unit it is exactly (2026年度, 2026年度 第3四半期, 2026年11月, 第47週, a day), else
    a range of days.
    """
    in_english = language.lower().startswith("en")
    for grain, name in (_ENGLISH if in_english else _JAPANESE).items():
        if period == period_of(
            period.start_date, grain=grain, fiscal_start_month=fiscal_start_month
        ):
            return name(period, fiscal_start_month)
    first, last = period.start_date, period.last_date
    return f"{_english_day(first)} – {_english_day(last)}" if in_english else _range(first, last)


def fiscal_year_of(day: date, *, fiscal_start_month: int = APRIL) -> int:
    """Return the calendar year in which the day's fiscal year starts."""
    return day.year - (day.month < fiscal_start_month)


def fiscal_quarter_of(day: date, *, fiscal_start_month: int = APRIL) -> int:
    """Return 1 to 4: the quarter of the fiscal year the day lies in."""
    return (day.month - fiscal_start_month) % 12 // 3 + 1


def add_months(day: date, months: int) -> date:
    """Return the same day of the month so many months later, or that month's last day."""
    year, month_index = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month_index + 1, min(day.day, monthrange(year, month_index + 1)[1]))


def whole_months(period: Period) -> int:
    """Return how many calendar months the period is, 0 when it is not whole months."""
    if period.start_date.day != 1 or period.end_date.day != 1:
        return 0
    start, end = period.start_date, period.end_date
    return (end.year - start.year) * 12 + end.month - start.month


def _months_from(first: date, months: int) -> Period:
    return Period(first, add_months(first, months))


def _pieces(period: Period, grain: Grain, fiscal_start_month: int) -> Iterator[Period]:
    start = period.start_date
    while start < period.end_date:
        unit = period_of(start, grain=grain, fiscal_start_month=fiscal_start_month)
        yield Period(start, min(unit.end_date, period.end_date))
        start = unit.end_date


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def _japanese_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _english_day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _range(first: date, last: date) -> str:
    end = f"{last.month}月{last.day}日" if first.year == last.year else _japanese_day(last)
    return f"{_japanese_day(first)}〜{end}"


def _english_year(period: Period, fiscal_start_month: int) -> str:
    year = fiscal_year_of(period.start_date, fiscal_start_month=fiscal_start_month)
    return str(year) if fiscal_start_month == 1 else f"FY{year}"


def _japanese_year(period: Period, fiscal_start_month: int) -> str:
    year = fiscal_year_of(period.start_date, fiscal_start_month=fiscal_start_month)
    return f"{year}年" if fiscal_start_month == 1 else f"{year}年度"


def _quarter(period: Period, fiscal_start_month: int) -> int:
    return fiscal_quarter_of(period.start_date, fiscal_start_month=fiscal_start_month)


_MONTHS: Final = (
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
)
_Namer = Callable[[Period, int], str]

_JAPANESE: Final[dict[Grain, _Namer]] = {
    Grain.FISCAL_YEAR: _japanese_year,
    Grain.QUARTER: lambda period, start: (
        f"{_japanese_year(period, start)} 第{_quarter(period, start)}四半期"
    ),
    Grain.MONTH: lambda period, _: f"{period.start_date.year}年{period.start_date.month}月",
    Grain.WEEK: lambda period, _: (
        f"{period.start_date.isocalendar().year}年 第{period.start_date.isocalendar().week}週"
        f"({period.start_date.month}月{period.start_date.day}日〜"
        f"{period.last_date.month}月{period.last_date.day}日)"
    ),
    Grain.DAY: lambda period, _: _japanese_day(period.start_date),
}
_ENGLISH: Final[dict[Grain, _Namer]] = {
    Grain.FISCAL_YEAR: _english_year,
    Grain.QUARTER: lambda period, start: (
        f"{_english_year(period, start)} Q{_quarter(period, start)}"
    ),
    Grain.MONTH: lambda period, _: (
        f"{_MONTHS[period.start_date.month - 1]} {period.start_date.year}"
    ),
    Grain.WEEK: lambda period, _: (
        f"Week {period.start_date.isocalendar().week}, {period.start_date.isocalendar().year}"
        f" ({_english_day(period.start_date)} – {_english_day(period.last_date)})"
    ),
    Grain.DAY: lambda period, _: _english_day(period.start_date),
}
