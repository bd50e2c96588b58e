"""A journey is found by a part of its company's name, advanced, and its ribbon grows."""

import pytest
from playwright.sync_api import expect

from tasuki.journeys.models import Journey, Stay
from tests.browser.conftest import SignedIn
from tests.browser.visiting import Watched, a_journey, follow, person, sheet
from tests.people.factories import NOW

pytestmark = pytest.mark.browser


def test_a_journey_is_found_and_advanced_with_what_its_gate_asks(signed_in: SignedIn) -> None:
    journey = a_journey(person("inside"), stage="SAL", name="南十字精密")
    Journey.objects.filter(pk=journey.pk).update(answers={})
    page = signed_in("inside")
    page.goto("/search/?q=字精")
    follow(page.get_by_role("main").get_by_role("link", name="南十字精密").first)
    page.goto(f"/journeys/{journey.pk}/")
    expect(page.locator(".ribbon-seg")).to_have_count(1)

    page.locator("#primary-verb").click()
    form = sheet(page)
    form.get_by_label("課題").fill("月末の集計に三日かかる")
    form.get_by_label("商談予定日").fill(NOW.date().isoformat())
    form.get_by_role("button", name="商談化").click()
    expect(page.locator("#dialog")).to_be_hidden()
    expect(page.locator(".ribbon-seg")).to_have_count(2)
    expect(page.locator(".ribbon-now")).to_contain_text("商談化")
    expect(page.locator("#timeline")).to_contain_text("月末の集計に三日かかる")
    journey.refresh_from_db()
    assert (journey.stage, journey.answers["need"]) == ("SQL", "月末の集計に三日かかる")


def test_a_refused_move_keeps_the_dialog_and_what_was_typed(
    signed_in: SignedIn, watched: Watched
) -> None:
    watched.expected.add(422)
    journey = a_journey(person("inside"), stage="SAL", name="南十字精密")
    Journey.objects.filter(pk=journey.pk).update(answers={})
    page = signed_in("inside")
    page.goto(f"/journeys/{journey.pk}/")
    page.locator("#primary-verb").click()
    form, dialog = sheet(page), page.locator("#dialog")
    form.get_by_label("課題").fill("集計が遅い")
    form.get_by_role("button", name="商談化").click()
    expect(dialog.get_by_role("alert")).to_contain_text("商談予定日")
    expect(dialog.get_by_label("課題")).to_have_value("集計が遅い")
    assert Stay.objects.filter(journey=journey).count() == 1


def test_a_segment_opens_its_facts_beside_the_page(signed_in: SignedIn) -> None:
    journey = a_journey(person("inside"), stage="SAL", name="南十字精密")
    page = signed_in("inside")
    page.goto(f"/journeys/{journey.pk}/")
    page.locator(".ribbon-seg").first.click()
    expect(page.locator("#drawer")).to_contain_text("1周目、1回目")
    expect(page.locator("#drawer nav")).to_have_count(0)


def test_a_call_is_recorded_in_two_presses_on_a_phone(signed_in: SignedIn) -> None:
    journey = a_journey(person("inside"), stage="SAL", name="南十字精密")
    page = signed_in("inside", viewport={"width": 390, "height": 844})
    page.goto(f"/journeys/{journey.pk}/")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.locator("#timeline").get_by_role("link", name="電話").first.click()
    form = sheet(page)
    form.get_by_label("内容").fill("折り返しの約束")
    form.get_by_role("button", name="保存").click()
    expect(page.locator("#timeline")).to_contain_text("折り返しの約束")
