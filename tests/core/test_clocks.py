"""Business clocks: elapsed working time, deadlines and how a clock stands."""

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tasuki.core.clocks import BusinessClock, ClockState, ClockStatus, speed_to_lead
from tasuki.core.worktime import OFFICE_HOURS, Away, Span, WeeklyHours, WorkTime

TOKYO = ZoneInfo("Asia/Tokyo")
BERLIN = ZoneInfo("Europe/Berlin")
ROUND_THE_CLOCK = WeeklyHours({weekday: (Span(0, 24 * 60),) for weekday in range(7)})
GOLDEN_WEEK_2019 = frozenset(
    {date(2019, 4, 29), date(2019, 4, 30)} | {date(2019, 5, day) for day in range(1, 7)}
)
"""With the weekend before it, ten days without work: 2019-04-27 to 2019-05-06."""


def golden_week(year: int) -> Collection[date]:
    return GOLDEN_WEEK_2019 if year == 2019 else ()


def office(
    *,
    zone: ZoneInfo = TOKYO,
    exceptions: Mapping[date, bool] | None = None,
    away: tuple[Away, ...] = (),
) -> BusinessClock:
    return BusinessClock(
        WorkTime(
            hours=OFFICE_HOURS,
            zone=zone,
            exceptions=exceptions or {},
            holidays_of_year=golden_week,
            away=away,
        )
    )


def at(month: int, day: int, hour: int = 0, minute: int = 0, *, year: int = 2019) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=TOKYO)


CLOCK = office()


# ---- a holiday week


def test_four_business_hours_over_ten_days_of_holiday() -> None:
    offered = at(4, 26, 16)  # Friday
    due = CLOCK.deadline(start=offered, minutes=4 * 60)
    assert due == at(5, 7, 11)  # two hours on Friday, two on Tuesday ten days later
    assert due is not None
    assert due.tzinfo is TOKYO
    assert CLOCK.elapsed_seconds(since=offered, until=at(5, 7, 11)) == 4 * 3600


def test_nothing_passes_within_the_holidays() -> None:
    assert CLOCK.elapsed_minutes(since=at(4, 26, 18), until=at(5, 7, 9)) == 0
    assert CLOCK.elapsed_minutes(since=at(4, 29, 10), until=at(5, 1, 10)) == 0
    assert CLOCK.deadline(start=at(5, 1, 12), minutes=1) == at(5, 7, 9, 1)


def test_a_month_with_its_holidays() -> None:
    april, may = 20, 19  # weekdays that are worked: 1 to 26 April, 7 to 31 May
    worked = CLOCK.elapsed_minutes(since=at(4, 1), until=at(6, 1))
    assert worked == (april + may) * 8 * 60


# ---- elapsed

WEEKDAYS_2019_2020 = 261 - 6 + 262
"""Six of 2019 are holidays of the golden week."""


@pytest.mark.parametrize(
    ("since", "until", "minutes"),
    [
        (at(6, 3, 9), at(6, 3, 9), 0),
        (at(6, 3, 9), at(6, 3, 9, 1), 1),
        (at(6, 3, 9), at(6, 3, 9) + timedelta(seconds=59), 0),
        (at(6, 3, 9), at(6, 3, 18), 480),
        (at(6, 3, 11, 30), at(6, 3, 13, 30), 60),  # over noon
        (at(6, 3, 12, 10), at(6, 3, 12, 50), 0),
        (at(6, 7, 17), at(6, 10, 10), 120),  # over a weekend
        (at(6, 3, 0), at(6, 4, 0), 480),
        (at(6, 3, 10), at(6, 3, 9), 0),  # backwards
        (at(6, 3, 1).astimezone(UTC), at(6, 3, 10).astimezone(BERLIN), 60),
        (at(12, 31, 17), at(1, 1, 10, year=2020), 120),  # no holiday is known in 2020
        (
            at(12, 31, 17, year=2018),
            at(1, 1, 10, year=2021),
            2 * 60 + 480 * (255 + 262),
        ),  # weekdays of 2019 and 2020
    ],
)
def test_elapsed_minutes(since: datetime, until: datetime, minutes: int) -> None:
    assert CLOCK.elapsed_minutes(since=since, until=until) == minutes


