"""From plans to rows: pure building, nothing is written here."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from tasuki.core.blueprint import Blueprint, StageKind
from tasuki.core.conditions.evaluate import BUSINESS_ZONE
from tasuki.core.lifecycle import Exit
from tasuki.core.money import MissingRate, Money, convert
from tasuki.journeys.kinds import EventKind
from tasuki.journeys.models import (
    Account,
    Activity,
    DealChange,
    Event,
    Journey,
    Person,
    Stay,
    SubscriptionPeriod,
)
from tasuki.journeys.operations.bulk import fresh_row
from tasuki.journeys.operations.facts import DEFAULT_NEXT_ACTION, NextAction
from tasuki.journeys.operations.history_plans import (
    JourneyPlan,
    PlannedActivity,
    PlannedDeal,
    PlannedEvent,
    PlannedStay,
    PlannedSubscription,
    Stamp,
)
from tasuki.journeys.operations.records import (
    AccountDetails,
    PersonDetails,
    account_columns,
    journey_search_columns,
    person_columns,
)

_EVENT_OF_EXIT: Final = {
    Exit.ADVANCED: EventKind.ADVANCED,
    Exit.RETURNED: EventKind.MOVED_BACK,
    Exit.RECYCLED: EventKind.RECYCLED,
    Exit.DISQUALIFIED: EventKind.DISQUALIFIED,
    Exit.LOST: EventKind.LOST,
    Exit.CHURNED: EventKind.CHURNED,
    Exit.REACTIVATED: EventKind.REACTIVATED,
    Exit.WON_BACK: EventKind.WON_BACK,
    Exit.COMPLETED: EventKind.COMPLETED,
}


class UnableToPlanJourney(Exception):
    """A planned history contradicts itself; `rule` says how and `number` at which stay."""

    def __init__(self, *, journey_id: int, rule: str, number: int) -> None:
        super().__init__(f"journey {journey_id}, stay {number}: {rule}")
        self.journey_id = journey_id
        self.rule = rule
        self.number = number


@dataclass(frozen=True, slots=True)
class JourneyRows:
    """Every row of one journey, in the order in which the tables are written."""

    journey: Journey
    stays: list[Stay] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)
    deals: list[DealChange] = field(default_factory=list)
    subscriptions: list[SubscriptionPeriod] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RowIds:
    """Fresh primary keys for the rows that nothing outside refers to."""

    stays: Iterator[int]
    activities: Iterator[int]
    deals: Iterator[int]
    subscriptions: Iterator[int]
    events: Iterator[int]


def account_row(*, account_id: int, details: AccountDetails, stamp: Stamp) -> Account:
    """This will build the row of a company under a reserved id.

    Raises:
        InvalidContact: the domain, phone or corporate number cannot be one.
    """
    return fresh_row(
        Account,
        id=account_id,
        batch_id=stamp.batch_id,
        created_at=stamp.now,
        updated_at=stamp.now,
        **account_columns(details),
    )


def person_row(*, person_id: int, details: PersonDetails, stamp: Stamp) -> Person:
    """This will build the row of a person under a reserved id.

    Raises:
        InvalidContact: the e-mail address or phone cannot be one.
    """
    return fresh_row(
        Person,
        id=person_id,
        batch_id=stamp.batch_id,
        created_at=stamp.now,
        updated_at=stamp.now,
        **person_columns(details),
    )


def event_count(plan: JourneyPlan) -> int:
    """This will tell how many journal lines the plan makes."""
    stays = plan.stays
    return (
        1
        + sum(stay.left_at is not None for stay in stays)
        + sum(bool(stay.unmet) + (stay.claimed_date is not None) for stay in stays)
        + len(plan.deals)
        + len(plan.subscriptions)
        + len(plan.events)
    )


def journey_rows(*, plan: JourneyPlan, stamp: Stamp, ids: RowIds) -> JourneyRows:
    """This will build every row of a journey.

    Raises:
        UnableToPlanJourney: the stays do not follow each other.
    """
    _check(plan, stamp.blueprint)
    subscriptions = [
        _subscription(plan, item, stamp, ids.subscriptions) for item in plan.subscriptions
    ]
    return JourneyRows(
        journey=_journey(plan, stamp),
        stays=stay_rows(plan=plan, stamp=stamp, ids=ids.stays),
        activities=[_activity(plan, item, stamp, ids.activities) for item in plan.activities],
        deals=[
            deal_row(plan=plan, deal=item, stamp=stamp, row_id=next(ids.deals))
            for item in plan.deals
        ],
        subscriptions=subscriptions,
        events=[
            event_row(plan=plan, item=item, stamp=stamp, row_id=next(ids.events))
            for item in _story(plan, subscriptions)
        ],
    )


def stay_rows(*, plan: JourneyPlan, stamp: Stamp, ids: Iterator[int], first: int = 1) -> list[Stay]:
    """This will build the stays, numbered from `first` on."""
    return [
        fresh_row(
            Stay,
            id=next(ids),
            journey_id=plan.id,
            number=number,
            cycle=stay.cycle,
            visit=stay.visit,
            stage=stay.stage,
            department=stamp.blueprint.department_of(stay.stage),
            owner_id=stay.owner_id,
            team_id=stay.team_id,
            entered_at=stay.entered_at,
            entered_recorded_at=stamp.recorded(stay.entered_at),
            claimed_date=stay.claimed_date,
            left_at=stay.left_at,
            left_recorded_at=stamp.recorded(stay.left_at) if stay.left_at else None,
            exit=stay.exit or "",
            to_stage=stay.to_stage,
            reason=stay.reason,
            note=stay.note,
            blueprint_id=stamp.blueprint_id,
            batch_id=stamp.batch_id,
        )
        for number, stay in enumerate(plan.stays, start=first)
    ]


def place_columns(*, plan: JourneyPlan, stamp: Stamp) -> dict[str, object]:
    """This will return the columns that say where the journey rests, who has it, what is next.

    Stages an open journey is found in always come with a dated next action (R7): where the plan
    has none, the default text and today.
    """
    last = plan.stays[-1]
    place = stamp.blueprint.place(last.stage)
    is_open = place.kind is StageKind.MAIN and last.left_at is None
    today = stamp.now.astimezone(BUSINESS_ZONE).date()
    step = plan.next_action or _default_step(plan, is_open=is_open, today=today)
    return {
        "stage": last.stage,
        "department": plan.held_by or place.department,
        "is_open": is_open,
        "cycle": last.cycle,
        "entered_at": last.entered_at,
        "closed_at": last.left_at,
        "revisit_date": plan.revisit_date,
        "owner_id": last.owner_id,
        "team_id": last.team_id,
        "next_action": step.what if step else "",
        "next_action_date": step.due_date if step else None,
    }


def deal_columns(*, deal: PlannedDeal, stamp: Stamp) -> dict[str, object]:
    """This will return the journey's deal columns; without a rate the reported amount is empty."""
    amount = deal.amount
    return {
        "amount_minor": amount.minor if amount else None,
        "currency": amount.currency if amount else "",
        "amount_reporting_minor": _reported(amount, deal, stamp) if amount else None,
        "expected_close_date": deal.expected_close_date,
    }


