"""One way to answer with a page, or with just the part of it that htmx asked for."""

from collections.abc import Mapping
from functools import cache
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.backends.jinja2 import Template as BackendTemplate
from django.template.loader import get_template
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject
from django_htmx.middleware import HtmxDetails
from jinja2 import Template
from jinja2.runtime import Context
from markupsafe import Markup

from tasuki.ui.chrome import Chrome
from tasuki.ui.speaking import one_language


class UnknownFragment(LookupError):
    """A view asked for a block that its template does not have."""

    def __init__(self, template: str, fragment: str) -> None:
        super().__init__(f"{template} has no block {fragment!r}")


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    fragment: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answer with the whole page, or with the block `fragment` of it when htmx asks for a part.

    Templates get `request`, `chrome`, `user`, `access`, `now`, `csrf_input` and `csrf_token`
    besides `context`. A boosted or history-restoring request always gets the whole page.

    Raises: UnknownFragment.
    """
    backend = cast(BackendTemplate, get_template(template, using="jinja2"))
    values = _shared(request) | dict(context or {})
    with one_language():
        if fragment is not None and wants_fragment(request):
            body = render_block(backend.template, fragment, values)
        else:
            body = backend.template.render(values)
    response = HttpResponse(body, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def wants_fragment(request: HttpRequest) -> bool:
    """Tell whether htmx asks for a part of a page rather than for a page."""
    htmx: HtmxDetails | None = getattr(request, "htmx", None)
    if not htmx:
        return False
    return not htmx.boosted and not htmx.history_restore_request


def render_block(template: Template, name: str, values: Mapping[str, Any]) -> str:
    """Return one block of a template, its parents' included, without rendering the rest.

    Raises: UnknownFragment.
    """
    context = template.new_context(dict(values))
    _run_top_level(template, context)
    block = context.blocks.get(name)
    if not block:
        raise UnknownFragment(str(template.name), name)
    try:
        return "".join(block[0](context))
    except Exception:  # noqa: BLE001 Jinja rewrites the traceback and raises again
        return template.environment.handle_exception()


def _run_top_level(template: Template, context: Context) -> None:
    """Run the imports and sets at the top of the template, and let its parents add their blocks.

    A child template yields nothing of its own: its first piece of text comes from its outermost
    parent, when all of that has happened. The rest of the page is never rendered.
    """
    pieces = template.root_render_func(context)
    next(iter(pieces), None)


def _shared(request: HttpRequest) -> dict[str, Any]:
    chrome = Chrome(request)
    return {
        "request": request,
        "chrome": chrome,
        "user": getattr(request, "user", None),
        "access": chrome.access,
        "now": timezone.now(),
        **_csrf(request),
    }


def _csrf(request: HttpRequest) -> dict[str, Any]:
    """One mask of the token a page, made when a form asks for it: it costs as much as a query."""

    @cache
    def token() -> str:
        return get_token(request)

    def field() -> Markup:
        return Markup('<input type="hidden" name="csrfmiddlewaretoken" value="{}">').format(token())

    return {
        "csrf_input": SimpleLazyObject(field),
        "csrf_token": SimpleLazyObject(token),
        "csrf": token,
    }
