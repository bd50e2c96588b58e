"""The name of a reason code, found in the process."""

from typing import Final

from tasuki.core.blueprint import Blueprint, Reason, SideMove
from tasuki.core.labels import Label
from tasuki.core.lifecycle import Exit

UNKNOWN: Final = Label("理由なし", "No reason given")

_MOVES: Final = {
    Exit.RECYCLED: SideMove.RECYCLE,
    Exit.DISQUALIFIED: SideMove.DISQUALIFY,
    Exit.LOST: SideMove.LOSE,
    Exit.CHURNED: SideMove.CHURN,
}


def reason_label(*, blueprint: Blueprint, stage: str, exit: Exit, code: str) -> Label:  # noqa: A002
    """This will return what a reason is called where it was given; an unknown code names itself."""
    if not code:
        return UNKNOWN
    for reason in _reasons(blueprint, stage, exit):
        if reason.code == code:
            return reason.label
    return Label(code, code)


def _reasons(blueprint: Blueprint, stage: str, way: Exit) -> tuple[Reason, ...]:
    if way in _MOVES:
        side = blueprint.side_for(_MOVES[way])
        return side.reasons if side else ()
    givers = (stage, blueprint.department_of(stage).value) if blueprint.has_place(stage) else ()
    return tuple(
        reason for rule in blueprint.returns if rule.giver in givers for reason in rule.reasons
    )
