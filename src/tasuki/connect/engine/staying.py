"""From claimed dates to stays: order, gates, reasons, and what is doubtful about them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from tasuki.connect.engine.context import Context
from tasuki.connect.engine.drafts import Draft, Drafting
from tasuki.connect.mapping.types import Gates
from tasuki.connect.problems import Problem, RowRefused, Rule, Severity
from tasuki.core.blueprint import Blueprint, GateItem, JourneyKind, SideTrack, Stage
from tasuki.core.conditions.evaluate import BUSINESS_ZONE
from tasuki.core.labels import Label
from tasuki.core.lifecycle import ReplayProblem, ReplayRule, is_answered, replay
from tasuki.core.spelling import did_you_mean
from tasuki.journeys.operations.history_plans import PlannedStay

OTHER: Final = "other"


@dataclass(frozen=True, slots=True)
class Planned:
    """The stays of one journey, the last one where it rests."""

    stays: tuple[PlannedStay, ...]


class StageNames:
    """Finds a stage by its code or by its name in either language."""

    def __init__(self, blueprint: Blueprint) -> None:
        self._blueprint = blueprint
        self._asked: dict[tuple[str, str, JourneyKind], tuple[GateItem, ...]] = {}
        self._codes = {}
        for place in blueprint.places:
            for name in (place.code, place.label.ja, place.label.en):
                self._codes[name.strip().casefold()] = place.code

    def asked(self, before: Stage | None, place: Stage, kind: JourneyKind) -> tuple[GateItem, ...]:
        """Return the items that are asked for on the way from one stage into another."""
        step = (before.code if before else "", place.code, kind)
        if step not in self._asked:
            passed = _passed(self._blueprint, before, place, kind)
            self._asked[step] = tuple(item for stage in passed for item in stage.required_items)
        return self._asked[step]

    def code(self, text: str, column: str) -> str:
        """Return the code. Raises: RowRefused."""
        code = self._codes.get(text.strip().casefold())
        if code is None:
            hint = did_you_mean(word=text, known=set(self._codes.values()))
            message = Label(
                f"「{text}」というステージはありません。{hint.ja}",
                f'There is no stage "{text}".{hint.en}',
            )
            raise RowRefused(Rule.UNKNOWN_STAGE, message, column=column, value=text)
        return code


def plan_stays(
    context: Context,
    drafting: Drafting,
    draft: Draft,
    facts: Mapping[str, object],
    more_dates: Mapping[str, datetime],
    names: StageNames,
) -> Planned:
    """Return the stays that the row's dates tell of.

    Raises: RowRefused when there is no usable date, or when gates are enforced and not met.
    """
    blueprint = context.stamp.blueprint
    kind = JourneyKind(draft.text("kind") or "new")
    told = replay(
        blueprint=blueprint,
        kind=kind,
        dates=_dates(context, drafting, draft, more_dates, names),
        now=context.act.now,
        completed_at=draft.values.get("completed_at"),
    )
    for problem in told.problems:
        _take_problem(context, drafting, draft, problem)
    if not told.stays:
        message = Label("どのステージにも日付がありません。", "No stage has a date.")
        raise RowRefused(Rule.MISSING_STAGE_DATE, message)
    stays = tuple(
        PlannedStay(
            stage=stay.stage,
            entered_at=stay.entered_at,
            left_at=stay.left_at,
            exit=stay.exit,
            to_stage=stay.to_stage or "",
            cycle=stay.cycle,
            visit=stay.visit,
            claimed_date=(
                stay.claimed_at.astimezone(BUSINESS_ZONE).date() if stay.claimed_at else None
            ),
        )
        for stay in told.stays
    )
    stays = _reasoned(context, drafting, draft, stays)
    return Planned(_gated(context, drafting, draft, facts, stays, names.asked))


def _dates(
    context: Context,
    drafting: Drafting,
    draft: Draft,
    more: Mapping[str, datetime],
    names: StageNames,
) -> dict[str, datetime]:
    dates: dict[str, datetime] = {}
    for name, at in [*more.items(), *draft.dates.items()]:
        code = names.code(name, drafting.column_of(name))
        assert isinstance(at, datetime)  # noqa: S101 - read as a moment
        dates[code] = min(at, dates.get(code, at))
    if current := draft.text("stage"):
        code = names.code(current, drafting.column_of("stage"))
        since = draft.values.get("stage_date")
        if code not in dates and since is None:
            message = Label(
                f"「{current}」に入った日がありません。取り込みの日時を使います。",
                f'It is not said since when the stage is "{current}"; the time of the import '
                "is used.",
            )
            context.warn(drafting, draft.row, Rule.MISSING_STAGE_DATE, message, "stage")
        dates.setdefault(code, since or context.act.now)
    return dates


def _take_problem(
    context: Context, drafting: Drafting, draft: Draft, problem: ReplayProblem
) -> None:
    rules = {
        ReplayRule.UNKNOWN_STAGE: Rule.UNKNOWN_STAGE,
        ReplayRule.WRONG_LINE: Rule.UNKNOWN_STAGE,
        ReplayRule.IN_FUTURE: Rule.DATE_IN_FUTURE,
        ReplayRule.OUT_OF_ORDER: Rule.DATES_OUT_OF_ORDER,
    }
    column = drafting.column_of(problem.stage)
    at = problem.at.astimezone(BUSINESS_ZONE).date().isoformat()
    if problem.rule is not ReplayRule.OUT_OF_ORDER:
        raise RowRefused(rules[problem.rule], problem.message, column=column, value=at)
    context.log.add(
        Problem(
            rule=Rule.DATES_OUT_OF_ORDER,
            severity=Severity.WARNING,
            file=drafting.file.name,
            row=draft.row,
            column=column,
            value=at,
            message=Label(
                f"{problem.message.ja}そのまま残し、後のステージの日付を優先します。",
                f"{problem.message.en} It is kept; the later stage's date counts.",
            ),
        )
    )


def _reasoned(
    context: Context, drafting: Drafting, draft: Draft, stays: tuple[PlannedStay, ...]
) -> tuple[PlannedStay, ...]:
    """Put the stated reason on the move to the last side track."""
    place = context.stamp.blueprint.place(stays[-1].stage)
    if len(stays) < 2 or not isinstance(place, SideTrack):
        return stays
    reason, note = draft.text("reason"), draft.text("note")
    code = _reason_code(place, reason)
    if reason and code is None:
        listed = ", ".join(item.code for item in place.reasons)
        message = Label(
            f"「{place.label.ja}」に「{reason}」という理由はありません。あるのは {listed} です。",
            f'"{place.label.en}" has no reason "{reason}". There are: {listed}.',
        )
        if context.mapping.gates is Gates.ENFORCED:
            column = drafting.column_of("reason")
            raise RowRefused(Rule.UNKNOWN_REASON, message, column=column, value=reason)
        context.warn(drafting, draft.row, Rule.UNKNOWN_REASON, message, "reason")
        code, note = OTHER, f"{reason} {note}".strip()
    moved = replace(stays[-2], reason=code or "", note=note)
    return (*stays[:-2], moved, stays[-1])


def _reason_code(place: SideTrack, text: str) -> str | None:
    wanted = text.strip().casefold()
    for reason in place.reasons:
        if wanted in {
            reason.code.casefold(),
            reason.label.ja.casefold(),
            reason.label.en.casefold(),
        }:
            return reason.code
    return None


def _gated(
    context: Context,
    drafting: Drafting,
    draft: Draft,
    facts: Mapping[str, object],
    stays: tuple[PlannedStay, ...],
    asked: Callable[[Stage | None, Stage, JourneyKind], tuple[GateItem, ...]],
) -> tuple[PlannedStay, ...]:
    """Judge each stage entered: enforced gates refuse, others leave word on the stay."""
    blueprint, kind = context.stamp.blueprint, JourneyKind(draft.text("kind") or "new")
    known: dict[int, bool] = {}
    judged: list[PlannedStay] = []
    missing: dict[str, GateItem] = {}
    before: Stage | None = None
    for stay in stays:
        place = blueprint.place(stay.stage)
        if not isinstance(place, Stage):
            judged.append(stay)
            continue
        items = asked(before, place, kind)
        for item in items:
            if id(item) not in known:
                known[id(item)] = is_answered(item=item, facts=facts)
        unmet = [item for item in items if not known[id(item)]]
        missing |= {item.key: item for item in unmet}
        keys = tuple(dict.fromkeys(item.key for item in unmet))
        judged.append(replace(stay, unmet=keys) if keys else stay)
        before = place
    if missing:
        _tell_missing(context, drafting, draft, missing)
    return tuple(judged)


def _passed(
    blueprint: Blueprint, before: Stage | None, place: Stage, kind: JourneyKind
) -> tuple[Stage, ...]:
    """The stages whose gates count when this one is entered from that one."""
    if before is None:
        line = blueprint.line(kind)
        return tuple(stage for stage in line if stage.position <= place.position)
    if before.position >= place.position or before.code in place.direct_from:
        return (place,)
    return (*blueprint.between(before.code, place.code), place)


def _tell_missing(
    context: Context, drafting: Drafting, draft: Draft, missing: Mapping[str, GateItem]
) -> None:
    in_japanese = "、".join(item.label.ja for item in missing.values())
    in_english = ", ".join(item.label.en for item in missing.values())
    if context.mapping.gates is Gates.ENFORCED:
        message = Label(
            f"ステージに入るための項目が足りません: {in_japanese}。",
            f"Items that the stages ask for are missing: {in_english}.",
        )
        raise RowRefused(Rule.MISSING_GATE_ITEM, message)
    message = Label(
        f"記録のないゲート項目: {in_japanese}。記録なしとして取り込みます。",
        f"Gate items without a record: {in_english}. Taken as not shown.",
    )
    context.warn(drafting, draft.row, Rule.GATE_NOT_SHOWN, message)
