"""The decisions about a journey: what a move closes, what it opens, and why it is refused."""

from tasuki.core.lifecycle.answers import answers_that_hold
from tasuki.core.lifecycle.decide import decide, decide_ungated
from tasuki.core.lifecycle.gates import is_answered
from tasuki.core.lifecycle.ownership import (
    KeepsOwner,
    NeedsOwner,
    OwnerAfter,
    motion_for,
    owner_after,
)
from tasuki.core.lifecycle.refusal import RuleCode, TransitionRefused
from tasuki.core.lifecycle.replay import (
    Replay,
    ReplayedStay,
    ReplayProblem,
    ReplayRule,
    replay,
)
from tasuki.core.lifecycle.types import (
    Advance,
    Churn,
    Closing,
    Complete,
    Decision,
    Disqualify,
    Exit,
    Happening,
    JourneyState,
    LifecycleEvent,
    Lose,
    Move,
    MoveBack,
    Open,
    Opening,
    Reactivate,
    Recycle,
    SideStep,
    WinBack,
)

__all__ = [
    "Advance",
    "Churn",
    "Closing",
    "Complete",
    "Decision",
    "Disqualify",
    "Exit",
    "Happening",
    "JourneyState",
    "KeepsOwner",
    "LifecycleEvent",
    "Lose",
    "Move",
    "MoveBack",
    "NeedsOwner",
    "Open",
    "Opening",
    "OwnerAfter",
    "Reactivate",
    "Recycle",
    "Replay",
    "ReplayProblem",
    "ReplayRule",
    "ReplayedStay",
    "RuleCode",
    "SideStep",
    "TransitionRefused",
    "WinBack",
    "answers_that_hold",
    "decide",
    "decide_ungated",
    "is_answered",
    "motion_for",
    "owner_after",
    "replay",
]
