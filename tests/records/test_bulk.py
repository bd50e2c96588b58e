"""Changing journeys in a list: one in place, many at once, conflicts and refusals told."""

from datetime import date

import pytest
from django.test import Client

from tasuki.core.access import Grant, Role
from tasuki.core.departments import Department
from tasuki.journeys.models import Event, Journey
from tests.journeys import factories
from tests.people.factories import client_of, make_user
from tests.records.scenes import admin, journey_of

pytestmark = pytest.mark.django_db
NEXT = {"next_action": "提案書を送る", "next_action_date": "2026-05-01"}


@pytest.fixture(autouse=True)
def process() -> None:
    """The default process, published."""
    factories.process()


@pytest.fixture
def browser() -> Client:
    """A browser of somebody who may do everything."""
    return client_of(admin())


def test_a_few_facts_change_in_place(browser: Client) -> None:
    journey, owner = journey_of("青葉"), admin()

    form = browser.get(f"/journeys/{journey.pk}/edit/", headers={"HX-Request": "true"})
    saved = browser.post(
        f"/journeys/{journey.pk}/edit/",
        {
            **NEXT,
            "revision": 1,
            "owner": owner.pk,
            "temperature": "hot",
            "expected_close_date": "2026-06-30",
        },
        headers={"HX-Request": "true"},
    )

    assert 'name="revision" value="1"' in form.content.decode()
    assert (saved.status_code, saved.headers["HX-Refresh"]) == (204, "true")
    journey.refresh_from_db()
    assert journey.next_action_date == date(2026, 5, 1)
    assert (journey.owner_id, journey.temperature) == (owner.pk, "hot")
    assert journey.expected_close_date == date(2026, 6, 30)


def test_nothing_is_written_where_nothing_differs(browser: Client) -> None:
    journey = journey_of("青葉")
    before = Event.objects.count()

    saved = browser.post(
        f"/journeys/{journey.pk}/edit/",
        {"next_action": "資料を送る", "next_action_date": "2026-04-02", "revision": 1},
    )

    assert saved.status_code == 302
    assert Event.objects.count() == before


def test_a_conflict_is_told_and_writes_nothing(browser: Client) -> None:
    journey = journey_of("青葉")
    browser.post(f"/journeys/{journey.pk}/edit/", {**NEXT, "revision": 1})

    late = browser.post(
        f"/journeys/{journey.pk}/edit/",
        {"next_action": "電話", "next_action_date": "2026-05-02", "revision": 1},
    )

    assert late.status_code == 409
    assert "ほかの人がこのジャーニーを変更しました" in late.content.decode()
    journey.refresh_from_db()
    assert journey.next_action == "提案書を送る"


def test_an_incomplete_edit_comes_back_filled(browser: Client) -> None:
    journey = journey_of("青葉")

    answer = browser.post(
        f"/journeys/{journey.pk}/edit/",
        {"next_action": "電話", "next_action_date": "", "revision": 1},
    )

    assert answer.status_code == 422
    assert "電話" in answer.content.decode()


def test_who_may_not_work_on_it_is_refused() -> None:
    journey = journey_of("青葉")
    other = make_user(Grant(Role.MANAGER, department=Department.SUCCESS))

    assert client_of(other).get(f"/journeys/{journey.pk}/edit/").status_code == 403
    refused = client_of(other).post(f"/journeys/{journey.pk}/edit/", {**NEXT, "revision": 1})
    assert refused.status_code == 403
    assert client_of(admin()).get("/journeys/999999/edit/").status_code == 404
    journey.refresh_from_db()
    assert journey.revision == 1


def test_many_change_hands_after_a_confirmation(browser: Client) -> None:
    first, second = journey_of("青葉"), journey_of("桜")
    owner = admin()
    chosen = {"what": "assign", "ids": [first.pk, second.pk], "next": "/journeys/?stage=LEAD"}

    asked = browser.post("/journeys/bulk/", chosen)
    done = browser.post("/journeys/bulk/", {**chosen, "confirmed": "1", "owner": owner.pk})

    assert "2件のジャーニーを変更します" in asked.content.decode()
    assert done.headers["Location"] == "/journeys/?stage=LEAD"
    assert set(Journey.objects.values_list("owner_id", flat=True)) == {owner.pk}


def test_what_is_refused_is_told_with_its_reason(browser: Client) -> None:
    going, resting = journey_of("青葉"), journey_of("桜")
    recycle = {"what": "recycle", "reason": "timing", "revisit_date": "2027-01-15"}
    browser.post("/journeys/bulk/", {**recycle, "ids": [resting.pk], "confirmed": "1"})
    both = {**recycle, "ids": [going.pk, resting.pk, "x", 999999]}

    asked = browser.post("/journeys/bulk/", both).content.decode()
    done = browser.post("/journeys/bulk/", {**both, "confirmed": "1"}).content.decode()

    assert "1件は変更されません" in asked
    assert "進行中ではありません" in asked
    assert "1件のジャーニーを変更しました" in done
    assert set(Journey.objects.values_list("stage", flat=True)) == {"RECYCLE"}


def test_everything_in_the_list_can_be_meant(browser: Client) -> None:
    journey_of("青葉運輸")
    journey_of("桜運輸")

    browser.post(
        "/journeys/bulk/",
        {
            "what": "next_action",
            "everything": "1",
            "query": "q=青葉",
            "confirmed": "1",
            "next_action": "電話",
            "due_date": "2026-05-01",
        },
    )

    assert Journey.objects.filter(next_action="電話").count() == 1


def test_a_bulk_change_lacks_something(browser: Client) -> None:
    journey = journey_of("青葉")

    answer = browser.post(
        "/journeys/bulk/", {"what": "next_action", "ids": [journey.pk], "confirmed": "1"}
    )

    assert answer.status_code == 422
    assert browser.post("/journeys/bulk/", {"what": "explode"}).status_code == 302


def test_a_refused_move_is_told(browser: Client) -> None:
    journey = journey_of("青葉")

    done = browser.post(
        "/journeys/bulk/",
        {
            "what": "recycle",
            "ids": [journey.pk],
            "confirmed": "1",
            "reason": "timing",
            "revisit_date": "2020-01-01",
        },
    )

    journey.refresh_from_db()
    assert journey.stage == "LEAD"
    assert "1件は変更していません" in done.content.decode()


def test_bulk_changes_reach_no_further_than_the_right() -> None:
    journey = journey_of("青葉")
    other = make_user(Grant(Role.MANAGER, department=Department.SUCCESS))

    page = client_of(other).post(
        "/journeys/bulk/",
        {"what": "assign", "ids": [journey.pk], "confirmed": "1", "owner": other.pk},
    )

    journey.refresh_from_db()
    assert journey.owner_id is None
    assert "あなたの権限の範囲外です" in page.content.decode()


@pytest.mark.parametrize("role", [Role.VIEWER, Role.EXECUTIVE])
def test_who_only_looks_changes_nothing(role: Role) -> None:
    journey = journey_of("青葉")
    browser = client_of(make_user(role))

    for path in (f"/journeys/{journey.pk}/edit/", "/journeys/bulk/", "/journeys/new/"):
        assert browser.post(path, {"what": "assign"}).status_code == 403
    journey.refresh_from_db()
    assert journey.revision == 1
