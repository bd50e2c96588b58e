"""Everything works as plain pages where scripts are off."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewContext
from tests.browser.visiting import a_journey, fill_required, follow, person
from tests.people.factories import NOW

pytestmark = pytest.mark.browser


def test_signing_in_and_handing_on_need_no_script(new_context: NewContext) -> None:
    user = person("inside")
    journey = a_journey(user, stage="SAL", name="無筆記機工")
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/sign-in/")
    follow(page.get_by_role("button", name=user.full_name))

    page.goto("/journeys/?q=無筆記")
    follow(page.get_by_role("link", name=journey.account.name))
    follow(page.locator("#primary-verb"))
    form = page.locator("main form[method=post]")
    expect(page.get_by_role("heading", level=1)).to_contain_text("商談化")
    fill_required(form, day=NOW.date())
    follow(form.locator("button[type=submit]"))

    expect(page.locator(".toast-item")).to_contain_text("商談化")
    journey.refresh_from_db()
    assert journey.stage == "SQL"
