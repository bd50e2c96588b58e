"""Whether a sound blueprint may go live: every boundary between departments needs a contract."""

from collections.abc import Iterator
from itertools import pairwise

from tasuki.core.blueprint.contracts import ContractKind
from tasuki.core.blueprint.problems import BlueprintRule, Problem
from tasuki.core.blueprint.types import Blueprint, JourneyKind, Ownership, Stage
from tasuki.core.labels import Label


def readiness(*, blueprint: Blueprint) -> tuple[Problem, ...]:
    """List what still keeps a process from going live, though it could be read.

    Where work passes from one department to the next without an agreement about what is handed
    over, by when and why it may come back, dividing the work only makes gaps. A motion with one
    owner or one team passes nothing on and needs no contract.

    Shape: one problem a boundary, in order; empty when the process may go live.
    """
    if not blueprint.stages:
        message = Label(
            "ステージが一つもありません。まずステージを決めてください。",
            "There are no stages. Decide on the stages first.",
        )
        return (Problem("stages", BlueprintRule.MISSING, message),)
    return tuple(_missing(giver, taker) for giver, taker in open_boundaries(blueprint=blueprint))


def open_boundaries(*, blueprint: Blueprint) -> Iterator[tuple[Stage, Stage]]:
    """Yield where departments divide the work without a contract: the stages before and after."""
    dividing = _dividing_motions(blueprint)
    for kind in JourneyKind:
        for giver, taker in pairwise(blueprint.line(kind)):
            if giver.department is not taker.department and not all(
                _is_agreed(blueprint, giver, taker, motion) for motion in dividing
            ):
                yield giver, taker


def _dividing_motions(blueprint: Blueprint) -> list[str]:
    """The motions in use, usual or chosen by a rule, in which owners change."""
    used = {blueprint.default_motion, *(rule.motion for rule in blueprint.motion_rules)}
    return [
        motion.code
        for motion in blueprint.motions
        if motion.code in used and motion.ownership is Ownership.BY_DEPARTMENT
    ]


def _is_agreed(blueprint: Blueprint, giver: Stage, taker: Stage, motion: str) -> bool:
    return any(
        contract.kind is ContractKind.FORWARD
        and contract.enters == taker.code
        and giver.code in contract.from_stages
        and contract.is_for(motion)
        for contract in blueprint.contracts
    )


def _missing(giver: Stage, taker: Stage) -> Problem:
    gives, takes = giver.department.label, taker.department.label
    message = Label(
        f"「{giver.label.ja}」から「{taker.label.ja}」で{gives.ja}から{takes.ja}へ渡りますが、"
        "引き継ぎの取り決めがありません。渡す情報・期限・差し戻しの理由を決めてください。",
        f'From "{giver.label.en}" to "{taker.label.en}" the journey passes from {gives.en} to '
        f"{takes.en}, and nothing is agreed about it. Decide what goes along, by when it is "
        "accepted and why it may be returned.",
    )
    return Problem("contracts", BlueprintRule.NO_CONTRACT, message)
