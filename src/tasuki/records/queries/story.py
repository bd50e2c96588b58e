"""A history in words: each entry of a timeline as the line that people read."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tasuki.core.blueprint import Blueprint
from tasuki.core.money import Money
from tasuki.journeys.kinds import EventKind
from tasuki.journeys.queries.timeline import Entry, TimelinePage, Topic
from tasuki.records.queries.handoff_story import handoff_in_words
from tasuki.ui import formats
from tasuki.ui.fact_words import OUTCOMES, TOUCHES, field_label, reason_label, said_value
from tasuki.ui.speaking import language
from tasuki.ui.stays import label_of, place_of

TOPICS: Final[Mapping[Topic, str | Promise]] = {
    Topic.STAGE: gettext_lazy("Stages"),
    Topic.CALL: gettext_lazy("Calls"),
    Topic.MAIL: gettext_lazy("Mail"),
    Topic.MEETING: gettext_lazy("Meetings"),
    Topic.NOTE: gettext_lazy("Notes"),
    Topic.WEB: gettext_lazy("Web"),
    Topic.FORM: gettext_lazy("Web forms"),
    Topic.USAGE: gettext_lazy("Usage"),
    Topic.TICKET: gettext_lazy("Tickets"),
    Topic.HANDOFF: gettext_lazy("Hand-offs"),
    Topic.DEAL: gettext_lazy("Deal"),
    Topic.CONTRACT: gettext_lazy("Contract"),
    Topic.OWNER: gettext_lazy("Owner"),
    Topic.FACTS: gettext_lazy("Facts"),
    Topic.SYSTEM: gettext_lazy("System"),
}
_ICONS: Final[Mapping[EventKind, str]] = {
    EventKind.LOST: "lost",
    EventKind.CHURNED: "lost",
    EventKind.DISQUALIFIED: "lost",
    EventKind.RECYCLED: "recycle",
    EventKind.IMPORTED: "import",
}
_TOPIC_ICONS: Final[Mapping[Topic, str]] = {Topic.FACTS: "note", Topic.CONTRACT: "contract"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a timeline. `details` are short sentences below the title."""

    key: str
    icon: str
    title: str
    at: datetime
    who: str
    department: str
    recorded_at: datetime | None
    details: tuple[str, ...] = ()
    is_corrected: bool = False
    is_correction: bool = False
    correct_id: int | None = None
    journey_id: int | None = None
    href: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """The lines of one day, newest first."""

    day: date
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """A page of history by days; `older` continues it."""

    days: tuple[Day, ...]
    older: str | None


@dataclass(frozen=True, slots=True)
class _Told:
    """What an event's kind contributes to its line."""

    title: str
    details: tuple[str, ...] = ()
    department: str = ""


@dataclass(frozen=True, slots=True)
class _Reading:
    """How a history is read: by which process, with which names, hiding what was said or not."""

    blueprint: Blueprint
    names: Mapping[int, str]
    hides: bool


Payload = Mapping[str, Any]
Teller = Callable[[Payload, _Reading], _Told]


def story_of(*, page: TimelinePage, blueprint: Blueprint, hides_personal_data: bool) -> Story:
    """Return the page in the language and time zone of the reader.

    With `hides_personal_data` the words exchanged with people are left out: that a mail was sent
    is told, what it said is not.
    """
    reading = _Reading(blueprint, page.names, hides=hides_personal_data)
    lines = [_line(entry, reading) for entry in page.entries]
    zone = timezone.get_current_timezone()
    days = groupby(lines, key=lambda line: line.at.astimezone(zone).date())
    return Story(tuple(Day(day, tuple(group)) for day, group in days), page.older)


def _line(entry: Entry, reading: _Reading) -> Line:
    line = Line(
        key=entry.key,
        icon=_TOPIC_ICONS.get(entry.topic, entry.topic.value),
        title="",
        at=entry.happened_at,
        who=reading.names.get(entry.actor_id or 0, "") or _program(entry),
        department="",
        recorded_at=entry.recorded_at if entry.was_told_late else None,
        journey_id=entry.journey_id,
    )
    if entry.touch is not None:
        return _touch_line(line, entry, reading)
    kind = entry.event or EventKind.IMPORTED
    if entry.topic is Topic.HANDOFF:
        return _handoff_line(line, kind, entry, reading)
    told = _TOLD[kind](entry.payload, reading)
    return replace(
        line,
        icon=_ICONS.get(kind, line.icon),
        title=told.title,
        details=told.details,
        department=told.department,
    )


