"""The form of an offer: what the contract asks for, who receives, and a word to them."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _

from tasuki.core.blueprint import GateItem
from tasuki.core.handoffs import HandoffRefused, HandoffRule
from tasuki.core.money import Money
from tasuki.handoffs.queries.agreement import Agreement
from tasuki.journeys.models import Journey
from tasuki.journeys.operations.handoffs.offering import Offer
from tasuki.journeys.operations.learning import AMOUNT, LEARNABLE
from tasuki.ui.fact_fields import Asked, FactField, check_contact, name_of, stored
from tasuki.ui.formats import format_moment
from tasuki.ui.speaking import language

QUEUE: Final = "queue"
BY_RULE: Final = "rule"
MESSAGE_LIMIT: Final = 2_000

_RULE_FIELDS: Final[Mapping[HandoffRule, str]] = {
    HandoffRule.RECEIVER_AWAY: "receiver",
    HandoffRule.RECEIVER_ELSEWHERE: "receiver",
    HandoffRule.RECEIVER_REMOVED: "receiver",
    HandoffRule.REASON_MISSING: "why",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One item of the contract with the fields that may answer it."""

    item: GateItem
    fields: Sequence[Asked]
    names: frozenset[str]


class ReceiverSelect(forms.Select):
    """A choice of receivers; those who are away stand in it but cannot be chosen."""

    def __init__(self, away: Iterable[str]) -> None:
        super().__init__()
        self.away = frozenset(away)


