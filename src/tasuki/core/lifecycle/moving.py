"""The moves of a journey that rests somewhere: forward, back, aside, up again, done."""

from dataclasses import dataclass, replace
from datetime import date

from tasuki.core.blueprint.items import Reason
from tasuki.core.blueprint.types import JourneyKind, Place, SideTrack, Stage
from tasuki.core.labels import Label
from tasuki.core.lifecycle.case import Case
from tasuki.core.lifecycle.crossing import lacking_for_crossing
from tasuki.core.lifecycle.exits import HAPPENINGS, SIDE_EXITS, SIDE_MOVES, WAYS_BACK
from tasuki.core.lifecycle.gates import Unmet, has_content
from tasuki.core.lifecycle.refusal import RuleCode
from tasuki.core.lifecycle.types import (
    Advance,
    Closing,
    Decision,
    Exit,
    JourneyState,
    LifecycleEvent,
    MoveBack,
    Opening,
    Reactivate,
    SideStep,
    WinBack,
)


@dataclass(frozen=True, slots=True)
class _Ground:
    """Why a step is taken, and when it is looked at again."""

    reason: str = ""
    note: str = ""
    revisit_date: date | None = None


def advance(*, case: Case, state: JourneyState, move: Advance) -> Decision:
    """Decide a step forward over any stages between, whose gates must be met as well.

    Where a contract stands between two departments, its packet must have been accepted.

    Raises: TransitionRefused.
    """
    here = _main_stage(case, state)
    target = _forward_target(case, here, move)
    checklist = lacking_for_crossing(case=case, here=here, target=target, handed=state.handed)
    if here.code in target.direct_from:
        passed: tuple[Stage, ...] = ()
    else:
        passed = case.blueprint.between(here.code, target.code)
    over = case.blueprint.between(here.code, target.code)
    unmet = case.judge((*passed, target), checklist)
    decision = _step(case, state, target, Exit.ADVANCED, unmet=unmet)
    return replace(decision, passed_over=tuple(stage.code for stage in over))


def move_back(*, case: Case, state: JourneyState, move: MoveBack) -> Decision:
    """Decide giving back to an earlier stage (差し戻し); the cycle stays, the visit counts up.

    Raises: TransitionRefused.
    """
    here = _main_stage(case, state)
    target = case.stage(move.to)
    if target.line is not state.kind:
        raise case.wrong_line(target)
    if target.position >= here.position:
        message = Label(
            f"「{target.label.ja}」は今のステージより前ではありません。",
            f'"{target.label.en}" does not come before the current stage.',
        )
        raise case.refusal(RuleCode.NOT_BACKWARD, message, target.code)
    rule = case.blueprint.return_rule(here.code, target.code)
    if rule is None:
        message = Label(
            f"「{here.label.ja}」から「{target.label.ja}」へは差し戻せません。",
            f'"{here.label.en}" cannot be given back to "{target.label.en}".',
        )
        raise case.refusal(RuleCode.NOT_FROM_HERE, message, target.code)
    _judge_reason(case, rule.reasons, move, target.code)
    return _step(case, state, target, Exit.RETURNED, ground=_Ground(move.reason, move.note))


def step_aside(*, case: Case, state: JourneyState, move: SideStep) -> Decision:
    """Decide leaving the way forward: recycle, disqualify, lose, churn.

    Raises: TransitionRefused.
    """
    side = case.blueprint.side_for(SIDE_MOVES[type(move)])
    here = case.place(state.stage)
    if side is None or here.code not in side.from_stages:
        raise _not_from(case, here, side)
    _judge_reason(case, side.reasons, move, side.code)
    _judge_revisit(case, side, move.revisit_date)
    ground = _Ground(move.reason, move.note, move.revisit_date)
    return _step(case, state, side, SIDE_EXITS[side.move], ground=ground)


def take_up(*, case: Case, state: JourneyState, move: Reactivate | WinBack) -> Decision:
    """Decide coming back from a side track; opens the next numbered cycle.

    Raises: TransitionRefused.
    """
    side = case.place(state.stage)
    if isinstance(side, Stage):
        message = Label(
            f"「{side.label.ja}」は進行中です。掘り起こしは外れているときだけできます。",
            f'"{side.label.en}" is under way. Only what rests on a side track is taken up again.',
        )
        raise case.refusal(RuleCode.NOT_ON_SIDE_TRACK, message, move.to)
    leaving = WAYS_BACK[side.move]
    wanted = Exit.REACTIVATED if isinstance(move, Reactivate) else Exit.WON_BACK
    if leaving is not wanted:
        raise _not_from(case, side, None)
    target = _way_back(case, state, side, move.to)
    unmet = case.judge((target,))
    return _step(case, state, target, leaving, unmet=unmet)


