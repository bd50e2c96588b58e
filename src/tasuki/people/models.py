"""Tables of people: users, teams, role grants, working time.

People are deactivated, never deleted: what they once did keeps its name.
"""

from datetime import date, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tasuki.core.access import Role, Scope
from tasuki.core.departments import Department

DEFAULT_TIME_ZONE = "Asia/Tokyo"


def department_choices() -> list[tuple[str, str]]:
    """Return the departments as form choices, labelled in the active language."""
    language = get_language() or "ja"
    return [(item.value, item.label.text(language)) for item in Department]


class Language(models.TextChoices):
    """The languages of the screens."""

    JA = "ja", "日本語"
    EN = "en", "English"


class Theme(models.TextChoices):
    """The looks of the screens."""

    SYSTEM = "system", _("As my device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class WorkingCalendar(models.Model):
    """Weekly hours and holidays that a team works by."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default=DEFAULT_TIME_ZONE)
    observes_public_holidays = models.BooleanField(
        _("closed on Japanese public holidays"), default=True
    )
    is_default = models.BooleanField(_("for teams without their own"), default=False)

    class Meta:
        """Order and the single default."""

        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=Q(is_default=True),
                name="people_one_default_calendar",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class WorkingSpan(models.Model):
    """One span of working hours on a weekday (Monday 0), in minutes after midnight."""

    calendar = models.ForeignKey(WorkingCalendar, on_delete=models.CASCADE, related_name="spans")
    weekday = models.PositiveSmallIntegerField()
    starts_minute = models.PositiveSmallIntegerField()
    ends_minute = models.PositiveSmallIntegerField()

    class Meta:
        """A span lies within its day and has a length."""

        ordering: ClassVar = ["weekday", "starts_minute"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="people_span_weekday"),
            models.CheckConstraint(
                condition=Q(starts_minute__lt=F("ends_minute"), ends_minute__lte=24 * 60),
                name="people_span_within_day",
            ),
            models.UniqueConstraint(
                fields=["calendar", "weekday", "starts_minute"], name="people_span_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.starts_minute}-{self.ends_minute}"


class CalendarException(models.Model):
    """A company holiday, or a day worked out of turn; for one calendar or (none) for all."""

    calendar = models.ForeignKey(
        WorkingCalendar, on_delete=models.CASCADE, null=True, blank=True, related_name="exceptions"
    )
    date = models.DateField(_("date"))
    is_working = models.BooleanField(_("working day"), default=False)
    name = models.CharField(_("name"), max_length=80, blank=True, default="")

    class Meta:
        """One exception a day."""

        ordering: ClassVar = ["date", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["calendar", "date"], nulls_distinct=False, name="people_exception_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class Team(models.Model):
    """People who work together. Without a department it crosses them (an ABM team)."""

    name_ja = models.CharField(_("name (Japanese)"), max_length=80, unique=True)
    name_en = models.CharField(_("name (English)"), max_length=80, blank=True, default="")
    department = models.CharField(_("department"), max_length=20, blank=True, default="")
    lead = models.ForeignKey(
        "User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    calendar = models.ForeignKey(
        WorkingCalendar, on_delete=models.PROTECT, null=True, blank=True, related_name="teams"
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        """Order and the closed set of departments."""

        ordering: ClassVar = ["name_ja", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(department__in=["", *(item.value for item in Department)]),
                name="people_team_department",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Name the team in the active language."""
        english = (get_language() or "").startswith("en")
        return self.name_en if english and self.name_en else self.name_ja


class UserManager(BaseUserManager["User"]):
    """Makes users with a normalised address."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the user with this address, however it is spelled."""
        return self.get(email=normalise_email(username or ""))

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """Make a user; without a password they can only come in by a set-password link."""
        user = self.model(email=normalise_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        """Make an operator: allowed everything, also Django's own administration."""
        return self.create_user(email, password, is_superuser=True, **fields)


def normalise_email(email: str) -> str:
    """Return the address as it is stored: trimmed and in lower case."""
    return email.strip().lower()


class User(AbstractBaseUser, PermissionsMixin):
    """A person of the company who signs in. Family name first; furigana kept and sorted by."""

    email = models.EmailField(_("e-mail"), unique=True)
    family_name = models.CharField(_("family name"), max_length=60)
    given_name = models.CharField(_("given name"), max_length=60, blank=True, default="")
    family_kana = models.CharField(
        _("family name (furigana)"), max_length=60, blank=True, default=""
    )
    given_kana = models.CharField(_("given name (furigana)"), max_length=60, blank=True, default="")
    display_order = models.PositiveSmallIntegerField(_("position in lists"), default=100)
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="members"
    )
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.JA)
    theme = models.CharField(_("appearance"), max_length=6, choices=Theme, default=Theme.SYSTEM)
    time_zone = models.CharField(_("time zone"), max_length=64, default=DEFAULT_TIME_ZONE)
    joined_date = models.DateField(_("joined on"), null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    deactivated_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["family_name"]

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        """Order of lists; the address is one person's, whatever its spelling."""

        ordering: ClassVar = ["display_order", "family_kana", "given_kana", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="people_email_lower"),
            models.CheckConstraint(
                condition=Q(is_active=True, deactivated_at__isnull=True)
                | Q(is_active=False, deactivated_at__isnull=False),
                name="people_deactivated_at",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["display_order", "family_kana", "given_kana", "id"],
                name="people_user_order",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """Name the person, family name first."""
        return f"{self.family_name} {self.given_name}".strip()

    @property
    def kana(self) -> str:
        """Return the furigana, family name first; empty when unknown."""
        return f"{self.family_kana} {self.given_kana}".strip()

    @property
    def initials(self) -> str:
        """Return one or two letters that stand for a photo."""
        if self.family_name.isascii() and self.given_name.isascii():
            return f"{self.given_name[:1]}{self.family_name[:1]}".upper()
        return self.family_name[:1]

    @property
    def is_staff(self) -> bool:
        """Return whether Django's own administration (operators only) is open."""
        return self.is_superuser

    def get_full_name(self) -> str:
        """Name the person, for Django."""
        return self.full_name

    def get_short_name(self) -> str:
        """Return the family name, for Django."""
        return self.family_name


class RoleGrant(models.Model):
    """A role that a user holds, for a place, and how far it sees. See `core.access.Grant`."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(_("role"), max_length=20)
    department = models.CharField(_("department"), max_length=20, blank=True, default="")
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="grants"
    )
    sees = models.CharField(_("sees"), max_length=12, default=Scope.ALL.value)
    granted_at = models.DateTimeField(default=timezone.now, editable=False)
    granted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        """The same role for the same place is held once."""

        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "role", "department", "team"],
                nulls_distinct=False,
                name="people_grant_once",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[item.value for item in Role]), name="people_grant_role"
            ),
            models.CheckConstraint(
                condition=Q(department__in=["", *(item.value for item in Department)]),
                name="people_grant_department",
            ),
            models.CheckConstraint(
                condition=Q(sees__in=[item.value for item in Scope if item is not Scope.NONE]),
                name="people_grant_sees",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.department} {self.team_id or ''}".strip()


class AbsenceReason(models.TextChoices):
    """Why somebody is away."""

    LEAVE = "leave", _("Paid leave")
    SICK = "sick", _("Sick leave")
    TRAINING = "training", _("Training")
    PARENTAL = "parental", _("Parental leave")
    OTHER = "other", _("Other")


class Absence(models.Model):
    """A time when a user is away, and who stands in."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="absences")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    reason = models.CharField(
        _("reason"), max_length=12, choices=AbsenceReason, default=AbsenceReason.LEAVE
    )
    deputy = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """An absence has a length, and nobody stands in for themselves."""

        ordering: ClassVar = ["starts_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at")), name="people_absence_length"
            ),
            models.CheckConstraint(
                condition=Q(deputy__isnull=True) | ~Q(deputy=F("user")),
                name="people_absence_deputy",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["user", "ends_at"], name="people_absence_user"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.starts_at:%Y-%m-%d}"

    @property
    def first_day(self) -> date:
        """Return the first day away, where the person is."""
        return self.starts_at.astimezone(ZoneInfo(self.user.time_zone)).date()

    @property
    def last_day(self) -> date:
        """Return the last day away: the end itself is no longer part of it."""
        last = self.ends_at - timedelta(microseconds=1)
        return last.astimezone(ZoneInfo(self.user.time_zone)).date()


