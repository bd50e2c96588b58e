"""The queue: what waits, what was given, what was decided; filters; a fixed number of queries."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tasuki.core.access import Access, Grant, Role
from tasuki.core.departments import Department
from tasuki.core.handoffs import Return
from tasuki.journeys.models import Handoff
from tasuki.journeys.operations.handoffs.deciding import accept_handoff, return_handoff
from tasuki.journeys.operations.handoffs.offering import Offer, offer_handoff
from tasuki.journeys.queries.handoffs.queue import PacketFilter, Shelf, packets_of
from tasuki.people.access import access_of
from tests.handoffs.scenes import (
    TO_INSIDE_SALES,
    Scene,
    act,
    browser,
    lead_of,
    member,
    offered,
    scene,
)
from tests.people.factories import make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Scene:
    return scene()


def _shown(at: Scene, who: str, query: str = "") -> bool:
    page = browser(getattr(at, who)).get(f"/handoffs/{query}").content.decode()
    return '<tr id="packet-' in page


def test_the_queue_of_a_department_waits_for_its_people(at: Scene) -> None:
    offered(at)
    assert [who for who in ("giver", "taker", "manager", "outsider") if _shown(at, who)] == [
        "taker",
        "manager",
    ]


def test_among_everybodys_packets_a_member_finds_the_queue(at: Scene) -> None:
    offered(at)
    assert _shown(at, "taker", "?person=any")
    assert not _shown(at, "outsider", "?person=any")


def test_what_is_offered_to_one_person_waits_for_them_alone(at: Scene) -> None:
    offered(at, to=at.taker)
    assert _shown(at, "taker")
    assert not _shown(at, "manager")
    assert _shown(at, "manager", "?person=any")


def test_the_queue_of_another_team_is_not_mine(at: Scene) -> None:
    other = make_team("IS2", department=Department.INSIDE_SALES.value)
    somebody = member(Department.INSIDE_SALES, other)
    offer = Offer(team_id=at.team.pk)
    offer_handoff(
        journey_id=at.journey.pk, contract=TO_INSIDE_SALES, offer=offer, act=act(at.giver)
    )
    found = packets_of(chosen=PacketFilter(), access=access_of(somebody), now=timezone.now())
    assert list(found.rows) == []
    assert _shown(at, "taker")
    assert _shown(at, "manager")


def test_what_i_gave_stands_with_me_until_it_is_taken(at: Scene) -> None:
    packet = offered(at, to=at.taker)
    assert _shown(at, "giver", "?shelf=given")
    assert not _shown(at, "outsider", "?shelf=given")
    return_handoff(handoff_id=packet.pk, step=Return("no_need"), act=act(at.taker))
    page = browser(at.giver).get("/handoffs/?shelf=given").content.decode()
    assert "No need" in page
    assert "Offer again" in page
    offered(at)
    accept_handoff(handoff_id=packet.pk, act=act(at.taker))
    assert not _shown(at, "giver", "?shelf=given")


def test_what_was_decided_lately_stands_once(at: Scene) -> None:
    now = timezone.now()
    packet = offered(at, to=at.taker, now=now)
    return_handoff(handoff_id=packet.pk, step=Return("no_need"), act=act(at.taker, now=now))
    offered(at, to=at.taker, now=now)
    accept_handoff(handoff_id=packet.pk, act=act(at.taker, now=now))
    for who in ("giver", "taker"):
        page = browser(getattr(at, who)).get("/handoffs/?shelf=lately").content.decode()
        assert page.count('<tr id="packet-') == 1
    assert not _shown(at, "outsider", "?shelf=lately")
    assert _shown(at, "outsider", "?shelf=lately&person=any")


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        (PacketFilter(contract=TO_INSIDE_SALES), 1),
        (PacketFilter(contract="other"), 0),
        (PacketFilter(overdue=True), 1),
        (PacketFilter(person="999999"), 0),
        (PacketFilter(page=2), 0),
        (PacketFilter(shelf=Shelf.GIVEN, person="any"), 0),
    ],
)
def test_filters_narrow(at: Scene, chosen: PacketFilter, found: int) -> None:
    packet = offered(at)
    now = (packet.accept_due_at or packet.offered_at) + timedelta(minutes=1)
    assert len(packets_of(chosen=chosen, access=access_of(at.taker), now=now).rows) == found


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        (PacketFilter(shelf=Shelf.LATELY, contract="other"), 0),
        (PacketFilter(shelf=Shelf.LATELY, state="accepted"), 1),
        (PacketFilter(shelf=Shelf.LATELY, state="returned"), 0),
        (PacketFilter(shelf=Shelf.LATELY, overdue=True), 0),
        (PacketFilter(shelf=Shelf.LATELY, person="999999"), 0),
        (PacketFilter(shelf=Shelf.GIVEN, state="returned"), 0),
    ],
)
def test_filters_narrow_what_was_decided(at: Scene, chosen: PacketFilter, found: int) -> None:
    packet = offered(at)
    accept_handoff(handoff_id=packet.pk, act=act(at.taker))
    now = packet.offered_at + timedelta(days=1)
    assert len(packets_of(chosen=chosen, access=access_of(at.taker), now=now).rows) == found


def test_the_most_urgent_stands_first(at: Scene) -> None:
    late = offered(at, now=timezone.now() - timedelta(days=9))
    other = Scene(at.giver, at.taker, at.manager, at.outsider, at.team, lead_of(at.giver))
    offered(other, now=timezone.now())
    page = browser(at.taker).get("/handoffs/").content.decode()
    assert page.index(f'id="packet-{late.pk}"') < page.index('id="packet-' + str(late.pk + 1))
    assert "Overdue" in page


def test_an_administrator_sees_every_queue_and_nobody_none(at: Scene) -> None:
    offered(at)
    now, everything = timezone.now(), PacketFilter(person="any")
    admin, team_only = make_user(Role.ADMIN), make_user(Grant(Role.MEMBER), team=at.team)
    for chosen in (PacketFilter(), everything):
        assert len(packets_of(chosen=chosen, access=access_of(admin), now=now).rows) == 1
    for access in (Access(user_id=0), access_of(team_only)):
        assert not packets_of(chosen=everything, access=access, now=now).rows


def test_odd_addresses_show_the_usual_list(at: Scene) -> None:
    offered(at)
    assert _shown(at, "taker", "?shelf=x&state=y&person=z&page=q&contract=")


def test_the_number_of_queries_is_the_same_for_more_rows(
    at: Scene, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _more in range(4):
        offered(Scene(at.giver, at.taker, at.manager, at.outsider, at.team, lead_of(at.giver)))
    client = browser(at.taker)
    client.get("/handoffs/")
    with django_assert_max_num_queries(13):
        client.get("/handoffs/")


def test_accepting_takes_a_fixed_number_of_queries(
    at: Scene, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    packet = offered(at)
    client = browser(at.taker)
    client.get("/handoffs/")
    with django_assert_max_num_queries(60) as seen:
        client.post(f"/handoffs/{packet.pk}/accept/", {"as": "row"}, headers={"HX-Request": "true"})
    assert Handoff.objects.get().state == "accepted"
    assert len(seen.captured_queries) > 10
