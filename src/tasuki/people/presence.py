"""Who is there to take something on, judged by absences and working hours."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from tasuki.core.assignment import Presence
from tasuki.core.worktime import Away, WorkTime
from tasuki.people.models import Absence, User, WorkingCalendar
from tasuki.people.queries import upcoming_absences, work_time_of_calendar

PART_OF_A_DAY: Final = timedelta(hours=12)
"""Away for part of the day only: still there."""
BACK_SOON: Final = timedelta(days=3)
"""How long the person of an account is waited for."""
_NEAR: Final = timedelta(days=14)


def presence_of(*, users: Collection[User], now: datetime) -> dict[int, Presence]:
    """Return for each person whether they are there, by the time they next work.

    Compared with their team's next working time: within half a day they are there, within three
    days back soon. Nights and weekends are no absence. A fixed number of queries.
    """
    absences: dict[int, list[Absence]] = defaultdict(list)
    near = upcoming_absences(since=now).filter(
        user__in=[user.pk for user in users], starts_at__lt=now + _NEAR
    )
    for absence in near:
        absences[absence.user_id].append(absence)
    hours = _Hours()
    return {
        user.pk: _presence(hours.of(user), absences[user.pk], now)
        if absences[user.pk]
        else Presence.HERE
        for user in users
    }


class _Hours:
    """The hours of each calendar, read when first asked for."""

    def __init__(self) -> None:
        self._calendars: dict[int, WorkingCalendar] | None = None
        self._hours: dict[int | None, WorkTime] = {}

    def of(self, user: User) -> WorkTime:
        calendar = self._calendar(user)
        key = calendar.pk if calendar else None
        if key not in self._hours:
            self._hours[key] = work_time_of_calendar(calendar)
        return self._hours[key]

    def _calendar(self, user: User) -> WorkingCalendar | None:
        if self._calendars is None:
            rows = WorkingCalendar.objects.prefetch_related("spans")
            self._calendars = {row.pk: row for row in rows}
        default = next((row for row in self._calendars.values() if row.is_default), None)
        own = user.team.calendar_id if user.team else None
        return default if own is None else self._calendars.get(own, default)


def _presence(hours: WorkTime, absences: list[Absence], now: datetime) -> Presence:
    usual = hours.next_working(now)
    away = tuple(Away(item.starts_at, item.ends_at) for item in absences)
    own = replace(hours, away=away).next_working(now)
    if usual is None or own is None:
        return Presence.AWAY
    if own - usual < PART_OF_A_DAY:
        return Presence.HERE
    return Presence.BACK_SOON if own - usual <= BACK_SOON else Presence.AWAY
