"""The form of a move: what the gate lacks, why, who carries on, what is next."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tasuki.core.blueprint import Blueprint, GateItem
from tasuki.core.lifecycle import (
    Advance,
    Churn,
    Complete,
    Disqualify,
    Lose,
    Move,
    MoveBack,
    Reactivate,
    Recycle,
    RuleCode,
    TransitionRefused,
    WinBack,
)
from tasuki.journeys.models import Journey
from tasuki.journeys.operations.assignment import Holder
from tasuki.journeys.operations.facts import NEXT_ACTION_LENGTH, NextAction
from tasuki.journeys.operations.flow import HandOn
from tasuki.journeys.operations.learning import LEARNABLE
from tasuki.people.models import User
from tasuki.records.queries.moves import OWNER, MovePlan, Verb
from tasuki.ui.fact_fields import (
    Asked,
    DayField,
    FactField,
    HappenedField,
    OwnerField,
    check_contact,
    name_of,
    stored,
)
from tasuki.ui.speaking import language

_RULE_FIELDS: Final[Mapping[RuleCode, str]] = {
    RuleCode.REASON_MISSING: "reason",
    RuleCode.REASON_UNKNOWN: "reason",
    RuleCode.NOTE_MISSING: "note",
    RuleCode.REVISIT_DATE_MISSING: "revisit_date",
    RuleCode.REVISIT_DATE_PAST: "revisit_date",
    RuleCode.IN_FUTURE: "happened_at",
    RuleCode.BEFORE_ENTRY: "happened_at",
}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the fields of a move choose from."""

    blueprint: Blueprint
    currency: str
    channels: Mapping[str, str]
    people: Sequence[User]


