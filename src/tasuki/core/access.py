"""Who may see and do what: roles, how far each reaches, and the one table that says so.

A person holds *grants* (a role, perhaps for one department or team, and how far that grant sees).
Grants add up; none takes away. The table `ROLE_SCOPES` is the only place where a role's rights are
written: the administration screen and decision record 0005 print it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from tasuki.core.departments import Department


class Role(StrEnum):
    """What a person is here to do. One person may hold several (R69)."""

    ADMIN = "admin"
    PROCESS_OWNER = "process_owner"
    EXECUTIVE = "executive"
    MANAGER = "manager"
    MEMBER = "member"
    VIEWER = "viewer"


class Scope(StrEnum):
    """How far a right reaches. Ordered: none < own < team < department < all."""

    NONE = "none"
    OWN = "own"
    TEAM = "team"
    DEPARTMENT = "department"
    ALL = "all"

    @property
    def rank(self) -> int:
        """Return the position in the order, 0 for the narrowest."""
        return _SCOPE_ORDER.index(self.value)

    def __lt__(self, other: str) -> bool:
        """Compare by reach, not by spelling."""
        return self.rank < Scope(other).rank

    def __le__(self, other: str) -> bool:
        """Compare by reach, not by spelling."""
        return self.rank <= Scope(other).rank

    def __gt__(self, other: str) -> bool:
        """Compare by reach, not by spelling."""
        return self.rank > Scope(other).rank

    def __ge__(self, other: str) -> bool:
        """Compare by reach, not by spelling."""
        return self.rank >= Scope(other).rank


_SCOPE_ORDER = ("none", "own", "team", "department", "all")


class Capability(StrEnum):
    """One thing that a person may be allowed to do."""

    SEE_JOURNEYS = "see_journeys"
    SEE_PERSONAL_DATA = "see_personal_data"
    SEE_FIGURES = "see_figures"
    EXPORT = "export"
    WORK_JOURNEYS = "work_journeys"
    REASSIGN = "reassign"
    BULK_EDIT = "bulk_edit"
    IMPORT = "import"
    MERGE = "merge"
    EDIT_BLUEPRINT = "edit_blueprint"
    EDIT_SETTINGS = "edit_settings"
    MANAGE_WORKING_TIME = "manage_working_time"
    MANAGE_PEOPLE = "manage_people"
    SEE_AUDIT = "see_audit"


SEEING = frozenset(
    {
        Capability.SEE_JOURNEYS,
        Capability.SEE_PERSONAL_DATA,
        Capability.SEE_FIGURES,
        Capability.EXPORT,
    }
)
"""Rights that the `sees` of a grant narrows."""

WORKING = frozenset(
    {
        Capability.WORK_JOURNEYS,
        Capability.REASSIGN,
        Capability.BULK_EDIT,
        Capability.MANAGE_WORKING_TIME,
    }
)
"""Rights that the place of a grant narrows. All other rights concern the whole company."""

_ROLE_COLUMNS = (
    Role.ADMIN,
    Role.PROCESS_OWNER,
    Role.EXECUTIVE,
    Role.MANAGER,
    Role.MEMBER,
    Role.VIEWER,
)
_NO, _OWN, _TEAM, _DEPT, _ALL = Scope.NONE, Scope.OWN, Scope.TEAM, Scope.DEPARTMENT, Scope.ALL

# fmt: off
_TABLE: dict[Capability, tuple[Scope, ...]] = {
    #                                admin  process executive manager member viewer
    Capability.SEE_JOURNEYS:        (_ALL,  _ALL,   _ALL,     _ALL,   _ALL,  _ALL),
    Capability.SEE_PERSONAL_DATA:   (_ALL,  _NO,    _NO,      _ALL,   _ALL,  _NO),
    Capability.SEE_FIGURES:         (_ALL,  _ALL,   _ALL,     _ALL,   _ALL,  _ALL),
    Capability.EXPORT:              (_ALL,  _ALL,   _ALL,     _DEPT,  _TEAM, _NO),
    Capability.WORK_JOURNEYS:       (_ALL,  _ALL,   _NO,      _DEPT,  _TEAM, _NO),
    Capability.REASSIGN:            (_ALL,  _ALL,   _NO,      _DEPT,  _OWN,  _NO),
    Capability.BULK_EDIT:           (_ALL,  _ALL,   _NO,      _DEPT,  _TEAM, _NO),
    Capability.IMPORT:              (_ALL,  _ALL,   _NO,      _ALL,   _NO,   _NO),
    Capability.MERGE:               (_ALL,  _NO,    _NO,      _ALL,   _NO,   _NO),
    Capability.EDIT_BLUEPRINT:      (_ALL,  _ALL,   _NO,      _NO,    _NO,   _NO),
    Capability.EDIT_SETTINGS:       (_ALL,  _ALL,   _NO,      _NO,    _NO,   _NO),
    Capability.MANAGE_WORKING_TIME: (_ALL,  _ALL,   _NO,      _DEPT,  _NO,   _NO),
    Capability.MANAGE_PEOPLE:       (_ALL,  _NO,    _NO,      _NO,    _NO,   _NO),
    Capability.SEE_AUDIT:           (_ALL,  _ALL,   _NO,      _NO,    _NO,   _NO),
}
# fmt: on

ROLE_SCOPES: dict[Role, dict[Capability, Scope]] = {
    role: {capability: row[column] for capability, row in _TABLE.items()}
    for column, role in enumerate(_ROLE_COLUMNS)
}
"""Role → capability → how far it reaches before a grant narrows it."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One role held by a person, for a place (`department`, `team_id`; None = the whole company).

    `sees` caps the seeing rights; the place caps the working rights.
    """

    role: Role
    department: Department | None = None
    team_id: int | None = None
    sees: Scope = Scope.ALL

    def scope(self, capability: Capability) -> Scope:
        """Return how far this grant carries `capability`."""
        declared = ROLE_SCOPES[self.role][capability]
        if capability in SEEING:
            return min(declared, self.sees)
        if capability in WORKING:
            return min(declared, self._place)
        return declared

    @property
    def _place(self) -> Scope:
        if self.team_id is not None:
            return Scope.TEAM
        return Scope.ALL if self.department is None else Scope.DEPARTMENT


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the company's journeys: those held by `department`, of any of `team_ids`.

    None means "any". With `queue`, journeys of the department that nobody holds yet belong to it.
    """

    department: Department | None = None
    team_ids: frozenset[int] | None = None
    queue: bool = False

    def holds(
        self, *, owner_id: int | None, team_id: int | None, department: Department | None
    ) -> bool:
        """Return whether a journey with this owner, team and holding department is in the area."""
        if self.department is not None and department != self.department:
            return False
        if self.team_ids is None or team_id in self.team_ids:
            return True
        return self.queue and owner_id is None and team_id is None


