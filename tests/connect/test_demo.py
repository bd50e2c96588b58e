"""The demo company: believable, the same every time, and nothing the process would refuse."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from django.db import transaction
from django.db.models import Count, F, Q

from tasuki.connect.demo.clock import ZONE, is_working_day
from tasuki.connect.demo.company import UnableToLoadDemo, is_demo_loaded, load_demo
from tasuki.journeys.models import (
    Account,
    Activity,
    Event,
    Handoff,
    HandoffRound,
    Journey,
    Stay,
    SubscriptionPeriod,
)
from tasuki.people.queries import demo_people
from tests.journeys import factories

pytestmark = pytest.mark.django_db
END = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SIZE = 300


def fingerprint() -> str:
    """A digest of the facts, without the ids that the database hands out."""
    digest = sha256()
    first_account = Account.objects.order_by("pk").values_list("pk", flat=True)[0]
    first = Journey.objects.order_by("pk").values_list("pk", flat=True)[0]
    accounts = Account.objects.order_by("pk").values_list("name", "domain", "employees")
    journeys = (
        Journey.objects.annotate(number=F("pk") - first, company=F("account_id") - first_account)
        .order_by("pk")
        .values_list("number", "company", "stage", "entered_at", "amount_minor", "next_action")
    )
    activities = Activity.objects.order_by("happened_at", "subject", "pk").values_list(
        "happened_at", "subject", "outcome"
    )
    packets = Handoff.objects.order_by("pk").values_list(
        "contract", "state", "offered_at", "values"
    )
    for rows in (accounts, journeys, activities, packets):
        digest.update(repr(list(rows)).encode())
    return digest.hexdigest()


def test_the_story_holds_together() -> None:
    loaded = load_demo(now=END, size=SIZE)

    assert is_demo_loaded()
    assert Journey.objects.count() == loaded.written.journeys
    assert SIZE * 0.8 < loaded.written.journeys < SIZE * 1.2
    _nothing_lies_outside_the_story()
    _stays_follow_each_other()
    _every_open_journey_is_carried_on()
    _the_office_was_closed_on_holidays()
    _every_boundary_was_handed_over()
    assert {"admin", "process_owner", "executive", "viewer", "manager", "member"} == {
        grant.role for user in demo_people() for grant in user.grants.all()
    }
    with pytest.raises(UnableToLoadDemo):
        _load_beside_real_data()


def _nothing_lies_outside_the_story() -> None:
    assert not Stay.objects.filter(Q(entered_at__gt=END) | Q(left_at__gt=END)).exists()
    assert not Activity.objects.filter(happened_at__gt=END).exists()
    assert not Event.objects.filter(happened_at__gt=END).exists()
    assert not Journey.objects.filter(opened_at__lt=END - timedelta(days=4 * 366)).exists()


def _stays_follow_each_other() -> None:
    latest: dict[int, Stay] = {}
    for stay in Stay.objects.order_by("journey_id", "number"):
        before = latest.get(stay.journey_id)
        if before is not None:
            assert before.left_at == stay.entered_at
            assert before.to_stage == stay.stage
        latest[stay.journey_id] = stay
    open_stays = Stay.objects.filter(left_at=None).values("journey").annotate(n=Count("pk"))
    assert all(row["n"] == 1 for row in open_stays)
    counts = Counter(Stay.objects.filter(left_at=None).values_list("stage", flat=True))
    resting = Counter(Journey.objects.filter(closed_at=None).values_list("stage", flat=True))
    assert counts == resting


def _every_open_journey_is_carried_on() -> None:
    left_lying = Journey.objects.filter(is_open=True).filter(
        Q(next_action="") | Q(next_action_date=None) | Q(owner=None)
    )
    assert not left_lying.exists()


def _the_office_was_closed_on_holidays() -> None:
    days = {at.astimezone(ZONE).date() for at in Stay.objects.values_list("entered_at", flat=True)}
    assert [day for day in sorted(days) if not is_working_day(day)] == []


def _every_boundary_was_handed_over() -> None:
    """Whoever carries the work alone keeps the contract as a checklist; all others handed over."""
    for stage, contract in (
        ("SAL", "marketing_to_inside_sales"),
        ("SAO", "inside_sales_to_field_sales"),
        ("ONB", "field_sales_to_success"),
    ):
        entered = Stay.objects.filter(stage=stage, visit=1, number__gt=1)
        crossed = entered.filter(journey__motion="division")
        accepted = Handoff.objects.filter(contract=contract, state="accepted", completeness_ratio=1)
        assert crossed.exists()
        assert set(crossed.values_list("journey_id", flat=True)) <= set(
            accepted.values_list("journey_id", flat=True)
        )
    assert not Handoff.objects.filter(offered_at__gt=END).exists()
    assert not HandoffRound.objects.filter(ended_at__lt=F("offered_at")).exists()
    assert {"accepted", "returned"} <= set(Handoff.objects.values_list("state", flat=True))
    assert not Handoff.objects.filter(journey__motion__in=["full_cycle", "abm"], kind="forward")


def _load_beside_real_data() -> None:
    factories.journey()
    load_demo(now=END, size=10)


def test_the_same_day_gives_the_same_company() -> None:
    prints = []
    for _ in range(2):
        before = transaction.savepoint()
        load_demo(now=END, size=60)
        prints.append(fingerprint())
        transaction.savepoint_rollback(before)

    assert prints[0] == prints[1]


def test_customers_pay_and_renew() -> None:
    load_demo(now=END, size=SIZE)

    running = SubscriptionPeriod.objects.filter(
        starts_date__lte=END.date(), ends_date__gt=END.date()
    )
    assert running.count() > 8
    assert Journey.objects.filter(kind=Journey.Kind.RENEWAL).exclude(parent=None).exists()
