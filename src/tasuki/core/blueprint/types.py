"""The process as a value: stages, gates, side tracks, returns and motions.

Built by `read_blueprint`; every lookup here takes a code and raises `KeyError` for an unknown one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TypeAlias

from tasuki.core.blueprint.assignment import AssignmentRule
from tasuki.core.blueprint.contracts import Contract, ContractKind
from tasuki.core.blueprint.items import GateItem, Reason, by_code
from tasuki.core.conditions.fields import (
    ANSWERS_PREFIX,
    STANDARD_FIELDS,
    Choice,
    Fields,
    FieldSpec,
)
from tasuki.core.conditions.tree import Condition
from tasuki.core.departments import Department
from tasuki.core.labels import Label


class JourneyKind(StrEnum):
    """Why a journey exists. Each kind travels along its own line of stages."""

    NEW = "new"
    RENEWAL = "renewal"
    EXPANSION = "expansion"


class StageKind(StrEnum):
    """Whether a place lies on the way forward or beside it."""

    MAIN = "main"
    SIDE = "side"


class SideMove(StrEnum):
    """The move that puts a journey on a side track."""

    RECYCLE = "recycle"
    DISQUALIFY = "disqualify"
    LOSE = "lose"
    CHURN = "churn"


class Ownership(StrEnum):
    """What a motion does to the owner when a journey changes department."""

    BY_DEPARTMENT = "by_department"
    SINGLE = "single"
    TEAM = "team"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A main stage. `gate` and `entry` are judged on entering it.

    `line` is the kind of journey that travels through it. `wins` marks the contract.
    From the stages in `direct_from` it may be entered without the gates of what lies between.
    """

    code: str
    label: Label
    department: Department
    position: int
    enter_when: Label
    gate: tuple[GateItem, ...] = ()
    entry: Condition | None = None
    stall_days: int | None = None
    probability_ratio: float | None = None
    line: JourneyKind = JourneyKind.NEW
    wins: bool = False
    direct_from: tuple[str, ...] = ()

    @property
    def kind(self) -> StageKind:
        """A stage is always on the way forward."""
        return StageKind.MAIN

    @property
    def required_items(self) -> tuple[GateItem, ...]:
        """The items without which the stage is not entered."""
        return tuple(item for item in self.gate if item.required)


@dataclass(frozen=True, slots=True, kw_only=True)
class SideTrack:
    """A place beside the way, where a journey rests until it is taken up again."""

    code: str
    label: Label
    department: Department
    move: SideMove
    enter_when: Label
    from_stages: tuple[str, ...]
    reasons: tuple[Reason, ...]
    needs_revisit_date: bool = False
    reactivates_to: tuple[str, ...] = ()

    @property
    def kind(self) -> StageKind:
        """A side track is never on the way forward."""
        return StageKind.SIDE

    def reason(self, code: str) -> Reason:
        """Find a reason by its code."""
        return by_code(self.reasons, code)


