"""Addresses that notices are posted to."""

from ipaddress import ip_address
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tasuki.notices.kinds import Group, Pace
from tasuki.notices.sending.addresses import AddressRefused, is_public, read_address
from tasuki.notices.wording import PACE_NAMES, said_note
from tasuki.people.models import Team, department_choices


class AddressField(forms.CharField):
    """The address of a webhook, refused here already where that needs no look-up."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Address"),
            max_length=500,
            help_text=_("As Slack, Mattermost or Teams gives it. Treat it like a password."),
            widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        )

    def clean(self, value: Any) -> str:
        """Return the address as it will be used."""
        url = str(super().clean(value)).strip()
        private = settings.TASUKI_WEBHOOK_PRIVATE
        try:
            target = read_address(url, private=private)
            if not private and not _may_be_public(target.host):
                raise AddressRefused("private")
        except AddressRefused as refused:
            raise forms.ValidationError(said_note(refused.code), code=refused.code) from refused
        return url


class OwnWebhookForm(forms.Form):
    """A person's own address."""

    url = AddressField()


class WebhookForm(forms.Form):
    """An address of the company, a department or a team, and what it is told."""

    name = forms.CharField(
        label=pgettext_lazy("webhook", "Name"), max_length=80, help_text=_("For instance #sales")
    )
    url = AddressField()
    department = forms.ChoiceField(label=_("Department"), required=False)
    team = forms.ModelChoiceField(
        queryset=Team.objects.none(),
        required=False,
        label=_("Team"),
        empty_label=_("All teams"),
    )
    groups = forms.MultipleChoiceField(
        label=_("What is told"),
        choices=[
            (Group.HANDOFFS.value, _("Hand-offs offered and withdrawn")),
            (Group.QUEUE.value, _("Hand-offs to a department's queue")),
            (Group.ANSWERS.value, _("Answers to hand-offs")),
            (Group.DEADLINES.value, _("Deadlines that come close or have passed")),
            (Group.ASSIGNMENTS.value, _("Journeys given to somebody")),
            (Group.OUTCOMES.value, _("Won and lost")),
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    pace = forms.ChoiceField(label=_("How soon"))
    is_active = forms.BooleanField(label=_("Active"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"] = forms.ChoiceField(
            choices=[("", _("Whole company")), *department_choices()],
            label=_("Department"),
            required=False,
        )
        team = self.fields["team"]
        assert isinstance(team, forms.ModelChoiceField)  # noqa: S101 - tells mypy the kind
        team.queryset = Team.objects.filter(is_active=True)
        self.fields["pace"] = forms.ChoiceField(
            choices=[(pace.value, PACE_NAMES[pace]) for pace in Pace if pace is not Pace.OFF],
            label=_("How soon"),
        )

    def clean(self) -> dict[str, Any]:
        """Refuse a team together with a department: one place is enough."""
        cleaned = super().clean() or {}
        if cleaned.get("team") and cleaned.get("department"):
            self.add_error("team", _("Choose a department or a team, not both."))
        return cleaned


def _may_be_public(host: str) -> bool:
    """Tell what is known without asking for the name; the rest is judged on sending."""
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return False
    try:
        return is_public(ip_address(host))
    except ValueError:
        return True
