"""The giver: the form of an offer, what counts, who receives, and what is refused."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tasuki.core.access import Grant, Role
from tasuki.core.departments import Department
from tasuki.core.handoffs import PacketState
from tasuki.journeys.models import Handoff, Journey
from tasuki.journeys.operations.facts import record_answers
from tasuki.people.models import Absence
from tests.handoffs.scenes import Scene, act, browser, form_of, offer_url, offered, scene
from tests.people.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Scene:
    return scene()


def test_the_form_is_filled_with_what_is_known(at: Scene) -> None:
    page = browser(at.giver).get(offer_url(at.journey)).content.decode()
    assert "3月28日に料金ページを3回見て、資料を請求" in page
    assert "yamada@aoba.example.co.jp" in page
    assert "Complete: it can be handed over" in page
    assert "Accepted by" in page


def test_a_packet_is_offered_to_the_queue(at: Scene) -> None:
    answer = browser(at.giver).post(offer_url(at.journey), form_of(at.journey, message="急ぎです"))
    packet = Handoff.objects.get()
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/handoffs/{packet.pk}/"
    assert (packet.state, packet.receiver_id, packet.giver_id) == ("offered", None, at.giver.pk)
    assert (packet.message, packet.completeness_ratio) == ("急ぎです", 1.0)


@pytest.mark.parametrize("to", ["person", "team", "rule"])
def test_a_receiver_is_chosen(at: Scene, to: str) -> None:
    value = {"person": f"user:{at.taker.pk}", "team": f"team:{at.team.pk}", "rule": "rule"}[to]
    browser(at.giver).post(offer_url(at.journey), form_of(at.journey, receiver=value))
    packet = Handoff.objects.get()
    assert packet.receiver_id == (None if to == "team" else at.taker.pk)
    assert packet.receiver_team_id == at.team.pk


def test_what_is_typed_is_kept_on_the_journey(at: Scene) -> None:
    typed = form_of(at.journey, **{"fact-answers-past_deals": "2024年に保守契約"})
    browser(at.giver).post(offer_url(at.journey), typed)
    at.journey.refresh_from_db()
    assert at.journey.answers["past_deals"] == "2024年に保守契約"
    assert Handoff.objects.get().values["past_deals"] == "2024年に保守契約"


@pytest.mark.parametrize(
    ("typed", "said"), [("", "Not filled in"), ("なし", "Says nothing"), ("---", "Says nothing")]
)
def test_an_incomplete_packet_is_not_offered_and_nothing_typed_is_lost(
    at: Scene, typed: str, said: str
) -> None:
    data = form_of(at.journey, message="よろしく", **{"fact-answers-interest": typed})
    answer = browser(at.giver).post(offer_url(at.journey), data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "What they did" in page
    assert "よろしく" in page
    assert not Handoff.objects.exists()


def test_saving_for_later_keeps_the_facts_and_offers_nothing(at: Scene) -> None:
    data = form_of(at.journey, save="1", **{"fact-answers-interest": "展示会で説明を希望"})
    answer = browser(at.giver).post(offer_url(at.journey), data)
    at.journey.refresh_from_db()
    assert answer.status_code == 200
    assert at.journey.answers["interest"] == "展示会で説明を希望"
    assert f'value="{at.journey.revision}"' in answer.content.decode()
    assert not Handoff.objects.exists()


def test_what_counts_shows_while_typing_and_keeps_nothing(at: Scene) -> None:
    data = form_of(at.journey, **{"fact-answers-interest": "test"})
    answer = browser(at.giver).post(
        f"{offer_url(at.journey)}check/", data, headers={"HX-Request": "true"}
    )
    page = answer.content.decode()
    assert "80%" in page
    assert 'id="state-interest" hx-swap-oob="true"' in page
    assert "Says nothing" in page
    at.journey.refresh_from_db()
    assert at.journey.answers["interest"].startswith("3月28日")


def test_a_bad_address_is_told_and_kept(at: Scene) -> None:
    data = form_of(at.journey, **{"fact-person-email": "yamada at aoba"})
    answer = browser(at.giver).post(offer_url(at.journey), data)
    assert answer.status_code == 422
    assert "yamada at aoba" in answer.content.decode()


def test_somebody_away_stands_in_the_list_and_cannot_receive(at: Scene) -> None:
    now = timezone.now()
    Absence.objects.create(
        user=at.taker, starts_at=now - timedelta(days=1), ends_at=now + timedelta(days=1)
    )
    page = browser(at.giver).get(offer_url(at.journey)).content.decode()
    assert f'value="user:{at.taker.pk}" disabled' in page
    assert "away until" in page
    answer = browser(at.giver).post(
        offer_url(at.journey), form_of(at.journey, receiver=f"user:{at.taker.pk}")
    )
    assert answer.status_code == 422
    assert "is away until" in answer.content.decode()
    assert not Handoff.objects.exists()


def test_somebody_removed_meanwhile_cannot_receive(at: Scene) -> None:
    at.taker.is_active, at.taker.deactivated_at = False, timezone.now()
    at.taker.save()
    answer = browser(at.giver).post(
        offer_url(at.journey), form_of(at.journey, receiver=f"user:{at.taker.pk}")
    )
    assert answer.status_code == 422
    assert not Handoff.objects.exists()


def test_a_form_of_an_earlier_state_is_shown_again_as_it_was_typed(at: Scene) -> None:
    data = form_of(at.journey, **{"fact-answers-interest": "昨日の展示会"})
    record_answers(journey_id=at.journey.pk, answers={"past_deals": "保守"}, act=act(at.taker))
    answer = browser(at.giver).post(offer_url(at.journey), data)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else changed this first" in page
    assert "昨日の展示会" in page
    at.journey.refresh_from_db()
    assert f'value="{at.journey.revision}"' in page
    assert not Handoff.objects.exists()


def test_sending_twice_offers_once(at: Scene) -> None:
    data = form_of(at.journey, request_key="once")
    browser(at.giver).post(offer_url(at.journey), data)
    again = browser(at.giver).post(offer_url(at.journey), data)
    assert again.status_code == 302
    assert Handoff.objects.count() == 1


def test_a_packet_that_waits_is_shown_in_place_of_the_form(at: Scene) -> None:
    packet = offered(at)
    answer = browser(at.giver).get(offer_url(at.journey))
    assert answer.headers["Location"] == f"/handoffs/{packet.pk}/"


def test_giving_to_oneself_is_accepted_at_once() -> None:
    at = scene()
    both = make_user(
        Grant(Role.MEMBER, Department.MARKETING), Grant(Role.MEMBER, Department.INSIDE_SALES)
    )
    Journey.objects.filter(pk=at.journey.pk).update(owner=both)
    browser(both).post(offer_url(at.journey), form_of(at.journey, receiver=f"user:{both.pk}"))
    packet = Handoff.objects.get()
    at.journey.refresh_from_db()
    assert packet.state == PacketState.ACCEPTED
    assert (at.journey.owner_id, at.journey.department) == (both.pk, "inside_sales")


def test_where_the_owner_stays_it_is_a_checklist(at: Scene) -> None:
    Journey.objects.filter(pk=at.journey.pk).update(motion="full_cycle")
    page = browser(at.giver).get(offer_url(at.journey)).content.decode()
    assert "Here the owner stays the same" in page
    assert "To whom" not in page


def test_a_contract_of_another_stage_leads_back_to_the_journey(at: Scene) -> None:
    answer = browser(at.giver).get(
        f"/journeys/{at.journey.pk}/hand-over/inside_sales_to_field_sales/"
    )
    assert answer.headers["Location"] == f"/journeys/{at.journey.pk}/"
    assert browser(at.giver).get(f"/journeys/{at.journey.pk}/hand-over/none/").status_code == 404


def test_nobody_else_hands_it_over(at: Scene) -> None:
    for somebody in (at.outsider, at.taker, make_user(Role.VIEWER)):
        client = browser(somebody)
        assert client.get(offer_url(at.journey)).status_code == 403
        assert client.post(offer_url(at.journey), form_of(at.journey)).status_code == 403
        assert client.post(f"{offer_url(at.journey)}check/").status_code == 403
    assert not Handoff.objects.exists()
    at.journey.refresh_from_db()
    assert at.journey.owner_id == at.giver.pk


def test_a_journey_out_of_sight_is_not_found(at: Scene) -> None:
    assert browser(at.giver).get(offer_url(Journey(pk=999_999))).status_code == 404
