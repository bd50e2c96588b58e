"""What is agreed about a hand-off: what goes along, by when, and why it may come back."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tasuki.core.blueprint.items import GateItem, Reason, by_code
from tasuki.core.departments import Department
from tasuki.core.labels import Label

MINUTES_PER_BUSINESS_DAY: Final = 8 * 60
"""What "1d" stands for in a deadline: eight working hours of the receiver."""


class ContractKind(StrEnum):
    """Which way the sash goes."""

    FORWARD = "forward"
    """To the next department; accepting lets the journey enter the next stage."""
    BACK = "back"
    """To the department before; accepting moves the journey back."""
    VOICE = "voice"
    """The voice of the customer: something to know and answer, while the journey stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """Working minutes of the receiver, from the offer on; None where nothing was agreed."""

    accept: int | None = None
    first_contact: int | None = None
    meeting: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """One boundary: who gives to whom, from which stages, and what goes along.

    `enters` is the stage that accepting leads to; None for the voice of the customer.
    `motions` are the ways of dividing the work that it is for; none means all.
    """

    key: str
    label: Label
    kind: ContractKind
    giver: Department
    taker: Department
    from_stages: tuple[str, ...]
    enters: str | None
    items: tuple[GateItem, ...]
    deadlines: Deadlines
    reasons: tuple[Reason, ...]
    motions: tuple[str, ...] = ()

    @property
    def required_items(self) -> tuple[GateItem, ...]:
        """The items without which nothing is handed over."""
        return tuple(item for item in self.items if item.required)

    def item(self, key: str) -> GateItem | None:
        """Find an item by its key; None when the contract does not ask for it."""
        return next((item for item in self.items if item.key == key), None)

    def reason(self, code: str) -> Reason:
        """Find a reason for returning by its code; KeyError when there is none."""
        return by_code(self.reasons, code)

    def is_for(self, motion: str) -> bool:
        """Whether it is agreed for this way of dividing the work."""
        return not self.motions or motion in self.motions
