"""Sending what waits: everything of one person that is due goes together, each thing once.

A message gets its number and its deliveries become `sending`, and that is committed before anything
leaves. When the worker breaks off in between, what is left `sending` tells so: a webhook is tried
again under the same number, which the receiver knows it by; a mail stays `unknown`, is shown, and
is not written a second time.
"""

import logging
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from tasuki.notices.kinds import Channel, NoticeKind, Pace, SendState
from tasuki.notices.models import Delivery, Notice, Webhook, new_message
from tasuki.notices.operations.composing import letter_of, text_of
from tasuki.notices.queries.audience import Circle, journeys_told
from tasuki.notices.queries.handoffs import handoffs_of, may_know
from tasuki.notices.sending import mail, webhooks
from tasuki.notices.sending.webhooks import Attempt, Outcome, Post

logger = logging.getLogger(__name__)
AT_ONCE: Final = (Pace.NOW,)
TOGETHER: Final = (Pace.HOURLY, Pace.DAILY)
_MOST_IN_ONE: Final = 50
_BROKEN_OFF: Final = timedelta(minutes=5)
"""No attempt takes that long: what is `sending` for longer was left behind."""
_BUDGET_SECONDS: Final = 40
_WAITS: Final = tuple(
    timedelta(seconds=seconds) for seconds in (5, 60, 300, 1800, 7200, 18000, 36000)
)
_INTERRUPTED: Final = "interrupted"


def deliver(*, paces: Collection[Pace], now: datetime) -> int:
    """Send what is due; return how many messages were tried."""
    _pick_up(paces, now)
    tried = 0
    began = monotonic()
    while monotonic() - began < _BUDGET_SECONDS:
        message = _take(paces, now)
        if not message:
            break
        tried += 1
        _send(message, now)
    return tried


def _pick_up(paces: Collection[Pace], now: datetime) -> None:
    """Deal with what an attempt that broke off has left."""
    left = Delivery.objects.filter(
        state=SendState.SENDING, pace__in=paces, sending_at__lt=now - _BROKEN_OFF
    )
    left.filter(channel=Channel.MAIL).update(
        state=SendState.UNKNOWN, finished_at=now, last_error=_INTERRUPTED
    )
    left.filter(channel=Channel.WEBHOOK).update(
        state=SendState.QUEUED, next_try_at=now, last_error=_INTERRUPTED
    )


@transaction.atomic
def _take(paces: Collection[Pace], now: datetime) -> list[Delivery]:
    """Make one message of what is due for one place, and commit it as being sent."""
    due = (
        Delivery.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(state=SendState.QUEUED, pace__in=paces, next_try_at__lte=now)
        .order_by("next_try_at", "id")
    )
    first = due.select_related("notice").first()
    if first is None:
        return []
    # A missing webhook, reader or number is looked for as missing.
    place: dict[str, Any] = {
        "channel": first.channel,
        "webhook": first.webhook_id,
        "pace": first.pace,
        "message": first.message,
        "notice__user": first.notice.user_id,
    }
    same = due.filter(**place)
    taken = list(same.select_related("notice", "notice__user", "webhook")[:_MOST_IN_ONE])
    number = first.message or new_message()
    for item in taken:
        item.message = number
        item.attempts += 1
        item.state = SendState.SENDING
        item.sending_at = now
    Delivery.objects.bulk_update(taken, ["message", "attempts", "state", "sending_at"])
    return taken


def _send(taken: Sequence[Delivery], now: datetime) -> None:
    awaited = _still_awaited(taken, now)
    kept = [item for item in taken if item.pk in awaited]
    _finish([item for item in taken if item.pk not in awaited], SendState.SKIPPED, "", now)
    if kept:
        _record(kept, _attempt(kept, now), now)


def _still_awaited(taken: Sequence[Delivery], now: datetime) -> set[int]:
    """Leave out what was read in the app meanwhile, and what the reader may not see any more."""
    circle = Circle(now=now)
    notices = [item.notice for item in taken]
    journeys = journeys_told({one.journey_id for one in notices if one.journey_id is not None})
    handoffs = handoffs_of({one.handoff_id for one in notices if one.handoff_id is not None})

    def is_awaited(notice: Notice) -> bool:
        if notice.kind == NoticeKind.TEST or notice.user_id is None:
            return True
        reader = circle.reader(notice.user_id)
        journey = journeys.get(notice.journey_id or 0)
        if notice.read_at is not None or reader is None or journey is None:
            return False
        handoff = handoffs.get(notice.handoff_id or 0)
        return may_know(reader=reader, journey=journey, handoff=handoff)

    return {item.pk for item in taken if is_awaited(item.notice)}


def _attempt(kept: Sequence[Delivery], now: datetime) -> Attempt:
    first = kept[0]
    notices = [item.notice for item in kept]
    if first.webhook is not None and not first.webhook.is_active:
        return Attempt(Outcome.NEVER, "stopped")
    try:
        ready = (
            letter_of(notices, message=first.message)
            if first.webhook is None
            else _post(first.webhook, f"msg_{first.message}", text_of(notices))
        )
    except Exception:
        # Nothing has left yet, and one message that cannot be said must not hold up the others.
        logger.exception("message %s could not be put together", first.message)
        return Attempt(Outcome.NEVER, "broken")
    if isinstance(ready, Post):
        return webhooks.post(ready, now=now, private=settings.TASUKI_WEBHOOK_PRIVATE)
    return mail.send(ready)


def _post(webhook: Webhook, message_id: str, text: str) -> Post:
    return Post(message_id=message_id, text=text, url=webhook.url, secret=webhook.secret)


def _record(kept: Sequence[Delivery], attempt: Attempt, now: datetime) -> None:
    match attempt.outcome:
        case Outcome.DONE:
            _finish(kept, SendState.SENT, attempt.note, now)
        case Outcome.UNCLEAR:
            _finish(kept, SendState.UNKNOWN, attempt.note, now)
        case Outcome.AGAIN if kept[0].attempts <= len(_WAITS):
            _ids(kept).update(
                state=SendState.QUEUED,
                next_try_at=now + _WAITS[kept[0].attempts - 1],
                last_error=attempt.note,
            )
        case _:
            _finish(kept, SendState.FAILED, attempt.note, now)
            if attempt.outcome is Outcome.GONE:
                _stop(kept[0].webhook_id or 0, attempt.note)


def _finish(kept: Sequence[Delivery], state: SendState, note: str, now: datetime) -> None:
    _ids(kept).update(state=state, finished_at=now, last_error=note[:300])


def _stop(webhook_id: int, note: str) -> None:
    """Ask nothing more of a receiver that has gone for good."""
    Webhook.objects.filter(pk=webhook_id).update(is_active=False, stopped_because=note)


def _ids(kept: Sequence[Delivery]) -> QuerySet[Delivery]:
    return Delivery.objects.filter(pk__in=[item.pk for item in kept], state=SendState.SENDING)
