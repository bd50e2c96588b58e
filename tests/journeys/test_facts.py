"""Facts on a journey: touches, the next step, answers, deals, subscriptions, owners."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tasuki.core.money import MissingRate, Money
from tasuki.journeys.actor import SYSTEM
from tasuki.journeys.kinds import ActivityKind, Direction, EventKind
from tasuki.journeys.models import (
    Activity,
    BlueprintVersion,
    Channel,
    DealChange,
    Event,
    ExchangeRate,
    Journey,
    ReportingSettings,
    Stay,
)
from tasuki.journeys.operations.assignment import Holder, assign_owner
from tasuki.journeys.operations.facts import (
    NextAction,
    Subscription,
    Touch,
    UnableToSetNextAction,
    add_subscription,
    change_deal,
    end_subscription,
    record_activity,
    record_answers,
    set_next_action,
)
from tasuki.journeys.operations.setup import prepare
from tasuki.journeys.queries.blueprints import (
    NoBlueprintPublished,
    blueprint_version,
    current_blueprint,
)
from tasuki.journeys.queries.rates import reporting_settings
from tests.journeys import factories
from tests.journeys.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def journey() -> Journey:
    factories.process()
    return factories.journey()


def test_a_touch_is_kept_with_when_it_happened_and_when_it_was_told(journey: Journey) -> None:
    happened = NOW - timedelta(days=2)
    user = factories.user()

    record_activity(
        journey_id=journey.pk,
        touch=Touch(
            kind=ActivityKind.CALL, direction=Direction.OUTBOUND, outcome="connected", minutes=12
        ),
        act=factories.act(user=user, happened_at=happened),
    )

    activity = Activity.objects.get(journey=journey)
    assert (activity.happened_at, activity.recorded_at) == (happened, NOW)
    assert (activity.account_id, activity.person_id) == (journey.account_id, journey.person_id)
    assert (activity.actor, activity.minutes, activity.direction) == (user, 12, "outbound")
    assert Journey.objects.get(pk=journey.pk).last_activity_at == happened


def test_an_older_touch_does_not_turn_back_the_latest(journey: Journey) -> None:
    touch = Touch(kind=ActivityKind.MAIL)
    record_activity(journey_id=journey.pk, touch=touch, act=factories.act())
    record_activity(
        journey_id=journey.pk,
        touch=touch,
        act=factories.act(happened_at=NOW - timedelta(days=9)),
    )

    assert Journey.objects.get(pk=journey.pk).last_activity_at == NOW


def test_a_correction_names_what_it_replaces(journey: Journey) -> None:
    wrong = record_activity(
        journey_id=journey.pk, touch=Touch(kind=ActivityKind.NOTE, body="誤"), act=factories.act()
    )

    right = record_activity(
        journey_id=journey.pk,
        touch=Touch(kind=ActivityKind.NOTE, body="正", replaces_id=wrong.pk),
        act=factories.act(),
    )

    assert Activity.objects.get(replaced_by=right).body == "誤"


def test_the_next_action_changes_and_the_earlier_one_stays_in_the_journal(
    journey: Journey,
) -> None:
    set_next_action(
        journey_id=journey.pk,
        next_action=NextAction(what=" 提案書を送る ", due_date=date(2026, 4, 8)),
        act=factories.act(),
        revision=1,
    )

    stored = Journey.objects.get(pk=journey.pk)
    assert (stored.next_action, stored.next_action_date) == ("提案書を送る", date(2026, 4, 8))
    event = Event.objects.get(journey=journey, kind=EventKind.NEXT_ACTION_SET)
    assert event.payload["before"] == ["資料を送る", "2026-04-02"]


def test_an_open_journey_never_loses_its_next_action(journey: Journey) -> None:
    with pytest.raises(UnableToSetNextAction):
        set_next_action(
            journey_id=journey.pk,
            next_action=NextAction(what="", due_date=date(2026, 4, 8)),
            act=factories.act(),
        )

    assert Journey.objects.get(pk=journey.pk).next_action == "資料を送る"


def test_answers_add_up_and_only_changes_are_journalled(journey: Journey) -> None:
    for answers in ({"need": "属人化"}, {"need": "属人化"}, {"budget": "secured"}):
        record_answers(journey_id=journey.pk, answers=answers, act=factories.act())

    assert Journey.objects.get(pk=journey.pk).answers == {"need": "属人化", "budget": "secured"}
    events = Event.objects.filter(kind=EventKind.ANSWERS_RECORDED).order_by("id")
    assert [e.payload["after"] for e in events] == [{"need": "属人化"}, {"budget": "secured"}]


def test_every_amount_of_a_deal_is_kept(journey: Journey) -> None:
    change_deal(
        journey_id=journey.pk,
        amount=Money(1_200_000, "JPY"),
        expected_close_date=date(2026, 6, 30),
        act=factories.act(),
    )
    change_deal(journey_id=journey.pk, amount=None, expected_close_date=None, act=factories.act())

    stored = Journey.objects.get(pk=journey.pk)
    assert (stored.amount_minor, stored.currency, stored.amount_reporting_minor) == (None, "", None)
    history = DealChange.objects.filter(journey=journey).order_by("id")
    assert list(history.values_list("amount_minor", "expected_close_date")) == [
        (1_200_000, date(2026, 6, 30)),
        (None, None),
    ]


def test_a_foreign_amount_is_reported_at_the_rate_of_its_day(journey: Journey) -> None:
    for day, rate in ((date(2026, 3, 1), "150"), (date(2026, 4, 1), "160"), (NOW.date(), "160")):
        ExchangeRate.objects.update_or_create(
            currency="USD", to_currency="JPY", valid_date=day, defaults={"rate": Decimal(rate)}
        )

    change_deal(
        journey_id=journey.pk,
        amount=Money(100_00, "USD"),
        expected_close_date=None,
        act=factories.act(happened_at=NOW - timedelta(days=10)),
    )

    assert Journey.objects.get(pk=journey.pk).amount_reporting_minor == 15_000


def test_an_amount_without_a_rate_is_refused_and_nothing_is_written(journey: Journey) -> None:
    with pytest.raises(MissingRate):
        change_deal(
            journey_id=journey.pk,
            amount=Money(1, "EUR"),
            expected_close_date=None,
            act=factories.act(),
        )

    assert not DealChange.objects.exists()


def test_a_subscription_is_added_and_ended(journey: Journey) -> None:
    period = add_subscription(
        journey_id=journey.pk,
        subscription=Subscription(
            recurring=Money(50_000, "JPY"), starts_date=date(2026, 5, 1), seats=20
        ),
        act=factories.act(),
    )

    ended = end_subscription(
        subscription_id=period.pk, ends_date=date(2027, 5, 1), act=factories.act()
    )

    assert (ended.starts_date, ended.ends_date) == (date(2026, 5, 1), date(2027, 5, 1))
    event = Event.objects.get(kind=EventKind.SUBSCRIPTION_ENDED)
    assert (event.payload["before"], event.payload["after"]) == (None, "2027-05-01")


def test_reassigning_keeps_who_held_it(journey: Journey) -> None:
    first, second = factories.user(), factories.user("suzuki@example.co.jp")
    for user in (first, second, second):
        assign_owner(
            journey_id=journey.pk,
            holder=Holder(owner_id=user.pk, team_id=None),
            act=factories.act(),
            reason="退職",
        )

    assert Stay.objects.get(journey=journey).owner == second
    events = Event.objects.filter(kind=EventKind.OWNER_ASSIGNED).order_by("id")
    assert [e.payload["before"][0] for e in events] == [None, first.pk]
    assert events[0].payload["reason"] == "退職"


def test_preparing_twice_changes_nothing() -> None:
    for _ in range(2):
        prepare(act=factories.act(), company_name="青葉クラウド")

    assert BlueprintVersion.objects.count() == 1
    assert Channel.objects.count() == 12
    assert ReportingSettings.objects.get().company_name == "青葉クラウド"


def test_the_current_process_is_the_published_one() -> None:
    with pytest.raises(NoBlueprintPublished):
        current_blueprint()
    assert reporting_settings().reporting_currency == "JPY"

    factories.process()

    published = current_blueprint()
    assert (published.blueprint.key, published.version) == ("the_model", 1)
    assert blueprint_version(version_id=published.version_id) == published


def test_rows_say_what_they_are(journey: Journey) -> None:
    assert SYSTEM.label == "Tasuki"
    assert str(BlueprintVersion.objects.get()) == "the_model v1"
    assert str(journey) == f"journey {journey.pk}"
    assert str(Stay.objects.get()) == f"{journey.pk} #1 LEAD"
