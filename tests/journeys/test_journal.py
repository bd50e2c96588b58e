"""The journal is read event by event: none is lost, however late it commits, none comes twice."""

from collections.abc import Iterator
from time import monotonic, sleep

import pytest
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from tasuki.journeys.kinds import EventKind
from tasuki.journeys.models import Event, Journey, WriteBatch
from tasuki.journeys.queries.journal import (
    JournalPlace,
    Mark,
    Reading,
    end_of_journal,
    fresh_events,
)
from tests.journeys.factories import NOW, journey, process


def event(of: Journey, *, batch: WriteBatch | None = None) -> int:
    """Append one event; return its number."""
    row = Event.objects.create(
        journey=of,
        kind=EventKind.DETAILS_CHANGED,
        happened_at=NOW,
        recorded_at=NOW,
        actor_kind="user",
        batch=batch,
    )
    return row.pk


def numbers(reading: Reading) -> list[int]:
    """The numbers of the events read."""
    return [item.event_id for item in reading.events]


@pytest.fixture
def subject(db: None) -> Journey:
    process()
    return journey()


def test_each_event_is_read_once(subject: Journey) -> None:
    start = end_of_journal()
    first = event(subject)
    reading = fresh_events(place=start)
    second = event(subject)
    again = fresh_events(place=reading.place)

    assert (numbers(reading), numbers(again)) == ([first], [second])
    assert numbers(fresh_events(place=again.place)) == []
    assert (reading.events[0].kind, reading.events[0].journey_id) == (
        EventKind.DETAILS_CHANGED,
        subject.pk,
    )


def test_history_and_imports_are_no_news(subject: Journey) -> None:
    event(subject)
    start = end_of_journal()
    batch = WriteBatch.objects.create(kind="import", created_at=NOW)
    event(subject, batch=batch)

    assert numbers(fresh_events(place=start)) == []


def test_more_than_a_batch_is_read_in_turns(subject: Journey) -> None:
    place = end_of_journal()
    written = [event(subject) for _ in range(5)]
    turns = []
    is_all = False
    while not is_all:
        reading = fresh_events(place=place, limit=2)
        turns.append(numbers(reading))
        place, is_all = reading.place, reading.is_all

    assert turns == [written[:2], written[2:4], written[4:]]


def test_a_place_survives_being_written_down(subject: Journey) -> None:
    place = JournalPlace(settled=3, ahead=frozenset({5, 9}), mark=Mark(9, 700))

    assert JournalPlace.from_json(place.to_json()) == place
    assert JournalPlace.from_json(JournalPlace(settled=3).to_json()) == JournalPlace(settled=3)


def test_a_place_from_another_server_is_marked_anew(subject: Journey) -> None:
    far = JournalPlace(settled=end_of_journal().settled, mark=Mark(10**9, 10**15))
    number = event(subject)
    reading = fresh_events(place=far)

    assert numbers(reading) == [number]
    assert reading.place.mark is not None
    assert reading.place.mark.event_id == number
    assert numbers(fresh_events(place=reading.place)) == []


@pytest.fixture
def other(transactional_db: None) -> Iterator[BaseDatabaseWrapper]:
    """A second connection, for what another process does meanwhile."""
    own = connections[DEFAULT_DB_ALIAS]
    second = type(own)({**own.settings_dict})
    yield second
    second.close()


_INSERT = (
    "INSERT INTO journeys_event"
    " (journey_id, kind, happened_at, recorded_at, actor_kind, payload)"
    " VALUES (%s, 'details_changed', %s, %s, 'user', '{}') RETURNING id"
)


@pytest.mark.django_db(transaction=True)
def test_what_commits_late_is_read_although_later_numbers_were_read_before(
    other: BaseDatabaseWrapper,
) -> None:
    process()
    subject = journey()
    place = end_of_journal()
    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute(_INSERT, [subject.pk, NOW, NOW])
        late = cursor.fetchone()[0]
    early = event(subject)
    seen = []
    for _ in range(3):
        reading = fresh_events(place=place)
        seen += numbers(reading)
        place = reading.place
    assert (seen, place.ahead) == ([early], frozenset({early}))

    other.commit()
    deadline = monotonic() + 300
    # Transactions of other tests on the same server may hold the settled number back for a while.
    while place.ahead and monotonic() < deadline:
        reading = fresh_events(place=place)
        seen += numbers(reading)
        place = reading.place
        sleep(0.02)

    assert seen == [early, late]
    assert late < early == place.settled
    assert place.ahead == frozenset()
