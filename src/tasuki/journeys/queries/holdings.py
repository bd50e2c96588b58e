"""What somebody holds, and the handing on of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, QuerySet

from tasuki.journeys.models import Account, Journey, Reassignment

STALE_AFTER: Final = timedelta(minutes=2)
"""A run that said nothing for so long has been interrupted."""


@dataclass(frozen=True, slots=True)
class HeldIn:
    """How many journeys somebody holds in one stage or side track."""

    stage: str
    journeys: int


def held_journeys(*, user_id: int) -> QuerySet[Journey]:
    """This will return what somebody carries now, also what rests beside the way."""
    return Journey.objects.filter(owner_id=user_id, closed_at__isnull=True)


def held_by_stage(*, user_id: int) -> Sequence[HeldIn]:
    """This will count what somebody holds, by the code of the stage."""
    counts = held_journeys(user_id=user_id).values_list("stage").annotate(number=Count("pk"))
    return [HeldIn(stage, number) for stage, number in counts.order_by("stage")]


def companies_of(*, user_id: int) -> int:
    """This will count the companies that somebody is responsible for."""
    return Account.objects.filter(owner_id=user_id, merged_into__isnull=True).count()


def latest_reassignment(*, from_user_id: int) -> Reassignment | None:
    """This will return the last time that somebody's work was handed on, or is being handed on."""
    runs = Reassignment.objects.filter(from_user_id=from_user_id)
    return runs.select_related("from_user", "to_user", "requested_by").order_by("-id").first()


def is_interrupted(*, run: Reassignment, now: datetime) -> bool:
    """This will tell whether a run stopped before its end and waits to be carried on."""
    if run.state != Reassignment.State.RUNNING:
        return False
    return run.heartbeat_at is None or run.heartbeat_at < now - STALE_AFTER
