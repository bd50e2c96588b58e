"""The course as people open it: figures, filters, reach, export, and the records behind."""

import csv
import io
import re
from datetime import UTC, datetime
from html import unescape

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tasuki.core.access import Role, Scope
from tasuki.core.departments import Department
from tasuki.core.lifecycle import Exit
from tasuki.journeys.models import Journey, Stay
from tasuki.people.models import AccountEvent, RoleGrant, Team, User
from tests.analytics.company import Company, Step, at, found_company
from tests.dashboards.living import Staff, live

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 1, 3, tzinfo=UTC)
FIGURE = re.compile(r'href="(/course/records/\?[^"]*)"[^>]*>\s*(?:<strong>)?([\d,]+)<')


@pytest.fixture(autouse=True)
def _fixed_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def company() -> Company:
    return found_company()


@pytest.fixture
def staff() -> Staff:
    teams = {
        department.value: Team.objects.create(
            name_ja=department.label.ja, department=department.value
        )
        for department in Department
    }
    people = {
        code: [_hired(f"{code}{number}@example.jp", team) for number in range(2)]
        for code, team in teams.items()
    }
    return Staff(teams, people)


def _hired(
    email: str, team: Team | None = None, role: Role = Role.MEMBER, sees: Scope = Scope.ALL
) -> User:
    user = User.objects.create_user(email, family_name="見本", team=team)
    department = team.department if team else ""
    RoleGrant.objects.create(user=user, role=role.value, department=department, sees=sees.value)
    return user


def _client(role: Role | None = Role.EXECUTIVE, language: str = "ja") -> Client:
    user = User.objects.create_user("viewer@example.jp", family_name="高橋")
    if role:
        RoleGrant.objects.create(user=user, role=role.value)
    client = Client()
    client.cookies["tasuki_language"] = language
    client.force_login(user)
    return client


def _offered(html: str, name: str) -> set[str]:
    """Return what a filter of the page can be set to, besides all and none."""
    select = html.partition(f'name="{name}" data-autosubmit')[2].partition("</select>")[0]
    return set(re.findall(r'<option value="(\d+)"', select))


def _lead(company: Company, entered: str = "2026-05-01", **columns: object) -> None:
    company.journey(
        [
            Step("LEAD", entered, "2026-05-10", Exit.ADVANCED, "MQL"),
            Step("MQL", "2026-05-10"),
        ],
        **columns,  # type: ignore[arg-type]
    )


def _text(client: Client, url: str, **headers: str) -> str:
    response = client.get(url, headers=headers or None)
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_draws_the_whole_process(company: Company) -> None:
    _lead(company)

    html = _text(_client(), "/course/")

    assert '<svg class="course-svg"' in html
    for word in ("リード", "商談化", "オンボーディング", "育成戻し", "解約"):
        assert word in html


def test_every_figure_on_the_page_is_the_number_of_its_records(
    company: Company, staff: Staff
) -> None:
    live(company=company, staff=staff, count=60, end=NOW.astimezone(at("2026-01-01").tzinfo))
    client = _client()

    figures = FIGURE.findall(_text(client, "/course/?period=last_90_days"))

    assert len(figures) > 60
    for url, number in sorted(set(figures)):
        listed = re.search(r'data-total="(\d+)"', _text(client, unescape(url)))
        assert listed is not None
        assert int(listed.group(1)) == int(number.replace(",", "")), url


def test_every_figure_of_the_breakdown_is_the_number_of_its_records(
    company: Company, staff: Staff
) -> None:
    live(company=company, staff=staff, count=60, end=NOW.astimezone(at("2026-01-01").tzinfo))
    client = _client()

    for by in ("channel", "segment", "team", "owner", "motion", "campaign"):
        figures = FIGURE.findall(_text(client, f"/course/by/?period=last_90_days&by={by}"))
        assert figures
        for url, number in figures:
            listed = re.search(r'data-total="(\d+)"', _text(client, unescape(url)))
            assert listed is not None
            assert int(listed.group(1)) == int(number.replace(",", "")), url


def test_filters_stand_in_the_url_and_narrow_the_figures(company: Company) -> None:
    _lead(company, channel="seo", segment="smb")
    _lead(company)

    html = _text(_client(), "/course/?channel=seo&segment=smb")

    assert "channel=seo" in html
    assert '<option value="seo" selected>' in html
    assert (
        "stage=LEAD&amp;entered_from=2026-03-04&amp;entered_to=2026-06-01&amp;channel=seo" in html
    )


def test_htmx_gets_the_body_and_the_shortest_address(company: Company) -> None:
    _lead(company)
    url = "/course/?by=channel&period=last_90_days&compare=previous&channel=&segment="

    response = _client().get(url, headers={"HX-Request": "true"})

    assert response.headers["HX-Push-Url"] == "/course/"
    assert response.content.decode().lstrip().startswith('<div id="course-body"')