def story_of_stays(stays: tuple[PlannedStay, ...]) -> Iterator[PlannedEvent]:
    """This will tell the moves between stays, their unmet gates and doubtful dates."""
    for index, stay in enumerate(stays):
        yield from _doubts(stay, before=stays[index - 1] if index else None)
        if stay.left_at is None or stay.exit is None:
            continue
        after = stays[index + 1] if index + 1 < len(stays) else None
        yield PlannedEvent(
            kind=_EVENT_OF_EXIT[stay.exit],
            happened_at=stay.left_at,
            actor_id=after.entered_by if after else None,
            payload=_payload(stay, to=stay.to_stage or None, cycle=(after or stay).cycle),
        )


def _story(plan: JourneyPlan, subscriptions: list[SubscriptionPeriod]) -> list[PlannedEvent]:
    """Tell everything that happened, the opening first, in the order of time."""
    first = plan.stays[0]
    opened = PlannedEvent(
        kind=EventKind.JOURNEY_OPENED,
        happened_at=first.entered_at,
        actor_id=first.entered_by,
        payload={
            "from": None,
            "to": first.stage,
            "cycle": first.cycle,
            "reason": "",
            "note": "",
            "items": [],
        },
    )
    later = [
        *story_of_stays(plan.stays),
        *(deal_event(deal) for deal in plan.deals),
        *(
            subscription_event(item, subscription_id=row.pk)
            for item, row in zip(plan.subscriptions, subscriptions, strict=True)
        ),
        *plan.events,
    ]
    return [opened, *sorted(later, key=lambda event: event.happened_at)]


