"""Keeping a meeting: that it was held, what was decided, and what came of it."""

from datetime import date, datetime

from django.db import transaction

from tasuki.handoffs.models import ReviewDecision, ReviewMeeting
from tasuki.handoffs.queries.decided import Decided
from tasuki.people.models import User


class MeetingClosed(Exception):
    """The minutes are closed; nothing is added to them any more."""


def open_meeting(*, week: tuple[date, date], held_date: date, by: User) -> ReviewMeeting:
    """Return the meeting on a week, which is begun when there is none."""
    meeting, _is_new = ReviewMeeting.objects.get_or_create(
        from_date=week[0],
        defaults={"to_date": week[1], "held_date": held_date, "held_by": by},
    )
    return meeting


def record_decision(
    *, meeting: ReviewMeeting, decided: Decided, by: User, now: datetime
) -> ReviewDecision:
    """Keep a decision. Raises: MeetingClosed."""
    with transaction.atomic():
        _must_be_open(meeting)
        return ReviewDecision.objects.create(
            meeting=meeting,
            text=decided.text,
            owner_id=decided.owner_id,
            due_date=decided.due_date,
            contract=decided.contract,
            item=decided.item,
            reason=decided.reason,
            metric=decided.metric,
            baseline_value=decided.baseline_value,
            baseline_n=decided.baseline_n,
            recorded_by=by,
            recorded_at=now,
        )


def settle_decision(
    *, decision: ReviewDecision, state: ReviewDecision.State, result: str, now: datetime
) -> None:
    """Keep how far a decision is, and what came of it; minutes that are closed allow it."""
    ReviewDecision.objects.filter(pk=decision.pk).update(
        state=state,
        result=result.strip(),
        settled_at=None if state is ReviewDecision.State.OPEN else now,
    )


def write_minutes(*, meeting: ReviewMeeting, notes: str, now: datetime | None) -> None:
    """Keep the notes of a meeting; with `now` its minutes are closed. Raises: MeetingClosed."""
    with transaction.atomic():
        _must_be_open(meeting)
        ReviewMeeting.objects.filter(pk=meeting.pk).update(notes=notes.strip(), closed_at=now)


def _must_be_open(meeting: ReviewMeeting) -> None:
    stored = ReviewMeeting.objects.select_for_update().get(pk=meeting.pk)
    if stored.closed_at is not None:
        raise MeetingClosed
