"""How the work of each department is shared out, for those in charge of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from tasuki.core.access import Access, Area, Capability
from tasuki.core.departments import Department
from tasuki.journeys.queries.roster import loads_of
from tasuki.people.capacity import DepartmentMember, department_members


@dataclass(frozen=True, slots=True)
class ShareRow:
    """Somebody's share, and what they have on hand in the department now."""

    member: DepartmentMember
    load: int

    @property
    def key(self) -> str:
        """Name the row in a form."""
        return f"{self.member.department.value}-{self.member.user.pk}"


@dataclass(frozen=True, slots=True)
class DepartmentShares:
    """The people of one department who are in one's charge."""

    department: Department
    rows: Sequence[ShareRow]


def shares_in_charge(*, access: Access) -> list[DepartmentShares]:
    """Return the departments whose working time `access` may manage, with their people."""
    reach = access.reach(Capability.MANAGE_WORKING_TIME)
    found = []
    for department in Department:
        areas = [area for area in reach.areas if area.department in (None, department)]
        if reach.everything or areas:
            found.append(_shares(department, None if reach.everything else areas))
    return found


def _shares(department: Department, areas: Sequence[Area] | None) -> DepartmentShares:
    members = [
        member
        for member in department_members(department=department)
        if areas is None or any(_holds(area, member) for area in areas)
    ]
    loads = loads_of(user_ids=[member.user.pk for member in members], department=department)
    rows = [ShareRow(member, loads.get(member.user.pk, 0)) for member in members]
    return DepartmentShares(department, rows)


def _holds(area: Area, member: DepartmentMember) -> bool:
    return area.team_ids is None or member.user.team_id in area.team_ids
