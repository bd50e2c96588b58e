"""The figures of hand-offs, each reckoned by hand."""

from datetime import timedelta

import pytest

from tasuki.core.handoffs import Return
from tasuki.journeys.models import Handoff
from tasuki.journeys.operations.handoffs.deciding import (
    accept_handoff,
    return_handoff,
    withdraw_handoff,
)
from tasuki.journeys.operations.handoffs.quality import mark_asked_again, rate_handoff
from tasuki.journeys.queries.handoffs.followed import Trait, what_followed
from tasuki.journeys.queries.handoffs.offers import offers_of
from tasuki.journeys.queries.handoffs.quality import (
    Figure,
    Span,
    quality_by,
    quality_of,
    returned_for,
    worst_items,
)
from tasuki.people.models import Absence
from tests.journeys import factories
from tests.journeys.factories import NOW, act
from tests.journeys.handing_over import TO_FIELD, Staff, before_field_sales, offered, staff

pytestmark = pytest.mark.django_db
WEEK = Span(NOW - timedelta(days=2), NOW + timedelta(days=5))
LATE = NOW + timedelta(days=30)


@pytest.fixture
def people() -> Staff:
    factories.process()
    return staff()


def packets(people: Staff, count: int) -> list[Handoff]:
    first = before_field_sales(people.giver)
    known = {"account_id": first.account_id, "person_id": first.person_id}
    others = [before_field_sales(people.giver, **known) for _ in range(count - 1)]
    return [offered(one, people.giver, people.taker) for one in (first, *others)]


def test_each_figure_is_as_reckoned_by_hand(people: Staff) -> None:
    good, poor, back, gone, waits = packets(people, 5)
    by = people.taker
    accept_handoff(handoff_id=good.pk, act=act(user=by, now=NOW + timedelta(minutes=30)))
    accept_handoff(handoff_id=poor.pk, act=act(user=by, now=NOW + timedelta(hours=8)))
    mark_asked_again(handoff_id=poor.pk, item="need", act=act(user=by))
    rate_handoff(handoff_id=good.pk, usefulness=5, act=act(user=by))
    rate_handoff(handoff_id=poor.pk, usefulness=2, act=act(user=by))
    step = Return("missing_information", "agenda")
    return_handoff(handoff_id=back.pk, step=step, act=act(user=by, now=NOW + timedelta(hours=1)))
    withdraw_handoff(handoff_id=gone.pk, act=act(user=people.giver, now=NOW + timedelta(hours=9)))

    offers = offers_of(start=WEEK.start, end=WEEK.end, now=LATE)
    found = quality_of(offers=offers, span=WEEK)

    assert (found.offered.n, found.accepted.n, found.returned.n, found.expired.n) == (5, 2, 1, 0)
    assert found.acceptance == Figure(2 / 3, 3, (back.pk,))
    assert found.acceptance.is_small
    assert found.completeness == Figure(1.0, 5, ())
    assert found.asked_again == Figure(0.5, 2, (poor.pk,))
    assert found.bounces == Figure(1 / 3, 3, (back.pk,))
    assert found.usefulness == Figure(3.5, 2, (good.pk, poor.pk))
    # Nine to half past nine; and nine to five with an hour for lunch.
    assert (found.transfer_median.value, found.transfer_p90.value) == (225.0, 420.0)
    assert found.late.handoff_ids == (poor.pk, waits.pk)
    assert found.contact_late.handoff_ids == (good.pk, poor.pk)
    assert set(returned_for(offers=offers, span=WEEK)) == {(TO_FIELD, "missing_information")}
    troubles = worst_items(offers=offers, span=WEEK)
    assert [(one.item, one.count) for one in troubles] == [("agenda", 1), ("need", 1)]
    by_giver = quality_by(offers=offers, span=WEEK, key=lambda row: row.giver_id)
    assert by_giver == {people.giver.pk: found}


def test_nothing_handed_over_has_no_figures(people: Staff) -> None:
    found = quality_of(offers=offers_of(start=WEEK.start, end=WEEK.end, now=LATE), span=WEEK)

    assert found.acceptance == found.transfer_p90 == found.usefulness == Figure(None, 0, ())


def test_time_away_is_no_working_time(people: Staff) -> None:
    (packet,) = packets(people, 1)
    Absence.objects.create(
        user=people.taker,
        starts_at=NOW + timedelta(minutes=30),
        ends_at=NOW + timedelta(hours=2),
    )
    accept_handoff(handoff_id=packet.pk, act=act(user=people.taker, now=NOW + timedelta(hours=2)))

    (row,) = offers_of(start=WEEK.start, end=WEEK.end, now=LATE)

    assert row.transfer_minutes == 30


def test_an_acceptance_for_nobody_goes_by_the_hours_of_the_department(people: Staff) -> None:
    for packet in packets(people, 2):
        Handoff.objects.filter(pk=packet.pk).update(receiver=None)
        accept_handoff(handoff_id=packet.pk, act=act(now=NOW + timedelta(hours=1)))

    rows = offers_of(start=WEEK.start, end=WEEK.end, now=LATE)

    assert [row.transfer_minutes for row in rows] == [60, 60]


def test_what_came_before_the_period_counts_where_it_was_decided(people: Staff) -> None:
    (packet,) = packets(people, 1)
    tomorrow = NOW + timedelta(days=1)
    accept_handoff(handoff_id=packet.pk, act=act(user=people.taker, now=tomorrow))
    mark_asked_again(handoff_id=packet.pk, item="need", act=act(user=people.taker))
    before = Span(NOW - timedelta(days=1), tomorrow)
    after = Span(tomorrow, tomorrow + timedelta(days=1))

    offers = offers_of(start=before.start, end=after.end, now=LATE)

    assert quality_of(offers=offers, span=before).accepted.n == 0
    assert quality_of(offers=offers, span=after).offered.n == 0
    assert quality_of(offers=offers, span=after).accepted.n == 1
    assert worst_items(offers=offers, span=before) == ()


def test_good_packets_are_set_against_the_others(people: Staff) -> None:
    good, poor = packets(people, 2)
    for packet, rating in ((good, 5), (poor, 1)):
        accept_handoff(handoff_id=packet.pk, act=act(user=people.taker))
        rate_handoff(handoff_id=packet.pk, usefulness=rating, act=act(user=people.taker))

    found = what_followed(start=WEEK.start, end=WEEK.end, now=LATE, contracts=[TO_FIELD])

    useful = next(one for one in found if one.trait is Trait.USEFUL)
    assert (useful.having.journeys, useful.lacking.journeys) == (1, 1)
    assert (useful.having.win_ratio, useful.having.early_churn_ratio) == (None, None)
    assert useful.having.is_small
