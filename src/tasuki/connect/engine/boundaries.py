"""Newer rows may not carry a stored journey over a boundary that nobody handed it over.

Only where gates are enforced, and only from where Tasuki knows the journey: what happened before
was handed over elsewhere.
"""

from collections.abc import Iterable, Mapping
from itertools import pairwise

from tasuki.connect.engine.context import Context
from tasuki.connect.problems import RowRefused, Rule
from tasuki.core.blueprint import Stage
from tasuki.core.labels import Label
from tasuki.core.lifecycle import HandoffNeeded
from tasuki.core.lifecycle.case import Case
from tasuki.core.lifecycle.crossing import lacking_for_crossing
from tasuki.journeys.models import Handoff, Journey
from tasuki.journeys.operations.history_plans import JourneyPlan, PlannedStay
from tasuki.journeys.queries.facts import journey_facts

Handed = Mapping[int, frozenset[str]]


def handed_over(journeys: Iterable[Journey]) -> Handed:
    """Return the contracts that hold by journey, as of its cycle: one query."""
    cycles = {journey.pk: journey.cycle for journey in journeys}
    found: dict[int, set[str]] = {}
    holding = Handoff.objects.filter(journey_id__in=cycles, holds=True)
    for journey_id, cycle, contract in holding.values_list("journey_id", "cycle", "contract"):
        if cycle == cycles[journey_id]:
            found.setdefault(journey_id, set()).add(contract)
    return {journey_id: frozenset(keys) for journey_id, keys in found.items()}


def demand_handed_over(
    context: Context,
    plan: JourneyPlan,
    journey: Journey,
    steps: tuple[PlannedStay, ...],
    handed: Handed,
) -> None:
    """Let the journey go these steps, the first of them where it rests.

    Raises: RowRefused when a packet was not accepted, or when whoever carries on alone lacks what
        the contract asks for.
    """
    blueprint = context.stamp.blueprint
    told = {f"answers.{key}": value for key, value in plan.answers.items()}
    case = Case(
        blueprint=blueprint,
        facts={**journey_facts(journey), **told},
        at=context.act.now,
        now=context.act.now,
        enforces_gates=True,
        rests_in=journey.stage,
    )
    for before, after in pairwise(blueprint.place(step.stage) for step in steps):
        if not (isinstance(before, Stage) and isinstance(after, Stage)):
            continue
        try:
            missing = lacking_for_crossing(
                case=case,
                here=before,
                target=after,
                handed=handed.get(journey.pk, frozenset()),
            )
        except HandoffNeeded as needed:
            raise RowRefused(Rule.HANDOFF_NEEDED, needed.message) from needed
        if missing:
            ja, en = "、".join(i.label.ja for i in missing), ", ".join(i.label.en for i in missing)
            message = Label(
                f"引き継ぎ項目が足りません: {ja}。", f"Items of the hand-off are missing: {en}."
            )
            raise RowRefused(Rule.MISSING_GATE_ITEM, message)
