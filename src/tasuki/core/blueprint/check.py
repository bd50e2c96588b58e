"""Judging a whole blueprint: do its parts fit together."""

from collections.abc import Iterator

from tasuki.core.blueprint.agreements import check_contracts
from tasuki.core.blueprint.assignment import check_assignment
from tasuki.core.blueprint.exits import stages_without_exit
from tasuki.core.blueprint.findings import duplicates, reasons, unknown_stage, unknown_stages
from tasuki.core.blueprint.gates import check_items
from tasuki.core.blueprint.problems import BlueprintRule, Problem
from tasuki.core.blueprint.types import Blueprint, JourneyKind, ReturnRule, SideTrack, Stage
from tasuki.core.conditions.check import check_condition
from tasuki.core.conditions.fields import Fields
from tasuki.core.conditions.tree import Condition
from tasuki.core.departments import Department
from tasuki.core.labels import Label
from tasuki.core.spelling import did_you_mean


def check_blueprint(blueprint: Blueprint) -> tuple[Problem, ...]:
    """Find everything that keeps a blueprint from being worked with.

    Shape: problems in the order stages, side tracks, returns, motions, contracts, assignment, ways
    out; empty when the blueprint is sound. A blank code stands for a part already reported and is
    passed over.
    """
    return (
        *_stages(blueprint),
        *_sides(blueprint),
        *_returns(blueprint),
        *_motions(blueprint),
        *check_contracts(blueprint=blueprint),
        *check_assignment(rules=blueprint.assignment, fields=blueprint.fields),
        *_exits(blueprint),
    )


def _stages(blueprint: Blueprint) -> Iterator[Problem]:
    places = [f"stages[{i}].code" for i in range(len(blueprint.stages))]
    places += [f"sides[{i}].code" for i in range(len(blueprint.sides))]
    yield from duplicates(places, [place.code for place in blueprint.places])
    yield from _winning(blueprint)
    fields = blueprint.fields
    for index, stage in enumerate(blueprint.stages):
        path = f"stages[{index}]"
        yield from check_items(path=f"{path}.gate", items=stage.gate, blueprint=blueprint)
        if stage.entry is not None:
            yield from _condition(f"{path}.entry", stage.entry, fields)
        yield from _shortcuts(path, stage, blueprint)
        yield from _figures(path, stage)


def _winning(blueprint: Blueprint) -> Iterator[Problem]:
    winning = [index for index, stage in enumerate(blueprint.stages) if stage.wins]
    if not winning:
        message = Label(
            "受注のステージ（wins: true）が一つ必要です。",
            "One stage must be the contract (wins: true).",
        )
        yield Problem("stages", BlueprintRule.NO_WINNING_STAGE, message)
    for index in winning[1:]:
        message = Label("受注のステージは一つだけです。", "Only one stage can be the contract.")
        yield Problem(f"stages[{index}].wins", BlueprintRule.DUPLICATE, message)
    for index in winning:
        if blueprint.stages[index].line is not JourneyKind.NEW:
            message = Label(
                "受注のステージは新規の流れに置きます。",
                "The contract belongs on the line of new journeys.",
            )
            yield Problem(f"stages[{index}].line", BlueprintRule.WRONG_CHOICE, message)


def _shortcuts(path: str, stage: Stage, blueprint: Blueprint) -> Iterator[Problem]:
    yield from unknown_stages(f"{path}.direct_from", stage.direct_from, blueprint)
    earlier = {
        other.code for other in blueprint.line(stage.line) if other.position < stage.position
    }
    known = {other.code for other in blueprint.stages}
    for index, code in enumerate(stage.direct_from):
        if code in known and code not in earlier:
            message = Label(
                f"「{code}」は同じ流れの前のステージではありません。",
                f'"{code}" is no earlier stage of the same line.',
            )
            yield Problem(f"{path}.direct_from[{index}]", BlueprintRule.WRONG_ORDER, message)


def _figures(path: str, stage: Stage) -> Iterator[Problem]:
    if stage.stall_days is not None and stage.stall_days < 1:
        message = Label("1 以上を書いてください。", "Write 1 or more.")
        yield Problem(f"{path}.stall_days", BlueprintRule.OUT_OF_RANGE, message)
    if stage.probability_ratio is not None and not 0 <= stage.probability_ratio <= 1:
        message = Label("0 から 1 の間で書いてください。", "Write a number from 0 to 1.")
        yield Problem(f"{path}.probability_ratio", BlueprintRule.OUT_OF_RANGE, message)


