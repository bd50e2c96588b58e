"""What can be done with a journey where it rests, and what that asks for.

Only offers: the core judges again when the move is made.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tasuki.core.blueprint import (
    Blueprint,
    Contract,
    GateItem,
    JourneyKind,
    Place,
    Reason,
    SideTrack,
    Stage,
)
from tasuki.core.blueprint.types import SideMove
from tasuki.core.conditions.wording import describe_condition
from tasuki.core.departments import Department
from tasuki.core.handoffs import is_checklist, judge_content, lacking
from tasuki.core.labels import Label
from tasuki.core.lifecycle import KeepsOwner, owner_after
from tasuki.core.lifecycle.gates import is_answered, unmet_gates
from tasuki.journeys.models import Journey
from tasuki.journeys.queries.facts import journey_facts

OWNER: Final = "journey.owner_id"


class Verb(StrEnum):
    """One thing that can be done with a journey."""

    ADVANCE = "advance"
    COMPLETE = "complete"
    REACTIVATE = "reactivate"
    WIN_BACK = "win-back"
    MOVE_BACK = "move-back"
    RECYCLE = "recycle"
    DISQUALIFY = "disqualify"
    LOSE = "lose"
    CHURN = "churn"


@dataclass(frozen=True, slots=True)
class VerbLook:
    """How a verb is called and drawn."""

    label: str | Promise
    icon: str
    is_ending: bool = False


LOOKS: Final[Mapping[Verb, VerbLook]] = {
    Verb.ADVANCE: VerbLook(_("Advance"), "arrow-right"),
    Verb.COMPLETE: VerbLook(_("Complete"), "check"),
    Verb.REACTIVATE: VerbLook(_("Take up again"), "rotate-ccw"),
    Verb.WIN_BACK: VerbLook(_("Win back"), "rotate-ccw"),
    Verb.MOVE_BACK: VerbLook(_("Move back"), "undo-2"),
    Verb.RECYCLE: VerbLook(_("Recycle to nurturing"), "recycle"),
    Verb.DISQUALIFY: VerbLook(_("Disqualify"), "ban", is_ending=True),
    Verb.LOSE: VerbLook(_("Mark as lost"), "ban", is_ending=True),
    Verb.CHURN: VerbLook(_("Mark as churned"), "ban", is_ending=True),
}
_SIDES: Final = {
    Verb.RECYCLE: SideMove.RECYCLE,
    Verb.DISQUALIFY: SideMove.DISQUALIFY,
    Verb.LOSE: SideMove.LOSE,
    Verb.CHURN: SideMove.CHURN,
}
_WAYS_BACK: Final = {
    SideMove.RECYCLE: Verb.REACTIVATE,
    SideMove.DISQUALIFY: Verb.REACTIVATE,
    SideMove.LOSE: Verb.WIN_BACK,
    SideMove.CHURN: Verb.WIN_BACK,
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A verb and the places it may lead to, the most usual one first."""

    verb: Verb
    targets: tuple[Place, ...]

    @property
    def look(self) -> VerbLook:
        """How it is called and drawn."""
        return LOOKS[self.verb]


@dataclass(frozen=True, slots=True, kw_only=True)
class MovePlan:
    """One verb towards one place: everything that its form asks for and shows.

    `items` are the items of gates, and of contracts that an owner keeps as a checklist, without an
    answer, the required ones first. `keeps_owner_id` is who carries on unless somebody else is
    chosen. `handoff` is what must be accepted before.
    """

    offer: Offer
    target: Place | None
    reasons: tuple[Reason, ...] = ()
    items: tuple[GateItem, ...] = ()
    conditions: tuple[Label, ...] = ()
    asks_owner: bool = False
    keeps_owner_id: int | None = None
    department: Department | None = None
    asks_revisit: bool = False
    needs_revisit: bool = False
    handoff: Contract | None = None

    @property
    def verb(self) -> Verb:
        """What is done."""
        return self.offer.verb

    @property
    def missing(self) -> tuple[GateItem, ...]:
        """The items without which the stage is not entered."""
        return tuple(item for item in self.items if item.required)


def offers(*, journey: Journey, blueprint: Blueprint) -> tuple[Offer, ...]:
    """Return what can be done, the usual next step first; nothing once it is completed."""
    if journey.closed_at is not None or not blueprint.has_place(journey.stage):
        return ()
    here = blueprint.place(journey.stage)
    if isinstance(here, SideTrack):
        return _from_side(here, JourneyKind(journey.kind), blueprint)
    return _from_stage(here, blueprint)


def plan_move(
    *,
    journey: Journey,
    blueprint: Blueprint,
    verb: Verb,
    to: str,
    today: date,
    handed: Collection[str] = (),
) -> MovePlan | None:
    """Return what the verb asks for, None when it cannot be done here or not towards `to`.

    An empty `to` takes the most usual place; `handed` are the contracts that were accepted.
    """
    found = [offer for offer in offers(journey=journey, blueprint=blueprint) if offer.verb is verb]
    if not found:
        return None
    if verb is Verb.COMPLETE:
        return MovePlan(offer=found[0], target=None)
    places = [place for place in found[0].targets if to in ("", place.code)]
    if not places:
        return None
    return _PLANS[verb](_Ground(journey, blueprint, today, handed), found[0], places[0])


