"""The process is changed in a draft: a condition is read out while it is typed, then shown."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SignedIn

pytestmark = pytest.mark.browser


def test_a_condition_is_read_out_and_becomes_a_difference(signed_in: SignedIn) -> None:
    page = signed_in("process")
    page.goto("/process/")
    page.get_by_role("button", name="プロセスを変更する").click()
    expect(page).to_have_url(re.compile(r"/process/drafts/\d+/$"))
    page.get_by_role("link", name="MQL", exact=True).click()
    condition = page.get_by_label("入る条件（条件式）")
    condition.fill("account.employes >= 50")
    expect(page.locator("#said-entry")).to_contain_text("「account.employees」のことですか。")
    condition.fill("account.employees >= 50")
    expect(page.locator("#said-entry")).to_contain_text("従業員数が50以上である")
    page.get_by_role("button", name="下書きに保存").click()
    expect(page.get_by_text("下書きに保存しました。").first).to_be_visible()
    page.get_by_role("link", name="下書き", exact=False).first.click()
    page.get_by_role("link", name="違いを見る").click()
    expect(page.locator(".change-row")).to_have_count(1)
    expect(page.locator(".change-row")).to_contain_text("MQL の入る条件を変更")
    page.go_back()
    page.get_by_role("button", name="破棄").first.click()
    page.locator("dialog[open]").get_by_role("button", name="破棄").click()
    expect(page).to_have_url(re.compile("/process/$"))
