"""What may be wrong with a blueprint, each with the place where it is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tasuki.core.labels import Message


class BlueprintRule(StrEnum):
    """The rule that a part of a blueprint breaks."""

    SYNTAX = "syntax"
    UNKNOWN_KEY = "unknown_key"
    MISSING = "missing"
    WRONG_TYPE = "wrong_type"
    WRONG_CODE = "wrong_code"
    WRONG_CHOICE = "wrong_choice"
    TOO_MANY = "too_many"
    DUPLICATE = "duplicate"
    LABEL_LANGUAGE = "label_language"
    NO_OWNER = "no_owner"
    UNKNOWN_STAGE = "unknown_stage"
    UNKNOWN_FIELD = "unknown_field"
    FIELD_KIND = "field_kind"
    UNKNOWN_MOTION = "unknown_motion"
    CONDITION = "condition"
    NO_REASONS = "no_reasons"
    NO_WINNING_STAGE = "no_winning_stage"
    WRONG_ORDER = "wrong_order"
    OUT_OF_RANGE = "out_of_range"
    NO_EXIT = "no_exit"
    NO_CONTRACT = "no_contract"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right; `path` is written like `stages[3].gate[0].field`."""

    path: str
    rule: BlueprintRule
    message: Message


class BlueprintInvalid(ValueError):
    """The text is no usable process; carries every problem found, in the order of the text."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{p.path}: {p.message.en}" for p in problems))
        self.problems = tuple(problems)
