"""Japanese unless the person chose English: the browser's own list is not asked.

Japanese companies run many machines whose browser says English; what counts is the switch
on the screen, which keeps it in a cookie (`tasuki.ui.views.switch_language`).
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

Handler = Callable[[HttpRequest], HttpResponse]


def language_middleware(get_response: Handler) -> Handler:
    """Return the handler that answers in the language of the cookie."""
    known = frozenset(code for code, _name in settings.LANGUAGES)

    def handle(request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        code = chosen if chosen in known else settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = code
        with translation.override(code):
            response = get_response(request)
            response.headers.setdefault("Content-Language", code)
        return response

    return handle