def _sides(blueprint: Blueprint) -> Iterator[Problem]:
    yield from duplicates(
        [f"sides[{i}].move" for i in range(len(blueprint.sides))],
        [side.move.value for side in blueprint.sides],
    )
    for index, side in enumerate(blueprint.sides):
        yield from _side(f"sides[{index}]", side, blueprint)


def _side(path: str, side: SideTrack, blueprint: Blueprint) -> Iterator[Problem]:
    yield from reasons(path, [reason.code for reason in side.reasons])
    if not side.from_stages:
        message = Label(
            "どのステージから来るかが必要です。", "Say from which stages it is entered."
        )
        yield Problem(f"{path}.from_stages", BlueprintRule.MISSING, message)
    yield from unknown_stages(f"{path}.from_stages", side.from_stages, blueprint)
    yield from unknown_stages(f"{path}.reactivates_to", side.reactivates_to, blueprint)


def _returns(blueprint: Blueprint) -> Iterator[Problem]:
    known = [*(stage.code for stage in blueprint.stages), *Department]
    pairs = [f"{rule.giver} → {rule.taker}" for rule in blueprint.returns]
    yield from duplicates([f"returns[{i}]" for i in range(len(pairs))], pairs)
    for index, rule in enumerate(blueprint.returns):
        path = f"returns[{index}]"
        yield from reasons(path, [reason.code for reason in rule.reasons])
        for key, code in (("giver", rule.giver), ("taker", rule.taker)):
            if code and code not in known:
                yield unknown_stage(f"{path}.{key}", code, known)
        yield from _return_order(path, rule, blueprint)


def _return_order(path: str, rule: ReturnRule, blueprint: Blueprint) -> Iterator[Problem]:
    positions = {stage.code: stage.position for stage in blueprint.stages}
    giver, taker = positions.get(rule.giver), positions.get(rule.taker)
    if giver is not None and taker is not None and giver <= taker:
        message = Label(
            f"「{rule.taker}」は「{rule.giver}」より前のステージではありません。",
            f'"{rule.taker}" does not come before "{rule.giver}".',
        )
        yield Problem(f"{path}.taker", BlueprintRule.WRONG_ORDER, message)


def _motions(blueprint: Blueprint) -> Iterator[Problem]:
    codes = [motion.code for motion in blueprint.motions]
    yield from duplicates([f"motions[{i}].code" for i in range(len(codes))], codes)
    if not codes:
        message = Label("営業体制が一つも書かれていません。", "No motions are given.")
        yield Problem("motions", BlueprintRule.MISSING, message)
    used = [("default_motion", blueprint.default_motion)]
    used += [(f"motion_rules[{i}].motion", r.motion) for i, r in enumerate(blueprint.motion_rules)]
    for path, code in used:
        if code and code not in codes:
            hint = did_you_mean(word=code, known=codes)
            message = Label(
                f"「{code}」という営業体制はありません。{hint.ja}",
                f'There is no motion "{code}".{hint.en}',
            )
            yield Problem(path, BlueprintRule.UNKNOWN_MOTION, message)
    for index, rule in enumerate(blueprint.motion_rules):
        yield from _condition(f"motion_rules[{index}].when", rule.when, blueprint.fields)


def _exits(blueprint: Blueprint) -> Iterator[Problem]:
    for stage in stages_without_exit(blueprint=blueprint):
        message = Label(
            f"「{stage.code}」に入ると、終わりのない繰り返しから出られません。"
            "失注・対象外・解約のような行き先が必要です。",
            f'From "{stage.code}" a journey can only go round and never end. '
            "Give it a way out, such as lost, disqualified or churned.",
        )
        yield Problem(f"stages[{stage.position}]", BlueprintRule.NO_EXIT, message)


def _condition(path: str, condition: Condition, fields: Fields) -> Iterator[Problem]:
    for problem in check_condition(condition=condition, fields=fields):
        yield Problem(path, BlueprintRule.CONDITION, problem.message)
