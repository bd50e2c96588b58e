"""A file on its way in: columns said, problems told by row, imported, and taken back."""

import pytest
from playwright.sync_api import FilePayload, expect

from tasuki.journeys.models import Account, Event, Journey
from tests.browser.conftest import SignedIn
from tests.browser.visiting import follow

pytestmark = pytest.mark.browser

LEADS = """リードID,会社名,氏名,メールアドレス,チャネル,登録日
L1,株式会社取込一号,山田 一郎,ichiro@torikomi1.example,webinar,2026-10-01
L2,株式会社取込二号,山田 二郎,jiro@torikomi2.example,webinar,2026年13月45日
L3,株式会社取込三号,山田 三郎,saburo@torikomi3.example,webinar,2026-10-03
"""
FILE: FilePayload = {"name": "leads.csv", "mimeType": "text/csv", "buffer": LEADS.encode("cp932")}


def test_a_file_is_mapped_checked_imported_and_taken_back(signed_in: SignedIn) -> None:
    before = (Account.objects.count(), Journey.objects.count(), Event.objects.count())
    page = signed_in("admin")
    page.goto("/imports/new/")
    page.locator("input[type=file]").set_input_files(FILE)
    follow(page.get_by_role("button", name="アップロード"))

    columns = page.locator("main select[name^='leads.csv/']")
    expect(columns).to_have_count(6)
    chosen = columns.evaluate_all("all => all.map(it => it.value)")
    assert chosen == [
        "journey.key",
        "account.name",
        "person.full_name",
        "person.email",
        "journey.channel",
        "stage.LEAD",
    ]
    page.locator("main input[name=source]").fill("old-crm")
    follow(page.locator("main form button[type=submit]").last)

    problem = page.locator("#problems tbody tr")
    expect(problem).to_have_count(1)
    expect(problem).to_contain_text("登録日")
    expect(problem).to_contain_text("2026年13月45日")
    assert problem.locator("td[data-label=行]").inner_text().strip() == "3"
    assert (Account.objects.count(), Journey.objects.count()) == before[:2]

    page.locator("main input[name=skip_errors]").check()
    follow(page.locator("form[action$='/commit/'] button[type=submit]"))
    expect(page.locator("[data-dialog-open=revert]")).to_be_visible()
    assert Journey.objects.count() == before[1] + 2

    page.locator("[data-dialog-open=revert]").click()
    follow(page.locator("#revert button[type=submit]"))
    expect(page.locator("main .alert-success")).to_be_visible()
    after = (Account.objects.count(), Journey.objects.count(), Event.objects.count())
    assert after == before


def test_a_file_that_is_none_is_told_and_nothing_begins(signed_in: SignedIn) -> None:
    page = signed_in("admin")
    page.goto("/imports/new/")
    broken: FilePayload = {
        "name": "broken.xlsx",
        "mimeType": "application/octet-stream",
        "buffer": b"PK\x03\x04 no workbook",
    }
    page.locator("input[type=file]").set_input_files(broken)
    page.get_by_role("button", name="アップロード").click()
    expect(page.locator("main .alert-error, main .field-error").first).to_be_visible()
