"""The switches of language and look, with and without somebody signed in."""

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tasuki.core.access import Role
from tasuki.people.models import User
from tasuki.ui.preferences import THEME_COOKIE, bring_preferences
from tests.people.factories import client_of, make_user


def test_the_language_is_kept_and_the_page_comes_back(client: Client) -> None:
    response = client.post(reverse("ui:language"), {"language": "en", "next": "/course/?by=origin"})

    assert (response.status_code, response.headers["Location"]) == (302, "/course/?by=origin")
    assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    assert response.cookies[settings.LANGUAGE_COOKIE_NAME]["httponly"]


def test_the_look_is_kept_and_drawn_by_the_server(client: Client) -> None:
    response = client.post(reverse("ui:theme"), {"theme": "dark"})

    assert response.cookies[THEME_COOKIE].value == "dark"
    assert (
        '<html lang="ja" data-theme="tasuki-dark">' in client.get("/no-such-page").content.decode()
    )


def test_the_system_look_leaves_the_choice_to_the_device(client: Client) -> None:
    client.cookies[THEME_COOKIE] = "system"

    assert '<html lang="ja">' in client.get("/no-such-page").content.decode()


@pytest.mark.parametrize("name", ["language", "theme"])
def test_an_unknown_choice_changes_nothing(client: Client, name: str) -> None:
    response = client.post(reverse(f"ui:{name}"), {name: "klingon"})

    assert response.status_code == 302
    assert not response.cookies


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example/", ""])
def test_nobody_is_sent_elsewhere(client: Client, target: str) -> None:
    response = client.post(reverse("ui:theme"), {"theme": "dark", "next": target})

    assert response.headers["Location"] == "/"


@pytest.mark.parametrize("name", ["language", "theme"])
def test_a_link_cannot_switch(client: Client, name: str) -> None:
    assert client.get(reverse(f"ui:{name}"), {name: "en"}).status_code == 405


@pytest.mark.django_db
def test_the_choice_follows_the_person_to_other_devices() -> None:
    user = make_user(Role.MEMBER)
    client = client_of(user)

    client.post(reverse("ui:language"), {"language": "en"})
    client.post(reverse("ui:theme"), {"theme": "dark"})

    user.refresh_from_db()
    assert (user.language, user.theme) == ("en", "dark")


def test_signing_in_brings_the_choices_to_this_device() -> None:
    response = HttpResponse()

    bring_preferences(response=response, user=User(language="en", theme="light"))

    assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    assert response.cookies[THEME_COOKIE].value == "light"
