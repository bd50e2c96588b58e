"""Finished histories are written whole, in bulk, and read like lived ones."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tasuki.core.blueprint import JourneyKind
from tasuki.core.lifecycle import Exit
from tasuki.core.money import Money
from tasuki.journeys.kinds import ActivityKind, EventKind
from tasuki.journeys.models import (
    Account,
    Activity,
    DealChange,
    Event,
    ExchangeRate,
    Journey,
    Person,
    Stay,
    SubscriptionPeriod,
    WriteBatch,
)
from tasuki.journeys.operations import histories
from tasuki.journeys.operations.bulk import reserve_ids
from tasuki.journeys.operations.facts import NextAction, Subscription
from tasuki.journeys.operations.history_plans import (
    JourneyPlan,
    PlannedActivity,
    PlannedDeal,
    PlannedEvent,
    PlannedStay,
    PlannedSubscription,
    Stamp,
)
from tasuki.journeys.operations.history_rows import (
    UnableToPlanJourney,
    account_row,
    person_row,
)
from tasuki.journeys.operations.records import AccountDetails, PersonDetails
from tests.journeys import factories
from tests.journeys.factories import NOW, act

pytestmark = pytest.mark.django_db

JAN_5 = datetime(2026, 1, 5, 1, tzinfo=UTC)
FEB_1 = datetime(2026, 2, 1, 1, tzinfo=UTC)
TODAY = date(2026, 4, 1)


@pytest.fixture
def batch() -> WriteBatch:
    factories.process()
    return histories.begin_batch(kind=WriteBatch.Kind.IMPORT, label="leads.csv", act=act())


@pytest.fixture
def stamp(batch: WriteBatch) -> Stamp:
    return histories.stamp_of(batch=batch, act=act())


Planner = Callable[..., JourneyPlan]


@pytest.fixture
def plan(stamp: Stamp) -> Planner:
    """Make a plan about a new company; the company is written, the journey is not."""

    def make(**stated: Any) -> JourneyPlan:
        account = account_row(
            account_id=next(reserve_ids(model=Account, count=1)),
            details=AccountDetails(name="株式会社青葉製作所"),
            stamp=stamp,
        )
        histories.write_accounts(accounts=[account])
        journey_id = next(reserve_ids(model=Journey, count=1))
        given: dict[str, Any] = {"stays": (PlannedStay(stage="MQL", entered_at=JAN_5),), **stated}
        return JourneyPlan(id=journey_id, account=account, **given)

    return make


def write(plan: JourneyPlan, stamp: Stamp) -> Journey:
    histories.write_histories(plans=[plan], stamp=stamp)
    return Journey.objects.get(pk=plan.id)


def test_a_journey_rests_where_its_last_stay_says(plan: Planner, stamp: Stamp) -> None:
    user = factories.user()
    journey = write(
        plan(
            stays=(
                PlannedStay(
                    stage="MQL",
                    entered_at=JAN_5,
                    left_at=FEB_1,
                    exit=Exit.ADVANCED,
                    to_stage="SAL",
                ),
                PlannedStay(stage="SAL", entered_at=FEB_1, owner_id=user.pk),
            )
        ),
        stamp,
    )

    assert (journey.stage, journey.department, journey.is_open) == ("SAL", "inside_sales", True)
    assert (journey.opened_at, journey.entered_at, journey.closed_at) == (JAN_5, FEB_1, None)
    assert journey.owner_id == user.pk
    assert journey.search_text == "株式会社青葉製作所"
    assert list(
        Stay.objects.order_by("number").values_list("number", "stage", "left_at", "exit")
    ) == [(1, "MQL", FEB_1, "advanced"), (2, "SAL", None, "")]


def test_an_open_journey_always_has_a_next_action(plan: Planner, stamp: Stamp) -> None:
    journey = write(plan(), stamp)

    assert (journey.next_action, journey.next_action_date) == ("次の一手を決める", TODAY)


def test_a_planned_next_action_is_kept(plan: Planner, stamp: Stamp) -> None:
    step = NextAction(what="電話する", due_date=date(2026, 4, 9))
    journey = write(plan(next_action=step), stamp)

    assert (journey.next_action, journey.next_action_date) == ("電話する", date(2026, 4, 9))


@pytest.mark.parametrize("revisit", [date(2026, 9, 1), None])
def test_on_a_side_track_the_next_step_is_the_revisit(
    plan: Planner, stamp: Stamp, revisit: date | None
) -> None:
    stays = (
        PlannedStay(
            stage="MQL",
            entered_at=JAN_5,
            left_at=FEB_1,
            exit=Exit.RECYCLED,
            to_stage="RECYCLE",
            reason="timing",
        ),
        PlannedStay(stage="RECYCLE", entered_at=FEB_1),
    )
    journey = write(plan(stays=stays, revisit_date=revisit), stamp)

    assert not journey.is_open
    assert (journey.revisit_date, journey.next_action_date) == (revisit, revisit)


def test_a_completed_renewal_is_closed(plan: Planner, stamp: Stamp) -> None:
    stay = PlannedStay(
        stage="RENEW", entered_at=JAN_5, left_at=FEB_1, exit=Exit.COMPLETED, entered_by=None
    )
    journey = write(plan(kind=JourneyKind.RENEWAL, stays=(stay,)), stamp)

    assert (journey.is_open, journey.closed_at) == (False, FEB_1)
    assert Event.objects.get(kind=EventKind.COMPLETED).payload["to"] is None


def test_the_journal_tells_the_moves_with_both_times(plan: Planner, stamp: Stamp) -> None:
    user = factories.user()
    write(
        plan(
            stays=(
                PlannedStay(
                    stage="MQL",
                    entered_at=JAN_5,
                    left_at=FEB_1,
                    exit=Exit.ADVANCED,
                    to_stage="SAL",
                    claimed_date=date(2026, 3, 1),
                ),
                PlannedStay(
                    stage="SAL", entered_at=FEB_1, entered_by=user.pk, unmet=("owner", "fit")
                ),
            ),
            events=(
                PlannedEvent(kind=EventKind.IMPORTED, happened_at=NOW, payload={"key": "L-1"}),
            ),
        ),
        stamp,
    )

    told = list(
        Event.objects.order_by("id").values_list("kind", "happened_at", "actor_id", "actor_kind")
    )
    assert told == [
        ("journey_opened", JAN_5, None, "user"),
        ("date_conflict", JAN_5, None, "user"),
        ("advanced", FEB_1, user.pk, "user"),
        ("gate_not_shown", FEB_1, user.pk, "user"),
        ("imported", NOW, None, "user"),
    ]
    assert set(Event.objects.values_list("recorded_at", flat=True)) == {NOW}
    gate = Event.objects.get(kind="gate_not_shown")
    assert (gate.payload["from"], gate.payload["items"]) == ("MQL", ["owner", "fit"])
    advanced = Event.objects.get(kind="advanced")
    assert (advanced.payload["from"], advanced.payload["to"]) == ("MQL", "SAL")
    conflict = Event.objects.get(kind="date_conflict")
    assert conflict.payload == {"stage": "MQL", "claimed_date": "2026-03-01"}


def test_a_told_story_counts_as_recorded_when_it_happened(plan: Planner, batch: WriteBatch) -> None:
    stamp = histories.stamp_of(batch=batch, act=act(), as_it_happened=True)
    write(
        plan(
            stays=(
                PlannedStay(
                    stage="MQL",
                    entered_at=JAN_5,
                    left_at=FEB_1,
                    exit=Exit.ADVANCED,
                    to_stage="SAL",
                ),
                PlannedStay(stage="SAL", entered_at=FEB_1),
            )
        ),
        stamp,
    )

    stay = Stay.objects.get(number=1)
    assert (stay.entered_recorded_at, stay.left_recorded_at) == (JAN_5, FEB_1)
    assert list(Event.objects.order_by("id").values_list("recorded_at", flat=True)) == [
        JAN_5,
        FEB_1,
    ]


def test_the_latest_deal_shows_on_the_journey_and_all_stay_in_its_history(
    plan: Planner, batch: WriteBatch
) -> None:
    ExchangeRate.objects.create(
        currency="USD", to_currency="JPY", valid_date=date(2026, 1, 1), rate=Decimal(150)
    )
    stamp = histories.stamp_of(batch=batch, act=act())
    close = date(2026, 5, 1)
    journey = write(
        plan(
            deals=(
                PlannedDeal(amount=Money(10_00, "USD"), happened_at=FEB_1),
                PlannedDeal(amount=Money(20_00, "USD"), happened_at=NOW, expected_close_date=close),
            )
        ),
        stamp,
    )

    assert (journey.amount_minor, journey.currency) == (2000, "USD")
    assert (journey.amount_reporting_minor, journey.expected_close_date) == (3000, close)
    assert list(DealChange.objects.order_by("id").values_list("amount_minor", flat=True)) == [
        1000,
        2000,
    ]
    assert Event.objects.filter(kind=EventKind.DEAL_CHANGED).count() == 2


def test_without_a_rate_the_reported_amount_is_unknown(plan: Planner, stamp: Stamp) -> None:
    deal = PlannedDeal(amount=Money(10_00, "BRL"), happened_at=FEB_1)
    journey = write(plan(deals=(deal,)), stamp)

    assert (journey.amount_minor, journey.amount_reporting_minor) == (1000, None)


def test_a_deal_may_lose_its_amount(plan: Planner, stamp: Stamp) -> None:
    journey = write(plan(deals=(PlannedDeal(amount=None, happened_at=FEB_1),)), stamp)

    assert (journey.amount_minor, journey.currency) == (None, "")
    assert DealChange.objects.get().currency == ""


def test_activities_date_the_journey(plan: Planner, stamp: Stamp) -> None:
    chosen = next(reserve_ids(model=Activity, count=1))
    journey = write(
        plan(
            activities=(
                PlannedActivity(kind=ActivityKind.CALL, happened_at=FEB_1, subject="初回"),
                PlannedActivity(kind=ActivityKind.MAIL, happened_at=JAN_5, id=chosen),
            )
        ),
        stamp,
    )

    assert journey.last_activity_at == FEB_1
    assert Activity.objects.get(pk=chosen).kind == "mail"
    assert Activity.objects.get(subject="初回").account_id == journey.account_id


def test_people_of_the_plan_are_found_on_its_activities(plan: Planner, stamp: Stamp) -> None:
    person = person_row(
        person_id=next(reserve_ids(model=Person, count=1)),
        details=PersonDetails(family_name="山田", email="yamada@aoba.example.co.jp"),
        stamp=stamp,
    )
    histories.write_persons(persons=[person])
    touch = PlannedActivity(kind=ActivityKind.FORM, happened_at=JAN_5)
    journey = write(plan(person=person, activities=(touch,)), stamp)

    assert journey.person_id == person.pk
    assert Activity.objects.get().person_id == person.pk
    assert journey.search_text == "株式会社青葉製作所 山田 yamada@aoba.example.co.jp"


@pytest.mark.parametrize("ends", [date(2027, 1, 5), None])
def test_subscriptions_are_written_and_told(plan: Planner, stamp: Stamp, ends: date | None) -> None:
    terms = Subscription(
        recurring=Money(50_000, "JPY"), starts_date=date(2026, 1, 5), ends_date=ends
    )
    write(plan(subscriptions=(PlannedSubscription(terms=terms, happened_at=JAN_5),)), stamp)

    period = SubscriptionPeriod.objects.get()
    assert (period.recurring_minor, period.ends_date) == (50_000, ends)
    told = Event.objects.get(kind=EventKind.SUBSCRIPTION_ADDED).payload
    assert (told["subscription"], told["ends_date"]) == (
        period.pk,
        ends.isoformat() if ends else None,
    )


STAY = PlannedStay(stage="MQL", entered_at=JAN_5)
LEFT: dict[str, Any] = {"left_at": FEB_1, "exit": Exit.ADVANCED, "to_stage": "SAL"}


@pytest.mark.parametrize(
    ("stays", "rule"),
    [
        ((), "no stay"),
        ((PlannedStay(stage="NOWHERE", entered_at=JAN_5),), "unknown stage NOWHERE"),
        ((PlannedStay(stage="MQL", entered_at=JAN_5, left_at=FEB_1),), "not at all"),
        (
            (
                PlannedStay(
                    stage="RENEW",
                    entered_at=JAN_5,
                    left_at=JAN_5 - timedelta(days=1),
                    exit=Exit.COMPLETED,
                ),
            ),
            "left before it was entered",
        ),
        ((PlannedStay(stage="MQL", entered_at=JAN_5, **LEFT),), "leads nowhere"),
        ((STAY, PlannedStay(stage="SAL", entered_at=FEB_1)), "does not follow"),
        (
            (
                PlannedStay(stage="MQL", entered_at=JAN_5, **LEFT),
                PlannedStay(stage="SQL", entered_at=FEB_1),
            ),
            "does not follow",
        ),
    ],
)
def test_stays_that_contradict_each_other_are_refused(
    plan: Planner, stamp: Stamp, stays: tuple[PlannedStay, ...], rule: str
) -> None:
    with pytest.raises(UnableToPlanJourney, match=rule):
        write(plan(stays=stays), stamp)

    assert not Journey.objects.exists()


def test_progress_is_told_chunk_by_chunk(
    plan: Planner, stamp: Stamp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(histories, "CHUNK", 2)
    told: list[int] = []
    written = histories.write_histories(
        plans=(plan() for _ in range(3)), stamp=stamp, on_progress=told.append
    )

    assert told == [2, 3]
    assert (written.journeys, written.stays, written.events) == (3, 3, 3)


def test_a_batch_is_committed_once(batch: WriteBatch) -> None:
    histories.commit_batch(batch_id=batch.pk, act=act())
    histories.commit_batch(batch_id=batch.pk, act=act(now=NOW + timedelta(days=1)))

    batch.refresh_from_db()
    assert (batch.state, batch.committed_at) == ("committed", NOW)


def test_facts_may_be_written_without_a_batch(batch: WriteBatch) -> None:
    assert histories.stamp_of(batch=None, act=act()).batch_id is None
