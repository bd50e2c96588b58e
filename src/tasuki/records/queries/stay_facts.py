"""The facts of one stay, behind a segment of the ribbon."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tasuki.core.blueprint import Blueprint, Stage
from tasuki.core.labels import Label
from tasuki.core.lifecycle import Exit
from tasuki.journeys.models import Journey, Stay
from tasuki.journeys.queries.blueprints import Published
from tasuki.journeys.queries.facts import journey_facts
from tasuki.records.queries.hand_overs import PacketFact
from tasuki.records.queries.journey_screen import GateFact, gate_facts, names_of
from tasuki.ui.fact_words import reason_label
from tasuki.ui.stays import is_stalled, label_of, place_of

EXITS: Final[dict[Exit, str | Promise]] = {
    Exit.ADVANCED: _("Advanced"),
    Exit.RETURNED: _("Moved back"),
    Exit.RECYCLED: _("Recycled to nurturing"),
    Exit.DISQUALIFIED: _("Disqualified"),
    Exit.LOST: _("Lost"),
    Exit.CHURNED: _("Churned"),
    Exit.REACTIVATED: _("Taken up again"),
    Exit.WON_BACK: _("Won back"),
    Exit.COMPLETED: _("Completed"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StayFacts:
    """A stay as its sheet shows it."""

    journey: Journey
    stay: Stay
    label: Label
    enter_when: Label | None
    duration: timedelta
    exit: str | Promise
    to: Label | None
    reason: str
    gate: tuple[GateFact, ...]
    version: int
    is_stalled: bool
    expected_days: int | None
    packets: tuple[PacketFact, ...] = ()


def stay_facts(
    *,
    journey: Journey,
    stay: Stay,
    blueprint: Blueprint,
    judged_by: Published,
    now: datetime,
    sees: bool,
) -> StayFacts:
    """Return a stay with its words; `judged_by` is the process that let the journey in."""
    place = place_of(code=stay.stage, blueprint=judged_by.blueprint)
    stage = place if isinstance(place, Stage) else None
    return StayFacts(
        journey=journey,
        stay=stay,
        label=label_of(code=stay.stage, blueprint=blueprint),
        enter_when=place.enter_when if place else None,
        duration=(stay.left_at or now) - stay.entered_at,
        exit=EXITS[Exit(stay.exit)] if stay.exit else "",
        to=label_of(code=stay.to_stage, blueprint=blueprint) if stay.to_stage else None,
        reason=(
            reason_label(
                code=stay.reason,
                origin=stay.stage,
                to=stay.to_stage,
                blueprint=judged_by.blueprint,
            )
            if stay.reason
            else ""
        ),
        gate=(
            gate_facts(
                stage=stage,
                facts=journey_facts(journey),
                blueprint=judged_by.blueprint,
                names=names_of(journey, sees=sees),
            )
            if stage
            else ()
        ),
        version=judged_by.version,
        is_stalled=is_stalled(stay=stay, blueprint=blueprint, now=now),
        expected_days=stage.stall_days if stage else None,
    )
