"""What people choose on the way of an import."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tasuki.connect.mapping import Gates

GATES = [
    (
        Gates.AS_RECORDED.value,
        _("History: take what was recorded; gaps are told as warnings"),
    ),
    (Gates.ENFORCED.value, _("Strict: a row without a stage's gate items is an error")),
]


class MappingChoicesForm(forms.Form):
    """What concerns the whole mapping, beside the columns."""

    source = forms.CharField(
        label=_("Name of the other system"),
        max_length=64,
        help_text=_("Records are remembered under it: importing again finds them."),
    )
    currency = forms.CharField(label=_("Currency of amounts"), max_length=3, initial="JPY")
    gates = forms.ChoiceField(label=_("Gate items"), choices=GATES, widget=forms.RadioSelect)


class SaveMappingForm(forms.Form):
    """The name that a mapping is kept under."""

    name = forms.CharField(label=_("Name"), max_length=100)
