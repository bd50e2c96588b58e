"""The form that puts a draft into force."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class PublishForm(forms.Form):
    """Why the process changes; everybody reads it beside the version."""

    note = forms.CharField(
        label=_("Why it changes"),
        help_text=_("Everybody reads this beside the version: what is new, and what it is for."),
        max_length=2000,
        widget=forms.Textarea,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "id_%s")
        super().__init__(*args, **kwargs)
