"""The process as data: what a blueprint is, and how it is read and written."""

from tasuki.core.blueprint.problems import BlueprintInvalid, BlueprintRule, Problem
from tasuki.core.blueprint.reader import read_blueprint
from tasuki.core.blueprint.types import (
    Blueprint,
    GateItem,
    JourneyKind,
    Motion,
    MotionRule,
    Ownership,
    Place,
    Reason,
    ReturnRule,
    SideMove,
    SideTrack,
    Stage,
    StageKind,
)
from tasuki.core.blueprint.writer import write_blueprint

__all__ = [
    "Blueprint",
    "BlueprintInvalid",
    "BlueprintRule",
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
    "read_blueprint",
    "write_blueprint",
]
