"""Everything the page of a packet shows, read for one person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tasuki.core.access import Access
from tasuki.core.blueprint import Blueprint, ContractKind, GateItem
from tasuki.core.clocks import ClockStatus
from tasuki.core.departments import Department
from tasuki.core.handoffs import RATINGS, PacketState
from tasuki.core.handoffs.decide import RETURNS_WITHOUT_MANAGER
from tasuki.handoffs.queries.words import channel_names, reason_in_words, told_in_words
from tasuki.journeys.kinds import ActivityKind
from tasuki.journeys.models import Activity, Handoff, HandoffRound, Journey, Person
from tasuki.journeys.queries.blueprints import current_blueprint
from tasuki.journeys.queries.handoffs.detail import (
    PacketDetail,
    packet_detail,
    recent_touches,
    speed_of,
)
from tasuki.journeys.queries.handoffs.queue import clock_status, may_take
from tasuki.journeys.queries.journey_page import (
    people_of_account,
    related_journeys,
    sees_person_of,
    stays_of,
)
from tasuki.people.managing import managers_of, manages
from tasuki.people.models import User
from tasuki.ui.fact_words import OUTCOMES, TOUCHES
from tasuki.ui.formats import MISSING, mask_email, mask_phone
from tasuki.ui.ribbon import RibbonRow
from tasuki.ui.speaking import language
from tasuki.ui.stays import label_of, ribbon_of

PEOPLE: Final = 8
EARLIER: Final = 5


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item as the page shows it."""

    item: GateItem
    said: str
    is_told: bool
    was_asked_again: bool
    is_named: bool
    """Whether the packet came back because of it."""


@dataclass(frozen=True, slots=True)
class TouchLine:
    """One contact with the customer in a few words."""

    icon: str
    title: str
    text: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RoundLine:
    """One time that the packet was offered, and how that ended."""

    round: HandoffRound
    reason: str
    item: str

    @property
    def outcome(self) -> PacketState | None:
        """How it ended; None while it waits."""
        return PacketState(self.round.outcome) if self.round.outcome else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketRights:
    """What the person may do with the packet as it stands."""

    decide: bool
    give_back: bool
    withdraw: bool
    offer_again: bool
    judge: bool
    managers: Sequence[User] = ()
    """Who can give it back a second time, where the person cannot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketScreen:
    """A packet, what stands around it, and what the person may do."""

    detail: PacketDetail
    rights: PacketRights
    items: Sequence[ItemLine]
    rounds: Sequence[RoundLine]
    reason: str
    missing_item: str
    why: str
    status: ClockStatus | None
    speed_minutes: int | None
    ribbon: Sequence[RibbonRow]
    touches: Sequence[TouchLine]
    earlier: Sequence[tuple[Journey, str]]
    people: Sequence[Person]
    sees_personal_data: bool
    stage: str

    @property
    def handoff(self) -> Handoff:
        """The packet."""
        return self.detail.handoff

    @property
    def state(self) -> PacketState:
        """Where the packet stands."""
        return PacketState(self.handoff.state)

    @property
    def moves(self) -> bool:
        """Whether accepting changes who carries the journey."""
        return self.detail.contract.kind is not ContractKind.VOICE

    @property
    def is_to_success(self) -> bool:
        """Whether the customer comes to customer success by it: then a briefing is due."""
        return self.moves and self.detail.contract.taker is Department.SUCCESS

    @property
    def ratings(self) -> range:
        """What can be given for usefulness."""
        return RATINGS


def packet_screen(
    *, handoff: Handoff, access: Access, may_give: bool, now: datetime
) -> PacketScreen:
    """Return the page of a packet; a fixed number of queries."""
    detail = packet_detail(handoff=handoff)
    journey = handoff.journey
    blueprint = current_blueprint().blueprint
    stays = stays_of(journey_ids=[journey.pk])
    owners = {stay.owner_id for stay in stays if stay.owner_id} | {journey.owner_id or 0}
    sees = sees_person_of(journey=journey, owner_ids=owners, access=access)
    contract = detail.contract
    return PacketScreen(
        detail=detail,
        rights=_rights(detail, access, may_give=may_give),
        items=_items(detail, sees=sees),
        rounds=[_round(one, detail) for one in detail.rounds],
        reason=reason_in_words(code=handoff.reason, contract=contract),
        missing_item=_item_label(detail, handoff.item),
        why=_why(handoff, blueprint),
        status=clock_status(handoff=handoff, now=now),
        speed_minutes=speed_of(handoff=handoff),
        ribbon=ribbon_of(stays=stays, blueprint=blueprint, now=now),
        touches=[_touch(one, sees=sees) for one in recent_touches(journey_id=journey.pk)],
        earlier=[
            (one, label_of(code=one.stage, blueprint=blueprint).text(language()))
            for one in related_journeys(journey=journey, access=access)[:EARLIER]
        ],
        people=people_of_account(account_ids=[journey.account_id])[:PEOPLE],
        sees_personal_data=sees,
        stage=label_of(code=journey.stage, blueprint=blueprint).text(language()),
    )


def _rights(detail: PacketDetail, access: Access, *, may_give: bool) -> PacketRights:
    handoff = detail.handoff
    waits = handoff.state == PacketState.OFFERED
    takes = may_take(handoff=handoff, access=access)
    taker = Department(handoff.taker_department)
    needs_manager = handoff.returns >= RETURNS_WITHOUT_MANAGER
    gives_back = not needs_manager or manages(access=access, department=taker)
    ended = (PacketState.RETURNED, PacketState.WITHDRAWN, PacketState.EXPIRED)
    asks_for = waits and takes and not gives_back
    return PacketRights(
        decide=waits and takes,
        give_back=waits and takes and gives_back,
        withdraw=waits and may_give,
        offer_again=may_give
        and handoff.state in ended
        and handoff.journey.stage in detail.contract.from_stages,
        judge=takes and handoff.state == PacketState.ACCEPTED,
        managers=list(managers_of(department=taker)[:5]) if asks_for else (),
    )


def _items(detail: PacketDetail, *, sees: bool) -> list[ItemLine]:
    lines = []
    channels = channel_names()
    for told in detail.items:
        said = told_in_words(item=told.item, value=told.value, channels=channels)
        if not sees and told.item.field in ("person.email", "person.phone") and said != MISSING:
            said = mask_email(said) if "@" in said else mask_phone(said)
        lines.append(
            ItemLine(
                told.item,
                said,
                told.value is not None,
                told.was_asked_again,
                is_named=told.item.key == detail.handoff.item,
            )
        )
    return lines


def _round(one: HandoffRound, detail: PacketDetail) -> RoundLine:
    reason = reason_in_words(code=one.reason, contract=detail.contract)
    return RoundLine(one, reason, _item_label(detail, one.item))


def _item_label(detail: PacketDetail, key: str) -> str:
    item = detail.contract.item(key)
    return item.label.text(language()) if item else ""


def _why(handoff: Handoff, blueprint: Blueprint) -> str:
    reasons = [reason for rule in blueprint.returns for reason in rule.reasons]
    found = next((one.label for one in reasons if one.code == handoff.why), None)
    return found.text(language()) if found else handoff.why


def _touch(touch: Activity, *, sees: bool) -> TouchLine:
    title = str(TOUCHES[ActivityKind(touch.kind)])
    if touch.outcome:
        title = f"{title} · {OUTCOMES.get(touch.outcome, touch.outcome)}"
    said = touch.subject or touch.body
    who = touch.actor.full_name if touch.actor else ""
    return TouchLine(touch.kind, title, said[:200] if sees else "", who, touch.happened_at)
