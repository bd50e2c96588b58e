"""Journeys that stand before a boundary, and the people on both sides of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tasuki.core.access import Grant, Role
from tasuki.core.departments import Department
from tasuki.journeys.models import Event, Handoff, Journey
from tasuki.journeys.operations.assignment import Holder
from tasuki.journeys.operations.handoffs.offering import Offer, offer_handoff
from tasuki.people.models import User
from tests.journeys import factories
from tests.journeys.factories import NOW
from tests.people.factories import make_team, make_user

TO_INSIDE = "marketing_to_inside_sales"
TO_FIELD = "inside_sales_to_field_sales"
TO_SUCCESS = "field_sales_to_success"
BACK = "field_sales_back_to_inside_sales"
VOICE = "success_voice_to_marketing"

TOLD: dict[str, object] = {
    "answers.trigger": "来期に組織を変える",
    "answers.agenda": "費用の見通し",
    "answers.temperature_reason": "先方から日程の打診",
    "person.role": "decider",
    "journey.temperature": "hot",
}
GATE = {"need": "請求に月40時間かかる", "meeting_date": "2026-04-10"}


@dataclass(frozen=True, slots=True)
class Staff:
    """One who gives and two who take, each with a grant for their department."""

    giver: User
    taker: User
    other: User


def staff(
    gives: Department = Department.INSIDE_SALES, takes: Department = Department.FIELD_SALES
) -> Staff:
    """People of two departments; the first taker is in a team."""
    team = make_team(department=takes.value)
    return Staff(
        giver=make_user(Grant(Role.MEMBER, gives), family_name="伊藤", given_name="結衣"),
        taker=make_user(Grant(Role.MEMBER, takes), family_name="藤井", given_name="健", team=team),
        other=make_user(Grant(Role.MEMBER, takes), family_name="藤田", given_name="誠"),
    )


def held_by(user: User | None) -> Holder:
    """The sash in somebody's hands."""
    return Holder(owner_id=user.pk if user else None, team_id=user.team_id if user else None)


def before_field_sales(owner: User, **stated: Any) -> Journey:
    """A journey in SQL, its meeting booked and not held yet."""
    return factories.journey(stage="SQL", holder=held_by(owner), answers=GATE, **stated)


def offered(
    journey: Journey,
    by: User,
    to: User | None = None,
    *,
    contract: str = TO_FIELD,
    facts: dict[str, object] | None = None,
    now: datetime = NOW,
    **stated: Any,
) -> Handoff:
    """A packet that waits for `to`, or for the queue of the department."""
    offer = Offer(
        receiver_id=to.pk if to else None, facts=TOLD if facts is None else facts, **stated
    )
    act = factories.act(user=by, now=now)
    return offer_handoff(journey_id=journey.pk, contract=contract, offer=offer, act=act)


def happened(journey: Journey) -> list[str]:
    """The kinds of everything that the journal tells of a journey, in order."""
    events = Event.objects.filter(journey=journey).order_by("id")
    return list(events.values_list("kind", flat=True))