@pytest.mark.parametrize(
    ("parameters", "shown"),
    [
        ("period=all", "全期間"),
        ("period=fiscal_year", "2026年度"),
        ("period=custom&from=2026-05-01&to=2026-05-31", "2026年5月"),
        ("period=custom", "2026年3月4日"),
        ("from=2026-05-01&to=2026-05-31", "2026年5月"),
        ("period=fiscal_year&from=2026-05-01&to=", "2026年度"),
        ("period=yesterday", "2026年5月31日"),
        ("compare=last_year", "2025年3月4日"),
        ("compare=none", "比較しない"),
        ("compare=unknown&by=unknown", "前の期間"),
        ("period=nonsense", "この名前の期間はありません"),
        ("period=custom&from=2026-05-31&to=2026-05-01", "終了日が開始日より前です"),
        ("channel=-,seo&owner=-,x&team=1", "複数"),
    ],
)
def test_periods_and_comparisons(company: Company, parameters: str, shown: str) -> None:
    _lead(company)

    assert shown in _text(_client(), f"/course/?{parameters}")


def test_an_empty_company_is_told_what_to_do(company: Company) -> None:
    html = _text(_client(Role.ADMIN), "/course/")

    assert "ジャーニーはまだありません" in html
    assert 'href="/imports/"' in html


def test_an_empty_period_offers_all_time(company: Company) -> None:
    _lead(company)

    html = _text(_client(), "/course/?period=custom&from=2024-01-01&to=2024-01-31")

    assert "この期間には残高も動きもありません" in html
    assert "/course/?period=all" in html


@pytest.mark.parametrize("url", ["/course/", "/course/by/", "/course/records/"])
def test_without_a_process_it_says_so(url: str) -> None:
    assert "プロセスがまだ準備されていません" in _text(_client(), url)


def test_without_a_process_there_is_nothing_to_export() -> None:
    assert "プロセスがまだ準備されていません" in _text(_client(), "/course/export.csv")


def test_english_is_complete(company: Company) -> None:
    _lead(company)

    html = _text(_client(language="en"), "/course/")

    assert "Flow and balance" in html
    assert "Inside sales" in html


@pytest.mark.parametrize(
    "url", ["/course/", "/course/by/", "/course/records/", "/course/export.csv"]
)
def test_without_the_right_nothing_is_shown(company: Company, url: str) -> None:
    _lead(company)

    response = _client(role=None).get(url)

    assert response.status_code == 403
    assert "MQL" not in response.content.decode()


def test_a_viewer_may_look_but_not_export(company: Company) -> None:
    client = _client(Role.VIEWER)

    assert client.get("/course/").status_code == 200
    assert client.get("/course/export.csv").status_code == 403


def test_it_is_remembered_who_took_the_course_along(company: Company) -> None:
    told = _client().get("/course/export.csv?period=all").content.decode("utf-8-sig")

    kept = AccountEvent.objects.get(action="exported")
    assert kept.detail == f"/course/export.csv?period=all ({len(told.splitlines()) - 1})"


def test_nobody_signed_in_is_sent_to_sign_in() -> None:
    response = Client().get("/course/")

    assert response.status_code == 302
    assert response.headers["Location"].startswith("/sign-in/")


def test_somebody_who_sees_their_own_sees_only_that(company: Company) -> None:
    team = Team.objects.create(name_ja="内勤", department="inside_sales")
    mine = _hired("mine@example.jp", team, sees=Scope.OWN)
    yours = _hired("yours@example.jp", team)
    for owner in (mine, yours, yours):
        company.journey([Step("SAL", "2026-05-01", owner=owner, team=team)])
    client = Client()
    client.force_login(mine)

    own = _text(client, "/course/records/?stage=SAL&state=open")
    beyond = _text(client, f"/course/records/?stage=SAL&state=open&owner={yours.pk}")

    assert 'data-total="1"' in own
    assert 'data-total="0"' in beyond
    assert "該当する滞在はありません" in beyond
    filters = _text(client, "/course/")
    assert f'<option value="{mine.pk}"' in filters


def test_somebody_of_a_team_chooses_within_it(company: Company) -> None:
    teams = [Team.objects.create(name_ja=name, department="inside_sales") for name in "甲乙"]
    other = Team.objects.create(name_ja="丙", department="marketing")
    member = _hired("member@example.jp", teams[0], sees=Scope.TEAM)
    colleague = _hired("colleague@example.jp", teams[0])
    stranger = _hired("stranger@example.jp", other)
    company.journey([Step("SAL", "2026-05-01", owner=member, team=teams[0])])
    client = Client()
    client.force_login(member)

    html = _text(client, "/course/")
    RoleGrant.objects.filter(user=member).update(sees=Scope.DEPARTMENT.value)
    wider = _text(client, "/course/")

    assert _offered(html, "team") == {str(teams[0].pk)}
    assert _offered(html, "owner") == {str(member.pk), str(colleague.pk)}
    assert _offered(wider, "team") == {str(team.pk) for team in teams}
    assert str(stranger.pk) not in _offered(wider, "owner")


