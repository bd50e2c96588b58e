"""What the worker does about notices, again and again."""

from datetime import datetime

from tasuki.notices.operations import collecting, delivering, escalating


def collect(now: datetime) -> None:
    """Turn what happened into notices."""
    collecting.collect(now=now)


def escalate(now: datetime) -> None:
    """Tell of deadlines."""
    escalating.escalate(now=now)


def deliver(now: datetime) -> None:
    """Send what goes out at once."""
    delivering.deliver(paces=delivering.AT_ONCE, now=now)


def digest(now: datetime) -> None:
    """Send what goes out together."""
    delivering.deliver(paces=delivering.TOGETHER, now=now)
