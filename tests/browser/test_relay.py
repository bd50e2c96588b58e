"""The whole relay: from a lead to a customer through every department, with the sash handed on."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tasuki.journeys.models import AskedAgain, Handoff, HandoffRound, Journey
from tests.browser.conftest import SignedIn
from tests.browser.visiting import a_journey, follow, person, sheet
from tests.people.factories import NOW

pytestmark = pytest.mark.browser

TO_INSIDE = {
    "interest": "資料請求",
    "consent": "form",
    "fit": "A",
}
TO_FIELD = {
    "trigger": "基幹システムの更改が決まり、請求も同時に見直す方針が出た",
    "agenda": "消込のデモと、導入までの期間の確認",
    "role": "decider",
    "temperature": "hot",
    "temperature_reason": "期限が決まっており、比較は二社に絞られている",
}
TO_SUCCESS = {
    "success_criterion": "3か月以内に、締め日の残業を月5時間以下にする",
    "why_bought": "消込の自動化率と連携が決め手。自社開発の継続と比べて選ばれた",
    "scope": "請求書発行と消込。経理部の24名",
    "stakeholders": "推進者は経理課長、決裁は管理本部長",
    "promises": "初期設定を12月中に代行すると約束",
    "expectation": "経理二名で締められるようにしたい",
}


def test_the_sash_goes_from_the_first_lead_to_the_customer(signed_in: SignedIn) -> None:
    journey = a_journey(person("marketing"), stage="LEAD", name="銀河鉄道製作所")
    Journey.objects.filter(pk=journey.pk).update(answers={})
    marketing, inside = signed_in("marketing"), signed_in("inside")

    advance(marketing, journey, {}, into="MQL")
    packet = hand_over(marketing, journey, TO_INSIDE, to="青木 美咲")
    give_back(inside, packet, item="interest")
    marketing.goto(f"/journeys/{journey.pk}/")
    expect(marketing.locator("#next-step")).to_contain_text("引き継ぎが差し戻されました")
    hand_over(
        marketing, journey, {"interest": "料金ページを三回見てから資料を請求"}, to="青木 美咲"
    )
    accept(inside, packet)

    told = {"課題": "入金消込に毎月三日かかっている", "商談予定日": "2026-11-24"}
    advance(inside, journey, told, into="商談化")
    packet = hand_over(inside, journey, TO_FIELD, to="清水 大輔")
    field = signed_in("field")
    accept(field, packet)
    advance(field, journey, {"商談実施日": "2026-11-24"}, into="有効商談")
    win(field, journey)

    packet = hand_over(field, journey, TO_SUCCESS, to="上田 直樹")
    success = signed_in("onboarding")
    accept(success, packet)
    advance(success, journey, {"キックオフ日": "2026-12-01"}, into="オンボーディング")
    ask_again(success, packet, item="promises")
    the_ribbon_shows_it(success, journey)
    the_review_shows_it(signed_in("admin"))


def advance(page: Page, journey: Journey, told: Mapping[str, str], *, into: str) -> None:
    """Carry the journey on by its page."""
    page.goto(f"/journeys/{journey.pk}/")
    page.locator("#primary-verb").click()
    form = sheet(page)
    for label, text in told.items():
        form.get_by_label(label).fill(text)
    form.get_by_role("button", name=into).click()
    expect(page.locator("#dialog")).to_be_hidden()
    expect(page.locator(".ribbon-now")).to_contain_text(into)


def win(page: Page, journey: Journey) -> None:
    """The customer signs at once: winning waits for nothing."""
    page.goto(f"/journeys/{journey.pk}/moves/advance/?to=WON")
    page.get_by_label("契約金額").fill("1200000")
    page.get_by_label("契約開始日").fill("2026-12-01")
    follow(page.get_by_role("main").get_by_role("button", name="受注"))
    expect(page.locator(".ribbon-now")).to_contain_text("受注")


def hand_over(page: Page, journey: Journey, told: Mapping[str, str], *, to: str) -> int:
    """Complete the packet and give it to somebody; return its number."""
    page.goto(f"/journeys/{journey.pk}/")
    follow(page.locator("#primary-verb"))
    for key, text in told.items():
        control = page.locator(f"#item-{key} :is(input, textarea, select)").first
        if control.evaluate("it => it.tagName") == "SELECT":
            control.select_option(text)
        else:
            control.fill(text)
    expect(page.locator("#offer-meter")).to_contain_text("引き継げます")
    page.locator("[name=receiver]").select_option(label=to)
    follow(page.get_by_role("main").get_by_role("button", name="引き継ぐ"))
    expect(page.locator("#packet")).to_contain_text("受諾待ち")
    return Handoff.objects.filter(journey=journey).latest("pk").pk


def give_back(page: Page, packet: int, *, item: str) -> None:
    """Return a packet, naming what is missing."""
    page.goto(f"/handoffs/{packet}/")
    page.locator("#packet").get_by_role("link", name="差し戻す").click()
    form = sheet(page)
    form.locator("[name=reason]").select_option("missing_information")
    form.locator("[name=item]").select_option(item)
    form.get_by_role("button", name="差し戻す").click()
    expect(page.locator("#dialog")).to_be_hidden()
    expect(page.locator("#packet")).to_contain_text("引き継ぎ情報の不足")
    assert HandoffRound.objects.get(handoff_id=packet).outcome == "returned"


def accept(page: Page, packet: int) -> None:
    """Take the sash."""
    page.goto(f"/handoffs/{packet}/")
    page.locator("#packet [data-accept]").click()
    expect(page.locator("#packet [data-accept]")).to_have_count(0)
    expect(page.locator("#packet")).to_contain_text("受諾済み")


def ask_again(page: Page, packet: int, *, item: str) -> None:
    """Tick that the customer had to say something once more."""
    page.goto(f"/handoffs/{packet}/")
    page.locator(f"#item-{item}").get_by_role("button").click()
    expect(page.locator(f"#item-{item}")).to_contain_text("再質問あり")
    assert AskedAgain.objects.get(handoff_id=packet).item == item


def the_ribbon_shows_it(page: Page, journey: Journey) -> None:
    """Seven stays; the packet that came back stands on the one it was given from."""
    page.goto(f"/journeys/{journey.pk}/")
    segments = page.locator(".ribbon-seg")
    expect(segments).to_have_count(7)
    given = page.locator(".ribbon-seg[aria-label*='引き継ぎ受諾']")
    expect(given).to_have_count(3)
    expect(page.locator(".ribbon-seg[aria-label*='引き継ぎ差し戻し']")).to_have_count(1)
    given.first.click()
    expect(page.locator("#drawer")).to_contain_text("差し戻し 1回")


def the_review_shows_it(page: Page) -> None:
    """What was handed over this week, boundary by boundary."""
    monday = NOW.date() - timedelta(days=NOW.weekday())
    page.goto(f"/handoffs/review/?week={monday}")
    row = page.get_by_role("row").filter(has_text="カスタマーサクセスへ").first
    expect(row).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("銀河鉄道製作所")
