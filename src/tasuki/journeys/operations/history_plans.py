"""What is known of a journey that already happened, before it is written.

Plans name records by ids that were reserved beforehand (`bulk.reserve_ids`), so that companies,
people, journeys and everything that happened to them are tied together in memory.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from tasuki.core.blueprint import Blueprint, JourneyKind
from tasuki.core.departments import Department
from tasuki.core.lifecycle import Exit
from tasuki.core.money import Money, RateTable
from tasuki.journeys.actor import Actor
from tasuki.journeys.kinds import ActivityKind, Direction, EventKind
from tasuki.journeys.models import Account, Person
from tasuki.journeys.operations.facts import NextAction, Subscription


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What every written row shares: the batch, the judging blueprint, the clock and who writes.

    `recorded_at` None means that each fact was recorded when it happened (the demo company);
    an import gives its own time, because that is when Tasuki learnt of the facts.
    """

    batch_id: int | None
    blueprint: Blueprint
    blueprint_id: int
    now: datetime
    recorded_at: datetime | None
    actor: Actor
    reporting_currency: str = "JPY"
    rates: RateTable = field(default_factory=RateTable)

    def recorded(self, happened_at: datetime) -> datetime:
        """This will tell when a fact of that time counts as recorded."""
        return self.recorded_at or happened_at


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStay:
    """One rest in a stage. `left_at` None: it is still there.

    `entered_by` is the person whose move led here (None: whoever writes). `unmet` are the keys of
    gate items that nobody showed on entering; `claimed_date` is what a source said where it
    contradicts the order of stages.
    """

    stage: str
    entered_at: datetime
    left_at: datetime | None = None
    exit: Exit | None = None
    to_stage: str = ""
    reason: str = ""
    note: str = ""
    cycle: int = 1
    visit: int = 1
    owner_id: int | None = None
    team_id: int | None = None
    entered_by: int | None = None
    unmet: tuple[str, ...] = ()
    claimed_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDeal:
    """The amount and expected close date of a deal from a moment on."""

    amount: Money | None
    happened_at: datetime
    expected_close_date: date | None = None
    actor_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedActivity:
    """One contact with the customer. `id` only where something outside refers to the row."""

    kind: ActivityKind
    happened_at: datetime
    direction: Direction | None = None
    outcome: str = ""
    subject: str = ""
    body: str = ""
    minutes: int | None = None
    actor_id: int | None = None
    person_id: int | None = None
    details: Mapping[str, object] = field(default_factory=dict)
    id: int | None = None
    replaces_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSubscription:
    """A period of recurring revenue and when it was agreed."""

    terms: Subscription
    happened_at: datetime
    actor_id: int | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedEvent:
    """Any further line of the journal, such as a change of owner within a stage."""

    kind: EventKind
    happened_at: datetime
    payload: Mapping[str, object] = field(default_factory=dict)
    actor_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyPlan:
    """A journey with its whole history.

    `account` and `person` are rows (built by `account_row`, `person_row`, or loaded): their search
    text becomes the journey's. Owner and team are those of the last stay. Stays are in order; the
    journey is open when the last one has not ended and lies on a main stage. `held_by` is the
    department that already has the sash while the journey rests before its boundary.
    """

    id: int
    account: Account
    stays: tuple[PlannedStay, ...]
    person: Person | None = None
    parent_id: int | None = None
    kind: JourneyKind = JourneyKind.NEW
    title: str = ""
    channel_id: int | None = None
    campaign_id: int | None = None
    source: str = ""
    motion: str = ""
    next_action: NextAction | None = None
    held_by: Department | None = None
    revisit_date: date | None = None
    temperature: str = ""
    fit: str = ""
    answers: Mapping[str, object] = field(default_factory=dict)
    deals: tuple[PlannedDeal, ...] = ()
    activities: tuple[PlannedActivity, ...] = ()
    subscriptions: tuple[PlannedSubscription, ...] = ()
    events: tuple[PlannedEvent, ...] = ()
