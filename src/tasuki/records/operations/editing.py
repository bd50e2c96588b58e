"""Changing a journey from a list: several small facts as one change; a conflict is told."""

from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction

from tasuki.core.access import Access, Capability
from tasuki.core.departments import Department
from tasuki.core.money import Money
from tasuki.journeys.actor import Act
from tasuki.journeys.models import Journey
from tasuki.journeys.operations import guard
from tasuki.journeys.operations.assignment import Holder, assign_owner
from tasuki.journeys.operations.details import JourneyDetails, update_journey
from tasuki.journeys.operations.facts import NextAction, change_deal, set_next_action
from tasuki.people.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What the inline form states; `revision` is what the person saw."""

    revision: int
    next_action: str
    next_action_date: date | None
    owner_id: int | None
    temperature: str
    expected_close_date: date | None


def may_change(*, journey: Journey, access: Access, capability: Capability) -> bool:
    """Return whether the right reaches the journey as it is now."""
    return access.may_work_on(
        owner_id=journey.owner_id,
        team_id=journey.team_id,
        department=Department(journey.department),
        capability=capability,
    )


def holder_of(owner_id: int | None) -> Holder:
    """Return the person with their team, as a journey is held."""
    if owner_id is None:
        return Holder(owner_id=None, team_id=None)
    team_id = User.objects.values_list("team_id", flat=True).get(pk=owner_id)
    return Holder(owner_id=owner_id, team_id=team_id)


def apply_edit(*, journey_id: int, edit: Edit, act: Act, may_reassign: bool) -> Journey:
    """Write what differs from the stored journey, all of it or nothing.

    Raises:
        JourneyChangedMeanwhile: somebody else was first.
        UnableToSetNextAction: an open journey was left without one.
    """
    with transaction.atomic():
        journey = guard.load(journey_id=journey_id, revision=edit.revision)
        if may_reassign and edit.owner_id != journey.owner_id:
            journey = assign_owner(journey_id=journey_id, holder=holder_of(edit.owner_id), act=act)
        if edit.temperature != journey.temperature:
            details = replace(JourneyDetails.of(journey), temperature=edit.temperature)
            journey = update_journey(journey_id=journey_id, details=details, act=act)
        if edit.expected_close_date != journey.expected_close_date:
            amount = (
                None
                if journey.amount_minor is None
                else Money(journey.amount_minor, journey.currency)
            )
            journey = change_deal(
                journey_id=journey_id,
                amount=amount,
                expected_close_date=edit.expected_close_date,
                act=act,
            )
        step = (edit.next_action.strip(), edit.next_action_date)
        if edit.next_action_date and step != (journey.next_action, journey.next_action_date):
            journey = set_next_action(
                journey_id=journey_id,
                next_action=NextAction(what=edit.next_action, due_date=edit.next_action_date),
                act=act,
            )
    return journey
