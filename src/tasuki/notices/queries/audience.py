"""Whom a fact concerns, who may know of it, and when each of them can be reached."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Q

from tasuki.core.access import Access, Capability, Role
from tasuki.core.departments import Department
from tasuki.core.worktime import WorkTime
from tasuki.journeys.models import Journey, Stay
from tasuki.people.access import access_of
from tasuki.people.models import Absence, RoleGrant, Team, User, WorkingCalendar
from tasuki.people.queries import (
    DirectoryFilter,
    directory,
    work_time_of,
    work_time_of_calendar,
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a notice says of a journey, and who holds it: all that seeing it depends on."""

    journey_id: int
    company: str
    owner_id: int | None
    team_id: int | None
    department: str
    stage: str
    holders: tuple[int, ...]
    """Who carried it, first to last, the present owner included."""


@dataclass(frozen=True, slots=True)
class Reader:
    """One person as a possible reader, at one moment."""

    user: User
    access: Access
    absence: Absence | None
    now: datetime

    @property
    def is_away(self) -> bool:
        """Whether the person is absent at this moment."""
        return self.absence is not None

    def may_see(self, journey: Told) -> bool:
        """Whether the journey is open to the person; what they carried stays in sight."""
        return self.user.is_active and self.access.may_see(
            owner_ids=journey.holders,
            team_id=journey.team_id,
            department=Department(journey.department) if journey.department else None,
        )

    def may_work_in(self, department: Department) -> bool:
        """Whether the person works on journeys of the department."""
        return self.access.allows(Capability.WORK_JOURNEYS, department)


class Circle:
    """Looks people up for one run of a job; each is asked for once."""

    def __init__(self, *, now: datetime) -> None:
        self._now = now
        self._readers: dict[int, Reader | None] = {}
        self._hours: dict[int, WorkTime] = {}

    def reader(self, user_id: int | None) -> Reader | None:
        """Return an active person; None for nobody, or for somebody who left."""
        if user_id is None:
            return None
        if user_id not in self._readers:
            user = User.objects.select_related("team").filter(pk=user_id, is_active=True).first()
            self._readers[user_id] = self._make(user) if user else None
        return self._readers[user_id]

    def readers(self, user_ids: Iterable[int | None]) -> Iterator[Reader]:
        """Yield each active person once, in the order given."""
        for user_id in dict.fromkeys(user_ids):
            found = self.reader(user_id)
            if found is not None:
                yield found

    def queue_of(self, *, department: Department, team_id: int | None) -> list[int]:
        """Return who takes from the queue of a department, or of one of its teams."""
        chosen = DirectoryFilter(department=department, team_id=team_id)
        people = directory(chosen).values_list("pk", flat=True)
        return [one.user.pk for one in self.readers(people) if one.may_work_in(department)]

    def leaders_of(self, *, department: Department | None, team_id: int | None) -> list[int]:
        """Return who answers for a team: its lead, else its managers, else the department's.

        Somebody who is away answers for nothing, as long as anybody else is there.
        """
        for group in (
            _leads(team_id),
            _managers(Q(team_id=team_id) if team_id else Q(pk__in=[])),
            _managers(Q(department=department.value, team=None) if department else Q(pk__in=[])),
            _managers(Q(department="", team=None)),
        ):
            present = [one.user.pk for one in self.readers(group) if not one.is_away]
            if present:
                return present
        return []

    def work_time(self, user: User) -> WorkTime:
        """Return when a person works; hours in which they are away are none."""
        if user.pk not in self._hours:
            self._hours[user.pk] = work_time_of(user=user, since=self._now)
        return self._hours[user.pk]

    @cached_property
    def house_time(self) -> WorkTime:
        """Return when the company works."""
        return work_time_of_calendar(WorkingCalendar.objects.filter(is_default=True).first())

    @cached_property
    def _away(self) -> dict[int, Absence]:
        now = self._now
        found = Absence.objects.filter(
            starts_at__lte=now, ends_at__gt=now, cancelled_at__isnull=True
        )
        return {item.user_id: item for item in found.order_by("ends_at")}

    def _make(self, user: User) -> Reader:
        return Reader(user, access_of(user), self._away.get(user.pk), self._now)


def journeys_told(journey_ids: Collection[int]) -> dict[int, Told]:
    """Return what notices say of these journeys: two queries."""
    holders: dict[int, list[int]] = {}
    stays = Stay.objects.filter(journey_id__in=journey_ids, owner__isnull=False)
    for journey_id, owner_id in stays.order_by("number").values_list("journey_id", "owner_id"):
        holders.setdefault(journey_id, []).append(owner_id)
    rows = Journey.objects.filter(pk__in=journey_ids).select_related("account")
    return {row.pk: _told(row, holders.get(row.pk, [])) for row in rows}


def came_with(*, journey_id: int, recorded_at: datetime) -> int | None:
    """Return to whom a journey came by the move recorded at this moment; None if to nobody new."""
    stays = Stay.objects.filter(journey_id=journey_id).order_by("-number")[:2]
    last, *before = stays
    is_of_the_move = last.entered_recorded_at == recorded_at
    came = last.owner_id if is_of_the_move else None
    return None if before and before[0].owner_id == came else came


def _told(journey: Journey, holders: list[int]) -> Told:
    present = [journey.owner_id] if journey.owner_id else []
    return Told(
        journey_id=journey.pk,
        company=journey.account.name,
        owner_id=journey.owner_id,
        team_id=journey.team_id,
        department=journey.department,
        stage=journey.stage,
        holders=tuple(dict.fromkeys([*holders, *present])),
    )


def _leads(team_id: int | None) -> list[int | None]:
    if team_id is None:
        return []
    return list(Team.objects.filter(pk=team_id).values_list("lead_id", flat=True))


def _managers(place: Q) -> list[int]:
    grants = RoleGrant.objects.filter(place, role=Role.MANAGER.value)
    return list(grants.order_by("user_id").values_list("user_id", flat=True))
