"""Forms for the facts of a journey: touches, next step, deal, details, answers, subscriptions."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tasuki.core.blueprint import Blueprint, GateItem
from tasuki.core.conditions.fields import STANDARD_FIELDS
from tasuki.core.money import Money
from tasuki.journeys.kinds import ActivityKind, Direction
from tasuki.journeys.models import Activity, Campaign, Channel, Journey, Person
from tasuki.journeys.operations.details import JourneyDetails
from tasuki.journeys.operations.facts import (
    NEXT_ACTION_LENGTH,
    NextAction,
    Subscription,
    Touch,
)
from tasuki.people.models import User
from tasuki.ui.fact_fields import (
    DayField,
    FactField,
    HappenedField,
    MoneyField,
    OwnerField,
    name_of,
    stored,
)
from tasuki.ui.fact_words import OUTCOMES, TOUCHES
from tasuki.ui.speaking import language

BY_HAND: Final = (
    ActivityKind.CALL,
    ActivityKind.MAIL,
    ActivityKind.MEETING,
    ActivityKind.NOTE,
)
"""Touches that people record; the others come from tools."""

_OUTCOMES_OF: Final[Mapping[ActivityKind, tuple[str, ...]]] = {
    ActivityKind.CALL: ("connected", "no_answer", "voicemail", "appointment", "refused"),
    ActivityKind.MAIL: ("sent", "replied", "bounced"),
    ActivityKind.MEETING: ("held", "cancelled", "no_show"),
}


class RequestForm(forms.Form):
    """A form whose repeated sending does nothing twice."""

    request_key = forms.CharField(widget=forms.HiddenInput, max_length=100, required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        initial = {"request_key": str(uuid.uuid4()), **kwargs.pop("initial", {})}
        super().__init__(data, initial=initial, **kwargs)


class RevisedForm(RequestForm):
    """A form that tells which state of the journey the person saw."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, journey: Journey, **kwargs: Any
    ) -> None:
        self.journey = journey
        initial = {"revision": journey.revision, **kwargs.pop("initial", {})}
        super().__init__(data, initial=initial, **kwargs)


class NextActionForm(RevisedForm):
    """What is to be done next, and by when."""

    what = forms.CharField(label=gettext_lazy("Next step"), max_length=NEXT_ACTION_LENGTH)
    due_date = DayField(label=gettext_lazy("Due"))

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, journey: Journey, **kwargs: Any
    ) -> None:
        initial = {"what": journey.next_action, "due_date": journey.next_action_date}
        super().__init__(data, journey=journey, initial=initial, **kwargs)

    @property
    def next_action(self) -> NextAction:
        """The next step as a value."""
        return NextAction(self.cleaned_data["what"], self.cleaned_data["due_date"])


