"""Every page, in both languages, light and dark, wide and on a phone: axe finds nothing.

Each page is loaded once a language; width and look change under it, as they do for a person who
turns the phone or whose device goes dark. The dark look is judged by its contrasts alone, and
once: colours do not depend on the language.
"""

from collections.abc import Callable
from typing import Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from playwright.sync_api import Page, expect

from tasuki.blueprint.models import BlueprintDraft
from tasuki.connect.models import ImportRun
from tasuki.journeys.models import BlueprintVersion, Handoff, Journey
from tasuki.notices.models import Notice, Webhook
from tasuki.people.models import Team, WorkingCalendar
from tests.browser.conftest import NewContext, SignedIn
from tests.browser.visiting import Watched, a_journey, person, sheet
from tests.people.factories import NOW

pytestmark = pytest.mark.browser

WIDE: Final = {"width": 1440, "height": 900}
PHONE: Final = {"width": 390, "height": 844}
_LOOKS: Final = {"ja": ("light", "dark"), "en": ("light",)}
_TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_ALL: Final = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": _TAGS}}
_CONTRASTS: Final = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "rule", "values": ["color-contrast"]},
}
_OUTSIDE: Final = ("/sign-in/", "/password/forgotten/", "/password/forgotten/sent/")
_INSIDE: Final = (
    "/my-day/",
    "/my-day/team/",
    "/handoffs/",
    "/handoffs/?shelf=given",
    "/handoffs/?shelf=lately&person=any",
    "/handoffs/{offered}/",
    "/handoffs/{offered}/return/",
    "/handoffs/{taken}/",
    "/handoffs/{taken}/briefing/",
    "/handoffs/{taken}/announcement/",
    "/journeys/{ready}/hand-over/marketing_to_inside_sales/",
    "/course/",
    "/course/?period=2020-01",
    "/course/by/",
    "/course/records/",
    "/journeys/?q=検見",
    "/journeys/?q=nothing-of-this-name",
    "/journeys/filters/",
    "/journeys/new/",
    "/journeys/{journey}/",
    "/journeys/{journey}/edit/",
    "/journeys/{journey}/stays/1/",
    "/journeys/{journey}/moves/advance/",
    "/journeys/{journey}/moves/lose/",
    "/journeys/{journey}/activities/call/",
    "/journeys/{journey}/deal/",
    "/journeys/{journey}/details/",
    "/journeys/{journey}/owner/",
    "/journeys/{customer}/",
    "/accounts/?q=検見",
    "/accounts/new/",
    "/accounts/{account}/",
    "/accounts/{account}/details/",
    "/persons/?q=七星",
    "/persons/new/",
    "/persons/{contact}/",
    "/persons/{contact}/details/",
    "/search/?q=検見",
    "/search/?q=nothing-of-this-name",
    "/duplicates/",
    "/imports/",
    "/imports/new/",
    "/imports/{run}/",
    "/imports/{run}/mapping/",
    "/imports/{run}/mapping/text/",
    "/people/",
    "/people/invite/",
    "/people/roles/",
    "/people/teams/",
    "/people/teams/new/",
    "/people/teams/{team}/",
    "/people/working-time/",
    "/people/working-time/calendars/{calendar}/",
    "/people/{user}/",
    "/me/",
    "/me/notices/",
    "/notices/",
    "/notices/?show=all",
    "/notices/webhooks/",
    "/notices/webhooks/new/",
    "/notices/webhooks/{hook}/",
    "/process/",
    "/process/versions/",
    "/process/versions/{version}/changes/",
    "/process/drafts/{draft}/",
    "/process/drafts/{draft}/text/",
    "/process/drafts/{draft}/changes/",
    "/process/drafts/{draft}/stages/1/",
    "/process/drafts/{draft}/stages/1/items/1/",
    "/process/drafts/{draft}/sides/0/",
    "/process/drafts/{draft}/contracts/0/",
    "/sign-out/",
    "/styleguide/",
    "/no-such-page/",
)
_CROWDED: Final = ("/journeys/", "/accounts/", "/persons/", "/search/?q=東")
_NOTICES: Final = (
    ("offered", "plain"),
    ("due_soon", "soon"),
    ("overdue", "breach"),
    ("won", "plain"),
)
_LEADS: Final = (
    "会社名,氏名,登録日\n株式会社検分,山田 花子,2026-10-01\n株式会社検分二,山田 二葉,昨日\n"
)


