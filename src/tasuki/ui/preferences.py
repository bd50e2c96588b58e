"""Language and look: kept in a cookie so that the first paint is right, and on the user."""

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tasuki.people.models import Language, Theme, User

THEME_COOKIE: Final = "tasuki_theme"
THEMES: Final = tuple(Theme.values)
LANGUAGES: Final = tuple(Language.values)
_YEAR: Final = 365 * 24 * 3600


def chosen_theme(request: HttpRequest) -> str:
    """Return `light`, `dark` or `system`, from the cookie."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else Theme.SYSTEM.value


def keep_language(*, response: HttpResponse, request: HttpRequest, code: str) -> None:
    """Remember the language on this device and, when somebody is signed in, on the person."""
    _set_cookie(response, settings.LANGUAGE_COOKIE_NAME, code)
    _keep_on_user(request, language=code)


def keep_theme(*, response: HttpResponse, request: HttpRequest, code: str) -> None:
    """Remember the look on this device and, when somebody is signed in, on the person."""
    _set_cookie(response, THEME_COOKIE, code)
    _keep_on_user(request, theme=code)


def bring_preferences(*, response: HttpResponse, user: User) -> None:
    """Set the cookies from what the person chose before: for the answer that signs them in."""
    _set_cookie(response, settings.LANGUAGE_COOKIE_NAME, user.language)
    _set_cookie(response, THEME_COOKIE, user.theme)


def _keep_on_user(request: HttpRequest, **chosen: str) -> None:
    user = getattr(request, "user", None)
    if isinstance(user, User):
        User.objects.filter(pk=user.pk).update(**chosen)


def _set_cookie(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=_YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