# ---- deadlines


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        (at(6, 3, 10), 0, at(6, 3, 10)),
        (at(6, 2, 10), 0, at(6, 2, 10)),  # nothing to wait for, though it is Sunday
        (at(6, 3, 10), 1, at(6, 3, 10, 1)),
        (at(6, 3, 7), 60, at(6, 3, 10)),  # before hours
        (at(6, 3, 20), 60, at(6, 4, 10)),  # after hours
        (at(6, 3, 12, 30), 30, at(6, 3, 13, 30)),  # at noon
        (at(6, 3, 11), 60, at(6, 3, 12)),  # used up as the span ends
        (at(6, 3, 11), 61, at(6, 3, 13, 1)),
        (at(6, 7, 17), 60, at(6, 7, 18)),
        (at(6, 7, 18), 480, at(6, 10, 18)),
        (at(12, 31, 17), 60, at(12, 31, 18)),
        (at(12, 31, 17), 61, at(1, 1, 9, 1, year=2020)),
        (at(6, 3, 9), 480 * (30 * 5 + 4), at(1, 2, 18, year=2020)),  # 30 weeks and four days
    ],
)
def test_deadlines(start: datetime, minutes: int, due: datetime) -> None:
    assert CLOCK.deadline(start=start, minutes=minutes) == due


def test_a_deadline_keeps_the_second_and_drops_what_is_finer() -> None:
    start = at(6, 3, 10) + timedelta(seconds=30, microseconds=999_999)
    assert CLOCK.deadline(start=start, minutes=1) == at(6, 3, 10, 1) + timedelta(seconds=30)


def test_the_end_of_a_day_that_is_worked_to_midnight() -> None:
    clock = BusinessClock(WorkTime(hours=ROUND_THE_CLOCK, zone=TOKYO))
    assert clock.deadline(start=at(12, 31), minutes=24 * 60) == at(1, 1, year=2020)
    night = WeeklyHours({0: (Span(22 * 60, 24 * 60),), 1: (Span(0, 6 * 60),)})
    shift = BusinessClock(WorkTime(hours=night, zone=TOKYO))
    assert shift.deadline(start=at(6, 3, 23), minutes=120) == at(6, 4, 1)  # Monday into Tuesday
    assert shift.elapsed_minutes(since=at(6, 3), until=at(6, 5)) == 8 * 60


def test_without_work_ahead_there_is_no_deadline() -> None:
    never = BusinessClock(WorkTime(hours=WeeklyHours({}), zone=TOKYO))
    assert never.deadline(start=at(6, 3, 10), minutes=1) is None
    assert never.deadline(start=at(6, 3, 10), minutes=0) == at(6, 3, 10)
    assert never.elapsed_minutes(since=at(6, 3, 10), until=at(6, 3, 10, year=2021)) == 0


def test_an_empty_year_ends_the_search_and_an_empty_rest_of_a_year_does_not() -> None:
    until_autumn = office(away=(Away(at(1, 1), at(9, 2, year=2020)),))
    assert until_autumn.deadline(start=at(6, 3), minutes=60) == at(9, 2, 10, year=2020)
    long_gone = office(away=(Away(at(1, 1), at(1, 1, year=2021)),))
    assert long_gone.deadline(start=at(6, 3), minutes=60) is None
    assert long_gone.deadline(start=at(6, 3, year=2020), minutes=60) == at(1, 1, 10, year=2021)


def test_a_negative_limit_is_refused() -> None:
    with pytest.raises(ValueError, match="-1 minutes"):
        CLOCK.deadline(start=at(6, 3), minutes=-1)


# ---- days off, days on, absences


def test_a_saturday_that_is_worked_and_a_company_holiday() -> None:
    clock = office(exceptions={date(2019, 6, 8): True, date(2019, 6, 10): False})
    assert clock.deadline(start=at(6, 7, 17), minutes=120) == at(6, 8, 10)
    assert clock.elapsed_minutes(since=at(6, 8), until=at(6, 12)) == 2 * 480


