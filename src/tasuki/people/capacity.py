"""Who works in a department, and how much of its work each takes by rule."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db.models import Prefetch, Q, QuerySet

from tasuki.core.access import ROLE_SCOPES, Capability, Role, Scope
from tasuki.core.departments import Department
from tasuki.people.models import RoleGrant, User, WorkingProfile

WORKERS: Final = (Role.MEMBER.value, Role.MANAGER.value)
"""The roles that carry journeys. A manager takes none by rule until a weight says so."""

MEMBER_WEIGHT: Final = Decimal(1)
MANAGER_WEIGHT: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class DepartmentMember:
    """Somebody who carries journeys of a department; a capacity of None is no limit."""

    user: User
    department: Department
    weight: Decimal
    capacity: int | None


def department_members(*, department: Department) -> list[DepartmentMember]:
    """Return everybody active who works in the department, in the order of lists: three queries.

    Whoever holds a working role without a place works where their team does, and without such a
    team in every department.
    """
    grants = RoleGrant.objects.filter(_works_in(department), role__in=WORKERS)
    users = (
        User.objects.filter(is_active=True, pk__in=grants.values("user_id"))
        .select_related("team")
        .prefetch_related(Prefetch("grants", queryset=grants, to_attr="working_grants"))
    )
    kept = {row.user_id: row for row in WorkingProfile.objects.filter(department=department.value)}
    return [_member(user, department, kept.get(user.pk)) for user in users]


def people_who_work() -> QuerySet[User]:
    """Return everybody active who may work on journeys anywhere, in the order of lists."""
    roles = [
        role.value for role in Role if ROLE_SCOPES[role][Capability.WORK_JOURNEYS] is not Scope.NONE
    ]
    grants = RoleGrant.objects.filter(role__in=roles)
    return User.objects.filter(is_active=True, pk__in=grants.values("user_id"))


def save_profiles(*, profiles: Collection[WorkingProfile]) -> None:
    """Store how much these people take, in place of what was kept for them: one query."""
    WorkingProfile.objects.bulk_create(
        profiles,
        update_conflicts=True,
        unique_fields=["user", "department"],
        update_fields=["weight", "capacity"],
    )


def _works_in(department: Department) -> Q:
    nowhere = Q(department="", team__isnull=True)
    crossing = Q(user__team__isnull=True) | Q(user__team__department="")
    return (
        Q(department=department.value)
        | Q(department="", team__department=department.value)
        | nowhere & (crossing | Q(user__team__department=department.value))
    )


def _member(user: User, department: Department, profile: WorkingProfile | None) -> DepartmentMember:
    if profile is not None:
        return DepartmentMember(user, department, profile.weight, profile.capacity)
    grants: list[RoleGrant] = user.__dict__["working_grants"]
    is_member = any(grant.role == Role.MEMBER.value for grant in grants)
    return DepartmentMember(user, department, MEMBER_WEIGHT if is_member else MANAGER_WEIGHT, None)
