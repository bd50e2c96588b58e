"""Deciding a move. Nothing is changed here: a decision says what is to be written.

The rules are described in docs/decisions/0004-cycles-and-side-tracks.md.
"""

from datetime import datetime

from tasuki.core.blueprint.types import Blueprint
from tasuki.core.conditions.evaluate import BUSINESS_ZONE, Facts
from tasuki.core.labels import Label
from tasuki.core.lifecycle.case import Case
from tasuki.core.lifecycle.moving import advance, complete, move_back, step_aside, take_up
from tasuki.core.lifecycle.opening import decide_open
from tasuki.core.lifecycle.refusal import RuleCode
from tasuki.core.lifecycle.types import (
    Advance,
    Complete,
    Decision,
    JourneyState,
    Move,
    MoveBack,
    Open,
    Reactivate,
    WinBack,
)


def decide(
    *,
    blueprint: Blueprint,
    state: JourneyState | None,
    move: Move,
    facts: Facts,
    at: datetime,
    now: datetime,
) -> Decision:
    """Decide a move of one journey, its gates enforced.

    `state` is None before the journey is opened. `at` is when it happened, `now` the present
    moment, both aware; gates and entry conditions are judged on `facts` as of `now`.
    Shape: the stay that closes, the stay that opens, the state after, the events to record.

    Raises: TransitionRefused with the rule and everything that is missing.
    """
    case = Case(
        blueprint=blueprint,
        facts=facts,
        at=at,
        now=now,
        enforces_gates=True,
        rests_in=_stage_of(state),
    )
    return _decide(case, state, move)


def decide_ungated(
    *,
    blueprint: Blueprint,
    state: JourneyState | None,
    move: Move,
    facts: Facts,
    at: datetime,
    now: datetime,
) -> Decision:
    """Decide a move that is told after the fact, from a source that never kept our gates.

    Like `decide`, but what the gates lack is told in the decision and its events, not refused.

    Raises: TransitionRefused for every rule but the gates.
    """
    case = Case(
        blueprint=blueprint,
        facts=facts,
        at=at,
        now=now,
        enforces_gates=False,
        rests_in=_stage_of(state),
    )
    return _decide(case, state, move)


def _stage_of(state: JourneyState | None) -> str | None:
    return None if state is None else state.stage


def _decide(case: Case, state: JourneyState | None, move: Move) -> Decision:
    if isinstance(move, Open):
        if state is not None:
            message = Label(
                "このジャーニーはすでに始まっています。", "This journey has already begun."
            )
            raise case.refusal(RuleCode.ALREADY_OPEN, message)
        return decide_open(case=case, move=move)
    resting = _resting(case, state)
    match move:
        case Advance():
            return advance(case=case, state=resting, move=move)
        case MoveBack():
            return move_back(case=case, state=resting, move=move)
        case Reactivate() | WinBack():
            return take_up(case=case, state=resting, move=move)
        case Complete():
            return complete(case=case, state=resting)
        case aside:
            return step_aside(case=case, state=resting, move=aside)


def _resting(case: Case, state: JourneyState | None) -> JourneyState:
    """Give the state of a journey that can still move, at a time it can move at."""
    if state is None:
        message = Label("このジャーニーはまだ始まっていません。", "This journey has not begun yet.")
        raise case.refusal(RuleCode.NOT_OPENED, message)
    if state.completed_at is not None:
        message = Label("このジャーニーは完了しています。", "This journey is completed.")
        raise case.refusal(RuleCode.COMPLETED, message)
    case.refuse_future(None)
    if case.at < state.entered_at:
        entered = f"{state.entered_at.astimezone(BUSINESS_ZONE):%Y-%m-%d %H:%M}"
        message = Label(
            f"今のステージに入った日時({entered})より前にはできません。",
            f"This cannot be before the current stage was entered ({entered}).",
        )
        raise case.refusal(RuleCode.BEFORE_ENTRY, message)
    return state
