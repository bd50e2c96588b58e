"""One change to many journeys: first what would be refused and why, then each on its own.

A journey that is refused stops no other; every refusal is told with its reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tasuki.core.access import Access, Capability
from tasuki.core.blueprint import Blueprint, SideMove
from tasuki.core.labels import Label
from tasuki.core.lifecycle import Recycle, TransitionRefused
from tasuki.journeys.actor import Act
from tasuki.journeys.models import Journey
from tasuki.journeys.operations.assignment import assign_owner
from tasuki.journeys.operations.facts import NextAction, set_next_action
from tasuki.journeys.operations.flow import HandOn, move_journey
from tasuki.journeys.operations.guard import JourneyChangedMeanwhile
from tasuki.records.operations.editing import holder_of, may_change

LIMIT: Final = 1_000
Why = str | Promise | Label


class What(StrEnum):
    """What can be done to many journeys at once."""

    ASSIGN = "assign"
    NEXT_ACTION = "next_action"
    RECYCLE = "recycle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be done, with what it needs."""

    what: What
    owner_id: int | None = None
    next_action: str = ""
    due_date: date | None = None
    reason: str = ""
    note: str = ""
    revisit_date: date | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A journey that stays as it is, and why."""

    journey: Journey
    why: Why


@dataclass(frozen=True, slots=True)
class Plan:
    """Which journeys would change and which would not."""

    accepted: tuple[Journey, ...]
    refused: tuple[Refusal, ...]


def plan(*, what: What, journeys: Sequence[Journey], access: Access, blueprint: Blueprint) -> Plan:
    """Return who can be changed; nothing is written."""
    accepted, refused = [], []
    for journey in journeys:
        why = _objection(what, journey, access, blueprint)
        if why is None:
            accepted.append(journey)
        else:
            refused.append(Refusal(journey, why))
    return Plan(tuple(accepted), tuple(refused))


def carry_out(*, wish: Wish, planned: Plan, act: Act) -> Plan:
    """Change each journey of the plan as it was seen; return what really happened."""
    done, refused = [], list(planned.refused)
    for journey in planned.accepted:
        try:
            _change(wish, journey, act)
        except JourneyChangedMeanwhile:
            refused.append(Refusal(journey, _("Somebody else has just changed it")))
        except TransitionRefused as refusal:
            refused.append(Refusal(journey, refusal.message))
        else:
            done.append(journey)
    return Plan(tuple(done), tuple(refused))


def _objection(what: What, journey: Journey, access: Access, blueprint: Blueprint) -> Why | None:
    right = Capability.REASSIGN if what is What.ASSIGN else Capability.BULK_EDIT
    if not may_change(journey=journey, access=access, capability=right):
        return _("Your role does not reach it")
    if not journey.is_open:
        return _("It is not on its way")
    side = blueprint.side_for(SideMove.RECYCLE)
    if what is What.RECYCLE and (side is None or journey.stage not in side.from_stages):
        return _("From its stage it cannot go back to nurturing")
    return None


def _change(wish: Wish, journey: Journey, act: Act) -> None:
    if wish.what is What.ASSIGN:
        assign_owner(
            journey_id=journey.pk,
            holder=holder_of(wish.owner_id),
            act=act,
            reason=wish.note,
            revision=journey.revision,
        )
    elif wish.what is What.RECYCLE:
        move_journey(
            journey_id=journey.pk,
            move=Recycle(reason=wish.reason, revisit_date=wish.revisit_date, note=wish.note),
            act=act,
            hand_on=HandOn(revision=journey.revision),
        )
    elif wish.due_date is not None:
        set_next_action(
            journey_id=journey.pk,
            next_action=NextAction(what=wish.next_action, due_date=wish.due_date),
            act=act,
            revision=journey.revision,
        )
