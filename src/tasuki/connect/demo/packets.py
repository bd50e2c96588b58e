"""One packet of the demo company: when it was offered, how good it was, what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Final

from tasuki.connect.demo import packet_words as words
from tasuki.core.blueprint import Contract, Deadlines
from tasuki.core.clocks import WARN_RATIO, BusinessClock
from tasuki.core.handoffs import PacketState, completeness_ratio, judge_content, snapshot
from tasuki.journeys.operations.handoffs.ending import Ending
from tasuki.journeys.operations.handoffs.histories import (
    PlannedHandoff,
    PlannedMark,
    PlannedRound,
)
from tasuki.journeys.queries.deadlines import DueTimes

HOUR: Final = 60
DAY: Final = 8 * HOUR


@dataclass(slots=True, kw_only=True)
class Passing:
    """A boundary as a journey came to it, before it is a packet.

    `facts` are what was told; `texts` the sentences among them that were written for the packet.
    `quality` 0 to 1 says how well it was written.
    """

    journey_id: int
    cycle: int
    contract: Contract
    giver_id: int | None
    receiver_id: int | None
    receiver_team_id: int | None
    manager_id: int | None
    since: datetime
    facts: Mapping[str, object]
    texts: frozenset[str] = frozenset()
    quality: float = 0.7
    why: str = ""
    thin: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PacketWriter:
    """Makes packets with one source of chance and one working calendar."""

    rng: Random
    clock: BusinessClock
    end: datetime

    def moment(self, since: datetime, minutes: float) -> datetime:
        """This will return the working minute so many working minutes later."""
        return self.clock.deadline(start=since, minutes=max(0, int(minutes))) or since

    def worked(self, since: datetime, until: datetime) -> int:
        """This will return the working minutes between the two."""
        return self.clock.elapsed_minutes(since=since, until=until)

    def delay(self, contract: Contract, *, slow: float = 1.0) -> float:
        """This will draw how long a decision takes: mostly in time, now and then much too late."""
        limit = contract.deadlines.accept or DAY
        return limit * slow * self.rng.lognormvariate(-1.25, 0.95)

    def weaken(self, passing: Passing) -> None:
        """This will choose the answers that were written too briefly."""
        chance = (1 - passing.quality) * 0.75
        passing.thin |= {
            key: self.rng.choice(words.THIN[key])
            for key in sorted(passing.texts)
            if key in words.THIN and self.rng.random() < chance
        }

    def taken(self, passing: Passing, *, accepted_at: datetime, slow: float) -> PlannedHandoff:
        """This will tell a packet that was accepted at that moment, with what went before."""
        total = self.worked(passing.since, accepted_at)
        ended, failed = self._failed(passing, total, slow)
        delay = self.delay(passing.contract, slow=slow)
        offered = min(max(ended, total - delay), max(0, total - 1))
        last = self._round(
            passing,
            self.moment(passing.since, offered) if offered > 0 else passing.since,
            ending=Ending(PacketState.ACCEPTED),
            ended_at=accepted_at,
            ended_by=passing.receiver_id,
        )
        return self._packet(passing, (*failed, last))

    def given_back(self, passing: Passing, *, until: datetime) -> PlannedHandoff | None:
        """This will tell a packet that came back and was not offered again; None without time."""
        total = self.worked(passing.since, until)
        offered = self.rng.uniform(5, 90)
        back = offered + self.delay(passing.contract)
        if back >= total:
            return None
        at = self.moment(passing.since, offered)
        round_ = self._back(passing, at, self.moment(passing.since, back), passing.receiver_id)
        return self._packet(passing, (round_,))

    def left_lying(
        self, passing: Passing, *, until: datetime, outcome: PacketState
    ) -> PlannedHandoff | None:
        """This will tell a packet that nobody decided: expired, or withdrawn at `until`."""
        limit = passing.contract.deadlines.accept or DAY
        total = self.worked(passing.since, until)
        offered = self.rng.uniform(5, 60)
        ended = offered + limit + 3 * DAY if outcome is PacketState.EXPIRED else total
        if ended > total or offered >= ended:
            return None
        by = passing.giver_id if outcome is PacketState.WITHDRAWN else None
        at = until if ended == total else self.moment(passing.since, ended)
        told = self._round(
            passing,
            self.moment(passing.since, offered),
            ending=Ending(outcome),
            ended_at=at,
            ended_by=by,
        )
        return self._packet(passing, (told,))

    def waiting(self, passing: Passing, *, share: float) -> PlannedHandoff:
        """This will tell a packet that waits now; `share` of its time has passed, over 1 is late.

        It is not offered before the journey came there, so a young one may have waited less.
        """
        limit = passing.contract.deadlines.accept or DAY
        total = self.worked(passing.since, self.end)
        offered = max(0.0, total - limit * share)
        at = self.moment(passing.since, offered) if offered > 0 else passing.since
        return self._packet(passing, (self._round(passing, min(at, self.end)),))

    def appraise(self, packet: PlannedHandoff, passing: Passing) -> dict[str, object]:
        """This will tell how the receiver found an accepted packet: what they asked again, and how
        useful it was."""
        accepted_at = packet.rounds[-1].ended_at or self.end
        marks = []
        for key in sorted(passing.texts | {"need"} & set(packet.rounds[-1].values)):
            chance = 0.32 if key in passing.thin else 0.06 * (1.4 - passing.quality)
            at = self.moment(accepted_at, self.rng.uniform(40, 4 * DAY))
            if self.rng.random() < chance and at <= self.end:
                note = self.rng.choice(words.ASKED_NOTES)
                marks.append(PlannedMark(item=key, at=at, by=passing.receiver_id, note=note))
        found: dict[str, object] = {"marks": tuple(marks)}
        rated_at = self.moment(accepted_at, self.rng.uniform(DAY, 9 * DAY))
        if self.rng.random() < 0.62 and rated_at <= self.end:
            useful = 1.3 + 4.1 * passing.quality - 0.5 * len(marks) + self.rng.gauss(0, 0.45)
            found |= {"usefulness": max(1, min(5, round(useful))), "rated_at": rated_at}
        return found

    def _failed(
        self, passing: Passing, total: float, slow: float
    ) -> tuple[float, tuple[PlannedRound, ...]]:
        """Rounds that did not lead on, as far as there was time for them."""
        cursor = self.rng.uniform(5, 60)
        rounds: list[PlannedRound] = []
        for kind in self._mishaps(passing):
            limit = passing.contract.deadlines.accept or DAY
            lasts = (
                limit + 2 * DAY if kind == "expired" else self.delay(passing.contract, slow=slow)
            )
            pause = self.rng.uniform(30, 200)
            if cursor + lasts + pause > total - 10:
                break
            at = self.moment(passing.since, cursor)
            ended_at = self.moment(passing.since, cursor + lasts)
            if kind == "expired":
                expired = Ending(PacketState.EXPIRED)
                rounds.append(self._round(passing, at, ending=expired, ended_at=ended_at))
            else:
                by = passing.manager_id if rounds else passing.receiver_id
                rounds.append(self._back(passing, at, ended_at, by))
            cursor += lasts + pause
        return (cursor if rounds else 0.0), tuple(rounds)

    def _mishaps(self, passing: Passing) -> tuple[str, ...]:
        chance = 0.03 + 0.42 * (1 - passing.quality)
        if self.rng.random() < 0.02:
            return ("expired",)
        if self.rng.random() >= chance:
            return ()
        return ("returned", "returned") if self.rng.random() < 0.14 else ("returned",)

    def _back(
        self, passing: Passing, at: datetime, ended_at: datetime, by: int | None
    ) -> PlannedRound:
        """A round that came back. What was missing then was written too briefly then."""
        contract = passing.contract
        reasons = words.RETURN_REASONS[contract.key]
        code = self.rng.choices(tuple(reasons), weights=tuple(reasons.values()))[0]
        item = ""
        if contract.reason(code).names_item:
            brief = sorted(passing.texts) or [contract.required_items[0].key]
            item = "contact" if code == "bad_data" else self.rng.choice(brief)
        ending = Ending(PacketState.RETURNED, code, item, words.RETURN_NOTES.get(code, ""))
        brief_then = {item: self.rng.choice(words.THIN[item])} if item in words.THIN else {}
        facts = self._as_told(passing, brief_then | passing.thin)
        return self._round(passing, at, ending=ending, ended_at=ended_at, ended_by=by, facts=facts)

    @staticmethod
    def _as_told(passing: Passing, thin: Mapping[str, str]) -> dict[str, object]:
        brief = {item.field: thin[item.key] for item in passing.contract.items if item.key in thin}
        return {**passing.facts, **brief}

    def brief_facts(self, passing: Passing) -> dict[str, object]:
        """This will return what was told, with the answers that were written too briefly."""
        return self._as_told(passing, passing.thin)

    def _round(
        self,
        passing: Passing,
        offered_at: datetime,
        *,
        ending: Ending | None = None,
        ended_at: datetime | None = None,
        ended_by: int | None = None,
        facts: Mapping[str, object] | None = None,
    ) -> PlannedRound:
        contract = passing.contract
        content = judge_content(
            items=contract.items, facts=self.brief_facts(passing) if facts is None else facts
        )
        return PlannedRound(
            offered_at=offered_at,
            giver_id=passing.giver_id,
            receiver_id=passing.receiver_id,
            due=self._due(contract.deadlines, offered_at),
            values=snapshot(content),
            completeness_ratio=completeness_ratio(content),
            message=self.rng.choice(words.MESSAGES[contract.key]),
            ending=ending,
            ended_at=ended_at,
            ended_by=ended_by,
        )

    def _due(self, deadlines: Deadlines, at: datetime) -> DueTimes:
        def due(minutes: float | None) -> datetime | None:
            return None if minutes is None else self.clock.deadline(start=at, minutes=int(minutes))

        accept = deadlines.accept
        return DueTimes(
            accept_warn_at=due(None if accept is None else accept * WARN_RATIO),
            accept_due_at=due(accept),
            contact_due_at=due(deadlines.first_contact),
            meeting_due_at=due(deadlines.meeting),
        )

    def _packet(self, passing: Passing, rounds: Sequence[PlannedRound]) -> PlannedHandoff:
        return PlannedHandoff(
            journey_id=passing.journey_id,
            cycle=passing.cycle,
            contract=passing.contract,
            rounds=tuple(rounds),
            receiver_team_id=passing.receiver_team_id,
            why=passing.why,
        )
