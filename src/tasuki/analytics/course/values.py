"""What is asked of the course, and the figures it is answered with.

Everything counts *stays*: a journey that comes back to a stage has entered it twice. One rule
holds for every stage and period:

    balance_start + entered = advanced + returned + lost + open

and for all time, where nothing was there before, entered = advanced + returned + lost + open.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from tasuki.core.access import Reach
from tasuki.core.blueprint import JourneyKind
from tasuki.core.departments import Department
from tasuki.core.labels import Label
from tasuki.core.lifecycle import Exit
from tasuki.core.money import Money
from tasuki.core.periods import Period

ADVANCED: Final = (Exit.ADVANCED, Exit.COMPLETED, Exit.REACTIVATED, Exit.WON_BACK)
RETURNED: Final = (Exit.RETURNED, Exit.RECYCLED)
LOST: Final = (Exit.DISQUALIFIED, Exit.LOST, Exit.CHURNED)

NOBODY: Final = 0
"""The id that stands for "no team" and "no owner" in a filter; ids of rows begin at 1."""
WITHOUT: Final = ""
"""The text that stands for "none known" in a filter or a group."""
EVERYWHERE: Final = Reach(everything=True)


class GroupBy(StrEnum):
    """What journeys can be told apart by."""

    CHANNEL = "channel"
    SEGMENT = "segment"
    TEAM = "team"
    OWNER = "owner"
    CAMPAIGN = "campaign"
    MOTION = "motion"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which stays count. Empty means all.

    Channel, segment, campaign, motion and kind are the journey's. Team and owner are those who
    held the stay, so that credit stays where the work was done after the sash is handed on.
    `reach` and `user_id` are the viewer's and always hold on top.
    """

    channels: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    campaigns: tuple[int, ...] = ()
    motions: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    teams: tuple[int, ...] = ()
    owners: tuple[int, ...] = ()
    reach: Reach = EVERYWHERE
    user_id: int = NOBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseQuery:
    """The course of a period (None: of all time), for some of the stays.

    `now` is the moment the figures are true for: what is undecided, and how long open stays
    have lasted.
    """

    now: datetime
    period: Period | None = None
    filters: Filters = Filters()


@dataclass(frozen=True, slots=True)
class Dwell:
    """How long `count` stays took, in days with fractions; None when there are none.

    Quantiles are interpolated between neighbours (R type 7; PostgreSQL percentile_cont).
    """

    count: int = 0
    median_days: float | None = None
    p90_days: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """What has become, up to now, of the stays that began in the period.

    `is_young`: some are still undecided that have not yet had the stage's usual time (P90 of the
    stays that ended in the period), so the rate is going to rise.
    """

    entered: int = 0
    advanced: int = 0
    returned: int = 0
    lost: int = 0
    undecided: int = 0
    is_young: bool = False

    @property
    def advanced_ratio(self) -> float | None:
        """Of the stays that began in the period, the share that has gone on so far."""
        return ratio(self.advanced, self.entered)

    @property
    def highest_ratio(self) -> float | None:
        """The same if everybody still undecided went on: the rate cannot end above it."""
        return ratio(self.advanced + self.undecided, self.entered)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageFigures:
    """One stage or side track in the period.

    `entered` counts stays that began in it, `began` those of them that began a journey; the
    exits count stays that ended in it; `balance_start` and `open` count who was there at its
    first and after its last moment. `pipeline_minor` is the deal amount of who is `open`, in the
    reporting currency, and `priced` how many of them have one. `goes_on` is false for the last
    stage of the way, which nothing but an end leaves: no share of it can go on.
    """

    code: str
    label: Label
    department: Department
    is_side: bool
    line: JourneyKind
    goes_on: bool = True
    entered: int = 0
    began: int = 0
    exits: Mapping[Exit, int] = field(default_factory=dict)
    balance_start: int = 0
    open: int = 0
    priced: int = 0
    pipeline_minor: int = 0
    dwell: Dwell = Dwell()
    open_age: Dwell = Dwell()
    cohort: Cohort = Cohort()

    @property
    def advanced(self) -> int:
        """Stays that ended by going on: advanced, completed, reactivated or won back."""
        return sum(self.exits.get(exit_, 0) for exit_ in ADVANCED)

    @property
    def returned(self) -> int:
        """Stays that ended by being given back: returned or recycled."""
        return sum(self.exits.get(exit_, 0) for exit_ in RETURNED)

    @property
    def lost(self) -> int:
        """Stays that ended beside the way: disqualified, lost or churned."""
        return sum(self.exits.get(exit_, 0) for exit_ in LOST)

    @property
    def inflow(self) -> int:
        """Another name for `entered`."""
        return self.entered

    @property
    def outflow(self) -> int:
        """Stays that ended in the period, however."""
        return sum(self.exits.values())

    @property
    def advanced_of_left_ratio(self) -> float | None:
        """Of the stays that ended in the period, the share that went on (period basis)."""
        return ratio(self.advanced, self.outflow)

    @property
    def is_quiet(self) -> bool:
        """Whether nothing was there, came or went."""
        return not (self.balance_start or self.entered or self.outflow or self.open)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """Stays that went from one place to another in the period; `target` is empty when completed."""

    source: str
    target: str
    exit: Exit
    dwell: Dwell

    @property
    def count(self) -> int:
        """How many went this way."""
        return self.dwell.count


