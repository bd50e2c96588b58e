"""The details of a company or a person, as their pages change them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _

from tasuki.core.blueprint import Blueprint
from tasuki.journeys.models import Account, Person
from tasuki.journeys.operations.records import AccountDetails, PersonDetails
from tasuki.people.models import User
from tasuki.records.forms.journey_facts import RequestForm
from tasuki.records.queries.labels import SEGMENTS
from tasuki.ui.fact_fields import OwnerField, check_contact
from tasuki.ui.fact_words import COLUMN_LABELS
from tasuki.ui.speaking import language

_ACCOUNT_TEXTS: Final[Mapping[str, int]] = {
    "name": 200,
    "name_kana": 200,
    "domain": 253,
    "corporate_number": 20,
    "phone": 40,
    "industry": 64,
    "prefecture": 32,
}
_PERSON_TEXTS: Final[Mapping[str, int]] = {
    "family_name": 100,
    "given_name": 100,
    "family_kana": 100,
    "given_kana": 100,
    "email": 254,
    "phone": 40,
    "title": 100,
    "department": 100,
    "role": 32,
}
_PERSONAL: Final = ("email", "phone")


class PartyForm(RequestForm):
    """What companies and people have in common: texts, and the state that was seen."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        record: Account | Person,
        texts: Mapping[str, int],
    ) -> None:
        initial = {name: getattr(record, name) for name in texts}
        super().__init__(data, initial={**initial, "revision": record.revision})
        self._texts = texts
        for name, length in texts.items():
            self.fields[name] = forms.CharField(
                label=str(COLUMN_LABELS[name]), max_length=length, required=name == "name"
            )

    def clean(self) -> dict[str, Any]:
        """Refuse contact details that cannot be ones, each at its field."""
        cleaned = super().clean() or {}
        for name in self._texts:
            try:
                check_contact(name, cleaned.get(name, ""))
            except forms.ValidationError as problem:
                self.add_error(name, problem)
        return cleaned

    def _told(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self._texts if name in self.fields}


class AccountForm(PartyForm):
    """The facts of a company."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        account: Account,
        people: Sequence[User],
        blueprint: Blueprint,
    ) -> None:
        super().__init__(data, record=account, texts=_ACCOUNT_TEXTS)
        self._known = AccountDetails.of(account)
        known = {
            name: getattr(account, name) for name in ("employees", "segment", "is_named", "motion")
        }
        self.initial = {**self.initial, **known, "owner": account.owner_id}
        self.fields["employees"] = forms.IntegerField(
            label=str(COLUMN_LABELS["employees"]), min_value=0, max_value=10_000_000, required=False
        )
        segments = {code: label.text(language()) for code, label in SEGMENTS.items()}
        if account.segment and account.segment not in segments:
            segments[account.segment] = account.segment
        self.fields["segment"] = _choice(COLUMN_LABELS["segment"], list(segments.items()))
        self.fields["motion"] = _choice(
            COLUMN_LABELS["motion"],
            [(one.code, one.label.text(language())) for one in blueprint.motions],
            _("As the process decides"),
        )
        self.fields["owner"] = OwnerField(people=people)
        self.fields["is_named"] = forms.BooleanField(
            label=str(COLUMN_LABELS["is_named"]), required=False
        )

    @property
    def details(self) -> AccountDetails:
        """The company as a value; what the form does not show stays."""
        told = self.cleaned_data
        return replace(
            self._known,
            **self._told(),
            employees=told["employees"],
            segment=told["segment"],
            motion=told["motion"],
            owner_id=told["owner"],
            is_named=told["is_named"],
        )


class PersonForm(PartyForm):
    """The facts of a person. Without the right to personal data, contact details stay hidden."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        person: Person,
        hides_personal_data: bool,
    ) -> None:
        super().__init__(data, record=person, texts=_PERSON_TEXTS)
        self._known = PersonDetails.of(person)
        if hides_personal_data:
            for name in _PERSONAL:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Refuse a person without a name or an address."""
        cleaned = super().clean()
        named = ("family_name", "given_name", "email")
        known = self._known.email if "email" not in self.fields else ""
        if not known and not any(cleaned.get(name) for name in named):
            self.add_error("family_name", _("Give a name or an e-mail address."))
        return cleaned

    @property
    def details(self) -> PersonDetails:
        """The person as a value; what the form does not show stays."""
        return replace(self._known, **self._told())


def _choice(label: Any, choices: list[tuple[str, str]], blank: str = "–") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", blank), *choices], required=False)
