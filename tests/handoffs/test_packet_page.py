"""The receiver: accept, give back, rate, tick; and whoever may not."""

from datetime import timedelta

import pytest

from tasuki.core.access import Role
from tasuki.core.handoffs import Return
from tasuki.journeys.kinds import ActivityKind, Direction
from tasuki.journeys.models import AskedAgain, Event, Handoff
from tasuki.journeys.operations.facts import Touch, record_activity
from tasuki.journeys.operations.handoffs.deciding import (
    accept_handoff,
    return_handoff,
    withdraw_handoff,
)
from tests.handoffs.scenes import NOW, Scene, act, browser, offer_url, offered, scene
from tests.people.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Scene:
    return scene()


def _state(packet: Handoff) -> tuple[str, int]:
    packet.refresh_from_db()
    return packet.state, Event.objects.filter(journey_id=packet.journey_id).count()


def test_the_page_tells_item_by_item_what_was_told(at: Scene) -> None:
    packet = offered(at, to=at.taker)
    page = browser(at.taker).get(f"/handoffs/{packet.pk}/").content.decode()
    for word in (
        "料金ページを3回見て",
        "Webinar",
        "Given on a form",
        "午前がつながりやすいです。",
        "100% complete",
    ):
        assert word in page
    assert "Accept" in page
    assert "Withdraw" not in page


def test_personal_data_is_hidden_from_roles_that_do_not_see_it(at: Scene) -> None:
    packet = offered(at)
    page = browser(make_user(Role.VIEWER)).get(f"/handoffs/{packet.pk}/").content.decode()
    assert "yamada@aoba" not in page
    assert f"/handoffs/{packet.pk}/accept/" not in page


def test_accepting_takes_the_sash_in_one_click(at: Scene) -> None:
    packet = offered(at)
    answer = browser(at.taker).post(f"/handoffs/{packet.pk}/accept/")
    assert answer.headers["Location"] == f"/handoffs/{packet.pk}/"
    at.journey.refresh_from_db()
    assert _state(packet)[0] == "accepted"
    assert (at.journey.stage, at.journey.owner_id) == ("SAL", at.taker.pk)


def test_by_htmx_the_row_is_swapped(at: Scene) -> None:
    packet = offered(at)
    answer = browser(at.taker).post(
        f"/handoffs/{packet.pk}/accept/", {"as": "row"}, headers={"HX-Request": "true"}
    )
    row = answer.content.decode()
    assert row.strip().startswith(f'<tr id="packet-{packet.pk}"')
    assert "Accepted" in row
    assert "/accept/" not in row
    assert answer.headers["HX-Retarget"] == f"#packet-{packet.pk}"


def test_accepting_twice_takes_it_once_and_says_who_did(at: Scene) -> None:
    packet = offered(at)
    accept_handoff(handoff_id=packet.pk, act=act(at.taker))
    before = _state(packet)
    answer = browser(at.manager).post(
        f"/handoffs/{packet.pk}/accept/", headers={"HX-Request": "true"}
    )
    assert answer.status_code == 409
    assert "already accepted" in answer.headers["HX-Trigger-After-Settle"]
    assert _state(packet) == before
    at.journey.refresh_from_db()
    assert at.journey.owner_id == at.taker.pk


def test_a_packet_that_was_withdrawn_is_not_accepted(at: Scene) -> None:
    packet = offered(at)
    withdraw_handoff(handoff_id=packet.pk, act=act(at.giver))
    before = _state(packet)
    answer = browser(at.taker).post(f"/handoffs/{packet.pk}/accept/", follow=True)
    assert "already withdrawn" in answer.content.decode()
    assert _state(packet) == before