def deal_event(deal: PlannedDeal) -> PlannedEvent:
    """This will tell of a deal's new amount, as `change_deal` does."""
    amount, close = deal.amount, deal.expected_close_date
    return PlannedEvent(
        kind=EventKind.DEAL_CHANGED,
        happened_at=deal.happened_at,
        actor_id=deal.actor_id,
        payload={
            "amount_minor": amount.minor if amount else None,
            "currency": amount.currency if amount else "",
            "expected_close_date": close.isoformat() if close else None,
        },
    )


def subscription_event(item: PlannedSubscription, *, subscription_id: int) -> PlannedEvent:
    """This will tell of a new period of recurring revenue, as `add_subscription` does."""
    terms = item.terms
    return PlannedEvent(
        kind=EventKind.SUBSCRIPTION_ADDED,
        happened_at=item.happened_at,
        actor_id=item.actor_id,
        payload={
            "subscription": subscription_id,
            "recurring_minor": terms.recurring.minor,
            "currency": terms.recurring.currency,
            "starts_date": terms.starts_date.isoformat(),
            "ends_date": terms.ends_date.isoformat() if terms.ends_date else None,
        },
    )


def _payload(stay: PlannedStay, *, to: str | None, cycle: int) -> dict[str, object]:
    return {
        "from": stay.stage,
        "to": to,
        "cycle": cycle,
        "reason": stay.reason,
        "note": stay.note,
        "items": [],
    }


def _doubts(stay: PlannedStay, *, before: PlannedStay | None) -> Iterator[PlannedEvent]:
    if stay.unmet:
        yield PlannedEvent(
            kind=EventKind.GATE_NOT_SHOWN,
            happened_at=stay.entered_at,
            actor_id=stay.entered_by,
            payload={
                "from": before.stage if before else None,
                "to": stay.stage,
                "cycle": stay.cycle,
                "reason": "",
                "note": "",
                "items": list(stay.unmet),
            },
        )
    if stay.claimed_date is not None:
        yield PlannedEvent(
            kind=EventKind.DATE_CONFLICT,
            happened_at=stay.entered_at,
            actor_id=stay.entered_by,
            payload={"stage": stay.stage, "claimed_date": stay.claimed_date.isoformat()},
        )


def _check(plan: JourneyPlan, blueprint: Blueprint) -> None:
    """Refuse what no sequence of moves can have made."""
    if not plan.stays:
        raise UnableToPlanJourney(journey_id=plan.id, rule="no stay", number=0)
    following = [*plan.stays[1:], None]
    for number, (stay, after) in enumerate(zip(plan.stays, following, strict=True), start=1):
        if rule := _broken_rule(stay, after, blueprint):
            raise UnableToPlanJourney(journey_id=plan.id, rule=rule, number=number)


def _broken_rule(stay: PlannedStay, after: PlannedStay | None, blueprint: Blueprint) -> str:
    if not blueprint.has_place(stay.stage):
        return f"unknown stage {stay.stage}"
    if (stay.left_at is None) is not (stay.exit is None):
        return "a stay ends with both a time and an exit, or not at all"
    if stay.left_at is not None and stay.left_at < stay.entered_at:
        return "left before it was entered"
    if after is None:
        ended_elsewhere = stay.exit is not None and stay.exit is not Exit.COMPLETED
        return "the last stay leads nowhere" if ended_elsewhere else ""
    if stay.left_at != after.entered_at or stay.to_stage != after.stage:
        return "the next stay does not follow"
    return ""


