"""The journey page: what it shows, to whom, and what can be done on it."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tasuki.core.access import Grant, Role
from tasuki.core.blueprint import JourneyKind
from tasuki.core.departments import Department
from tasuki.journeys.kinds import ActivityKind
from tasuki.journeys.models import Activity, Person, Stay, SubscriptionPeriod
from tasuki.journeys.operations.assignment import Holder
from tasuki.journeys.operations.facts import Touch, record_activity
from tests.journeys import factories as make
from tests.people.factories import client_of, make_user
from tests.records.visits import english, nothing_changed, page_of, send

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _process() -> None:
    make.process()


@pytest.fixture
def browser() -> Client:
    """Somebody who may work on every journey."""
    return english(client_of(make_user(Role.MANAGER)))


def test_the_page_shows_company_stage_next_step_and_history(browser: Client) -> None:
    journey = make.journey()
    body = page_of(browser, journey)
    for text in ("株式会社青葉製作所", "資料を送る", "Advance to MQL", "Began: Lead", "Recycle"):
        assert text in body


def test_a_segment_opens_the_facts_of_its_stay(browser: Client) -> None:
    journey = make.journey()
    body = browser.get(f"/journeys/{journey.pk}/stays/1/").content.decode()
    assert "cycle 1, visit 1" in body
    assert browser.get(f"/journeys/{journey.pk}/stays/2/").status_code == 404


@pytest.mark.parametrize(
    "place",
    [
        "moves/advance",
        "moves/recycle",
        "activities/call",
        "activities/mail",
        "activities/meeting",
        "activities/note",
        "deal",
        "details",
        "answers/SQL",
        "subscriptions",
        "owner",
        "next-action",
    ],
)
def test_each_form_opens_as_a_page_and_as_a_dialog(browser: Client, place: str) -> None:
    journey = make.journey()
    address = f"/journeys/{journey.pk}/{place}/"
    assert "<!doctype html>" in browser.get(address).content.decode()
    part = browser.get(address, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert "<!doctype html>" not in part.content.decode()


@pytest.mark.parametrize("place", ["moves/unknown", "moves/lose", "activities/web", "answers/X"])
def test_what_does_not_exist_here_is_told(browser: Client, place: str) -> None:
    journey = make.journey()
    answer = browser.get(f"/journeys/{journey.pk}/{place}/")
    assert answer.status_code in {302, 404}


def test_advancing_moves_the_journey_and_comes_back_to_it(browser: Client) -> None:
    journey = make.journey()
    answer = send(browser, journey, "moves/advance", to="MQL")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/journeys/{journey.pk}/")
    journey.refresh_from_db()
    assert journey.stage == "MQL"


def test_advancing_with_htmx_answers_the_whole_record_at_once(browser: Client) -> None:
    journey = make.journey()
    answer = browser.post(
        f"/journeys/{journey.pk}/moves/advance/",
        {"revision": 1, "to": "MQL"},
        headers={"HX-Request": "true"},
    )
    body = answer.content.decode()
    assert answer.headers["HX-Retarget"] == "#record"
    assert "dialog:close" in answer.headers["HX-Trigger-After-Settle"]
    assert "Advanced: Lead → MQL" in body
    assert "Hand over to Inside sales" in body


def test_a_refused_advance_names_what_is_missing_and_keeps_what_was_typed(browser: Client) -> None:
    company = make.account("株式会社北斗電子")
    journey = make.journey(account_id=company.pk, channel_id=None)
    answer = send(
        browser,
        journey,
        "moves/advance",
        to="MQL",
        next_action="電話する",
        **{"next_action_date": "2026-04-09", "fact-journey-channel": "webinar"},
    )
    body = answer.content.decode()
    assert answer.status_code == 422
    assert "This is not possible yet" in body
    assert "This is needed: Contact details" in body
    assert 'value="電話する"' in body
    assert nothing_changed(journey)


def test_the_gate_form_keeps_each_fact_where_it_belongs(browser: Client) -> None:
    company = make.account("株式会社北斗電子")
    journey = make.journey(account_id=company.pk, channel_id=None)
    send(
        browser,
        journey,
        "moves/advance",
        to="MQL",
        **{
            "fact-journey-channel": "seo",
            "fact-person-email": "Ito@hokuto.example.co.jp",
            "fact-journey-fit": "A",
        },
    )
    journey.refresh_from_db()
    assert (journey.stage, journey.fit) == ("MQL", "A")
    assert journey.channel is not None
    assert journey.channel.code == "seo"
    assert Person.objects.get(pk=journey.person_id or 0).email_key == "ito@hokuto.example.co.jp"


def test_a_contact_that_cannot_be_one_is_told_at_its_field(browser: Client) -> None:
    company = make.account("株式会社北斗電子")
    journey = make.journey(account_id=company.pk)
    answer = send(browser, journey, "moves/advance", to="MQL", **{"fact-person-email": "nobody"})
    assert answer.status_code == 422
    assert nothing_changed(journey)


def test_a_reason_is_needed_to_leave_the_way_forward(browser: Client) -> None:
    journey = make.journey()
    refused = send(browser, journey, "moves/recycle", to="RECYCLE", reason="", owner="")
    assert "Choose a reason." in refused.content.decode()
    dateless = send(browser, journey, "moves/recycle", to="RECYCLE", reason="timing")
    assert "Give the date to look at this again." in dateless.content.decode()
    assert nothing_changed(journey)


def test_recycling_and_taking_up_again_opens_the_second_cycle(browser: Client) -> None:
    journey = make.journey()
    tomorrow = timezone.now().date().replace(year=timezone.now().year + 1)
    send(
        browser,
        journey,
        "moves/recycle",
        to="RECYCLE",
        reason="timing",
        note="来期に",
        revisit_date=tomorrow.isoformat(),
    )
    journey.refresh_from_db()
    assert (journey.stage, journey.revisit_date) == ("RECYCLE", tomorrow)
    send(browser, journey, "moves/reactivate", to="MQL")
    journey.refresh_from_db()
    assert (journey.stage, journey.cycle) == ("MQL", 2)
    assert "Cycle 2" in page_of(browser, journey)


def test_moving_back_keeps_the_reason(browser: Client) -> None:
    journey = make.journey()
    send(browser, journey, "moves/advance", to="MQL")
    send(browser, journey, "moves/move-back", to="LEAD", reason="recorded_by_mistake")
    journey.refresh_from_db()
    assert journey.stage == "LEAD"
    assert Stay.objects.get(journey=journey, number=2).reason == "recorded_by_mistake"


def test_a_renewal_completes(browser: Client) -> None:
    parent = make.journey()
    renewal = make.journey(
        account_id=parent.account_id,
        parent_id=parent.pk,
        kind=JourneyKind.RENEWAL,
        expected_close_date=date(2026, 12, 1),
    )
    assert send(browser, renewal, "moves/complete").status_code == 302
    renewal.refresh_from_db()
    assert renewal.closed_at is not None
    assert "Completed" in page_of(browser, renewal)
    assert "follows from this one" in page_of(browser, parent)


def test_the_second_of_two_is_told_who_was_first_and_keeps_what_was_typed(browser: Client) -> None:
    journey = make.journey()
    other = english(client_of(make_user(Role.MANAGER, family_name="先", given_name="手")))
    send(other, journey, "moves/advance", to="MQL")
    answer = browser.post(
        f"/journeys/{journey.pk}/moves/advance/",
        {"revision": 1, "to": "MQL", "next_action": "折り返す", "next_action_date": "2026-05-01"},
    )
    body = answer.content.decode()
    assert answer.status_code == 409
    assert "先 手" in body
    assert "Lead → MQL" in body
    assert 'value="折り返す"' in body
    journey.refresh_from_db()
    assert f'name="revision" value="{journey.revision}"' in body
    assert Stay.objects.filter(journey=journey).count() == 2


def test_a_verb_that_no_longer_fits_says_so_and_keeps_the_note(browser: Client) -> None:
    journey = make.journey()
    answer = browser.post(
        f"/journeys/{journey.pk}/moves/reactivate/", {"revision": 1, "note": "長い説明"}
    )
    assert answer.status_code == 409
    assert "長い説明" in answer.content.decode()


def test_the_same_request_twice_moves_once(browser: Client) -> None:
    journey = make.journey()
    typed = {"revision": 1, "to": "MQL", "request_key": "k-1"}
    for _time in range(2):
        assert browser.post(f"/journeys/{journey.pk}/moves/advance/", typed).status_code == 302
    journey.refresh_from_db()
    assert journey.stage == "MQL"


def test_the_next_step_is_set_in_place(browser: Client) -> None:
    journey = make.journey()
    send(browser, journey, "next-action", what="見積を送る", due_date="2026-04-10")
    journey.refresh_from_db()
    assert (journey.next_action, journey.next_action_date) == ("見積を送る", date(2026, 4, 10))


def test_an_empty_next_step_comes_back_filled(browser: Client) -> None:
    journey = make.journey()
    answer = send(browser, journey, "next-action", what="", due_date="2026-04-10")
    assert answer.status_code == 422
    assert 'value="2026-04-10"' in answer.content.decode()
    assert nothing_changed(journey)


def test_a_stale_next_step_is_told_and_kept(browser: Client) -> None:
    journey = make.journey()
    send(browser, journey, "next-action", what="見積を送る", due_date="2026-04-10")
    answer = browser.post(
        f"/journeys/{journey.pk}/next-action/",
        {"revision": 1, "what": "別の一手", "due_date": "2026-04-11"},
    )
    assert answer.status_code == 409
    assert 'value="別の一手"' in answer.content.decode()


def test_an_overdue_step_is_marked(browser: Client) -> None:
    journey = make.journey()
    assert "overdue" in page_of(browser, journey)


def test_a_call_is_recorded_and_corrected(browser: Client) -> None:
    journey = make.journey()
    send(
        browser,
        journey,
        "activities/call",
        kind="call",
        outcome="connected",
        minutes="12",
        body="導入時期を確認",
        direction="outbound",
    )
    first = Activity.objects.get()
    assert (first.outcome, first.minutes, first.body) == ("connected", 12, "導入時期を確認")
    form = browser.get(f"/journeys/{journey.pk}/corrections/{first.pk}/").content.decode()
    assert "導入時期を確認" in form
    send(browser, journey, f"corrections/{first.pk}", kind="call", outcome="no_answer")
    assert Activity.objects.get(replaces=first).outcome == "no_answer"
    body = page_of(browser, journey)
    assert "Corrected later" in body
    assert browser.get(f"/journeys/{journey.pk}/corrections/{first.pk}/").status_code == 404


def test_a_touch_that_says_nothing_or_is_yet_to_come_is_refused(browser: Client) -> None:
    journey = make.journey()
    assert send(browser, journey, "activities/note", kind="note", body="").status_code == 422
    late = send(
        browser, journey, "activities/note", kind="note", body="後", happened_at="2999-01-01T10:00"
    )
    assert late.status_code == 422
    assert not Activity.objects.exists()


def test_the_deal_the_details_the_answers_and_the_subscription_are_kept(browser: Client) -> None:
    journey = make.journey()
    send(browser, journey, "deal", amount="120万", expected_close_date="2026-06-30")
    send(
        browser,
        journey,
        "details",
        temperature="hot",
        fit="B",
        source="紹介",
        person_id=str(journey.person_id),
    )
    send(
        browser,
        journey,
        "answers/SQL",
        **{"fact-answers-need": "属人化", "fact-answers-meeting_date": "2026-04-20"},
    )
    send(
        browser,
        journey,
        "subscriptions",
        recurring="50,000",
        interval_months="1",
        starts_date="2026-07-01",
        plan="標準",
    )
    period = SubscriptionPeriod.objects.get()
    send(browser, journey, f"subscriptions/{period.pk}/end", ends_date="2027-07-01")
    journey.refresh_from_db()
    period.refresh_from_db()
    assert (journey.amount_minor, journey.currency) == (1_200_000, "JPY")
    assert (journey.temperature, journey.fit, journey.source) == ("hot", "B", "紹介")
    assert journey.answers == {"need": "属人化", "meeting_date": "2026-04-20"}
    assert (period.recurring_minor, period.ends_date) == (50_000, date(2027, 7, 1))
    body = page_of(browser, journey)
    for text in ("¥1,200,000", "Hot", "属人化", "¥50,000"):
        assert text in body


def test_broken_values_come_back_with_what_is_wrong(browser: Client) -> None:
    journey = make.journey()
    assert send(browser, journey, "deal", amount="abc").status_code == 422
    assert send(browser, journey, "deal", amount="-5").status_code == 422
    bad_end = send(
        browser,
        journey,
        "subscriptions",
        recurring="1",
        interval_months="1",
        starts_date="2026-07-01",
        ends_date="2026-06-01",
    )
    assert bad_end.status_code == 422
    assert nothing_changed(journey)


def test_the_owner_is_changed_by_who_may_reassign(browser: Client) -> None:
    journey = make.journey()
    taker = make_user(Grant(Role.MEMBER, department=Department.MARKETING))
    send(browser, journey, "owner", owner=str(taker.pk), reason="担当替え")
    journey.refresh_from_db()
    assert journey.owner_id == taker.pk
    assert "担当替え" in page_of(browser, journey)


def test_the_page_asks_the_same_few_questions_however_long_the_history(
    browser: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    owner = make_user(Role.MEMBER)
    journey = make.journey(holder=Holder(owner_id=owner.pk, team_id=None))
    record_activity(
        journey_id=journey.pk, touch=Touch(kind=ActivityKind.NOTE), act=make.act(user=owner)
    )
    with django_assert_max_num_queries(15) as few:
        page_of(browser, journey)
    for number in range(60):
        record_activity(
            journey_id=journey.pk,
            touch=Touch(kind=ActivityKind.NOTE, body=f"記録{number}"),
            act=make.act(user=owner),
        )
    with django_assert_max_num_queries(15) as many:
        page_of(browser, journey)
    assert len(few.captured_queries) == len(many.captured_queries)


def test_older_entries_are_loaded_after_the_newest_and_by_topic(browser: Client) -> None:
    journey = make.journey()
    for number in range(50):
        record_activity(
            journey_id=journey.pk,
            touch=Touch(kind=ActivityKind.NOTE, body=f"記録{number:02}"),
            act=make.act(),
        )
    body = page_of(browser, journey)
    assert "記録49" in body
    assert "記録05" not in body
    start = body.index(f"/journeys/{journey.pk}/timeline/?after=")
    older = browser.get(body[start : body.index('"', start)].replace("&amp;", "&"))
    assert "記録05" in older.content.decode()
    stages = browser.get(f"/journeys/{journey.pk}/?topic=stage").content.decode()
    assert "記録49" not in stages