def test_absences_that_overlap_count_once() -> None:
    away = (
        Away(at(6, 3, 10), at(6, 3, 14)),
        Away(at(6, 3, 11), at(6, 3, 12)),
        Away(at(6, 3, 14), at(6, 3, 15)),
        Away(at(6, 3, 17), at(6, 4, 10)),
        Away(at(6, 5, 9), at(6, 5, 9)),
    )
    clock = office(away=away)
    assert clock.elapsed_minutes(since=at(6, 3), until=at(6, 4)) == 60 + 120
    assert clock.deadline(start=at(6, 3, 9), minutes=61) == at(6, 3, 15, 1)
    assert clock.deadline(start=at(6, 3, 9), minutes=180) == at(6, 3, 17)
    assert clock.deadline(start=at(6, 3, 9), minutes=181) == at(6, 4, 10, 1)


def test_the_clock_of_a_person_is_the_team_clock_without_the_absences() -> None:
    away = (Away(at(6, 3, 10), at(6, 4, 0)),)
    person = CLOCK.with_absences(away)
    start, late = at(6, 3, 9), at(6, 5, 12)
    assert person.elapsed_minutes(since=start, until=late) == 60 + 480 + 180
    assert CLOCK.elapsed_minutes(since=start, until=late) == 480 + 480 + 180
    assert person.deadline(start=start, minutes=61) == at(6, 4, 9, 1)


# ---- changes of the clock


def test_a_day_of_23_and_one_of_25_hours() -> None:
    clock = BusinessClock(WorkTime(hours=ROUND_THE_CLOCK, zone=BERLIN))
    spring = datetime(2026, 3, 29, tzinfo=BERLIN)
    autumn = datetime(2026, 10, 25, tzinfo=BERLIN)
    for midnight, hours in ((spring, 23), (autumn, 25)):
        following = (midnight + timedelta(days=1)).replace(tzinfo=BERLIN)
        assert clock.elapsed_minutes(since=midnight, until=following) == hours * 60
        assert clock.deadline(start=midnight, minutes=hours * 60) == following


def test_office_hours_over_a_change_of_the_clock() -> None:
    clock = office(zone=BERLIN)
    friday = datetime(2026, 3, 27, 17, tzinfo=BERLIN)
    due = clock.deadline(start=friday, minutes=120)
    assert due == datetime(2026, 3, 30, 10, tzinfo=BERLIN)
    assert due == datetime(2026, 3, 30, 8, tzinfo=UTC)


def test_spans_within_the_hour_that_is_skipped() -> None:
    skipped = WeeklyHours({6: (Span(130, 170), Span(180, 200), Span(240, 300))})
    clock = BusinessClock(WorkTime(hours=skipped, zone=BERLIN))
    day = datetime(2026, 3, 29, tzinfo=BERLIN)
    # 2:10 to 2:50 is read an hour later and swallows 3:00 to 3:20 but for its first ten minutes.
    assert clock.elapsed_minutes(since=day, until=day + timedelta(days=1)) == 50 + 60


def test_a_date_that_never_was_is_not_worked() -> None:
    apia = ZoneInfo("Pacific/Apia")  # went from 29 to 31 December 2011
    clock = BusinessClock(WorkTime(hours=OFFICE_HOURS, zone=apia))
    since = datetime(2011, 12, 29, 12, tzinfo=apia)
    assert clock.elapsed_minutes(since=since, until=datetime(2011, 12, 31, 23, tzinfo=apia)) == 300


# ---- how a clock stands


def stands(now: datetime, *, limit: int = 240, done_at: datetime | None = None) -> ClockState:
    start = at(6, 7, 16)  # Friday: two hours are left
    return CLOCK.standing(start=start, limit_minutes=limit, now=now, done_at=done_at)