Place: TypeAlias = Stage | SideTrack
"""Anywhere a journey can rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnRule:
    """Moving back is allowed from `giver` to `taker`, each a stage or a whole department."""

    giver: str
    taker: str
    reasons: tuple[Reason, ...]

    def reason(self, code: str) -> Reason:
        """Find a reason by its code."""
        return by_code(self.reasons, code)


@dataclass(frozen=True, slots=True)
class Motion:
    """A way of dividing the work; it decides who owns and nothing else."""

    code: str
    label: Label
    ownership: Ownership


@dataclass(frozen=True, slots=True)
class MotionRule:
    """Accounts and journeys that meet `when` are worked in this motion."""

    when: Condition
    motion: str


@dataclass(frozen=True, kw_only=True)
class Blueprint:
    """One whole process. Without slots, so that what is looked up again and again is kept."""

    key: str
    label: Label
    stages: tuple[Stage, ...]
    sides: tuple[SideTrack, ...]
    returns: tuple[ReturnRule, ...]
    motions: tuple[Motion, ...]
    default_motion: str
    motion_rules: tuple[MotionRule, ...] = ()
    contracts: tuple[Contract, ...] = ()
    assignment: tuple[AssignmentRule, ...] = ()

    @property
    def places(self) -> tuple[Place, ...]:
        """Main stages in order, then side tracks."""
        return (*self.stages, *self.sides)

    def has_place(self, code: str) -> bool:
        """Whether a stage or side track of that code exists."""
        return any(place.code == code for place in self.places)

    def place(self, code: str) -> Place:
        """Find a stage or side track."""
        return by_code(self.places, code)

    def stage(self, code: str) -> Stage:
        """Find a main stage."""
        return by_code(self.stages, code)

    def side(self, code: str) -> SideTrack:
        """Find a side track."""
        return by_code(self.sides, code)

    def side_for(self, move: SideMove) -> SideTrack | None:
        """Find the side track that a move leads to; a blueprint has at most one for each."""
        return next((side for side in self.sides if side.move is move), None)

    def line(self, kind: JourneyKind) -> tuple[Stage, ...]:
        """List the stages that a kind of journey travels through, in order."""
        return tuple(stage for stage in self.stages if stage.line is kind)

    def next_stage(self, code: str) -> Stage | None:
        """Find the stage after this one on the same line; None at the end of the line."""
        stage = self.stage(code)
        line = self.line(stage.line)
        return next((other for other in line if other.position > stage.position), None)

    def between(self, from_code: str, to_code: str) -> tuple[Stage, ...]:
        """List the stages of the line passed over when going from one to the other."""
        start, end = self.stage(from_code), self.stage(to_code)
        return tuple(
            stage for stage in self.line(end.line) if start.position < stage.position < end.position
        )

    def department_of(self, code: str) -> Department:
        """Tell which department answers for a stage or holds a side track."""
        return self.place(code).department

    def winning_stage(self) -> Stage | None:
        """Find the stage that is the contract, if the process has one."""
        return next((stage for stage in self.stages if stage.wins), None)

    def return_rule(self, from_code: str, to_code: str) -> ReturnRule | None:
        """Find the most specific rule for moving back: stages before departments."""
        giver, taker = self.stage(from_code), self.stage(to_code)
        fitting = [
            rule
            for rule in self.returns
            if rule.giver in (giver.code, giver.department.value)
            and rule.taker in (taker.code, taker.department.value)
        ]
        return max(
            fitting,
            key=lambda rule: (rule.giver == giver.code) + (rule.taker == taker.code),
            default=None,
        )

    def motion(self, code: str) -> Motion:
        """Find a motion."""
        return by_code(self.motions, code)

    def contract(self, key: str) -> Contract:
        """Find a contract by its key."""
        return {contract.key: contract for contract in self.contracts}[key]

    def has_contract(self, key: str) -> bool:
        """Whether a contract of that key exists."""
        return any(contract.key == key for contract in self.contracts)

    def contracts_from(self, stage: str, motion: str) -> tuple[Contract, ...]:
        """List what may be handed over from a stage in a motion, in the order of the text."""
        return tuple(
            contract
            for contract in self.contracts
            if stage in contract.from_stages and contract.is_for(motion)
        )

    def crossed(self, *, here: str, target: str, motion: str) -> tuple[Contract, ...]:
        """List the forward contracts whose boundary lies between two stages of a line.

        A boundary is crossed by entering the stage that its contract enters.
        """
        entered = {stage.code for stage in self.between(here, target)} | {target}
        return tuple(
            contract
            for contract in self.contracts
            if contract.kind is ContractKind.FORWARD
            and contract.enters in entered
            and contract.is_for(motion)
        )

    @property
    def items(self) -> Iterator[GateItem]:
        """Every item that is asked for anywhere: gates in order, then contracts."""
        for stage in self.stages:
            yield from stage.gate
        for contract in self.contracts:
            yield from contract.items

    @cached_property
    def fields(self) -> Fields:
        """Every fact this process may speak about: the columns and the answers it declares."""
        declared: dict[str, FieldSpec] = {}
        for item in self.items:
            if item.field.startswith(ANSWERS_PREFIX):
                spec = FieldSpec(item.field, item.kind, item.label, item.choices)
                declared.setdefault(item.field, spec)
        stage, motion = STANDARD_FIELDS["journey.stage"], STANDARD_FIELDS["journey.motion"]
        return {
            **STANDARD_FIELDS,
            **declared,
            stage.path: FieldSpec(
                stage.path,
                stage.kind,
                stage.label,
                tuple(Choice(place.code, place.label) for place in self.places),
            ),
            motion.path: FieldSpec(
                motion.path,
                motion.kind,
                motion.label,
                tuple(Choice(motion.code, motion.label) for motion in self.motions),
            ),
        }
