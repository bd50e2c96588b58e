"""The period a person chose on a screen: a name such as `this_month`, or two dates, in the URL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from tasuki.core.labels import Label
from tasuki.core.periods import APRIL, Grain, Period, add_months, period_of, previous

MAX_DAYS: Final = 3660
"""Ten years: a longer custom period is a slip of the hand."""

YEARS: Final = range(1900, 2200)
"""Years a chosen date may lie in; beyond them comparisons would leave the calendar."""


class PeriodName(StrEnum):
    """The periods offered by name; the values stand in URLs."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    THIS_WEEK = "this_week"
    LAST_WEEK = "last_week"
    THIS_MONTH = "this_month"
    LAST_MONTH = "last_month"
    THIS_QUARTER = "this_quarter"
    LAST_QUARTER = "last_quarter"
    FISCAL_YEAR = "fiscal_year"
    LAST_FISCAL_YEAR = "last_fiscal_year"
    LAST_7_DAYS = "last_7_days"
    LAST_30_DAYS = "last_30_days"
    LAST_90_DAYS = "last_90_days"
    LAST_12_MONTHS = "last_12_months"
    CUSTOM = "custom"

    @property
    def label(self) -> Label:
        """Name the choice in both languages."""
        return _NAME_LABELS[self]


_NAME_LABELS: Final = {
    PeriodName.TODAY: Label("今日", "Today"),
    PeriodName.YESTERDAY: Label("昨日", "Yesterday"),
    PeriodName.THIS_WEEK: Label("今週", "This week"),
    PeriodName.LAST_WEEK: Label("先週", "Last week"),
    PeriodName.THIS_MONTH: Label("今月", "This month"),
    PeriodName.LAST_MONTH: Label("先月", "Last month"),
    PeriodName.THIS_QUARTER: Label("今四半期", "This quarter"),
    PeriodName.LAST_QUARTER: Label("前四半期", "Last quarter"),
    PeriodName.FISCAL_YEAR: Label("今年度", "This fiscal year"),
    PeriodName.LAST_FISCAL_YEAR: Label("前年度", "Last fiscal year"),
    PeriodName.LAST_7_DAYS: Label("過去7日間", "Last 7 days"),
    PeriodName.LAST_30_DAYS: Label("過去30日間", "Last 30 days"),
    PeriodName.LAST_90_DAYS: Label("過去90日間", "Last 90 days"),
    PeriodName.LAST_12_MONTHS: Label("過去12か月", "Last 12 months"),
    PeriodName.CUSTOM: Label("期間を指定", "Custom period"),
}


class PeriodProblem(StrEnum):
    """Why a period in a URL was refused."""

    UNKNOWN_NAME = "unknown_name"
    MISSING_DATE = "missing_date"
    NOT_A_DATE = "not_a_date"
    UNLIKELY_YEAR = "unlikely_year"
    ENDS_BEFORE_START = "ends_before_start"
    TOO_LONG = "too_long"

    @property
    def label(self) -> Label:
        """Say the rule in both languages."""
        return _PROBLEM_LABELS[self]


_PROBLEM_LABELS: Final = {
    PeriodProblem.UNKNOWN_NAME: Label(
        "この名前の期間はありません", "There is no period of this name"
    ),
    PeriodProblem.MISSING_DATE: Label(
        "開始日と終了日の両方を指定してください", "Give both a first and a last day"
    ),
    PeriodProblem.NOT_A_DATE: Label(
        "日付は2026-11-30の形で指定してください", "Write the date like 2026-11-30"
    ),
    PeriodProblem.UNLIKELY_YEAR: Label(
        "1900年から2199年までの日付を指定してください", "Choose a date from 1900 to 2199"
    ),
    PeriodProblem.ENDS_BEFORE_START: Label(
        "終了日が開始日より前です", "The last day is before the first day"
    ),
    PeriodProblem.TOO_LONG: Label("期間は10年以内にしてください", "Choose at most ten years"),
}


class InvalidPeriod(ValueError):
    """The URL's parameters name no period: `parameter` holds `value`, which breaks the rule."""

    def __init__(self, problem: PeriodProblem, *, parameter: str, value: str) -> None:
        self.problem = problem
        self.parameter = parameter
        self.value = value
        super().__init__(f"{problem.label.en}: {parameter}={value!r}")


