"""What happened to a packet, in words: the title of its line and the sentences below."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from tasuki.core.blueprint import Blueprint, Contract
from tasuki.journeys.kinds import EventKind
from tasuki.ui.speaking import language

Payload = Mapping[str, Any]
Names = Mapping[int, str]
Said = tuple[str, tuple[str, ...]]


def handoff_in_words(
    *, kind: EventKind, payload: Payload, names: Names, blueprint: Blueprint
) -> Said:
    """Return title and details of a line about a packet."""
    key = payload["contract"]
    contract = blueprint.contract(key) if blueprint.has_contract(key) else None
    label = contract.label.text(language()) if contract else key
    title, details = _TOLD[kind](payload, names, contract)
    return f"{title}: {label}", tuple(text for text in details if text)


Details = tuple[str, list[str]]


def _offered(payload: Payload, names: Names, _contract: Contract | None) -> Details:
    again = payload["round"] > 1
    title = _("Handed over again") if again else _("Handed over")
    return title, [_route(payload, names), payload.get("note", "")]


def _accepted(payload: Payload, names: Names, _contract: Contract | None) -> Details:
    return _("Hand-off accepted"), [_route(payload, names)]


def _returned(payload: Payload, _names: Names, contract: Contract | None) -> Details:
    details = [
        _("Reason: %(reason)s") % {"reason": _reason(payload.get("reason", ""), contract)},
        _missing(payload, contract),
        payload.get("note", ""),
    ]
    return _("Hand-off returned"), details


def _withdrawn(payload: Payload, _names: Names, _contract: Contract | None) -> Details:
    return _("Hand-off withdrawn"), [payload.get("note", "")]


def _expired(payload: Payload, names: Names, _contract: Contract | None) -> Details:
    return _("Hand-off expired, nobody decided"), [_route(payload, names)]


def _rated(payload: Payload, _names: Names, _contract: Contract | None) -> Details:
    useful = _("Usefulness: %(rating)s of 5") % {"rating": payload["usefulness"]}
    return _("Hand-off rated"), [useful]


def _asked_again(payload: Payload, _names: Names, contract: Contract | None) -> Details:
    back = payload.get("taken_back")
    title = _("Not asked again after all") if back else _("Asked the customer again")
    return title, [_item(payload["item"], contract), payload.get("note", "")]


def _route(payload: Payload, names: Names) -> str:
    giver = names.get(payload.get("giver") or 0) or _("nobody")
    receiver = names.get(payload.get("receiver") or 0) or _("the queue of the department")
    return f"{giver} → {receiver}"


def _reason(code: str, contract: Contract | None) -> str:
    reasons = {one.code: one.label for one in contract.reasons} if contract else {}
    return reasons[code].text(language()) if code in reasons else code


def _missing(payload: Payload, contract: Contract | None) -> str:
    item = payload.get("item", "")
    return _("Missing: %(item)s") % {"item": _item(item, contract)} if item else ""


def _item(key: str, contract: Contract | None) -> str:
    item = contract.item(key) if contract else None
    return item.label.text(language()) if item else key


_TOLD: Final[Mapping[EventKind, Callable[[Payload, Names, Contract | None], Details]]] = {
    EventKind.HANDOFF_OFFERED: _offered,
    EventKind.HANDOFF_ACCEPTED: _accepted,
    EventKind.HANDOFF_RETURNED: _returned,
    EventKind.HANDOFF_WITHDRAWN: _withdrawn,
    EventKind.HANDOFF_EXPIRED: _expired,
    EventKind.HANDOFF_RATED: _rated,
    EventKind.HANDOFF_ASKED_AGAIN: _asked_again,
}
