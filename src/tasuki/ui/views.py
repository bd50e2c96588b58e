"""Switches of language and look, the style guide, and the pages for errors."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from tasuki.ui import errors, preferences
from tasuki.ui.render import page
from tasuki.ui.styleguide import sample_answer, samples


@login_not_required
@require_POST
def switch_language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language and come back."""
    code = request.POST.get("language", "")
    response = _back(request)
    if code in preferences.LANGUAGES:
        preferences.keep_language(response=response, request=request, code=code)
    return response


@login_not_required
@require_POST
def switch_theme(request: HttpRequest) -> HttpResponse:
    """Keep the chosen look and come back."""
    code = request.POST.get("theme", "")
    response = _back(request)
    if code in preferences.THEMES:
        preferences.keep_theme(response=response, request=request, code=code)
    return response


@login_not_required
@require_safe
def show_styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component in every state; without sign-in only in a demo or while developing."""
    _only_for_builders(request)
    return page(request, "ui/styleguide.html", samples(now=timezone.now()))


@login_not_required
@require_safe
def show_styleguide_part(request: HttpRequest, part: str) -> HttpResponse:
    """Answer what the live samples of the style guide ask for."""
    _only_for_builders(request)
    template = sample_answer(part)
    if template is None:
        raise Http404
    asked: dict[str, Any] = {"q": request.GET.get("q", "").strip()}
    return page(request, template, samples(now=timezone.now()) | asked)


def _only_for_builders(request: HttpRequest) -> None:
    is_open = settings.DEBUG or getattr(settings, "TASUKI_DEMO", False)
    if not is_open and not request.user.is_authenticated:
        raise Http404


def _back(request: HttpRequest) -> HttpResponse:
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(target if is_ours else "/")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer 400."""
    return errors.answer(request, status=400)


def denied(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer 403 and name the missing right where it is known."""
    return errors.answer(request, status=403, capability=getattr(exception, "capability", None))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer 404."""
    return errors.answer(request, status=404)


def failed(request: HttpRequest) -> HttpResponseBase:
    """Answer 500 without asking the database for anything."""
    return errors.answer(request, status=500)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """Answer 403 to a form whose CSRF token is missing or old."""
    return errors.answer(request, status=403, kind="expired")
