"""The lists as people use them: pages, filters as chips, views, columns, and what is hidden."""

import pytest
from django.test import Client

from tasuki.core.access import Grant, Role, Scope
from tasuki.journeys.models import Journey
from tasuki.records.models import ListColumns, SavedView
from tests.journeys import factories
from tests.people.factories import client_of, make_team, make_user
from tests.records.scenes import admin, journey_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def process() -> None:
    """The default process, published."""
    factories.process()


@pytest.fixture
def browser() -> Client:
    """A browser of somebody who may do everything."""
    return client_of(admin())


def text(client: Client, path: str) -> str:
    """The page at a path."""
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_empty_lists_say_what_to_do(browser: Client) -> None:
    assert "ジャーニーはまだありません" in text(browser, "/journeys/")
    assert "取引先企業はまだありません" in text(browser, "/accounts/")
    assert "担当者はまだいません" in text(browser, "/persons/")


def test_a_list_shows_its_records_and_opens_them(browser: Client) -> None:
    journey = journey_of("株式会社青葉")

    page = text(browser, "/journeys/")

    assert "株式会社青葉" in page
    assert f'href="/journeys/{journey.pk}/" data-open' in page
    assert "株式会社青葉" in text(browser, "/accounts/")
    assert "yamada@aoba.example.co.jp" in text(browser, "/persons/")


@pytest.mark.parametrize("path", ["/journeys/", "/accounts/", "/persons/"])
def test_a_list_takes_the_same_queries_however_many_rows(
    path: str, browser: Client, django_assert_num_queries: object
) -> None:
    assert callable(django_assert_num_queries)
    queries = {"/journeys/": 8, "/accounts/": 9, "/persons/": 8}[path]
    journey_of("青葉")
    text(browser, path)
    with django_assert_num_queries(queries):
        text(browser, path)
    for number in range(12):
        journey_of(f"桜{number}")
    with django_assert_num_queries(queries):
        text(browser, path)


def test_filters_stand_in_the_address_and_come_off_one_by_one(browser: Client) -> None:
    journey_of("青葉")

    page = text(browser, "/journeys/?stage=LEAD&stage=MQL&q=青葉&sort=name")

    assert 'href="/journeys/?stage=MQL&amp;q=%E9%9D%92%E8%91%89&amp;sort=name"' in page
    assert "リード" in page
    assert "条件に合うジャーニーはありません" in text(browser, "/journeys/?q=存在しない")


@pytest.mark.parametrize(
    "query",
    [
        "stage=NOPE",
        "owner=xyz&team=!!",
        "entered_from=soon",
        "amount_from=much",
        "after=%00%00",
        "after=WyJ4IiwxLDBd",
        "at=someday",
        "sort=nothing",
        "q=%00",
        "segment=%00",
        "q=" + "長" * 300,
        "owner=99999999999999999999",
    ],
)
@pytest.mark.parametrize("path", ["/journeys/", "/accounts/", "/persons/"])
def test_a_broken_address_is_told_and_never_an_error(
    path: str, query: str, browser: Client
) -> None:
    assert browser.get(f"{path}?{query}").status_code == 200


def test_what_was_left_out_is_told(browser: Client) -> None:
    page = text(browser, "/journeys/?stage=NOPE&after=broken")

    assert "「ステージ」の値「NOPE」は使えないため、条件から外しました。" in page
    assert "先頭のページを表示しています" in page


def test_pages_follow_each_other(browser: Client) -> None:
    for number in range(51):
        journey_of(f"会社{number:02}")

    first = browser.get("/journeys/?sort=name")
    after = first.content.decode().split('rel="next" href="')[1].split('"')[0]
    second = browser.get(after.replace("&amp;", "&")).content.decode()

    assert "会社50" not in first.content.decode()
    assert "会社50" in second
    assert 'rel="prev"' in second
    assert "51件" in second


def test_htmx_gets_the_list_alone(browser: Client) -> None:
    response = browser.get("/journeys/", headers={"HX-Request": "true"})

    assert "<html" not in response.content.decode()


def test_a_view_is_saved_shared_and_deleted() -> None:
    team = make_team()
    owner, mate = admin(team=team), admin(team=team)
    stranger = admin()
    saved = client_of(owner).post(
        "/views/journeys/save/",
        {"name": "注力", "sharing": "team", "next": "/journeys/?stage=SQL&sort=name"},
    )

    view = SavedView.objects.get()
    assert (saved.status_code, view.query, view.team_id) == (302, "stage=SQL&sort=name", team.pk)
    assert "注力" in text(client_of(mate), "/journeys/")
    assert "注力" not in text(client_of(stranger), "/journeys/")
    client_of(mate).post(f"/views/{view.pk}/delete/")
    assert SavedView.objects.exists()
    client_of(owner).post(f"/views/{view.pk}/delete/")
    assert not SavedView.objects.exists()


