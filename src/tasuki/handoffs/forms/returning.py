"""The form for giving a packet back: reason, then the item, then a note."""

import uuid
from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _

from tasuki.core.blueprint import Contract
from tasuki.core.handoffs import HandoffRefused, HandoffRule, Return
from tasuki.ui.speaking import language

NOTE_LIMIT: Final = 2_000
_RULE_FIELDS: Final[Mapping[HandoffRule, str]] = {
    HandoffRule.REASON_MISSING: "reason",
    HandoffRule.REASON_UNKNOWN: "reason",
    HandoffRule.ITEM_MISSING: "item",
    HandoffRule.ITEM_UNKNOWN: "item",
    HandoffRule.NOTE_MISSING: "note",
}


class ReturnForm(forms.Form):
    """One return. Whether it may be made is for the core to say; see `refuse`."""

    request_key = forms.CharField(widget=forms.HiddenInput, max_length=100, required=False)
    round = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, contract: Contract, round_number: int
    ) -> None:
        settled = {"request_key": str(uuid.uuid4()), "round": round_number}
        super().__init__(data, initial=settled)
        reasons = [(one.code, one.label.text(language())) for one in contract.reasons]
        items = [(one.key, one.label.text(language())) for one in contract.items]
        self.fields["reason"] = forms.ChoiceField(
            label=_("Reason"), choices=[("", _("Choose a reason")), *reasons], required=False
        )
        self.fields["item"] = forms.ChoiceField(
            label=_("Which item"),
            choices=[("", _("No single item")), *items],
            required=False,
            help_text=_("The giver is led straight to it."),
        )
        self.fields["note"] = forms.CharField(
            label=_("Note"),
            required=False,
            max_length=NOTE_LIMIT,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("What would make it complete."),
        )

    def step(self, *, by_manager: bool) -> Return:
        """Return the return as the core takes it."""
        said = self.cleaned_data
        return Return(said["reason"], said["item"], said["note"], by_manager)

    def refuse(self, refusal: HandoffRefused) -> None:
        """Show a refusal where it can be put right, else on the form as a whole."""
        self.add_error(_RULE_FIELDS.get(refusal.rule), refusal.message.text(language()))
