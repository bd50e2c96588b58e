"""Writing a condition as text that a person reads and `parse_condition` reads back."""

from datetime import date
from decimal import Decimal

from tasuki.core.conditions.tokens import quote
from tasuki.core.conditions.tree import (
    And,
    Between,
    Compare,
    Condition,
    Contains,
    In,
    IsKnown,
    Leaf,
    Not,
    NotIn,
    Operator,
    Or,
    Today,
    Value,
)

_DATE_WORDS = {Operator.LT: "before", Operator.GT: "after"}


def print_condition(*, condition: Condition) -> str:
    """Write a tree as one line of text.

    Shape: text with the fewest brackets that keep the tree; reading it back gives an equal tree.
    """
    match condition:
        case And(parts):
            return " and ".join(_bracketed(part) for part in parts)
        case Or(parts):
            return " or ".join(_bracketed(part, inside_or=True) for part in parts)
        case Not(part):
            return f"not {_bracketed(part)}"
        case leaf:
            return _leaf(leaf)


def _bracketed(part: Condition, *, inside_or: bool = False) -> str:
    needs = isinstance(part, Or) or (isinstance(part, And) and not inside_or)
    text = print_condition(condition=part)
    return f"({text})" if needs else text


def _leaf(leaf: Leaf) -> str:
    match leaf:
        case Compare(field, operator, value):
            return f"{field} {_operator(operator, value)} {print_value(value=value)}"
        case In(field, values):
            return f"{field} in {_list(values)}"
        case NotIn(field, values):
            return f"{field} not in {_list(values)}"
        case Between(field, low, high):
            return f"{field} between {print_value(value=low)} and {print_value(value=high)}"
        case Contains(field, text):
            return f"{field} contains {quote(text)}"
        case IsKnown(field):
            return f"{field} is known"
        case empty:
            return f"{empty.field} is empty"


def _operator(operator: Operator, value: Value) -> str:
    if isinstance(value, date | Today):
        return _DATE_WORDS.get(operator, operator.value)
    return operator.value


def _list(values: tuple[Value, ...]) -> str:
    return "[" + ", ".join(print_value(value=value) for value in values) + "]"


def print_value(*, value: Value) -> str:
    """Write one value as the language writes it."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return quote(value)
        case Decimal():
            return f"{value:f}"
        case Today(days):
            return _today(days)
        case _:
            return value.isoformat()


def _today(days: int) -> str:
    if days == 0:
        return "today"
    unit = "day" if abs(days) == 1 else "days"
    return f"today {'+' if days > 0 else '-'} {abs(days)} {unit}"
