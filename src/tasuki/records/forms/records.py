"""Forms of new companies, people and journeys."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tasuki.core import contacts
from tasuki.core.blueprint import Blueprint, JourneyKind
from tasuki.journeys.models import Account, Channel, Person
from tasuki.journeys.operations.facts import NextAction
from tasuki.journeys.operations.flow import NewJourney
from tasuki.journeys.operations.records import AccountDetails, PersonDetails
from tasuki.people.models import User
from tasuki.records.forms.lists import TEMPERATURES, DateField, OwnerField
from tasuki.records.operations.editing import holder_of
from tasuki.records.queries.labels import SEGMENTS


class ChannelField(forms.ModelChoiceField[Channel]):
    """Where a first touch came from."""

    def __init__(self, **options: Any) -> None:
        queryset = Channel.objects.filter(is_active=True)
        super().__init__(queryset=queryset, empty_label=_("Choose"), **options)

    def label_from_instance(self, obj: Channel) -> str:
        """Return the name in the language of the page."""
        return obj.label_en if (get_language() or "ja").startswith("en") else obj.label_ja


class AccountForm(forms.Form):
    """A new company."""

    name = forms.CharField(label=_("Company name"), max_length=200)
    name_kana = forms.CharField(label=_("Reading (kana)"), max_length=200, required=False)
    domain = forms.CharField(
        label=_("Web or mail domain"),
        max_length=253,
        required=False,
        help_text=_("For example aoba.co.jp: by it, people and mails find their company."),
    )
    corporate_number = forms.CharField(
        label=_("Corporate number"), max_length=20, required=False, help_text=_("13 digits")
    )
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    industry = forms.CharField(label=_("Industry"), max_length=64, required=False)
    employees = forms.IntegerField(
        label=_("Employees"), min_value=0, max_value=2_000_000_000, required=False
    )
    prefecture = forms.CharField(label=_("Prefecture"), max_length=32, required=False)
    segment = forms.ChoiceField(label=_("Segment"), required=False)
    is_named = forms.BooleanField(label=_("Target account (ABM)"), required=False)
    owner = OwnerField(label=_("Owner"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "ja"
        segments = [(code, label.text(language)) for code, label in SEGMENTS.items()]
        _choose(self.fields["segment"], [("", _("Not known")), *segments])

    def clean_domain(self) -> str:
        """Return the domain that identifies the company; a mail provider's does not."""
        return _checked(self.cleaned_data["domain"], contacts.company_domain)

    def clean_corporate_number(self) -> str:
        """Return the number with a fitting check digit."""
        return _checked(self.cleaned_data["corporate_number"], contacts.normalise_corporate_number)

    def clean_phone(self) -> str:
        """Return the number as typed, if it can be one."""
        return _phone(self.cleaned_data["phone"])

    def details(self) -> AccountDetails:
        """Return what was stated."""
        data = dict(self.cleaned_data)
        owner = data.pop("owner")
        return AccountDetails(**data, owner_id=owner.pk if owner else None)


class PersonForm(forms.Form):
    """A new person at a company."""

    account = forms.ModelChoiceField(label=_("Account"), queryset=Account.objects.none())
    family_name = forms.CharField(label=_("Family name"), max_length=100)
    given_name = forms.CharField(label=_("Given name"), max_length=100, required=False)
    family_kana = forms.CharField(label=_("Family name (reading)"), max_length=100, required=False)
    given_kana = forms.CharField(label=_("Given name (reading)"), max_length=100, required=False)
    email = forms.CharField(label=_("E-mail"), max_length=254, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    department = forms.CharField(label=_("Their department"), max_length=100, required=False)
    title = forms.CharField(label=_("Job title"), max_length=100, required=False)

    def __init__(self, *args: Any, accounts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _limit(self.fields["account"], accounts)

    def clean_email(self) -> str:
        """Return the address in its one form."""
        return _checked(self.cleaned_data["email"], contacts.normalise_email)

    def clean_phone(self) -> str:
        """Return the number as typed, if it can be one."""
        return _phone(self.cleaned_data["phone"])

    def details(self) -> PersonDetails:
        """Return what was stated."""
        data = dict(self.cleaned_data)
        account = data.pop("account")
        return PersonDetails(**data, account_id=account.pk)


class JourneyForm(forms.Form):
    """A new journey: whom it is about, where it begins, and what is to be done next."""

    account = forms.ModelChoiceField(label=_("Account"), queryset=Account.objects.none())
    person = forms.ModelChoiceField(
        label=_("Contact"), queryset=Person.objects.none(), required=False
    )
    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    channel = ChannelField(label=_("Channel"))
    stage = forms.ChoiceField(label=_("Begins at"))
    owner = OwnerField(
        label=_("Owner"), required=False, empty_label=_("By the rules of assignment")
    )
    next_action = forms.CharField(label=_("Next action"), max_length=200)
    next_action_date = DateField(label=_("Due on"))
    temperature = forms.ChoiceField(label=_("Temperature"), choices=TEMPERATURES, required=False)
    request_key = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(
        self, *args: Any, accounts: Any, persons: Any, blueprint: Blueprint, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "ja"
        _limit(self.fields["account"], accounts)
        _limit(self.fields["person"], persons)
        line = blueprint.line(JourneyKind.NEW)
        _choose(self.fields["stage"], [(s.code, s.label.text(language)) for s in line])

    def new_journey(self) -> NewJourney:
        """Return what was stated."""
        data = self.cleaned_data
        owner: User | None = data["owner"]
        person: Person | None = data["person"]
        return NewJourney(
            account_id=data["account"].pk,
            person_id=person.pk if person else None,
            title=data["title"],
            channel_id=data["channel"].pk,
            stage=data["stage"],
            holder=holder_of(owner.pk if owner else None),
            by_rule=owner is None,
            temperature=data["temperature"],
            next_action=NextAction(what=data["next_action"], due_date=data["next_action_date"]),
        )


def _checked(text: str, read: Any) -> str:
    if not text:
        return ""
    try:
        return str(read(text))
    except contacts.InvalidContact as error:
        raise ValidationError(error.problem.label.text(get_language() or "ja")) from error


def _phone(text: str) -> str:
    _checked(text, contacts.parse_phone)
    return text


def _limit(field: forms.Field, rows: Any) -> None:
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 for the type checker
    field.queryset = rows


def _choose(field: forms.Field, choices: Any) -> None:
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 for the type checker
    field.choices = choices
