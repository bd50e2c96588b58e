"""The closed sets of notices: what they tell, by which way, how soon."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class NoticeKind(StrEnum):
    """What one notice tells its reader."""

    OFFERED = "offered"
    OFFERED_TO_QUEUE = "offered_to_queue"
    WITHDRAWN = "withdrawn"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    EXPIRED = "expired"
    RATED = "rated"
    ASKED_AGAIN = "asked_again"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    TEAM_DUE_SOON = "team_due_soon"
    TEAM_OVERDUE = "team_overdue"
    ASSIGNED = "assigned"
    CAME_TO_ME = "came_to_me"
    WON = "won"
    LOST = "lost"
    TEST = "test"


class Group(StrEnum):
    """Kinds that people choose about together, in the order of the screen."""

    HANDOFFS = "handoffs"
    QUEUE = "queue"
    ANSWERS = "answers"
    DEADLINES = "deadlines"
    TEAM = "team"
    ASSIGNMENTS = "assignments"
    OUTCOMES = "outcomes"


class Channel(StrEnum):
    """The ways a notice reaches its reader."""

    IN_APP = "in_app"
    MAIL = "mail"
    WEBHOOK = "webhook"


class Pace(StrEnum):
    """How soon: each at once, or several together."""

    NOW = "now"
    HOURLY = "hourly"
    DAILY = "daily"
    OFF = "off"


class Urgency(StrEnum):
    """How a notice is marked."""

    PLAIN = "plain"
    SOON = "soon"
    BREACH = "breach"


class SendState(StrEnum):
    """Where the sending of a notice stands.

    What was `sending` when the worker broke off is `unknown` for mail: it may have gone out.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


GROUP_OF: Final[Mapping[NoticeKind, Group | None]] = {
    NoticeKind.OFFERED: Group.HANDOFFS,
    NoticeKind.OFFERED_TO_QUEUE: Group.QUEUE,
    NoticeKind.WITHDRAWN: Group.HANDOFFS,
    NoticeKind.ACCEPTED: Group.ANSWERS,
    NoticeKind.RETURNED: Group.ANSWERS,
    NoticeKind.EXPIRED: Group.ANSWERS,
    NoticeKind.RATED: Group.ANSWERS,
    NoticeKind.ASKED_AGAIN: Group.ANSWERS,
    NoticeKind.DUE_SOON: Group.DEADLINES,
    NoticeKind.OVERDUE: Group.DEADLINES,
    NoticeKind.TEAM_DUE_SOON: Group.TEAM,
    NoticeKind.TEAM_OVERDUE: Group.TEAM,
    NoticeKind.ASSIGNED: Group.ASSIGNMENTS,
    NoticeKind.CAME_TO_ME: Group.ASSIGNMENTS,
    NoticeKind.WON: Group.OUTCOMES,
    NoticeKind.LOST: Group.OUTCOMES,
    NoticeKind.TEST: None,
}
"""The group of each kind; a test message belongs to none and always goes out."""

URGENCY_OF: Final[Mapping[NoticeKind, Urgency]] = {
    NoticeKind.DUE_SOON: Urgency.SOON,
    NoticeKind.TEAM_DUE_SOON: Urgency.SOON,
    NoticeKind.OVERDUE: Urgency.BREACH,
    NoticeKind.TEAM_OVERDUE: Urgency.BREACH,
}
"""What is not plain."""

PACES_OF: Final[Mapping[Channel, tuple[Pace, ...]]] = {
    Channel.IN_APP: (Pace.NOW, Pace.OFF),
    Channel.MAIL: tuple(Pace),
    Channel.WEBHOOK: tuple(Pace),
}
"""What may be chosen for each way; within the app there is nothing to wait for."""

_MAIL_PACES: Final[Mapping[Group, Pace]] = {
    Group.HANDOFFS: Pace.NOW,
    Group.QUEUE: Pace.DAILY,
    Group.ANSWERS: Pace.HOURLY,
    Group.DEADLINES: Pace.NOW,
    Group.TEAM: Pace.NOW,
    Group.ASSIGNMENTS: Pace.HOURLY,
    Group.OUTCOMES: Pace.DAILY,
}
_WEBHOOK_PACES: Final[Mapping[Group, Pace]] = {
    **_MAIL_PACES,
    Group.ANSWERS: Pace.NOW,
    Group.ASSIGNMENTS: Pace.NOW,
    Group.QUEUE: Pace.HOURLY,
}


def usual_pace(*, group: Group, channel: Channel) -> Pace:
    """Return what holds for somebody who has chosen nothing."""
    if channel is Channel.IN_APP:
        return Pace.NOW
    return (_MAIL_PACES if channel is Channel.MAIL else _WEBHOOK_PACES)[group]