class OfferForm(forms.Form):
    """One offer. Whether it may be made is for the core to say; see `refuse`."""

    request_key = forms.CharField(widget=forms.HiddenInput, max_length=100, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        journey: Journey,
        agreement: Agreement,
        known: Mapping[str, object],
        initial: Mapping[str, object] | None = None,
    ) -> None:
        self.agreement = agreement
        self._known = known
        self._paths: dict[str, str] = {}
        settled = {"request_key": str(uuid.uuid4()), "revision": journey.revision}
        super().__init__(data, initial={**settled, "receiver": QUEUE, **(initial or {})})
        self._add_facts()
        self._add_rest()

    @property
    def lines(self) -> list[Line]:
        """The items in the order of the contract, each with its fields."""
        lines = []
        for item in self.agreement.contract.items:
            names = [name_of(path) for path in item.fields if name_of(path) in self._paths]
            single = item.required and len(names) == 1
            asked = [Asked(self[name], is_required=single) for name in names]
            lines.append(Line(item, asked, frozenset(names)))
        return lines

    @property
    def told(self) -> dict[str, object]:
        """The facts that were typed anew, by path; an answer that was emptied is told as empty."""
        told: dict[str, object] = {}
        for name, path in self._paths.items():
            if name not in self.cleaned_data:
                continue
            value = self.cleaned_data[name]
            is_empty = value in (None, "", False)
            if is_empty and (not path.startswith("answers.") or not self._known.get(path)):
                continue
            if stored(path, value) != self._known.get(path) and value != _kept(path, self._known):
                told[path] = "" if value is None else stored(path, value)
        return told

    @property
    def facts(self) -> dict[str, object]:
        """Everything known of the journey with what is typed, to judge it on."""
        facts = dict(self._known)
        for path, value in self.told.items():
            facts[path] = value.minor if isinstance(value, Money) else value
        return facts

    @property
    def offer(self) -> Offer:
        """The offer as the operation takes it."""
        kind, _colon, key = self.cleaned_data["receiver"].partition(":")
        return Offer(
            receiver_id=int(key) if kind == "user" else None,
            team_id=int(key) if kind == "team" else None,
            by_rule=kind == BY_RULE,
            facts=self.told,
            message=self.cleaned_data["message"],
            why=self.cleaned_data.get("why", ""),
            revision=self.cleaned_data["revision"],
        )

    @property
    def receiver_ids(self) -> tuple[int | None, int | None]:
        """The user and the team that the choice names so far, for the clock that is shown."""
        typed = str(self["receiver"].value() or QUEUE)
        kind, _colon, key = typed.partition(":")
        known = {value for value, _label in self.fields["receiver"].choices}  # type: ignore[attr-defined]
        if typed not in known or not key.isdigit():
            return None, None
        return (int(key), None) if kind == "user" else (None, int(key))

    def clean(self) -> dict[str, Any]:
        """Check contact details."""
        cleaned = super().clean() or {}
        for name, path in self._paths.items():
            value = cleaned.get(name)
            if path.startswith(("person.", "account.")) and isinstance(value, str):
                try:
                    check_contact(path.partition(".")[2], value)
                except forms.ValidationError as problem:
                    self.add_error(name, problem)
        return cleaned

    def refuse(self, refusal: HandoffRefused) -> None:
        """Show a refusal where it can be put right."""
        for entry in refusal.lacking:
            for name in (name_of(path) for path in entry.item.fields):
                if name in self._paths:
                    self.add_error(name, entry.state.label.text(language()))
        name = _RULE_FIELDS.get(refusal.rule, "")
        if name in self.fields:
            self.add_error(name, refusal.message.text(language()))

    def forget_judgement(self) -> None:
        """Show what was typed without judging it: it was typed for another state."""
        self._errors = forms.utils.ErrorDict()
        self.cleaned_data = {}

    def _add_facts(self) -> None:
        maker = FactField(
            blueprint=self.agreement.blueprint,
            currency=self.agreement.currency,
            channels=self.agreement.channels,
        )
        for item in self.agreement.contract.items:
            for path, field in maker.of_item(item).items():
                if path in LEARNABLE or path.startswith("answers."):
                    self.fields[name_of(path)] = field
                    self._paths[name_of(path)] = path
                    self.initial.setdefault(name_of(path), _shown(path, self._known))

    def _add_rest(self) -> None:
        if self.agreement.reasons:
            choices = [(one.code, one.label.text(language())) for one in self.agreement.reasons]
            self.fields["why"] = forms.ChoiceField(
                label=_("Reason for giving it back"),
                choices=[("", _("Choose a reason")), *choices],
                required=False,
            )
        options, away = _receivers(self.agreement)
        self.fields["receiver"] = forms.ChoiceField(
            label=_("Receiver"), choices=options, widget=ReceiverSelect(away)
        )
        self.fields["message"] = forms.CharField(
            label=_("A word to the receiver"),
            required=False,
            max_length=MESSAGE_LIMIT,
            widget=forms.Textarea(attrs={"rows": 2}),
        )


def _receivers(agreement: Agreement) -> tuple[list[tuple[str, str]], set[str]]:
    """Return whom to choose from, and the values that cannot be chosen."""
    taker = agreement.contract.taker.label.text(language())
    options = [
        (QUEUE, _("Queue of %(department)s") % {"department": taker}),
        (BY_RULE, _("Chosen by the assignment rules")),
    ]
    options += [
        (f"team:{team.pk}", _("Queue of %(department)s") % {"department": team.name})
        for team in agreement.teams
    ]
    away = set()
    for candidate in agreement.people:
        name = candidate.user.full_name
        if candidate.away_until is not None:
            until = format_moment(candidate.away_until, language=language())
            name = _("%(name)s (away until %(moment)s)") % {"name": name, "moment": until}
            away.add(f"user:{candidate.user.pk}")
        options.append((f"user:{candidate.user.pk}", name))
    return options, away


def _shown(path: str, known: Mapping[str, object]) -> object:
    """Return a known fact as its field shows it."""
    value = _kept(path, known)
    return value.major if isinstance(value, Money) else value


def _kept(path: str, known: Mapping[str, object]) -> object:
    value = known.get(path)
    if path == AMOUNT and isinstance(value, int):
        return Money(value, str(known["journey.currency"]))
    if isinstance(value, Mapping):
        return Money(int(value["minor"]), str(value["currency"]))
    return value
