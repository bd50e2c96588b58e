"""Conditions: one small language, one tree, read and written by people."""

from tasuki.core.conditions.check import ConditionProblem, ConditionRule, check_condition
from tasuki.core.conditions.evaluate import Facts, evaluate, is_known, unmet_parts
from tasuki.core.conditions.fields import (
    STANDARD_FIELDS,
    Choice,
    FieldKind,
    Fields,
    FieldSpec,
)
from tasuki.core.conditions.parser import parse_condition
from tasuki.core.conditions.printer import print_condition
from tasuki.core.conditions.tokens import ConditionSyntaxError
from tasuki.core.conditions.tree import Condition

__all__ = [
    "STANDARD_FIELDS",
    "Choice",
    "Condition",
    "ConditionProblem",
    "ConditionRule",
    "ConditionSyntaxError",
    "Facts",
    "FieldKind",
    "FieldSpec",
    "Fields",
    "check_condition",
    "evaluate",
    "is_known",
    "parse_condition",
    "print_condition",
    "unmet_parts",
]
