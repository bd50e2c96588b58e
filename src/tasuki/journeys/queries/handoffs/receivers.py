"""Who may take a packet: the people of a department, and whether they are there."""

from datetime import datetime

from tasuki.core.access import Capability
from tasuki.core.departments import Department
from tasuki.core.handoffs import Receiver
from tasuki.people.access import access_of
from tasuki.people.models import User
from tasuki.people.queries import upcoming_absences


def receiver_for(*, user_id: int, department: Department, now: datetime) -> Receiver:
    """This will return somebody as the receiver of a packet for a department.

    Somebody absent now counts as away; a later absence does not.

    Raises:
        User.DoesNotExist: nobody has this id.
    """
    user = User.objects.get(pk=user_id)
    absence = upcoming_absences(since=now).filter(user_id=user_id, starts_at__lte=now).first()
    access = access_of(user)
    return Receiver(
        user_id=user.pk,
        name=str(user),
        is_active=user.is_active,
        works_there=access.allows(Capability.WORK_JOURNEYS, department),
        away_until=absence.ends_at if absence else None,
    )
