"""Two records of one company: found, merged, and taken apart again."""

import pytest
from playwright.sync_api import expect

from tasuki.journeys.models import Account, Journey
from tests.browser.conftest import SignedIn
from tests.browser.visiting import a_journey, follow, person

pytestmark = pytest.mark.browser


def test_duplicates_are_merged_and_taken_apart_again(signed_in: SignedIn) -> None:
    owner = person("inside")
    kept = a_journey(owner, stage="SAL", name="双子座電装")
    other = a_journey(owner, stage="SAL", name="双子座電装")
    page = signed_in("admin")
    page.goto("/duplicates/?entity=account")
    pair = page.locator("li.card", has_text="双子座電装")
    follow(pair.get_by_role("link", name="比べて"))
    page.locator(f"input[name=winner][value='{kept.account_id}']").check()
    follow(page.get_by_role("button", name="統合").first)
    expect(page.locator(".toast-item").first).to_be_visible()
    assert set(Journey.objects.filter(account=kept.account_id)) == {kept, other}

    page.goto("/duplicates/?entity=account")
    line = page.locator("#merges li", has_text="双子座電装").first
    follow(line.get_by_role("button"))
    expect(page.locator(".toast-item").first).to_be_visible()
    other.refresh_from_db()
    assert other.account_id != kept.account_id
    assert Account.objects.filter(pk=other.account_id, merged_into=None).exists()
