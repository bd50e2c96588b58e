"""Choosing who takes a journey: by rule, by who carried the company before, by load.

The first rule of the department that fits decides. Who carried the company before carries on, if
the rule keeps accounts or the company is a target account. Else the one with the smallest load for
their weight is chosen; when several are equal, the one whose last turn is longest ago.
Source: requirements R10, R69, R76 and R79.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from tasuki.core.blueprint.assignment import AssignmentRule
from tasuki.core.conditions.evaluate import Facts, evaluate
from tasuki.core.departments import Department
from tasuki.core.labels import Label

TARGET_ACCOUNT: Final = "account.is_named"
_LONG_AGO: Final = datetime(1, 1, 1, tzinfo=UTC)


class Presence(StrEnum):
    """Whether somebody is there to take something on."""

    HERE = "here"
    BACK_SOON = "back_soon"
    AWAY = "away"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody of the department, and all that the choice depends on.

    `load` counts the open journeys they carry; `capacity` is how many they can, None for no limit.
    `weight` is the share that they take, 0 for none. `last_assigned_at` is their last turn, and
    `carried_account_at` when they last carried the company of the journey; None for never.
    """

    user_id: int
    label: str
    email: str = ""
    team: str = ""
    weight: Decimal = Decimal(1)
    capacity: int | None = None
    load: int = 0
    presence: Presence = Presence.HERE
    last_assigned_at: datetime | None = None
    carried_account_at: datetime | None = None

    @property
    def is_full(self) -> bool:
        """Whether they carry as many as they can."""
        return self.capacity is not None and self.load >= self.capacity


class Why(StrEnum):
    """Why this person was chosen, or nobody."""

    KEEPS_ACCOUNT = "keeps_account"
    SMALLEST_LOAD = "smallest_load"
    THEIR_TURN = "their_turn"
    ONLY_ONE = "only_one"
    NO_RULE = "no_rule"
    NOBODY_NAMED = "nobody_named"
    NOBODY_FREE = "nobody_free"

    @property
    def label(self) -> Label:
        """Say it in both languages."""
        return _WHY[self]


class Skip(StrEnum):
    """Why somebody was passed over."""

    TAKES_NONE = "takes_none"
    AWAY = "away"
    FULL = "full"
    ACCOUNT_KEPT = "account_kept"
    LARGER_LOAD = "larger_load"
    NOT_THEIR_TURN = "not_their_turn"

    @property
    def label(self) -> Label:
        """Say it in both languages."""
        return _SKIP[self]


_WHY: Final = {
    Why.KEEPS_ACCOUNT: Label("この企業を前から担当している", "Carried this company before"),
    Why.SMALLEST_LOAD: Label("抱えている件数が最も少ない", "Has the smallest load"),
    Why.THEIR_TURN: Label("件数は並び、順番が回ってきた", "Equal load, and it was their turn"),
    Why.ONLY_ONE: Label("引き受けられるのは一人だけだった", "The only one who could take it"),
    Why.NO_RULE: Label("当てはまる割り当てルールがない", "No rule fits"),
    Why.NOBODY_NAMED: Label("ルールに当てはまる人がいない", "The rule names nobody who is there"),
    Why.NOBODY_FREE: Label("引き受けられる人がいない", "Nobody can take it"),
}
_SKIP: Final = {
    Skip.TAKES_NONE: Label("割り当ての対象外", "Takes none by rule"),
    Skip.AWAY: Label("不在", "Away"),
    Skip.FULL: Label("上限に達している", "At capacity"),
    Skip.ACCOUNT_KEPT: Label("前からの担当者を優先", "The person of the account carries on"),
    Skip.LARGER_LOAD: Label("件数が多い", "Has a larger load"),
    Skip.NOT_THEIR_TURN: Label("順番がまだ", "Not their turn yet"),
}


