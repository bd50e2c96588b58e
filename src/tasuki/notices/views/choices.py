"""My choices: which notices reach me, by which way, how soon."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tasuki.notices.forms.choices import ChoicesForm
from tasuki.notices.forms.webhooks import OwnWebhookForm
from tasuki.notices.kinds import Channel, SendState
from tasuki.notices.models import Delivery, Webhook
from tasuki.notices.operations.choosing import (
    keep_choices,
    keep_own_webhook,
    remove_own_webhook,
    send_test,
)
from tasuki.notices.queries.choices import choices_of
from tasuki.notices.queries.inbox import sent_to_person
from tasuki.notices.sending.mail import is_mail_set_up
from tasuki.notices.wording import CHANNEL_NAMES, STATE_NAMES, Phrases, said_note
from tasuki.people.access import user_of
from tasuki.ui.render import page

_TONES = {
    SendState.SENT: "success",
    SendState.FAILED: "error",
    SendState.UNKNOWN: "warning",
}


@dataclass(frozen=True, slots=True)
class Sent:
    """One sending as the screen shows it."""

    delivery: Delivery
    title: str
    channel: str
    state: str
    tone: str
    note: str


@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: HttpRequest) -> HttpResponse:
    """Show my choices; keep what I changed."""
    user = user_of(request)
    known = choices_of([user.pk])[user.pk]
    if request.method != "POST":
        return _page(request, ChoicesForm(choices=known))
    form = ChoicesForm(request.POST, choices=known)
    if not form.is_valid():
        return _page(request, form, status=422)
    keep_choices(user=user, paces=form.paces, is_quiet=form.cleaned_data["is_quiet"])
    return _done(request, _("Your choices are saved."))


@require_POST
def own_webhook(request: HttpRequest) -> HttpResponse:
    """Keep my own address."""
    user = user_of(request)
    form = OwnWebhookForm(request.POST)
    if not form.is_valid():
        known = choices_of([user.pk])[user.pk]
        return _page(request, ChoicesForm(choices=known), webhook_form=form, status=422)
    keep_own_webhook(user=user, url=form.cleaned_data["url"], now=timezone.now())
    return _done(request, _("Your webhook is saved. Send a test message to see it work."))


@require_POST
def remove_webhook(request: HttpRequest) -> HttpResponse:
    """Forget my own address."""
    remove_own_webhook(user=user_of(request))
    return _done(request, _("Your webhook is removed."))


@require_POST
def send_test_message(request: HttpRequest) -> HttpResponse:
    """Send me a test message, by mail or to my webhook."""
    user = user_of(request)
    by_webhook = request.POST.get("channel") == Channel.WEBHOOK
    hook = Webhook.objects.filter(user=user).first() if by_webhook else None
    if by_webhook and hook is None:
        messages.error(request, _("Enter an address first."))
        return HttpResponseRedirect(_here())
    send_test(user=user, webhook=hook, url=_here(), now=timezone.now())
    return _done(request, _("The test message is on its way. See below how it went."))


def in_words(deliveries: Iterable[Delivery]) -> list[Sent]:
    """Return sendings as the screens show them."""
    phrases = Phrases()
    return [_in_words(delivery, phrases) for delivery in deliveries]


def _in_words(delivery: Delivery, phrases: Phrases) -> Sent:
    state = SendState(delivery.state)
    return Sent(
        delivery=delivery,
        title=phrases.of(delivery.notice).title,
        channel=str(CHANNEL_NAMES[Channel(delivery.channel)]),
        state=str(STATE_NAMES[state]),
        tone=_TONES.get(state, "none"),
        note=said_note(delivery.last_error),
    )


def _page(
    request: HttpRequest,
    form: ChoicesForm,
    *,
    webhook_form: OwnWebhookForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user = user_of(request)
    hook = Webhook.objects.filter(user=user).first()
    context = {
        "form": form,
        "hook": hook,
        "webhook_form": webhook_form or OwnWebhookForm(initial={"url": hook.url if hook else ""}),
        "channels": [CHANNEL_NAMES[channel] for channel in Channel],
        "is_mail_set_up": is_mail_set_up(),
        "sent": in_words(sent_to_person(user_id=user.pk)),
    }
    return page(request, "notices/choices.html", context, status=status)


def _done(request: HttpRequest, text: str) -> HttpResponse:
    messages.success(request, text)
    return HttpResponseRedirect(_here())


def _here() -> str:
    return reverse("notices:choices")
