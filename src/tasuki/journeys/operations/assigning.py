"""Giving journeys to people by the rules of the blueprint, and keeping why."""

from collections.abc import Collection
from typing import Final

from django.db import connection, transaction

from tasuki.core.assignment import Assignment, Candidate, Skip, assign
from tasuki.core.blueprint import Blueprint, Ownership
from tasuki.core.conditions.evaluate import BUSINESS_ZONE
from tasuki.core.departments import Department
from tasuki.journeys.actor import Act
from tasuki.journeys.models import AssignmentDecision, Journey
from tasuki.journeys.operations import guard
from tasuki.journeys.operations.assignment import NOBODY, Holder, assign_owner
from tasuki.journeys.queries.blueprints import current_blueprint
from tasuki.journeys.queries.facts import journey_facts
from tasuki.journeys.queries.roster import candidates_for
from tasuki.people.models import Team, User

Cause = AssignmentDecision.Cause

_LOCK: Final = 7_421_900
"""With the number of the department: one choice at a time, so that each sees the loads that the
one before it made. Whoever locks a journey as well does so first."""


def assign_by_rule(
    *, journey_id: int, department: Department, act: Act, cause: Cause = Cause.ASKED
) -> Journey:
    """This will give a journey to whom the rules of the department choose, and return it.

    When they choose nobody it stays as it is; the decision is kept either way.

    Raises:
        RequestRepeated: the same request was carried out before.
    """
    with transaction.atomic():
        Journey.objects.select_for_update(of=("self",)).only("pk").get(pk=journey_id)
        journey = guard.load(journey_id=journey_id)
        holder = choose_holder(journey=journey, department=department, act=act, cause=cause)
        if holder.owner_id is None:
            return journey
        return assign_owner(journey_id=journey_id, holder=holder, act=act)


def choose_holder(
    *,
    journey: Journey,
    department: Department,
    act: Act,
    cause: Cause,
    but: Collection[int] = (),
) -> Holder:
    """This will choose by rule who of the department takes a journey, and keep the decision.

    No owner (the queue of the department, or of the team that owns it) when no rule fits or nobody
    can take it. The journey is loaded with account, person, channel and campaign, and is not
    written to; the caller is inside a transaction. `but` are people who must not be chosen.
    """
    _wait_for_turn(department)
    published = current_blueprint()
    team = _owning_team(journey, published.blueprint)
    candidates = candidates_for(journey=journey, department=department, now=act.now, but=but)
    found = assign(
        rules=published.blueprint.assignment,
        department=department,
        facts=journey_facts(journey),
        candidates=_of_team(candidates, team) if team else candidates,
        today=act.now.astimezone(BUSINESS_ZONE).date(),
    )
    AssignmentDecision.objects.create(
        journey_id=journey.pk,
        department=department,
        blueprint_id=published.version_id,
        rule=found.rule.key if found.rule else "",
        why=found.why,
        chosen_id=found.chosen.user_id if found.chosen else None,
        considered=_considered(found),
        decided_at=act.now,
        cause=cause,
    )
    return _holder(found, team)


def _wait_for_turn(department: Department) -> None:
    with connection.cursor() as cursor:
        number = list(Department).index(department)
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, number])


def _owning_team(journey: Journey, blueprint: Blueprint) -> Team | None:
    """Find the team that keeps the journey through all departments, where the motion says so."""
    is_team = blueprint.motion(journey.motion).ownership is Ownership.TEAM
    return journey.team if is_team else None


def _of_team(candidates: list[Candidate], team: Team) -> list[Candidate]:
    """Put the people of the owning team before all others of the department."""
    return [person for person in candidates if person.team == team.name_ja] or candidates


def _considered(found: Assignment) -> list[dict[str, object]]:
    people: list[tuple[Candidate, Skip | None]] = [
        (item.candidate, item.reason) for item in found.skipped
    ]
    if found.chosen is not None:
        people.insert(0, (found.chosen, None))
    return [
        {
            "user": person.user_id,
            "name": person.label,
            "load": person.load,
            "weight": str(person.weight),
            "capacity": person.capacity,
            "skip": reason.value if reason else "",
        }
        for person, reason in people
    ]


def _holder(found: Assignment, team: Team | None) -> Holder:
    if team is not None:
        owner_id = found.chosen.user_id if found.chosen else None
        return Holder(owner_id=owner_id, team_id=team.pk)
    if found.chosen is None:
        return NOBODY
    team_id = User.objects.values_list("team_id", flat=True).get(pk=found.chosen.user_id)
    return Holder(owner_id=found.chosen.user_id, team_id=team_id)
