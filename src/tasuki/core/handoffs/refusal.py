"""Why a hand-off is refused: the rule, what is lacking, and words for a person."""

from enum import StrEnum

from tasuki.core.handoffs.content import ItemContent
from tasuki.core.labels import Label, Message


class HandoffRule(StrEnum):
    """The rule that a refused step would break."""

    NO_CONTRACT = "no_contract"
    NOT_FROM_HERE = "not_from_here"
    OPEN_ALREADY = "open_already"
    ACCEPTED_ALREADY = "accepted_already"
    INCOMPLETE = "incomplete"
    RECEIVER_REMOVED = "receiver_removed"
    RECEIVER_AWAY = "receiver_away"
    RECEIVER_ELSEWHERE = "receiver_elsewhere"
    OWN_CHECKLIST = "own_checklist"
    DECIDED_ALREADY = "decided_already"
    REASON_MISSING = "reason_missing"
    REASON_UNKNOWN = "reason_unknown"
    NOTE_MISSING = "note_missing"
    ITEM_MISSING = "item_missing"
    ITEM_UNKNOWN = "item_unknown"
    MANAGER_NEEDED = "manager_needed"
    NOT_ACCEPTED = "not_accepted"
    RATING_RANGE = "rating_range"
    NOTHING_TO_ASK_AGAIN = "nothing_to_ask_again"


class HandoffRefused(Exception):
    """The packet stays as it is; `lacking` names the required items that do not count yet."""

    def __init__(
        self, *, rule: HandoffRule, message: Message, lacking: tuple[ItemContent, ...] = ()
    ) -> None:
        super().__init__(message.en)
        self.rule = rule
        self.message = message
        self.lacking = lacking


def refusal(rule: HandoffRule, ja: str, en: str) -> HandoffRefused:
    """Make a refusal in both languages."""
    return HandoffRefused(rule=rule, message=Label(ja, en))
