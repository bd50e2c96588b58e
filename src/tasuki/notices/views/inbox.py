"""What the bell counts, the list behind it, and the way from a notice to its record."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tasuki.notices.kinds import NoticeKind
from tasuki.notices.models import Notice
from tasuki.notices.operations.reading import mark_read
from tasuki.notices.queries.inbox import inbox, unread, unread_count
from tasuki.notices.wording import ICONS, Phrases, Words
from tasuki.people.access import user_of
from tasuki.people.models import User
from tasuki.ui.render import page

PAGE_SIZE = 30
_MOST_NUMBER = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Shown:
    """A notice as the list shows it."""

    notice: Notice
    words: Words
    icon: str


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """List my notices: those I have not read, or all."""
    user = user_of(request)
    shows_all = request.GET.get("show") == "all"
    found = inbox(user_id=user.pk) if shows_all else unread(user_id=user.pk)
    shown = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    phrases = Phrases()
    context = {
        "shown": [Shown(item, phrases.of(item), ICONS[NoticeKind(item.kind)]) for item in shown],
        "pages": shown,
        "total": shown.paginator.count,
        "shows_all": shows_all,
        "unread": shown.paginator.count if not shows_all else unread(user_id=user.pk).count(),
        "newest": found.values_list("pk", flat=True).first() or 0,
    }
    return page(request, "notices/notices.html", context)


@never_cache
@require_safe
@login_not_required
def bell(request: HttpRequest) -> HttpResponse:
    """Answer with what stands in the bell. Whoever is signed out meanwhile gets nothing."""
    if not isinstance(request.user, User):
        return HttpResponse(status=204)
    return page(request, "notices/bell.html", {"unread": unread_count(user_id=request.user.pk)})


@require_safe
def open_notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Go to what a notice is about; it then counts as read."""
    found = _mine(request, notice_id)
    mark_read(notices=Notice.objects.filter(pk=found.pk), now=timezone.now())
    return HttpResponseRedirect(found.url)


@require_POST
def read_notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Mark one of my notices as read."""
    found = _mine(request, notice_id)
    mark_read(notices=Notice.objects.filter(pk=found.pk), now=timezone.now())
    return HttpResponseRedirect(_back(request))


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark as read what was there when the page was shown, not what came since."""
    until = request.POST.get("until", "")
    newest = int(until) if until.isascii() and until.isdigit() else 0
    user = user_of(request)
    mine = inbox(user_id=user.pk).filter(pk__lte=min(newest, _MOST_NUMBER))
    count = mark_read(notices=mine.order_by(), now=timezone.now())
    said = ngettext(
        "%(count)s notice is marked as read.", "%(count)s notices are marked as read.", count
    )
    messages.success(request, said % {"count": count})
    return HttpResponseRedirect(_back(request))


def _mine(request: HttpRequest, notice_id: int) -> Notice:
    return get_object_or_404(Notice, pk=notice_id, user=user_of(request))


def _back(request: HttpRequest) -> str:
    shows_all = request.POST.get("show") == "all"
    return reverse("notices:notices") + ("?show=all" if shows_all else "")
