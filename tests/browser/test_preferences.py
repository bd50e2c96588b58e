"""Language and look: chosen once, kept on the device and with the person."""

import pytest
from playwright.sync_api import Page, expect

from tasuki.people.models import User
from tests.browser.conftest import SignedIn
from tests.browser.visiting import follow

pytestmark = pytest.mark.browser


def test_the_language_is_switched_before_signing_in(anonymous: Page) -> None:
    anonymous.goto("/sign-in/")
    expect(anonymous.get_by_role("heading", level=1)).to_have_text("サインイン")
    follow(anonymous.get_by_role("button", name="English"))
    expect(anonymous.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert anonymous.locator("html").get_attribute("lang") == "en"
    anonymous.reload()
    expect(anonymous.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_language_and_look_follow_the_person(signed_in: SignedIn) -> None:
    page = signed_in("bdr2")
    page.goto("/journeys/")
    light = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    menu = page.locator("details[data-menu]:has(form[action*='theme'])")
    menu.locator("summary").click()
    follow(menu.get_by_role("button", name="ダーク"))
    expect(page.locator("html")).to_have_attribute("data-theme", "tasuki-dark")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") != light
    assert page.url.endswith("/journeys/")

    menu.locator("summary").click()
    follow(menu.get_by_role("button", name="English"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Journeys")

    user = User.objects.get(family_name="原田")
    assert (user.language, user.theme) == ("en", "dark")


def test_the_look_follows_the_device_until_chosen(signed_in: SignedIn) -> None:
    light, dark = signed_in("bdr"), signed_in("bdr", color_scheme="dark")
    grounds = []
    for page in (light, dark):
        page.goto("/accounts/")
        grounds.append(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))
    assert grounds[0] != grounds[1]
