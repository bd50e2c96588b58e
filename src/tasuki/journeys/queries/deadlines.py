"""When a hand-off is due, in the working time of whoever receives it."""

from dataclasses import dataclass
from datetime import datetime

from tasuki.core.blueprint import Deadlines
from tasuki.core.clocks import WARN_RATIO, BusinessClock
from tasuki.core.departments import Department
from tasuki.people.models import User
from tasuki.people.queries import work_time_of, work_time_of_department


@dataclass(frozen=True, slots=True)
class DueTimes:
    """The instants at which the deadlines of a packet fall; None where nothing was agreed."""

    accept_warn_at: datetime | None = None
    accept_due_at: datetime | None = None
    contact_due_at: datetime | None = None
    meeting_due_at: datetime | None = None


def due_times(
    *,
    deadlines: Deadlines,
    receiver_id: int | None,
    team_id: int | None,
    department: Department,
    start: datetime,
) -> DueTimes:
    """This will return when a packet offered at `start` is due, aware.

    The clock is the receiver's own (their team's hours, holidays and absences); a packet for a
    queue goes by the hours of the team, or of the first team of the department.
    """
    clock = _clock(receiver_id, team_id, department, start)

    def due(minutes: int | None) -> datetime | None:
        return None if minutes is None else clock.deadline(start=start, minutes=minutes)

    accept = deadlines.accept
    return DueTimes(
        accept_warn_at=due(None if accept is None else int(accept * WARN_RATIO)),
        accept_due_at=due(accept),
        contact_due_at=due(deadlines.first_contact),
        meeting_due_at=due(deadlines.meeting),
    )


def _clock(
    receiver_id: int | None, team_id: int | None, department: Department, start: datetime
) -> BusinessClock:
    if receiver_id is not None:
        user = User.objects.select_related("team").get(pk=receiver_id)
        return BusinessClock(work_time_of(user=user, since=start))
    return BusinessClock(work_time_of_department(department=department, team_id=team_id))
