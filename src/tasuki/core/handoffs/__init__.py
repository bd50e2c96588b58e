"""The hand-off: what a packet must hold, and which steps it may take."""

from tasuki.core.handoffs.content import (
    ContentState,
    ItemContent,
    completeness_ratio,
    judge_content,
    lacking,
    says_something,
    snapshot,
)
from tasuki.core.handoffs.decide import (
    RATINGS,
    contract_for,
    is_checklist,
    judge_accept,
    judge_asked_again,
    judge_offer,
    judge_rating,
    judge_return,
    judge_withdraw,
)
from tasuki.core.handoffs.refusal import HandoffRefused, HandoffRule
from tasuki.core.handoffs.types import Packet, PacketState, Receiver, Return

__all__ = [
    "RATINGS",
    "ContentState",
    "HandoffRefused",
    "HandoffRule",
    "ItemContent",
    "Packet",
    "PacketState",
    "Receiver",
    "Return",
    "completeness_ratio",
    "contract_for",
    "is_checklist",
    "judge_accept",
    "judge_asked_again",
    "judge_content",
    "judge_offer",
    "judge_rating",
    "judge_return",
    "judge_withdraw",
    "lacking",
    "says_something",
    "snapshot",
]
