"""Periods: calendar units, what came before, pieces without gaps, bounds in UTC, names."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasuki.core.periods import (
    EmptyPeriod,
    Grain,
    Period,
    add_months,
    fiscal_quarter_of,
    fiscal_year_of,
    label,
    local_date,
    period_of,
    previous,
    same_period_last_year,
    split,
    utc_bounds,
    whole_months,
)

TOKYO = ZoneInfo("Asia/Tokyo")
days = st.dates(min_value=date(1990, 1, 1), max_value=date(2080, 12, 31))
months = st.integers(min_value=1, max_value=12)


def span(first: str, last: str) -> Period:
    """Make the period from the first to the last day, both inside."""
    return Period(date.fromisoformat(first), date.fromisoformat(last) + timedelta(days=1))


@pytest.mark.parametrize(
    ("day", "grain", "start_month", "expected"),
    [
        ("2026-11-22", Grain.DAY, 4, span("2026-11-22", "2026-11-22")),
        ("2026-11-22", Grain.WEEK, 4, span("2026-11-16", "2026-11-22")),
        ("2027-01-01", Grain.WEEK, 4, span("2026-12-28", "2027-01-03")),
        ("2028-02-29", Grain.MONTH, 4, span("2028-02-01", "2028-02-29")),
        ("2026-12-31", Grain.MONTH, 4, span("2026-12-01", "2026-12-31")),
        ("2026-11-22", Grain.QUARTER, 4, span("2026-10-01", "2026-12-31")),
        ("2027-03-31", Grain.QUARTER, 4, span("2027-01-01", "2027-03-31")),
        ("2027-01-15", Grain.QUARTER, 3, span("2026-12-01", "2027-02-28")),
        ("2026-03-31", Grain.FISCAL_YEAR, 4, span("2025-04-01", "2026-03-31")),
        ("2026-04-01", Grain.FISCAL_YEAR, 4, span("2026-04-01", "2027-03-31")),
        ("2026-11-22", Grain.FISCAL_YEAR, 1, span("2026-01-01", "2026-12-31")),
    ],
)
def test_period_of(day: str, grain: Grain, start_month: int, expected: Period) -> None:
    found = period_of(date.fromisoformat(day), grain=grain, fiscal_start_month=start_month)
    assert found == expected


def test_the_end_date_is_outside() -> None:
    month = span("2026-11-01", "2026-11-30")
    assert month.last_date == date(2026, 11, 30)
    assert month.days == 30
    assert date(2026, 11, 1) in month
    assert date(2026, 11, 30) in month
    assert date(2026, 12, 1) not in month
    assert date(2026, 10, 31) not in month


@pytest.mark.parametrize("end_date", [date(2026, 11, 1), date(2026, 10, 31)])
def test_an_empty_period_is_refused(end_date: date) -> None:
    with pytest.raises(EmptyPeriod) as refusal:
        Period(date(2026, 11, 1), end_date)
    assert refusal.value.end_date == end_date


@pytest.mark.parametrize(
    ("period", "before", "year_ago"),
    [
        (
            span("2026-11-01", "2026-11-30"),
            span("2026-10-01", "2026-10-31"),
            span("2025-11-01", "2025-11-30"),
        ),
        (
            span("2026-10-01", "2026-12-31"),
            span("2026-07-01", "2026-09-30"),
            span("2025-10-01", "2025-12-31"),
        ),
        (
            span("2026-04-01", "2027-03-31"),
            span("2025-04-01", "2026-03-31"),
            span("2025-04-01", "2026-03-31"),
        ),
        (
            span("2028-02-01", "2028-02-29"),
            span("2028-01-01", "2028-01-31"),
            span("2027-02-01", "2027-02-28"),
        ),
        (
            span("2026-11-16", "2026-11-22"),
            span("2026-11-09", "2026-11-15"),
            span("2025-11-17", "2025-11-23"),
        ),
        (
            span("2026-12-28", "2027-01-03"),
            span("2026-12-21", "2026-12-27"),
            span("2025-12-22", "2025-12-28"),
        ),
        (
            span("2026-11-01", "2026-11-22"),
            span("2026-10-10", "2026-10-31"),
            span("2025-11-01", "2025-11-22"),
        ),
        (
            span("2028-02-29", "2028-02-29"),
            span("2028-02-28", "2028-02-28"),
            span("2027-02-28", "2027-02-28"),
        ),
        (
            span("2026-11-01", "2026-12-15"),
            span("2026-09-17", "2026-10-31"),
            span("2025-11-01", "2025-12-15"),
        ),
    ],
)
def test_what_it_is_compared_with(period: Period, before: Period, year_ago: Period) -> None:
    assert previous(period) == before
    assert same_period_last_year(period) == year_ago


def test_split_cuts_the_first_and_last_unit() -> None:
    assert split(span("2026-11-20", "2027-01-05"), grain=Grain.MONTH) == [
        span("2026-11-20", "2026-11-30"),
        span("2026-12-01", "2026-12-31"),
        span("2027-01-01", "2027-01-05"),
    ]


def test_split_a_fiscal_year_into_its_quarters() -> None:
    year = span("2026-04-01", "2027-03-31")
    quarters = split(year, grain=Grain.QUARTER)
    assert [piece.start_date.month for piece in quarters] == [4, 7, 10, 1]


@given(days, st.integers(min_value=1, max_value=800), st.sampled_from(Grain), months)
def test_pieces_meet_and_make_up_the_period(
    start: date, length: int, grain: Grain, start_month: int
) -> None:
    period = Period(start, start + timedelta(days=length))
    pieces = split(period, grain=grain, fiscal_start_month=start_month)
    assert pieces[0].start_date == period.start_date
    assert pieces[-1].end_date == period.end_date
    for earlier, later in pairwise(pieces):
        assert earlier.end_date == later.start_date


@given(days, st.sampled_from(Grain), months)
def test_a_unit_holds_its_day_and_meets_the_one_before(
    day: date, grain: Grain, start_month: int
) -> None:
    unit = period_of(day, grain=grain, fiscal_start_month=start_month)
    assert day in unit
    before = previous(unit)
    assert before.end_date == unit.start_date
    last_day_before = unit.start_date - timedelta(days=1)
    assert before == period_of(last_day_before, grain=grain, fiscal_start_month=start_month)


def test_bounds_in_tokyo() -> None:
    assert utc_bounds(span("2026-11-01", "2026-11-30"), zone=TOKYO) == (
        datetime(2026, 10, 31, 15, 0, tzinfo=UTC),
        datetime(2026, 11, 30, 15, 0, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("zone", "day", "start", "hours"),
    [
        ("America/New_York", date(2026, 3, 8), datetime(2026, 3, 8, 5, tzinfo=UTC), 23),
        ("America/New_York", date(2026, 11, 1), datetime(2026, 11, 1, 4, tzinfo=UTC), 25),
        # The clock skips midnight: the day begins at one o'clock.
        ("America/Sao_Paulo", date(2018, 11, 4), datetime(2018, 11, 4, 3, tzinfo=UTC), 23),
        # The clock shows midnight twice: the day begins at the first.
        ("America/Havana", date(2026, 11, 1), datetime(2026, 11, 1, 4, tzinfo=UTC), 25),
    ],
)
def test_a_day_of_a_clock_change_keeps_its_real_length(
    zone: str, day: date, start: datetime, hours: int
) -> None:
    first, after = utc_bounds(period_of(day, grain=Grain.DAY), zone=ZoneInfo(zone))
    assert first == start
    assert after - first == timedelta(hours=hours)


def test_local_date() -> None:
    assert local_date(datetime(2026, 10, 31, 14, 59, tzinfo=UTC), zone=TOKYO) == date(2026, 10, 31)
    assert local_date(datetime(2026, 10, 31, 15, 0, tzinfo=UTC), zone=TOKYO) == date(2026, 11, 1)


@pytest.mark.parametrize(
    ("period", "start_month", "japanese", "english"),
    [
        (span("2026-04-01", "2027-03-31"), 4, "2026年度", "FY2026"),
        (span("2026-01-01", "2026-12-31"), 1, "2026年", "2026"),
        (span("2026-10-01", "2026-12-31"), 4, "2026年度 第3四半期", "FY2026 Q3"),
        (span("2027-01-01", "2027-03-31"), 4, "2026年度 第4四半期", "FY2026 Q4"),
        (span("2026-10-01", "2026-12-31"), 1, "2026年 第4四半期", "2026 Q4"),
        (span("2026-11-01", "2026-11-30"), 4, "2026年11月", "Nov 2026"),
        (
            span("2026-11-16", "2026-11-22"),
            4,
            "2026年 第47週(11月16日〜11月22日)",
            "Week 47, 2026 (16 Nov 2026 – 22 Nov 2026)",
        ),
        (span("2026-11-22", "2026-11-22"), 4, "2026年11月22日", "22 Nov 2026"),
        (
            span("2026-11-01", "2026-11-22"),
            4,
            "2026年11月1日〜11月22日",
            "1 Nov 2026 – 22 Nov 2026",
        ),
        (
            span("2026-12-01", "2027-01-31"),
            4,
            "2026年12月1日〜2027年1月31日",
            "1 Dec 2026 – 31 Jan 2027",
        ),
    ],
)
def test_label(period: Period, start_month: int, japanese: str, english: str) -> None:
    assert label(period, language="ja", fiscal_start_month=start_month) == japanese
    assert label(period, language="en-gb", fiscal_start_month=start_month) == english


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 11, 15), 2, date(2027, 1, 15)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2028, 2, 29), -12, date(2027, 2, 28)),
    ],
)
def test_add_months(day: date, count: int, expected: date) -> None:
    assert add_months(day, count) == expected


def test_whole_months() -> None:
    assert whole_months(span("2026-12-01", "2027-01-31")) == 2
    assert whole_months(span("2026-12-02", "2027-01-31")) == 0
    assert whole_months(span("2026-12-01", "2027-01-30")) == 0


def test_fiscal_year_and_quarter() -> None:
    assert fiscal_year_of(date(2027, 3, 31)) == 2026
    assert fiscal_year_of(date(2027, 4, 1)) == 2027
    assert fiscal_quarter_of(date(2027, 3, 31)) == 4
    assert fiscal_quarter_of(date(2027, 3, 31), fiscal_start_month=1) == 1
