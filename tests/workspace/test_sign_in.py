"""Signing in, its limits, the demo's short way in, and the way back for the forgetful."""

import re

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from tasuki.core.access import Role
from tasuki.people.models import User
from tests.people.factories import NOW, PASSWORD, client_of, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return make_user(Role.MEMBER, email="sato@example.jp", password=PASSWORD)


def sign_in(client: Client, email: str, password: str) -> int:
    return client.post("/sign-in/", {"login": email, "password": password}).status_code


def is_signed_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def test_every_page_leads_to_sign_in_and_back(client: Client, user: User) -> None:
    response = client.get("/me/")
    assert response.headers["Location"] == "/sign-in/?next=/me/"
    answer = {"login": user.email, "password": PASSWORD, "next": "/people/roles/"}
    assert client.post("/sign-in/", answer).headers["Location"] == "/people/roles/"
    assert is_signed_in(client)


def test_another_site_is_never_led_to(client: Client, user: User) -> None:
    answer = {"login": user.email, "password": PASSWORD, "next": "https://evil.example/"}
    assert client.post("/sign-in/", answer).headers["Location"] == "/"


@pytest.mark.parametrize("spelling", ["sato@example.jp", " SATO@Example.JP "])
def test_the_address_may_be_spelled_in_any_case(client: Client, user: User, spelling: str) -> None:
    assert sign_in(client, spelling, PASSWORD) == 302
    assert is_signed_in(client)


@pytest.mark.parametrize("email", ["sato@example.jp", "nobody@example.jp"])
def test_wrong_sign_in_says_the_same_whether_known_or_not(
    client: Client, user: User, email: str
) -> None:
    response = client.post("/sign-in/", {"login": email, "password": "wrong"})
    assert response.status_code == 422
    assert "メールアドレスまたはパスワードが正しくありません。" in response.content.decode()
    assert f'value="{email}"' in response.content.decode()
    assert not is_signed_in(client)


def test_guessing_is_stopped_even_for_the_right_password(client: Client, user: User) -> None:
    for _ in range(5):
        assert sign_in(client, user.email, "wrong") == 422
    response = client.post("/sign-in/", {"login": user.email, "password": PASSWORD})
    assert response.status_code == 422
    assert "サインインの失敗が続いています" in response.content.decode()
    assert not is_signed_in(client)


def test_the_session_changes_its_key_at_sign_in(client: Client, user: User) -> None:
    client.get("/sign-in/")
    session = client.session
    session["kept"] = "by an attacker"
    session.save()
    client.cookies["tasuki_session"] = session.session_key or ""
    sign_in(client, user.email, PASSWORD)
    assert client.cookies["tasuki_session"].value != session.session_key


def test_language_and_look_come_along(client: Client) -> None:
    user = make_user(Role.MEMBER, password=PASSWORD, language="en", theme="dark")
    sign_in(client, user.email, PASSWORD)
    assert client.cookies["tasuki_language"].value == "en"
    assert client.cookies["tasuki_theme"].value == "dark"


def test_a_closed_account_stays_out(client: Client) -> None:
    closed = make_user(Role.MEMBER, password=PASSWORD, is_active=False, deactivated_at=NOW)
    response = client.post("/sign-in/", {"login": closed.email, "password": PASSWORD})
    assert response.headers["Location"] == "/sign-in/closed/"
    assert not is_signed_in(client)


def test_signing_out_takes_a_post(user: User) -> None:
    browser = client_of(user)
    assert browser.get("/sign-out/").status_code == 200
    assert is_signed_in(browser)
    assert browser.post("/sign-out/").headers["Location"] == "/sign-in/"
    assert not is_signed_in(browser)


def test_nobody_signs_up(client: Client) -> None:
    for path in ("/signup/", "/sign-up/", "/accounts/signup/"):
        assert client.get(path).status_code in (302, 404)
    assert User.objects.count() == 0


