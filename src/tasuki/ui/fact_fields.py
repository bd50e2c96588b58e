"""Fields that several forms share: facts by their path, money, days, owners."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tasuki.core.blueprint import Blueprint, GateItem
from tasuki.core.conditions.fields import FieldKind, FieldSpec
from tasuki.core.contacts import (
    InvalidContact,
    company_domain,
    normalise_corporate_number,
    normalise_email,
    parse_phone,
)
from tasuki.core.money import Money, MoneyError
from tasuki.core.money_text import UnreadableAmount, parse_money
from tasuki.people.models import User
from tasuki.ui.speaking import language

TEXT_LIMIT: Final = 2_000
NO_OWNER: Final = gettext_lazy("Nobody yet (the department's queue)")
CONTACT_CHECKS: Final[Mapping[str, Callable[[str], object]]] = {
    "email": normalise_email,
    "phone": parse_phone,
    "domain": company_domain,
    "corporate_number": normalise_corporate_number,
}


def check_contact(name: str, text: str) -> None:
    """Refuse a contact detail that cannot be one, with its rule in words."""
    check = CONTACT_CHECKS.get(name)
    if check is None or not text:
        return
    try:
        check(text)
    except InvalidContact as problem:
        raise ValidationError(problem.problem.label.text(language()), code="contact") from None


class DayField(forms.DateField):
    """A calendar day."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs
        )


class MomentInput(forms.DateTimeInput):
    """The browser's own picker of a day and a minute."""

    input_type = "datetime-local"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M", **kwargs)


class HappenedField(forms.DateTimeField):
    """When something happened, in the time zone of who tells it; empty means just now."""

    def __init__(self, **kwargs: Any) -> None:
        settled: dict[str, Any] = {
            "required": False,
            "label": gettext_lazy("When it happened"),
            "help_text": gettext_lazy("Leave empty for now."),
        }
        super().__init__(widget=MomentInput(), **(settled | kwargs))


class MoneyField(forms.CharField):
    """An amount as people write it; the value is `Money` or None."""

    def __init__(self, *, currency: str, **kwargs: Any) -> None:
        super().__init__(max_length=60, **kwargs)
        self.currency = currency

    def clean(self, value: Any) -> Any:
        """Read the amount, or say what about it cannot be read."""
        text = super().clean(value)
        if not text:
            return None
        try:
            amount = parse_money(text, currency=self.currency)
        except UnreadableAmount as problem:
            raise ValidationError(problem.problem.label.text(language()), code="amount") from None
        except MoneyError:
            raise ValidationError(_("This is not an amount of money."), code="amount") from None
        if amount.minor < 0:
            raise ValidationError(_("The amount cannot be below zero."), code="negative")
        return amount


class OwnerField(forms.TypedChoiceField):
    """Who carries on: one of the given people, or nobody yet. The value is a user id or None."""

    def __init__(self, *, people: Iterable[User], **kwargs: Any) -> None:
        self.teams = {person.pk: person.team_id for person in people}
        choices = [
            ("", NO_OWNER),
            *((str(person.pk), f"{person.full_name}{_team_note(person)}") for person in people),
        ]
        settled: dict[str, Any] = {"required": False, "label": gettext_lazy("Owner")}
        super().__init__(choices=choices, coerce=int, empty_value=None, **(settled | kwargs))


@dataclass(frozen=True, slots=True)
class Asked:
    """A field as a form shows it; the mark is the process's, the judging the core's."""

    bound: BoundField
    is_required: bool

    @property
    def currency(self) -> str | None:
        """The currency of an amount, None for any other field."""
        field = self.bound.field
        return field.currency if isinstance(field, MoneyField) else None


class FactField:
    """Makes the form field of a fact by the kind of the fact."""

    def __init__(self, *, blueprint: Blueprint, currency: str, channels: Mapping[str, str]) -> None:
        self._blueprint = blueprint
        self._currency = currency
        self._channels = channels

    def of_item(self, item: GateItem) -> dict[str, forms.Field]:
        """Return a field for each path that may answer the gate item, by path."""
        many = len(item.fields) > 1
        found = {}
        for path in item.fields:
            spec = self._spec(path, item)
            label = spec.label if many and path in self._blueprint.fields else item.label
            guidance = item.guidance.text(language()) if item.guidance else ""
            found[path] = self._made(spec, label.text(language()), guidance)
        return found

    def _spec(self, path: str, item: GateItem) -> FieldSpec:
        known = self._blueprint.fields.get(path)
        return known or FieldSpec(path, item.kind, item.label, item.choices)

    def _made(self, spec: FieldSpec, label: str, guidance: str) -> forms.Field:
        common: dict[str, Any] = {"required": False, "label": label, "help_text": guidance}
        if spec.path == "journey.channel":
            return forms.ChoiceField(choices=[("", "–"), *self._channels.items()], **common)
        if spec.choices:
            choices = [(one.code, one.label.text(language())) for one in spec.choices]
            return forms.ChoiceField(choices=[("", "–"), *choices], **common)
        match spec.kind:
            case FieldKind.MONEY:
                return MoneyField(currency=self._currency, **common)
            case FieldKind.DATE | FieldKind.DATETIME:
                return DayField(**common)
            case FieldKind.NUMBER:
                return forms.IntegerField(min_value=0, max_value=2_147_483_647, **common)
            case FieldKind.FLAG:
                return forms.BooleanField(**common)
            case _ if spec.path.startswith("answers."):
                wide = forms.Textarea(attrs={"rows": 3})
                return forms.CharField(max_length=TEXT_LIMIT, widget=wide, **common)
            case _:
                return forms.CharField(max_length=100, **common)


def name_of(path: str) -> str:
    """Return the name that the field of a fact has in a form."""
    return "fact-" + path.replace(".", "-", 1)


def stored(path: str, value: object) -> object:
    """Return a cleaned value as it is kept: days of answers as ISO text."""
    if path.startswith("answers.") and isinstance(value, date | datetime):
        return value.isoformat()
    if path.startswith("answers.") and isinstance(value, Money):
        return {"minor": value.minor, "currency": value.currency}
    return value


def _team_note(person: User) -> str:
    return f" ({person.team.name})" if person.team else ""
