"""The chosen period: names and dates in the URL, and refusals that name the parameter."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasuki.core.period_choice import (
    InvalidPeriod,
    PeriodChoice,
    PeriodName,
    PeriodProblem,
    named_period,
    parse_period,
)
from tasuki.core.periods import Period

SUNDAY = date(2026, 11, 22)


def span(first: str, last: str) -> Period:
    """Make the period from the first to the last day, both inside."""
    return Period(date.fromisoformat(first), date.fromisoformat(last) + timedelta(days=1))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("today", span("2026-11-22", "2026-11-22")),
        ("yesterday", span("2026-11-21", "2026-11-21")),
        ("this_week", span("2026-11-16", "2026-11-22")),
        ("last_week", span("2026-11-09", "2026-11-15")),
        ("this_month", span("2026-11-01", "2026-11-30")),
        ("last_month", span("2026-10-01", "2026-10-31")),
        ("this_quarter", span("2026-10-01", "2026-12-31")),
        ("last_quarter", span("2026-07-01", "2026-09-30")),
        ("fiscal_year", span("2026-04-01", "2027-03-31")),
        ("last_fiscal_year", span("2025-04-01", "2026-03-31")),
        ("last_7_days", span("2026-11-16", "2026-11-22")),
        ("last_30_days", span("2026-10-24", "2026-11-22")),
        ("last_90_days", span("2026-08-25", "2026-11-22")),
        ("last_12_months", span("2025-12-01", "2026-11-30")),
    ],
)
def test_named_periods(name: str, expected: Period) -> None:
    choice = parse_period({"period": name}, today=SUNDAY)
    assert choice == PeriodChoice(PeriodName(name), expected)
    assert choice.parameters == {"period": name}


def test_the_fiscal_year_follows_the_setting() -> None:
    choice = parse_period({"period": "fiscal_year"}, today=SUNDAY, fiscal_start_month=1)
    assert choice.period == span("2026-01-01", "2026-12-31")


def test_nothing_chosen_is_the_default() -> None:
    assert parse_period({}, today=SUNDAY).name is PeriodName.THIS_MONTH
    empty = {"period": "", "from": "", "to": ""}
    choice = parse_period(empty, today=SUNDAY, default=PeriodName.LAST_90_DAYS)
    assert choice.name is PeriodName.LAST_90_DAYS


@pytest.mark.parametrize(
    "parameters",
    [
        {"period": "custom", "from": "2026-04-01", "to": "2026-06-30"},
        {"from": " 2026-04-01 ", "to": "2026-06-30"},
    ],
)
def test_a_custom_period_includes_its_last_day(parameters: dict[str, str]) -> None:
    choice = parse_period(parameters, today=SUNDAY)
    assert choice == PeriodChoice(PeriodName.CUSTOM, span("2026-04-01", "2026-06-30"))


@pytest.mark.parametrize(
    ("parameters", "problem", "parameter", "value"),
    [
        ({"period": "next_year"}, PeriodProblem.UNKNOWN_NAME, "period", "next_year"),
        ({"period": "custom"}, PeriodProblem.MISSING_DATE, "from", ""),
        ({"from": "2026-04-01"}, PeriodProblem.MISSING_DATE, "to", ""),
        ({"to": "2026-04-01"}, PeriodProblem.MISSING_DATE, "from", ""),
        ({"from": "4月1日", "to": "2026-06-30"}, PeriodProblem.NOT_A_DATE, "from", "4月1日"),
        (
            {"from": "2026-04-01", "to": "2026-06-31"},
            PeriodProblem.NOT_A_DATE,
            "to",
            "2026-06-31",
        ),
        (
            {"from": "2026-04-02", "to": "2026-04-01"},
            PeriodProblem.ENDS_BEFORE_START,
            "to",
            "2026-04-01",
        ),
        ({"from": "2016-01-01", "to": "2026-01-09"}, PeriodProblem.TOO_LONG, "to", "2026-01-09"),
        (
            {"from": "2026-01-01", "to": "9999-12-31"},
            PeriodProblem.UNLIKELY_YEAR,
            "to",
            "9999-12-31",
        ),
        ({"from": "0001-01-01"}, PeriodProblem.UNLIKELY_YEAR, "from", "0001-01-01"),
    ],
)
def test_a_refusal_names_parameter_and_rule(
    parameters: dict[str, str], problem: PeriodProblem, parameter: str, value: str
) -> None:
    with pytest.raises(InvalidPeriod) as refusal:
        parse_period(parameters, today=SUNDAY)
    assert refusal.value.problem is problem
    assert (refusal.value.parameter, refusal.value.value) == (parameter, value)
    assert problem.label.ja
    assert problem.label.en in str(refusal.value)


def test_a_custom_period_has_no_days_of_its_own() -> None:
    with pytest.raises(InvalidPeriod):
        named_period(PeriodName.CUSTOM, today=SUNDAY)


@given(
    st.dates(min_value=date(2000, 1, 1), max_value=date(2050, 1, 1)),
    st.integers(min_value=1, max_value=3660),
)
def test_a_custom_choice_survives_the_url(start: date, length: int) -> None:
    choice = PeriodChoice(PeriodName.CUSTOM, Period(start, start + timedelta(days=length)))
    assert parse_period(choice.parameters, today=SUNDAY) == choice


def test_every_name_has_words() -> None:
    labels = [name.label for name in PeriodName]
    assert all(label.ja and label.en for label in labels)
    assert len(set(labels)) == len(labels)
