"""Everything that the page of one journey shows, read in a fixed number of queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from tasuki.core.access import Access, Capability
from tasuki.core.blueprint import Blueprint, GateItem, JourneyKind, Place, Stage
from tasuki.core.conditions.evaluate import BUSINESS_ZONE
from tasuki.core.departments import Department
from tasuki.core.lifecycle import is_answered
from tasuki.core.money import Money
from tasuki.journeys.models import DealChange, Journey, Person, Stay, SubscriptionPeriod
from tasuki.journeys.queries.blueprints import current_blueprint
from tasuki.journeys.queries.facts import journey_facts
from tasuki.journeys.queries.handoffs.of_journeys import packets_of_journeys
from tasuki.journeys.queries.journey_page import (
    deal_history,
    related_journeys,
    sees_person_of,
    stays_of,
    subscription_periods,
)
from tasuki.journeys.queries.timeline import Topic, Whose, timeline
from tasuki.records.queries.assigned import Assigned, assigned_by_rule
from tasuki.records.queries.hand_overs import (
    HandOver,
    PacketFact,
    Stance,
    hand_overs,
    packet_facts,
)
from tasuki.records.queries.moves import Offer, offers
from tasuki.records.queries.story import Story, story_of
from tasuki.ui.fact_words import said_value
from tasuki.ui.formats import format_money, mask_email, mask_phone
from tasuki.ui.ribbon import RibbonRow
from tasuki.ui.speaking import language
from tasuki.ui.stays import place_of, ribbon_of, ribbons_of


@dataclass(frozen=True, slots=True)
class GateFact:
    """An item of a gate and what is known of it; `said` is empty when nothing is."""

    item: GateItem
    said: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class GateSheet:
    """The facts that entering a stage asks for."""

    stage: Stage
    facts: tuple[GateFact, ...]
    is_entered: bool
    is_next: bool
    has_answers: bool

    @property
    def missing(self) -> int:
        """How many required items have no answer."""
        return sum(1 for fact in self.facts if fact.is_required and not fact.said)


@dataclass(frozen=True, slots=True)
class Relative:
    """Another journey of the same company."""

    journey: Journey
    place: Place | None
    ribbon: tuple[RibbonRow, ...]
    relation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyScreen:
    """The page of one journey."""

    journey: Journey
    blueprint: Blueprint
    place: Place | None
    department: Department | None
    stays: list[Stay]
    ribbon: tuple[RibbonRow, ...]
    offers: tuple[Offer, ...]
    hand_overs: tuple[HandOver, ...]
    packets: tuple[PacketFact, ...]
    next_gate: GateSheet | None
    gates: tuple[GateSheet, ...]
    story: Story
    topic: Topic | None
    deals: list[DealChange]
    subscriptions: list[SubscriptionPeriod]
    relatives: tuple[Relative, ...]
    may_work: bool
    may_reassign: bool
    sees_personal_data: bool
    assigned: Assigned | None
    today: date

    @property
    def amount(self) -> Money | None:
        """The amount of the deal."""
        if self.journey.amount_minor is None:
            return None
        return Money(self.journey.amount_minor, self.journey.currency)

    @property
    def is_overdue(self) -> bool:
        """Whether the next step was due before today."""
        day = self.journey.next_action_date
        return self.journey.is_open and day is not None and day < self.today

    @property
    def way_on(self) -> HandOver | None:
        """The hand-off to the next department, where one stands before the next stage."""
        return next((one for one in self.hand_overs if one.leads_on), None)

    @property
    def must_hand_over(self) -> bool:
        """Whether the next step is to hand over instead of going on."""
        return self.way_on is not None and self.way_on.stance is not Stance.HELD

    @property
    def current_stay(self) -> Stay | None:
        """Where it rests now."""
        return self.stays[-1] if self.stays else None


def journey_screen(
    *, journey: Journey, access: Access, now: datetime, topic: Topic | None = None
) -> JourneyScreen:
    """Return the page of a journey that was found for the person."""
    published = current_blueprint()
    blueprint = published.blueprint
    stays = stays_of(journey_ids=[journey.pk])
    place = place_of(code=journey.stage, blueprint=blueprint)
    owner_ids = {stay.owner_id for stay in stays} | {journey.owner_id}
    sees = sees_person_of(
        journey=journey, owner_ids={pk for pk in owner_ids if pk is not None}, access=access
    )
    gates = _gates(journey, stays, blueprint, sees=sees)
    packets = packets_of_journeys(journey_ids=[journey.pk])
    told = packet_facts(packets=packets, published=published, now=now)
    return JourneyScreen(
        journey=journey,
        blueprint=blueprint,
        place=place,
        department=Department(journey.department) if journey.department else None,
        stays=stays,
        ribbon=ribbon_of(stays=stays, blueprint=blueprint, now=now, packets=packets),
        offers=offers(journey=journey, blueprint=blueprint),
        hand_overs=hand_overs(journey=journey, blueprint=blueprint, facts=told),
        packets=told,
        next_gate=next((gate for gate in gates if gate.is_next), None),
        gates=gates,
        story=journey_story(journey=journey, blueprint=blueprint, sees=sees, topic=topic),
        topic=topic,
        deals=deal_history(journey_id=journey.pk),
        subscriptions=subscription_periods(journey_ids=[journey.pk]),
        relatives=_relatives(journey, access, blueprint, now),
        may_work=may_work_on(journey=journey, access=access),
        may_reassign=may_work_on(journey=journey, access=access, capability=Capability.REASSIGN),
        sees_personal_data=sees,
        assigned=assigned_by_rule(journey=journey),
        today=now.astimezone(BUSINESS_ZONE).date(),
    )


def journey_story(
    *, journey: Journey, blueprint: Blueprint, sees: bool, topic: Topic | None, after: str = ""
) -> Story:
    """Return a page of a journey's history in words."""
    page = timeline(whose=Whose(journey_ids=(journey.pk,)), topic=topic, after=after)
    return story_of(page=page, blueprint=blueprint, hides_personal_data=not sees)


