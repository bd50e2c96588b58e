"""Administration of people: inviting, roles, closing accounts, and what is refused."""

import pytest
from django.core import mail
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tasuki.core.access import Capability, Grant, Role, Scope
from tasuki.core.departments import Department
from tasuki.people.access import access_of
from tasuki.people.models import AccountEvent, RoleGrant, User
from tests.people.factories import client_of, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> User:
    return make_user(Role.ADMIN, family_name="帆足")


@pytest.fixture
def browser(admin: User) -> Client:
    return client_of(admin)


def fields_of(user: User, **changed: object) -> dict[str, object]:
    return {
        "email": user.email,
        "family_name": user.family_name,
        "given_name": user.given_name,
        "family_kana": user.family_kana,
        "given_kana": user.given_kana,
        "language": user.language,
        "display_order": user.display_order,
        "team": user.team_id or "",
        "joined_date": "",
    } | changed


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"帆足", "青木", "井上"}),
        ("q=青", {"青木"}),
        ("q=イノ", {"井上"}),
        ("q=aoki@", {"青木"}),
        ("q=木 一", {"青木"}),
        ("role=manager", {"井上"}),
        ("department=field_sales", {"井上"}),
        ("state=inactive", {"去年"}),
        ("state=all", {"帆足", "青木", "井上", "去年"}),
        ("role=nonsense&state=nonsense&team=abc", {"帆足", "青木", "井上"}),
        ("q=だれもいない", set()),
    ],
)
def test_the_list_is_filtered_by_its_address(
    browser: Client, admin: User, query: str, expected: set[str]
) -> None:
    make_user(Role.MEMBER, family_name="青木", given_name="一", email="aoki@example.jp")
    make_user(
        Grant(Role.MANAGER, Department.FIELD_SALES), family_name="井上", family_kana="イノウエ"
    )
    make_user(family_name="去年", is_active=False, deactivated_at=admin.created_at)
    response = browser.get(f"/people/?{query}")
    text = response.content.decode().split('id="people-results"')[1]
    assert {name for name in ("帆足", "青木", "井上", "去年") if name in text} == expected


