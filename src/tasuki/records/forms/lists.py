"""Forms of the lists: inline edit and bulk changes."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tasuki.core.blueprint import Blueprint, SideMove
from tasuki.people.models import User
from tasuki.records.operations.bulk import What, Wish
from tasuki.records.operations.editing import Edit

TEMPERATURES = (("", _("Not judged")), ("hot", _("Hot")), ("warm", _("Warm")), ("cold", _("Cold")))


class DateField(forms.DateField):
    """A day with the browser's own picker."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, **options)


class OwnerField(forms.ModelChoiceField[User]):
    """Somebody who can carry a journey."""

    def __init__(self, **options: Any) -> None:
        queryset = User.objects.filter(is_active=True).only(
            "family_name", "given_name", "email", "team"
        )
        options.setdefault("empty_label", _("Nobody yet"))
        super().__init__(queryset=queryset, **options)

    def label_from_instance(self, obj: User) -> str:
        """Return the name, family name first."""
        return obj.full_name


class EditForm(forms.Form):
    """The few facts that change most often."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    next_action = forms.CharField(
        label=_("Next action"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autofocus": True}),
    )
    next_action_date = DateField(label=_("Due on"), required=False)
    owner = OwnerField(label=_("Owner"), required=False)
    temperature = forms.ChoiceField(label=_("Temperature"), choices=TEMPERATURES, required=False)
    expected_close_date = DateField(label=_("Expected close"), required=False)

    def __init__(self, *args: Any, is_open: bool, may_reassign: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["next_action"].required = is_open
        self.fields["next_action_date"].required = is_open
        self.fields["owner"].disabled = not may_reassign

    def edit(self) -> Edit:
        """Return what was stated."""
        data = self.cleaned_data
        owner = data["owner"]
        return Edit(
            revision=data["revision"],
            next_action=data["next_action"],
            next_action_date=data["next_action_date"],
            owner_id=owner.pk if owner else None,
            temperature=data["temperature"],
            expected_close_date=data["expected_close_date"],
        )


class BulkForm(forms.Form):
    """What a bulk change needs to know; only the fields of the change asked for remain."""

    owner = OwnerField(label=_("New owner"), required=False)
    next_action = forms.CharField(label=_("Next action"), max_length=200)
    due_date = DateField(label=_("Due on"))
    reason = forms.ChoiceField(label=_("Reason"))
    revisit_date = DateField(label=_("Look again on"))
    note = forms.CharField(
        label=_("Note"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    _FIELDS = {  # noqa: RUF012 read only
        What.ASSIGN: ("owner", "note"),
        What.NEXT_ACTION: ("next_action", "due_date"),
        What.RECYCLE: ("reason", "revisit_date", "note"),
    }

    def __init__(self, *args: Any, what: What, blueprint: Blueprint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.what = what
        for name in set(self.fields) - set(self._FIELDS[what]):
            del self.fields[name]
        side = blueprint.side_for(SideMove.RECYCLE)
        if what is What.RECYCLE and side is not None:
            language = get_language() or "ja"
            field = self.fields["reason"]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 for the type checker
            field.choices = [(each.code, each.label.text(language)) for each in side.reasons]

    def wish(self) -> Wish:
        """Return what was stated."""
        data = self.cleaned_data
        owner = data.get("owner")
        return Wish(
            what=self.what,
            owner_id=owner.pk if owner else None,
            next_action=data.get("next_action", ""),
            due_date=data.get("due_date"),
            reason=data.get("reason", ""),
            note=data.get("note", ""),
            revisit_date=data.get("revisit_date"),
        )
