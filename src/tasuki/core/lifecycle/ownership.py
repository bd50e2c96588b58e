"""What a motion means for the owner. It never touches stages, gates or dates."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from tasuki.core.blueprint.types import Blueprint, Ownership
from tasuki.core.conditions.evaluate import Facts, evaluate
from tasuki.core.departments import Department


@dataclass(frozen=True, slots=True)
class KeepsOwner:
    """The same person carries on."""

    owner: int
    team: int | None


@dataclass(frozen=True, slots=True)
class NeedsOwner:
    """Someone of the department is to be found; inside the team, when one is named."""

    department: Department
    team: int | None


OwnerAfter: TypeAlias = KeepsOwner | NeedsOwner


def motion_for(*, blueprint: Blueprint, facts: Facts, today: date) -> str:
    """Choose the motion for an account: the first rule that holds, else the default.

    Shape: the code of a motion of the blueprint.
    """
    for rule in blueprint.motion_rules:
        if evaluate(condition=rule.when, facts=facts, today=today):
            return rule.motion
    return blueprint.default_motion


def owner_after(
    *,
    blueprint: Blueprint,
    motion: str,
    held_by: Department | None,
    to_stage: str,
    owner: int | None,
    team: int | None,
) -> OwnerAfter:
    """Tell who owns a journey that goes to a place; `held_by` is the department that carries it
    now (None: it is opened).

    With one owner, the owner stays. With a team, the team stays and another department means
    another of its members. With division of labour, another department means another owner.

    Raises: KeyError for a motion or stage that the blueprint does not have.
    """
    ownership = blueprint.motion(motion).ownership
    department = blueprint.department_of(to_stage)
    same = held_by is None or held_by is department
    if owner is not None and (same or ownership is Ownership.SINGLE):
        return KeepsOwner(owner, team)
    return NeedsOwner(department, None if ownership is Ownership.BY_DEPARTMENT else team)
