"""Business clocks: how much working time has passed, and when a deadline falls.

Working time is a piecewise linear function W of time: it rises by one second a second within the
working stretches of a calendar and is flat elsewhere. Elapsed time is a difference of W and a
deadline its inverse, so both are two bisections, however many days lie between. Stretches are kept
per calendar year, built when first asked for. Instants are aware and read to the whole second.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import accumulate
from operator import itemgetter
from typing import Final, TypeAlias

from tasuki.core.labels import Label
from tasuki.core.worktime import Away, WorkTime

WARN_RATIO: Final = 0.75
"""The part of a limit after which a running clock warns, unless said otherwise."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND: Final = timedelta(seconds=1)
_MINUTE: Final = 60

Stretch: TypeAlias = tuple[int, int]
"""A stretch of time in seconds since 1970-01-01 UTC; the end is not part of it."""


class ClockStatus(StrEnum):
    """How a clock stands."""

    RUNNING = "running"
    WARNING = "warning"
    BREACHED = "breached"
    MET = "met"

    @property
    def label(self) -> Label:
        """Name the status in both languages."""
        return _STATUS_LABELS[self]


_STATUS_LABELS = {
    ClockStatus.RUNNING: Label("期限内", "On time"),
    ClockStatus.WARNING: Label("期限間近", "Due soon"),
    ClockStatus.BREACHED: Label("期限超過", "Overdue"),
    ClockStatus.MET: Label("期限内に完了", "Done in time"),
}


@dataclass(frozen=True, slots=True)
class ClockState:
    """A clock at one moment; all minutes are working minutes.

    `due_at` is None when the calendar never gives that much working time. `elapsed_minutes` and
    `overdue_minutes` are rounded down, `remaining_minutes` up: it is 0 only when the time is up.
    """

    status: ClockStatus
    limit_minutes: int
    elapsed_minutes: int
    remaining_minutes: int
    overdue_minutes: int
    due_at: datetime | None

    @property
    def used_ratio(self) -> float:
        """Return the part of the limit that has passed, 0 to 1."""
        if not self.limit_minutes:
            return 1.0
        return min(self.elapsed_minutes / self.limit_minutes, 1.0)


