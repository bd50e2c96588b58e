"""Rights: the table, how grants narrow it, and which journeys they reach."""

import pytest

from tasuki.core.access import (
    NO_ACCESS,
    ROLE_SCOPES,
    Access,
    Area,
    Capability,
    Grant,
    Reach,
    Role,
    Scope,
)
from tasuki.core.departments import Department

IS = Department.INSIDE_SALES
FS = Department.FIELD_SALES
ME, OTHER = 7, 8
MY_TEAM, OTHER_TEAM = 3, 4


def access(*grants: Grant, team_ids: frozenset[int] = frozenset({MY_TEAM})) -> Access:
    return Access(user_id=ME, grants=grants, team_ids=team_ids)


def test_scopes_are_ordered_by_reach() -> None:
    in_order = [Scope.NONE, Scope.OWN, Scope.TEAM, Scope.DEPARTMENT, Scope.ALL]
    assert sorted(Scope) == in_order
    assert Scope.OWN < Scope.TEAM <= Scope.TEAM
    assert Scope.ALL > Scope.DEPARTMENT >= Scope.DEPARTMENT


def test_every_role_has_a_scope_for_every_capability() -> None:
    assert set(ROLE_SCOPES) == set(Role)
    assert all(set(scopes) == set(Capability) for scopes in ROLE_SCOPES.values())


@pytest.mark.parametrize("role", [Role.EXECUTIVE, Role.VIEWER])
def test_onlookers_change_nothing_and_see_no_personal_data(role: Role) -> None:
    allowed = {item for item in Capability if ROLE_SCOPES[role][item] is not Scope.NONE}
    assert allowed <= {Capability.SEE_JOURNEYS, Capability.SEE_FIGURES, Capability.EXPORT}


def test_nobody_is_allowed_nothing() -> None:
    assert all(not NO_ACCESS.allows(item) for item in Capability)
    assert all(NO_ACCESS.scope(item) is Scope.NONE for item in Capability)
    assert NO_ACCESS.reach(Capability.SEE_JOURNEYS).nothing
    assert NO_ACCESS.departments == frozenset()


@pytest.mark.parametrize(
    ("grant", "capability", "expected"),
    [
        (Grant(Role.MEMBER, IS), Capability.SEE_JOURNEYS, Scope.ALL),
        (Grant(Role.MEMBER, IS, sees=Scope.OWN), Capability.SEE_JOURNEYS, Scope.OWN),
        (Grant(Role.MEMBER, IS, sees=Scope.OWN), Capability.WORK_JOURNEYS, Scope.TEAM),
        (Grant(Role.MEMBER, IS), Capability.EXPORT, Scope.TEAM),
        (Grant(Role.MANAGER), Capability.WORK_JOURNEYS, Scope.DEPARTMENT),
        (Grant(Role.MANAGER, IS, MY_TEAM), Capability.WORK_JOURNEYS, Scope.TEAM),
        (Grant(Role.PROCESS_OWNER), Capability.WORK_JOURNEYS, Scope.ALL),
        (Grant(Role.PROCESS_OWNER, IS), Capability.WORK_JOURNEYS, Scope.DEPARTMENT),
        (Grant(Role.PROCESS_OWNER, IS), Capability.EDIT_BLUEPRINT, Scope.ALL),
        (Grant(Role.PROCESS_OWNER), Capability.SEE_PERSONAL_DATA, Scope.NONE),
        (Grant(Role.ADMIN, IS, MY_TEAM), Capability.MANAGE_PEOPLE, Scope.ALL),
        (Grant(Role.VIEWER), Capability.EXPORT, Scope.NONE),
    ],
)
def test_a_grant_narrows_its_role(grant: Grant, capability: Capability, expected: Scope) -> None:
    assert grant.scope(capability) is expected


def test_grants_add_up() -> None:
    both = access(Grant(Role.PROCESS_OWNER), Grant(Role.MEMBER, IS))
    assert both.scope(Capability.SEE_PERSONAL_DATA) is Scope.ALL
    assert both.scope(Capability.EDIT_BLUEPRINT) is Scope.ALL
    assert both.holds(Role.MEMBER)
    assert not both.holds(Role.ADMIN)
    assert both.departments == {IS}


@pytest.mark.parametrize(
    ("grant", "department", "expected"),
    [
        (Grant(Role.MEMBER, IS), None, True),
        (Grant(Role.MEMBER, IS), IS, True),
        (Grant(Role.MEMBER, IS), FS, False),
        (Grant(Role.MANAGER), FS, True),
        (Grant(Role.PROCESS_OWNER), FS, True),
        (Grant(Role.VIEWER), FS, False),
        (Grant(Role.VIEWER), None, False),
    ],
)
def test_working_is_allowed_per_department(
    grant: Grant, department: Department | None, *, expected: bool
) -> None:
    assert access(grant).allows(Capability.WORK_JOURNEYS, department) is expected


