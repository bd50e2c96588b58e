"""Who could take a journey of a department, with all that the choice by rule depends on."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime

from django.db.models import Count, Max, Value
from django.db.models.functions import Coalesce

from tasuki.core.assignment import Candidate
from tasuki.core.departments import Department
from tasuki.core.handoffs import PacketState
from tasuki.journeys.models import AssignmentDecision, Handoff, Journey, Stay
from tasuki.people.capacity import DepartmentMember, department_members
from tasuki.people.presence import presence_of


def candidates_for(
    *, journey: Journey, department: Department, now: datetime, but: Collection[int] = ()
) -> list[Candidate]:
    """This will return everybody of the department except `but`, in the order of lists.

    A fixed number of queries, however many people there are.
    """
    members = [
        member for member in department_members(department=department) if member.user.pk not in but
    ]
    ids = [member.user.pk for member in members]
    presence = presence_of(users=[member.user for member in members], now=now)
    loads = loads_of(user_ids=ids, department=department)
    turns = _last_turns(ids, department)
    carried = _carried(journey.account_id, ids, department, now)
    return [
        Candidate(
            user_id=member.user.pk,
            label=member.user.full_name,
            email=member.user.email,
            team=_team(member),
            weight=member.weight,
            capacity=member.capacity,
            load=loads.get(member.user.pk, 0),
            presence=presence[member.user.pk],
            last_assigned_at=turns.get(member.user.pk),
            carried_account_at=carried.get(member.user.pk),
        )
        for member in members
    ]


def loads_of(*, user_ids: Collection[int], department: Department) -> Mapping[int, int]:
    """This will count what each person has on hand in the department: two queries for all.

    Shape: user to the number of open journeys that they carry there and of packets offered to them
    that still wait; nobody with none.
    """
    carried = Journey.objects.filter(
        owner_id__in=user_ids, department=department, is_open=True
    ).values_list("owner_id")
    offered = Handoff.objects.filter(
        receiver_id__in=user_ids, taker_department=department, state=PacketState.OFFERED
    ).values_list("receiver_id")
    loads: Counter[int] = Counter()
    for rows in (carried, offered):
        loads.update(dict(rows.annotate(number=Count("pk")).order_by()))
    return loads


def latest_assignment(*, journey: Journey) -> AssignmentDecision | None:
    """This will return the choice by rule that gave a journey to its present owner, or None."""
    if journey.owner_id is None:
        return None
    found = AssignmentDecision.objects.filter(journey_id=journey.pk).select_related("chosen")
    latest = found.order_by("-id").first()
    return latest if latest and latest.chosen_id == journey.owner_id else None


def _team(member: DepartmentMember) -> str:
    return member.user.team.name_ja if member.user.team else ""


def _last_turns(user_ids: Collection[int], department: Department) -> dict[int | None, datetime]:
    turns = AssignmentDecision.objects.filter(chosen_id__in=user_ids, department=department)
    return dict(turns.values_list("chosen_id").annotate(last=Max("decided_at")).order_by())


def _carried(
    account_id: int, user_ids: Collection[int], department: Department, now: datetime
) -> dict[int | None, datetime]:
    """Return when each last carried the company for the department: now for who still does."""
    stays = Stay.objects.filter(
        journey__account_id=account_id, owner_id__in=user_ids, department=department
    )
    last = Max(Coalesce("left_at", Value(now)))
    return dict(stays.values_list("owner_id").annotate(last=last).order_by())
