"""What tests of screens share: who visits, what the browser complains about, what stands there."""

from datetime import date
from typing import Final

from django.conf import settings
from django.test import Client
from playwright.sync_api import ConsoleMessage, Locator, Page, Response, expect

from tasuki.connect.demo.staff import MAIL_DOMAIN
from tasuki.core.lifecycle import Advance
from tasuki.core.money import Money
from tasuki.journeys.actor import Act, Actor
from tasuki.journeys.models import Channel, Journey
from tasuki.journeys.operations.assignment import Holder
from tasuki.journeys.operations.facts import NextAction
from tasuki.journeys.operations.flow import HandOn, NewJourney, open_journey
from tasuki.journeys.operations.handoffs.deciding import accept_handoff
from tasuki.journeys.operations.handoffs.offering import Offer, offer_handoff
from tasuki.journeys.operations.learning import AMOUNT, move_knowing
from tasuki.journeys.operations.records import (
    AccountDetails,
    PersonDetails,
    create_account,
    create_person,
)
from tasuki.people.models import User
from tests.people.factories import NOW

_ANSWERS: Final = {
    "need": "二重入力をなくしたい",
    "meeting_date": "2026-11-10",
    "meeting_held_date": "2026-11-10",
    "agreed_issue": "月末の集計に三日かかる",
    "kickoff_date": "2026-11-16",
    "success_criterion": "集計が一日で終わる",
}
_TOLD: Final = {
    "answers.why_bought": "集計の自動化が決め手",
    "answers.scope": "経理部の12名",
    "answers.stakeholders": "推進者は経理課長、決裁は管理本部長",
    "answers.promises": "約束した個別対応はない",
    "answers.expectation": "月末の残業をなくしたい",
}
_HEAR_POLICY: Final = """document.addEventListener("securitypolicyviolation", (event) =>
    console.error(`Content Security Policy: ${event.violatedDirective} ${event.blockedURI}`))"""

_GAVE_WAY: Final = ("htmx:afterRequest", "htmx:sendAbort")
"""What htmx says of a check that a newer one has replaced; a lost one says `htmx:sendError`."""


class Watched:
    """Errors of scripts, blocked content and failed answers of all pages of a test."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.expected: set[int] = set()
        """Statuses that this test brings about on purpose."""

    def watch(self, page: Page) -> None:
        """Listen to a page from its first moment on."""
        page.add_init_script(_HEAR_POLICY)
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.texts.append(str(error)))
        page.on("response", self._on_response)

    def _on_console(self, message: ConsoleMessage) -> None:
        # Failed answers are judged by their status, which this text repeats.
        repeats_status = "Failed to load resource" in message.text or any(
            str(status) in message.text for status in self.expected
        )
        gave_way = message.text.startswith(_GAVE_WAY)
        if message.type == "error" and not repeats_status and not gave_way:
            self.texts.append(message.text)

    def _on_response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.texts.append(f"{response.status} {response.url}")


def person(login: str) -> User:
    """Return somebody of the company by the first part of the mail address."""
    return User.objects.get(email=f"{login}@{MAIL_DOMAIN}")


def session_of(user: User) -> str:
    """Return the key of a new session, without walking through the door."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def a_journey(owner: User, *, stage: str, name: str = "北斗星雲機工") -> Journey:
    """Open a journey of a company of its own, held by this person, in any stage."""
    act = Act(actor=Actor(user_id=owner.pk, kind="user", label="test"), now=NOW)
    company = create_account(details=AccountDetails(name=f"株式会社{name}"), act=act)
    contact = create_person(
        details=PersonDetails(
            account_id=company.pk,
            family_name="七星",
            given_name="直美",
            email=f"nanase@c{company.pk}.example",
        ),
        act=act,
    )
    new = NewJourney(
        account_id=company.pk,
        person_id=contact.pk,
        stage="SAO" if stage == "ONB" else stage,
        channel_id=Channel.objects.get(code="webinar").pk,
        holder=Holder(owner_id=owner.pk, team_id=owner.team_id),
        next_action=NextAction(what="お電話する", due_date=NOW.date()),
        answers=_ANSWERS,
    )
    journey = open_journey(new=new, act=act)
    if stage == "ONB":
        facts = {AMOUNT: Money(1_200_000, "JPY"), "answers.contract_start_date": "2026-12-01"}
        hand_on = HandOn(holder=new.holder, next_action=new.next_action)
        move_knowing(
            journey_id=journey.pk, move=Advance("WON"), facts=facts, hand_on=hand_on, act=act
        )
        packet = offer_handoff(
            journey_id=journey.pk,
            contract="field_sales_to_success",
            offer=Offer(facts=_TOLD),
            act=act,
        )
        accept_handoff(
            handoff_id=packet.pk, act=act, holder=new.holder, next_action=new.next_action
        )
        journey.refresh_from_db()
    return journey


def follow(control: Locator) -> None:
    """Press what leads to another page, and wait until that page stands and its scripts listen."""
    with control.page.expect_navigation():
        control.click()


def sheet(page: Page, slot: str = "#dialog") -> Locator:
    """Return the form that opens over the page, once its controls listen."""
    form = page.locator(f"{slot} form")
    expect(form).to_be_visible()
    expect(page.locator(".htmx-request, .htmx-settling")).to_have_count(0)
    return form


def stage_counts(page: Page) -> dict[str, int]:
    """Return the balance of each stage, by its code, as the course's table shows it."""
    page.goto("/course/?period=all")
    rows = page.locator(".course-table tbody tr:has(.course-stage)")
    counts: dict[str, int] = {}
    for row in rows.all():
        code = row.locator("th .cell-sub").first.inner_text().strip()
        figure = row.locator("td").nth(5).locator("strong").inner_text()
        counts[code] = int(figure.replace(",", ""))
    return counts


def fill_required(form: Locator, *, day: date) -> None:
    """Give every required field of a form something that fits."""
    for field in form.locator(":is(input, select, textarea)[required]").all():
        kind = field.get_attribute("type") or field.evaluate("it => it.tagName.toLowerCase()")
        if field.input_value() and kind not in {"checkbox", "radio"}:
            continue
        match kind:
            case "checkbox" | "radio":
                field.check()
            case "select":
                field.select_option(index=1)
            case "date":
                field.fill(day.isoformat())
            case _ if field.get_attribute("data-money") is not None:
                field.fill("1200000")
            case _:
                field.fill("確認済みです")
