"""One search over everything, the command palette, and choices in forms."""

import pytest
from django.test import Client

from tasuki.core.access import Access, Grant, Role, Scope
from tasuki.journeys.models import Account
from tasuki.records.commands import commands_for
from tasuki.records.queries.highlight import Piece, pieces_of
from tests.journeys import factories
from tests.people.factories import client_of, make_user
from tests.records.scenes import admin, journey_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def process() -> None:
    """The default process, published."""
    factories.process()


def test_part_of_a_name_finds_company_person_and_journey() -> None:
    journey = journey_of("株式会社青葉製作所")

    page = client_of(admin()).get("/search/?q=青").content.decode()

    assert f'href="/journeys/{journey.pk}/"' in page
    assert f'href="/accounts/{journey.account_id}/"' in page
    assert "株式会社<mark>青</mark>葉製作所" in page
    assert "<mark>山</mark>田" in client_of(admin()).get("/search/?q=山").content.decode()


def test_search_says_what_to_do_without_a_query_or_a_result() -> None:
    browser = client_of(admin())

    assert "何でも探せます" in browser.get("/search/").content.decode()
    nothing = browser.get("/search/?q=存在しない会社").content.decode()
    assert "「存在しない会社」は見つかりませんでした" in nothing


def test_search_reaches_no_further_than_the_right() -> None:
    user = make_user(Grant(Role.MEMBER, sees=Scope.OWN))
    journey_of("青葉運輸")

    page = client_of(user).get("/search/?q=青葉").content.decode()

    assert "青葉運輸" not in page


def test_the_palette_offers_records_and_commands() -> None:
    journey_of("株式会社青葉製作所")
    browser = client_of(admin())

    found = browser.get("/search/palette/?q=あお", headers={"HX-Request": "true"})
    verbs = browser.get("/search/palette/?q=すすめる").content.decode()

    assert found.status_code == 200
    assert "<html" not in found.content.decode()
    assert "商談を進める" in verbs
    assert 'role="option"' in verbs


def test_the_palette_begins_with_what_is_next_for_me() -> None:
    user = admin()
    journey_of("青葉運輸", user)
    journey_of("桜運輸")

    page = client_of(user).get("/search/palette/").content.decode()

    assert "青葉運輸" in page
    assert "桜運輸" not in page


def test_commands_are_for_whom_they_are_for() -> None:
    looking = Access(user_id=1, grants=(Grant(Role.VIEWER),))
    labels = [each.label for each in commands_for(text="追加", access=looking, limit=9)]
    every = commands_for(text="", access=Access(user_id=1, grants=(Grant(Role.ADMIN),)), limit=3)

    assert labels == []
    assert len(every) == 3


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("ヤマト商会", ("やまと",), [Piece("ヤマト商会", hit=False)]),
        ("ヤマト商会", ("ヤマト",), [Piece("ヤマト", hit=True), Piece("商会", hit=False)]),
        ("ｱｵﾊﾞ", ("アオ",), [Piece("ｱｵ", hit=True), Piece("ﾊﾞ", hit=False)]),
        ("", ("ア",), []),
        ("AOBA Aoba", ("aoba",), [Piece("AOBA", hit=True), Piece(" Aoba", hit=False)]),
    ],
)
def test_where_a_word_stands(text: str, words: tuple[str, ...], expected: list[Piece]) -> None:
    assert pieces_of(text, words) == expected


def test_choices_of_a_form_are_searched(client: Client) -> None:
    journey = journey_of("青葉運輸")
    browser = client_of(admin())

    accounts = browser.get("/accounts/options/?q=青葉").content.decode()
    persons = browser.get("/persons/options/?q=やまだ").content.decode()

    assert f'data-value="{journey.account_id}"' in accounts
    assert "data-value" not in persons
    assert "山田" in browser.get("/persons/options/?q=山田").content.decode()
    assert Account.objects.count() == 1
