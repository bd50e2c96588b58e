"""Hand-offs on the page of their journey: the next step, the facts, the history and the ribbon."""

from typing import Any

import pytest
from django.test import Client

from tasuki.core.access import Grant, Role
from tasuki.core.departments import Department
from tasuki.core.handoffs import Return
from tasuki.journeys.models import Handoff, Journey
from tasuki.journeys.operations.handoffs.deciding import (
    accept_handoff,
    return_handoff,
    withdraw_handoff,
)
from tasuki.journeys.operations.handoffs.offering import Offer, offer_handoff
from tasuki.journeys.operations.handoffs.quality import mark_asked_again, rate_handoff
from tasuki.people.models import User
from tests.journeys import factories as make
from tests.people.factories import client_of, make_user
from tests.records.visits import english, page_of, send

pytestmark = pytest.mark.django_db
TO_INSIDE = "marketing_to_inside_sales"
TOLD = {
    "answers.interest": "料金ページを3回閲覧し、ウェビナーに参加",
    "answers.consent": "form",
    "journey.fit": "A",
}


@pytest.fixture(autouse=True)
def _process() -> None:
    make.process()


@pytest.fixture
def browser() -> Client:
    """Somebody who may work on every journey."""
    return english(client_of(make_user(Role.MANAGER)))


@pytest.fixture
def giver() -> User:
    return make_user(Grant(Role.MEMBER, department=Department.MARKETING))


@pytest.fixture
def taker() -> User:
    return make_user(
        Grant(Role.MEMBER, department=Department.INSIDE_SALES),
        family_name="青木",
        given_name="美咲",
    )


def offered(journey: Journey, giver: User, taker: User | None, **more: Any) -> Handoff:
    offer = Offer(receiver_id=taker.pk if taker else None, facts=TOLD, **more)
    act = make.act(user=giver)
    return offer_handoff(journey_id=journey.pk, contract=TO_INSIDE, offer=offer, act=act)


def test_before_a_boundary_the_next_step_is_to_hand_over(browser: Client) -> None:
    journey = make.journey(stage="MQL")

    body = page_of(browser, journey)

    assert f"/journeys/{journey.pk}/hand-over/{TO_INSIDE}/" in body
    assert "Hand over to Inside sales" in body
    assert "Advance to SAL" not in body


def test_an_advance_over_a_boundary_says_what_is_needed_and_leads_there(browser: Client) -> None:
    journey = make.journey(stage="MQL")

    form = browser.get(f"/journeys/{journey.pk}/moves/advance/").content.decode()
    refused = send(browser, journey, "moves/advance", to="SAL", owner="")

    for body in (form, refused.content.decode()):
        assert "This needs a hand-off" in body
        assert f"/journeys/{journey.pk}/hand-over/{TO_INSIDE}/" in body
    assert refused.status_code == 422
    assert "must be accepted first" in refused.content.decode()
    journey.refresh_from_db()
    assert journey.stage == "MQL"


def test_a_waiting_packet_says_who_has_it_since_when_and_by_when(
    browser: Client, giver: User, taker: User
) -> None:
    journey = make.journey(stage="MQL")
    packet = offered(journey, giver, taker)

    body = page_of(browser, journey)

    assert "Waiting for Inside sales to accept the hand-off" in body
    assert "青木 美咲" in body
    assert "was due " in body
    assert f"/handoffs/{packet.pk}/" in body
    assert "hand-off waiting" in body
    assert "Hand over to Inside sales" not in body


def test_a_packet_that_came_back_is_completed_and_handed_over_again(
    browser: Client, giver: User, taker: User
) -> None:
    journey = make.journey(stage="MQL")
    packet = offered(journey, giver, taker)
    step = Return(reason="missing_information", item="interest", note="いつの行動か不明です")
    return_handoff(handoff_id=packet.pk, step=step, act=make.act(user=taker))

    body = page_of(browser, journey)

    for text in (
        "The hand-off came back: complete it and hand over again",
        "Missing: What they did",
        "いつの行動か不明です",
        "Hand over to Inside sales",
        "hand-off returned",
        "returned once",
    ):
        assert text in body


def test_a_packet_taken_back_is_open_again(browser: Client, giver: User) -> None:
    journey = make.journey(stage="MQL")
    packet = offered(journey, giver, None)
    waiting = page_of(browser, journey)
    withdraw_handoff(handoff_id=packet.pk, act=make.act(user=giver))

    body = page_of(browser, journey)

    assert "the queue of the department" in waiting
    assert "The hand-off is open again: hand it over once more" in body
    assert "hand-off withdrawn or expired" in body


def test_an_accepted_packet_stands_in_history_facts_and_the_sheet_of_its_stay(
    browser: Client, giver: User, taker: User
) -> None:
    journey = make.journey(stage="MQL")
    packet = offered(journey, giver, taker, message="午前中がつながりやすい")
    accept_handoff(handoff_id=packet.pk, act=make.act(user=taker))
    rate_handoff(handoff_id=packet.pk, usefulness=4, act=make.act(user=taker))
    mark_asked_again(handoff_id=packet.pk, item="interest", act=make.act(user=taker))

    body = page_of(browser, journey)
    story = browser.get(f"/journeys/{journey.pk}/?topic=handoff").content.decode()
    sheet = browser.get(f"/journeys/{journey.pk}/stays/1/").content.decode()

    assert "Advance to SQL" in body
    for text in ("Completeness 100", "Usefulness: 4 of 5", "1 item asked again"):
        assert text in body
        assert text in sheet
    for text in (
        "Handed over: Marketing to inside sales",
        "Hand-off accepted: Marketing to inside sales",
        "Hand-off rated",
        "Asked the customer again",
        "午前中がつながりやすい",
        f'href="/handoffs/{packet.pk}/"',
    ):
        assert text in story
    assert "hand-off accepted" in body


def test_a_packet_accepted_before_its_gate_lets_the_journey_go_on(
    browser: Client, giver: User, taker: User
) -> None:
    journey = make.journey(stage="MQL")
    packet = offered(journey, giver, taker)
    Handoff.objects.filter(pk=packet.pk).update(
        state="accepted", holds=True, decided_at=make.NOW, decided_by=taker
    )

    body = page_of(browser, journey)

    assert "Inside sales has accepted the hand-off" in body
    assert "Advance to SAL" in body
    assert "This needs a hand-off" not in page_at(browser, journey, "moves/advance/")


def page_at(browser: Client, journey: Journey, place: str) -> str:
    return browser.get(f"/journeys/{journey.pk}/{place}").content.decode()


def test_whoever_carries_on_alone_is_asked_what_the_contract_asks(browser: Client) -> None:
    journey = make.journey(stage="MQL", motion="full_cycle")

    body = page_at(browser, journey, "moves/advance/")

    assert "Hand over to Inside sales" not in page_of(browser, journey)
    for text in ("What they did", "Consent to be contacted"):
        assert text in body
    refused = send(browser, journey, "moves/advance", to="SAL")
    assert "This is needed: What they did" in refused.content.decode()


@pytest.mark.parametrize(
    ("stage", "text"),
    [
        ("SAO", "Hand back to Inside sales"),
        ("ADOPT", "Voice of the customer to Marketing"),
        ("ADOPT", "Voice of the customer to Field sales"),
    ],
)
def test_giving_back_and_the_voice_of_the_customer_are_offered(
    browser: Client, stage: str, text: str
) -> None:
    journey = make.journey()
    Journey.objects.filter(pk=journey.pk).update(stage=stage)
    assert text in page_of(browser, journey)