def test_the_export_has_a_line_for_each_stage(company: Company) -> None:
    _lead(company, amount_minor=500, currency="JPY", amount_reporting_minor=500)

    response = _client().get("/course/export.csv?period=custom&from=2026-05-01&to=2026-05-31")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))

    assert response.headers["Content-Disposition"] == (
        'attachment; filename="course_2026-05-01_2026-05-31.csv"'
    )
    assert len(rows) == 19
    lead = dict(zip(rows[0], rows[1], strict=True))
    assert lead["コード"] == "LEAD"
    assert (lead["流入"], lead["前進"], lead["期末の残高"]) == ("1", "1", "0")
    assert lead["滞在日数(中央値)"] == "9.0"
    assert rows[2][-1] == "500"


def test_the_export_of_all_time_carries_no_live_formula(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    _lead(company)

    response = _client().get("/course/export.csv?period=all")

    assert "course_all.csv" in response.headers["Content-Disposition"]
    for row in csv.reader(io.StringIO(response.content.decode("utf-8-sig"))):
        assert not any(cell.startswith(("=", "+", "@", "\t")) for cell in row)


def test_records_name_the_filters_in_force(company: Company) -> None:
    _lead(company, channel="seo")
    owner = _hired("owner@example.jp")
    client = _client()

    html = _text(
        client, f"/course/records/?channel=seo,-&owner={owner.pk},x&kind=renewal,?&motion=abm"
    )

    for words in ("チャネル不明, seo（日）", "見本, x", "?, 更新", "ABM"):
        assert words in html


def test_records_come_in_pages_and_none_twice(company: Company) -> None:
    for _ in range(60):
        company.journey([Step("LEAD", "2026-05-01")])
    client = _client()

    first = _text(client, "/course/records/?stage=LEAD&state=open")
    onward = re.search(r'rel="next" href="([^"]+)"', first)
    assert onward is not None
    second = _text(client, f"/course/records/{unescape(onward.group(1))}")

    keys = [re.findall(r'data-row="(\d+)"', html) for html in (first, second)]
    assert [len(found) for found in keys] == [50, 10]
    assert not set(keys[0]) & set(keys[1])
    assert 'rel="prev"' in second
    assert 'rel="next"' not in second


def test_records_say_what_was_selected(company: Company) -> None:
    _lead(company, channel="seo", title="新基幹の検討")
    company.journey(
        [
            Step("SAL", "2026-05-01", "2026-05-02", Exit.RETURNED, "MQL", "bad_data"),
            Step("MQL", "2026-05-02", "2026-05-03", Exit.LOST, "LOST", ""),
            Step("LOST", "2026-05-03"),
        ]
    )
    client = _client()

    went_on = _text(
        client,
        "/course/records/?stage=LEAD&exit=advanced&to=MQL&first=journey&channel=seo"
        "&entered_from=2026-05-01&entered_to=2026-05-31&left_to=2026-05-31",
    )
    returned = _text(client, "/course/records/?exit=returned,lost&reason=-&won=1&first=held")
    rested = _text(client, "/course/records/?stage=NOWHERE&open_on=2026-05-31&reason=price")

    assert "新基幹の検討" in went_on
    assert "各ジャーニーの最初の滞在" in went_on
    assert "理由なし" in returned
    assert "2026/05/31 (日)" in rested
    everything = _text(client, "/course/records/?after=nonsense")
    assert 'data-total="5"' in everything
    assert "滞在中" in everything


def test_records_of_stages_that_are_gone_keep_their_code(company: Company) -> None:
    _lead(company)
    Stay.objects.create(
        journey=Journey.objects.get(),
        number=9,
        cycle=1,
        visit=1,
        stage="OLD",
        department="marketing",
        entered_at=NOW,
        entered_recorded_at=NOW,
        left_at=NOW,
        left_recorded_at=NOW,
        exit="lost",
        to_stage="OLDER",
        reason="fashion",
        blueprint=company.version,
    )
    client = _client()

    records = _text(client, "/course/records/?stage=OLD&to=OLDER")

    assert "OLDER" in records
    assert "fashion" in records
    assert "fashion" in _text(client, "/course/?period=all")


@pytest.mark.parametrize(
    ("role", "target"),
    [
        (Role.ADMIN, "/course/"),
        (Role.PROCESS_OWNER, "/course/"),
        (Role.EXECUTIVE, "/course/"),
        (Role.MANAGER, "/course/"),
        (Role.MEMBER, "/my-day/"),
        (Role.VIEWER, "/my-day/"),
        (None, "/my-day/"),
    ],
)
def test_home_is_where_the_work_is(role: Role | None, target: str) -> None:
    response = _client(role).get("/")

    assert response.status_code == 302
    assert response.headers["Location"].startswith(target)


def test_the_page_costs_the_same_however_much_there_is(
    company: Company, staff: Staff, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = _client()
    live(company=company, staff=staff, count=40, end=NOW.astimezone(at("2026-01-01").tzinfo))
    client.get("/course/")

    with django_assert_max_num_queries(32):
        client.get("/course/")
