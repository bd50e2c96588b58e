"""What notices say, in the language and the time zone that are active."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tasuki.core.blueprint import Blueprint
from tasuki.core.departments import Department
from tasuki.journeys.queries.blueprints import NoBlueprintPublished, current_blueprint
from tasuki.notices.kinds import Channel, Group, NoticeKind, Pace, SendState
from tasuki.notices.models import Notice
from tasuki.ui import formats
from tasuki.ui.speaking import language

Text = str | Promise

GROUP_NAMES: Final[Mapping[Group, Text]] = {
    Group.HANDOFFS: gettext_lazy("Hand-offs to me"),
    Group.QUEUE: gettext_lazy("Hand-offs to my department's queue"),
    Group.ANSWERS: gettext_lazy("Answers to hand-offs I gave"),
    Group.DEADLINES: gettext_lazy("Deadlines of what waits for me"),
    Group.TEAM: gettext_lazy("Deadlines my team has missed"),
    Group.ASSIGNMENTS: gettext_lazy("Journeys given to me"),
    Group.OUTCOMES: gettext_lazy("Won or lost, of what I carried"),
}
GROUP_HELP: Final[Mapping[Group, Text]] = {
    Group.HANDOFFS: gettext_lazy("Offered to me by name, or withdrawn again."),
    Group.QUEUE: gettext_lazy("For whoever in the department takes it first."),
    Group.ANSWERS: gettext_lazy("Accepted, returned, expired, rated, or asked again."),
    Group.DEADLINES: gettext_lazy("Before a deadline, and when it has passed."),
    Group.TEAM: gettext_lazy("For who leads a team or department."),
    Group.ASSIGNMENTS: gettext_lazy("Somebody else made me the owner."),
    Group.OUTCOMES: gettext_lazy("How journeys ended that went through my hands."),
}
CHANNEL_NAMES: Final[Mapping[Channel, Text]] = {
    Channel.IN_APP: gettext_lazy("In Tasuki"),
    Channel.MAIL: gettext_lazy("By mail"),
    Channel.WEBHOOK: gettext_lazy("My webhook"),
}
PACE_NAMES: Final[Mapping[Pace, Text]] = {
    Pace.NOW: gettext_lazy("At once"),
    Pace.HOURLY: gettext_lazy("Every hour"),
    Pace.DAILY: gettext_lazy("Every morning"),
    Pace.OFF: gettext_lazy("Not at all"),
}
STATE_NAMES: Final[Mapping[SendState, Text]] = {
    SendState.QUEUED: gettext_lazy("Waiting"),
    SendState.SENDING: gettext_lazy("Being sent"),
    SendState.SENT: pgettext_lazy("message", "Sent"),
    SendState.FAILED: gettext_lazy("Failed"),
    SendState.UNKNOWN: gettext_lazy("Perhaps sent"),
    SendState.SKIPPED: gettext_lazy("Left out"),
}
ICONS: Final[Mapping[NoticeKind, str]] = {
    NoticeKind.OFFERED: "handshake",
    NoticeKind.OFFERED_TO_QUEUE: "inbox",
    NoticeKind.WITHDRAWN: "undo-2",
    NoticeKind.ACCEPTED: "circle-check",
    NoticeKind.RETURNED: "corner-up-left",
    NoticeKind.EXPIRED: "hourglass",
    NoticeKind.RATED: "star",
    NoticeKind.ASKED_AGAIN: "circle-question-mark",
    NoticeKind.DUE_SOON: "alarm-clock",
    NoticeKind.OVERDUE: "alarm-clock",
    NoticeKind.TEAM_DUE_SOON: "alarm-clock",
    NoticeKind.TEAM_OVERDUE: "alarm-clock",
    NoticeKind.ASSIGNED: "user-round",
    NoticeKind.CAME_TO_ME: "user-round",
    NoticeKind.WON: "trophy",
    NoticeKind.LOST: "circle-x",
    NoticeKind.TEST: "bell",
}


@dataclass(frozen=True, slots=True)
class Words:
    """A notice in words: one sentence, and what helps to judge it."""

    title: str
    detail: str = ""


class Phrases:
    """Says notices; asks for the process once, however many there are."""

    @cached_property
    def blueprint(self) -> Blueprint | None:
        """The process that names stages, contracts and reasons."""
        try:
            return current_blueprint().blueprint
        except NoBlueprintPublished:
            return None

    def of(self, notice: Notice) -> Words:
        """Say a notice; without a reader it is said to a channel, in the third person."""
        kind = NoticeKind(notice.kind)
        facts = _Facts(notice.facts, self)
        mine, house = _TITLES[kind]
        return Words(
            title=(house() if notice.user_id is None else mine()) % facts.named,
            detail=_DETAILS[kind](facts) if kind in _DETAILS else "",
        )


class _Facts:
    """The facts of a notice with codes as people call them."""

    def __init__(self, facts: Mapping[str, Any], phrases: Phrases) -> None:
        self._facts = facts
        self._phrases = phrases

    @property
    def named(self) -> dict[str, str]:
        """Everything that a title may name."""
        return {
            "company": self.text("company"),
            "by": self.text("by") or _("Tasuki"),
            "to": self.text("to") or self.department or _("somebody"),
            "department": self.department,
            "from": self.text("from") or _("somebody"),
            "stage": self.stage,
        }

    def text(self, name: str) -> str:
        """A fact as it was kept; empty when it is not there."""
        return str(self._facts.get(name) or "")

    @property
    def department(self) -> str:
        """The receiving department."""
        code = self.text("department")
        return Department(code).label.text(language()) if code else ""

    @property
    def stage(self) -> str:
        """The stage."""
        blueprint, code = self._phrases.blueprint, self.text("stage")
        if blueprint is None or not blueprint.has_place(code):
            return code
        return blueprint.place(code).label.text(language())

    @property
    def due(self) -> str:
        """The deadline."""
        kept = self.text("due_at")
        if not kept:
            return ""
        at = datetime.fromisoformat(kept)
        return formats.format_moment(at, language=language(), zone=timezone.get_current_timezone())

    @property
    def contract(self) -> str:
        """What was agreed for the boundary."""
        blueprint, key = self._phrases.blueprint, self.text("contract")
        if blueprint is None or not blueprint.has_contract(key):
            return key
        return blueprint.contract(key).label.text(language())

    @property
    def reason(self) -> str:
        """Why it was returned, or lost."""
        blueprint, code = self._phrases.blueprint, self.text("reason")
        if blueprint is None or not code:
            return code
        known = [reason for contract in blueprint.contracts for reason in contract.reasons]
        known += [reason for side in blueprint.sides for reason in side.reasons]
        found = next((reason for reason in known if reason.code == code), None)
        return found.label.text(language()) if found else code

    @property
    def item(self) -> str:
        """The item that lacks, or had to be asked again."""
        blueprint, key = self._phrases.blueprint, self.text("item")
        if blueprint is None or not blueprint.has_contract(self.text("contract")):
            return key
        found = blueprint.contract(self.text("contract")).item(key)
        return found.label.text(language()) if found else key


def _of_offer(facts: _Facts) -> str:
    due = _("To be answered by %(due)s") % {"due": facts.due} if facts.due else ""
    return _joined(facts.contract, due)


def _of_return(facts: _Facts) -> str:
    item = _("Missing: %(item)s") % {"item": facts.item} if facts.item else ""
    return _joined(facts.reason, item)


def _of_rating(facts: _Facts) -> str:
    rating = facts.text("rating")
    return _("Usefulness %(rating)s of 5") % {"rating": rating} if rating else ""


def _of_deadline(facts: _Facts) -> str:
    said = {"due": facts.due}
    if facts.text("clock") == "contact":
        return _("The customer was to be contacted by %(due)s") % said
    return _("To be answered by %(due)s") % said


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


_DETAILS: Final[Mapping[NoticeKind, Callable[[_Facts], str]]] = {
    NoticeKind.OFFERED: _of_offer,
    NoticeKind.OFFERED_TO_QUEUE: _of_offer,
    NoticeKind.WITHDRAWN: lambda facts: facts.contract,
    NoticeKind.ACCEPTED: lambda facts: facts.contract,
    NoticeKind.RETURNED: _of_return,
    NoticeKind.EXPIRED: lambda facts: facts.contract,
    NoticeKind.RATED: _of_rating,
    NoticeKind.ASKED_AGAIN: lambda facts: facts.item,
    NoticeKind.DUE_SOON: _of_deadline,
    NoticeKind.OVERDUE: _of_deadline,
    NoticeKind.TEAM_DUE_SOON: _of_deadline,
    NoticeKind.TEAM_OVERDUE: _of_deadline,
    NoticeKind.ASSIGNED: lambda facts: facts.stage,
    NoticeKind.LOST: lambda facts: facts.reason,
}
_Said = Callable[[], str]


def _both(said: _Said) -> tuple[_Said, _Said]:
    return said, said


_TITLES: Final[Mapping[NoticeKind, tuple[_Said, _Said]]] = {
    NoticeKind.OFFERED: (
        lambda: _("%(by)s hands %(company)s on to you"),
        lambda: _("%(by)s hands %(company)s on to %(to)s"),
    ),
    NoticeKind.OFFERED_TO_QUEUE: (
        lambda: _("%(by)s hands %(company)s on to your department"),
        lambda: _("%(by)s hands %(company)s on to %(department)s"),
    ),
    NoticeKind.WITHDRAWN: _both(lambda: _("%(by)s withdrew the hand-off of %(company)s")),
    NoticeKind.ACCEPTED: _both(lambda: _("%(by)s accepted %(company)s")),
    NoticeKind.RETURNED: (
        lambda: _("%(by)s returned %(company)s to you"),
        lambda: _("%(by)s returned %(company)s to %(from)s"),
    ),
    NoticeKind.EXPIRED: _both(lambda: _("The hand-off of %(company)s expired unanswered")),
    NoticeKind.RATED: _both(lambda: _("%(by)s rated what you told about %(company)s")),
    NoticeKind.ASKED_AGAIN: _both(lambda: _("%(by)s had to ask %(company)s again")),
    NoticeKind.DUE_SOON: (
        lambda: _("%(company)s waits for your answer"),
        lambda: _("%(company)s waits for the answer of %(to)s"),
    ),
    NoticeKind.OVERDUE: (
        lambda: _("Overdue: %(company)s still waits for you"),
        lambda: _("Overdue: %(company)s still waits for %(to)s"),
    ),
    NoticeKind.TEAM_DUE_SOON: _both(
        lambda: _("%(to)s is away, and %(company)s waits for an answer")
    ),
    NoticeKind.TEAM_OVERDUE: _both(lambda: _("Overdue in your team: %(to)s, %(company)s")),
    NoticeKind.ASSIGNED: (
        lambda: _("%(by)s gave you %(company)s"),
        lambda: _("%(by)s gave %(company)s to %(to)s"),
    ),
    NoticeKind.CAME_TO_ME: _both(lambda: _("%(company)s came to you: %(stage)s")),
    NoticeKind.WON: _both(lambda: _("Won: %(company)s")),
    NoticeKind.LOST: _both(lambda: _("Lost: %(company)s")),
    NoticeKind.TEST: _both(lambda: _("A test message from Tasuki")),
}

_NOTES: Final[Mapping[str, Text]] = {
    "shape": gettext_lazy("This is no web address. It starts with https://"),
    "unencrypted": gettext_lazy("The address must start with https://"),
    "private": gettext_lazy(
        "The address lies inside a network. Only the operator can allow that "
        "(TASUKI_WEBHOOK_PRIVATE)."
    ),
    "unknown_name": gettext_lazy("No server of that name was found."),
    "certificate": gettext_lazy("The receiver's certificate is not valid."),
    "timeout": gettext_lazy("The receiver took too long to answer."),
    "unreachable": gettext_lazy("The receiver could not be reached."),
    "broken": gettext_lazy("The message could not be put together; the log says why."),
    "stopped": gettext_lazy("The webhook was switched off."),
    "interrupted": gettext_lazy("The worker broke off while sending."),
}


def said_note(code: str) -> str:
    """Say what an attempt left as a note; what is no code of ours is shown as it is."""
    return str(_NOTES.get(code, code))
