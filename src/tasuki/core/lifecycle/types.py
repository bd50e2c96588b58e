"""What a journey looks like to a decision, what can be asked of it, and what is decided."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias

from tasuki.core.blueprint.items import GateItem
from tasuki.core.blueprint.types import JourneyKind
from tasuki.core.departments import Department


class Exit(StrEnum):
    """How a stay ended."""

    ADVANCED = "advanced"
    RETURNED = "returned"
    RECYCLED = "recycled"
    DISQUALIFIED = "disqualified"
    LOST = "lost"
    CHURNED = "churned"
    REACTIVATED = "reactivated"
    WON_BACK = "won_back"
    COMPLETED = "completed"


class Happening(StrEnum):
    """What a decision says happened, for the event journal."""

    JOURNEY_OPENED = "journey_opened"
    ADVANCED = "advanced"
    MOVED_BACK = "moved_back"
    RECYCLED = "recycled"
    DISQUALIFIED = "disqualified"
    LOST = "lost"
    CHURNED = "churned"
    REACTIVATED = "reactivated"
    WON_BACK = "won_back"
    COMPLETED = "completed"
    GATE_NOT_SHOWN = "gate_not_shown"


@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyState:
    """Where a journey rests now.

    `visits` counts the stays of the current cycle by stage, the current one included.
    A completed journey rests nowhere: `completed_at` is set and nothing moves it any more.
    `handed` are the contracts whose packet was accepted in this cycle and still holds.
    """

    kind: JourneyKind
    stage: str
    entered_at: datetime
    opened_at: datetime
    cycle: int = 1
    visits: Mapping[str, int] = field(default_factory=dict)
    completed_at: datetime | None = None
    handed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Open:
    """Begin a journey at a stage; by default at the first of its kind's line."""

    kind: JourneyKind = JourneyKind.NEW
    stage: str | None = None


@dataclass(frozen=True, slots=True)
class Advance:
    """Go forward, to the next stage unless one is named."""

    to: str | None = None


@dataclass(frozen=True, slots=True)
class MoveBack:
    """Give back to an earlier stage (差し戻し), in the same cycle."""

    to: str
    reason: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Recycle:
    """Give back to nurturing (育成戻し), to be looked at again on a date."""

    reason: str
    revisit_date: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Disqualify:
    """Set aside as no customer of ours (対象外)."""

    reason: str
    note: str = ""
    revisit_date: date | None = None


@dataclass(frozen=True, slots=True)
class Lose:
    """Record a lost deal (失注)."""

    reason: str
    note: str = ""
    revisit_date: date | None = None


@dataclass(frozen=True, slots=True)
class Churn:
    """Record that a customer has left (解約)."""

    reason: str
    note: str = ""
    revisit_date: date | None = None


@dataclass(frozen=True, slots=True)
class Reactivate:
    """Take up again what was recycled or disqualified (掘り起こし); opens the next cycle."""

    to: str | None = None


@dataclass(frozen=True, slots=True)
class WinBack:
    """Take up again what was lost or had churned (復活); opens the next cycle."""

    to: str | None = None


@dataclass(frozen=True, slots=True)
class Complete:
    """End a renewal or an expansion that was agreed."""


SideStep: TypeAlias = Recycle | Disqualify | Lose | Churn
Move: TypeAlias = Open | Advance | MoveBack | SideStep | Reactivate | WinBack | Complete


@dataclass(frozen=True, slots=True)
class Closing:
    """The current stay ends. `to_stage` is where it goes; None when the journey completes."""

    stage: str
    exit: Exit
    left_at: datetime
    to_stage: str | None


@dataclass(frozen=True, slots=True)
class Opening:
    """A stay begins."""

    stage: str
    department: Department
    cycle: int
    visit: int
    entered_at: datetime


@dataclass(frozen=True, slots=True)
class LifecycleEvent:
    """One line for the event journal; `items` are the gate items it is about."""

    happening: Happening
    at: datetime
    from_stage: str | None = None
    to_stage: str | None = None
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is to be written for an accepted move.

    `after` is the state once it is written. `unmet` names the gate items, and `unmet_stages` the
    stages whose entry condition was not met; both are empty when gates are enforced.
    """

    closes: Closing | None
    opens: Opening | None
    after: JourneyState
    events: tuple[LifecycleEvent, ...]
    passed_over: tuple[str, ...] = ()
    reason: str = ""
    note: str = ""
    revisit_date: date | None = None
    unmet: tuple[GateItem, ...] = ()
    unmet_stages: tuple[str, ...] = ()