def test_the_demo_offers_one_person_for_each_role(client: Client, settings: Settings) -> None:
    settings.TASUKI_DEMO = True
    users = {role: make_user(role, family_name=f"役{role.value}") for role in Role}
    text = client.get("/sign-in/").content.decode()
    assert all(f"役{role.value}" in text for role in Role)
    chosen = users[Role.MANAGER]
    assert client.post(f"/sign-in/demo/{chosen.pk}/").headers["Location"] == "/"
    assert client.session["_auth_user_id"] == str(chosen.pk)


def test_the_demo_way_in_does_not_exist_elsewhere(client: Client, settings: Settings) -> None:
    settings.TASUKI_DEMO = False
    admin = make_user(Role.ADMIN)
    assert client.post(f"/sign-in/demo/{admin.pk}/").status_code == 404
    assert "/sign-in/demo/" not in client.get("/sign-in/").content.decode()
    assert not is_signed_in(client)


def test_the_demo_lets_in_only_whom_it_offers(client: Client, settings: Settings) -> None:
    settings.TASUKI_DEMO = True
    nobody = make_user()
    assert client.post(f"/sign-in/demo/{nobody.pk}/").status_code == 404
    assert client.get(f"/sign-in/demo/{nobody.pk}/").status_code == 405


@pytest.mark.parametrize(
    ("language", "subject"),
    [("ja", "[Tasuki] パスワードの再設定"), ("en", "[Tasuki] Set a new password")],
)
def test_a_forgotten_password_is_set_anew(client: Client, language: str, subject: str) -> None:
    user = make_user(
        Role.MEMBER, password=PASSWORD, language=language, family_name="A&B", given_name=""
    )
    elsewhere = client_of(user)
    answer = client.post("/password/forgotten/", {"email": user.email.upper()})
    assert answer.headers["Location"] == "/password/forgotten/sent/"
    assert client.get("/password/forgotten/sent/").status_code == 200
    assert mail.outbox[0].subject == subject
    assert "A&B" in mail.outbox[0].body
    link = link_of(str(mail.outbox[0].body))
    form = client.get(link, follow=True)
    target = form.redirect_chain[-1][0]
    new = "atarashii-kotoba-7"
    weak = client.post(target, {"password1": "12345", "password2": "12345"})
    assert weak.status_code == 422
    done = client.post(target, {"password1": new, "password2": new})
    assert done.headers["Location"] == "/password/new/done/"
    assert client.get("/password/new/done/").status_code == 200
    assert sign_in(client, user.email, new) == 302
    assert not is_signed_in(elsewhere)
    again = client.get(link, follow=True).content.decode()
    assert "このリンクは無効です" in again or "no longer valid" in again


def test_an_unknown_address_gets_the_same_answer_and_no_mail(client: Client) -> None:
    answer = client.post("/password/forgotten/", {"email": "nobody@example.jp"})
    assert answer.headers["Location"] == "/password/forgotten/sent/"
    assert mail.outbox == []


def test_attempts_count_over_all_web_processes(client: Client, user: User) -> None:
    sign_in(client, user.email, "wrong")

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM tasuki_cache WHERE cache_key LIKE '%login_failed%'")
        assert cursor.fetchone()[0] > 0


def test_asking_for_mails_is_limited(client: Client, user: User) -> None:
    answers = [
        client.post("/password/forgotten/", {"email": user.email}).status_code for _ in range(6)
    ]
    assert answers == [302, 302, 302, 302, 302, 429]
    assert len(mail.outbox) == 5


def test_changing_the_password_ends_other_sessions(user: User) -> None:
    here, elsewhere = client_of(user), client_of(user)
    new = "atarashii-kotoba-7"
    wrong = {"oldpassword": "wrong", "password1": new, "password2": new}
    assert here.post("/me/password/", wrong).status_code == 422
    answer = here.post("/me/password/", wrong | {"oldpassword": PASSWORD})
    assert answer.headers["Location"] == "/me/"
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)
    user.refresh_from_db()
    assert user.check_password(new)


def test_without_a_password_there_is_none_to_change() -> None:
    browser = client_of(make_user(Role.MEMBER))
    assert browser.get("/me/password/").headers["Location"] == "/password/forgotten/"


def link_of(body: str) -> str:
    found = re.search(r"https?://[^/\s]+(/password/new/\S+)", body)
    assert found is not None
    return found[1]
