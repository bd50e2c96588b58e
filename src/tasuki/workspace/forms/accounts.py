"""Forms about people: oneself, somebody else, an invitation, a role."""

from typing import Any, ClassVar
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tasuki.core.access import Grant, Role, Scope
from tasuki.core.departments import Department
from tasuki.people.labels import role_choices, scope_choices
from tasuki.people.models import Team, User, department_choices, normalise_email

COMMON_TIME_ZONES = (
    "Asia/Tokyo",
    "Asia/Singapore",
    "Asia/Shanghai",
    "Asia/Seoul",
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "America/Los_Angeles",
    "UTC",
)


def time_zone_choices(current: str) -> list[tuple[str, str]]:
    """Return the usual zones, and the one in use when it is another."""
    names = list(COMMON_TIME_ZONES)
    if current not in names and current in available_timezones():
        names.append(current)
    return [(name, name.replace("_", " ")) for name in names]


def active_teams(keep: int | None = None) -> "forms.ModelChoiceField[Team]":
    """Return a choice of the active teams, and of `keep` even if it is closed."""
    teams = Team.objects.filter(is_active=True)
    if keep is not None:
        teams = teams | Team.objects.filter(pk=keep)
    return forms.ModelChoiceField(
        queryset=teams, required=False, label=_("Team"), empty_label=gettext("No team")
    )


class MeForm(forms.ModelForm[User]):
    """One's own name, language, look and time zone."""

    class Meta:
        """The fields that are one's own to change."""

        model = User
        fields = (
            "family_name",
            "given_name",
            "family_kana",
            "given_kana",
            "language",
            "theme",
            "time_zone",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"] = forms.ChoiceField(
            choices=time_zone_choices(self.instance.time_zone), label=_("Time zone")
        )


class PersonForm(forms.ModelForm[User]):
    """Somebody's details, for administrators."""

    class Meta:
        """What an administrator keeps in order."""

        model = User
        fields: tuple[str, ...] = (
            "family_name",
            "given_name",
            "family_kana",
            "given_kana",
            "email",
            "team",
            "language",
            "joined_date",
            "display_order",
        )
        widgets: ClassVar = {"joined_date": forms.DateInput(attrs={"type": "date"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"] = active_teams(self.instance.team_id)

    def clean_email(self) -> str:
        """Store addresses in one spelling, and each once."""
        email = normalise_email(self.cleaned_data["email"])
        if User.objects.filter(email=email).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(
                _("Somebody has this address already. A closed account can be opened again."),
                code="taken",
            )
        return email


class InviteForm(PersonForm):
    """A new person, and the first role they hold."""

    role = forms.ChoiceField(label=_("Role"))
    department = forms.ChoiceField(label=_("Department"), required=False)

    class Meta(PersonForm.Meta):
        """As for a person, without what can wait."""

        fields = (
            "email",
            "family_name",
            "given_name",
            "family_kana",
            "given_kana",
            "team",
            "language",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"] = forms.ChoiceField(
            choices=role_choices(), label=_("Role"), initial=Role.MEMBER.value
        )
        self.fields["department"] = _department_field()

    @property
    def grant(self) -> Grant:
        """Return the first role."""
        department = self.cleaned_data["department"]
        return Grant(
            role=Role(self.cleaned_data["role"]),
            department=Department(department) if department else None,
        )


class GrantForm(forms.Form):
    """A role for a place, and how far it sees."""

    role = forms.ChoiceField(label=_("Role"))
    department = forms.ChoiceField(label=_("Department"), required=False)
    team = forms.ModelChoiceField(queryset=Team.objects.none(), required=False, label=_("Team"))
    sees = forms.ChoiceField(label=_("Sees"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"] = forms.ChoiceField(
            choices=role_choices(), label=_("Role"), initial=Role.MEMBER.value
        )
        self.fields["department"] = _department_field()
        self.fields["team"] = active_teams()
        self.fields["sees"] = forms.ChoiceField(
            choices=scope_choices(), label=_("Sees"), initial=Scope.ALL.value
        )

    def clean(self) -> dict[str, Any]:
        """Refuse a team of another department."""
        cleaned = super().clean() or {}
        team, department = cleaned.get("team"), cleaned.get("department")
        if team and department and team.department not in ("", department):
            self.add_error("team", _("This team belongs to another department."))
        return cleaned

    @property
    def grant(self) -> Grant:
        """Return the role as a value."""
        department = self.cleaned_data["department"]
        team = self.cleaned_data["team"]
        return Grant(
            role=Role(self.cleaned_data["role"]),
            department=Department(department) if department else None,
            team_id=team.pk if team else None,
            sees=Scope(self.cleaned_data["sees"]),
        )


class DirectoryForm(forms.Form):
    """The filters of the list of people. Anything unknown in the address is left out."""

    q = forms.CharField(label=_("Search"), required=False)
    role = forms.ChoiceField(label=_("Role"), required=False)
    department = forms.ChoiceField(label=_("Department"), required=False)
    team = forms.ModelChoiceField(
        queryset=Team.objects.all(), required=False, label=_("Team"), empty_label=_("All teams")
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("active", _("Active")), ("inactive", _("Deactivated")), ("all", _("All"))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"] = forms.ChoiceField(
            choices=[("", _("All roles")), *role_choices()], label=_("Role"), required=False
        )
        self.fields["department"] = forms.ChoiceField(
            choices=[("", _("All departments")), *department_choices()],
            label=_("Department"),
            required=False,
        )


def _department_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        choices=[("", _("Whole company")), *department_choices()],
        label=_("Department"),
        required=False,
    )
