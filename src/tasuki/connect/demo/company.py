"""The whole demo company: put together here, written in one go, the same every time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import count, islice
from random import Random
from typing import Final

from django.db import transaction
from django.db.models import Q

from tasuki.connect.demo import rates, wording
from tasuki.connect.demo.clock import ZONE, OfficeClock, is_working_day
from tasuki.connect.demo.customers import CustomerLife
from tasuki.connect.demo.market import Prospect, prospects
from tasuki.connect.demo.next_steps import next_step
from tasuki.connect.demo.packets import PacketWriter
from tasuki.connect.demo.relay import Relay
from tasuki.connect.demo.spending import Campaigns, plan_campaigns, write_spend
from tasuki.connect.demo.staff import Staff, hire
from tasuki.connect.demo.story import Storyteller
from tasuki.connect.demo.telling import STORYTELLER, Telling
from tasuki.core.clocks import BusinessClock
from tasuki.core.departments import Department
from tasuki.journeys.actor import Act
from tasuki.journeys.models import Account, Channel, Journey, Person, WriteBatch
from tasuki.journeys.operations.bulk import reserve_ids
from tasuki.journeys.operations.handoffs.histories import PlannedHandoff, write_handoffs
from tasuki.journeys.operations.histories import (
    Written,
    begin_batch,
    commit_batch,
    stamp_of,
    write_accounts,
    write_histories,
    write_persons,
)
from tasuki.journeys.operations.history_plans import JourneyPlan, Stamp
from tasuki.journeys.operations.history_rows import account_row, person_row
from tasuki.journeys.operations.records import PersonDetails
from tasuki.journeys.operations.setup import name_company, prepare
from tasuki.journeys.queries.blueprints import current_blueprint
from tasuki.people.queries import work_time_of_department

DEFAULT_SIZE: Final = 6_000
SEED: Final = 7
WINDOW_DAYS: Final = 548
FOUNDED_YEARS_AGO: Final = 4
EARLIER_CUSTOMERS: Final = 0.024
"""Customers won before the window, as a share of the size."""
CHILDREN: Final = 0.085
"""About how many of the journeys are renewals and expansions."""


class UnableToLoadDemo(Exception):
    """The database has journeys of its own; the demo never mixes with real data."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a demo company consists of."""

    written: Written
    accounts: int


def is_demo_loaded() -> bool:
    """This will tell whether the demo company is here already."""
    return WriteBatch.objects.filter(
        kind=WriteBatch.Kind.DEMO, state=WriteBatch.State.COMMITTED
    ).exists()


def load_demo(
    *,
    now: datetime,
    size: int = DEFAULT_SIZE,
    on_progress: Callable[[int], None] | None = None,
) -> Loaded:
    """This will make and write the demo company as of `now`, about `size` journeys.

    The same `now` and `size` give the same company.

    Raises:
        UnableToLoadDemo: there are journeys that no demo wrote.
    """
    if Journey.objects.filter(~Q(batch__kind=WriteBatch.Kind.DEMO)).exists():
        raise UnableToLoadDemo
    act = Act(actor=STORYTELLER, now=now)
    with transaction.atomic():
        prepare(act=act, company_name=wording.COMPANY)
        name_company(company_name=wording.COMPANY)
        batch = begin_batch(kind=WriteBatch.Kind.DEMO, label=wording.COMPANY, act=act)
        company = _Company(
            rng=Random(SEED),  # noqa: S311 - a story, not a secret
            stamp=stamp_of(batch=batch, act=act, as_it_happened=True),
            now=now,
            size=size,
        )
        loaded = company.write(on_progress)
        commit_batch(batch_id=batch.pk, act=act)
    return loaded


