"""Who answers for a department: may decide what its members may not."""

from django.db.models import Q, QuerySet

from tasuki.core.access import Access, Role
from tasuki.core.departments import Department
from tasuki.people.models import RoleGrant, User

_WIDE = (Role.ADMIN, Role.PROCESS_OWNER)


def manages(*, access: Access, department: Department) -> bool:
    """Return whether somebody manages the department, or the whole process."""
    return any(
        grant.role in _WIDE
        or (grant.role is Role.MANAGER and grant.department in (None, department))
        for grant in access.grants
    )


def managers_of(*, department: Department) -> QuerySet[User]:
    """Return the active managers of a department; those without a place manage every one."""
    everywhere = Q(department="", team__isnull=True)
    here = Q(department=department.value) | Q(department="", team__department=department.value)
    grants = RoleGrant.objects.filter(everywhere | here, role=Role.MANAGER.value)
    return User.objects.filter(is_active=True, pk__in=grants.values("user_id"))