def test_outsiders_change_nothing(at: Scene) -> None:
    packet = offered(at, to=at.taker)
    before = _state(packet)
    for who, verbs in (
        (at.outsider, ("accept", "return", "withdraw", "rate", "asked-again/interest")),
        (at.giver, ("accept", "return", "rate", "asked-again/interest")),
        (at.taker, ("withdraw",)),
    ):
        for verb in verbs:
            answer = browser(who).post(
                f"/handoffs/{packet.pk}/{verb}/", {"reason": "no_need", "usefulness": "5"}
            )
            assert answer.status_code == 403, verb
    assert _state(packet) == before
    assert not AskedAgain.objects.exists()


def test_the_giver_withdraws(at: Scene) -> None:
    packet = offered(at)
    browser(at.giver).post(f"/handoffs/{packet.pk}/withdraw/", {"note": "日程が変わりました"})
    assert _state(packet)[0] == "withdrawn"
    assert packet.note == "日程が変わりました"


def test_returning_names_reason_and_item(at: Scene) -> None:
    packet = offered(at, to=at.taker)
    url = f"/handoffs/{packet.pk}/return/"
    client = browser(at.taker)
    assert "Which item" in client.get(url).content.decode()
    for typed, said in (
        ({}, "Choose the reason"),
        ({"reason": "missing_information", "note": "いつの行動か"}, "Choose the item"),
        ({"reason": "other"}, "please say more"),
    ):
        answer = client.post(url, typed)
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert typed.get("note", "") in answer.content.decode()
    client.post(url, {"reason": "missing_information", "item": "interest", "note": "いつの行動か"})
    assert _state(packet)[0] == "returned"
    assert (packet.reason, packet.item, packet.note) == (
        "missing_information",
        "interest",
        "いつの行動か",
    )


