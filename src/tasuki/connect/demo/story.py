"""How one pursuit goes, from the first touch to the contract or to one of the ways out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

from tasuki.connect.demo import rates, wording
from tasuki.connect.demo.clock import ZONE, OfficeClock
from tasuki.connect.demo.relay import Relay, teams_for
from tasuki.connect.demo.staff import Colleague, Staff
from tasuki.connect.demo.telling import Telling
from tasuki.core.departments import Department
from tasuki.core.lifecycle import (
    Disqualify,
    Lose,
    MoveBack,
    Reactivate,
    Recycle,
    SideStep,
    WinBack,
)
from tasuki.core.money import Money
from tasuki.journeys.kinds import ActivityKind

DEAL_STAGES: Final = ("SAO", "O1", "O2", "O3", "O4")
MAX_CYCLES: Final = 3
_NEXT: Final = {
    "MQL": "SAL", "SAL": "SQL", "SQL": "SAO", "SAO": "O1", "O1": "O2",
    "O2": "O3", "O3": "O4", "O4": "WON",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Storyteller:
    """Tells journeys with one source of chance, one clock and one staff."""

    rng: Random
    clock: OfficeClock
    staff: Staff
    relay: Relay

    def pursue(self, telling: Telling, opened_at: datetime, *, must_win: bool = False) -> None:
        """This will tell a journey from its first touch on, up to the contract or the present.

        `must_win`: it becomes a customer whatever the odds (those won before the window).
        """
        self.hand_to(telling, "LEAD", opened_at)
        telling.open(opened_at)
        self._first_touch(telling, opened_at)
        at = self._from_lead(telling, must_win=must_win)
        while at is not None and telling.stage in _NEXT:
            at = self._through(telling, at, must_win=must_win)

    def _from_lead(self, telling: Telling, *, must_win: bool) -> datetime | None:
        profile = rates.CHANNELS[telling.channel]
        start = telling.entered_at
        if must_win or self.rng.random() < profile.qualifies:
            days = self.rng.expovariate(1 / 9) if self.rng.random() < 0.6 else self.rng.random()
            at = self.later(start, days)
            if at is None:
                return None
            telling.fit = self.rng.choices("ABCD", weights=(30, 38, 24, 8))[0]
            self._web_visits(telling, start, at, self.rng.randint(1, 4))
            telling.advance(at)
            return at
        self._let_rest(telling)
        return None

    def _let_rest(self, telling: Telling) -> None:
        """Leads that never ripen: set aside at once, or cleared up after a long silence."""
        start = telling.entered_at
        if self.rng.random() < 0.12:
            at = self.later(start, self.rng.uniform(1, 20))
            if at is not None:
                self._aside(telling, "disqualify", at)
            return
        at = self.later(start, self.rng.uniform(120, 210))
        if at is not None and self.rng.random() < 0.75:
            self._aside(telling, self.rng.choice(("recycle", "disqualify", "recycle")), at)

    def _through(self, telling: Telling, at: datetime, *, must_win: bool) -> datetime | None:
        """Tell one stage; return when the next began, None where the story stops."""
        stage = telling.stage
        profile = rates.STAGES[stage]
        days = self._days(telling, profile.days)
        outcome = "advance" if must_win else self._outcome(telling, profile)
        if outcome == "wait":
            self._touches(telling, at, min(self.clock.end, at + timedelta(days=days * 2)))
            return None
        leaves = self.later(at, days if outcome == "advance" else days * 1.3)
        if leaves is None:
            self._touches(telling, at, self.clock.end)
            return None
        self._touches(telling, at, leaves)
        if outcome == "advance":
            return self._advance(telling, leaves)
        if outcome == "give_back":
            return self._give_back(telling, leaves)
        self._aside(telling, outcome, leaves)
        return self._taken_up_again(telling, leaves)

    def _outcome(self, telling: Telling, profile: rates.StageProfile) -> str:
        odds = profile.advance * self._favour(telling)
        ways_out = {
            "recycle": profile.recycle,
            "lose": profile.lose,
            "disqualify": profile.disqualify,
            "give_back": profile.give_back if telling.stays[-1].visit == 1 else 0.0,
        }
        total_out = sum(ways_out.values()) or 1.0
        waits = max(0.0, 1 - profile.advance - total_out)
        odds = min(odds, 0.97 - waits)
        if self.rng.random() < odds:
            return "advance"
        if self.rng.random() < waits / (1 - odds):
            # Nobody leaves a deal lying for a year: old ones were settled one way or another.
            fresh = telling.entered_at > self.clock.end - timedelta(days=75)
            if fresh:
                return "wait"
        return self.rng.choices(tuple(ways_out), weights=tuple(ways_out.values()))[0]

    def _favour(self, telling: Telling) -> float:
        """How much better or worse than average the odds are here."""
        favour = float(rates.CHANNELS[telling.channel].quality ** 0.5)
        favour *= {"大手": 0.92, "中堅": 1.08, "中小": 0.98}.get(telling.account.segment, 1.0)
        favour *= {"A": 1.12, "B": 1.03, "C": 0.93, "D": 0.75}.get(telling.fit, 1.0)
        if telling.owner is not None:
            favour *= 0.7 + 0.3 * self._ability(telling.owner, telling.entered_at)
        if telling.stage == "SAL" and self._is_short_of_people(telling.entered_at):
            favour *= rates.GAP_ODDS.get(telling.channel, rates.GAP_ODDS_ELSEWHERE)
        return favour

    def _days(self, telling: Telling, typical: float) -> float:
        days = typical * self.rng.lognormvariate(-0.15, 0.55)
        if telling.account.segment == "大手" and telling.stage in DEAL_STAGES:
            days *= 1.6
        if telling.stage == "SAL" and self._is_short_of_people(telling.entered_at):
            days *= rates.GAP_DELAY.get(telling.channel, rates.GAP_DELAY_ELSEWHERE)
        return days

    def _is_short_of_people(self, at: datetime) -> bool:
        return at > self.clock.end - timedelta(days=30 * rates.HIRING_GAP_MONTHS)

    @staticmethod
    def _ability(colleague: Colleague, at: datetime) -> float:
        """Skill, reached over half a year in the job."""
        months = max(0, (at.date() - colleague.joined_date).days) / 30
        return colleague.skill * min(1.0, 0.6 + 0.4 * months / 6)

    def _advance(self, telling: Telling, at: datetime) -> datetime:
        target = _NEXT[telling.stage]
        self.hand_to(telling, target, at)
        self._answer(telling, target, at)
        self.relay.cross(telling, target, at)
        telling.advance(at)
        return at

    def _give_back(self, telling: Telling, at: datetime) -> datetime | None:
        if telling.stage == "SAL":
            to, reasons = "MQL", rates.REASONS["to_marketing"]
        else:
            to, reasons = "SQL", rates.REASONS["to_inside_sales"]
        reason = self.reason(reasons)
        self.hand_to(telling, to, at)
        telling.move(MoveBack(to=to, reason=reason), at)
        again = self.later(at, self.rng.uniform(1, 5))
        if again is None or self.rng.random() < 0.45:
            if again is not None:
                self._aside(telling, "recycle", again)
            return None
        self.hand_to(telling, _NEXT[to], again)
        self.relay.cross(telling, _NEXT[to], again)
        telling.advance(again)
        return again

    def _aside(self, telling: Telling, way: str, at: datetime) -> None:
        reason = self.reason(rates.REASONS[way])
        revisit = (at + timedelta(days=self.rng.choice((60, 90, 120, 180)))).astimezone(ZONE).date()
        move: SideStep
        if way == "recycle":
            move = Recycle(reason=reason, revisit_date=revisit)
        elif way == "disqualify":
            move = Disqualify(reason=reason)
        else:
            move = Lose(reason=reason, note=self._competitor(reason))
        telling.move(move, at)
        telling.next_action = None

    def _competitor(self, reason: str) -> str:
        return self.rng.choice(wording.COMPETITORS) if reason == "competitor" else ""

    def _taken_up_again(self, telling: Telling, at: datetime) -> datetime | None:
        """掘り起こし and 復活: some of those set aside come back, in a new cycle."""
        cycle = telling.stays[-1].cycle
        chance = {"RECYCLE": 0.24, "LOST": 0.07}.get(telling.stage, 0.0)
        if cycle >= MAX_CYCLES or self.rng.random() >= chance:
            return None
        back = self.later(at, self.rng.uniform(40, 110))
        if back is None:
            return None
        self._web_visits(telling, at, back, self.rng.randint(1, 3))
        if telling.stage == "LOST":
            self.hand_to(telling, "SQL", back)
            telling.move(WinBack(to="SQL"), back)
        else:
            self.hand_to(telling, "MQL", back)
            telling.move(Reactivate(to="MQL"), back)
        return back

    def hand_to(self, telling: Telling, stage: str, at: datetime) -> None:
        """Choose who carries the journey in that stage, as its motion asks."""
        department = telling.blueprint.department_of(stage)
        owner = telling.owner
        if owner is not None and department in owner.departments:
            return
        day = at.astimezone(ZONE).date()
        if telling.motion == "abm" and stage != "LEAD":
            telling.owner = self.staff.pick_in(self.rng, team="abm", department=department, on=day)
        elif telling.motion == "full_cycle" and department is not Department.MARKETING:
            if owner is None or owner.team != "fukuoka":
                telling.owner = self.staff.pick_in(
                    self.rng, team="fukuoka", department=department, on=day
                )
        else:
            telling.owner = self.staff.pick(
                self.rng, teams=teams_for(telling, stage, department), on=day
            )

    def _answer(self, telling: Telling, stage: str, at: datetime) -> None:
        """Fill in what the gate of the next stage asks for."""
        day = at.astimezone(ZONE).date()
        number = self.rng.randint(3, 40)
        if stage == "SQL":
            telling.temperature = self.rng.choices(("hot", "warm", "cold"), weights=(3, 5, 2))[0]
            meeting = self.clock.after(at, self.rng.randint(3, 8)).astimezone(ZONE).date()
            telling.answers |= {
                "need": self.rng.choice(wording.NEEDS).format(n=number),
                "meeting_date": meeting.isoformat(),
            }
        elif stage == "SAO":
            telling.answers |= {"meeting_held_date": day.isoformat()}
            if self.rng.random() < 0.6:
                telling.answers["budget"] = self.rng.choice(("secured", "planned", "unclear"))
        elif stage == "O1":
            issue = self.rng.choice(wording.AGREED_ISSUES).format(n=number)
            telling.answers |= {"agreed_issue": issue}
            if self.rng.random() < 0.5:
                telling.answers["competitor"] = self.rng.choice(wording.COMPETITORS)
        elif stage == "O2":
            self._propose(telling, at)
        elif stage == "O3":
            telling.answers |= {
                "decision_process": self.rng.choice(wording.PROCESSES),
                "decider": self.rng.choice(("管理本部長", "代表取締役", "経理部長", "担当役員")),
            }
        elif stage == "O4":
            telling.answers |= {
                "approval_status": self.rng.choice(("drafting", "submitted", "conditions"))
            }
            self._push_or_discount(telling, at)
        elif stage == "WON":
            self._settle(telling, at)

    def _propose(self, telling: Telling, at: datetime) -> None:
        employees = telling.account.employees or 50
        monthly = 50_000 + 900 * min(employees, 1_500) ** 0.93 * self.rng.uniform(0.8, 1.3)
        yearly = round(monthly * 12, -4)
        close = (at + timedelta(days=self.rng.randint(35, 80))).astimezone(ZONE).date()
        telling.agree(Money(int(yearly), "JPY"), at, close=close)

    def _push_or_discount(self, telling: Telling, at: datetime) -> None:
        latest = telling.deals[-1]
        amount, close = latest.amount, latest.expected_close_date
        if amount is None or close is None or self.rng.random() > 0.55:
            return
        pushed = close + timedelta(days=self.rng.choice((0, 14, 30, 45)))
        cut = self.rng.choice((1.0, 0.95, 0.9, 0.85))
        telling.agree(Money(round(amount.minor * cut / 1000) * 1000, "JPY"), at, close=pushed)

    def _settle(self, telling: Telling, at: datetime) -> None:
        """The contract: its start is the first of a month; the success criterion comes along."""
        first = (at.astimezone(ZONE).date().replace(day=1) + timedelta(days=32)).replace(day=1)
        telling.answers |= {"contract_start_date": first.isoformat()}
        amount = telling.deals[-1].amount
        if amount is not None:
            telling.agree(amount, at, close=at.astimezone(ZONE).date())

    def _first_touch(self, telling: Telling, at: datetime) -> None:
        subject = telling.source or "資料請求"
        kind = ActivityKind.MAIL if telling.channel == "outbound" else ActivityKind.FORM
        telling.touch(kind, at, subject, inbound=telling.channel != "outbound")

    def _web_visits(self, telling: Telling, start: datetime, stop: datetime, count: int) -> None:
        for moment in self.clock.spread(start, stop, count):
            page = self.rng.choice(wording.PAGES)
            telling.touch(ActivityKind.WEB, moment, f"{page}ページを閲覧", inbound=True)

    def _touches(self, telling: Telling, start: datetime, stop: datetime) -> None:
        """The calls, mails and meetings of a stay."""
        for kind, subject, outcome, minutes in self._habits(telling.stage):
            for moment in self.clock.spread(start, stop, 1):
                telling.touch(kind, moment, subject, outcome=outcome, minutes=minutes)

    def _habits(self, stage: str) -> Iterator[tuple[ActivityKind, str, str, int | None]]:
        if stage in {"SAL", "SQL"}:
            for _ in range(self.rng.randint(1, 4) if stage == "SAL" else 1):
                outcome = self.rng.choices(
                    ("no_answer", "connected", "callback"), weights=(58, 27, 15)
                )[0]
                minutes = self.rng.randint(2, 18) if outcome == "connected" else None
                yield ActivityKind.CALL, wording.CALL_SUBJECTS[outcome], outcome, minutes
            yield ActivityKind.MAIL, self.rng.choice(wording.MAILS), "", None
        if stage in DEAL_STAGES:
            position = DEAL_STAGES.index(stage)
            minutes = self.rng.choice((30, 45, 60, 60, 90))
            yield ActivityKind.MEETING, wording.MEETINGS[position], "held", minutes
            yield ActivityKind.MAIL, self.rng.choice(wording.MAILS), "", None

    def later(self, at: datetime, days: float) -> datetime | None:
        """A working moment so many days later; None when that is still to come."""
        moment = self.clock.after(at, days)
        return moment if moment <= self.clock.end else None

    def reason(self, weights: dict[str, int]) -> str:
        return self.rng.choices(tuple(weights), weights=tuple(weights.values()))[0]
