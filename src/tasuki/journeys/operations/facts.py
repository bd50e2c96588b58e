"""Adding facts to a journey: touches, answers, the next step, deal amounts, subscriptions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.db import transaction
from django.db.models.functions import Coalesce, Greatest

from tasuki.core.handoffs import PacketState
from tasuki.core.money import Money
from tasuki.journeys.actor import Act
from tasuki.journeys.kinds import ActivityKind, Direction, EventKind
from tasuki.journeys.models import Activity, DealChange, Handoff, Journey, SubscriptionPeriod
from tasuki.journeys.operations import guard, journal
from tasuki.journeys.operations.receipts import claim
from tasuki.journeys.queries.rates import in_reporting_currency

NEXT_ACTION_LENGTH: Final = 200
DEFAULT_NEXT_ACTION: Final = "次の一手を決める"
"""Where nobody said what is next on an open journey, which always has something (R7)."""

_ATTEMPTS: Final = (ActivityKind.CALL, ActivityKind.MAIL, ActivityKind.MEETING)
_NO_ATTEMPTS: Final = ("bounced", "cancelled")
"""Outcomes that say the customer could not notice it."""


class UnableToSetNextAction(Exception):
    """An open journey always has a dated next action; `missing` names what was left out."""

    def __init__(self, *, missing: str) -> None:
        super().__init__(f"the next action has no {missing}")
        self.missing = missing


@dataclass(frozen=True, slots=True)
class NextAction:
    """What is to be done next, and by which day."""

    what: str
    due_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """One contact with the customer, as a person or a tool reports it."""

    kind: ActivityKind
    direction: Direction | None = None
    outcome: str = ""
    subject: str = ""
    body: str = ""
    minutes: int | None = None
    person_id: int | None = None
    details: Mapping[str, object] = field(default_factory=dict)
    replaces_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A recurring amount from a date (inclusive) to a date (exclusive, None: no end known)."""

    recurring: Money
    starts_date: date
    ends_date: date | None = None
    interval_months: int = 1
    plan: str = ""
    seats: int | None = None


def record_activity(*, journey_id: int, touch: Touch, act: Act) -> Activity:
    """This will append a contact to the journey; a correction names the one it replaces.

    Reaching out by call, mail or meeting is the first contact of an accepted packet, once.
    """
    with transaction.atomic():
        claim(act=act, operation="record_activity", journey_id=journey_id)
        journey = guard.load(journey_id=journey_id)
        activity = Activity.objects.create(
            journey_id=journey_id,
            account_id=journey.account_id,
            person_id=touch.person_id or journey.person_id,
            kind=touch.kind,
            direction=touch.direction or "",
            outcome=touch.outcome,
            subject=touch.subject,
            body=touch.body,
            minutes=touch.minutes,
            details=dict(touch.details),
            replaces_id=touch.replaces_id,
            happened_at=act.at,
            recorded_at=act.now,
            actor_id=act.actor.user_id,
        )
        Journey.objects.filter(pk=journey_id).update(
            last_activity_at=Greatest(Coalesce("last_activity_at", act.at), act.at)
        )
        if _is_attempt(touch):
            Handoff.objects.filter(
                journey_id=journey_id,
                state=PacketState.ACCEPTED,
                contacted_at__isnull=True,
                offered_at__lte=act.at,
            ).update(contacted_at=act.at)
    return activity


def _is_attempt(touch: Touch) -> bool:
    goes_out = touch.direction is not Direction.INBOUND and touch.outcome not in _NO_ATTEMPTS
    return touch.kind in _ATTEMPTS and goes_out


def set_next_action(
    *, journey_id: int, next_action: NextAction, act: Act, revision: int | None = None
) -> Journey:
    """This will set what is to be done next.

    Raises:
        UnableToSetNextAction: it says nothing.
        JourneyChangedMeanwhile: the row has moved on.
    """
    columns = next_action_columns(next_action)
    with transaction.atomic():
        claim(act=act, operation="set_next_action", journey_id=journey_id)
        journey = guard.load(journey_id=journey_id, revision=revision)
        before = [journey.next_action, _iso(journey.next_action_date)]
        guard.change(journey=journey, act=act, **columns)
        journal.record(
            about=journal.About(journey_id=journey_id),
            kind=EventKind.NEXT_ACTION_SET,
            act=act,
            payload={
                "before": before,
                "after": [next_action.what, next_action.due_date.isoformat()],
            },
        )
    return journey


