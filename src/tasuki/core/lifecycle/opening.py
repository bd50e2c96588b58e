"""Beginning a journey."""

from tasuki.core.blueprint.types import JourneyKind, Stage
from tasuki.core.labels import Label
from tasuki.core.lifecycle.case import Case
from tasuki.core.lifecycle.refusal import RuleCode
from tasuki.core.lifecycle.types import (
    Decision,
    Happening,
    JourneyState,
    LifecycleEvent,
    Open,
    Opening,
)


def decide_open(*, case: Case, move: Open) -> Decision:
    """Decide the beginning; the gates of the stages left out before it must be met as well.

    Raises: TransitionRefused.
    """
    line = case.blueprint.line(move.kind)
    stage = _first(case, line, move.kind) if move.stage is None else case.stage(move.stage)
    if stage.line is not move.kind:
        raise case.wrong_line(stage)
    case.refuse_future(stage.code)
    before = tuple(other for other in line if other.position < stage.position)
    unmet = case.judge((*before, stage))
    at = case.at
    opened = LifecycleEvent(Happening.JOURNEY_OPENED, at, to_stage=stage.code)
    return Decision(
        closes=None,
        opens=Opening(stage.code, stage.department, 1, 1, at),
        after=JourneyState(
            kind=move.kind,
            stage=stage.code,
            entered_at=at,
            opened_at=at,
            visits={stage.code: 1},
        ),
        events=(opened, *case.gate_events(unmet, stage.code)),
        passed_over=tuple(other.code for other in before),
        unmet=unmet.items,
        unmet_stages=unmet.stages,
    )


def _first(case: Case, line: tuple[Stage, ...], kind: JourneyKind) -> Stage:
    if line:
        return line[0]
    message = Label(
        f"この営業設計図には「{kind.value}」の流れがありません。",
        f'This blueprint has no line for journeys of kind "{kind.value}".',
    )
    raise case.refusal(RuleCode.WRONG_LINE, message)