@dataclass(frozen=True, slots=True)
class PeriodChoice:
    """A period and the name it was chosen by."""

    name: PeriodName
    period: Period

    @property
    def parameters(self) -> dict[str, str]:
        """The URL parameters that choose it again; `to` is the last day inside."""
        if self.name is not PeriodName.CUSTOM:
            return {"period": self.name.value}
        first, last = self.period.start_date, self.period.last_date
        return {"period": "custom", "from": first.isoformat(), "to": last.isoformat()}


def named_period(name: PeriodName, *, today: date, fiscal_start_month: int = APRIL) -> Period:
    """Return the period of that name, seen from `today` in the reporting time zone.

    `this_…` and `fiscal_year` are whole calendar units, running on past today. `last_N_days` end
    with today; `last_12_months` is this month and the eleven before it.

    Raises: InvalidPeriod for `custom`, which has no days of its own.
    """
    if name in _UNITS:
        grain, steps_back = _UNITS[name]
        unit = period_of(today, grain=grain, fiscal_start_month=fiscal_start_month)
        return previous(unit) if steps_back else unit
    if name in _DAYS_BACK:
        tomorrow = today + timedelta(days=1)
        return Period(tomorrow - timedelta(days=_DAYS_BACK[name]), tomorrow)
    if name is PeriodName.LAST_12_MONTHS:
        month = period_of(today, grain=Grain.MONTH)
        return Period(add_months(month.start_date, -11), month.end_date)
    raise InvalidPeriod(PeriodProblem.MISSING_DATE, parameter="from", value="")


def parse_period(
    parameters: Mapping[str, str],
    *,
    today: date,
    fiscal_start_month: int = APRIL,
    default: PeriodName = PeriodName.THIS_MONTH,
) -> PeriodChoice:
    """Return the period chosen by the URL parameters `period`, `from` and `to` (last day inside).

    Without `period`, `from` and `to` make a custom period; without any of them it is the default.

    Raises: InvalidPeriod.
    """
    dated = bool(parameters.get("from") or parameters.get("to"))
    chosen = parameters.get("period") or (PeriodName.CUSTOM.value if dated else default.value)
    try:
        name = PeriodName(chosen)
    except ValueError:
        raise InvalidPeriod(PeriodProblem.UNKNOWN_NAME, parameter="period", value=chosen) from None
    if name is PeriodName.CUSTOM:
        return PeriodChoice(name, _custom(parameters))
    period = named_period(name, today=today, fiscal_start_month=fiscal_start_month)
    return PeriodChoice(name, period)


def _custom(parameters: Mapping[str, str]) -> Period:
    first, last = _day(parameters, "from"), _day(parameters, "to")
    if last < first:
        raise InvalidPeriod(PeriodProblem.ENDS_BEFORE_START, parameter="to", value=last.isoformat())
    if (last - first).days >= MAX_DAYS:
        raise InvalidPeriod(PeriodProblem.TOO_LONG, parameter="to", value=last.isoformat())
    return Period(first, last + timedelta(days=1))


def _day(parameters: Mapping[str, str], parameter: str) -> date:
    value = parameters.get(parameter, "").strip()
    if not value:
        raise InvalidPeriod(PeriodProblem.MISSING_DATE, parameter=parameter, value="")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise InvalidPeriod(PeriodProblem.NOT_A_DATE, parameter=parameter, value=value) from None
    if day.year not in YEARS:
        raise InvalidPeriod(PeriodProblem.UNLIKELY_YEAR, parameter=parameter, value=value)
    return day


_UNITS: Final = {
    PeriodName.TODAY: (Grain.DAY, 0),
    PeriodName.YESTERDAY: (Grain.DAY, 1),
    PeriodName.THIS_WEEK: (Grain.WEEK, 0),
    PeriodName.LAST_WEEK: (Grain.WEEK, 1),
    PeriodName.THIS_MONTH: (Grain.MONTH, 0),
    PeriodName.LAST_MONTH: (Grain.MONTH, 1),
    PeriodName.THIS_QUARTER: (Grain.QUARTER, 0),
    PeriodName.LAST_QUARTER: (Grain.QUARTER, 1),
    PeriodName.FISCAL_YEAR: (Grain.FISCAL_YEAR, 0),
    PeriodName.LAST_FISCAL_YEAR: (Grain.FISCAL_YEAR, 1),
}
_DAYS_BACK: Final = {
    PeriodName.LAST_7_DAYS: 7,
    PeriodName.LAST_30_DAYS: 30,
    PeriodName.LAST_90_DAYS: 90,
}
