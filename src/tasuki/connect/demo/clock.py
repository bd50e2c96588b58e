"""Time as an office keeps it: nothing happens on weekends, holidays or at night."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from tasuki.people.holidays import public_holidays

ZONE: Final = ZoneInfo("Asia/Tokyo")
OPENS_MINUTE: Final = 9 * 60
CLOSES_MINUTE: Final = 18 * 60
_YEAR_END: Final = {(12, 29), (12, 30), (12, 31), (1, 2), (1, 3)}


@dataclass(frozen=True, slots=True)
class OfficeClock:
    """Steps through working days; `end` is the present moment of the demo."""

    rng: Random
    end: datetime

    @property
    def today(self) -> date:
        """This will return the present day in Tokyo."""
        return self.end.astimezone(ZONE).date()

    def on(self, day: date) -> datetime:
        """This will return some working minute of the day, or of the next working day."""
        while not is_working_day(day):
            day += timedelta(days=1)
        minute = self.rng.randint(OPENS_MINUTE, CLOSES_MINUTE - 1)
        return _instant(day, minute)

    def after(self, at: datetime, days: float) -> datetime:
        """This will return a working minute about so many working days later, never before `at`."""
        whole = int(days)
        if whole == 0:
            return self._later_today(at, days)
        day = at.astimezone(ZONE).date()
        while whole > 0:
            day += timedelta(days=1)
            whole -= is_working_day(day)
        return self.on(day)

    def spread(self, start: datetime, stop: datetime, count: int) -> list[datetime]:
        """This will return so many working minutes between the two, in order."""
        seconds = (stop - start).total_seconds()
        moments = [start + timedelta(seconds=self.rng.random() * seconds) for _ in range(count)]
        working = [self.on(moment.astimezone(ZONE).date()) for moment in sorted(moments)]
        return sorted(moment for moment in working if start <= moment <= stop)

    def _later_today(self, at: datetime, days: float) -> datetime:
        local = at.astimezone(ZONE)
        minute = local.hour * 60 + local.minute + max(5, int(days * 540))
        if minute < CLOSES_MINUTE and is_working_day(local.date()):
            return _instant(local.date(), minute)
        return self.on(local.date() + timedelta(days=1))


def is_working_day(day: date) -> bool:
    """This will tell whether the office is open that day."""
    closed = day.weekday() > 4 or (day.month, day.day) in _YEAR_END
    return not closed and day not in public_holidays(day.year)


def _instant(day: date, minute: int) -> datetime:
    local = datetime.combine(day, time(minute // 60, minute % 60), tzinfo=ZONE)
    return local.astimezone(UTC)