def _handoff_line(line: Line, kind: EventKind, entry: Entry, reading: _Reading) -> Line:
    title, details = handoff_in_words(
        kind=kind, payload=entry.payload, names=reading.names, blueprint=reading.blueprint
    )
    packet = reverse("handoffs:packet", args=[entry.payload["handoff"]])
    return replace(line, title=title, details=details, href=packet)


def _program(entry: Entry) -> str:
    texts = {"import": _("Import"), "system": _("Automatic"), "cli": _("Command line")}
    return "" if entry.touch else texts.get(entry.actor_kind, "")


def _touch_line(line: Line, entry: Entry, reading: _Reading) -> Line:
    touch = entry.touch
    if touch is None:
        return line
    title = str(TOUCHES[touch.kind])
    if touch.minutes:
        minutes = ngettext("%(num)s minute", "%(num)s minutes", touch.minutes) % {
            "num": touch.minutes
        }
        title = f"{title} · {minutes}"
    if touch.outcome:
        title = f"{title} · {OUTCOMES.get(touch.outcome, touch.outcome)}"
    direction = {"inbound": _("from the customer"), "outbound": _("to the customer")}
    words = (
        (_("The content is hidden from your role."),)
        if reading.hides and (touch.subject or touch.body)
        else tuple(text for text in (touch.subject, touch.body) if text)
    )
    sides = (direction[touch.direction],) if touch.direction in direction else ()
    return replace(
        line,
        title=" · ".join((title, *sides)),
        details=words,
        is_corrected=touch.replaced_by_id is not None,
        is_correction=touch.replaces_id is not None,
        correct_id=entry.pk if touch.replaced_by_id is None else None,
    )


def _moved(payload: Payload, blueprint: Blueprint, verb: str) -> _Told:
    to, origin = payload.get("to"), payload.get("from")
    stages = [
        label_of(code=code, blueprint=blueprint).text(language()) for code in (origin, to) if code
    ]
    place = place_of(code=to or "", blueprint=blueprint)
    reason = payload.get("reason") or ""
    details = [
        _("Reason: %(reason)s")
        % {"reason": reason_label(code=reason, origin=origin, to=to, blueprint=blueprint)}
        if reason
        else "",
        payload.get("note") or "",
        *_said(payload.get("answers") or {}, blueprint),
    ]
    title = f"{verb}: {' → '.join(stages)}" if stages else verb
    return _Told(
        title, tuple(text for text in details if text), place.department.value if place else ""
    )


def _said(answers: Payload, blueprint: Blueprint) -> Iterable[str]:
    for key, value in answers.items():
        name = field_label(path=f"answers.{key}", blueprint=blueprint)
        said = said_value(path=f"answers.{key}", value=value, blueprint=blueprint)
        yield f"{name}: {said}"


def _mover(verb: str | Promise) -> Teller:
    return lambda payload, reading: _moved(payload, reading.blueprint, str(verb))


def _opened(payload: Payload, reading: _Reading) -> _Told:
    return _moved({**payload, "from": None}, reading.blueprint, _("Began"))


def _owner(payload: Payload, reading: _Reading) -> _Told:
    before, after = (
        reading.names.get(pair[0] or 0) or _("nobody")
        for pair in (payload["before"], payload["after"])
    )
    reason = payload.get("reason") or ""
    title = _("Owner: %(before)s → %(after)s") % {"before": before, "after": after}
    return _Told(title, (reason,) if reason else ())


def _deal(payload: Payload, _reading: _Reading) -> _Told:
    amount = _money(payload.get("amount_minor"), payload.get("currency") or "JPY")
    close = payload.get("expected_close_date")
    details = [_("Expected close: %(day)s") % {"day": _day(close)}] if close else []
    return _Told(_("Deal: %(amount)s") % {"amount": amount}, tuple(details))


def _subscribed(payload: Payload, _reading: _Reading) -> _Told:
    amount = _money(payload.get("recurring_minor"), payload.get("currency") or "JPY")
    span = f"{_day(payload.get('starts_date'))} – {_day(payload.get('ends_date'))}"
    return _Told(_("Subscription: %(amount)s") % {"amount": amount}, (span,))


def _unsubscribed(payload: Payload, _reading: _Reading) -> _Told:
    return _Told(_("Subscription ends: %(day)s") % {"day": _day(payload.get("after"))})