@pytest.fixture(scope="module")
def places(site: str) -> dict[str, int]:
    """Records that pages are about, by the word that stands for them in an address."""
    client = Client()
    client.force_login(person("admin"))
    upload = SimpleUploadedFile("leads.csv", _LEADS.encode(), "text/csv")
    client.post("/imports/new/", {"files": upload})
    run = ImportRun.objects.latest("pk")
    chosen = ("account.name", "person.full_name", "stage.LEAD")
    columns = ("会社名", "氏名", "登録日")
    answers = {f"leads.csv/{name}": to for name, to in zip(columns, chosen, strict=True)}
    client.post(
        f"/imports/{run.pk}/mapping/",
        {"source": "seen", "currency": "JPY", "gates": "as_recorded"} | answers,
    )
    won = Journey.objects.filter(stage="ADOPT").first()
    journey = a_journey(person("field"), stage="SAO", name="検見川機工")
    for _ in range(2):
        a_journey(person("field"), stage="SAO", name="重複検見機工")
    typed = {"name": "#検分", "url": "https://hooks.example.com/1", "groups": "outcomes"}
    client.post("/notices/webhooks/new/", typed | {"pace": "now", "is_active": "on"})
    for number, (kind, urgency) in enumerate(_NOTICES):
        Notice.objects.create(
            user=person("admin"),
            key=f"seen:{number}",
            kind=kind,
            urgency=urgency,
            facts={"company": "株式会社検分", "by": "検見 一", "due_at": NOW.isoformat()},
            url=f"/journeys/{journey.pk}/",
            created_at=NOW,
            read_at=NOW if kind == "won" else None,
        )
    ready = a_journey(person("field"), stage="MQL", name="引渡機工")
    waiting = a_journey(person("field"), stage="SQL", name="受諾待機工")
    packet = Handoff.objects.create(
        journey=waiting,
        cycle=1,
        contract="inside_sales_to_field_sales",
        kind="forward",
        blueprint_id=waiting.blueprint_id,
        giver_department="inside_sales",
        taker_department="field_sales",
        state="offered",
        values={"need": "二重入力をなくしたい"},
        completeness_ratio=0.5,
        offered_at=NOW,
        accept_due_at=NOW,
    )
    current = BlueprintVersion.objects.get(is_current=True)
    client.post("/process/drafts/begin/", {"version": current.pk})
    draft = BlueprintDraft.objects.latest("pk")
    broken = draft.text.replace("stall_days: 14", "stall_days: 0", 1)
    client.post(f"/process/drafts/{draft.pk}/text/", {"text": broken, "revision": 1})
    accepted = Handoff.objects.filter(state="accepted", taker_department="success")
    return {
        "version": current.pk,
        "draft": draft.pk,
        "hook": Webhook.objects.latest("pk").pk,
        "journey": journey.pk,
        "ready": ready.pk,
        "offered": packet.pk,
        "taken": accepted.latest("pk").pk,
        "customer": won.pk if won else journey.pk,
        "account": won.account_id if won else journey.account_id,
        "contact": journey.person_id or 0,
        "run": run.pk,
        "team": Team.objects.earliest("pk").pk,
        "calendar": WorkingCalendar.objects.create(name="店舗").pk,
        "user": person("west2").pk,
    }


