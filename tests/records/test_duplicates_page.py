"""Companies, people and duplicates: the pages and who may change what."""

import pytest
from django.test import Client

from tasuki.core.access import Grant, Role, Scope
from tasuki.journeys.kinds import ActivityKind
from tasuki.journeys.models import Account, Journey, Merge, NotDuplicate, Person
from tasuki.journeys.operations.facts import Touch, record_activity
from tasuki.journeys.operations.merging import merge
from tests.journeys import factories as make
from tests.people.factories import client_of, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _process() -> None:
    make.process()


def as_role(*grants: Grant | Role) -> Client:
    """A browser of somebody with the grants, reading English."""
    client = client_of(make_user(*grants))
    client.cookies["tasuki_language"] = "en"
    return client


@pytest.fixture
def browser() -> Client:
    """Somebody who may work on and merge everything."""
    return as_role(Role.MANAGER)


def twins() -> tuple[Journey, Account]:
    """A company with a journey, and its double with another one."""
    journey = make.journey()
    double = make.account("㈱青葉製作所", domain="aoba.example.co.jp", industry="製造")
    person = make.person(double, family_name="鈴木", email="suzuki@aoba.example.co.jp")
    other = make.journey(account_id=double.pk, person_id=person.pk, title="二件目")
    record_activity(
        journey_id=other.pk, touch=Touch(kind=ActivityKind.NOTE, body="影の記録"), act=make.act()
    )
    return journey, double


def test_a_company_shows_journeys_people_and_one_history(browser: Client) -> None:
    journey = make.journey(title="一件目")
    body = browser.get(f"/accounts/{journey.account_id}/").content.decode()
    for text in ("株式会社青葉製作所", "一件目", "山田 太郎", "Began: Lead"):
        assert text in body


def test_a_person_shows_company_and_journeys(browser: Client) -> None:
    journey = make.journey(title="一件目")
    body = browser.get(f"/persons/{journey.person_id}/").content.decode()
    for text in ("山田 太郎", "株式会社青葉製作所", "一件目", "yamada@aoba.example.co.jp"):
        assert text in body
    masked = as_role(Role.EXECUTIVE).get(f"/persons/{journey.person_id}/").content.decode()
    assert "yamada@aoba.example.co.jp" not in masked


def test_the_details_of_a_company_are_changed_and_a_stale_form_is_kept(browser: Client) -> None:
    account = make.account()
    address = f"/accounts/{account.pk}/details/"
    assert 'name="industry"' in browser.get(address).content.decode()
    typed = {"name": account.name, "industry": "製造", "revision": 1}
    assert browser.post(address, typed).status_code == 302
    account.refresh_from_db()
    assert account.industry == "製造"
    stale = browser.post(address, {**typed, "industry": "金融"})
    assert stale.status_code == 409
    assert 'value="金融"' in stale.content.decode()
    wrong = browser.post(address, {**typed, "revision": 2, "corporate_number": "123"})
    assert wrong.status_code == 422


def test_the_details_of_a_person_are_changed_and_hidden_ones_stay() -> None:
    person = make.person()
    address = f"/persons/{person.pk}/details/"
    owner = as_role(Role.PROCESS_OWNER)
    assert "yamada@" not in owner.get(address).content.decode()
    typed = {"family_name": "田中", "title": "部長", "revision": 1}
    assert owner.post(address, typed).status_code == 302
    person.refresh_from_db()
    assert (person.family_name, person.title) == ("田中", "部長")
    assert person.email == "yamada@aoba.example.co.jp"
    nameless = as_role(Role.MANAGER).post(address, {"revision": 2})
    assert nameless.status_code == 422


@pytest.mark.parametrize("role", [Role.VIEWER, Role.EXECUTIVE])
def test_who_only_reads_changes_no_company_and_no_person(role: Role) -> None:
    account, person = make.account(), make.person()
    client = as_role(role)
    assert client.get(f"/accounts/{account.pk}/").status_code == 200
    for address in (f"/accounts/{account.pk}/details/", f"/persons/{person.pk}/details/"):
        assert (
            client.post(address, {"name": "x", "family_name": "x", "revision": 1}).status_code
            == 403
        )
    account.refresh_from_db()
    assert account.revision == 1