@dataclass(frozen=True, slots=True)
class Reach:
    """The journeys that a right reaches: everything, or one's own and those of some areas.

    Queries turn this value into a filter, so that lists and single records judge alike.
    """

    everything: bool = False
    own: bool = False
    areas: frozenset[Area] = frozenset()

    @property
    def nothing(self) -> bool:
        """Return whether no journey at all is reached."""
        return not (self.everything or self.own or self.areas)


@dataclass(frozen=True, slots=True)
class Access:
    """Everything that decides what one person sees and does. Nobody signed in: no grants."""

    user_id: int
    grants: tuple[Grant, ...] = ()
    team_ids: frozenset[int] = frozenset()

    def scope(self, capability: Capability) -> Scope:
        """Return the widest reach that any grant gives to `capability`."""
        return max((grant.scope(capability) for grant in self.grants), default=Scope.NONE)

    def allows(self, capability: Capability, department: Department | None = None) -> bool:
        """Return whether `capability` is held at all, or in `department` when one is given."""
        return any(self._grant_allows(grant, capability, department) for grant in self.grants)

    def holds(self, role: Role) -> bool:
        """Return whether any grant is for `role`."""
        return any(grant.role is role for grant in self.grants)

    @property
    def departments(self) -> frozenset[Department]:
        """Return the departments that the grants name."""
        return frozenset(grant.department for grant in self.grants if grant.department)

    def reach(self, capability: Capability) -> Reach:
        """Return which journeys `capability` reaches, all grants added up."""
        return _reach(self, capability)

    def may_see(
        self,
        *,
        owner_ids: Collection[int],
        team_id: int | None,
        department: Department | None,
        capability: Capability = Capability.SEE_JOURNEYS,
    ) -> bool:
        """Return whether a journey may be seen (or `capability` used on it).

        `owner_ids` are all who own it now or ever did: what one once carried stays in sight.
        """
        reach = self.reach(capability)
        if reach.everything or (reach.own and self.user_id in owner_ids):
            return True
        # A journey with a past owner is not in anybody's queue, so any id stands for "owned".
        owner_id = next(iter(owner_ids), None)
        return _any_holds(reach.areas, owner_id, team_id, department)

    def may_work_on(
        self,
        *,
        owner_id: int | None,
        team_id: int | None,
        department: Department | None,
        capability: Capability = Capability.WORK_JOURNEYS,
    ) -> bool:
        """Return whether a journey may be worked on: its present owner, team and department."""
        reach = self.reach(capability)
        if reach.everything or (reach.own and owner_id == self.user_id):
            return True
        return _any_holds(reach.areas, owner_id, team_id, department)

    def area(self, grant: Grant, scope: Scope) -> Area | None:
        """Return the area of a grant at `scope`; None stands for everything."""
        if scope is Scope.ALL:
            return None
        if scope is Scope.DEPARTMENT and grant.department is not None:
            return Area(department=grant.department)
        if scope is Scope.DEPARTMENT and grant.team_id is None:
            return None
        team_ids = self.team_ids if grant.team_id is None else frozenset({grant.team_id})
        return Area(grant.department, team_ids, queue=grant.department is not None)

    @staticmethod
    def _grant_allows(grant: Grant, capability: Capability, department: Department | None) -> bool:
        scope = grant.scope(capability)
        if scope is Scope.NONE:
            return False
        return department is None or scope is Scope.ALL or grant.department in (None, department)


@lru_cache(maxsize=2048)
def _reach(access: Access, capability: Capability) -> Reach:
    """Kept, because a list asks for every row what its reader may do."""
    parts = [(grant, grant.scope(capability)) for grant in access.grants]
    areas = [access.area(grant, scope) for grant, scope in parts if scope > Scope.OWN]
    if any(area is None for area in areas):
        return Reach(everything=True, own=True)
    return Reach(
        own=any(scope >= Scope.OWN for _, scope in parts),
        areas=frozenset(area for area in areas if area is not None),
    )


def _any_holds(
    areas: Iterable[Area],
    owner_id: int | None,
    team_id: int | None,
    department: Department | None,
) -> bool:
    return any(
        area.holds(owner_id=owner_id, team_id=team_id, department=department) for area in areas
    )


NO_ACCESS = Access(user_id=0)
"""The access of nobody: not signed in, or deactivated."""