def complete(*, case: Case, state: JourneyState) -> Decision:
    """Decide the good end of a renewal or an expansion, at the last stage of its line.

    Raises: TransitionRefused.
    """
    here = _main_stage(case, state)
    if state.kind is JourneyKind.NEW or case.blueprint.next_stage(here.code) is not None:
        message = Label(
            f"「{here.label.ja}」では完了にできません。",
            f'A journey is not completed in "{here.label.en}".',
        )
        raise case.refusal(RuleCode.NOT_FROM_HERE, message)
    at = case.at
    return Decision(
        closes=Closing(here.code, Exit.COMPLETED, at, None),
        opens=None,
        after=replace(state, completed_at=at),
        events=(LifecycleEvent(HAPPENINGS[Exit.COMPLETED], at, from_stage=here.code),),
    )


def _main_stage(case: Case, state: JourneyState) -> Stage:
    place = case.place(state.stage)
    if isinstance(place, Stage):
        return place
    message = Label(
        f"「{place.label.ja}」にあります。先に掘り起こしてください。",
        f'This rests in "{place.label.en}". Take it up again first.',
    )
    raise case.refusal(RuleCode.ON_SIDE_TRACK, message)


def _forward_target(case: Case, here: Stage, move: Advance) -> Stage:
    if move.to is None:
        following = case.blueprint.next_stage(here.code)
        if following is not None:
            return following
        message = Label(
            f"「{here.label.ja}」の次のステージはありません。",
            f'No stage comes after "{here.label.en}".',
        )
        raise case.refusal(RuleCode.NO_NEXT_STAGE, message)
    target = case.stage(move.to)
    if target.line is not here.line:
        raise case.wrong_line(target)
    if target.position <= here.position:
        message = Label(
            f"「{target.label.ja}」は今のステージより先ではありません。",
            f'"{target.label.en}" does not come after the current stage.',
        )
        raise case.refusal(RuleCode.NOT_FORWARD, message, target.code)
    return target


def _judge_reason(
    case: Case, reasons: tuple[Reason, ...], move: MoveBack | SideStep, to: str
) -> None:
    if not move.reason:
        message = Label("理由を選んでください。", "Choose a reason.")
        raise case.refusal(RuleCode.REASON_MISSING, message, to)
    found = next((reason for reason in reasons if reason.code == move.reason), None)
    if found is None:
        message = Label(
            f"「{move.reason}」という理由はありません。", f'There is no reason "{move.reason}".'
        )
        raise case.refusal(RuleCode.REASON_UNKNOWN, message, to)
    if found.needs_note and not has_content(move.note):
        message = Label(
            f"「{found.label.ja}」のときは、内容を書いてください。",
            f'With "{found.label.en}", please say more in the note.',
        )
        raise case.refusal(RuleCode.NOTE_MISSING, message, to)


def _judge_revisit(case: Case, side: SideTrack, revisit_date: date | None) -> None:
    if revisit_date is None:
        if not side.needs_revisit_date:
            return
        message = Label("次に確認する日を入れてください。", "Give the date to look at this again.")
        raise case.refusal(RuleCode.REVISIT_DATE_MISSING, message, side.code)
    if revisit_date <= case.today:
        message = Label(
            "次に確認する日は、明日以降の日付にしてください。",
            "The date to look at this again must be after today.",
        )
        raise case.refusal(RuleCode.REVISIT_DATE_PAST, message, side.code)


def _not_from(case: Case, here: Place, side: SideTrack | None) -> Exception:
    message = Label(
        f"「{here.label.ja}」からはこの操作ができません。",
        f'This cannot be done from "{here.label.en}".',
    )
    return case.refusal(RuleCode.NOT_FROM_HERE, message, side.code if side else None)


def _way_back(case: Case, state: JourneyState, side: SideTrack, to: str | None) -> Stage:
    line = {stage.code: stage for stage in case.blueprint.line(state.kind)}
    allowed = [line[code] for code in side.reactivates_to if code in line]
    wanted = None if to is None else case.stage(to)
    chosen = next((stage for stage in allowed if wanted in (None, stage)), None)
    if chosen is None:
        raise _not_from(case, side, None)
    return chosen


def _step(
    case: Case,
    state: JourneyState,
    target: Place,
    leaving: Exit,
    *,
    unmet: Unmet | None = None,
    ground: _Ground | None = None,
) -> Decision:
    """Close the current stay and open the next one at the same instant."""
    unmet, ground = unmet or Unmet(), ground or _Ground()
    opens_cycle = leaving in (Exit.REACTIVATED, Exit.WON_BACK)
    cycle = state.cycle + 1 if opens_cycle else state.cycle
    visits = {} if opens_cycle else state.visits
    visit = visits.get(target.code, 0) + 1
    at = case.at
    event = LifecycleEvent(HAPPENINGS[leaving], at, from_stage=state.stage, to_stage=target.code)
    return Decision(
        closes=Closing(state.stage, leaving, at, target.code),
        opens=Opening(target.code, target.department, cycle, visit, at),
        after=replace(
            state,
            stage=target.code,
            entered_at=at,
            cycle=cycle,
            visits={**visits, target.code: visit},
        ),
        events=(event, *case.gate_events(unmet, target.code)),
        reason=ground.reason,
        note=ground.note,
        revisit_date=ground.revisit_date,
        unmet=unmet.items,
        unmet_stages=unmet.stages,
    )
