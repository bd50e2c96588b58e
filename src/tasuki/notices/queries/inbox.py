"""Notices as lists: what is in the bell, and how the sending goes."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from tasuki.notices.kinds import Channel, SendState
from tasuki.notices.models import Delivery, Notice, Webhook

RECENT = 12
MOST_COUNTED = 100


def inbox(*, user_id: int) -> QuerySet[Notice]:
    """Return everything listed for a person, the newest first."""
    return Notice.objects.filter(user_id=user_id, is_listed=True).order_by("-id")


def unread(*, user_id: int) -> QuerySet[Notice]:
    """Return what the person has not read."""
    return inbox(user_id=user_id).filter(read_at__isnull=True)


def unread_count(*, user_id: int) -> int:
    """Return how many are unread, counted no further than the bell can show."""
    return unread(user_id=user_id)[:MOST_COUNTED].count()


def sent_to_person(*, user_id: int) -> Sequence[Delivery]:
    """Return the last things sent to a person by mail or webhook, the newest first."""
    shown = Delivery.objects.filter(notice__user_id=user_id).select_related("notice")
    return list(shown.order_by("-id")[:RECENT])


def sent_to_houses() -> Sequence[Delivery]:
    """Return the last things posted to the company's webhooks, the newest first."""
    shown = Delivery.objects.filter(webhook__user__isnull=True, channel=Channel.WEBHOOK)
    return list(shown.select_related("notice", "webhook").order_by("-id")[:RECENT])


def in_doubt(*, since: datetime) -> int:
    """Return how many mails may or may not have gone out, or failed for good, since then."""
    states = Q(state=SendState.UNKNOWN) | Q(state=SendState.FAILED)
    return Delivery.objects.filter(states, finished_at__gte=since).count()


def house_webhooks() -> QuerySet[Webhook]:
    """Return the webhooks of the company, its departments and teams."""
    return Webhook.objects.filter(user__isnull=True).select_related("team", "created_by")