def test_the_list_costs_the_same_however_long(
    browser: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    team = make_team()
    browser.get("/people/")
    for _ in range(3):
        make_user(Role.MEMBER, Role.VIEWER, team=team)
    with django_assert_num_queries(7) as few:
        browser.get("/people/")
    for _ in range(20):
        make_user(Role.MEMBER, Role.VIEWER, team=team)
    with django_assert_num_queries(len(few.captured_queries)):
        browser.get("/people/")


def test_inviting_sends_a_link_that_sets_the_first_password(browser: Client, admin: User) -> None:
    answer = browser.post(
        "/people/invite/",
        {
            "email": " New.Person@Example.JP ",
            "family_name": "新井",
            "given_name": "望",
            "language": "ja",
            "role": "member",
            "department": "inside_sales",
        },
    )
    user = User.objects.get(email="new.person@example.jp")
    assert answer.headers["Location"] == f"/people/{user.pk}/"
    assert not user.has_usable_password()
    assert access_of(user).grants == (Grant(Role.MEMBER, Department.INSIDE_SALES),)
    assert mail.outbox[0].to == ["new.person@example.jp"]
    assert mail.outbox[0].subject == "[Tasuki] Tasukiへの招待"
    link = next(line for line in mail.outbox[0].body.splitlines() if "/password/new/" in line)
    guest = Client()
    page = guest.get(link.replace("http://testserver", ""), follow=True)
    target = page.redirect_chain[-1][0]
    guest.post(target, {"password1": "hajimete-no-1", "password2": "hajimete-no-1"})
    user.refresh_from_db()
    assert user.check_password("hajimete-no-1")
    assert list(AccountEvent.objects.filter(user=user).values_list("action", "by")) == [
        ("granted", admin.pk),
        ("invited", admin.pk),
    ]


def test_an_address_belongs_to_one_person(browser: Client, admin: User) -> None:
    answer = browser.post(
        "/people/invite/",
        {"email": admin.email.upper(), "family_name": "二", "language": "ja", "role": "member"},
    )
    assert answer.status_code == 422
    assert "このメールアドレスはすでに使われています。" in answer.content.decode()
    assert User.objects.count() == 1
    assert mail.outbox == []


def test_the_invitation_is_sent_again_only_before_the_first_password(browser: Client) -> None:
    invited, settled = make_user(Role.MEMBER), make_user(Role.MEMBER, password="sasu-kuso-2026")
    browser.post(f"/people/{invited.pk}/invite-again/")
    browser.post(f"/people/{settled.pk}/invite-again/")
    assert [message.to for message in mail.outbox] == [[invited.email]]


def test_details_are_changed_and_remembered(browser: Client) -> None:
    user = make_user(Role.MEMBER)
    team = make_team()
    browser.post(f"/people/{user.pk}/", fields_of(user, family_name="結城", team=team.pk))
    user.refresh_from_db()
    assert (user.family_name, user.team) == ("結城", team)
    assert AccountEvent.objects.get(user=user).detail == "family_name, team"


def test_a_refused_change_keeps_what_was_typed(browser: Client) -> None:
    user = make_user(Role.MEMBER)
    answer = browser.post(f"/people/{user.pk}/", fields_of(user, family_name="", email="x"))
    assert answer.status_code == 422
    assert 'value="x"' in answer.content.decode()
    assert User.objects.get(pk=user.pk).email == user.email


def test_roles_are_added_for_a_place_and_add_up(browser: Client) -> None:
    user = make_user(Grant(Role.MEMBER, Department.INSIDE_SALES))
    grant = {"role": "member", "department": "field_sales", "team": "", "sees": "team"}
    assert browser.post(f"/people/{user.pk}/grants/", grant).status_code == 302
    held = access_of(User.objects.get(pk=user.pk)).grants
    assert held[1] == Grant(Role.MEMBER, Department.FIELD_SALES, sees=Scope.TEAM)
    again = browser.post(f"/people/{user.pk}/grants/", grant)
    assert again.status_code == 422
    assert RoleGrant.objects.filter(user=user).count() == 2


def test_a_team_of_another_department_is_refused(browser: Client) -> None:
    user, team = make_user(), make_team(department="marketing")
    grant = {"role": "member", "department": "success", "team": team.pk, "sees": "all"}
    assert browser.post(f"/people/{user.pk}/grants/", grant).status_code == 422
    assert not RoleGrant.objects.filter(user=user).exists()


def test_the_last_administrator_keeps_the_role(browser: Client, admin: User) -> None:
    grant = RoleGrant.objects.get(user=admin)
    path = f"/people/{admin.pk}/grants/{grant.pk}/remove/"
    assert browser.post(path).status_code == 422
    assert access_of(User.objects.get(pk=admin.pk)).allows(Capability.MANAGE_PEOPLE)
    make_user(Role.ADMIN, is_active=False, deactivated_at=admin.created_at)
    assert browser.post(path).status_code == 422
    make_user(Role.ADMIN)
    assert browser.post(path).status_code == 302
    assert browser.get("/people/").status_code == 403


def test_closing_an_account_ends_its_sessions_and_keeps_its_rows(browser: Client) -> None:
    user = make_user(Role.MEMBER)
    theirs = client_of(user)
    assert theirs.get("/me/").status_code == 200
    browser.post(f"/people/{user.pk}/deactivate/")
    assert theirs.get("/me/").status_code == 302
    closed = User.objects.get(pk=user.pk)
    assert not closed.is_active
    assert access_of(closed).grants == ()
    assert RoleGrant.objects.filter(user=user).exists()
    browser.post(f"/people/{user.pk}/activate/")
    assert User.objects.get(pk=user.pk).is_active
    actions = AccountEvent.objects.filter(user=user).values_list("action", flat=True)
    assert list(actions) == ["reactivated", "deactivated"]


def test_nobody_closes_their_own_account(browser: Client, admin: User) -> None:
    make_user(Role.ADMIN)
    assert browser.post(f"/people/{admin.pk}/deactivate/").status_code == 422
    assert User.objects.get(pk=admin.pk).is_active


def test_the_last_administrator_is_not_closed_by_an_operator(admin: User) -> None:
    operator = User.objects.create_superuser("root@example.jp", family_name="運用")
    browser = client_of(operator)
    assert browser.post(f"/people/{admin.pk}/deactivate/").status_code == 302
    assert access_of(operator).holds(Role.ADMIN)


def test_teams_are_made_and_changed(browser: Client) -> None:
    fields = {
        "name_ja": "東日本",
        "name_en": "East",
        "department": "field_sales",
        "is_active": "on",
    }
    assert browser.post("/people/teams/new/", fields).status_code == 302
    text = browser.get("/people/teams/").content.decode()
    assert "東日本" in text
    assert browser.post("/people/teams/new/", fields).status_code == 422


def test_everybody_may_read_what_roles_may_do() -> None:
    browser = client_of(make_user(Role.VIEWER))
    text = browser.get("/people/roles/").content.decode()
    assert "ユーザーと権限の管理" in text
