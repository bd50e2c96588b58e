"""From the journal to notices: who is to know of what happened."""

import logging
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from django.db import transaction

from tasuki.journeys.queries.journal import (
    Happened,
    JournalPlace,
    end_of_journal,
    fresh_events,
)
from tasuki.notices.models import Bookmark
from tasuki.notices.operations.reading import settle_handoff
from tasuki.notices.operations.writing import Telling, tell
from tasuki.notices.queries.audience import Circle, Told, journeys_told
from tasuki.notices.queries.facts import Fact, facts_of
from tasuki.notices.queries.handoffs import HandoffTold, handoffs_told, may_know, settled_by

logger = logging.getLogger(__name__)
_BOOKMARK: Final = "journal"
_MOST_TURNS: Final = 20


def collect(*, now: datetime) -> int:
    """Turn what happened since the last time into notices; return how many were written.

    The first time nothing is told: what happened before is history.
    """
    written = 0
    for _turn in range(_MOST_TURNS):
        is_all, count = _collect_batch(now)
        written += count
        if is_all:
            break
    return written


@transaction.atomic
def _collect_batch(now: datetime) -> tuple[bool, int]:
    """Read on from the bookmark; it moves in the transaction that writes the notices."""
    bookmark = Bookmark.objects.select_for_update().filter(name=_BOOKMARK).first()
    if bookmark is None:
        Bookmark.objects.create(name=_BOOKMARK, place=end_of_journal().to_json())
        return True, 0
    reading = fresh_events(place=JournalPlace.from_json(bookmark.place))
    place = reading.place.to_json()
    if place != bookmark.place:
        Bookmark.objects.filter(pk=bookmark.pk).update(place=place)
    if not reading.events:
        return True, 0
    circle = Circle(now=now)
    journeys = journeys_told({event.journey_id for event in reading.events})
    handoffs = handoffs_told(reading.events)
    found = [
        telling
        for event in reading.events
        if (journey := journeys.get(event.journey_id)) is not None
        for telling in _of_event(event, journey, handoffs, circle)
    ]
    written = tell(found, circle=circle, now=now)
    for settled in settled_by(reading.events):
        settle_handoff(handoff_id=settled.handoff_id, round_number=settled.round, now=now)
    return reading.is_all, written


def _of_event(
    event: Happened, journey: Told, handoffs: Mapping[int, HandoffTold], circle: Circle
) -> list[Telling]:
    try:
        facts = facts_of(event, journey, handoffs, circle)
        return [telling for fact in facts for telling in tellings_of(fact, circle)]
    except (KeyError, IndexError, TypeError, ValueError):
        # One event that says something unforeseen must not hold up all that come after it.
        logger.exception("event %s cannot be told", event.event_id)
        return []


def tellings_of(fact: Fact, circle: Circle) -> Iterator[Telling]:
    """Yield a fact for each reader who may know of it, the actor left out, and for the house."""
    for reader in circle.readers(fact.readers):
        may = may_know(reader=reader, journey=fact.journey, handoff=fact.handoff)
        if may and reader.user.pk != fact.actor_id:
            yield _telling(fact, reader.user.pk)
    if fact.is_for_house:
        yield _telling(fact, None)


def _telling(fact: Fact, user_id: int | None) -> Telling:
    return Telling(
        key=fact.key,
        kind=fact.kind,
        user_id=user_id,
        url=fact.url,
        journey_id=fact.journey.journey_id,
        handoff_id=fact.handoff.handoff_id if fact.handoff else None,
        facts=fact.params,
        departments=fact.departments,
        team_ids=fact.team_ids,
    )
