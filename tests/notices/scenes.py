"""A small company with two people of each side, and what the worker does about notices."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tasuki.core.access import Grant, Role
from tasuki.core.departments import Department
from tasuki.journeys.actor import Act, Actor
from tasuki.journeys.kinds import EventKind
from tasuki.journeys.models import Handoff, Journey
from tasuki.journeys.operations import journal
from tasuki.journeys.operations.assignment import Holder, assign_owner
from tasuki.journeys.queries.blueprints import current_blueprint
from tasuki.notices.models import Notice
from tasuki.notices.operations.collecting import collect
from tasuki.people.models import Team, User
from tests.journeys import factories
from tests.people.factories import NOW, make_team, make_user


@dataclass(frozen=True)
class Company:
    """Who is there."""

    giver: User
    receiver: User
    colleague: User
    manager: User
    team: Team
    journey: Journey


def company() -> Company:
    """Publish the process, hire people, open a journey that the giver holds."""
    factories.process()
    giver = make_user(
        Grant(Role.MEMBER, department=Department.INSIDE_SALES), family_name="渡部", given_name="渡"
    )
    team = make_team("東チーム", department="field_sales")
    receiver = make_user(
        Grant(Role.MEMBER, department=Department.FIELD_SALES),
        family_name="受川",
        given_name="円",
        team=team,
    )
    colleague = make_user(Grant(Role.MEMBER, department=Department.FIELD_SALES), team=team)
    manager = make_user(
        Grant(Role.MANAGER, department=Department.FIELD_SALES),
        family_name="長井",
        given_name="まとめ",
    )
    held = factories.journey(holder=Holder(owner_id=giver.pk, team_id=None))
    collect(now=NOW)
    return Company(giver, receiver, colleague, manager, team, held)


def act_of(user: User | None, *, now: datetime = NOW) -> Act:
    """Somebody, or the system, acting at a time."""
    kind = "user" if user else "system"
    actor = Actor(user_id=user.pk if user else None, kind=kind, label="test")  # type: ignore[arg-type]
    return Act(actor=actor, now=now)


def give(held: Journey, to: User, *, by: User | None, now: datetime = NOW) -> None:
    """Make somebody the owner."""
    holder = Holder(owner_id=to.pk, team_id=to.team_id)
    assign_owner(journey_id=held.pk, holder=holder, act=act_of(by, now=now))


def packet(at: Company, **columns: Any) -> Handoff:
    """Store an offered packet to the receiver."""
    values: dict[str, Any] = {
        "journey": at.journey,
        "cycle": 1,
        "contract": "is_to_fs",
        "kind": "forward",
        "blueprint_id": current_blueprint().version_id,
        "giver_department": "inside_sales",
        "taker_department": "field_sales",
        "state": "offered",
        "giver": at.giver,
        "receiver": at.receiver,
        "offered_at": NOW,
    }
    return Handoff.objects.create(**(values | columns))


def happen(handoff: Handoff, kind: EventKind, *, by: User | None, **said: Any) -> None:
    """Write a step of the packet into the journal, as the operations do."""
    journal.record(
        about=journal.About(journey_id=handoff.journey_id),
        kind=kind,
        act=act_of(by),
        payload={
            "handoff": handoff.pk,
            "contract": handoff.contract,
            "round": handoff.round,
            "giver": handoff.giver_id,
            "receiver": handoff.receiver_id,
            **said,
        },
    )


def told(user: User | None) -> list[str]:
    """The kinds of notices of somebody (None: of the house), oldest first."""
    rows = Notice.objects.filter(user=user).order_by("pk")
    return list(rows.values_list("kind", flat=True))
