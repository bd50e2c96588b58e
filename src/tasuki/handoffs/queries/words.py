"""Packets in words: what a row says of the items, and what reasons and contracts are called."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext as _

from tasuki.core.blueprint import Blueprint, Contract, GateItem
from tasuki.core.clocks import ClockStatus
from tasuki.core.conditions.fields import STANDARD_FIELDS, FieldKind
from tasuki.core.handoffs import PacketState
from tasuki.core.labels import Label
from tasuki.core.money import Money
from tasuki.journeys.models import Channel, Handoff
from tasuki.journeys.operations.learning import CHANNEL
from tasuki.journeys.queries.blueprints import kept_blueprint
from tasuki.journeys.queries.handoffs.queue import clock_status
from tasuki.ui.formats import MISSING, format_date, format_money
from tasuki.ui.speaking import language

KEY_ITEMS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketRow:
    """A packet as a list shows it. `may_decide`: the person may accept it or give it back."""

    handoff: Handoff
    contract: Contract
    gist: tuple[str, ...]
    status: ClockStatus | None
    reason: str
    missing_item: str
    may_decide: bool
    may_offer: bool

    @property
    def state(self) -> PacketState:
        """Where the packet stands."""
        return PacketState(self.handoff.state)


@dataclass(frozen=True, slots=True)
class Reading:
    """When a list is read, and what the channels are called then."""

    now: datetime
    channels: Mapping[str, str]


def row_in_words(
    *, handoff: Handoff, reading: Reading, may_decide: bool, may_offer: bool
) -> PacketRow:
    """Return the row of a packet."""
    contract = kept_blueprint(version_id=handoff.blueprint_id).blueprint.contract(handoff.contract)
    item = contract.item(handoff.item)
    return PacketRow(
        handoff=handoff,
        contract=contract,
        gist=_gist(handoff, contract, reading.channels),
        status=clock_status(handoff=handoff, now=reading.now),
        reason=reason_in_words(code=handoff.reason, contract=contract),
        missing_item=item.label.text(language()) if item else "",
        may_decide=may_decide and handoff.state == PacketState.OFFERED,
        may_offer=may_offer
        and handoff.state in (PacketState.RETURNED, PacketState.EXPIRED, PacketState.WITHDRAWN),
    )


def channel_names() -> dict[str, str]:
    """Return what the channels are called, by code: one query."""
    rows = Channel.objects.values_list("code", "label_ja", "label_en")
    return {code: en if language() == "en" else ja for code, ja, en in rows}


def told_in_words(*, item: GateItem, value: object, channels: Mapping[str, str]) -> str:
    """Return what a packet told of an item, a dash where it told nothing."""
    if value is None or value == "":
        return MISSING
    if item.field == CHANNEL:
        return channels.get(str(value), str(value))
    standard = STANDARD_FIELDS.get(item.field)
    for choice in item.choices or (standard.choices if standard else ()):
        if choice.code == value:
            return choice.label.text(language())
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, dict):
        return format_money(Money(value["minor"], value["currency"]))
    if item.kind is FieldKind.DATE:
        return format_date(date.fromisoformat(str(value)[:10]), language=language())
    return str(value)


def reason_in_words(*, code: str, contract: Contract) -> str:
    """Return a reason for returning; one that is no longer agreed goes by its code."""
    labels = {one.code: one.label for one in contract.reasons}
    return labels.get(code, Label(code, code)).text(language())


def contract_options(blueprint: Blueprint) -> list[tuple[str, Label]]:
    """Return the contracts of the process to filter by."""
    return [(one.key, one.label) for one in blueprint.contracts]


def names_of(rows: Iterable[Handoff]) -> list[tuple[int, str]]:
    """Return the people that rows name, by name, for a filter."""
    found = {
        person.pk: person.full_name
        for row in rows
        for person in (row.giver, row.receiver)
        if person is not None
    }
    return sorted(found.items(), key=lambda pair: pair[1])


def _gist(handoff: Handoff, contract: Contract, channels: Mapping[str, str]) -> tuple[str, ...]:
    """The first items told that are sentences or choices: an address says little in a row."""
    said = []
    for item in contract.items:
        value = handoff.values.get(item.key)
        if item.field.startswith("person.e") or value is None:
            continue
        words = told_in_words(item=item, value=value, channels=channels)
        if words != MISSING:
            said.append(f"{item.label.text(language())}: {words}")
    return tuple(said[:KEY_ITEMS])
