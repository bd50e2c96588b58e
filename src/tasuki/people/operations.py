"""Changes to accounts, rights and working time. The acting user is an argument, the clock too."""

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import unquote

from django.db import IntegrityError, transaction
from django.db.models import Q

from tasuki.core.access import Grant, Role
from tasuki.core.worktime import WeeklyHours
from tasuki.people.access import forget_access
from tasuki.people.models import (
    Absence,
    AccountAction,
    AccountEvent,
    RoleGrant,
    User,
    WorkingCalendar,
    WorkingSpan,
)


class LastAdminError(Exception):
    """Refused: without this person nobody could manage people any more."""

    def __init__(self, user: User) -> None:
        super().__init__(f"{user.email} is the last administrator")
        self.user = user


class OwnAccountError(Exception):
    """Refused: nobody locks themselves out."""


class GrantHeldError(Exception):
    """Refused: the person holds this role for this place already."""


class EmailTakenError(Exception):
    """Refused: somebody, perhaps deactivated, has this address."""


def invite_user(*, user: User, by: User | None, now: datetime) -> User:
    """Store a new person without a password; they set it themselves by the link in the mail.

    Raises: EmailTakenError.
    """
    user.set_unusable_password()
    user.created_at = now
    try:
        with transaction.atomic():
            user.save(force_insert=True)
            record_account_event(user=user, by=by, at=now, action=AccountAction.INVITED)
    except IntegrityError as error:
        if "email" in str(error):
            raise EmailTakenError(user.email) from error
        raise
    return user


def grant_role(*, user: User, grant: Grant, by: User | None, now: datetime) -> RoleGrant:
    """Give a role to a person, in addition to those held.

    Raises: GrantHeldError when the same role for the same place is held.
    """
    row = RoleGrant(
        user=user,
        role=grant.role.value,
        department=grant.department.value if grant.department else "",
        team_id=grant.team_id,
        sees=grant.sees.value,
        granted_at=now,
        granted_by=by,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            record_account_event(
                user=user, by=by, at=now, action=AccountAction.GRANTED, detail=str(row)
            )
    except IntegrityError as error:
        raise GrantHeldError(str(row)) from error
    forget_access(user)
    return row


@transaction.atomic
def revoke_role(*, grant: RoleGrant, by: User, now: datetime) -> None:
    """Take one role from a person. Raises: LastAdminError."""
    if grant.role == Role.ADMIN:
        _demand_another_admin(grant.user)
    detail = str(grant)
    grant.delete()
    record_account_event(
        user=grant.user, by=by, at=now, action=AccountAction.REVOKED, detail=detail
    )
    forget_access(grant.user)


@transaction.atomic
def deactivate_user(*, user: User, by: User, now: datetime) -> None:
    """Close an account: its sessions end with the next click; its history stays.

    Raises: OwnAccountError, LastAdminError.
    """
    if user.pk == by.pk:
        raise OwnAccountError
    _demand_another_admin(user)
    changed = User.objects.filter(pk=user.pk, is_active=True).update(
        is_active=False, deactivated_at=now
    )
    if changed:
        record_account_event(user=user, by=by, at=now, action=AccountAction.DEACTIVATED)
    forget_access(user)


@transaction.atomic
def reactivate_user(*, user: User, by: User, now: datetime) -> None:
    """Open a closed account again, with the roles it had."""
    changed = User.objects.filter(pk=user.pk, is_active=False).update(
        is_active=True, deactivated_at=None
    )
    if changed:
        record_account_event(user=user, by=by, at=now, action=AccountAction.REACTIVATED)
    forget_access(user)


def record_account_event(
    *,
    user: User,
    by: User | None,
    at: datetime,
    action: AccountAction,
    detail: str = "",
) -> None:
    """Add a line to the history of an account."""
    AccountEvent.objects.create(user=user, by=by, at=at, action=action.value, detail=detail[:1000])


def record_export(*, user: User, at: datetime, address: str, rows: int) -> None:
    """Remember what somebody took along: the list by its address, and how many rows it had."""
    detail = f"{unquote(address)} ({rows:,})".replace("\0", "")
    record_account_event(user=user, by=user, at=at, action=AccountAction.EXPORTED, detail=detail)


@transaction.atomic
def save_calendar(*, calendar: WorkingCalendar, hours: WeeklyHours) -> WorkingCalendar:
    """Store a calendar with its weekly hours; as the default it takes the place of the former."""
    if calendar.is_default:
        WorkingCalendar.objects.filter(is_default=True).exclude(pk=calendar.pk).update(
            is_default=False
        )
    calendar.save()
    WorkingSpan.objects.filter(calendar=calendar).delete()
    WorkingSpan.objects.bulk_create(_span_rows(calendar, hours))
    return calendar


def cancel_absence(*, absence: Absence, now: datetime) -> None:
    """Take an absence back; the row stays, so that past assignments can be understood."""
    Absence.objects.filter(pk=absence.pk, cancelled_at__isnull=True).update(cancelled_at=now)


def _span_rows(calendar: WorkingCalendar, hours: WeeklyHours) -> Iterable[WorkingSpan]:
    for weekday in range(7):
        for span in hours.of(weekday):
            yield WorkingSpan(
                calendar=calendar,
                weekday=weekday,
                starts_minute=span.starts_minute,
                ends_minute=span.ends_minute,
            )


def _demand_another_admin(user: User) -> None:
    # Two administrators closing each other at the same moment: the row locks make the second
    # wait, and the grants read after the lock then show that it would be the last.
    locked = set(
        User.objects.select_for_update()
        .filter(Q(is_superuser=True) | Q(pk__in=_granted_admin_ids()), is_active=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    superusers = set(
        User.objects.filter(is_superuser=True, is_active=True).values_list("pk", flat=True)
    )
    admins = locked & (superusers | set(_granted_admin_ids()))
    if user.pk in admins and admins == {user.pk}:
        raise LastAdminError(user)


def _granted_admin_ids() -> list[int]:
    grants = RoleGrant.objects.filter(role=Role.ADMIN.value, user__is_active=True)
    return list(grants.values_list("user_id", flat=True))