class MoveForm(forms.Form):
    """One move. Whether it may be made is for the core to say; see `refuse`."""

    request_key = forms.CharField(widget=forms.HiddenInput, max_length=100, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput)
    to = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        journey: Journey,
        plan: MovePlan,
        around: Surroundings,
    ) -> None:
        self.plan = plan
        self._paths: dict[str, str] = {}
        self._journey = journey
        to = plan.target.code if plan.target else ""
        start = {"request_key": str(uuid.uuid4()), "revision": journey.revision, "to": to}
        super().__init__(data, initial=start)
        self._add_facts(around)
        if plan.reasons:
            self._add_reason()
        if plan.asks_owner:
            owner = OwnerField(people=around.people, initial=plan.keeps_owner_id)
            self.fields["owner"] = owner
        if plan.verb is not Verb.COMPLETE:
            self._add_next_action()
        self.fields["happened_at"] = HappenedField()

    @property
    def facts(self) -> list[Asked]:
        """The fields of the gate's items, the required ones first."""
        required = {
            path for item in self.plan.missing for path in item.fields if len(item.fields) == 1
        }
        return [Asked(self[name], path in required) for name, path in self._paths.items()]

    @property
    def grounds(self) -> list[Asked]:
        """Why the journey leaves, in which words, and when it is looked at again."""
        needs = {"reason"} | ({"revisit_date"} if self.plan.needs_revisit else set())
        return self._present(("reason", "note", "revisit_date"), needs)

    @property
    def following(self) -> list[Asked]:
        """Who carries on and what is next."""
        asks = any(item.field == OWNER for item in self.plan.missing)
        return self._present(
            ("owner", "next_action", "next_action_date"), {"owner"} if asks else set()
        )

    @property
    def when(self) -> Asked:
        """When it happened."""
        return Asked(self["happened_at"], is_required=False)

    @property
    def move(self) -> Move:
        """The move as the core takes it."""
        to = self.cleaned_data["to"] or None
        reason = self.cleaned_data.get("reason", "")
        note = self.cleaned_data.get("note", "")
        revisit = self.cleaned_data.get("revisit_date")
        match self.plan.verb:
            case Verb.ADVANCE:
                return Advance(to)
            case Verb.COMPLETE:
                return Complete()
            case Verb.REACTIVATE:
                return Reactivate(to)
            case Verb.WIN_BACK:
                return WinBack(to)
            case Verb.MOVE_BACK:
                return MoveBack(to or "", reason, note)
            case Verb.RECYCLE:
                return Recycle(reason, revisit, note)
            case Verb.DISQUALIFY:
                return Disqualify(reason, note, revisit)
            case Verb.LOSE:
                return Lose(reason, note, revisit)
            case Verb.CHURN:
                return Churn(reason, note, revisit)

    @property
    def told(self) -> dict[str, object]:
        """The facts told, by path; what was left empty is not among them."""
        return {
            path: stored(path, self.cleaned_data[name])
            for name, path in self._paths.items()
            if self.cleaned_data.get(name) not in (None, "", False)
        }

    @property
    def hand_on(self) -> HandOn:
        """Who carries on and what is next. The answers travel in `told`."""
        what, day = self.cleaned_data.get("next_action"), self.cleaned_data.get("next_action_date")
        return HandOn(
            holder=self._holder(),
            next_action=NextAction(what=what, due_date=day) if what and day else None,
            revision=self.cleaned_data["revision"],
        )

    def clean(self) -> dict[str, Any]:
        """Check contact details, and that a next step has both its words and its day."""
        cleaned = super().clean() or {}
        for name, path in self._paths.items():
            value = cleaned.get(name)
            if path.startswith(("person.", "account.")) and isinstance(value, str):
                try:
                    check_contact(path.partition(".")[2], value)
                except forms.ValidationError as problem:
                    self.add_error(name, problem)
        what, day = cleaned.get("next_action"), cleaned.get("next_action_date")
        if what and not day:
            self.add_error("next_action_date", _("Give the day of the next step."))
        if day and not what:
            self.add_error("next_action", _("Say what the next step is."))
        return cleaned

    def forget_judgement(self) -> None:
        """Show what was typed without judging it: it was typed for another state."""
        self._errors = forms.utils.ErrorDict()
        self.cleaned_data = {}

    def refuse(self, refusal: TransitionRefused) -> None:
        """Show a refusal where it can be put right: each missing item at its field."""
        for item in refusal.missing:
            self._refuse_item(item)
        name = _RULE_FIELDS.get(refusal.rule)
        if name is not None and name in self.fields:
            self.add_error(name, refusal.message.text(language()))

    def _refuse_item(self, item: GateItem) -> None:
        text = _("This is needed: %(item)s") % {"item": item.label.text(language())}
        if item.field == OWNER and "owner" in self.fields:
            self.add_error("owner", text)
        for path in item.fields:
            if name_of(path) in self._paths:
                self.add_error(name_of(path), text)

    def _holder(self) -> Holder | None:
        field = self.fields.get("owner")
        if not isinstance(field, OwnerField):
            return None
        owner_id = self.cleaned_data["owner"]
        if owner_id is None:
            return Holder(owner_id=None, team_id=None)
        return Holder(owner_id=owner_id, team_id=field.teams.get(owner_id))

    def _add_facts(self, around: Surroundings) -> None:
        maker = FactField(
            blueprint=around.blueprint, currency=around.currency, channels=around.channels
        )
        for item in self.plan.items:
            for path, field in maker.of_item(item).items():
                if path in LEARNABLE or path.startswith("answers."):
                    self.fields[name_of(path)] = field
                    self._paths[name_of(path)] = path

    def _add_reason(self) -> None:
        choices = [(one.code, one.label.text(language())) for one in self.plan.reasons]
        self.fields["reason"] = forms.ChoiceField(
            label=_("Reason"), choices=[("", _("Choose a reason")), *choices], required=False
        )
        self.fields["note"] = forms.CharField(
            label=_("Note"),
            required=False,
            max_length=2_000,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("What the next person should know."),
        )
        if self.plan.asks_revisit:
            self.fields["revisit_date"] = DayField(label=_("Look at it again on"), required=False)

    def _add_next_action(self) -> None:
        self.fields["next_action"] = forms.CharField(
            label=_("Next step"),
            required=False,
            max_length=NEXT_ACTION_LENGTH,
            help_text=_("Left empty, the agreed step stays, or tomorrow's is to decide one."),
        )
        self.fields["next_action_date"] = DayField(label=_("Due"), required=False)

    def _present(self, names: Iterable[str], required: set[str]) -> list[Asked]:
        return [Asked(self[name], name in required) for name in names if name in self.fields]


NAMES: Final = {
    Verb.ADVANCE: gettext_lazy("Advance to %(stage)s"),
    Verb.COMPLETE: gettext_lazy("Complete %(stage)s"),
    Verb.REACTIVATE: gettext_lazy("Take up again in %(stage)s"),
    Verb.WIN_BACK: gettext_lazy("Win back to %(stage)s"),
    Verb.MOVE_BACK: gettext_lazy("Move back to %(stage)s"),
    Verb.RECYCLE: gettext_lazy("Recycle to nurturing"),
    Verb.DISQUALIFY: gettext_lazy("Disqualify"),
    Verb.LOSE: gettext_lazy("Mark as lost"),
    Verb.CHURN: gettext_lazy("Mark as churned"),
}
"""What the title and the button of a move's form say."""
