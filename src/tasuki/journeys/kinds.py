"""The closed sets of the shared facts."""

from enum import StrEnum


class EventKind(StrEnum):
    """What a journal event says happened."""

    JOURNEY_OPENED = "journey_opened"
    ADVANCED = "advanced"
    MOVED_BACK = "moved_back"
    RECYCLED = "recycled"
    DISQUALIFIED = "disqualified"
    LOST = "lost"
    CHURNED = "churned"
    REACTIVATED = "reactivated"
    WON_BACK = "won_back"
    COMPLETED = "completed"
    OWNER_ASSIGNED = "owner_assigned"
    NEXT_ACTION_SET = "next_action_set"
    HANDOFF_OFFERED = "handoff_offered"
    HANDOFF_ACCEPTED = "handoff_accepted"
    HANDOFF_RETURNED = "handoff_returned"
    HANDOFF_WITHDRAWN = "handoff_withdrawn"
    HANDOFF_EXPIRED = "handoff_expired"
    HANDOFF_RATED = "handoff_rated"
    HANDOFF_ASKED_AGAIN = "handoff_asked_again"
    DEAL_CHANGED = "deal_changed"
    SUBSCRIPTION_ADDED = "subscription_added"
    SUBSCRIPTION_ENDED = "subscription_ended"
    ANSWERS_RECORDED = "answers_recorded"
    DETAILS_CHANGED = "details_changed"
    GATE_NOT_SHOWN = "gate_not_shown"
    DATE_CONFLICT = "date_conflict"
    MERGED = "merged"
    UNMERGED = "unmerged"
    IMPORTED = "imported"


class ActivityKind(StrEnum):
    """A touch with the customer, by its medium."""

    MAIL = "mail"
    CALL = "call"
    MEETING = "meeting"
    WEB = "web"
    FORM = "form"
    USAGE = "usage"
    TICKET = "ticket"
    NOTE = "note"


class Direction(StrEnum):
    """Who reached out."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
