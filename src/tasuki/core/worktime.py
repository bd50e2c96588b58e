"""When somebody works: weekly hours, days off and absences as one value.

The value is built for one person (or one team: no absences) and answers for any instant. All
instants are aware; days and hours are those of the calendar's own time zone.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MINUTES_PER_DAY = 24 * 60
SEARCH_DAYS = 400
"""How far `next_working` looks ahead: beyond a year without a working minute there is none."""


class InvalidHoursError(ValueError):
    """A weekday's spans are empty, leave the day or overlap. Names the weekday and the span."""

    def __init__(self, *, weekday: int, span: "Span") -> None:
        super().__init__(f"weekday {weekday}: {span.label}")
        self.weekday = weekday
        self.span = span


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a day, in minutes after midnight; the end is not part of it."""

    starts_minute: int
    ends_minute: int

    @property
    def label(self) -> str:
        """Write the span as `09:00-18:00`."""
        return f"{_clock(self.starts_minute)}-{_clock(self.ends_minute)}"


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """The spans of each weekday, Monday 0. Checked when made: sorted, within the day, apart.

    Raises: InvalidHoursError.
    """

    spans: Mapping[int, tuple[Span, ...]]

    def __post_init__(self) -> None:
        """Refuse hours that cannot be worked."""
        for weekday, spans in self.spans.items():
            before = 0
            for span in spans:
                if not before <= span.starts_minute < span.ends_minute <= MINUTES_PER_DAY:
                    raise InvalidHoursError(weekday=weekday, span=span)
                before = span.ends_minute

    def of(self, weekday: int) -> tuple[Span, ...]:
        """Return the spans of a weekday, none when it is free."""
        return self.spans.get(weekday, ())

    @property
    def minutes(self) -> int:
        """Return the working minutes of a week without days off."""
        return sum(
            span.ends_minute - span.starts_minute for spans in self.spans.values() for span in spans
        )

    @property
    def usual(self) -> tuple[Span, ...]:
        """Return the hours of the first weekday that is worked."""
        return next((self.of(day) for day in range(7) if self.of(day)), ())


@dataclass(frozen=True, slots=True)
class Away:
    """A time when the person is not there; the end is not part of it."""

    starts_at: datetime
    ends_at: datetime


def _no_holidays(_year: int) -> Collection[date]:
    return frozenset()


@dataclass(frozen=True, slots=True)
class WorkTime:
    """The hours in which a person or a team works.

    `exceptions` maps a date to whether it is worked, and beats weekends and public holidays. A day
    worked out of turn takes the hours of its weekday, or the usual ones when that weekday is free.
    """

    hours: WeeklyHours
    zone: ZoneInfo
    exceptions: Mapping[date, bool] = field(default_factory=dict)
    holidays_of_year: Callable[[int], Collection[date]] = _no_holidays
    away: tuple[Away, ...] = ()

    def spans_on(self, day: date) -> tuple[Span, ...]:
        """Return the working spans of a date, before absences."""
        worked = self.exceptions.get(day)
        if worked is None:
            closed = day in self.holidays_of_year(day.year)
            return () if closed else self.hours.of(day.weekday())
        return (self.hours.of(day.weekday()) or self.hours.usual) if worked else ()

    def stretches_on(self, day: date) -> list[tuple[datetime, datetime]]:
        """Return the working spans of a date as instants in UTC, before absences.

        When the clock changes within a span, its stretch may be empty or overlap the next one.
        """
        return [
            (self._instant(day, span.starts_minute), self._instant(day, span.ends_minute))
            for span in self.spans_on(day)
        ]

    def is_working(self, at: datetime) -> bool:
        """Return whether `at` falls in a working span and in no absence."""
        if self._absence_at(at) is not None:
            return False
        day = at.astimezone(self.zone).date()
        return any(start <= at < end for start, end in self.stretches_on(day))

    def next_working(self, at: datetime) -> datetime | None:
        """Return the first working instant at or after `at`, in the zone of the calendar.

        None when there is none within `SEARCH_DAYS` days.
        """
        first = at.astimezone(self.zone).date()
        for offset in range(SEARCH_DAYS):
            for start, end in self.stretches_on(first + timedelta(days=offset)):
                found = self._first_free(max(at.astimezone(UTC), start), end)
                if found is not None:
                    return found.astimezone(self.zone)
        return None

    def _instant(self, day: date, minute: int) -> datetime:
        # By wall clock: on a day when the clock changes, 9 o'clock is still 9 o'clock.
        whole_days, rest = divmod(minute, MINUTES_PER_DAY)
        clock = time(rest // 60, rest % 60)
        local = datetime.combine(day + timedelta(days=whole_days), clock, tzinfo=self.zone)
        # Instants of one zone object compare by wall clock; in UTC they compare as instants.
        return local.astimezone(UTC)

    def _first_free(self, at: datetime, end: datetime) -> datetime | None:
        while at < end:
            absence = self._absence_at(at)
            if absence is None:
                return at
            at = absence.ends_at
        return None

    def _absence_at(self, at: datetime) -> Away | None:
        return next((item for item in self.away if item.starts_at <= at < item.ends_at), None)


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


OFFICE_HOURS = WeeklyHours(
    {weekday: (Span(9 * 60, 12 * 60), Span(13 * 60, 18 * 60)) for weekday in range(5)}
)
"""Monday to Friday, 9 to 18 with an hour at noon: what holds until a company says otherwise."""
