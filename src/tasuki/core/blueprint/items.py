"""What a gate or a contract asks for, and why something came back."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from tasuki.core.conditions.fields import Choice, FieldKind
from tasuki.core.labels import Label

MAX_MANDATORY_ITEMS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class GateItem:
    """Something that must be known before a stage is entered.

    `field` is a path of the field registry; `answers.<key>` declares an answer of that kind.
    Any of `alternatives` satisfies the item as well.
    """

    key: str
    field: str
    label: Label
    kind: FieldKind
    guidance: Label | None = None
    alternatives: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    required: bool = True

    @property
    def fields(self) -> tuple[str, ...]:
        """Every path that may answer the item, the main one first."""
        return (self.field, *self.alternatives)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a journey left the way forward, or a packet came back."""

    code: str
    label: Label
    needs_note: bool = False
    names_item: bool = False


class Coded(Protocol):
    """Anything known by its code."""

    @property
    def code(self) -> str:
        """The stable code."""
        ...


_CodedT = TypeVar("_CodedT", bound=Coded)


def by_code(things: Iterable[_CodedT], code: str) -> _CodedT:
    """Find the one with this code.

    Raises: KeyError when there is none.
    """
    for thing in things:
        if thing.code == code:
            return thing
    raise KeyError(code)