class ActivityForm(RequestForm):
    """One contact with the customer."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=[(kind.value, TOUCHES[kind]) for kind in BY_HAND]
    )
    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), required=False)
    direction = forms.ChoiceField(
        label=gettext_lazy("Direction"),
        required=False,
        choices=[
            ("", "–"),
            (Direction.OUTBOUND.value, gettext_lazy("to the customer")),
            (Direction.INBOUND.value, gettext_lazy("from the customer")),
        ],
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"), required=False, min_value=0, max_value=1440
    )
    subject = forms.CharField(label=gettext_lazy("Subject"), required=False, max_length=300)
    body = forms.CharField(
        label=gettext_lazy("What was said"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    happened_at = HappenedField()

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, kind: ActivityKind, now: datetime, **kw: Any
    ) -> None:
        self._now = now
        initial = {
            "kind": kind.value,
            "direction": Direction.OUTBOUND.value,
            **kw.pop("initial", {}),
        }
        super().__init__(data, initial=initial, **kw)
        self.fields["kind"].widget = forms.HiddenInput()
        known = initial.get("outcome", "")
        codes = [code for code in dict.fromkeys((*_OUTCOMES_OF.get(kind, ()), known)) if code]
        self.fields["outcome"] = forms.ChoiceField(
            label=_("Outcome"),
            required=False,
            choices=[
                ("", "–"),
                *((code, OUTCOMES.get(code, code)) for code in dict.fromkeys(codes)),
            ],
        )
        if kind is ActivityKind.NOTE:
            for name in ("outcome", "direction", "minutes", "subject"):
                del self.fields[name]
        elif kind is not ActivityKind.MAIL:
            del self.fields["subject"]
        if kind is ActivityKind.MAIL:
            del self.fields["minutes"]

    @classmethod
    def correcting(
        cls, activity: Activity, data: Mapping[str, Any] | None = None, *, now: datetime
    ) -> "ActivityForm":
        """Return the form filled with an activity that is to be corrected."""
        names = ("outcome", "direction", "minutes", "subject", "body")
        initial = {name: getattr(activity, name) for name in names}
        happened = timezone.localtime(activity.happened_at).replace(tzinfo=None)
        return cls(
            data,
            kind=ActivityKind(activity.kind),
            now=now,
            initial={**initial, "happened_at": happened},
        )

    def clean_happened_at(self) -> datetime | None:
        """Refuse what has not happened yet."""
        at: datetime | None = self.cleaned_data["happened_at"]
        if at is not None and at > self._now:
            raise forms.ValidationError(_("A date in the future cannot be recorded."))
        return at

    def clean(self) -> dict[str, Any]:
        """Refuse a note or touch that says nothing at all."""
        cleaned = super().clean() or {}
        if not any(cleaned.get(name) for name in ("outcome", "subject", "body", "minutes")):
            self.add_error("body", _("Write what was said, or how it went."))
        return cleaned

    def touch(self, *, replaces: Activity | None = None) -> Touch:
        """Return the contact as a value; `replaces` is the one it corrects."""
        told = self.cleaned_data
        return Touch(
            kind=ActivityKind(told["kind"]),
            direction=Direction(told["direction"]) if told.get("direction") else None,
            outcome=told.get("outcome", ""),
            subject=told.get("subject", ""),
            body=told["body"],
            minutes=told.get("minutes"),
            person_id=replaces.person_id if replaces else None,
            details=replaces.details if replaces else {},
            replaces_id=replaces.pk if replaces else None,
        )


class DealForm(RevisedForm):
    """The amount of a deal and when it is expected to close."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        journey: Journey,
        currency: str,
        **kwargs: Any,
    ) -> None:
        amount = known_amount(journey)
        initial = {
            "amount": amount.major if amount else "",
            "expected_close_date": journey.expected_close_date,
        }
        super().__init__(data, journey=journey, initial=initial, **kwargs)
        self.fields["amount"] = MoneyField(currency=currency, label=_("Amount"), required=False)
        self.fields["expected_close_date"] = DayField(
            label=_("Expected close date"), required=False
        )


class JourneyDetailsForm(RevisedForm):
    """Where a journey came from, with whom, how warm and how fitting."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        journey: Journey,
        people: Sequence[Person],
        **kwargs: Any,
    ) -> None:
        known = JourneyDetails.of(journey)
        initial = {
            "title": known.title,
            "person_id": known.person_id,
            "channel_id": known.channel_id,
            "campaign_id": known.campaign_id,
            "source": known.source,
            "temperature": known.temperature,
            "fit": known.fit,
        }
        super().__init__(data, journey=journey, initial=initial, **kwargs)
        self.fields["title"] = forms.CharField(label=_("Title"), max_length=200, required=False)
        self.fields["person_id"] = _one_of(
            _("Contact"), [(person.pk, _name(person)) for person in people]
        )
        for name, label in (("temperature", _("Temperature")), ("fit", _("Fit"))):
            choices = [
                (one.code, one.label.text(language()))
                for one in STANDARD_FIELDS[f"journey.{name}"].choices
            ]
            self.fields[name] = forms.ChoiceField(
                label=label, choices=[("", "–"), *choices], required=False
            )
        self.fields["channel_id"] = _one_of(_("Channel"), channel_choices(journey.channel_id))
        self.fields["campaign_id"] = _one_of(
            _("Campaign"),
            [(row.pk, row.name) for row in Campaign.objects.order_by("-starts_date", "name")[:500]],
        )
        self.fields["source"] = forms.CharField(label=_("Source"), max_length=200, required=False)

    @property
    def details(self) -> JourneyDetails:
        """The details as a value."""
        told = {name: self.cleaned_data[name] for name in JourneyDetails.__dataclass_fields__}
        return JourneyDetails(**told)


class AnswersForm(RevisedForm):
    """The answers that gates ask for, each by its path."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        journey: Journey,
        items: Iterable[GateItem],
        blueprint: Blueprint,
        currency: str,
        **kwargs: Any,
    ) -> None:
        wanted = [item for item in items if item.field.startswith("answers.")]
        self._paths = {name_of(item.field): item.field for item in wanted}
        known = journey.answers
        initial = {
            name: known.get(path.removeprefix("answers.")) for name, path in self._paths.items()
        }
        super().__init__(data, journey=journey, initial=initial, **kwargs)
        maker = FactField(blueprint=blueprint, currency=currency, channels={})
        for item in wanted:
            self.fields[name_of(item.field)] = maker.of_item(item)[item.field]

    @property
    def answers(self) -> dict[str, object]:
        """The answers by key; one that was emptied is None when it was known before."""
        found: dict[str, object] = {}
        for name, path in self._paths.items():
            key, value = path.removeprefix("answers."), self.cleaned_data[name]
            if value not in (None, "", False):
                found[key] = stored(path, value)
            elif key in self.journey.answers:
                found[key] = None
        return found


