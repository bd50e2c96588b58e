"""What readers do with notices, and what is settled without them."""

from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from tasuki.notices.kinds import NoticeKind
from tasuki.notices.models import Notice

_ASKS: Final = (
    NoticeKind.OFFERED,
    NoticeKind.OFFERED_TO_QUEUE,
    NoticeKind.DUE_SOON,
    NoticeKind.OVERDUE,
    NoticeKind.TEAM_DUE_SOON,
    NoticeKind.TEAM_OVERDUE,
)
"""Kinds that ask somebody to do something about a packet."""


def mark_read(*, notices: QuerySet[Notice], now: datetime) -> int:
    """Mark these notices as read; what was read before keeps its moment."""
    return notices.filter(read_at__isnull=True).update(read_at=now)


def settle_handoff(*, handoff_id: int, round_number: int, now: datetime) -> None:
    """Take back what asks for something about a packet whose round is decided.

    Those notices count as read, and what of them still waits to be sent is left out.
    """
    asking = Notice.objects.filter(
        handoff_id=handoff_id,
        kind__in=_ASKS,
        facts__round__lte=round_number,
        user__isnull=False,
    )
    mark_read(notices=asking, now=now)
