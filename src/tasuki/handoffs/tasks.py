"""What the worker does about hand-offs, again and again."""

from datetime import datetime

from django.conf import settings

from tasuki.journeys.actor import SYSTEM, Act
from tasuki.journeys.operations.handoffs.deciding import expire_handoffs


def expire(now: datetime) -> None:
    """Let packets that nobody decided go back to their givers, who are asked to offer anew."""
    expire_handoffs(older_than=settings.TASUKI_HANDOFF_EXPIRES_AFTER, act=Act(SYSTEM, now))