class BusinessClock:
    """Measures time by one calendar. Make one for a calendar and keep it.

    Several threads may share it: a year that two of them ask for at once is built twice, alike.
    """

    __slots__ = ("_away", "_base", "_work", "_years")

    def __init__(self, work: WorkTime) -> None:
        self._work = work
        self._away = _absences(work.away)
        self._base: BusinessClock | None = None
        self._years: dict[int, _Year] = {}

    def with_absences(self, away: Iterable[Away]) -> "BusinessClock":
        """Return the clock of a person who works by this calendar but for these absences.

        It shares the days of this clock, so that one for each person of a team costs little.
        """
        clock = BusinessClock(self._work)
        clock._base = self
        clock._away = _absences(away)
        return clock

    def elapsed_seconds(self, *, since: datetime, until: datetime) -> int:
        """Return the working seconds from `since` to `until`; 0 when `until` is not later."""
        if until <= since:
            return 0
        first, last = self._year_of(since), self._year_of(until)
        between = sum(self._year(year).total for year in range(first, last))
        start = self._year(first).worked_until(_seconds(since))
        return between + self._year(last).worked_until(_seconds(until)) - start

    def elapsed_minutes(self, *, since: datetime, until: datetime) -> int:
        """Return the whole working minutes from `since` to `until`; 0 when `until` is not later."""
        return self.elapsed_seconds(since=since, until=until) // _MINUTE

    def deadline(self, *, start: datetime, minutes: int) -> datetime | None:
        """Return the first instant by which `minutes` of work have passed since `start`.

        The instant is in the calendar's zone. When the minutes are used up at the end of a working
        stretch it is that end, not the next morning; for no minutes it is `start` itself. None when
        a whole calendar year after the one of `start` has no working time.
        Raises: ValueError for negative minutes.
        """
        if minutes < 0:
            raise ValueError(f"a limit of {minutes} minutes")
        if minutes == 0:
            return start.astimezone(self._work.zone)
        first = self._year_of(start)
        wanted = self._year(first).worked_until(_seconds(start)) + minutes * _MINUTE
        year = first
        while (table := self._year(year)).total or year == first:
            if wanted <= table.total:
                return _instant(table.reached_at(wanted)).astimezone(self._work.zone)
            wanted -= table.total
            year += 1
        return None

    def standing(
        self,
        *,
        start: datetime,
        limit_minutes: int,
        now: datetime,
        done_at: datetime | None = None,
        warn_ratio: float = WARN_RATIO,
    ) -> ClockState:
        """Return how a clock that was started with a limit stands at `now`.

        It stops at `done_at`, met when that is not after the deadline. A running clock is breached
        from the first instant after the deadline, also outside working time, and warns once
        `warn_ratio` of the limit has passed.
        Raises: ValueError for a negative limit.
        """
        at = now if done_at is None else done_at
        due_at = self.deadline(start=start, minutes=limit_minutes)
        worked = self.elapsed_seconds(since=start, until=at)
        overdue = 0 if due_at is None else self.elapsed_minutes(since=due_at, until=at)
        limit = limit_minutes * _MINUTE
        if due_at is not None and at > due_at:
            status = ClockStatus.BREACHED
        elif done_at is not None:
            status = ClockStatus.MET
        else:
            warns = worked >= limit * warn_ratio
            status = ClockStatus.WARNING if warns else ClockStatus.RUNNING
        return ClockState(
            status=status,
            limit_minutes=limit_minutes,
            elapsed_minutes=worked // _MINUTE,
            remaining_minutes=-(min(worked - limit, 0) // _MINUTE),
            overdue_minutes=overdue,
            due_at=due_at,
        )

    def _year_of(self, at: datetime) -> int:
        return at.astimezone(self._work.zone).year

    def _year(self, year: int) -> "_Year":
        found = self._years.get(year)
        if found is None:
            found = self._years[year] = _Year(_without(self._days_of(year), self._away))
        return found

    def _days_of(self, year: int) -> list[Stretch]:
        if self._base is not None:
            return self._base._year(year).stretches
        first = date(year, 1, 1)
        days = (date(year + 1, 1, 1) - first).days
        found: list[Stretch] = []
        for offset in range(days):
            found += self._stretches_on(first + timedelta(days=offset))
        return found

    def _stretches_on(self, day: date) -> list[Stretch]:
        stretches = self._work.stretches_on(day)
        if not stretches:
            return []
        # A time that a change of the clock skips is read as later: it must not leave its day.
        opens, closes = (self._midnight(day + timedelta(days=n)) for n in (0, 1))
        return _merged(
            (max(_seconds(start), opens), min(_seconds(end), closes)) for start, end in stretches
        )

    def _midnight(self, day: date) -> int:
        return _seconds(datetime.combine(day, time(), tzinfo=self._work.zone).astimezone(UTC))


def speed_to_lead(
    *, clock: BusinessClock, arrived_at: datetime, first_attempt_at: datetime | None
) -> int | None:
    """Return the whole working minutes from a lead's arrival to the first real attempt.

    None while nobody has tried; 0 for an attempt outside working time before the first working
    minute, or for one that was made before the lead arrived.
    """
    if first_attempt_at is None:
        return None
    return clock.elapsed_minutes(since=arrived_at, until=first_attempt_at)


class _Year:
    """The working stretches of one year, sorted and apart, and the seconds worked up to each."""

    __slots__ = ("_ends", "_starts", "_totals")

    def __init__(self, stretches: list[Stretch]) -> None:
        self._starts = [start for start, _ in stretches]
        self._ends = [end for _, end in stretches]
        self._totals = list(accumulate((end - start for start, end in stretches), initial=0))

    @property
    def total(self) -> int:
        """Return the working seconds of the year."""
        return self._totals[-1]

    @property
    def stretches(self) -> list[Stretch]:
        """Return the working stretches of the year."""
        return list(zip(self._starts, self._ends, strict=True))

    def worked_until(self, second: int) -> int:
        """Return the seconds worked from the beginning of the year until `second`."""
        at = bisect_right(self._starts, second)
        if at == 0:
            return 0
        return self._totals[at - 1] + min(second, self._ends[at - 1]) - self._starts[at - 1]

    def reached_at(self, worked: int) -> int:
        """Return the first second by which `worked` (1 to `total`) seconds of work are done."""
        at = bisect_left(self._totals, worked)
        return self._ends[at - 1] - (self._totals[at] - worked)


def _absences(away: Iterable[Away]) -> list[Stretch]:
    return _merged((_seconds(item.starts_at), _seconds(item.ends_at)) for item in away)


def _merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Sort stretches, leave out the empty ones, and join those that overlap or touch."""
    found: list[Stretch] = []
    for start, end in sorted(stretches):
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def _without(stretches: list[Stretch], away: list[Stretch]) -> list[Stretch]:
    """Return what `away` leaves of the stretches; both are sorted and apart."""
    found = list(stretches)
    for gone, back in away:
        first = bisect_right(found, gone, key=itemgetter(1))
        after = bisect_left(found, back, lo=first, key=itemgetter(0))
        touched = found[first:after]
        found[first:after] = [
            *((start, gone) for start, _ in touched[:1] if start < gone),
            *((back, end) for _, end in touched[-1:] if back < end),
        ]
    return found


def _seconds(at: datetime) -> int:
    return (at - _EPOCH) // _SECOND


def _instant(second: int) -> datetime:
    return _EPOCH + second * _SECOND