@dataclass(frozen=True, slots=True)
class Skipped:
    """Somebody who was considered and not chosen."""

    candidate: Candidate
    reason: Skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """The outcome: whom the rule chose and why, and why not each other.

    Without `chosen` the journey goes to the queue of the department.
    """

    department: Department
    why: Why
    rule: AssignmentRule | None = None
    chosen: Candidate | None = None
    skipped: tuple[Skipped, ...] = ()


def fitting_rule(
    *, rules: Iterable[AssignmentRule], department: Department, facts: Facts, today: date
) -> AssignmentRule | None:
    """Find the first rule of the department whose condition holds; None when none does."""
    for rule in rules:
        if rule.department is not department:
            continue
        if rule.when is None or evaluate(condition=rule.when, facts=facts, today=today):
            return rule
    return None


def assign(
    *,
    rules: Iterable[AssignmentRule],
    department: Department,
    facts: Facts,
    candidates: Sequence[Candidate],
    today: date,
) -> Assignment:
    """Choose who of the department takes a journey.

    Shape: one outcome; `skipped` names everybody the rule could have chosen, in the order given.
    Keeping an account goes beyond the people a rule names and beyond a full load, not beyond an
    absence that lasts or a weight of 0.
    """
    rule = fitting_rule(rules=rules, department=department, facts=facts, today=today)
    if rule is None:
        return Assignment(department=department, why=Why.NO_RULE)
    named = [person for person in candidates if _is_named(person, rule)]
    keeper = _keeper(candidates) if rule.keep_account or facts.get(TARGET_ACCOUNT) is True else None
    able = sorted((person for person in named if _unable(person) is None), key=_order)
    if keeper is not None:
        return _outcome(rule, Why.KEEPS_ACCOUNT, keeper, named)
    if not able:
        return _outcome(rule, Why.NOBODY_FREE if named else Why.NOBODY_NAMED, None, named)
    return _outcome(rule, _why_first(able), able[0], named)


def _is_named(person: Candidate, rule: AssignmentRule) -> bool:
    if not rule.is_narrowed:
        return True
    return person.email in rule.people or (rule.team is not None and person.team == rule.team)


def _keeper(candidates: Iterable[Candidate]) -> Candidate | None:
    """Find who carried the company last, unless they are away for long or take none."""
    carriers = [
        person
        for person in candidates
        if person.carried_account_at is not None
        and person.presence is not Presence.AWAY
        and person.weight > 0
    ]
    return max(
        carriers,
        key=lambda person: (person.carried_account_at or _LONG_AGO, -person.user_id),
        default=None,
    )


def _unable(person: Candidate) -> Skip | None:
    if person.weight <= 0:
        return Skip.TAKES_NONE
    if person.presence is not Presence.HERE:
        return Skip.AWAY
    return Skip.FULL if person.is_full else None


def _share(person: Candidate) -> Fraction:
    return Fraction(person.load) / Fraction(person.weight)


def _order(person: Candidate) -> tuple[Fraction, datetime, int]:
    return _share(person), person.last_assigned_at or _LONG_AGO, person.user_id


def _why_first(able: Sequence[Candidate]) -> Why:
    if len(able) == 1:
        return Why.ONLY_ONE
    return Why.SMALLEST_LOAD if _share(able[0]) < _share(able[1]) else Why.THEIR_TURN


def _outcome(
    rule: AssignmentRule, why: Why, chosen: Candidate | None, named: Iterable[Candidate]
) -> Assignment:
    others = [person for person in named if person != chosen]
    return Assignment(
        department=rule.department,
        why=why,
        rule=rule,
        chosen=chosen,
        skipped=tuple(Skipped(person, _why_not(person, chosen, why)) for person in others),
    )


def _why_not(person: Candidate, chosen: Candidate | None, why: Why) -> Skip:
    if (unable := _unable(person)) is not None:
        return unable
    if why is Why.KEEPS_ACCOUNT:
        return Skip.ACCOUNT_KEPT
    is_larger = chosen is not None and _share(person) > _share(chosen)
    return Skip.LARGER_LOAD if is_larger else Skip.NOT_THEIR_TURN