class WorkingProfile(models.Model):
    """How much of a department's work somebody takes when it is assigned by rule.

    Without a row the usual holds, see `people.capacity`.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    department = models.CharField(max_length=20)
    weight = models.DecimalField(
        _("weight"), max_digits=4, decimal_places=2, default=1, help_text=_("0 takes none.")
    )
    capacity = models.PositiveIntegerField(
        _("at most"), null=True, blank=True, help_text=_("Open journeys; empty for no limit.")
    )

    class Meta:
        """One row for a person in a department."""

        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "department"], name="people_profile_once"),
            models.CheckConstraint(condition=Q(weight__gte=0), name="people_profile_weight"),
            models.CheckConstraint(
                condition=Q(department__in=[item.value for item in Department]),
                name="people_profile_department",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.department} {self.weight}"


class AccountAction(models.TextChoices):
    """What was done to somebody's account."""

    INVITED = "invited", _("Invited")
    EDITED = "edited", _("Details changed")
    GRANTED = "granted", _("Role added")
    REVOKED = "revoked", _("Role removed")
    DEACTIVATED = "deactivated", _("Deactivated")
    REACTIVATED = "reactivated", _("Activated again")
    EXPORTED = "exported", _("Took a list along")


class AccountEvent(models.Model):
    """Who changed whose account, when: only ever added to."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="account_events")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    action = models.CharField(max_length=12, choices=AccountAction)
    detail = models.CharField(max_length=1000, blank=True, default="")

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [models.Index(fields=["user", "-at"], name="people_account_event")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.action}"
