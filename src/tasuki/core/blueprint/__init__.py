"""The process as data: what a blueprint is, and how it is read and written."""

from tasuki.core.blueprint.assignment import AssignmentRule
from tasuki.core.blueprint.contracts import Contract, ContractKind, Deadlines
from tasuki.core.blueprint.items import GateItem, Reason
from tasuki.core.blueprint.problems import BlueprintInvalid, BlueprintRule, Problem
from tasuki.core.blueprint.reader import examine_blueprint, read_blueprint
from tasuki.core.blueprint.readiness import readiness
from tasuki.core.blueprint.types import (
    Blueprint,
    JourneyKind,
    Motion,
    MotionRule,
    Ownership,
    Place,
    ReturnRule,
    SideMove,
    SideTrack,
    Stage,
    StageKind,
)
from tasuki.core.blueprint.writer import write_blueprint

__all__ = [
    "AssignmentRule",
    "Blueprint",
    "BlueprintInvalid",
    "BlueprintRule",
    "Contract",
    "ContractKind",
    "Deadlines",
    "GateItem",
    "JourneyKind",
    "Motion",
    "MotionRule",
    "Ownership",
    "Place",
    "Problem",
    "Reason",
    "ReturnRule",
    "SideMove",
    "SideTrack",
    "Stage",
    "StageKind",
    "examine_blueprint",
    "read_blueprint",
    "readiness",
    "write_blueprint",
]
