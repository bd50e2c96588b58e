"""Who takes a journey: by rule, by who carried the company, by load and by turn."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasuki.core.assignment import (
    Assignment,
    Candidate,
    Presence,
    Skip,
    Why,
    assign,
    fitting_rule,
)
from tasuki.core.blueprint import AssignmentRule
from tasuki.core.conditions import parse_condition
from tasuki.core.departments import Department
from tasuki.core.labels import Label

TODAY: Final = date(2026, 11, 24)
NOON: Final = datetime(2026, 11, 24, 3, tzinfo=UTC)
FIELD_SALES: Final = Department.FIELD_SALES


def rule(key: str = "in_turn", *, when: str | None = None, **more: object) -> AssignmentRule:
    values: dict[str, object] = {
        "key": key,
        "label": Label(key, key),
        "department": FIELD_SALES,
        "when": None if when is None else parse_condition(text=when),
        **more,
    }
    return AssignmentRule(**values)  # type: ignore[arg-type]


def person(user_id: int, **more: object) -> Candidate:
    values: dict[str, object] = {
        "user_id": user_id,
        "label": f"p{user_id}",
        "email": f"p{user_id}@tasuki.example",
        **more,
    }
    return Candidate(**values)  # type: ignore[arg-type]


def chosen(
    *people: Candidate,
    rules: tuple[AssignmentRule, ...] | None = None,
    facts: dict[str, object] | None = None,
) -> Assignment:
    return assign(
        rules=(rule(),) if rules is None else rules,
        department=FIELD_SALES,
        facts=facts or {},
        candidates=people,
        today=TODAY,
    )


def told(found: Assignment) -> tuple[int | None, Why, dict[int, Skip]]:
    skipped = {item.candidate.user_id: item.reason for item in found.skipped}
    return (found.chosen.user_id if found.chosen else None, found.why, skipped)


# ---- the rule


RULES: Final = (
    rule("other", department=Department.SUCCESS),
    rule("large", when="account.employees >= 300"),
    rule("west", when='account.prefecture = "大阪府"'),
    rule("rest"),
)


@pytest.mark.parametrize(
    ("facts", "key"),
    [
        ({"account.employees": 300, "account.prefecture": "大阪府"}, "large"),
        ({"account.employees": 10, "account.prefecture": "大阪府"}, "west"),
        ({}, "rest"),
    ],
)
def test_the_first_rule_that_fits_decides(facts: dict[str, object], key: str) -> None:
    found = fitting_rule(rules=RULES, department=FIELD_SALES, facts=facts, today=TODAY)
    assert found is not None
    assert found.key == key


def test_without_a_fitting_rule_it_goes_to_the_queue() -> None:
    found = chosen(person(1), rules=RULES[:2])
    assert told(found) == (None, Why.NO_RULE, {})
    assert found.rule is None


def test_a_rule_chooses_among_its_people_and_its_team() -> None:
    people = (person(1), person(2, team="東日本"), person(3, team="西日本"))
    by_team = rule(team="東日本")
    assert told(chosen(*people, rules=(by_team,))) == (2, Why.ONLY_ONE, {})
    either = rule(team="西日本", people=("p1@tasuki.example",))
    assert told(chosen(*people, rules=(either,))) == (1, Why.THEIR_TURN, {3: Skip.NOT_THEIR_TURN})
    gone = rule(people=("left@tasuki.example",))
    assert told(chosen(*people, rules=(gone,))) == (None, Why.NOBODY_NAMED, {})


# ---- load and turn


def test_the_smallest_load_for_the_weight() -> None:
    found = chosen(
        person(1, load=4, weight=Decimal(1)),
        person(2, load=3, weight=Decimal("0.5")),
        person(3, load=7, weight=Decimal(2)),
    )
    larger = {1: Skip.LARGER_LOAD, 2: Skip.LARGER_LOAD}
    assert told(found) == (3, Why.SMALLEST_LOAD, larger)


def test_among_equals_the_turn_longest_ago_then_the_id() -> None:
    never, long_ago = person(9), person(8, last_assigned_at=NOON - timedelta(days=9))
    lately = person(7, last_assigned_at=NOON)
    waiting = {8: Skip.NOT_THEIR_TURN, 7: Skip.NOT_THEIR_TURN}
    assert told(chosen(lately, long_ago, never)) == (9, Why.THEIR_TURN, waiting)
    assert told(chosen(lately, long_ago))[0] == 8
    assert told(chosen(person(2), person(1)))[0] == 1


def test_thirds_are_compared_exactly() -> None:
    found = chosen(
        person(1, load=1, weight=Decimal(3), last_assigned_at=NOON),
        person(2, load=2, weight=Decimal(6)),
    )
    assert told(found) == (2, Why.THEIR_TURN, {1: Skip.NOT_THEIR_TURN})


def test_who_cannot_take_it_is_passed_over() -> None:
    found = chosen(
        person(1, presence=Presence.AWAY),
        person(2, presence=Presence.BACK_SOON),
        person(3, load=5, capacity=5),
        person(4, weight=Decimal(0)),
        person(5, load=30, capacity=31),
    )
    passed = {1: Skip.AWAY, 2: Skip.AWAY, 3: Skip.FULL, 4: Skip.TAKES_NONE}
    assert told(found) == (5, Why.ONLY_ONE, passed)


def test_when_nobody_can_take_it_each_reason_is_kept() -> None:
    found = chosen(person(1, presence=Presence.AWAY), person(2, capacity=0))
    assert told(found) == (None, Why.NOBODY_FREE, {1: Skip.AWAY, 2: Skip.FULL})
    assert found.rule == rule()


# ---- the people of an account


KEEPING: Final = (rule(keep_account=True),)
EARLIER: Final = NOON - timedelta(days=90)


def test_who_carried_the_company_last_carries_on() -> None:
    found = chosen(
        person(1),
        person(2, load=20, carried_account_at=EARLIER),
        person(3, load=30, carried_account_at=NOON),
        person(4, presence=Presence.AWAY),
        rules=KEEPING,
    )
    others = {1: Skip.ACCOUNT_KEPT, 2: Skip.ACCOUNT_KEPT, 4: Skip.AWAY}
    assert told(found) == (3, Why.KEEPS_ACCOUNT, others)


def test_a_target_account_keeps_its_people_whatever_the_rule() -> None:
    people = (person(1), person(2, load=9, carried_account_at=EARLIER))
    assert told(chosen(*people))[:2] == (1, Why.SMALLEST_LOAD)
    named = chosen(*people, facts={"account.is_named": True})
    assert told(named)[:2] == (2, Why.KEEPS_ACCOUNT)


@pytest.mark.parametrize(
    ("carrier", "kept"),
    [
        ({"presence": Presence.BACK_SOON}, True),
        ({"presence": Presence.AWAY}, False),
        ({"load": 9, "capacity": 5}, True),
        ({"weight": Decimal(0)}, False),
        ({"team": "another"}, True),
    ],
)
def test_how_far_keeping_goes(carrier: dict[str, object], *, kept: bool) -> None:
    rules = (rule(keep_account=True, team="東日本"),)
    found = chosen(
        person(1, team="東日本"),
        person(2, carried_account_at=EARLIER, **carrier),
        rules=rules,
    )
    assert told(found)[0] == (2 if kept else 1)


def test_of_two_who_carried_it_at_once_the_lower_id_carries_on() -> None:
    found = chosen(
        person(5, carried_account_at=NOON), person(4, carried_account_at=NOON), rules=KEEPING
    )
    assert told(found)[0] == 4


# ---- for people, and for any input


def test_every_reason_is_worded() -> None:
    for reason in (*Why, *Skip):
        assert reason.label.ja
        assert reason.label.en


people_strategy = st.lists(
    st.builds(
        person,
        st.integers(1, 50),
        load=st.integers(0, 5),
        weight=st.sampled_from([Decimal(0), Decimal("0.5"), Decimal(1), Decimal(3)]),
        capacity=st.none() | st.integers(0, 5),
        presence=st.sampled_from(Presence),
        last_assigned_at=st.none() | st.just(NOON) | st.just(EARLIER),
        carried_account_at=st.none() | st.just(NOON) | st.just(EARLIER),
    ),
    max_size=8,
    unique_by=lambda found: found.user_id,
)


@given(people=people_strategy, keeps=st.booleans(), random=st.randoms())
def test_everybody_is_accounted_for_whatever_the_order(
    people: list[Candidate], *, keeps: bool, random: Random
) -> None:
    rules = (rule(keep_account=keeps),)
    found = chosen(*people, rules=rules)
    considered = [item.candidate for item in found.skipped]
    considered += [found.chosen] if found.chosen else []
    assert sorted(item.user_id for item in considered) == sorted(item.user_id for item in people)
    shuffled = list(people)
    random.shuffle(shuffled)
    again = chosen(*shuffled, rules=rules)
    assert (again.chosen, again.why) == (found.chosen, found.why)
    if found.chosen and found.why is not Why.KEEPS_ACCOUNT:
        assert not found.chosen.is_full
