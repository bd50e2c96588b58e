"""Look at a journey, and carry it on by the same rules as on the screen.

  tasuki journey show 12                                      where it rests, what comes next
  tasuki journey advance 12                                   to the next stage
  tasuki journey advance 12 --to O2 --answer amount=1200000   over several, with what gates ask for
  tasuki journey advance 12 --as sato@example.co.jp           as somebody, with their rights

What a gate or a hand-off still needs is refused with its name. Answers are told by the key of the
item (`tasuki journey show`) or by the path of its field.

Exit codes: 0 done; 1 refused; 2 wrong arguments.
"""

import argparse
from typing import TYPE_CHECKING, Any

from tasuki.cli.acting import (
    Refused,
    access_as,
    act_as,
    answered,
    facts_of,
    in_json,
    journey_for,
    refusals,
)
from tasuki.cli.command import CommandFailed, Exit, Needs

if TYPE_CHECKING:
    from tasuki.journeys.models import Journey

NEEDS = Needs.DATABASE


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verbs and what each takes."""
    verbs = parser.add_subparsers(title="verbs", dest="verb", metavar="VERB", required=True)
    show = verbs.add_parser("show", help="tell where it rests and what comes next")
    advance = verbs.add_parser("advance", help="carry it on")
    for verb in (show, advance):
        verb.add_argument("journey", type=int, metavar="ID", help="the number of the journey")
        verb.add_argument("--as", dest="email", metavar="EMAIL", help="act as this person")
        verb.add_argument("--json", action="store_true", help="print the result as JSON")
    advance.add_argument("--to", metavar="STAGE", help="the code of the stage (the next one)")
    advance.add_argument(
        "--answer", action="append", default=[], metavar="KEY=VALUE", help="what a gate asks for"
    )


def run(arguments: argparse.Namespace) -> int:
    """Do what the verb says."""
    try:
        return _show(arguments) if arguments.verb == "show" else _advance(arguments)
    except Refused as refused:
        if not arguments.json:
            raise
        told = {"refused": refused.rule, "message": refused.words, "missing": refused.missing}
        print(in_json(told))
        return Exit.FAILED


def _show(arguments: argparse.Namespace) -> int:
    journey = journey_for(arguments.journey, access_as(arguments.email))
    told = _told(journey)
    lines = [
        f"{told['journey']} {told['company']}: {told['stage_label']} ({told['stage']}) "
        f"since {told['entered_at']:%Y-%m-%d %H:%M}",
        f"  owner {told['owner'] or 'nobody'}; next: {told['next_action'] or 'nothing'}",
        *(f"  hand-off {one['id']}: {one['contract']} {one['state']}" for one in told["handoffs"]),
    ]
    if told["next"]:
        lines.append(f"  to enter {told['next']['stage']}:")
        if told["next"]["handoff"]:
            lines.append(f"    hand over first: {told['next']['handoff']}")
        for item in told["next"]["items"]:
            need = "needed" if item["required"] else "optional"
            lines.append(f"    {item['key']}: {item['label']} ({need})")
    return answered(arguments, told, lines)


def _advance(arguments: argparse.Namespace) -> int:
    from tasuki.core.lifecycle import Advance
    from tasuki.journeys.operations.flow import HandOn
    from tasuki.journeys.operations.learning import move_knowing
    from tasuki.journeys.queries.blueprints import current_blueprint
    from tasuki.journeys.queries.rates import reporting_settings

    journey = journey_for(arguments.journey, access_as(arguments.email), to_work=True)
    blueprint = current_blueprint().blueprint
    if arguments.to is not None and not blueprint.has_place(arguments.to):
        codes = ", ".join(stage.code for stage in blueprint.stages)
        raise CommandFailed(
            f"there is no stage {arguments.to}; there are {codes}", code=Exit.WRONG_ARGUMENTS
        )
    currency = journey.currency or reporting_settings().reporting_currency
    facts = facts_of(arguments.answer, blueprint=blueprint, currency=currency)
    with refusals():
        moved = move_knowing(
            journey_id=journey.pk,
            move=Advance(to=arguments.to),
            facts=facts,
            hand_on=HandOn(revision=journey.revision),
            act=act_as(arguments.email),
        )
    label = blueprint.place(moved.stage).label.en
    told = {"journey": moved.pk, "stage": moved.stage, "stage_label": label}
    return answered(arguments, told, [f"{moved.pk} is now in {label} ({moved.stage})."])


def _told(journey: "Journey") -> dict[str, Any]:
    from tasuki.journeys.queries.blueprints import current_blueprint
    from tasuki.journeys.queries.handoffs.of_journeys import packets_of_journeys

    blueprint = current_blueprint().blueprint
    known = blueprint.has_place(journey.stage)
    return {
        "journey": journey.pk,
        "company": journey.account.name,
        "title": journey.title,
        "stage": journey.stage,
        "stage_label": blueprint.place(journey.stage).label.en if known else journey.stage,
        "department": journey.department,
        "motion": journey.motion,
        "cycle": journey.cycle,
        "entered_at": journey.entered_at,
        "owner": journey.owner.full_name if journey.owner else None,
        "next_action": journey.next_action,
        "next_action_date": journey.next_action_date,
        "answers": journey.answers,
        "handoffs": [
            {
                "id": one.pk,
                "contract": one.contract,
                "state": one.state,
                "receiver": one.receiver.full_name if one.receiver else None,
                "round": one.round,
                "completeness_ratio": one.completeness_ratio,
            }
            for one in packets_of_journeys(journey_ids=[journey.pk])
        ],
        "next": _next(journey),
    }


def _next(journey: "Journey") -> dict[str, Any] | None:
    from tasuki.core.handoffs import is_checklist
    from tasuki.core.lifecycle import is_answered
    from tasuki.journeys.queries.blueprints import current_blueprint
    from tasuki.journeys.queries.facts import journey_facts
    from tasuki.journeys.queries.handoffs.of_journeys import handed_over

    blueprint = current_blueprint().blueprint
    codes = {stage.code for stage in blueprint.stages}
    following = blueprint.next_stage(journey.stage) if journey.stage in codes else None
    if following is None or journey.closed_at is not None:
        return None
    crossed = blueprint.crossed(here=journey.stage, target=following.code, motion=journey.motion)
    handed, facts = handed_over(journey=journey), journey_facts(journey)
    needed = None
    items = list(following.gate)
    for contract in crossed:
        if is_checklist(blueprint=blueprint, contract=contract, motion=journey.motion):
            items += contract.required_items
        elif contract.key not in handed:
            needed = contract.key
    return {
        "stage": following.code,
        "handoff": needed,
        "items": [
            {"key": item.key, "label": item.label.en, "required": item.required}
            for item in items
            if not is_answered(item=item, facts=facts)
        ],
    }
