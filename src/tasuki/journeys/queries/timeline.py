"""One timeline of everything: touches and events, newest first, read a page at a time.

A page continues after the last entry of the one before it (its moment, kind of row and key), so a
long history costs no more than a short one, and nothing is shown twice when new facts arrive.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from django.db.models import Q, QuerySet

from tasuki.journeys.kinds import ActivityKind, EventKind
from tasuki.journeys.models import Activity, Event
from tasuki.people.models import User

PAGE: Final = 30


class Topic(StrEnum):
    """What a timeline can be narrowed to."""

    MAIL = "mail"
    CALL = "call"
    MEETING = "meeting"
    WEB = "web"
    FORM = "form"
    USAGE = "usage"
    TICKET = "ticket"
    NOTE = "note"
    STAGE = "stage"
    HANDOFF = "handoff"
    OWNER = "owner"
    DEAL = "deal"
    CONTRACT = "contract"
    FACTS = "facts"
    SYSTEM = "system"


_TOUCHES: Final[Mapping[Topic, ActivityKind]] = {Topic(kind.value): kind for kind in ActivityKind}
_EVENTS: Final[Mapping[Topic, tuple[EventKind, ...]]] = {
    Topic.STAGE: (
        EventKind.JOURNEY_OPENED,
        EventKind.ADVANCED,
        EventKind.MOVED_BACK,
        EventKind.RECYCLED,
        EventKind.DISQUALIFIED,
        EventKind.LOST,
        EventKind.CHURNED,
        EventKind.REACTIVATED,
        EventKind.WON_BACK,
        EventKind.COMPLETED,
    ),
    Topic.HANDOFF: (
        EventKind.HANDOFF_OFFERED,
        EventKind.HANDOFF_ACCEPTED,
        EventKind.HANDOFF_RETURNED,
        EventKind.HANDOFF_WITHDRAWN,
        EventKind.HANDOFF_EXPIRED,
        EventKind.HANDOFF_RATED,
        EventKind.HANDOFF_ASKED_AGAIN,
    ),
    Topic.OWNER: (EventKind.OWNER_ASSIGNED,),
    Topic.DEAL: (EventKind.DEAL_CHANGED,),
    Topic.CONTRACT: (EventKind.SUBSCRIPTION_ADDED, EventKind.SUBSCRIPTION_ENDED),
    Topic.FACTS: (
        EventKind.ANSWERS_RECORDED,
        EventKind.DETAILS_CHANGED,
        EventKind.NEXT_ACTION_SET,
    ),
    Topic.SYSTEM: (
        EventKind.GATE_NOT_SHOWN,
        EventKind.DATE_CONFLICT,
        EventKind.MERGED,
        EventKind.UNMERGED,
        EventKind.IMPORTED,
    ),
}
TOPIC_OF: Final[Mapping[EventKind, Topic]] = {
    kind: topic for topic, kinds in _EVENTS.items() for kind in kinds
}


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose history: journeys, and the companies and people themselves."""

    journey_ids: tuple[int, ...] = ()
    account_ids: tuple[int, ...] = ()
    person_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Touched:
    """What a touch says: its direction, outcome, words and length in minutes."""

    kind: ActivityKind
    direction: str
    outcome: str
    subject: str
    body: str
    minutes: int | None
    details: Mapping[str, Any]
    replaces_id: int | None
    replaced_by_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a timeline: an event (`event` is set) or a touch (`touch` is set)."""

    key: str
    pk: int
    topic: Topic
    happened_at: datetime
    recorded_at: datetime
    journey_id: int | None
    person_id: int | None
    actor_id: int | None
    actor_kind: str
    event: EventKind | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)
    touch: Touched | None = None

    @property
    def was_told_late(self) -> bool:
        """Whether it was recorded on a later moment than it happened, by more than an hour."""
        return (self.recorded_at - self.happened_at).total_seconds() > 3600


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """Entries, newest first; `older` continues them; `names` are the people they mention."""

    entries: tuple[Entry, ...]
    older: str | None
    names: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class _After:
    """The entry that the page before ended with. Touches stand before events of one moment."""

    moment: datetime
    is_event: bool
    pk: int


def timeline(
    *, whose: Whose, topic: Topic | None = None, after: str = "", limit: int = PAGE
) -> TimelinePage:
    """This will return one page of a history in three queries at most.

    `after` is the `older` of the page before; one that cannot be read begins at the newest.
    """
    place = _read_place(after)
    found = [
        *_touches(whose, topic, place, limit + 1),
        *_events(whose, topic, place, limit + 1),
    ]
    found.sort(key=lambda entry: (entry.happened_at, entry.event is None, entry.pk), reverse=True)
    entries = tuple(found[:limit])
    older = _write_place(entries[-1]) if len(found) > limit else None
    return TimelinePage(entries, older, _names(entries))


def _touches(
    whose: Whose, topic: Topic | None, after: _After | None, limit: int
) -> Iterable[Entry]:
    if topic is not None and topic not in _TOUCHES:
        return []
    rows = Activity.objects.filter(_about(whose)).select_related("replaced_by")
    if topic is not None:
        rows = rows.filter(kind=_TOUCHES[topic])
    return [_touch(row) for row in _page(rows, after, limit, is_event=False)]


def _events(whose: Whose, topic: Topic | None, after: _After | None, limit: int) -> Iterable[Entry]:
    if topic is not None and topic not in _EVENTS:
        return []
    rows = Event.objects.filter(_about(whose))
    if topic is not None:
        rows = rows.filter(kind__in=_EVENTS[topic])
    return [_event(row) for row in _page(rows, after, limit, is_event=True)]


def _about(whose: Whose) -> Q:
    """Facts of these journeys, and those of the companies or people outside any journey."""
    about = Q(journey_id__in=whose.journey_ids)
    if whose.account_ids:
        about |= Q(account_id__in=whose.account_ids, journey_id__isnull=True)
    if whose.person_ids:
        about |= Q(person_id__in=whose.person_ids, journey_id__isnull=True)
    return about


def _page(rows: QuerySet[Any], after: _After | None, limit: int, *, is_event: bool) -> list[Any]:
    if after is not None:
        rows = rows.filter(_older(after, is_event=is_event))
    return list(rows.order_by("-happened_at", "-id")[:limit])


def _older(after: _After, *, is_event: bool) -> Q:
    if is_event == after.is_event:
        return Q(happened_at__lt=after.moment) | Q(happened_at=after.moment, id__lt=after.pk)
    if is_event:
        return Q(happened_at__lte=after.moment)
    return Q(happened_at__lt=after.moment)


def _touch(row: Activity) -> Entry:
    replacement = getattr(row, "replaced_by", None)
    return Entry(
        key=f"a{row.pk}",
        pk=row.pk,
        topic=Topic(row.kind),
        happened_at=row.happened_at,
        recorded_at=row.recorded_at,
        journey_id=row.journey_id,
        person_id=row.person_id,
        actor_id=row.actor_id,
        actor_kind="user" if row.actor_id else "system",
        touch=Touched(
            kind=ActivityKind(row.kind),
            direction=row.direction,
            outcome=row.outcome,
            subject=row.subject,
            body=row.body,
            minutes=row.minutes,
            details=row.details,
            replaces_id=row.replaces_id,
            replaced_by_id=replacement.pk if replacement else None,
        ),
    )


def _event(row: Event) -> Entry:
    kind = EventKind(row.kind)
    return Entry(
        key=f"e{row.pk}",
        pk=row.pk,
        topic=TOPIC_OF[kind],
        happened_at=row.happened_at,
        recorded_at=row.recorded_at,
        journey_id=row.journey_id,
        person_id=row.person_id,
        actor_id=row.actor_id,
        actor_kind=row.actor_kind,
        event=kind,
        payload=row.payload,
    )


def _names(entries: tuple[Entry, ...]) -> Mapping[int, str]:
    wanted = {entry.actor_id for entry in entries if entry.actor_id}
    for entry in entries:
        if entry.event is EventKind.OWNER_ASSIGNED:
            wanted |= {pair[0] for pair in (entry.payload["before"], entry.payload["after"])}
        elif entry.topic is Topic.HANDOFF:
            named = (entry.payload.get("giver"), entry.payload.get("receiver"))
            wanted |= {user_id for user_id in named if user_id}
    wanted.discard(None)
    if not wanted:
        return {}
    return {user.pk: user.full_name for user in User.objects.filter(pk__in=wanted)}


def _write_place(entry: Entry) -> str:
    return f"{entry.happened_at.isoformat()}~{entry.key}"


def _read_place(text: str) -> _After | None:
    moment, _tilde, key = text.partition("~")
    if key[:1] not in ("a", "e") or not (key[1:].isascii() and key[1:].isdigit()):
        return None
    try:
        at = datetime.fromisoformat(moment.replace(" ", "+"))
    except ValueError:
        return None
    if at.tzinfo is None or len(key) > 19:
        return None
    return _After(moment=at, is_event=key[0] == "e", pk=int(key[1:]))
