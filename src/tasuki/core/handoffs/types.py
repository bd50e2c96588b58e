"""What a packet looks like to a decision, and what is decided."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tasuki.core.labels import Label


class PacketState(StrEnum):
    """Where a packet stands. Only an offered one waits for somebody."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"

    @property
    def label(self) -> Label:
        """Name the state in both languages."""
        return _STATES[self]


_STATES = {
    PacketState.OFFERED: Label("受諾待ち", "Waiting for acceptance"),
    PacketState.ACCEPTED: Label("受諾済み", "Accepted"),
    PacketState.RETURNED: Label("差し戻し", "Returned"),
    PacketState.WITHDRAWN: Label("取り下げ", "Withdrawn"),
    PacketState.EXPIRED: Label("期限切れ", "Expired"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """One hand-off as it stands: `returns` counts how often it came back before."""

    contract: str
    state: PacketState
    round: int
    returns: int
    giver_id: int | None
    receiver_id: int | None
    decided_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """A person whom a packet is offered to; `away_until` is set while they are absent."""

    user_id: int
    name: str
    is_active: bool
    works_there: bool
    away_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Return:
    """Giving a packet back (差し戻し): why, and which item is missing."""

    reason: str
    item: str = ""
    note: str = ""
    by_manager: bool = False
