"""The small form of My day: what is next after something is done."""

from django import forms
from django.utils.translation import gettext_lazy

from tasuki.journeys.operations.facts import NEXT_ACTION_LENGTH, NextAction
from tasuki.ui.fact_fields import DayField


class NextStepForm(forms.Form):
    """The next step of a journey, with the state that the person saw."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    what = forms.CharField(label=gettext_lazy("Next step"), max_length=NEXT_ACTION_LENGTH)
    due_date = DayField(label=gettext_lazy("Due"))

    @property
    def next_action(self) -> NextAction:
        """The next step as a value."""
        return NextAction(self.cleaned_data["what"], self.cleaned_data["due_date"])