def faults(
    page: Page, within: str | None = None, looks: tuple[str, ...] = ("light", "dark")
) -> list[str]:
    """What is wrong with the page, or a part of it, as it stands now: wide and on a phone."""
    found: list[str] = []
    for width in (WIDE, PHONE):
        page.set_viewport_size(width)  # type: ignore[arg-type]
        for look in looks:
            page.emulate_media(color_scheme=look, reduced_motion="reduce")  # type: ignore[arg-type]
            answer = Axe().run(page, within, options=_ALL if look == "light" else _CONTRASTS)
            found += [
                f"{width['width']} {look}: {one['id']}: {node['target']} {node['html'][:160]}"
                for one in answer.response["violations"]
                for node in one["nodes"]
            ]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{width['width']}: the page scrolls sideways")
    return found


def speak(page: Page, site: str, language: str) -> None:
    """Choose a language as the device remembers it."""
    page.context.add_cookies(
        [{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": site}]
    )


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("address", _INSIDE)
def test_a_page_is_for_everybody(
    address: str,
    language: str,
    places: dict[str, int],
    site: str,
    signed_in: SignedIn,
    watched: Watched,
) -> None:
    if address == "/no-such-page/":
        watched.expected.add(404)
    page = signed_in("admin", reduced_motion="reduce")
    speak(page, site, language)
    page.goto(address.format(**places))
    assert page.locator("html").get_attribute("lang") == language
    assert faults(page, looks=_LOOKS[language]) == []


@pytest.mark.parametrize("address", _CROWDED)
def test_a_full_list_is_for_everybody(address: str, signed_in: SignedIn) -> None:
    page = signed_in("admin", reduced_motion="reduce")
    page.goto(address)
    assert faults(page, looks=("light",)) == []


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("address", _OUTSIDE)
def test_a_page_outside_is_for_everybody(
    address: str, language: str, site: str, new_context: NewContext
) -> None:
    page = new_context().new_page()
    speak(page, site, language)
    page.goto(address)
    assert faults(page) == []


def _open_palette(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.insert_text("東")
    expect(page.locator("#palette-list mark").first).to_be_visible()


def _open_filters(page: Page) -> None:
    page.locator("a[href*='/journeys/filters/']").click()
    sheet(page, "#drawer")


def _open_edit(page: Page) -> None:
    page.locator("tr[data-row] .cell-edit").first.click()
    sheet(page)


def _open_views(page: Page) -> None:
    page.locator("main details[data-menu] > summary").first.click()


def _select_rows(page: Page) -> None:
    page.locator(".row-check").first.check()
    expect(page.locator("[data-bulk]")).to_be_visible()


@pytest.mark.parametrize(
    ("act", "part"),
    [
        (_open_palette, "#palette"),
        (_open_filters, "#drawer"),
        (_open_edit, "#dialog"),
        (_open_views, "details[open]"),
        (_select_rows, "[data-bulk]"),
    ],
    ids=["palette", "filters", "edit", "views", "bulk"],
)
def test_what_opens_over_a_list_is_for_everybody(
    act: Callable[[Page], None], part: str, signed_in: SignedIn
) -> None:
    page = signed_in("admin", reduced_motion="reduce")
    page.goto("/journeys/")
    act(page)
    assert faults(page, part) == []


def test_a_refused_form_is_for_everybody(signed_in: SignedIn, watched: Watched) -> None:
    watched.expected.add(422)
    page = signed_in("admin", reduced_motion="reduce")
    page.goto("/people/invite/")
    with page.expect_navigation():
        page.locator("main form").evaluate("it => { it.noValidate = true; it.requestSubmit(); }")
    expect(page.locator(".field-error").first).to_be_visible()
    assert faults(page) == []


def test_a_closed_page_is_for_everybody(signed_in: SignedIn, watched: Watched) -> None:
    watched.expected.add(403)
    page = signed_in("audit")
    page.goto("/people/")
    assert faults(page) == []
