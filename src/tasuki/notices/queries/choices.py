"""What each person chose, and when their mail or webhook goes out because of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from tasuki.core.worktime import WorkTime
from tasuki.notices.kinds import Channel, Group, Pace, usual_pace
from tasuki.notices.models import Preference, QuietTime, Webhook

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Choices:
    """One person's choices; what was not chosen is as usual."""

    paces: Mapping[tuple[Group, Channel], Pace]
    is_quiet: bool
    """Whether mail and webhook wait for working hours."""
    webhook: Webhook | None

    def pace(self, group: Group, channel: Channel) -> Pace:
        """Return how soon a group goes out by a way."""
        chosen = self.paces.get((group, channel))
        return usual_pace(group=group, channel=channel) if chosen is None else chosen


@dataclass(frozen=True, slots=True)
class Slot:
    """When something goes out, and with what it is put together."""

    pace: Pace
    at: datetime


def choices_of(user_ids: Iterable[int]) -> dict[int, Choices]:
    """Return the choices of these people: three queries."""
    wanted = set(user_ids)
    paces: dict[int, dict[tuple[Group, Channel], Pace]] = {pk: {} for pk in wanted}
    for row in Preference.objects.filter(user_id__in=wanted):
        paces[row.user_id][Group(row.group), Channel(row.channel)] = Pace(row.pace)
    rows = QuietTime.objects.filter(user_id__in=wanted).values_list("user_id", "is_kept")
    quiet = dict(rows)
    hooks = {hook.user_id: hook for hook in Webhook.objects.filter(user_id__in=wanted)}
    return {pk: Choices(paces[pk], quiet.get(pk, True), hooks.get(pk)) for pk in wanted}


def slot_for(*, pace: Pace, now: datetime, work: WorkTime, is_quiet: bool, is_away: bool) -> Slot:
    """Return when something told now goes out.

    To somebody who is away everything goes together when they are back. A day's digest comes with
    the first working minute of a day. Who works at no time of the year is told at once.
    """
    if is_away:
        return Slot(Pace.DAILY, work.next_working(now) or now)
    if pace is Pace.DAILY:
        return Slot(pace, _start_of_day(now, work) or now)
    at = now if pace is Pace.NOW else _next_hour(now)
    return Slot(pace, (work.next_working(at) or at) if is_quiet else at)


def _next_hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0) + _HOUR


def _start_of_day(now: datetime, work: WorkTime) -> datetime | None:
    today = now.astimezone(work.zone).date()
    for offset in (0, 1):
        midnight = datetime.combine(today + timedelta(days=offset), time(), tzinfo=work.zone)
        start = work.next_working(midnight)
        if start is not None and start >= now:
            return start
    return None