@pytest.mark.parametrize(
    ("grant", "expected"),
    [
        (Grant(Role.PROCESS_OWNER), Reach(everything=True, own=True)),
        (Grant(Role.MANAGER), Reach(everything=True, own=True)),
        (Grant(Role.MANAGER, IS), Reach(own=True, areas=frozenset({Area(IS)}))),
        (
            Grant(Role.MANAGER, None, OTHER_TEAM),
            Reach(own=True, areas=frozenset({Area(None, frozenset({OTHER_TEAM}))})),
        ),
        (
            Grant(Role.MEMBER, IS),
            Reach(own=True, areas=frozenset({Area(IS, frozenset({MY_TEAM}), queue=True)})),
        ),
        (Grant(Role.VIEWER), Reach()),
    ],
)
def test_reach_of_working(grant: Grant, expected: Reach) -> None:
    assert access(grant).reach(Capability.WORK_JOURNEYS) == expected


def test_reach_of_own_only() -> None:
    reach = access(Grant(Role.MEMBER, IS)).reach(Capability.REASSIGN)
    assert reach == Reach(own=True)
    assert not reach.nothing


@pytest.mark.parametrize(
    ("owner_id", "team_id", "department", "expected"),
    [
        (ME, MY_TEAM, IS, True),
        (ME, MY_TEAM, FS, True),  # carried across departments: still mine
        (OTHER, MY_TEAM, IS, True),
        (OTHER, MY_TEAM, FS, False),
        (OTHER, OTHER_TEAM, IS, False),
        (None, None, IS, True),  # the department's queue
        (None, None, FS, False),
        (None, OTHER_TEAM, IS, False),
        (OTHER, None, IS, False),
    ],
)
def test_a_member_works_on_own_team_and_queue(
    owner_id: int | None, team_id: int | None, department: Department, *, expected: bool
) -> None:
    member = access(Grant(Role.MEMBER, IS))
    allowed = member.may_work_on(owner_id=owner_id, team_id=team_id, department=department)
    assert allowed is expected


def test_an_abm_team_works_in_every_department_but_has_no_queue() -> None:
    member = access(Grant(Role.MEMBER, None, OTHER_TEAM))
    assert member.may_work_on(owner_id=OTHER, team_id=OTHER_TEAM, department=FS)
    assert not member.may_work_on(owner_id=None, team_id=None, department=FS)


def test_a_manager_works_on_the_whole_department() -> None:
    manager = access(Grant(Role.MANAGER, IS))
    assert manager.may_work_on(owner_id=OTHER, team_id=OTHER_TEAM, department=IS)
    assert not manager.may_work_on(owner_id=OTHER, team_id=MY_TEAM, department=FS)
    assert not manager.may_work_on(owner_id=OTHER, team_id=MY_TEAM, department=None)


def test_a_process_owner_works_everywhere() -> None:
    owner = access(Grant(Role.PROCESS_OWNER))
    assert owner.may_work_on(owner_id=OTHER, team_id=None, department=None)
    assert owner.may_see(owner_ids=[], team_id=None, department=FS)


@pytest.mark.parametrize(
    ("owner_ids", "expected"),
    [([ME], True), ([OTHER, ME], True), ([OTHER], False), ([], False)],
)
def test_what_one_once_carried_stays_in_sight(owner_ids: list[int], *, expected: bool) -> None:
    narrow = access(Grant(Role.MEMBER, IS, sees=Scope.OWN))
    assert narrow.may_see(owner_ids=owner_ids, team_id=None, department=IS) is expected


def test_seeing_a_team_includes_its_queue_but_no_strangers() -> None:
    narrow = access(Grant(Role.MEMBER, IS, sees=Scope.TEAM))
    assert narrow.may_see(owner_ids=[OTHER], team_id=MY_TEAM, department=IS)
    assert narrow.may_see(owner_ids=[], team_id=None, department=IS)
    assert not narrow.may_see(owner_ids=[OTHER], team_id=None, department=IS)


def test_seeing_personal_data_is_its_own_right() -> None:
    viewer = access(Grant(Role.VIEWER))
    asked = Capability.SEE_PERSONAL_DATA
    assert viewer.may_see(owner_ids=[ME], team_id=MY_TEAM, department=IS)
    assert not viewer.may_see(owner_ids=[ME], team_id=MY_TEAM, department=IS, capability=asked)
