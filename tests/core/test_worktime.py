"""Working time: weekly hours, days off, absences, and a change of the clock."""

from collections.abc import Collection
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from tasuki.core.worktime import (
    OFFICE_HOURS,
    Away,
    InvalidHoursError,
    Span,
    WeeklyHours,
    WorkTime,
)

TOKYO = ZoneInfo("Asia/Tokyo")
THANKSGIVING = date(2026, 11, 23)


def holidays(year: int) -> Collection[date]:
    return {THANKSGIVING} if year == 2026 else ()


def at(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=TOKYO)


OFFICE = WorkTime(hours=OFFICE_HOURS, zone=TOKYO, holidays_of_year=holidays)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(24, 8, 59), False),
        (at(24, 9), True),
        (at(24, 11, 59), True),
        (at(24, 12), False),
        (at(24, 13), True),
        (at(24, 18), False),
        (at(22, 10), False),  # Sunday
        (at(23, 10), False),  # public holiday
        (datetime(2026, 11, 24, 0, 0, tzinfo=UTC), True),  # 9 o'clock in Tokyo
    ],
)
def test_office_hours(moment: datetime, *, expected: bool) -> None:
    assert OFFICE.is_working(moment) is expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(24, 10, 30), at(24, 10, 30)),
        (at(24, 12, 15), at(24, 13)),
        (at(20, 18), at(24, 9)),  # over the weekend and the holiday
        (at(24, 7), at(24, 9)),
    ],
)
def test_next_working(moment: datetime, expected: datetime) -> None:
    assert OFFICE.next_working(moment) == expected


def test_without_holidays_the_day_is_worked() -> None:
    assert WorkTime(hours=OFFICE_HOURS, zone=TOKYO).is_working(at(23, 10))


def test_exceptions_beat_weekend_and_holiday() -> None:
    sunday, tuesday = date(2026, 11, 22), date(2026, 11, 24)
    changed = WorkTime(
        hours=OFFICE_HOURS,
        zone=TOKYO,
        holidays_of_year=holidays,
        exceptions={sunday: True, THANKSGIVING: True, tuesday: False},
    )
    assert changed.is_working(at(22, 10))
    assert changed.spans_on(THANKSGIVING) == OFFICE_HOURS.of(0)
    assert not changed.is_working(at(24, 10))


def test_absences_are_skipped() -> None:
    away = (Away(at(24, 0), at(25, 10)), Away(at(25, 10), at(25, 11)))
    absent = WorkTime(hours=OFFICE_HOURS, zone=TOKYO, away=away)
    assert not absent.is_working(at(24, 10))
    assert absent.next_working(at(24, 10)) == at(25, 11)
    assert absent.next_working(at(24, 10).astimezone(UTC)) == at(25, 11)


def test_an_absence_to_the_end_of_the_day_leads_to_the_next() -> None:
    away = (Away(at(24, 0), at(25, 0)),)
    absent = WorkTime(hours=OFFICE_HOURS, zone=TOKYO, away=away)
    assert absent.next_working(at(24, 10)) == at(25, 9)


def test_nobody_ever_working_has_no_next_time() -> None:
    never = WorkTime(hours=WeeklyHours({}), zone=TOKYO, exceptions={date(2026, 11, 24): True})
    assert never.next_working(at(24, 10)) is None
    assert never.hours.usual == ()
    assert never.hours.minutes == 0


def test_hours_follow_the_wall_clock_when_the_clock_changes() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    days = WeeklyHours({weekday: (Span(0, 24 * 60),) for weekday in range(7)})
    round_the_clock = WorkTime(hours=days, zone=berlin)
    sunday = date(2026, 10, 25)  # 25 hours long
    assert round_the_clock.is_working(datetime(2026, 10, 25, 22, 30, tzinfo=UTC))
    assert round_the_clock.spans_on(sunday) == (Span(0, 1440),)
    office = WorkTime(hours=OFFICE_HOURS, zone=berlin)
    before = datetime(2026, 10, 24, 12, tzinfo=berlin)
    assert office.next_working(before) == datetime(2026, 10, 26, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "spans",
    [
        (Span(540, 540),),
        (Span(600, 540),),
        (Span(-1, 60),),
        (Span(1380, 1441),),
        (Span(540, 720), Span(700, 800)),
        (Span(780, 1080), Span(540, 720)),
    ],
)
def test_impossible_hours_are_refused(spans: tuple[Span, ...]) -> None:
    with pytest.raises(InvalidHoursError) as caught:
        WeeklyHours({2: spans})
    assert caught.value.weekday == 2
    assert caught.value.span == spans[-1]


def test_hours_of_a_week() -> None:
    assert OFFICE_HOURS.minutes == 40 * 60
    assert OFFICE_HOURS.of(6) == ()
    assert OFFICE_HOURS.usual[0].label == "09:00-12:00"
