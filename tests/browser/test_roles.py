"""Each role signs in, finds a company, hands the sash on where it may, and sees the course move."""

import re
from dataclasses import dataclass

import pytest
from django.conf import settings
from playwright.sync_api import Locator, Page, expect

from tasuki.core.access import Role
from tasuki.core.departments import Department
from tasuki.journeys.models import Event, Journey
from tasuki.people.models import User
from tests.browser.conftest import SignedIn
from tests.browser.visiting import (
    Watched,
    a_journey,
    fill_required,
    follow,
    person,
    sheet,
    stage_counts,
)
from tests.people.factories import NOW

pytestmark = pytest.mark.browser


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody of the company, and the stage in which they take up a journey."""

    login: str
    role: Role
    stage: str
    department: Department | None = None

    def __str__(self) -> str:
        """Name the case."""
        return self.login


WORKING = (
    Visit("admin", Role.ADMIN, "O1"),
    Visit("process", Role.PROCESS_OWNER, "SAL"),
    Visit("marketing-lead", Role.MANAGER, "LEAD", Department.MARKETING),
    Visit("marketing", Role.MEMBER, "LEAD", Department.MARKETING),
    Visit("inside-lead", Role.MANAGER, "SAL", Department.INSIDE_SALES),
    Visit("inside", Role.MEMBER, "SAL", Department.INSIDE_SALES),
    Visit("field-lead", Role.MANAGER, "O1", Department.FIELD_SALES),
    Visit("field", Role.MEMBER, "SAO", Department.FIELD_SALES),
    Visit("success-lead", Role.MANAGER, "ONB", Department.SUCCESS),
    Visit("onboarding", Role.MEMBER, "ONB", Department.SUCCESS),
)
READING = (Visit("ceo", Role.EXECUTIVE, "MQL"), Visit("audit", Role.VIEWER, "MQL"))


def enter(page: Page, user: User) -> None:
    """Sign in by one click on the card of the demo."""
    page.goto("/sign-in/")
    follow(page.get_by_role("button", name=user.full_name))
    expect(page).not_to_have_url(re.compile("/sign-in/"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def find_company(page: Page, journey: Journey) -> None:
    """Find the journey's company by the middle of its name, and open the journey from there."""
    part = re.sub(r"株式会社|有限会社|合同会社", "", journey.account.name)[1:-1]
    page.goto("/")
    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox", name="検索・コマンド")
    box.fill(part)
    found = page.locator(f"#palette-list a[href='/journeys/{journey.pk}/']")
    # The list of an empty question comes first; only the answer to this one marks the part.
    expect(found.locator("mark").first).to_be_visible()
    follow(found)
    expect(page.get_by_role("heading", level=1)).to_contain_text(journey.account.name)


def current_stage(page: Page) -> Locator:
    return page.locator(".ribbon [aria-current=step] .ribbon-text")


def test_every_role_of_the_company_is_visited() -> None:
    assert {visit.role for visit in (*WORKING, *READING)} == set(Role)


@pytest.mark.parametrize("visit", WORKING, ids=str)
def test_a_role_that_works_hands_the_sash_on(visit: Visit, anonymous: Page) -> None:
    page, user = anonymous, person(visit.login)
    journey = a_journey(user, stage=visit.stage, name=f"星雲{visit.login}機工")
    enter(page, user)
    before = stage_counts(page)
    find_company(page, journey)
    stage_before = current_stage(page).inner_text()
    segments = page.locator(".ribbon-seg").count()

    page.locator("#primary-verb").click()
    form = sheet(page)
    fill_required(form, day=NOW.date())
    form.locator("button[type=submit]").click()

    expect(page.locator(".toast-item")).to_be_visible()
    expect(page.locator("#dialog")).to_be_hidden()
    expect(page.locator(".ribbon-seg")).to_have_count(segments + 1)
    expect(current_stage(page)).not_to_have_text(stage_before)
    journey.refresh_from_db()
    after = stage_counts(page)
    moved = {code: after[code] - before[code] for code in after if after[code] != before[code]}
    assert moved == {visit.stage: -1, journey.stage: 1}


@pytest.mark.parametrize("visit", READING, ids=str)
def test_a_role_that_only_reads_sees_no_verb_and_changes_nothing(
    visit: Visit, anonymous: Page, watched: Watched
) -> None:
    page, user = anonymous, person(visit.login)
    journey = a_journey(user, stage=visit.stage, name=f"星雲{visit.login}機工")
    enter(page, user)
    find_company(page, journey)
    expect(page.locator("#primary-verb")).to_have_count(0)
    expect(page.locator("main a[href*='/moves/']")).to_have_count(0)
    expect(page.locator("main form[method=post]")).to_have_count(0)

    watched.expected.add(403)
    events = Event.objects.filter(journey=journey).count()
    token = page.locator("body").get_attribute("data-csrf") or ""
    answer = page.request.post(
        f"/journeys/{journey.pk}/moves/advance/",
        form={"csrfmiddlewaretoken": token, "revision": str(journey.revision)},
        headers={"Referer": page.url},
    )
    assert answer.status == 403
    was = journey.stage
    journey.refresh_from_db()
    assert journey.stage == was
    assert Event.objects.filter(journey=journey).count() == events


def test_a_department_does_not_move_what_another_holds(signed_in: SignedIn) -> None:
    journey = a_journey(person("field"), stage="SAO")
    page = signed_in("marketing")
    page.goto(f"/journeys/{journey.pk}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text(journey.account.name)
    expect(page.locator("#primary-verb")).to_have_count(0)


def test_signing_out_closes_the_door(anonymous: Page) -> None:
    enter(anonymous, person("ceo"))
    anonymous.locator("summary[aria-label*='水原']").click()
    follow(anonymous.get_by_role("button", name="サインアウト"))
    if "/sign-out/" in anonymous.url:
        follow(anonymous.locator("main button[type=submit]"))
    anonymous.goto("/journeys/")
    expect(anonymous).to_have_url(re.compile("/sign-in/"))
    assert settings.SESSION_COOKIE_NAME not in {
        cookie["name"] for cookie in anonymous.context.cookies() if cookie["value"]
    }