def may_work_on(
    *, journey: Journey, access: Access, capability: Capability = Capability.WORK_JOURNEYS
) -> bool:
    """Tell whether the person may use the capability on this journey as it is now held."""
    return access.may_work_on(
        owner_id=journey.owner_id,
        team_id=journey.team_id,
        department=Department(journey.department) if journey.department else None,
        capability=capability,
    )


def gate_facts(
    *, stage: Stage, facts: Mapping[str, object], blueprint: Blueprint, names: Mapping[str, str]
) -> tuple[GateFact, ...]:
    """Return the items of a stage's gate with what is known; `names` are said instead of ids."""
    return tuple(
        GateFact(item, _said(item, facts, blueprint, names), item.required) for item in stage.gate
    )


def _said(
    item: GateItem, facts: Mapping[str, object], blueprint: Blueprint, names: Mapping[str, str]
) -> str:
    if not is_answered(item=item, facts=facts):
        return ""
    texts = [
        names.get(path) or said_value(path=path, value=facts.get(path), blueprint=blueprint)
        for path in item.fields
        if facts.get(path) not in (None, "")
    ]
    return " / ".join(texts)


def _gates(
    journey: Journey, stays: list[Stay], blueprint: Blueprint, *, sees: bool
) -> tuple[GateSheet, ...]:
    facts = journey_facts(journey)
    names = names_of(journey, sees=sees)
    entered = {stay.stage for stay in stays}
    following = _following(journey, blueprint)
    return tuple(
        GateSheet(
            stage=stage,
            facts=gate_facts(stage=stage, facts=facts, blueprint=blueprint, names=names),
            is_entered=stage.code in entered,
            is_next=stage == following,
            has_answers=any(item.field.startswith("answers.") for item in stage.gate),
        )
        for stage in blueprint.line(JourneyKind(journey.kind))
        if stage.gate
    )


def names_of(journey: Journey, *, sees: bool) -> dict[str, str]:
    """Return what is said instead of ids and codes, and of contact details that stay hidden."""
    channel = journey.channel
    label = "" if channel is None else channel.label_en if language() == "en" else channel.label_ja
    amount = (
        Money(journey.amount_minor, journey.currency) if journey.amount_minor is not None else None
    )
    return {
        "journey.owner_id": journey.owner.full_name if journey.owner else "",
        "journey.channel": label,
        "journey.amount_minor": format_money(amount) if amount else "",
        **({} if sees or journey.person is None else _masked(journey.person)),
    }


def _masked(person: Person) -> dict[str, str]:
    return {"person.email": mask_email(person.email), "person.phone": mask_phone(person.phone)}


def _following(journey: Journey, blueprint: Blueprint) -> Stage | None:
    place = place_of(code=journey.stage, blueprint=blueprint)
    if not isinstance(place, Stage) or journey.closed_at is not None:
        return None
    return blueprint.next_stage(place.code)


def _relatives(
    journey: Journey, access: Access, blueprint: Blueprint, now: datetime
) -> tuple[Relative, ...]:
    others = related_journeys(journey=journey, access=access)
    stays = stays_of(journey_ids=[other.pk for other in others])
    ribbons = ribbons_of(stays=stays, blueprint=blueprint, now=now)
    return tuple(
        Relative(
            journey=other,
            place=place_of(code=other.stage, blueprint=blueprint),
            ribbon=ribbons.get(other.pk, ()),
            relation=(
                "parent"
                if other.pk == journey.parent_id
                else "child"
                if other.parent_id == journey.pk
                else "other"
            ),
        )
        for other in others
    )
