"""Judging a condition on the facts of one journey.

Two-valued on purpose: whatever is compared with an unknown fact is false, and `not` is plain
negation. Texts are compared exactly, character by character; the store keeps them normalised.
"""

import operator as python_operator
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from tasuki.core.conditions.tree import (
    And,
    Between,
    Compare,
    Condition,
    In,
    IsEmpty,
    IsKnown,
    Leaf,
    Not,
    NotIn,
    Operator,
    Or,
    Today,
    Value,
)

Facts: TypeAlias = Mapping[str, object]
"""Path to value: str, bool, int, float, Decimal, date, aware datetime; None is unknown.

A day may also come as a text, `2026-04-01`, as the answers to gates are kept.
"""

BUSINESS_ZONE = ZoneInfo("Asia/Tokyo")
"""The zone in which an instant becomes a calendar day."""

_COMPARISONS: dict[Operator, Callable[[Any, Any], bool]] = {
    Operator.EQ: python_operator.eq,
    Operator.NE: python_operator.ne,
    Operator.LT: python_operator.lt,
    Operator.LE: python_operator.le,
    Operator.GT: python_operator.gt,
    Operator.GE: python_operator.ge,
}
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FOR_EQUALITY = frozenset({Operator.EQ, Operator.NE})


def is_known(value: object) -> bool:
    """Whether a fact says anything: it is there and is not the empty text."""
    return value is not None and value != ""


def evaluate(*, condition: Condition, facts: Facts, today: date) -> bool:
    """Judge a condition on facts.

    Shape: true or false, never unknown. An aware datetime counts as its day in Asia/Tokyo, and
    `today` is the day in Asia/Tokyo on which the question is asked. A fact of another type than
    the value it is compared with counts as unknown.
    """
    match condition:
        case And(parts):
            return all(evaluate(condition=part, facts=facts, today=today) for part in parts)
        case Or(parts):
            return any(evaluate(condition=part, facts=facts, today=today) for part in parts)
        case Not(part):
            return not evaluate(condition=part, facts=facts, today=today)
        case leaf:
            return _holds(leaf, facts.get(leaf.field), today)


def unmet_parts(*, condition: Condition, facts: Facts, today: date) -> tuple[Leaf | Not, ...]:
    """Find what would have to change for the condition to hold.

    Shape: the comparisons that failed and the negations whose inside held, from left to right;
    empty exactly when the condition holds.
    """
    match condition:
        case And(parts):
            return _unmet(parts, facts, today)
        case Or(parts):
            met = any(evaluate(condition=part, facts=facts, today=today) for part in parts)
            return () if met else _unmet(parts, facts, today)
        case single:
            met = evaluate(condition=single, facts=facts, today=today)
            return () if met else (single,)


def _unmet(parts: tuple[Condition, ...], facts: Facts, today: date) -> tuple[Leaf | Not, ...]:
    return tuple(
        leaf for part in parts for leaf in unmet_parts(condition=part, facts=facts, today=today)
    )


def _holds(leaf: Leaf, fact: object, today: date) -> bool:
    match leaf:
        case IsKnown():
            return is_known(fact)
        case IsEmpty():
            return not is_known(fact)
        case Compare(_, operator, value):
            return _compare(fact, operator, value, today)
        case In(_, values):
            return any(_compare(fact, Operator.EQ, value, today) for value in values)
        case NotIn(_, values):
            return all(_compare(fact, Operator.NE, value, today) for value in values)
        case Between(_, low, high):
            return _compare(fact, Operator.GE, low, today) and _compare(
                fact, Operator.LE, high, today
            )
        case contains:
            return isinstance(fact, str) and fact != "" and contains.text in fact


def _compare(fact: object, operator: Operator, value: Value, today: date) -> bool:
    wanted = value.on(today) if isinstance(value, Today) else value
    if isinstance(wanted, str | bool) and operator not in _FOR_EQUALITY:
        return False
    known = _like(fact, wanted)
    if known is None:
        return False
    named = wanted.isoformat() if isinstance(wanted, date) else wanted
    return _COMPARISONS[operator](known, named)


def _like(fact: object, wanted: object) -> object:
    """Give the fact in the type of the value it is compared with; None when it is another's."""
    match wanted:
        case bool():
            return fact if isinstance(fact, bool) else None
        case str():
            return fact if isinstance(fact, str) and fact != "" else None
        case Decimal():
            return _number(fact)
        case _:
            return _day(fact)


def _number(fact: object) -> Decimal | None:
    match fact:
        case bool():
            return None
        case int() | Decimal():
            return Decimal(fact)
        case float():
            return Decimal(repr(fact))
        case _:
            return None


def _day(fact: object) -> str | None:
    """Write a fact as `2026-04-01`; such texts sort as the days do."""
    match fact:
        case datetime():
            return fact.astimezone(BUSINESS_ZONE).date().isoformat()
        case date():
            return fact.isoformat()
        case str():
            return fact if _DAY.fullmatch(fact) else None
        case _:
            return None
