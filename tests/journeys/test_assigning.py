"""Assignment by rule on real records: who is chosen, what is kept of it, what stays as it was."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, transaction
from pytest_django import DjangoAssertNumQueries

from tasuki.core.access import Grant, Role
from tasuki.core.assignment import Presence, Why
from tasuki.core.blueprint import ContractKind
from tasuki.core.departments import Department
from tasuki.core.handoffs import PacketState
from tasuki.journeys.kinds import EventKind
from tasuki.journeys.models import (
    AssignmentDecision,
    BlueprintVersion,
    Event,
    Handoff,
    Journey,
    Stay,
)
from tasuki.journeys.operations.assigning import Cause, assign_by_rule, choose_holder
from tasuki.journeys.operations.assignment import Holder
from tasuki.journeys.queries.blueprints import current_blueprint
from tasuki.journeys.queries.roster import candidates_for, latest_assignment, loads_of
from tasuki.people.capacity import save_profiles
from tasuki.people.models import Absence, Team, User, WorkingProfile
from tests.journeys.factories import NOW, account, act, journey, process
from tests.people.factories import make_team, make_user

pytestmark = pytest.mark.django_db

MARKETING, INSIDE_SALES = Department.MARKETING, Department.INSIDE_SALES
TOKYO: Final = ZoneInfo("Asia/Tokyo")


def member(department: Department = MARKETING, *, team: Team | None = None) -> User:
    return make_user(Grant(Role.MEMBER, department), team=team)


def held_by(user: User, **stated: object) -> Journey:
    return journey(holder=Holder(owner_id=user.pk, team_id=user.team_id), **stated)


def ruled(*rules: str) -> None:
    """Publish the process with these rules of assignment in place of its own."""
    text = BlueprintVersion.objects.get(is_current=True).text
    head = text[: text.index("\nassignment:")]
    BlueprintVersion.objects.update(is_current=False)
    BlueprintVersion.objects.create(
        key="the_model",
        version=2,
        text=head + "\nassignment:\n" + "".join(rules),
        is_current=True,
        published_at=NOW,
    )


def rule(key: str, **more: str) -> str:
    lines = {"label": "{ja: 規則, en: Rule}", "department": "marketing", **more}
    return f"  - key: {key}\n" + "".join(f"    {k}: {v}\n" for k, v in lines.items())


@pytest.fixture(autouse=True)
def _process() -> None:
    process()


# ---- choosing and keeping why


def test_the_smallest_load_takes_a_new_journey_and_the_decision_is_kept() -> None:
    busy, idle = member(), member()
    held_by(busy)
    fresh = journey()
    found = assign_by_rule(journey_id=fresh.pk, department=MARKETING, act=act(), cause=Cause.OPENED)
    assert found.owner_id == idle.pk
    stored = Journey.objects.get(pk=fresh.pk)
    assert (stored.owner_id, stored.team_id) == (idle.pk, idle.team_id)
    assert Stay.objects.get(journey=fresh).owner_id == idle.pk
    decision = AssignmentDecision.objects.get()
    assert decision.journey_id == fresh.pk
    assert (decision.rule, decision.why, decision.cause) == (
        "marketing_in_turn",
        Why.SMALLEST_LOAD,
        Cause.OPENED,
    )
    assert (decision.chosen_id, decision.decided_at) == (idle.pk, NOW)
    assert decision.blueprint_id == current_blueprint().version_id
    assert decision.considered == [
        {
            "user": idle.pk,
            "name": idle.full_name,
            "load": 0,
            "weight": "1",
            "capacity": None,
            "skip": "",
        },
        {
            "user": busy.pk,
            "name": busy.full_name,
            "load": 1,
            "weight": "1",
            "capacity": None,
            "skip": "larger_load",
        },
    ]
    assert str(decision) == f"{fresh.pk} marketing_in_turn {idle.pk}"
    event = Event.objects.filter(journey=fresh, kind=EventKind.OWNER_ASSIGNED).get()
    assert event.payload["before"] == [None, None]
    assert event.payload["after"] == [idle.pk, None]


def test_the_turn_goes_round() -> None:
    people = [member() for _ in range(3)]
    chosen = []
    for number in range(6):
        fresh = journey(account_id=account(f"株式会社{number}号").pk)
        at = act(now=NOW + timedelta(minutes=number))
        found = assign_by_rule(journey_id=fresh.pk, department=MARKETING, act=at)
        chosen.append(found.owner_id)
    assert sorted(chosen[:3], key=str) == sorted([person.pk for person in people], key=str)
    assert chosen[3:] == chosen[:3]


def test_nobody_leaves_it_in_the_queue_and_says_why() -> None:
    away = member()
    Absence.objects.create(user=away, starts_at=NOW, ends_at=NOW + timedelta(days=20))
    full = member()
    save_profiles(profiles=[WorkingProfile(user=full, department=MARKETING, capacity=1)])
    held_by(full, account_id=account("満員株式会社").pk)
    fresh = journey()
    found = assign_by_rule(journey_id=fresh.pk, department=MARKETING, act=act())
    assert found.owner_id is None
    decision = AssignmentDecision.objects.get()
    assert (decision.chosen_id, decision.why) == (None, Why.NOBODY_FREE)
    assert {item["user"]: item["skip"] for item in decision.considered} == {
        away.pk: "away",
        full.pk: "full",
    }
    assert not Event.objects.filter(journey=fresh, kind=EventKind.OWNER_ASSIGNED).exists()
    assert str(decision).endswith(" -")


def test_without_a_rule_nobody_is_chosen() -> None:
    member()
    ruled(rule("large", when="account.employees >= 300"))
    fresh = journey()
    assert assign_by_rule(journey_id=fresh.pk, department=MARKETING, act=act()).owner_id is None
    decision = AssignmentDecision.objects.get()
    assert (decision.rule, decision.why, decision.considered) == ("", Why.NO_RULE, [])


def test_a_rule_for_some_journeys_chooses_among_its_people() -> None:
    team = make_team("東日本")
    first, second = member(team=team), member()
    ruled(
        rule("large", when="account.employees >= 300", team="東日本"),
        rule("rest", people=f"[{second.email}]"),
    )
    large = journey(account_id=account("大企業株式会社", employees=900).pk)
    small = journey(account_id=account("小企業株式会社", employees=9).pk)
    for each, expected in ((large, first), (small, second)):
        found = assign_by_rule(journey_id=each.pk, department=MARKETING, act=act())
        assert (found.owner_id, found.team_id) == (expected.pk, expected.team_id)


# ---- accounts keep their people


def test_who_carried_the_company_before_carries_on() -> None:
    known, idle = member(), member()
    company = account()
    held_by(known, account_id=company.pk)
    fresh = journey(account_id=company.pk)
    assert assign_by_rule(journey_id=fresh.pk, department=MARKETING, act=act()).owner_id == known.pk
    decision = AssignmentDecision.objects.get()
    assert decision.why == Why.KEEPS_ACCOUNT
    assert decision.considered[1]["user"] == idle.pk
    assert decision.considered[1]["skip"] == "account_kept"


def test_another_department_is_no_reason_to_keep_somebody() -> None:
    known, idle = member(), member(INSIDE_SALES)
    company = account()
    held_by(known, account_id=company.pk)
    fresh = journey(account_id=company.pk)
    assert (
        assign_by_rule(journey_id=fresh.pk, department=INSIDE_SALES, act=act()).owner_id == idle.pk
    )


def test_a_target_account_keeps_its_people_where_the_rule_does_not_say_so() -> None:
    known, idle = member(), member()
    ruled(rule("in_turn"))
    named, other = account("重点株式会社", is_named=True), account("普通株式会社")
    for company in (named, other):
        held_by(known, account_id=company.pk)
    expected = {named.pk: known.pk, other.pk: idle.pk}
    for company_id, owner_id in expected.items():
        fresh = journey(account_id=company_id, motion="division")
        found = assign_by_rule(journey_id=fresh.pk, department=MARKETING, act=act())
        assert found.owner_id == owner_id


# ---- the team that owns an account


def test_a_team_that_owns_the_journey_gives_it_to_its_own_people() -> None:
    team = make_team("ABM", department="")
    inside, outside = member(team=team), member()
    held_by(inside, account_id=account("別件株式会社").pk)
    company = account("重点株式会社", is_named=True)
    fresh = journey(account_id=company.pk, holder=Holder(owner_id=None, team_id=team.pk))
    assert fresh.motion == "abm"
    found = assign_by_rule(journey_id=fresh.pk, department=MARKETING, act=act())
    assert (found.owner_id, found.team_id) == (inside.pk, team.pk)
    assert outside.pk not in {item["user"] for item in AssignmentDecision.objects.get().considered}


def test_without_its_own_people_the_team_keeps_it_with_another_and_else_in_its_queue() -> None:
    team = make_team("ABM", department="")
    company = account("重点株式会社", is_named=True)
    fresh = journey(account_id=company.pk, holder=Holder(owner_id=None, team_id=team.pk))
    loaded = Journey.objects.select_related("account", "person", "channel", "campaign", "team")
    nobody = choose_holder(
        journey=loaded.get(pk=fresh.pk), department=MARKETING, act=act(), cause=Cause.HANDED_OFF
    )
    assert nobody == Holder(owner_id=None, team_id=team.pk)
    outside = member()
    found = choose_holder(
        journey=loaded.get(pk=fresh.pk), department=MARKETING, act=act(), cause=Cause.HANDED_OFF
    )
    assert found == Holder(owner_id=outside.pk, team_id=team.pk)


# ---- what the choice rests on


def test_loads_count_open_journeys_and_waiting_packets_of_the_department() -> None:
    person, other = member(INSIDE_SALES), member(INSIDE_SALES)
    own = held_by(person)
    Journey.objects.filter(pk=own.pk).update(department=INSIDE_SALES)
    held_by(person, account_id=account("別部門株式会社").pk)
    Handoff.objects.create(
        journey=own,
        cycle=1,
        contract="marketing_to_inside_sales",
        kind=ContractKind.FORWARD,
        blueprint_id=current_blueprint().version_id,
        giver_department=MARKETING,
        taker_department=INSIDE_SALES,
        state=PacketState.OFFERED,
        receiver=person,
        offered_at=NOW,
    )
    assert loads_of(user_ids=[person.pk, other.pk], department=INSIDE_SALES) == {person.pk: 2}


def test_candidates_are_read_in_a_fixed_number_of_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    people = [member(team=make_team()) for _ in range(6)]
    for person in people[:3]:
        Absence.objects.create(user=person, starts_at=NOW, ends_at=NOW + timedelta(days=20))
    fresh = journey()
    with django_assert_num_queries(10):
        found = candidates_for(journey=fresh, department=MARKETING, now=NOW, but=[people[5].pk])
    assert [item.presence for item in found].count(Presence.AWAY) == 3
    assert [item.user_id for item in found] == [person.pk for person in people[:5]]
    assert found[0].weight == Decimal(1)


def test_when_somebody_last_carried_a_company() -> None:
    person = member()
    company = account()
    held_by(person, account_id=company.pk)
    fresh = journey(account_id=company.pk)
    later = datetime(2026, 5, 1, tzinfo=TOKYO)
    (found,) = candidates_for(journey=fresh, department=MARKETING, now=later)
    assert found.carried_account_at == later  # still does


# ---- what is shown, and what cannot be changed


def test_the_latest_decision_speaks_for_the_present_owner_only() -> None:
    person = member()
    fresh = journey()
    assert latest_assignment(journey=fresh) is None
    assigned = assign_by_rule(journey_id=fresh.pk, department=MARKETING, act=act())
    decision = latest_assignment(journey=assigned)
    assert decision is not None
    assert decision.chosen == person
    assigned.owner_id = member().pk
    assert latest_assignment(journey=assigned) is None


def test_a_decision_is_never_changed() -> None:
    member()
    fresh = journey()
    assign_by_rule(journey_id=fresh.pk, department=MARKETING, act=act())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AssignmentDecision.objects.update(why=Why.ONLY_ONE)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AssignmentDecision.objects.all().delete()


def test_the_next_step_and_the_stage_are_untouched() -> None:
    member()
    fresh = journey()
    assign_by_rule(journey_id=fresh.pk, department=MARKETING, act=act())
    stored = Journey.objects.get(pk=fresh.pk)
    assert (stored.next_action, stored.next_action_date) == ("資料を送る", date(2026, 4, 2))
    assert (stored.stage, stored.entered_at) == (fresh.stage, fresh.entered_at)
