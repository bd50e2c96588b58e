"""The one syntax tree of a condition, whatever reads, writes, evaluates or compiles it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias


class Operator(StrEnum):
    """How two values are compared."""

    EQ = "="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="


@dataclass(frozen=True, slots=True)
class Today:
    """A date relative to the day the condition is asked on; days may be negative."""

    days: int = 0

    def on(self, today: date) -> date:
        """Give the calendar date meant on that day; the calendar's ends are not passed.

        Shape: one date. Never raises: an offset beyond the calendar stops at its end.
        """
        try:
            return today + timedelta(days=self.days)
        except OverflowError:
            return date.max if self.days > 0 else date.min


Value: TypeAlias = str | bool | Decimal | date | Today
"""What a person may write on the right: text, true/false, a number, a date."""


@dataclass(frozen=True, slots=True)
class Compare:
    """`field operator value`; false when the fact is unknown."""

    field: str
    operator: Operator
    value: Value


@dataclass(frozen=True, slots=True)
class In:
    """`field in [a, b]`; false when the fact is unknown."""

    field: str
    values: tuple[Value, ...]

    def __post_init__(self) -> None:
        _need(self.values, 1)


@dataclass(frozen=True, slots=True)
class NotIn:
    """`field not in [a, b]`; false when the fact is unknown."""

    field: str
    values: tuple[Value, ...]

    def __post_init__(self) -> None:
        _need(self.values, 1)


@dataclass(frozen=True, slots=True)
class Between:
    """`field between low and high`, both ends included; false when unknown."""

    field: str
    low: Value
    high: Value


@dataclass(frozen=True, slots=True)
class Contains:
    """`field contains "text"`; false when the fact is unknown."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class IsKnown:
    """`field is known`: there is a value, and it is not the empty text."""

    field: str


@dataclass(frozen=True, slots=True)
class IsEmpty:
    """`field is empty`: the opposite of known."""

    field: str


@dataclass(frozen=True, slots=True)
class Not:
    """`not part`: plain negation, so it is true where the part is false."""

    part: "Condition"


@dataclass(frozen=True, slots=True)
class And:
    """All of two or more parts."""

    parts: tuple["Condition", ...]

    def __post_init__(self) -> None:
        _need(self.parts, 2)


@dataclass(frozen=True, slots=True)
class Or:
    """Any of two or more parts."""

    parts: tuple["Condition", ...]

    def __post_init__(self) -> None:
        _need(self.parts, 2)


Leaf: TypeAlias = Compare | In | NotIn | Between | Contains | IsKnown | IsEmpty
Condition: TypeAlias = Leaf | Not | And | Or


def _need(parts: tuple[object, ...], least: int) -> None:
    if len(parts) < least:
        text = f"needs at least {least}"
        raise ValueError(text)


def leaves(condition: Condition) -> Iterator[Leaf]:
    """This function will yield every leaf of the tree, from left to right."""
    match condition:
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case leaf:
            yield leaf
