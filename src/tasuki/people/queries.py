"""Reading people: the directory, teams, and the hours in which somebody works."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from django.db.models import Count, Prefetch, Q, QuerySet

from tasuki.core.access import Role
from tasuki.core.departments import Department
from tasuki.core.worktime import OFFICE_HOURS, Away, Span, WeeklyHours, WorkTime
from tasuki.people.holidays import public_holidays
from tasuki.people.models import (
    DEFAULT_TIME_ZONE,
    Absence,
    CalendarException,
    RoleGrant,
    Team,
    User,
    WorkingCalendar,
    WorkingSpan,
)

_DEMO_CARDS = 16


@dataclass(frozen=True, slots=True)
class DirectoryFilter:
    """Which people a list shows; empty means all."""

    text: str = ""
    role: Role | None = None
    department: Department | None = None
    team_id: int | None = None
    state: Literal["active", "inactive", "all"] = "active"


def directory(chosen: DirectoryFilter) -> QuerySet[User]:
    """Return people with their team and roles, in the order of lists: two queries."""
    grants = RoleGrant.objects.select_related("team").order_by("id")
    found = User.objects.select_related("team").prefetch_related(
        Prefetch("grants", queryset=grants)
    )
    for word in chosen.text.split():
        found = found.filter(_named(word))
    if chosen.state != "all":
        found = found.filter(is_active=chosen.state == "active")
    if chosen.team_id is not None:
        found = found.filter(team_id=chosen.team_id)
    if chosen.role is not None:
        found = found.filter(
            pk__in=RoleGrant.objects.filter(role=chosen.role.value).values("user_id")
        )
    if chosen.department is not None:
        found = found.filter(_in_department(chosen.department))
    return found


def active_people() -> QuerySet[User]:
    """Return everybody with an open account, in the order of lists, for choices of owners."""
    return User.objects.filter(is_active=True).select_related("team")


def teams_with_sizes() -> QuerySet[Team]:
    """Return all teams with lead, calendar and `size` (active members): one query."""
    return (
        Team.objects.select_related("lead", "calendar")
        .annotate(size=Count("members", filter=Q(members__is_active=True)))
        .order_by("-is_active", "department", "name_ja", "id")
    )


def calendars() -> QuerySet[WorkingCalendar]:
    """Return the working calendars with their spans and how many `teams` use each."""
    return (
        WorkingCalendar.objects.prefetch_related("spans")
        .annotate(team_count=Count("teams"))
        .order_by("-is_default", "name", "id")
    )


def weekly_hours(spans: list[WorkingSpan]) -> WeeklyHours:
    """Return the stored spans of one calendar as a value."""
    found: dict[int, list[Span]] = defaultdict(list)
    for row in sorted(spans, key=lambda item: (item.weekday, item.starts_minute)):
        found[row.weekday].append(Span(row.starts_minute, row.ends_minute))
    return WeeklyHours({weekday: tuple(items) for weekday, items in found.items()})


def calendar_of(user: User) -> WorkingCalendar | None:
    """Return the calendar that `user` works by: the team's, else the default; None without."""
    wanted = Q(teams=user.team_id) if user.team_id is not None else Q(pk__in=[])
    found = WorkingCalendar.objects.filter(wanted | Q(is_default=True)).order_by("is_default")
    return found.prefetch_related("spans").distinct().first()


def work_time_of(*, user: User, since: datetime) -> WorkTime:
    """Return when `user` works from `since` on; before it, absences are not known."""
    return _work_time(
        calendar_of(user),
        tuple(
            Away(starts_at=item.starts_at, ends_at=item.ends_at)
            for item in upcoming_absences(since=since).filter(user=user)
        ),
    )


def work_time_of_department(*, department: Department, team_id: int | None = None) -> WorkTime:
    """Return the hours of a team, or of the first team of a department that has a calendar; the
    default calendar's where there is none. Nobody's absences count."""
    teams = Team.objects.filter(is_active=True, calendar__isnull=False)
    wanted = Q(pk=team_id) if team_id is not None else Q(department=department.value)
    team = teams.filter(wanted).order_by("id").first()
    chosen = Q(pk=team.calendar_id) if team else Q(is_default=True)
    calendar = WorkingCalendar.objects.filter(chosen).prefetch_related("spans").first()
    return _work_time(calendar, ())


def work_time_of_calendar(calendar: WorkingCalendar | None) -> WorkTime:
    """Return the hours of a calendar (None: office hours), without anybody's absences."""
    return _work_time(calendar, ())


def upcoming_absences(*, since: datetime) -> QuerySet[Absence]:
    """Return absences that are not over at `since` and were not taken back."""
    return (
        Absence.objects.filter(ends_at__gt=since, cancelled_at__isnull=True)
        .select_related("user", "user__team", "deputy")
        .order_by("starts_at", "id")
    )


def demo_people() -> list[User]:
    """Return whom the demo offers to sign in as: the first of each role and department."""
    found: dict[tuple[str, str], User] = {}
    for user in directory(DirectoryFilter()):
        for grant in user.grants.all():
            found.setdefault((grant.role, grant.department), user)
    return list({user.pk: user for user in found.values()}.values())[:_DEMO_CARDS]


def _work_time(calendar: WorkingCalendar | None, away: tuple[Away, ...]) -> WorkTime:
    if calendar is None:
        hours, zone, closed = OFFICE_HOURS, DEFAULT_TIME_ZONE, True
        rows = CalendarException.objects.filter(calendar__isnull=True)
    else:
        hours = weekly_hours(list(calendar.spans.all()))
        zone, closed = calendar.time_zone, calendar.observes_public_holidays
        rows = CalendarException.objects.filter(Q(calendar=calendar) | Q(calendar__isnull=True))
    # A day set for this very calendar beats one set for all: it is read last.
    ordered = sorted(rows, key=lambda row: row.calendar_id is not None)
    return WorkTime(
        hours=hours,
        zone=ZoneInfo(zone),
        exceptions={row.date: row.is_working for row in ordered},
        holidays_of_year=public_holidays if closed else lambda _year: (),
        away=away,
    )


def _named(word: str) -> Q:
    names = ("family_name", "given_name", "family_kana", "given_kana", "email")
    found = Q()
    for name in names:
        found |= Q(**{f"{name}__icontains": word})
    return found


def _in_department(department: Department) -> Q:
    grants = RoleGrant.objects.filter(
        Q(department=department.value) | Q(team__department=department.value)
    )
    return Q(team__department=department.value) | Q(pk__in=grants.values("user_id"))
