"""What every answer carries, and that a sign-in is asked for by default."""

from django.conf import settings
from django.test import Client
from django.utils import translation


def test_every_answer_carries_the_strict_headers(client: Client) -> None:
    headers = client.get("/healthz").headers

    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_a_page_asks_for_a_sign_in_unless_it_says_otherwise(client: Client) -> None:
    response = client.get("/operators/")

    assert response.status_code == 302
    assert response.headers["Location"].startswith(("/operators/login/", settings.LOGIN_URL))


def test_the_language_is_japanese_whatever_the_browser_prefers(client: Client) -> None:
    response = client.get("/healthz", headers={"accept-language": "en-US,en;q=0.9"})

    assert response.headers["Content-Language"] == "ja"


def test_the_switch_chooses_the_language(client: Client) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    assert client.get("/healthz").headers["Content-Language"] == "en"
    assert translation.get_language() == "ja"


def test_an_unknown_language_is_ignored(client: Client) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "xx"

    assert client.get("/healthz").headers["Content-Language"] == "ja"


def test_passwords_are_hashed_with_argon2() -> None:
    from tasuki.config import settings as real  # noqa: PLC0415 - not the settings of the tests

    assert real.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")
    assert real.SESSION_ENGINE == "django.contrib.sessions.backends.db"
