"""From a signed-in user to `core.access.Access`, and the guard that views wear."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar, cast

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from tasuki.core.access import NO_ACCESS, Access, Capability, Grant, Role, Scope
from tasuki.core.departments import Department
from tasuki.people.models import RoleGrant, User

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

_CACHE = "_tasuki_access"


class CapabilityDenied(PermissionDenied):
    """The signed-in person may not do this. Names the missing right for the 403 page."""

    def __init__(self, capability: Capability) -> None:
        super().__init__(capability.value)
        self.capability = capability


def access_of(user: User | AnonymousUser) -> Access:
    """Return what `user` may see and do: one query, kept on the user object for the request."""
    if not isinstance(user, User) or not user.is_active:
        return NO_ACCESS
    kept: Access | None = user.__dict__.get(_CACHE)
    if kept is None:
        kept = _load(user)
        user.__dict__[_CACHE] = kept
    return kept


def forget_access(user: User) -> None:
    """Drop the kept access, after the grants or the team of `user` have changed."""
    user.__dict__.pop(_CACHE, None)


def requires(capability: Capability, *others: Capability) -> Callable[[View], View]:
    """Guard a view: without one of the rights it answers 403 before anything happens.

    That somebody is signed in is already made sure of by the sign-in middleware.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            demand(request, capability, *others)
            return view(request, *args, **kwargs)

        return cast(View, guarded)

    return decorate


def demand(request: HttpRequest, capability: Capability, *others: Capability) -> Access:
    """Return the access of who asks, if one of the rights is held.

    Raises: CapabilityDenied (a 403) otherwise.
    """
    access = access_of(request.user)
    if not any(access.allows(item) for item in (capability, *others)):
        raise CapabilityDenied(capability)
    return access


def user_of(request: HttpRequest) -> User:
    """Return the signed-in user. Raises: PermissionDenied when nobody is signed in."""
    if isinstance(request.user, User):
        return request.user
    raise PermissionDenied


def _load(user: User) -> Access:
    rows = RoleGrant.objects.filter(user=user).select_related("team")
    grants = [_grant(row) for row in rows]
    if user.is_superuser:
        grants.append(Grant(Role.ADMIN))
    team_ids = {grant.team_id for grant in grants if grant.team_id is not None}
    if user.team_id is not None:
        team_ids.add(user.team_id)
    return Access(user_id=user.pk, grants=tuple(grants), team_ids=frozenset(team_ids))


def _grant(row: RoleGrant) -> Grant:
    department = row.department or (row.team.department if row.team else "")
    return Grant(
        role=Role(row.role),
        department=Department(department) if department else None,
        team_id=row.team_id,
        sees=Scope(row.sees),
    )