def _answered(payload: Payload, reading: _Reading) -> _Told:
    return _Told(_("Answers recorded"), tuple(_said(payload.get("after") or {}, reading.blueprint)))


def _changed(payload: Payload, reading: _Reading) -> _Told:
    details = []
    for name, (before, after) in (payload.get("changes") or {}).items():
        label = field_label(path=name, blueprint=reading.blueprint)
        if reading.hides and name in PERSONAL:
            details.append(label)
        elif not name.endswith("_id") and name != "attributes":
            said = [
                said_value(path=f"journey.{name}", value=value, blueprint=reading.blueprint)
                for value in (before, after)
            ]
            details.append(f"{label}: {' → '.join(said)}")
        else:
            details.append(label)
    return _Told(_("Details changed"), tuple(details))


PERSONAL: Final = frozenset(
    {"family_name", "given_name", "family_kana", "given_kana", "email", "phone"}
)


def _next_step(payload: Payload, _reading: _Reading) -> _Told:
    what, day = payload["after"]
    return _Told(_("Next step: %(what)s") % {"what": what}, (_day(day),))


def _not_shown(payload: Payload, reading: _Reading) -> _Told:
    stage = label_of(code=payload.get("to") or "", blueprint=reading.blueprint).text(language())
    items = [_item_label(key, reading.blueprint) for key in payload.get("items") or ()]
    title = _("Entered %(stage)s without all that its gate asks for") % {"stage": stage}
    return _Told(title, ("、".join(items) if language() == "ja" else ", ".join(items),))


def _conflict(payload: Payload, reading: _Reading) -> _Told:
    stage = label_of(code=payload.get("stage") or "", blueprint=reading.blueprint).text(language())
    day = _day(payload.get("claimed_date"))
    return _Told(
        _("The source dates %(stage)s on %(day)s, which contradicts the order of stages")
        % {"stage": stage, "day": day}
    )


def _merged(_payload: Payload, _reading: _Reading) -> _Told:
    return _Told(_("A duplicate was merged into this"))


def _unmerged(_payload: Payload, _reading: _Reading) -> _Told:
    return _Told(_("A merge was undone"))


def _imported(_payload: Payload, _reading: _Reading) -> _Told:
    return _Told(_("Imported"))


def _item_label(key: str, blueprint: Blueprint) -> str:
    if key.startswith("entry:"):
        code = key.removeprefix("entry:")
        return _("conditions of %(stage)s") % {
            "stage": label_of(code=code, blueprint=blueprint).text(language())
        }
    labels = {item.key: item.label for stage in blueprint.stages for item in stage.gate}
    return labels[key].text(language()) if key in labels else key


def _money(minor: int | None, currency: str) -> str:
    return formats.format_money(None if minor is None else Money(minor, currency))


def _day(text: str | None) -> str:
    day = date.fromisoformat(text) if text else None
    return formats.format_date(day, language=language())


_TOLD: Final[Mapping[EventKind, Teller]] = {
    EventKind.JOURNEY_OPENED: _opened,
    EventKind.ADVANCED: _mover(gettext_lazy("Advanced")),
    EventKind.MOVED_BACK: _mover(gettext_lazy("Moved back")),
    EventKind.RECYCLED: _mover(gettext_lazy("Recycled")),
    EventKind.DISQUALIFIED: _mover(gettext_lazy("Disqualified")),
    EventKind.LOST: _mover(gettext_lazy("Lost")),
    EventKind.CHURNED: _mover(gettext_lazy("Churned")),
    EventKind.REACTIVATED: _mover(gettext_lazy("Taken up again")),
    EventKind.WON_BACK: _mover(gettext_lazy("Won back")),
    EventKind.COMPLETED: _mover(gettext_lazy("Completed")),
    EventKind.OWNER_ASSIGNED: _owner,
    EventKind.NEXT_ACTION_SET: _next_step,
    EventKind.DEAL_CHANGED: _deal,
    EventKind.SUBSCRIPTION_ADDED: _subscribed,
    EventKind.SUBSCRIPTION_ENDED: _unsubscribed,
    EventKind.ANSWERS_RECORDED: _answered,
    EventKind.DETAILS_CHANGED: _changed,
    EventKind.GATE_NOT_SHOWN: _not_shown,
    EventKind.DATE_CONFLICT: _conflict,
    EventKind.MERGED: _merged,
    EventKind.UNMERGED: _unmerged,
    EventKind.IMPORTED: _imported,
}
