"""Hand the sash on from the command line, by the same rules as on the screen.

  tasuki handoff list                                              what waits, by its deadline
  tasuki handoff list --as sato@example.co.jp                      what waits for somebody
  tasuki handoff show 7                                            one packet with what it tells
  tasuki handoff offer 12 --to aoki@example.co.jp --as EMAIL --answer interest="…"
  tasuki handoff offer 12 --as EMAIL                               to the department's queue
  tasuki handoff accept 7 --as EMAIL
  tasuki handoff return 7 --as EMAIL --reason missing_information --item interest --note "…"
  tasuki handoff withdraw 7 --as EMAIL

`offer` takes the contract that leads on from where the journey rests, unless --contract names
another. What is missing is refused with its name. Every act is somebody's: --as says whose.

Exit codes: 0 done; 1 refused; 2 wrong arguments.
"""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tasuki.cli.acting import (
    Refused,
    access_as,
    act_as,
    answered,
    facts_of,
    in_json,
    journey_for,
    person,
    refusals,
)
from tasuki.cli.command import CommandFailed, Exit, Needs

if TYPE_CHECKING:
    from tasuki.core.access import Access
    from tasuki.journeys.models import Handoff, Journey

NEEDS = Needs.DATABASE
_STATES = ("offered", "accepted", "returned", "withdrawn", "expired")
_SHOWN = 100


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verbs and what each takes."""
    verbs = parser.add_subparsers(title="verbs", dest="verb", metavar="VERB", required=True)
    listing = verbs.add_parser("list", help="tell what waits")
    listing.add_argument("--state", choices=_STATES, default="offered", help="(offered)")
    listing.add_argument("--as", dest="email", metavar="EMAIL", help="only what this person sees")
    offer = verbs.add_parser("offer", help="hand a journey over")
    offer.add_argument("journey", type=int, metavar="JOURNEY", help="the number of the journey")
    offer.add_argument("--contract", metavar="KEY", help="the contract (the one that leads on)")
    offer.add_argument("--to", metavar="EMAIL", help="to whom (the queue of the department)")
    offer.add_argument("--answer", action="append", default=[], metavar="KEY=VALUE")
    offer.add_argument("--message", default="", help="a word to the receiver")
    offer.add_argument("--why", default="", metavar="REASON", help="why it is given back")
    acts = [offer]
    for name, text in (
        ("show", "tell one packet"),
        ("accept", "take the sash"),
        ("return", "give it back with a reason"),
        ("withdraw", "take an offer back"),
    ):
        verb = verbs.add_parser(name, help=text)
        verb.add_argument("handoff", type=int, metavar="ID", help="the number of the packet")
        if name == "show":
            verb.add_argument("--as", dest="email", metavar="EMAIL", help="as this person sees it")
        else:
            acts.append(verb)
        if name == "return":
            verb.add_argument("--reason", default="", metavar="CODE")
            verb.add_argument("--item", default="", metavar="KEY", help="what is missing")
        if name in ("return", "withdraw"):
            verb.add_argument("--note", default="")
    for act in acts:
        act.add_argument("--as", dest="email", metavar="EMAIL", required=True, help="who acts")
    for verb in verbs.choices.values():
        verb.add_argument("--json", action="store_true", help="print the result as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Do what the verb says."""
    verbs: dict[str, Callable[[argparse.Namespace], int]] = {
        "list": _list,
        "show": _show,
        "offer": _offer,
        "accept": _accept,
        "return": _return,
        "withdraw": _withdraw,
    }
    try:
        return verbs[arguments.verb](arguments)
    except Refused as refused:
        if not arguments.json:
            raise
        told = {"refused": refused.rule, "message": refused.words, "missing": refused.missing}
        print(in_json(told))
        return Exit.FAILED


def _list(arguments: argparse.Namespace) -> int:
    from tasuki.journeys.models import Handoff
    from tasuki.journeys.queries.handoffs.queue import may_take
    from tasuki.journeys.queries.visibility import visible_journeys

    access = access_as(arguments.email)
    rows = Handoff.objects.filter(state=arguments.state).select_related(
        "giver", "receiver", "journey__account"
    )
    seen = set(
        visible_journeys(access=access)
        .filter(pk__in=rows.values("journey_id"))
        .values_list("pk", flat=True)
    )
    found = [
        _told(one)
        for one in rows.order_by("accept_due_at", "id")
        if one.journey_id in seen or may_take(handoff=one, access=access)
    ][:_SHOWN]
    lines = [_line(one) for one in found] or ["Nothing."]
    return answered(arguments, {"handoffs": found}, lines)


def _show(arguments: argparse.Namespace) -> int:
    packet = _packet(arguments.handoff, access_as(arguments.email))
    told = {**_told(packet), "values": packet.values}
    lines = [_line(told), *(f"  {key}: {value}" for key, value in packet.values.items())]
    return answered(arguments, told, lines)


