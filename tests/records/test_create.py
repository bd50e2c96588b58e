"""New companies, people and journeys: warned of doubles, refused with reasons, nothing lost."""

import pytest
from django.test import Client

from tasuki.core.access import Grant, Role
from tasuki.core.departments import Department
from tasuki.journeys.models import Account, AssignmentDecision, Channel, Journey, Person
from tests.journeys import factories
from tests.people.factories import client_of, make_user
from tests.records.scenes import admin

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def process() -> None:
    """The default process, published."""
    factories.process()


@pytest.fixture
def browser() -> Client:
    """A browser of somebody who may do everything."""
    return client_of(admin())


def test_a_company_is_added(browser: Client) -> None:
    assert browser.get("/accounts/new/").status_code == 200
    answer = browser.post(
        "/accounts/new/",
        {"name": "株式会社青葉", "domain": "https://www.aoba.co.jp/", "segment": "mid"},
    )

    account = Account.objects.get()
    assert answer.headers["Location"] == f"/accounts/{account.pk}/"
    assert (account.domain, account.segment) == ("aoba.co.jp", "mid")


def test_wrong_details_come_back_with_what_to_change(browser: Client) -> None:
    answer = browser.post(
        "/accounts/new/",
        {"name": "青葉", "corporate_number": "123", "phone": "abc", "industry": "製造"},
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="製造"' in page
    assert page.count('aria-invalid="true"') == 2
    assert not Account.objects.exists()


def test_a_double_is_warned_of_while_typing(browser: Client) -> None:
    there = factories.account("株式会社青葉", domain="aoba.co.jp")

    by_name = browser.get("/accounts/similar/?name=㈱青葉").content.decode()
    by_domain = browser.get("/accounts/similar/?name=別&domain=aoba.co.jp").content.decode()

    assert f'href="/accounts/{there.pk}/"' in by_name
    assert f'href="/accounts/{there.pk}/"' in by_domain
    assert "href" not in browser.get("/accounts/similar/?name=桜&domain=..").content.decode()


def test_a_person_is_added_and_warned_of(browser: Client) -> None:
    company = factories.account()
    assert browser.get(f"/persons/new/?account={company.pk}").status_code == 200
    typed = {"account": company.pk, "family_name": "山田", "email": "Yamada@Aoba.co.jp"}
    answer = browser.post("/persons/new/", typed)

    person = Person.objects.get()
    assert answer.headers["Location"] == f"/persons/{person.pk}/"
    assert person.email_key == "yamada@aoba.co.jp"
    warned = browser.get("/persons/similar/?email=yamada@aoba.co.jp").content.decode()
    assert f'href="/persons/{person.pk}/"' in warned
    wrong = browser.post("/persons/new/", {**typed, "email": "nonsense"})
    assert wrong.status_code == 422
    assert Person.objects.count() == 1


def test_a_journey_begins(browser: Client) -> None:
    company = factories.account()
    person = factories.person(company)
    assert browser.get(f"/journeys/new/?person={person.pk}").status_code == 200
    typed = {
        "account": company.pk,
        "person": person.pk,
        "channel": Channel.objects.get(code="webinar").pk,
        "stage": "LEAD",
        "next_action": "電話する",
        "next_action_date": "2027-01-15",
        "request_key": "once",
    }
    answer = browser.post("/journeys/new/", typed)
    again = browser.post("/journeys/new/", typed)

    journey = Journey.objects.get()
    assert answer.headers["Location"] == again.headers["Location"] == f"/journeys/{journey.pk}/"
    assert journey.stage == "LEAD"


def test_a_gate_that_is_not_met_is_told_and_nothing_is_lost(browser: Client) -> None:
    company = factories.account("青葉運輸")

    answer = browser.post(
        "/journeys/new/",
        {
            "account": company.pk,
            "channel": Channel.objects.get(code="webinar").pk,
            "stage": "O2",
            "next_action": "電話する",
            "next_action_date": "2027-01-15",
        },
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "提案金額" in page
    assert "青葉運輸" in page
    assert "電話する" in page
    assert not Journey.objects.exists()


def test_a_next_action_of_spaces_is_none(browser: Client) -> None:
    answer = browser.post("/journeys/new/", {"next_action": "  "})

    assert answer.status_code == 422


@pytest.mark.parametrize("path", ["/accounts/new/", "/persons/new/", "/journeys/new/"])
def test_who_only_looks_adds_nothing(path: str) -> None:
    assert client_of(make_user(Role.VIEWER)).get(path).status_code == 403


def test_a_journey_of_nobody_goes_by_the_rules_of_assignment(browser: Client) -> None:
    marketer = make_user(Grant(Role.MEMBER, Department.MARKETING))
    typed = {
        "account": factories.account().pk,
        "channel": Channel.objects.get(code="webinar").pk,
        "stage": "LEAD",
        "owner": "",
        "next_action": "電話する",
        "next_action_date": "2027-01-15",
    }

    browser.post("/journeys/new/", typed)

    journey, decision = Journey.objects.get(), AssignmentDecision.objects.get()
    assert journey.owner == decision.chosen == marketer
    assert (decision.journey_id, decision.cause) == (journey.pk, "opened")
