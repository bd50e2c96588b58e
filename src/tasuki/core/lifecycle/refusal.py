"""Why a move is refused: the rule, where, what is missing, and words for a person."""

from enum import StrEnum

from tasuki.core.blueprint.contracts import Contract
from tasuki.core.blueprint.items import GateItem
from tasuki.core.labels import Label, Message


class RuleCode(StrEnum):
    """The rule that a refused move would break."""

    NOT_OPENED = "not_opened"
    ALREADY_OPEN = "already_open"
    COMPLETED = "completed"
    UNKNOWN_STAGE = "unknown_stage"
    WRONG_LINE = "wrong_line"
    ON_SIDE_TRACK = "on_side_track"
    NOT_ON_SIDE_TRACK = "not_on_side_track"
    NOT_FORWARD = "not_forward"
    NOT_BACKWARD = "not_backward"
    NO_NEXT_STAGE = "no_next_stage"
    NOT_FROM_HERE = "not_from_here"
    IN_FUTURE = "in_future"
    BEFORE_ENTRY = "before_entry"
    REASON_MISSING = "reason_missing"
    REASON_UNKNOWN = "reason_unknown"
    NOTE_MISSING = "note_missing"
    REVISIT_DATE_MISSING = "revisit_date_missing"
    REVISIT_DATE_PAST = "revisit_date_past"
    GATE_NOT_MET = "gate_not_met"
    HANDOFF_NEEDED = "handoff_needed"


class TransitionRefused(Exception):
    """The journey stays where it is.

    `stage` is where it rests (None before it is opened), `to` where it was to go, `missing` the
    gate items without an answer, `conditions` the entry conditions that do not hold, in words.
    """

    def __init__(
        self,
        *,
        rule: RuleCode,
        message: Message,
        stage: str | None = None,
        to: str | None = None,
        missing: tuple[GateItem, ...] = (),
        conditions: tuple[Label, ...] = (),
    ) -> None:
        super().__init__(message.en)
        self.rule = rule
        self.message = message
        self.stage = stage
        self.to = to
        self.missing = missing
        self.conditions = conditions


class HandoffNeeded(TransitionRefused):
    """The journey may go on once the packet of `contract` has been accepted."""

    def __init__(self, *, contract: Contract, message: Message, stage: str | None, to: str) -> None:
        super().__init__(rule=RuleCode.HANDOFF_NEEDED, message=message, stage=stage, to=to)
        self.contract = contract
