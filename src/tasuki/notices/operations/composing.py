"""Notices put together as one message, in the language of who reads it."""

from collections.abc import Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tasuki.notices.kinds import GROUP_OF, Group, NoticeKind, Urgency
from tasuki.notices.models import Notice
from tasuki.notices.sending.mail import Letter, Line, Section
from tasuki.notices.sending.webhooks import escape
from tasuki.notices.wording import GROUP_NAMES, Phrases
from tasuki.people.models import DEFAULT_TIME_ZONE, User
from tasuki.ui import formats
from tasuki.ui.speaking import language


def letter_of(notices: Sequence[Notice], *, message: UUID | None) -> Letter:
    """Return one mail for the reader of these notices, in groups, each in order of time."""
    user = notices[0].user
    assert user is not None  # noqa: S101 - only people are written to by mail
    with translation.override(user.language), timezone.override(ZoneInfo(user.time_zone)):
        return Letter(
            message_id=str(message),
            to=user.email,
            name=user.full_name,
            subject=_subject(notices),
            sections=_sections(notices),
            language=user.language,
            settings_url=absolute(reverse("notices:choices")),
        )


def text_of(notices: Sequence[Notice]) -> str:
    """Return the text of a post: one line for each notice, and where to go."""
    user: User | None = notices[0].user
    chosen = user.language if user else settings.LANGUAGE_CODE
    zone = ZoneInfo(user.time_zone if user else DEFAULT_TIME_ZONE)
    with translation.override(chosen), timezone.override(zone):
        phrases = Phrases()
        return "\n".join(_post_line(notice, phrases) for notice in notices)


def absolute(path: str) -> str:
    """Return the address of a page as the world outside writes it."""
    return f"{settings.TASUKI_URL.rstrip('/')}{path}"


def _subject(notices: Sequence[Notice]) -> str:
    if len(notices) == 1:
        return f"[Tasuki] {Phrases().of(notices[0]).title}"
    count = len(notices)
    said = ngettext("%(count)s notice", "%(count)s notices", count) % {"count": count}
    return f"[Tasuki] {said}"


def _sections(notices: Sequence[Notice]) -> tuple[Section, ...]:
    order: list[Group | None] = [*Group, None]
    phrases = Phrases()
    found = []
    for group in order:
        mine = [notice for notice in notices if GROUP_OF[NoticeKind(notice.kind)] is group]
        if mine:
            name = str(GROUP_NAMES[group]) if group else _("Test")
            found.append(Section(name, tuple(_line(notice, phrases) for notice in mine)))
    return tuple(found)


def _line(notice: Notice, phrases: Phrases) -> Line:
    words = phrases.of(notice)
    zone = timezone.get_current_timezone()
    return Line(
        title=words.title,
        detail=words.detail,
        at=formats.format_moment(notice.created_at, language=language(), zone=zone),
        url=absolute(reverse("notices:open", args=[notice.pk])),
        is_urgent=notice.urgency == Urgency.BREACH,
    )


def _post_line(notice: Notice, phrases: Phrases) -> str:
    words = phrases.of(notice)
    said = f"{words.title} ({words.detail})" if words.detail else words.title
    return f"{escape(said)} {absolute(notice.url)}"