@pytest.mark.parametrize(
    ("now", "status", "elapsed", "remaining", "overdue"),
    [
        (at(6, 7, 16), ClockStatus.RUNNING, 0, 240, 0),
        (at(6, 8, 12), ClockStatus.RUNNING, 120, 120, 0),
        (at(6, 10, 9, 59) + timedelta(seconds=59), ClockStatus.RUNNING, 179, 61, 0),
        (at(6, 10, 10), ClockStatus.WARNING, 180, 60, 0),
        (at(6, 10, 11), ClockStatus.WARNING, 240, 0, 0),
        (at(6, 10, 11) + timedelta(seconds=1), ClockStatus.BREACHED, 240, 0, 0),
        (at(6, 10, 13, 30), ClockStatus.BREACHED, 330, 0, 90),
    ],
)
def test_a_running_clock(
    now: datetime, status: ClockStatus, elapsed: int, remaining: int, overdue: int
) -> None:
    assert stands(now) == ClockState(
        status=status,
        limit_minutes=240,
        elapsed_minutes=elapsed,
        remaining_minutes=remaining,
        overdue_minutes=overdue,
        due_at=at(6, 10, 11),
    )


@pytest.mark.parametrize(
    ("done_at", "status", "overdue"),
    [
        (at(6, 10, 11), ClockStatus.MET, 0),
        (at(6, 10, 11, 1), ClockStatus.BREACHED, 1),
        (at(6, 7, 15), ClockStatus.MET, 0),
    ],
)
def test_a_stopped_clock(done_at: datetime, status: ClockStatus, overdue: int) -> None:
    state = stands(at(6, 30), done_at=done_at)
    assert (state.status, state.overdue_minutes) == (status, overdue)


def test_after_hours_the_deadline_of_that_evening_is_over() -> None:
    state = stands(at(6, 7, 19), limit=120)
    assert state.due_at == at(6, 7, 18)
    assert (state.status, state.overdue_minutes) == (ClockStatus.BREACHED, 0)


def test_without_a_deadline_a_clock_runs_on() -> None:
    never = BusinessClock(WorkTime(hours=WeeklyHours({}), zone=TOKYO))
    state = never.standing(start=at(6, 3), limit_minutes=60, now=at(6, 30))
    assert (state.status, state.due_at) == (ClockStatus.RUNNING, None)
    assert state.remaining_minutes == 60


def test_the_warning_can_come_sooner() -> None:
    start = at(6, 3, 9)
    early = CLOCK.standing(start=start, limit_minutes=60, now=at(6, 3, 9, 30), warn_ratio=0.5)
    assert early.status is ClockStatus.WARNING


def test_the_part_that_is_used() -> None:
    assert stands(at(6, 10, 10)).used_ratio == 0.75
    assert stands(at(6, 11, 10)).used_ratio == 1.0
    assert stands(at(6, 7, 16), limit=0).used_ratio == 1.0


def test_a_status_has_a_name() -> None:
    assert ClockStatus.WARNING.label.ja == "期限間近"
    assert {status.label.en for status in ClockStatus} == {
        "On time",
        "Due soon",
        "Overdue",
        "Done in time",
    }


@pytest.mark.parametrize(
    ("arrived_at", "first_attempt_at", "minutes"),
    [
        (at(6, 3, 10), at(6, 3, 10, 5), 5),
        (at(6, 3, 10), at(6, 3, 10, 5) + timedelta(seconds=59), 5),
        (at(6, 1, 10), at(6, 3, 9, 20), 20),  # came in on Saturday
        (at(6, 1, 10), at(6, 1, 12), 0),
        (at(6, 3, 10), at(6, 3, 9), 0),
        (at(6, 3, 10), None, None),
    ],
)
def test_speed_to_lead(
    arrived_at: datetime, first_attempt_at: datetime | None, minutes: int | None
) -> None:
    found = speed_to_lead(clock=CLOCK, arrived_at=arrived_at, first_attempt_at=first_attempt_at)
    assert found == minutes


# ---- against a count of single minutes

FIRST_MINUTE = datetime(2026, 3, 27, tzinfo=UTC)
REACH = 4 * 24 * 60
"""Friday to Monday, around the change of the clock in Berlin."""

