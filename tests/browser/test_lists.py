"""What somebody lives on all day: the list by keyboard, its filters and views, edits in place."""

import re

import pytest
from playwright.sync_api import Page, expect

from tasuki.journeys.models import Journey
from tests.browser.conftest import SignedIn
from tests.browser.visiting import Watched, a_journey, follow, person, sheet

pytestmark = pytest.mark.browser


@pytest.fixture
def page(signed_in: SignedIn) -> Page:
    """The list of everything, before somebody of inside sales."""
    page = signed_in("inside")
    page.goto("/journeys/")
    return page


def test_the_list_is_walked_by_keyboard(page: Page) -> None:
    rows = page.locator("tr[data-row]")
    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(rows.nth(2)).to_be_focused()
    page.keyboard.press("k")
    expect(rows.nth(1)).to_be_focused()
    key = rows.nth(1).get_attribute("data-row")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/journeys/{key}/")


def test_selecting_by_keyboard_shows_what_can_be_done(page: Page) -> None:
    bar = page.locator("[data-bulk]")
    expect(bar).to_be_hidden()
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    expect(bar).to_be_visible()
    expect(bar.locator("[data-bulk-count]")).to_have_text("2")
    bar.locator("[data-bulk-clear]").click()
    expect(bar).to_be_hidden()


def test_a_filter_stands_in_the_address_and_survives_a_reload(page: Page) -> None:
    page.get_by_role("link", name="絞り込む").click()
    form = sheet(page, "#drawer")
    form.locator("summary", has_text="ステージ").first.click()
    form.get_by_label("MQL", exact=True).check()
    follow(form.locator("button[type=submit]"))
    expect(page).to_have_url(re.compile(r"/journeys/\?.*stage=MQL"))
    stages = page.locator("tr[data-row] td[data-label=ステージ]")
    expect(stages.first).to_contain_text("MQL")
    page.reload()
    assert set(stages.all_inner_texts()) == {stages.first.inner_text()}
    page.get_by_role("link", name="絞り込み「ステージ」を外す").click()
    expect(page).not_to_have_url(re.compile("stage=MQL"))


def test_a_view_is_kept_found_again_and_deleted(page: Page) -> None:
    page.goto("/journeys/?stage=LEAD&next_action=overdue")
    menu = page.locator("details:has(form[action*='/views/'])").first
    menu.locator("summary").click()
    menu.locator("input[name=name]").fill("追うべきリード")
    follow(menu.locator("button[type=submit]").first)
    tab = page.locator(".tabs-bar").get_by_role("link", name="追うべきリード")
    expect(tab).to_have_attribute("aria-current", "page")
    page.goto("/journeys/")
    follow(tab)
    expect(page).to_have_url(re.compile("stage=LEAD"))
    menu.locator("summary").click()
    follow(menu.get_by_role("button", name="追うべきリード"))
    expect(tab).to_have_count(0)


def test_the_next_action_is_changed_in_its_row(signed_in: SignedIn) -> None:
    user = person("inside2")
    journey = a_journey(user, stage="SAL", name="行内編集機工")
    page = signed_in(user)
    page.goto("/journeys/?q=行内編集機工")
    row = page.locator(f"tr[data-row='{journey.pk}']")
    row.locator("td[data-label=次回アクション] button").click()
    form = sheet(page)
    form.locator("[name=next_action]").fill("事例を送る")
    form.locator("[name=next_action_date]").fill("2026-12-01")
    form.locator("button[type=submit]").click()
    expect(page.locator("#dialog")).to_be_hidden()
    expect(row).to_contain_text("事例を送る")
    journey.refresh_from_db()
    assert (journey.next_action, str(journey.next_action_date)) == ("事例を送る", "2026-12-01")


def test_an_edit_over_somebody_elses_is_told_and_not_written(
    signed_in: SignedIn, watched: Watched
) -> None:
    user = person("inside2")
    journey = a_journey(user, stage="SAL", name="同時編集機工")
    watched.expected.add(409)
    first, second = signed_in(user), signed_in("inside")
    for page in (first, second):
        page.goto(f"/journeys/{journey.pk}/edit/")
        page.locator("main [name=next_action]").fill(f"{page is first}の予定")
    follow(first.locator("main form button[type=submit]").last)
    expect(first.get_by_role("status").filter(has_text="保存しました")).to_be_visible()
    second.locator("main form button[type=submit]").last.click()
    expect(second.get_by_role("alert")).to_be_visible()
    assert Journey.objects.get(pk=journey.pk).next_action == "Trueの予定"


def test_one_japanese_character_opens_a_record_from_the_palette(page: Page) -> None:
    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox", name="検索・コマンド")
    expect(box).to_be_focused()
    page.keyboard.insert_text("東")
    first = page.locator("#palette-list [role=option][href*='/accounts/']").first
    expect(first).to_be_visible()
    expect(first.locator("mark").first).to_have_text("東")
    target = first.get_attribute("href")
    while page.locator("#palette-list [aria-selected=true]").get_attribute("href") != target:
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{target}")


def test_the_palette_closes_with_one_escape_and_keeps_the_place(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.insert_text("東")
    expect(page.locator("#palette")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    assert page.url.endswith("/journeys/")