class _Company:
    """Everything that is needed while the company is being told."""

    def __init__(self, *, rng: Random, stamp: Stamp, now: datetime, size: int) -> None:
        self.rng = rng
        self.stamp = stamp
        self.size = size
        self.clock = OfficeClock(rng=rng, end=now)
        founded = self.clock.today.replace(day=1) - timedelta(days=365 * FOUNDED_YEARS_AGO)
        self.window_start = self.clock.today - timedelta(days=WINDOW_DAYS)
        self.founded_date: date = founded
        staff = hire(now=now, founded_date=founded)
        self.relay = _relay(staff, now)
        self.teller = Storyteller(rng=rng, clock=self.clock, staff=staff, relay=self.relay)
        self.packets: list[PlannedHandoff] = []
        self.channels = dict(Channel.objects.values_list("code", "pk"))
        self.blueprint = current_blueprint().blueprint

    def write(self, on_progress: Callable[[int], None] | None) -> Loaded:
        campaigns = plan_campaigns(
            rng=self.rng, start=self.window_start, end=self.clock.today, channels=self.channels
        )
        write_spend(campaigns=campaigns, channels=self.channels, stamp=self.stamp)
        earlier = max(2, round(self.size * EARLIER_CUSTOMERS))
        leads = max(10, round(self.size * (1 - CHILDREN)) - earlier)
        found = list(islice(prospects(rng=self.rng), earlier + leads))
        companies = self._companies(found)
        life = CustomerLife(teller=self.teller, ids=self._journey_ids())
        plans = self._plans(companies, earlier, campaigns, life)
        written = write_histories(plans=plans, stamp=self.stamp, on_progress=on_progress)
        write_handoffs(planned=self.packets, stamp=self.stamp)
        return Loaded(written=written, accounts=len(companies))

    def _companies(self, found: list[Prospect]) -> list[tuple[Account, Person]]:
        account_ids = reserve_ids(model=Account, count=len(found))
        person_ids = reserve_ids(model=Person, count=len(found))
        rows = []
        for prospect in found:
            account = account_row(
                account_id=next(account_ids), details=prospect.account, stamp=self.stamp
            )
            person = person_row(
                person_id=next(person_ids),
                details=_at(prospect, account),
                stamp=self.stamp,
            )
            rows.append((account, person))
        write_accounts(accounts=(account for account, _ in rows))
        write_persons(persons=(person for _, person in rows))
        return rows

    def _journey_ids(self) -> Iterator[int]:
        while True:
            yield from reserve_ids(model=Journey, count=500)

    def _plans(
        self,
        companies: list[tuple[Account, Person]],
        earlier: int,
        campaigns: Campaigns,
        life: CustomerLife,
    ) -> Iterator[JourneyPlan]:
        starts = [*self._before(earlier), *self._arrivals(len(companies) - earlier)]
        for number, (account, person), opened_at in zip(count(), companies, starts, strict=False):
            telling = self._telling(next(life.ids), account, person, opened_at, campaigns)
            is_earlier = number < earlier
            self.teller.pursue(telling, opened_at, must_win=is_earlier)
            children = life.live(telling, must_adopt=is_earlier) if telling.stage == "WON" else []
            for told in (telling, *children):
                told.next_action = next_step(told, rng=self.rng, clock=self.clock)
                self.packets += self.relay.settle(told)
                yield told.plan()

    def _before(self, number: int) -> list[datetime]:
        """First touches of those who were customers before the window began."""
        span = (self.window_start - self.founded_date).days - 330
        days = sorted(self.rng.randint(30, max(31, span)) for _ in range(number))
        return [self.clock.on(self.founded_date + timedelta(days=day)) for day in days]

    def _arrivals(self, number: int) -> list[datetime]:
        """First touches within the window: growing, and with the seasons of the trade."""
        window = [self.window_start + timedelta(days=day) for day in range(WINDOW_DAYS)]
        days = [day for day in window if is_working_day(day)]
        weights = [
            rates.MONTH_WEIGHTS[day.month - 1]
            * rates.YEARLY_GROWTH ** ((day - self.window_start).days / 365)
            for day in days
        ]
        chosen = sorted(self.rng.choices(days, weights=weights, k=number))
        return [self.clock.on(day) for day in chosen]

    def _telling(
        self,
        journey_id: int,
        account: Account,
        person: Person,
        opened_at: datetime,
        campaigns: Campaigns,
    ) -> Telling:
        codes = tuple(rates.CHANNELS)
        shares = [profile.share for profile in rates.CHANNELS.values()]
        channel = self.rng.choices(codes, weights=shares)[0]
        campaign = campaigns.running(
            channel=channel, on=opened_at.astimezone(ZONE).date(), rng=self.rng
        )
        motion = account.motion or ("abm" if account.is_named else "division")
        return Telling(
            id=journey_id,
            blueprint=self.blueprint,
            account=account,
            person=person,
            end=self.clock.end,
            channel=channel,
            channel_id=self.channels[channel],
            campaign_id=campaign.id if campaign else None,
            source=campaign.name if campaign else "",
            motion=motion,
        )


def _relay(staff: Staff, now: datetime) -> Relay:
    """Hand-offs draw on chance of their own: the story is the same with or without them."""
    rng = Random(SEED + 1)  # noqa: S311 - a story, not a secret
    clock = BusinessClock(work_time_of_department(department=Department.INSIDE_SALES))
    return Relay(rng=rng, staff=staff, writer=PacketWriter(rng=rng, clock=clock, end=now))


def _at(prospect: Prospect, account: Account) -> PersonDetails:
    return replace(prospect.person, account_id=account.pk)