class SubscriptionForm(RequestForm):
    """A recurring amount from a day on."""

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, currency: str, **kwargs: Any
    ) -> None:
        super().__init__(data, initial={"interval_months": 1}, **kwargs)
        self.fields["recurring"] = MoneyField(currency=currency, label=_("Recurring amount"))
        self.fields["interval_months"] = forms.TypedChoiceField(
            label=_("Paid"),
            coerce=int,
            choices=[
                (1, _("every month")),
                (3, _("every three months")),
                (6, _("every six months")),
                (12, _("every year")),
            ],
        )
        self.fields["starts_date"] = DayField(label=_("From"))
        self.fields["ends_date"] = DayField(
            label=_("Until (that day not included)"), required=False
        )
        self.fields["plan"] = forms.CharField(label=_("Plan"), max_length=100, required=False)
        self.fields["seats"] = forms.IntegerField(
            label=_("Seats"), min_value=1, max_value=10_000_000, required=False
        )

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        cleaned = super().clean() or {}
        starts, ends = cleaned.get("starts_date"), cleaned.get("ends_date")
        if starts and ends and ends <= starts:
            self.add_error("ends_date", _("The period must end after it begins."))
        return cleaned

    @property
    def subscription(self) -> Subscription:
        """The period as a value."""
        told = self.cleaned_data
        return Subscription(
            recurring=told["recurring"],
            starts_date=told["starts_date"],
            ends_date=told["ends_date"],
            interval_months=told["interval_months"],
            plan=told["plan"],
            seats=told["seats"],
        )


class EndSubscriptionForm(RequestForm):
    """The day on which a recurring amount ends."""

    ends_date = DayField(label=gettext_lazy("Until (that day not included)"))

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, starts_date: Any, **kwargs: Any
    ) -> None:
        self._starts_date = starts_date
        super().__init__(data, **kwargs)

    def clean_ends_date(self) -> Any:
        """Refuse an end before the beginning."""
        ends = self.cleaned_data["ends_date"]
        if ends <= self._starts_date:
            raise forms.ValidationError(_("The period must end after it begins."))
        return ends


class OwnerForm(RevisedForm):
    """Who carries the journey from now on, and why."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        journey: Journey,
        people: Sequence[User],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, journey=journey, initial={"owner": journey.owner_id}, **kwargs)
        owner = OwnerField(people=people)
        self.teams = owner.teams
        self.fields["owner"] = owner
        self.fields["reason"] = forms.CharField(label=_("Reason"), max_length=200, required=False)


def known_amount(journey: Journey) -> Money | None:
    """Return the amount of the deal, None when it has none."""
    if journey.amount_minor is None:
        return None
    return Money(journey.amount_minor, journey.currency)


def channel_choices(keep: int | None = None) -> list[tuple[int, str]]:
    """Return the channels in use, and `keep` even when it no longer is."""
    rows = Channel.objects.filter(Q(is_active=True) | Q(pk__in=[] if keep is None else [keep]))
    return [(row.pk, row.label_en if language() == "en" else row.label_ja) for row in rows]


def _name(person: Person) -> str:
    return f"{person.family_name} {person.given_name}".strip() or f"#{person.pk}"


def _one_of(label: str, choices: Sequence[tuple[int, str]]) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=[("", "–"), *choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
