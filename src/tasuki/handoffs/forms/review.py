"""The forms of the weekly review: a decision, how far it is, the minutes."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from tasuki.core.blueprint import Blueprint
from tasuki.handoffs.models import Metric, ReviewDecision
from tasuki.handoffs.queries.decided import Decided
from tasuki.people.queries import active_people
from tasuki.ui.speaking import language

TEXT_LIMIT: Final = 1_000


class DecisionForm(forms.Form):
    """What is decided, who sees to it by when, and the figure to watch."""

    text = forms.CharField(
        label=_("Decision"), max_length=TEXT_LIMIT, widget=forms.Textarea(attrs={"rows": 2})
    )
    due_date = forms.DateField(label=_("Due on"))
    metric = forms.ChoiceField(label=_("Figure to watch"), choices=Metric.choices)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, blueprint: Blueprint, **initial: object
    ) -> None:
        super().__init__(data, initial=initial)
        self.fields["owner"] = forms.ChoiceField(
            label=_("Who sees to it"),
            choices=[
                ("", _("Choose who sees to it")),
                *((str(one.pk), one.full_name) for one in active_people()),
            ],
        )
        self.fields["about"] = forms.ChoiceField(
            label=_("About"), choices=_abouts(blueprint), required=False
        )

    def decided(self) -> Decided:
        """Return the decision without its baseline."""
        said = self.cleaned_data
        contract, _sep, detail = said["about"].partition("/")
        kind, _sep, code = detail.partition(":")
        return Decided(
            text=said["text"],
            owner_id=int(said["owner"]),
            due_date=said["due_date"],
            metric=Metric(said["metric"]),
            contract=contract,
            item=code if kind == "item" else "",
            reason=code if kind == "reason" else "",
        )


class SettleForm(forms.Form):
    """How far a decision is."""

    state = forms.ChoiceField(label=_("State"), choices=ReviewDecision.State.choices)
    result = forms.CharField(label=_("What came of it"), max_length=TEXT_LIMIT, required=False)


class MinutesForm(forms.Form):
    """What was said beside the decisions."""

    notes = forms.CharField(
        label=_("Notes of the meeting"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    close = forms.BooleanField(label=_("Close the minutes"), required=False)


def _abouts(blueprint: Blueprint) -> list[tuple[str, object]]:
    choices: list[tuple[str, object]] = [("", _("All hand-offs"))]
    for contract in blueprint.contracts:
        name = contract.label.text(language())
        inside = [
            (contract.key, name),
            *(
                (
                    f"{contract.key}/item:{item.key}",
                    _("Item: %(name)s") % {"name": item.label.text(language())},
                )
                for item in contract.items
            ),
            *(
                (
                    f"{contract.key}/reason:{reason.code}",
                    _("Reason: %(name)s") % {"name": reason.label.text(language())},
                )
                for reason in contract.reasons
            ),
        ]
        choices.append((name, inside))
    return choices
