"""Why a journey is with whom it is, where the rules of assignment chose."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tasuki.core.assignment import Skip, Why
from tasuki.core.labels import Label
from tasuki.journeys.models import AssignmentDecision, Journey
from tasuki.journeys.queries.blueprints import kept_blueprint
from tasuki.journeys.queries.roster import latest_assignment

SHOWN: Final = 8


@dataclass(frozen=True, slots=True)
class PassedOver:
    """Somebody who was not chosen, and why not."""

    name: str
    reason: Label


@dataclass(frozen=True, slots=True)
class Assigned:
    """The choice that gave a journey to its present owner; `more` were passed over besides."""

    rule: Label
    why: Label
    decided_at: datetime
    others: Sequence[PassedOver]
    more: int


def assigned_by_rule(*, journey: Journey) -> Assigned | None:
    """Return why the present owner was chosen, None where no rule chose: one query."""
    decision = latest_assignment(journey=journey)
    if decision is None:
        return None
    others = [
        PassedOver(item["name"], Skip(item["skip"]).label)
        for item in decision.considered
        if item["skip"]
    ]
    return Assigned(
        rule=_rule_name(decision),
        why=Why(decision.why).label,
        decided_at=decision.decided_at,
        others=others[:SHOWN],
        more=max(0, len(others) - SHOWN),
    )


def _rule_name(decision: AssignmentDecision) -> Label:
    rules = kept_blueprint(version_id=decision.blueprint_id).blueprint.assignment
    found = next((rule.label for rule in rules if rule.key == decision.rule), None)
    return found or Label(decision.rule, decision.rule)