def test_a_view_for_all_and_a_team_view_of_somebody_without_team() -> None:
    owner, other = admin(), admin()
    browser = client_of(owner)
    browser.post(
        "/views/accounts/save/", {"name": "大企業", "sharing": "all", "next": "/accounts/"}
    )
    browser.post("/views/accounts/save/", {"name": "内緒", "sharing": "team", "next": "//evil.jp/"})
    browser.post("/views/accounts/save/", {"name": " ", "sharing": "all"})

    page = text(client_of(other), "/accounts/")

    assert "大企業" in page
    assert SavedView.objects.get(name="内緒").sharing == "private"
    assert SavedView.objects.count() == 2


def test_columns_are_kept_for_each_person(browser: Client) -> None:
    journey_of("青葉")
    browser.post("/views/journeys/columns/", {"columns": ["stage", "fit", "nonsense"]})

    page = text(browser, "/journeys/")

    assert 'data-label="適合度"' in page
    assert 'data-label="金額"' not in page
    browser.post("/views/journeys/columns/", {})
    assert not ListColumns.objects.exists()
    assert 'data-label="金額"' in text(browser, "/journeys/")


def test_every_column_has_a_cell(browser: Client) -> None:
    journey = journey_of("青葉", temperature="hot")
    Journey.objects.filter(pk=journey.pk).update(amount_minor=5, currency="JPY", fit="A")
    for code, columns in (
        ("journeys", ["channel", "segment", "fit", "kind", "motion", "cycle", "opened_at"]),
        ("journeys", ["expected_close_date", "stage", "temperature", "last_activity_at"]),
        ("accounts", ["domain", "industry", "employees", "open_journeys", "updated_at"]),
        ("persons", ["account", "updated_at", "phone"]),
    ):
        browser.post(f"/views/{code}/columns/", {"columns": columns})
        assert text(browser, f"/{code}/").count("data-label") == len(columns)


def test_filters_open_beside_the_list(browser: Client) -> None:
    page = text(browser, "/journeys/filters/?stage=MQL&owner=me&open_on=2026-04-01&sort=name")

    assert 'value="MQL" checked' in page
    assert 'value="me" checked' in page
    assert 'name="open_on" value="2026-04-01"' in page


def test_personal_data_is_hidden_from_who_may_not_see_it() -> None:
    journey_of("青葉")
    browser = client_of(make_user(Role.VIEWER))

    people, journeys = text(browser, "/persons/"), text(browser, "/journeys/")

    assert "yamada@" not in people
    assert "y•••@aoba.example.co.jp" in people
    assert "太郎" not in people.split("<main")[1]
    assert "太郎" not in journeys.split("<main")[1]
    assert "条件に合う担当者はいません" in text(browser, "/persons/?q=yamada@aoba")


def test_a_narrow_right_narrows_every_list() -> None:
    user = make_user(Grant(Role.MEMBER, sees=Scope.OWN))
    journey_of("自分の会社", user)
    journey_of("他人の会社")
    browser = client_of(user)

    for path in ("/journeys/", "/accounts/", "/persons/"):
        page = text(browser, path)
        assert "自分の会社" in page
        assert "他人の会社" not in page


@pytest.mark.parametrize("path", ["/journeys/", "/accounts/", "/persons/", "/search/"])
def test_nobody_sees_anything_without_a_role(path: str) -> None:
    assert client_of(make_user()).get(path).status_code == 403
    assert client_of(None).get(path).status_code == 302


def test_a_list_speaks_english(browser: Client) -> None:
    journey_of("青葉")
    browser.cookies["tasuki_language"] = "en"

    page = text(browser, "/journeys/?stage=LEAD")

    assert "Lead" in page
    assert "1 record" in page


def test_names_stand_for_keys_in_chips(browser: Client) -> None:
    owner = admin(family_name="近藤", given_name="愛")
    journey = journey_of("青葉", owner)

    page = text(
        browser,
        f"/journeys/?owner={owner.pk}&account={journey.account_id}&channel=webinar&team=999"
        "&campaign=999&owner=none&reason=-",
    )

    assert "近藤 愛" in page
    assert "ウェビナー" in page or "セミナー" in page
    chips = text(browser, f"/accounts/?owner=me&segment=mid&named=1&account={journey.account_id}")
    assert "重点企業" in chips