def _offer(arguments: argparse.Namespace) -> int:
    from tasuki.journeys.operations.handoffs.handing import hand_over
    from tasuki.journeys.operations.handoffs.offering import Offer
    from tasuki.journeys.queries.blueprints import current_blueprint
    from tasuki.journeys.queries.rates import reporting_settings

    journey = journey_for(arguments.journey, access_as(arguments.email), to_work=True)
    currency = journey.currency or reporting_settings().reporting_currency
    blueprint = current_blueprint().blueprint
    offer = Offer(
        receiver_id=person(arguments.to).pk if arguments.to else None,
        facts=facts_of(arguments.answer, blueprint=blueprint, currency=currency),
        message=arguments.message,
        why=arguments.why,
        revision=journey.revision,
    )
    with refusals():
        packet = hand_over(
            journey_id=journey.pk,
            contract=arguments.contract or _leading_on(journey),
            offer=offer,
            act=act_as(arguments.email),
        )
    return _done(arguments, packet)


def _accept(arguments: argparse.Namespace) -> int:
    from tasuki.journeys.operations.handoffs.deciding import accept_handoff

    packet = _to_take(arguments)
    with refusals():
        accept_handoff(handoff_id=packet.pk, act=act_as(arguments.email))
    return _done(arguments, packet)


def _return(arguments: argparse.Namespace) -> int:
    from tasuki.core.departments import Department
    from tasuki.core.handoffs import Return
    from tasuki.journeys.operations.handoffs.deciding import return_handoff
    from tasuki.people.managing import manages

    packet = _to_take(arguments)
    by_manager = manages(
        access=access_as(arguments.email), department=Department(packet.taker_department)
    )
    step = Return(arguments.reason, arguments.item, arguments.note, by_manager)
    with refusals():
        return_handoff(handoff_id=packet.pk, step=step, act=act_as(arguments.email))
    return _done(arguments, packet)


def _withdraw(arguments: argparse.Namespace) -> int:
    from tasuki.journeys.operations.handoffs.deciding import withdraw_handoff

    access = access_as(arguments.email)
    packet = _packet(arguments.handoff, access)
    journey_for(packet.journey_id, access, to_work=True)
    with refusals():
        withdraw_handoff(handoff_id=packet.pk, act=act_as(arguments.email), note=arguments.note)
    return _done(arguments, packet)


def _packet(handoff_id: int, access: "Access") -> "Handoff":
    from tasuki.journeys.queries.handoffs.detail import find_packet

    packet = find_packet(handoff_id=handoff_id, access=access)
    if packet is None:
        raise CommandFailed(f"there is no hand-off {handoff_id}", code=Exit.WRONG_ARGUMENTS)
    return packet


def _to_take(arguments: argparse.Namespace) -> "Handoff":
    from tasuki.journeys.queries.handoffs.queue import may_take

    access = access_as(arguments.email)
    packet = _packet(arguments.handoff, access)
    if not may_take(handoff=packet, access=access):
        raise Refused("no_access", f"This person does not take hand-off {packet.pk}.")
    return packet


def _leading_on(journey: "Journey") -> str:
    from tasuki.core.blueprint import ContractKind
    from tasuki.journeys.queries.blueprints import current_blueprint

    for contract in current_blueprint().blueprint.contracts:
        if contract.kind is ContractKind.FORWARD and journey.stage in contract.from_stages:
            return contract.key
    raise Refused("not_from_here", f"No hand-off leads on from {journey.stage}.")


def _done(arguments: argparse.Namespace, packet: "Handoff") -> int:
    from tasuki.journeys.queries.handoffs.queue import row_of

    told = _told(row_of(handoff_id=packet.pk))
    return answered(arguments, told, [_line(told)])


def _told(packet: "Handoff") -> dict[str, Any]:
    return {
        "id": packet.pk,
        "journey": packet.journey_id,
        "company": packet.journey.account.name,
        "stage": packet.journey.stage,
        "contract": packet.contract,
        "state": packet.state,
        "round": packet.round,
        "giver": packet.giver.full_name if packet.giver else None,
        "receiver": packet.receiver.full_name if packet.receiver else None,
        "offered_at": packet.offered_at,
        "accept_due_at": packet.accept_due_at,
        "completeness_ratio": packet.completeness_ratio,
        "reason": packet.reason,
        "item": packet.item,
    }


def _line(told: dict[str, Any]) -> str:
    due = f", due {told['accept_due_at']:%Y-%m-%d %H:%M}" if told["accept_due_at"] else ""
    waits = due if told["state"] == "offered" else ""
    return (
        f"{told['id']} {told['company']} (journey {told['journey']}, {told['stage']}): "
        f"{told['contract']} {told['state']}, "
        f"{told['giver'] or 'nobody'} -> {told['receiver'] or 'the queue'}{waits}"
    )