def _from_side(here: SideTrack, kind: JourneyKind, blueprint: Blueprint) -> tuple[Offer, ...]:
    line = {stage.code: stage for stage in blueprint.line(kind)}
    targets = tuple(line[code] for code in here.reactivates_to if code in line)
    return (Offer(_WAYS_BACK[here.move], targets),) if targets else ()


def _from_stage(here: Stage, blueprint: Blueprint) -> tuple[Offer, ...]:
    line = blueprint.line(here.line)
    ahead = tuple(stage for stage in line if stage.position > here.position)
    behind = tuple(
        stage
        for stage in reversed(line)
        if stage.position < here.position and blueprint.return_rule(here.code, stage.code)
    )
    found = []
    if ahead:
        found.append(Offer(Verb.ADVANCE, ahead))
    elif here.line is not JourneyKind.NEW:
        found.append(Offer(Verb.COMPLETE, ()))
    if behind:
        found.append(Offer(Verb.MOVE_BACK, behind))
    for verb, move in _SIDES.items():
        side = blueprint.side_for(move)
        if side is not None and here.code in side.from_stages:
            found.append(Offer(verb, (side,)))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Ground:
    journey: Journey
    blueprint: Blueprint
    today: date
    handed: Collection[str]


def _plan_advance(ground: _Ground, offer: Offer, target: Place) -> MovePlan:
    here = ground.journey.stage
    stage = ground.blueprint.stage(target.code)
    direct = here in stage.direct_from
    passed = () if direct else ground.blueprint.between(here, stage.code)
    crossed = ground.blueprint.crossed(here=here, target=stage.code, motion=_motion(ground))
    own = [one for one in crossed if _is_own(ground, one)]
    plan = _gated(ground, offer, stage, (*passed, stage), checklists=own)
    needed = (one for one in crossed if one not in own and one.key not in ground.handed)
    return replace(plan, handoff=next(needed, None))


def _is_own(ground: _Ground, contract: Contract) -> bool:
    return is_checklist(blueprint=ground.blueprint, contract=contract, motion=_motion(ground))


def _motion(ground: _Ground) -> str:
    motion, blueprint = ground.journey.motion, ground.blueprint
    known = {one.code for one in blueprint.motions}
    return motion if motion in known else blueprint.default_motion


def _plan_way_back(ground: _Ground, offer: Offer, target: Place) -> MovePlan:
    stage = ground.blueprint.stage(target.code)
    return _gated(ground, offer, stage, (stage,))


def _plan_back(ground: _Ground, offer: Offer, target: Place) -> MovePlan:
    rule = ground.blueprint.return_rule(ground.journey.stage, target.code)
    keeps, asks = _owner(ground, target)
    return MovePlan(
        offer=offer,
        target=target,
        reasons=rule.reasons if rule else (),
        asks_owner=asks,
        keeps_owner_id=keeps,
        department=target.department,
    )


def _plan_aside(ground: _Ground, offer: Offer, target: Place) -> MovePlan:
    side = ground.blueprint.side(target.code)
    keeps, asks = _owner(ground, side)
    return MovePlan(
        offer=offer,
        target=side,
        reasons=side.reasons,
        asks_owner=asks,
        keeps_owner_id=keeps,
        department=side.department,
        asks_revisit=True,
        needs_revisit=side.needs_revisit_date,
    )


_PLANS: Final[Mapping[Verb, Callable[[_Ground, Offer, Place], MovePlan]]] = {
    Verb.ADVANCE: _plan_advance,
    Verb.REACTIVATE: _plan_way_back,
    Verb.WIN_BACK: _plan_way_back,
    Verb.MOVE_BACK: _plan_back,
    Verb.RECYCLE: _plan_aside,
    Verb.DISQUALIFY: _plan_aside,
    Verb.LOSE: _plan_aside,
    Verb.CHURN: _plan_aside,
}


def _gated(
    ground: _Ground,
    offer: Offer,
    target: Stage,
    stages: tuple[Stage, ...],
    *,
    checklists: Sequence[Contract] = (),
) -> MovePlan:
    keeps, asks = _owner(ground, target)
    facts = {**journey_facts(ground.journey), OWNER: keeps}
    unmet = unmet_gates(stages=stages, facts=facts, today=ground.today)
    items = {item.fields: item for stage in stages for item in stage.gate}
    open_items = [item for item in items.values() if not is_answered(item=item, facts=facts)]
    for contract in checklists:
        content = judge_content(items=contract.items, facts=facts)
        open_items += [one.item for one in lacking(content) if one.item.fields not in items]
    required = {item.fields for item in open_items if item.required} | {
        item.fields for item in unmet.items
    }
    return MovePlan(
        offer=offer,
        target=target,
        items=tuple(sorted(open_items, key=lambda item: item.fields not in required)),
        conditions=tuple(
            describe_condition(condition=part, fields=ground.blueprint.fields)
            for _stage, part in unmet.conditions
        ),
        asks_owner=asks or any(item.field == OWNER for item in open_items),
        keeps_owner_id=keeps,
        department=target.department,
    )


def _owner(ground: _Ground, target: Place) -> tuple[int | None, bool]:
    """Tell who carries on by the motion, and whether somebody is to be chosen."""
    journey, blueprint = ground.journey, ground.blueprint
    after = owner_after(
        blueprint=blueprint,
        motion=_motion(ground),
        held_by=Department(journey.department),
        to_stage=target.code,
        owner=journey.owner_id,
        team=journey.team_id,
    )
    changes = journey.department != target.department
    if isinstance(after, KeepsOwner):
        return after.owner, changes
    return None, changes or journey.owner_id is None