def _journey(plan: JourneyPlan, stamp: Stamp) -> Journey:
    deal = max(plan.deals, key=lambda item: item.happened_at, default=None)
    touched = [item.happened_at for item in plan.activities]
    return fresh_row(
        Journey,
        id=plan.id,
        account_id=plan.account.pk,
        person_id=plan.person.pk if plan.person else None,
        parent_id=plan.parent_id,
        kind=plan.kind,
        title=plan.title,
        channel_id=plan.channel_id,
        campaign_id=plan.campaign_id,
        source=plan.source,
        motion=plan.motion or plan.account.motion or stamp.blueprint.default_motion,
        blueprint_id=stamp.blueprint_id,
        opened_at=plan.stays[0].entered_at,
        temperature=plan.temperature,
        fit=plan.fit,
        answers=dict(plan.answers),
        last_activity_at=max(touched, default=None),
        batch_id=stamp.batch_id,
        created_at=stamp.now,
        updated_at=stamp.now,
        **place_columns(plan=plan, stamp=stamp),
        **(deal_columns(deal=deal, stamp=stamp) if deal else {}),
        **journey_search_columns(account=plan.account, person=plan.person, title=plan.title),
    )


def _default_step(plan: JourneyPlan, *, is_open: bool, today: date) -> NextAction | None:
    if is_open:
        return NextAction(what=DEFAULT_NEXT_ACTION, due_date=today)
    if plan.revisit_date:
        return NextAction(what=DEFAULT_NEXT_ACTION, due_date=plan.revisit_date)
    return None


def _reported(amount: Money, deal: PlannedDeal, stamp: Stamp) -> int | None:
    on = deal.happened_at.astimezone(BUSINESS_ZONE).date()
    try:
        return convert(amount, to=stamp.reporting_currency, rates=stamp.rates, on=on).minor
    except MissingRate:
        return None


def _activity(
    plan: JourneyPlan, item: PlannedActivity, stamp: Stamp, ids: Iterator[int]
) -> Activity:
    person_id = item.person_id or (plan.person.pk if plan.person else None)
    fresh = next(ids)
    return fresh_row(
        Activity,
        id=item.id or fresh,
        journey_id=plan.id,
        account_id=plan.account.pk,
        person_id=person_id,
        kind=item.kind,
        direction=item.direction or "",
        outcome=item.outcome,
        subject=item.subject,
        body=item.body,
        minutes=item.minutes,
        details=dict(item.details),
        replaces_id=item.replaces_id,
        happened_at=item.happened_at,
        recorded_at=stamp.recorded(item.happened_at),
        actor_id=item.actor_id,
        batch_id=stamp.batch_id,
    )


def deal_row(*, plan: JourneyPlan, deal: PlannedDeal, stamp: Stamp, row_id: int) -> DealChange:
    """This will build one line of the deal's history."""
    return fresh_row(
        DealChange,
        id=row_id,
        journey_id=plan.id,
        amount_minor=deal.amount.minor if deal.amount else None,
        currency=deal.amount.currency if deal.amount else "",
        expected_close_date=deal.expected_close_date,
        happened_at=deal.happened_at,
        recorded_at=stamp.recorded(deal.happened_at),
        actor_id=deal.actor_id,
        batch_id=stamp.batch_id,
    )


def _subscription(
    plan: JourneyPlan, item: PlannedSubscription, stamp: Stamp, ids: Iterator[int]
) -> SubscriptionPeriod:
    terms, fresh = item.terms, next(ids)
    return fresh_row(
        SubscriptionPeriod,
        id=item.id or fresh,
        journey_id=plan.id,
        plan=terms.plan,
        recurring_minor=terms.recurring.minor,
        interval_months=terms.interval_months,
        currency=terms.recurring.currency,
        starts_date=terms.starts_date,
        ends_date=terms.ends_date,
        seats=terms.seats,
        recorded_at=stamp.recorded(item.happened_at),
        batch_id=stamp.batch_id,
    )


def event_row(*, plan: JourneyPlan, item: PlannedEvent, stamp: Stamp, row_id: int) -> Event:
    """This will build one line of the journal."""
    actor_id = item.actor_id or stamp.actor.user_id
    return fresh_row(
        Event,
        id=row_id,
        journey_id=plan.id,
        kind=item.kind,
        happened_at=item.happened_at,
        recorded_at=stamp.recorded(item.happened_at),
        actor_id=actor_id,
        actor_kind="user" if item.actor_id else stamp.actor.kind,
        payload=dict(item.payload),
        batch_id=stamp.batch_id,
    )