@dataclass(frozen=True, slots=True, kw_only=True)
class DropOff:
    """Stays that left the way forward in the period, by the reason given."""

    stage: str
    exit: Exit
    reason: str
    label: Label
    count: int


@dataclass(frozen=True, slots=True)
class Blueprinted:
    """The version of the process whose stages the figures are told by."""

    key: str
    version: int
    label: Label
    winning_stage: str
    """The code of the stage that is the contract; empty when the process has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The whole process in a period: `stages` in blueprint order, side tracks last."""

    query: CourseQuery
    blueprint: Blueprinted
    currency: str
    stages: tuple[StageFigures, ...]
    edges: tuple[Edge, ...]
    drop_offs: tuple[DropOff, ...]

    def stage(self, code: str) -> StageFigures:
        """Find the figures of a stage. Raises: KeyError."""
        for stage in self.stages:
            if stage.code == code:
                return stage
        raise KeyError(code)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all happened or rested anywhere."""
        return all(stage.is_quiet for stage in self.stages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revenue:
    """Deal amounts of won journeys.

    `reporting_minor` is in the reporting currency; `original_minor` in `original_currency` when
    all amounts share one (else None). `unpriced` journeys have no amount, `unconverted` have one
    for which no rate was known, so that `reporting_minor` lacks them.
    """

    reporting_minor: int
    reporting_currency: str
    original_minor: int | None
    original_currency: str
    unpriced: int = 0
    unconverted: int = 0

    @property
    def minor(self) -> int:
        """The amount to show: as written when all share a currency, else as reported."""
        return self.reporting_minor if self.original_minor is None else self.original_minor

    @property
    def currency(self) -> str:
        """The currency of `minor`."""
        return self.reporting_currency if self.original_minor is None else self.original_currency

    @property
    def as_money(self) -> Money:
        """The amount to show."""
        return Money(self.minor, self.currency)

    def per(self, count: int) -> Money:
        """Return the amount for each of so many, rounded to the minor unit."""
        return Money(round(self.minor / count), self.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The journeys of one channel, segment, team, owner, campaign or motion.

    `journeys` counts those of the winning stage's line that came to the group in the period:
    that began, or for a team or owner were first held by them. `won` are those of them that
    have entered the winning stage since, whoever held them then.
    """

    key: str
    label: Label
    journeys: int
    won: int
    revenue: Revenue
    stages: tuple[StageFigures, ...]

    @property
    def won_ratio(self) -> float | None:
        """Won so far, of the journeys that came to the group in the period."""
        return ratio(self.won, self.journeys)

    @property
    def revenue_per_journey_minor(self) -> float | None:
        """Revenue, in `revenue.currency`, for each journey that came to the group."""
        return ratio(self.revenue.minor, self.journeys)


def ratio(part: int, whole: int) -> float | None:
    """Return the share, None of nothing."""
    return part / whole if whole else None