def next_action_columns(next_action: NextAction) -> dict[str, object]:
    """This will return the columns of a next action.

    Raises:
        UnableToSetNextAction: it says nothing.
    """
    what = next_action.what.strip()
    if not what:
        raise UnableToSetNextAction(missing="text")
    return {"next_action": what[:NEXT_ACTION_LENGTH], "next_action_date": next_action.due_date}


def record_answers(
    *, journey_id: int, answers: Mapping[str, object], act: Act, revision: int | None = None
) -> Journey:
    """This will keep the answers to gate items (JSON values by item key); earlier ones stay
    in the journal."""
    with transaction.atomic():
        claim(act=act, operation="record_answers", journey_id=journey_id)
        journey = guard.load(journey_id=journey_id, revision=revision)
        changed = {k: v for k, v in answers.items() if journey.answers.get(k) != v}
        if changed:
            before = {k: journey.answers.get(k) for k in changed}
            guard.change(journey=journey, act=act, answers={**journey.answers, **changed})
            journal.record(
                about=journal.About(journey_id=journey_id),
                kind=EventKind.ANSWERS_RECORDED,
                act=act,
                payload={"before": before, "after": changed},
            )
    return journey


def change_deal(
    *,
    journey_id: int,
    amount: Money | None,
    expected_close_date: date | None,
    act: Act,
    revision: int | None = None,
) -> Journey:
    """This will set the deal's amount and expected close date and keep the change in its history.

    The amount in the reporting currency uses the rate of the day it happened.

    Raises:
        MissingRate: no rate is known for the currency on that day.
    """
    with transaction.atomic():
        claim(act=act, operation="change_deal", journey_id=journey_id)
        journey = guard.load(journey_id=journey_id, revision=revision)
        guard.change(
            journey=journey,
            act=act,
            amount_minor=amount.minor if amount else None,
            currency=amount.currency if amount else "",
            amount_reporting_minor=(
                in_reporting_currency(amount=amount, on=act.at.date()) if amount else None
            ),
            expected_close_date=expected_close_date,
        )
        DealChange.objects.create(
            journey_id=journey_id,
            amount_minor=amount.minor if amount else None,
            currency=amount.currency if amount else "",
            expected_close_date=expected_close_date,
            happened_at=act.at,
            recorded_at=act.now,
            actor_id=act.actor.user_id,
        )
        journal.record(
            about=journal.About(journey_id=journey_id),
            kind=EventKind.DEAL_CHANGED,
            act=act,
            payload={
                "amount_minor": amount.minor if amount else None,
                "currency": amount.currency if amount else "",
                "expected_close_date": _iso(expected_close_date),
            },
        )
    return journey


def add_subscription(
    *, journey_id: int, subscription: Subscription, act: Act
) -> SubscriptionPeriod:
    """This will add a period of recurring revenue to the journey."""
    with transaction.atomic():
        claim(act=act, operation="add_subscription", journey_id=journey_id)
        period = SubscriptionPeriod.objects.create(
            journey_id=journey_id,
            plan=subscription.plan,
            recurring_minor=subscription.recurring.minor,
            interval_months=subscription.interval_months,
            currency=subscription.recurring.currency,
            starts_date=subscription.starts_date,
            ends_date=subscription.ends_date,
            seats=subscription.seats,
            recorded_at=act.now,
        )
        journal.record(
            about=journal.About(journey_id=journey_id),
            kind=EventKind.SUBSCRIPTION_ADDED,
            act=act,
            payload={
                "subscription": period.pk,
                "recurring_minor": subscription.recurring.minor,
                "currency": subscription.recurring.currency,
                "starts_date": subscription.starts_date.isoformat(),
                "ends_date": _iso(subscription.ends_date),
            },
        )
    return period


def end_subscription(*, subscription_id: int, ends_date: date, act: Act) -> SubscriptionPeriod:
    """This will set the day (exclusive) on which a period of recurring revenue ends."""
    with transaction.atomic():
        claim(act=act, operation="end_subscription")
        period = SubscriptionPeriod.objects.select_for_update().get(pk=subscription_id)
        before = period.ends_date
        period.ends_date = ends_date
        period.save(update_fields=["ends_date"])
        journal.record(
            about=journal.About(journey_id=period.journey_id),
            kind=EventKind.SUBSCRIPTION_ENDED,
            act=act,
            payload={
                "subscription": period.pk,
                "before": _iso(before),
                "after": ends_date.isoformat(),
            },
        )
    return period


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
