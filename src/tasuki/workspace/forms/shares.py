"""Forms about who takes how much, and handing on everything that somebody holds."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tasuki.people.capacity import people_who_work
from tasuki.people.models import User, WorkingProfile
from tasuki.workspace.queries.shares import DepartmentShares, ShareRow

BY_RULE, TO_PERSON = "rule", "person"


class SharesForm(forms.Form):
    """A weight and a limit for each person of some departments."""

    def __init__(self, *args: Any, shares: Sequence[DepartmentShares], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._rows = [row for one in shares for row in one.rows]
        for row in self._rows:
            name = row.member.user.full_name
            self.fields[f"weight-{row.key}"] = forms.DecimalField(
                label=gettext("Weight of %(name)s") % {"name": name},
                min_value=Decimal(0),
                max_value=Decimal(99),
                decimal_places=2,
                initial=row.member.weight.normalize(),
            )
            self.fields[f"capacity-{row.key}"] = forms.IntegerField(
                label=gettext("Limit of %(name)s") % {"name": name},
                min_value=0,
                max_value=100_000,
                required=False,
                initial=row.member.capacity,
            )

    @property
    def changed_profiles(self) -> list[WorkingProfile]:
        """Return the shares that differ from what holds now; not yet stored."""
        return [self._profile(row) for row in self._rows if self._says(row) != _holds(row)]

    def bound_pair(self, row: ShareRow) -> tuple[forms.BoundField, forms.BoundField]:
        """Return the two fields of a row."""
        return self[f"weight-{row.key}"], self[f"capacity-{row.key}"]

    def _says(self, row: ShareRow) -> tuple[Decimal, int | None]:
        cleaned = self.cleaned_data
        return cleaned[f"weight-{row.key}"], cleaned[f"capacity-{row.key}"]

    def _profile(self, row: ShareRow) -> WorkingProfile:
        weight, capacity = self._says(row)
        return WorkingProfile(
            user=row.member.user,
            department=row.member.department.value,
            weight=weight,
            capacity=capacity,
        )


class HandOnForm(forms.Form):
    """What of somebody's work is handed on, and to whom."""

    stages = forms.MultipleChoiceField(
        label=_("What is handed on"), widget=forms.CheckboxSelectMultiple
    )
    way = forms.ChoiceField(
        label=_("Who takes it"), widget=forms.RadioSelect, initial=BY_RULE, choices=()
    )
    person = forms.ModelChoiceField(
        queryset=User.objects.none(), required=False, label=_("Successor")
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        required=False,
        help_text=_("Stands in the history of every journey."),
    )

    def __init__(
        self, *args: Any, subject: User, stages: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stages"] = forms.MultipleChoiceField(
            label=_("What is handed on"),
            widget=forms.CheckboxSelectMultiple,
            choices=stages,
            initial=[code for code, _label in stages],
            error_messages={"required": _("Choose at least one stage.")},
        )
        self.fields["way"] = forms.ChoiceField(
            label=_("Who takes it"),
            widget=forms.RadioSelect,
            initial=BY_RULE,
            choices=[
                (BY_RULE, _("By the assignment rules of each department")),
                (TO_PERSON, _("One person takes everything")),
            ],
        )
        self.fields["person"] = forms.ModelChoiceField(
            queryset=people_who_work().exclude(pk=subject.pk),
            required=False,
            label=_("Successor"),
            empty_label=gettext("Choose a person"),
        )

    def clean(self) -> dict[str, Any]:
        """Ask for the person where one takes everything; else there is none."""
        cleaned = super().clean() or {}
        if cleaned.get("way") != TO_PERSON:
            cleaned["person"] = None
        elif not cleaned.get("person") and "person" not in self.errors:
            self.add_error("person", _("Choose who takes it."))
        return cleaned


def _holds(row: ShareRow) -> tuple[Decimal, int | None]:
    return row.member.weight, row.member.capacity
