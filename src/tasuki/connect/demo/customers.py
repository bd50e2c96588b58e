"""After the contract: onboarding, adoption, renewals and expansions of their own, churn."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import Final

from tasuki.connect.demo import rates, wording
from tasuki.connect.demo.clock import ZONE
from tasuki.connect.demo.story import Storyteller
from tasuki.connect.demo.telling import Telling
from tasuki.core.blueprint import JourneyKind
from tasuki.core.lifecycle import Churn, Complete, Lose
from tasuki.core.money import Money, monthly
from tasuki.journeys.kinds import ActivityKind
from tasuki.journeys.operations.facts import Subscription
from tasuki.journeys.operations.history_plans import PlannedSubscription

NOTICE_DAYS: Final = 75
HANDING_OVER: Final = timedelta(days=9)
"""Whoever bought so lately is still being handed over to customer success."""
PLANS: Final = ((60_000, "ライト"), (200_000, "スタンダード"), (10**9, "エンタープライズ"))


@dataclass(frozen=True, slots=True)
class CustomerLife:
    """Tells what becomes of a won journey; yields the child journeys it gives birth to."""

    teller: Storyteller
    ids: Iterator[int]

    def live(self, telling: Telling, *, must_adopt: bool = False) -> list[Telling]:
        """This will tell a customer's life up to the present; returns the child journeys."""
        teller = self.teller
        starts = date.fromisoformat(str(telling.answers["contract_start_date"]))
        self._subscribe(telling, telling.entered_at, starts)
        onboarded = self._onboard(telling)
        if onboarded is None:
            return []
        adopted = self._adopt(telling, must_adopt=must_adopt)
        if adopted is None:
            return []
        slow = (adopted - onboarded).days > rates.SLOW_ONBOARDING_DAYS
        children = list(self._years(telling, starts, slow=slow))
        if teller.rng.random() < rates.EXPANDS:
            children += self._expansion(telling, adopted)
        self._usage(telling, adopted)
        return children

    def _onboard(self, telling: Telling) -> datetime | None:
        teller = self.teller
        at = teller.later(telling.entered_at, teller.rng.uniform(1, 6))
        if at is None or at > teller.clock.end - HANDING_OVER:
            return None
        number = teller.rng.randint(2, 30)
        criterion = teller.rng.choice(wording.SUCCESS_CRITERIA).format(n=number)
        kickoff = teller.clock.after(at, teller.rng.randint(2, 8)).astimezone(ZONE).date()
        telling.answers |= {
            "kickoff_date": kickoff.isoformat(),
            "success_criterion": criterion,
        }
        teller.hand_to(telling, "ONB", at)
        teller.relay.cross(telling, "ONB", at)
        telling.advance(at, to="ONB")
        telling.touch(
            ActivityKind.MEETING,
            teller.clock.on(kickoff),
            "キックオフ",
            outcome="held",
            minutes=60,
        )
        return at

    def _adopt(self, telling: Telling, *, must_adopt: bool) -> datetime | None:
        teller = self.teller
        start = telling.entered_at
        days = self._onboarding_days(start) * teller.rng.lognormvariate(-0.1, 0.5)
        at = teller.later(start, days)
        if at is None:
            return None
        for moment in teller.clock.spread(start, at, teller.rng.randint(2, 5)):
            telling.touch(
                ActivityKind.MEETING, moment, "導入支援ミーティング", outcome="held", minutes=60
            )
        self._tickets(telling, start, at, teller.rng.randint(0, 3))
        if not must_adopt and teller.rng.random() < 0.05:
            reason = teller.reason(rates.REASONS["churn"])
            telling.move(Churn(reason=reason), at)
            return None
        telling.answers["first_value_date"] = at.astimezone(ZONE).date().isoformat()
        if telling.motion == "division":
            day = at.astimezone(ZONE).date()
            telling.owner = teller.staff.pick(teller.rng, teams=("adoption",), on=day)
        telling.advance(at)
        return at

    def _onboarding_days(self, at: datetime) -> float:
        """Onboarding has become shorter over the window: the one trend that improves."""
        age = max(0.0, min(1.0, (self.teller.clock.end - at).days / 540))
        return rates.ONBOARDING_DAYS_NOW + age * (
            rates.ONBOARDING_DAYS_BEFORE - rates.ONBOARDING_DAYS_NOW
        )

    def _years(self, telling: Telling, starts: date, *, slow: bool) -> Iterator[Telling]:
        """Every contract year ends in a renewal journey, or in churn."""
        teller = self.teller
        for year in count(1):
            due = _years_after(starts, year)
            noticed = teller.clock.on(due - timedelta(days=NOTICE_DAYS))
            opens = max(noticed, teller.clock.after(telling.entered_at, 2))
            if opens > teller.clock.end:
                return
            child = self._child(telling, JourneyKind.RENEWAL, f"{due.year}年度更新")
            last = telling.subscriptions[-1].terms
            yearly = Money(last.recurring.minor * 12, "JPY")
            child.agree(yearly, opens, close=due)
            child.open(opens)
            decided = teller.later(opens, teller.rng.uniform(15, 45))
            yield child
            if decided is None:
                return
            child.touch(ActivityKind.MEETING, decided, "更新のご相談", outcome="held", minutes=45)
            odds = rates.RENEWS - (rates.CHURN_AFTER_SLOW_ONBOARDING if slow and year == 1 else 0)
            if teller.rng.random() < odds:
                self._renew(telling, child, decided, due, last)
            else:
                self._leave(telling, child, decided, due, slow=slow)
                return

    def _renew(
        self, telling: Telling, child: Telling, at: datetime, due: date, last: Subscription
    ) -> None:
        child.move(Complete(), at)
        change = self.teller.rng.choices((1.0, 1.08, 1.2, 0.85), weights=(55, 22, 13, 10))[0]
        price = round(last.recurring.minor * change / 100) * 100
        telling.subscriptions.append(
            PlannedSubscription(
                terms=replace(
                    last,
                    recurring=Money(price, "JPY"),
                    starts_date=due,
                    ends_date=_years_after(due, 1),
                ),
                happened_at=at,
                actor_id=telling.owner.user_id if telling.owner else None,
            )
        )

    def _leave(
        self, telling: Telling, child: Telling, at: datetime, due: date, *, slow: bool
    ) -> None:
        child.move(Lose(reason=self.teller.rng.choice(("price", "no_decision", "competitor"))), at)
        leaves = self.teller.clock.on(due)
        if leaves > self.teller.clock.end:
            return
        reason = "not_adopted" if slow else self.teller.reason(rates.REASONS["churn"])
        telling.move(Churn(reason=reason), max(leaves, telling.entered_at))

    def _expansion(self, telling: Telling, adopted: datetime) -> Iterator[Telling]:
        teller = self.teller
        opens = teller.later(adopted, teller.rng.uniform(60, 260))
        still_here = telling.stage == "ADOPT"
        if opens is None or not still_here:
            return
        child = self._child(telling, JourneyKind.EXPANSION, "追加利用のご相談")
        need = teller.rng.choice(("他部門での利用", "利用者数の追加", "債権管理の追加", "API連携"))
        child.answers["expansion_need"] = need
        base = telling.subscriptions[-1].terms.recurring.minor
        extra = round(base * teller.rng.uniform(0.15, 0.45) / 100) * 100
        child.agree(
            Money(extra * 12, "JPY"),
            opens,
            close=(opens + timedelta(days=45)).astimezone(ZONE).date(),
        )
        child.open(opens)
        yield child
        decided = teller.later(opens, teller.rng.uniform(12, 40))
        if decided is None:
            return
        child.touch(ActivityKind.MEETING, decided, "追加提案", outcome="held", minutes=45)
        if teller.rng.random() < rates.EXPANSION_AGREED:
            child.move(Complete(), decided)
            month = (decided.astimezone(ZONE).date().replace(day=1) + timedelta(days=32)).replace(
                day=1
            )
            self._add_period(child, Money(extra, "JPY"), month, decided)
        else:
            child.move(Lose(reason=teller.rng.choice(("no_budget", "no_decision"))), decided)

    def _child(self, telling: Telling, kind: JourneyKind, title: str) -> Telling:
        return Telling(
            id=next(self.ids),
            blueprint=telling.blueprint,
            account=telling.account,
            person=telling.person,
            end=telling.end,
            kind=kind,
            parent_id=telling.id,
            title=title,
            motion=telling.motion,
            owner=telling.owner,
            channel=telling.channel,
            channel_id=telling.channel_id,
        )

    def _subscribe(self, telling: Telling, at: datetime, starts: date) -> None:
        amount = telling.deals[-1].amount
        if amount is not None:
            self._add_period(telling, monthly(amount, months=12), starts, at)

    @staticmethod
    def _add_period(telling: Telling, price: Money, starts: date, at: datetime) -> None:
        plan = next(name for limit, name in PLANS if price.minor <= limit)
        telling.subscriptions.append(
            PlannedSubscription(
                terms=Subscription(
                    recurring=price,
                    starts_date=starts,
                    ends_date=_years_after(starts, 1),
                    plan=plan,
                    seats=max(3, price.minor // 4_000),
                ),
                happened_at=at,
                actor_id=telling.owner.user_id if telling.owner else None,
            )
        )

    def _usage(self, telling: Telling, adopted: datetime) -> None:
        """A line of usage every four weeks, and now and then an inquiry."""
        teller = self.teller
        stop = telling.entered_at if telling.stage == "CHURN" else teller.clock.end
        active = teller.rng.uniform(0.55, 0.95)
        moment = adopted
        while (moment := moment + timedelta(weeks=4)) < stop:
            active = max(0.1, min(1.0, active + teller.rng.uniform(-0.08, 0.07)))
            telling.touch(
                ActivityKind.USAGE,
                teller.clock.on(moment.astimezone(ZONE).date()),
                f"4週間の利用者 {active:.0%}",
                inbound=True,
            )
        self._tickets(telling, adopted, stop, int(max(0, (stop - adopted).days) / 90))

    def _tickets(self, telling: Telling, start: datetime, stop: datetime, number: int) -> None:
        for moment in self.teller.clock.spread(start, stop, number):
            subject = self.teller.rng.choice(wording.TICKETS)
            telling.touch(ActivityKind.TICKET, moment, subject, inbound=True)


def _years_after(day: date, years: int) -> date:
    """Contract years begin on the first of a month, so no day is ever missing."""
    return day.replace(year=day.year + years)
