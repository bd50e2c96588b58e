"""Reading the journal as it grows: every event exactly once, also those that commit late.

Numbers are drawn when an event is inserted, not when its transaction commits. Event 101 may be
there while 100 is still under way in a long transaction (an import), so "everything after the
last number I saw" would lose 100 for good, and waiting for the oldest transaction would hold all
events back for as long as the import takes.

A place in the journal therefore says three things. `settled`: all events up to this number were
read, and none with such a number can appear any more. `ahead`: events after it that were read
already. `mark`: the highest number, and the next transaction, at some earlier reading. Once every
transaction that ran at the mark has ended, all numbers up to the mark are either visible or lost
by a rollback, and the mark becomes the settled number. That holds because an operation writes the
record before its event: its transaction has a number before it draws one for the event.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.db.models import Max

from tasuki.journeys.kinds import EventKind
from tasuki.journeys.models import Event

BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Mark:
    """The highest event number at a reading, and the first transaction that began after it."""

    event_id: int
    transaction: int


@dataclass(frozen=True, slots=True)
class JournalPlace:
    """How far a reader of the journal is."""

    settled: int
    ahead: frozenset[int] = frozenset()
    mark: Mark | None = None

    def to_json(self) -> dict[str, object]:
        """This will return the place as JSON can keep it."""
        mark = [self.mark.event_id, self.mark.transaction] if self.mark else None
        return {"settled": self.settled, "ahead": sorted(self.ahead), "mark": mark}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "JournalPlace":
        """This will return the place that `to_json` wrote."""
        mark = Mark(*kept["mark"]) if kept["mark"] else None
        return cls(kept["settled"], frozenset(kept["ahead"]), mark)


@dataclass(frozen=True, slots=True)
class Happened:
    """An event as a reader of the journal sees it."""

    event_id: int
    kind: EventKind
    journey_id: int
    actor_id: int | None
    happened_at: datetime
    recorded_at: datetime
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """Fresh events in the order of their numbers, and the place after them."""

    events: tuple[Happened, ...]
    place: JournalPlace
    is_all: bool


def end_of_journal() -> JournalPlace:
    """This will return the place where only what is still to come is read."""
    highest, transaction, _oldest = _horizon()
    return JournalPlace(settled=highest, mark=Mark(highest, transaction))


def fresh_events(*, place: JournalPlace, limit: int = BATCH) -> Reading:
    """This will return what was told about journeys since `place`, at most `limit` events.

    What an import, a restored history or the demo brought is left out: it is no news. Events that
    were under way when `end_of_journal` was asked, and commit later, are not fresh for it.
    """
    # The horizon first: who has ended by then is seen in full by what is read after it.
    highest, transaction, oldest = _horizon()
    rows = (
        Event.objects.filter(id__gt=place.settled, batch__isnull=True, journey__isnull=False)
        .exclude(id__in=place.ahead)
        .order_by("id")[: limit + 1]
    )
    found = [_happened(row) for row in rows]
    is_all = len(found) <= limit
    events = tuple(found[:limit])
    read = JournalPlace(
        place.settled, place.ahead | {event.event_id for event in events}, place.mark
    )
    after = _settle(read, Mark(highest, transaction), oldest) if is_all else read
    return Reading(events=events, place=after, is_all=is_all)


def _settle(place: JournalPlace, now: Mark, oldest: int) -> JournalPlace:
    """Move the settled number up to the mark once nobody can write below it, and mark anew."""
    mark = place.mark
    if mark is None or mark.transaction > now.transaction:
        # None yet, or one of another server: a restored database counts from the beginning.
        return JournalPlace(place.settled, place.ahead, now)
    if mark.transaction > oldest or now.event_id == place.settled:
        # Somebody may still write below the mark, or there is nothing new to settle.
        return place
    settled = max(place.settled, mark.event_id)
    ahead = frozenset(number for number in place.ahead if number > settled)
    return JournalPlace(settled, ahead, now)


def _horizon() -> tuple[int, int, int]:
    """The highest event, the next transaction, and the oldest that is still under way.

    In this order: whoever drew a number up to the highest has a transaction before the next.
    """
    highest = Event.objects.aggregate(highest=Max("id"))["highest"] or 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmax(now)::text::bigint, pg_snapshot_xmin(now)::text::bigint"
            " FROM pg_current_snapshot() AS now"
        )
        transaction, oldest = cursor.fetchone()
    return highest, transaction, oldest


def _happened(row: Event) -> Happened:
    return Happened(
        event_id=row.pk,
        kind=EventKind(row.kind),
        journey_id=row.journey_id or 0,
        actor_id=row.actor_id,
        happened_at=row.happened_at,
        recorded_at=row.recorded_at,
        payload=row.payload,
    )
