"""Two people deciding one packet at the same instant: exactly one does, and the other is told."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier
from typing import Any, TypeAlias

import pytest
from django.db import connection

from tasuki.core.handoffs import HandoffRefused, PacketState, Return
from tasuki.journeys.actor import Act
from tasuki.journeys.kinds import EventKind
from tasuki.journeys.models import (
    Event,
    Handoff,
    HandoffRound,
    Journey,
    Stay,
)
from tasuki.journeys.operations.guard import JourneyChangedMeanwhile
from tasuki.journeys.operations.handoffs.deciding import (
    accept_handoff,
    return_handoff,
    withdraw_handoff,
)
from tasuki.journeys.operations.handoffs.ending import HandoffDecidedMeanwhile
from tasuki.journeys.operations.handoffs.offering import Offer, offer_handoff
from tasuki.journeys.operations.learning import learn
from tests.journeys import factories
from tests.journeys.factories import NOW, act
from tests.journeys.handing_over import (
    TO_FIELD,
    TOLD,
    Staff,
    before_field_sales,
    offered,
    staff,
)

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(hours=2)
ROUNDS = 100

Deed: TypeAlias = Callable[[int], object]


@pytest.fixture
def people(transactional_db: None) -> Staff:
    factories.process()
    return staff()


@contextmanager
def two_people() -> Iterator[Callable[[Deed, Deed, list[int]], list[tuple[object, object]]]]:
    """Let two people, each on a connection of their own, act on the same things at once."""
    barrier = Barrier(2)

    def through(deed: Deed, ids: list[int]) -> list[object]:
        outcomes: list[object] = []
        try:
            for pk in ids:
                barrier.wait(timeout=30)
                outcomes.append(_outcome(deed, pk))
        finally:
            connection.close()
        return outcomes

    def at_once(one: Deed, other: Deed, ids: list[int]) -> list[tuple[object, object]]:
        with ThreadPoolExecutor(2) as pool:
            first, second = pool.submit(through, one, ids), pool.submit(through, other, ids)
            return list(zip(first.result(), second.result(), strict=True))

    yield at_once


def _outcome(deed: Deed, pk: int) -> object:
    try:
        return deed(pk)
    except (HandoffRefused, HandoffDecidedMeanwhile, JourneyChangedMeanwhile) as refused:
        return refused


def a_hundred_packets(people: Staff) -> list[int]:
    """Packets that wait in the queue, each on a journey of its own; written in bulk."""
    first = offered(before_field_sales(people.giver), people.giver)
    journeys = _copies(Journey, first.journey, ROUNDS)
    for model in (Stay, Handoff):
        row = model.objects.get(journey=first.journey)
        _copies(model, row, [{"journey_id": journey.pk} for journey in journeys])
    packets = Handoff.objects.exclude(pk=first.pk).order_by("id")
    turn = HandoffRound.objects.get(handoff=first)
    _copies(
        HandoffRound,
        turn,
        [{"journey_id": one.journey_id, "handoff_id": one.pk} for one in packets],
    )
    return [packet.pk for packet in packets]


def _copies(model: Any, row: Any, changes: int | list[dict[str, int]]) -> list[Any]:
    each = [{} for _ in range(changes)] if isinstance(changes, int) else changes
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return list(
        model.objects.bulk_create(model(**{**values, "id": None, **change}) for change in each)
    )


def _exactly_one(pairs: list[tuple[object, object]]) -> None:
    for pair in pairs:
        won = [one for one in pair if isinstance(one, Handoff)]
        told = [one for one in pair if isinstance(one, HandoffRefused | HandoffDecidedMeanwhile)]
        assert (len(won), len(told)) == (1, 1), pair


def test_of_two_who_accept_at_once_exactly_one_carries_it(people: Staff) -> None:
    packets = a_hundred_packets(people)

    def accepting(by: Act) -> Deed:
        return lambda pk: accept_handoff(handoff_id=pk, act=by)

    with two_people() as at_once:
        pairs = at_once(
            accepting(act(user=people.taker, now=LATER)),
            accepting(act(user=people.other, now=LATER)),
            packets,
        )

    _exactly_one(pairs)
    for packet in Handoff.objects.filter(pk__in=packets).select_related("journey"):
        assert packet.state == PacketState.ACCEPTED
        assert packet.receiver_id == packet.decided_by_id == packet.journey.owner_id
    told = Event.objects.filter(kind=EventKind.HANDOFF_ACCEPTED)
    assert told.count() == ROUNDS
    ended = HandoffRound.objects.filter(handoff_id__in=packets, outcome="accepted")
    assert ended.count() == ROUNDS


def test_of_an_acceptance_and_a_return_at_once_one_counts(people: Staff) -> None:
    packets = a_hundred_packets(people)
    taking, giving = act(user=people.taker, now=LATER), act(user=people.other, now=LATER)

    with two_people() as at_once:
        pairs = at_once(
            lambda pk: accept_handoff(handoff_id=pk, act=taking),
            lambda pk: return_handoff(handoff_id=pk, step=Return("need_unclear"), act=giving),
            packets,
        )

    _exactly_one(pairs)
    for packet in Handoff.objects.filter(pk__in=packets).select_related("journey"):
        taken = packet.state == PacketState.ACCEPTED
        assert packet.decided_by == (people.taker if taken else people.other)
        assert packet.journey.owner == (people.taker if taken else people.giver)
        assert packet.returns == (0 if taken else 1)


def test_of_an_acceptance_and_a_withdrawal_at_once_one_counts(people: Staff) -> None:
    packets = a_hundred_packets(people)[:20]
    taking, giving = act(user=people.taker, now=LATER), act(user=people.giver, now=LATER)

    with two_people() as at_once:
        pairs = at_once(
            lambda pk: accept_handoff(handoff_id=pk, act=taking),
            lambda pk: withdraw_handoff(handoff_id=pk, act=giving),
            packets,
        )

    _exactly_one(pairs)


def test_of_two_offers_at_once_one_waits(people: Staff) -> None:
    first = before_field_sales(people.giver)
    learn(journey_id=first.pk, facts=TOLD, act=act(user=people.giver))
    first.refresh_from_db()
    journeys = [journey.pk for journey in _copies(Journey, first, 20)]

    def offering(by: Act) -> Deed:
        return lambda pk: offer_handoff(journey_id=pk, contract=TO_FIELD, offer=Offer(), act=by)

    with two_people() as at_once:
        pairs = at_once(
            offering(act(user=people.giver)), offering(act(user=people.other)), journeys
        )

    for pair in pairs:
        won = [one for one in pair if isinstance(one, Handoff)]
        told = [one for one in pair if isinstance(one, HandoffRefused | JourneyChangedMeanwhile)]
        assert (len(won), len(told)) == (1, 1), pair
    waiting = Handoff.objects.filter(state=PacketState.OFFERED)
    assert sorted(waiting.values_list("journey_id", flat=True)) == sorted(journeys)
