"""Webhooks of the company, its departments and teams."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tasuki.core.access import Capability
from tasuki.notices.forms.webhooks import WebhookForm
from tasuki.notices.models import Webhook
from tasuki.notices.operations.choosing import (
    HouseWebhook,
    keep_house_webhook,
    remove_house_webhook,
    send_test,
)
from tasuki.notices.queries.inbox import house_webhooks, sent_to_houses
from tasuki.notices.views.choices import in_words
from tasuki.people.access import requires, user_of
from tasuki.ui.render import page


@require_safe
@requires(Capability.EDIT_SETTINGS)
def webhooks(request: HttpRequest) -> HttpResponse:
    """List the webhooks, and how the last messages went."""
    context = {
        "hooks": list(house_webhooks()),
        "sent": in_words(sent_to_houses()),
    }
    return page(request, "notices/webhooks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.EDIT_SETTINGS)
def new_webhook(request: HttpRequest) -> HttpResponse:
    """Add a webhook."""
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.EDIT_SETTINGS)
def webhook(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Show a webhook; keep what was changed."""
    return _edit(request, _of_house(webhook_id))


@require_POST
@requires(Capability.EDIT_SETTINGS)
def test_webhook(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Post a test message."""
    hook = _of_house(webhook_id)
    send_test(user=user_of(request), webhook=hook, url=_list(), now=timezone.now())
    messages.success(request, _("The test message is on its way. See below how it went."))
    return HttpResponseRedirect(_list())


@require_POST
@requires(Capability.EDIT_SETTINGS)
def delete_webhook(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Forget a webhook."""
    hook = _of_house(webhook_id)
    remove_house_webhook(webhook_id=hook.pk)
    messages.success(request, _("The webhook %(name)s is removed.") % {"name": hook.name})
    return HttpResponseRedirect(_list())


def _edit(request: HttpRequest, hook: Webhook | None) -> HttpResponse:
    form = WebhookForm(request.POST or None, initial=_stored(hook) if hook else None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.is_bound else 200
        return page(request, "notices/webhook.html", {"form": form, "hook": hook}, status=status)
    kept = keep_house_webhook(
        stated=_stated(form),
        by=user_of(request),
        now=timezone.now(),
        webhook_id=hook.pk if hook else None,
    )
    messages.success(request, _("The webhook %(name)s is saved.") % {"name": kept.name})
    return HttpResponseRedirect(_list())


def _stated(form: WebhookForm) -> HouseWebhook:
    data = form.cleaned_data
    return HouseWebhook(
        name=data["name"],
        url=data["url"],
        department=data["department"],
        team_id=data["team"].pk if data["team"] else None,
        groups=tuple(data["groups"]),
        pace=data["pace"],
        is_active=data["is_active"],
    )


def _stored(hook: Webhook) -> dict[str, object]:
    return {
        "name": hook.name,
        "url": hook.url,
        "department": hook.department,
        "team": hook.team_id,
        "groups": hook.groups,
        "pace": hook.pace,
        "is_active": hook.is_active,
    }


def _of_house(webhook_id: int) -> Webhook:
    return get_object_or_404(Webhook, pk=webhook_id, user__isnull=True)


def _list() -> str:
    return reverse("notices:webhooks")