ZONES = [TOKYO, BERLIN, ZoneInfo("Asia/Kathmandu"), ZoneInfo("Australia/Lord_Howe")]
STARTS = {
    "Australia/Lord_Howe": datetime(2026, 4, 3, tzinfo=UTC),  # back by half an hour on the 4th
}
minutes_of_reach = st.integers(0, REACH)


@st.composite
def weekly_hours(draw: st.DrawFn) -> WeeklyHours:
    def day() -> tuple[Span, ...]:
        cuts = sorted(draw(st.sets(st.integers(0, 24 * 12), max_size=4)))
        pairs = zip(cuts[::2], cuts[1::2], strict=False)
        return tuple(Span(start * 5, end * 5) for start, end in pairs)

    return WeeklyHours({weekday: day() for weekday in range(7)})


@st.composite
def work_times(draw: st.DrawFn) -> tuple[WorkTime, datetime]:
    zone = draw(st.sampled_from(ZONES))
    start = STARTS.get(zone.key, FIRST_MINUTE)
    dates = st.integers(-1, 5).map(lambda n: start.date() + timedelta(days=n))
    pairs = draw(st.lists(st.tuples(minutes_of_reach, st.integers(1, 3000)), max_size=4))
    away = tuple(
        Away(start + timedelta(minutes=gone), start + timedelta(minutes=gone + length))
        for gone, length in pairs
    )
    closed = draw(st.frozensets(dates, max_size=3))
    work = WorkTime(
        hours=draw(weekly_hours()),
        zone=zone,
        exceptions=draw(st.dictionaries(dates, st.booleans(), max_size=3)),
        holidays_of_year=lambda _year: closed,
        away=away,
    )
    return work, start


def worked_minutes(work: WorkTime, since: datetime, minutes: int) -> list[int]:
    """Count minute by minute: how many are worked up to each, from 0 on."""
    counted = [0]
    for offset in range(minutes):
        is_worked = work.is_working(since + timedelta(minutes=offset))
        counted.append(counted[-1] + is_worked)
    return counted


def base_and_person(work: WorkTime) -> list[BusinessClock]:
    team = BusinessClock(
        WorkTime(
            hours=work.hours,
            zone=work.zone,
            exceptions=work.exceptions,
            holidays_of_year=work.holidays_of_year,
        )
    )
    return [BusinessClock(work), team.with_absences(work.away)]


ALWAYS = WorkTime(hours=ROUND_THE_CLOCK, zone=BERLIN)


@settings(max_examples=20, deadline=None)
@given(work_times(), minutes_of_reach, minutes_of_reach, st.integers(1, 3000))
@example((ALWAYS, FIRST_MINUTE), 0, REACH, 2 * 24 * 60)
def test_closed_form_agrees_with_counting(
    drawn: tuple[WorkTime, datetime], one: int, other: int, limit: int
) -> None:
    work, origin = drawn
    counted = worked_minutes(work, origin, REACH)
    since, until = sorted((one, other))
    start = origin + timedelta(minutes=since)
    wanted = counted[since] + limit
    reached = next((n for n, worked in enumerate(counted) if worked >= wanted), None)
    for clock in base_and_person(work):
        found = clock.elapsed_seconds(since=start, until=origin + timedelta(minutes=until))
        assert found == 60 * (counted[until] - counted[since])
        due = clock.deadline(start=start, minutes=limit)
        if reached is None:
            assert due is None or due > origin + timedelta(minutes=REACH)
        else:
            assert due == origin + timedelta(minutes=reached)


@settings(max_examples=50, deadline=None)
@given(work_times(), minutes_of_reach, st.integers(0, 3000))
def test_a_deadline_is_the_inverse_of_elapsed_time(
    drawn: tuple[WorkTime, datetime], since: int, limit: int
) -> None:
    work, origin = drawn
    clock = BusinessClock(work)
    start = origin + timedelta(minutes=since)
    due = clock.deadline(start=start, minutes=limit)
    if due is not None and limit:
        assert clock.elapsed_seconds(since=start, until=due) == limit * 60
        just_before = due - timedelta(seconds=1)
        assert clock.elapsed_seconds(since=start, until=just_before) == limit * 60 - 1