def test_companies_and_people_out_of_sight_are_not_there() -> None:
    journey = make.journey()
    client = as_role(Grant(Role.MEMBER, sees=Scope.OWN))
    for address in (
        f"/accounts/{journey.account_id}/",
        f"/persons/{journey.person_id}/",
        f"/accounts/{journey.account_id}/details/",
        f"/persons/{journey.person_id}/details/",
        "/accounts/999999/",
        "/persons/999999/",
    ):
        assert client.get(address).status_code == 404


def test_a_merge_brings_both_histories_together_and_undoing_parts_them(browser: Client) -> None:
    journey, double = twins()
    winner_id = journey.account_id
    address = f"/duplicates/account/{winner_id}/{double.pk}/"
    assert "Same company name" in browser.get("/duplicates/").content.decode()
    assert "takes over: 1 journey, 1 person" in browser.get(address).content.decode()
    browser.post(address, {"winner": winner_id, "request_key": "m-1"})
    merged = Merge.objects.get()
    assert Journey.objects.filter(account_id=winner_id).count() == 2
    assert "影の記録" in browser.get(f"/accounts/{winner_id}/").content.decode()
    shadow = browser.get(f"/accounts/{double.pk}/")
    assert shadow.headers["Location"] == f"/accounts/{winner_id}/"
    browser.post(f"/merges/{merged.pk}/undo/")
    assert Journey.objects.filter(account_id=winner_id).count() == 1
    again = browser.post(f"/merges/{merged.pk}/undo/", follow=True)
    assert "This merge was undone before." in again.content.decode()


def test_the_record_that_stays_is_chosen(browser: Client) -> None:
    journey, double = twins()
    address = f"/duplicates/account/{journey.account_id}/{double.pk}/"
    assert browser.post(address, {"winner": "7"}).status_code == 422
    browser.post(address, {"winner": double.pk})
    assert Account.objects.get(pk=journey.account_id).merged_into_id == double.pk
    assert browser.get(address).status_code == 404


def test_people_are_merged_too(browser: Client) -> None:
    journey = make.journey()
    double = make.person(email="yamada@aoba.example.co.jp", title="部長")
    assert "Same e-mail address" in browser.get("/duplicates/?entity=person").content.decode()
    browser.post(
        f"/duplicates/person/{journey.person_id}/{double.pk}/", {"winner": journey.person_id}
    )
    assert Person.objects.get(pk=journey.person_id or 0).title == "部長"
    assert browser.get(f"/persons/{double.pk}/").status_code == 302


def test_what_is_not_the_same_is_not_suggested_again(browser: Client) -> None:
    journey, double = twins()
    browser.post(f"/duplicates/account/{journey.account_id}/{double.pk}/different/")
    assert NotDuplicate.objects.count() == 1
    assert "No duplicates found" in browser.get("/duplicates/").content.decode()


def test_a_possible_double_is_hinted_at_on_the_page(browser: Client) -> None:
    journey, double = twins()
    body = browser.get(f"/accounts/{journey.account_id}/").content.decode()
    assert f"/duplicates/account/{journey.account_id}/{double.pk}/" in body


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER, Role.EXECUTIVE, Role.PROCESS_OWNER])
def test_only_who_may_merge_merges(role: Role) -> None:
    journey, double = twins()
    client = as_role(role)
    pair = f"/duplicates/account/{journey.account_id}/{double.pk}/"
    assert client.get("/duplicates/").status_code == 403
    assert client.post(pair, {"winner": double.pk}).status_code == 403
    assert client.post(f"{pair}different/").status_code == 403
    assert not Merge.objects.exists()
    assert not NotDuplicate.objects.exists()
    merged = merge(
        entity="account", winner_id=journey.account_id, loser_id=double.pk, act=make.act()
    )
    assert client.post(f"/merges/{merged.pk}/undo/").status_code == 403
    merged.refresh_from_db()
    assert merged.undone_at is None