def test_a_return_of_an_earlier_round_returns_nothing(at: Scene) -> None:
    packet = offered(at, to=at.taker)
    withdraw_handoff(handoff_id=packet.pk, act=act(at.giver))
    offered(at, to=at.taker)
    answer = browser(at.taker).post(
        f"/handoffs/{packet.pk}/return/",
        {"reason": "no_need", "round": "1"},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 409
    assert _state(packet)[0] == "offered"


def test_the_second_return_needs_a_manager_and_says_who_can(at: Scene) -> None:
    packet = offered(at, to=at.taker)
    return_handoff(handoff_id=packet.pk, step=Return("no_need"), act=act(at.taker))
    offered(at, to=at.taker)
    url = f"/handoffs/{packet.pk}/"
    page = browser(at.taker).get(url).content.decode()
    assert "needs a manager" in page
    assert at.manager.full_name in page
    refused = browser(at.taker).post(f"{url}return/", {"reason": "no_need"})
    assert refused.status_code == 422
    assert "needs a manager" in refused.content.decode()
    assert _state(packet)[0] == "offered"
    browser(at.manager).post(f"{url}return/", {"reason": "no_need"})
    assert _state(packet) == ("returned", _state(packet)[1])
    assert packet.returns == 2


def test_what_came_back_is_offered_again_with_the_item_marked(at: Scene) -> None:
    packet = offered(at, to=at.taker)
    step = Return("missing_information", "interest", "日付がありません")
    return_handoff(handoff_id=packet.pk, step=step, act=act(at.taker))
    assert "Offer again" in browser(at.giver).get(f"/handoffs/{packet.pk}/").content.decode()
    page = browser(at.giver).get(offer_url(at.journey)).content.decode()
    assert "Given back: Information missing" in page
    assert "日付がありません" in page
    assert 'id="item-interest" class="grid gap-1 rounded border-l-4' in page
    assert f'value="user:{at.taker.pk}" selected' in page


def test_after_accepting_it_is_rated_in_one_click(at: Scene) -> None:
    packet = offered(at)
    accept_handoff(handoff_id=packet.pk, act=act(at.taker))
    browser(at.taker).post(f"/handoffs/{packet.pk}/rate/", {"usefulness": "4"})
    packet.refresh_from_db()
    assert (packet.usefulness, packet.rated_by_id) == (4, at.taker.pk)
    for wrong in ("6", "", "x"):
        answer = browser(at.taker).post(
            f"/handoffs/{packet.pk}/rate/", {"usefulness": wrong}, headers={"HX-Request": "true"}
        )
        assert answer.status_code == 409
    packet.refresh_from_db()
    assert packet.usefulness == 4


def test_asked_again_is_ticked_and_taken_back(at: Scene) -> None:
    packet = offered(at)
    accept_handoff(handoff_id=packet.pk, act=act(at.taker))
    url = f"/handoffs/{packet.pk}/asked-again/interest/"
    browser(at.taker).post(url)
    assert AskedAgain.objects.get().item == "interest"
    browser(at.taker).post(url, {"undo": "1"})
    assert not AskedAgain.objects.exists()


def test_what_was_not_told_cannot_be_asked_again(at: Scene) -> None:
    packet = offered(at)
    accept_handoff(handoff_id=packet.pk, act=act(at.taker))
    url = f"/handoffs/{packet.pk}/asked-again/content/"
    answer = browser(at.taker).post(url, headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert not AskedAgain.objects.exists()


@pytest.mark.parametrize(
    ("kind", "direction", "outcome", "contacts"),
    [
        (ActivityKind.CALL, Direction.OUTBOUND, "no_answer", 1),
        (ActivityKind.MEETING, None, "held", 1),
        (ActivityKind.MAIL, Direction.INBOUND, "", 0),
        (ActivityKind.MAIL, Direction.OUTBOUND, "bounced", 0),
        (ActivityKind.NOTE, None, "", 0),
    ],
)
def test_reaching_out_is_the_first_contact(
    at: Scene, kind: ActivityKind, direction: Direction | None, outcome: str, contacts: int
) -> None:
    packet = offered(at)
    accept_handoff(handoff_id=packet.pk, act=act(at.taker))
    later = NOW + timedelta(minutes=90)
    touch = Touch(kind=kind, direction=direction, outcome=outcome)
    record_activity(journey_id=at.journey.pk, touch=touch, act=act(at.taker, now=later))
    packet.refresh_from_db()
    assert packet.contacted_at == (later if contacts else None)


def test_the_time_to_the_first_contact_is_told_in_working_minutes(at: Scene) -> None:
    packet = offered(at)
    accept_handoff(handoff_id=packet.pk, act=act(at.taker))
    for minutes in (90, 300):
        record_activity(
            journey_id=at.journey.pk,
            touch=Touch(kind=ActivityKind.CALL, direction=Direction.OUTBOUND),
            act=act(at.taker, now=NOW + timedelta(minutes=minutes)),
        )
    page = browser(at.taker).get(f"/handoffs/{packet.pk}/").content.decode()
    assert "90 working minutes" in page


@pytest.mark.parametrize(
    ("lang", "word"), [("ja", "担当者変更のご挨拶"), ("en", "Your new contact")]
)
def test_the_customer_is_told_who_takes_over(at: Scene, lang: str, word: str) -> None:
    packet = offered(at)
    accept_handoff(handoff_id=packet.pk, act=act(at.taker))
    page = (
        browser(at.taker).get(f"/handoffs/{packet.pk}/announcement/?lang={lang}").content.decode()
    )
    assert word in page
    assert at.taker.full_name in page
    assert at.giver.full_name in page


def test_the_briefing_gathers_what_was_told(at: Scene) -> None:
    packet = offered(at)
    accept_handoff(handoff_id=packet.pk, act=act(at.taker))
    page = browser(at.taker).get(f"/handoffs/{packet.pk}/briefing/").content.decode()
    assert "料金ページを3回見て" in page
    assert "told by Marketing" in page


def test_a_packet_that_is_not_there_is_not_found(at: Scene) -> None:
    assert browser(at.taker).get("/handoffs/999999/").status_code == 404
    assert browser(at.taker).post("/handoffs/999999/accept/").status_code == 404
