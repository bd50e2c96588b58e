"""The hand-offs of the demo company: each boundary that was crossed, and what waits now.

Packets are made once the whole journey is told, so that a poor one may have had its consequences.
They have a source of chance of their own: without them the story is the same.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import cycle
from random import Random
from typing import Final

from tasuki.connect.demo import packet_words as words
from tasuki.connect.demo.packets import DAY, HOUR, PacketWriter, Passing
from tasuki.connect.demo.staff import Colleague, Staff
from tasuki.connect.demo.telling import Telling
from tasuki.connect.demo.wording import EAST
from tasuki.core.blueprint import Contract, ContractKind, StageKind
from tasuki.core.departments import Department
from tasuki.core.handoffs import PacketState, is_checklist
from tasuki.core.lifecycle import Exit
from tasuki.journeys.kinds import ActivityKind, Direction
from tasuki.journeys.operations.facts import NextAction
from tasuki.journeys.operations.handoffs.deciding import FIRST_CONTACT
from tasuki.journeys.operations.handoffs.histories import PlannedHandoff

MARKETING_TO_INSIDE: Final = "marketing_to_inside_sales"
INSIDE_TO_FIELD: Final = "inside_sales_to_field_sales"
FIELD_TO_SUCCESS: Final = "field_sales_to_success"
_CONSENT: Final = {"event": "card", "outbound": "verbal", "partner": "verbal", "referral": "verbal"}
_REACHING_OUT: Final = {ActivityKind.CALL, ActivityKind.MAIL, ActivityKind.MEETING}
_DROPPED: Final = {Exit.RECYCLED, Exit.DISQUALIFIED, Exit.LOST}
_SHORT_OF_PEOPLE: Final = timedelta(days=240)
_NOW: Final = {
    MARKETING_TO_INSIDE: (
        "late", "running", "returned", "warning", "unready", "running", "late", "expired",
        "returned", "running",
    ),
    INSIDE_TO_FIELD: (
        "accepted", "running", "returned", "late", "unready", "accepted", "warning", "accepted",
    ),
    FIELD_TO_SUCCESS: ("late", "running", "returned", "warning"),
}  # fmt: skip
"""How the journeys before a boundary stand now, in turn."""
_FORGOTTEN: Final = 6 * DAY
"""Working minutes after which a packet that nobody took has expired."""
_SHARES: Final = {"running": (0.05, 0.55), "warning": (0.84, 0.97), "late": (1.3, 6.0)}
_CARDS: Final = {
    Department.MARKETING: ("marketing", "", "marketing-lead"),
    Department.INSIDE_SALES: ("inside", "", "inside", "?", "inside-lead", "?"),
    Department.FIELD_SALES: ("field-lead", "", "field", "?"),
    Department.SUCCESS: ("onboarding", "", "success-lead"),
}
"""To whom the waiting packets go, in turn: a login, nobody in particular, or by chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """A boundary that was crossed by a hand-off."""

    contract: Contract
    stay: int
    receiver: Colleague | None
    at: datetime
    facts: dict[str, object]
    texts: frozenset[str]


@dataclass(slots=True)
class Relay:
    """Hands the sash on in the story, and tells the packets afterwards."""

    rng: Random
    staff: Staff
    writer: PacketWriter
    crossings: dict[int, list[Crossing]] = field(default_factory=dict)
    turns: dict[str, Iterator[str]] = field(default_factory=dict)

    def cross(self, telling: Telling, to: str, at: datetime) -> None:
        """This will tell what a boundary on the way asks for; call it before the advance."""
        motion = telling.motion
        for contract in telling.blueprint.crossed(here=telling.stage, target=to, motion=motion):
            texts = self._tell(telling, contract)
            if is_checklist(blueprint=telling.blueprint, contract=contract, motion=motion):
                continue
            crossing = Crossing(
                contract=contract,
                stay=len(telling.stays) - 1,
                receiver=telling.owner,
                at=at,
                facts=telling.facts(),
                texts=texts,
            )
            self.crossings.setdefault(telling.id, []).append(crossing)

    def settle(self, telling: Telling) -> list[PlannedHandoff]:
        """This will return the packets of a journey that is told to its end."""
        packets = [self._taken(telling, one) for one in self.crossings.pop(telling.id, [])]
        packets += self._dropped(telling)
        packets += self._sent_back(telling)
        packets += self._voices(telling)
        packets += self._now(telling)
        return packets

    def _taken(self, telling: Telling, crossing: Crossing) -> PlannedHandoff:
        stay = telling.stays[crossing.stay]
        passing = self._passing(telling, crossing.contract, crossing.stay, crossing.receiver)
        passing.facts, passing.texts = crossing.facts, crossing.texts
        passing.quality = self._quality(telling, passing, crossing.stay)
        self.writer.weaken(passing)
        slow = self._slowness(crossing.contract, crossing.at)
        accepted_at = crossing.at
        if crossing.contract.key == INSIDE_TO_FIELD:
            # The journey enters with the meeting that is held; it is handed over well before.
            whole = self.writer.worked(stay.entered_at, crossing.at)
            took = self.rng.uniform(20, 400) + self.writer.delay(crossing.contract, slow=slow)
            accepted_at = self.writer.moment(stay.entered_at, min(took, whole * 0.8))
        packet = self.writer.taken(passing, accepted_at=accepted_at, slow=slow)
        self._keep_as_told(telling, passing)
        return replace(
            packet,
            holds=_holds(telling, crossing),
            contacted_at=self._contacted(telling, accepted_at),
            **self.writer.appraise(packet, passing),  # type: ignore[arg-type]
        )

    def _dropped(self, telling: Telling) -> Iterator[PlannedHandoff]:
        """Packets that came back, or that nobody decided, before the journey was set aside."""
        for index, stay in enumerate(telling.stays):
            key = {"MQL": MARKETING_TO_INSIDE, "SQL": INSIDE_TO_FIELD}.get(stay.stage)
            if key is None or stay.exit not in _DROPPED or stay.left_at is None:
                continue
            contract = telling.blueprint.contract(key)
            if self.rng.random() > 0.4 or self._is_own(telling, contract):
                continue
            passing = self._passing(telling, contract, index, self._pick(telling, contract))
            passing.texts = self._tell(telling, contract)
            passing.facts, passing.quality = telling.facts(), self.rng.uniform(0.2, 0.6)
            self.writer.weaken(passing)
            odds = self.rng.random()
            if odds < 0.82:
                packet = self.writer.given_back(passing, until=stay.left_at)
            else:
                outcome = PacketState.EXPIRED if odds < 0.92 else PacketState.WITHDRAWN
                packet = self.writer.left_lying(passing, until=stay.left_at, outcome=outcome)
            # What a later cycle asked anew is not known of the earlier one any more.
            if packet is not None and packet.rounds[-1].completeness_ratio == 1:
                yield packet

    def _sent_back(self, telling: Telling) -> Iterator[PlannedHandoff]:
        """差し戻しではなく引き継ぎ: field sales gives back what needs more work before."""
        contract = telling.blueprint.contract("field_sales_back_to_inside_sales")
        for index, stay in enumerate(telling.stays):
            if stay.exit is not Exit.RETURNED or stay.stage not in contract.from_stages:
                continue
            if stay.left_at is None or self._is_own(telling, contract):
                continue
            after = telling.stays[index + 1]
            passing = self._passing(telling, contract, index, self.staff.by_id(after.owner_id))
            passing.texts = self._tell(telling, contract)
            passing.facts, passing.quality = telling.facts(), 0.8
            passing.why = stay.reason
            packet = self.writer.taken(passing, accepted_at=stay.left_at, slow=0.8)
            yield replace(packet, contacted_at=self._contacted(telling, stay.left_at))

    def _voices(self, telling: Telling) -> Iterator[PlannedHandoff]:
        """顧客の声: customer success lets marketing and field sales know."""
        index = len(telling.stays) - 1
        stay = telling.stays[index]
        if stay.stage != "ADOPT" or stay.left_at is not None:
            return
        for key, chance in (
            ("success_voice_to_marketing", 0.3),
            ("success_voice_to_field_sales", 0.18),
        ):
            total = self.writer.worked(stay.entered_at, self.writer.end)
            if self.rng.random() > chance or total < 2 * DAY:
                continue
            contract = telling.blueprint.contract(key)
            receiver = self._pick(telling, contract)
            passing = self._passing(telling, contract, index, receiver)
            passing.texts = self._tell(telling, contract)
            passing.facts, passing.quality = telling.facts(), self.rng.uniform(0.6, 0.95)
            passing.since = self.writer.moment(stay.entered_at, self.rng.uniform(0, total))
            yield self._voice(passing)

    def _voice(self, passing: Passing) -> PlannedHandoff:
        wait = 60 + self.writer.delay(passing.contract)
        if wait >= self.writer.worked(passing.since, self.writer.end):
            return self.writer.waiting(passing, share=9)
        until = self.writer.moment(passing.since, wait)
        if self.rng.random() < 0.13:
            back = self.writer.given_back(passing, until=self.writer.end)
            if back is not None:
                return back
        packet = self.writer.taken(passing, accepted_at=until, slow=1.0)
        return replace(packet, contacted_at=until)

    def _now(self, telling: Telling) -> Iterator[PlannedHandoff]:
        """What waits before a boundary at the present moment."""
        stay = telling.stays[-1]
        contract = next(
            (
                one
                for one in telling.blueprint.contracts
                if one.kind is ContractKind.FORWARD and stay.stage in one.from_stages
            ),
            None,
        )
        if contract is None or stay.left_at is not None or self._is_own(telling, contract):
            return
        state = self._turn(contract.key, _NOW[contract.key])
        waited = self.writer.worked(stay.entered_at, self.writer.end)
        if waited > _FORGOTTEN and state in {"late", "returned"}:
            state = "expired"
        if state == "unready":
            self._tell(telling, contract, share=0.5)
            return
        receiver = self._in_turn(telling, contract)
        passing = self._passing(telling, contract, len(telling.stays) - 1, receiver)
        passing.texts = self._tell(telling, contract)
        passing.facts = telling.facts()
        passing.quality = self._quality(telling, passing, len(telling.stays) - 1)
        self.writer.weaken(passing)
        self._keep_as_told(telling, passing)
        yield self._standing(telling, passing, state)

    def _standing(self, telling: Telling, passing: Passing, state: str) -> PlannedHandoff:
        found = None
        if state == "accepted":
            found = self._accepted_now(telling, passing)
        elif state == "returned":
            found = self.writer.given_back(passing, until=self.writer.end)
        elif state == "expired":
            found = self.writer.left_lying(
                passing, until=self.writer.end, outcome=PacketState.EXPIRED
            )
        share = self.rng.uniform(*_SHARES.get(state, _SHARES["running"]))
        return found or self.writer.waiting(passing, share=share)

    def _accepted_now(self, telling: Telling, passing: Passing) -> PlannedHandoff | None:
        """The receiver has the sash, and has not reached out yet."""
        receiver = self.staff.by_id(passing.receiver_id)
        total = self.writer.worked(passing.since, self.writer.end)
        took = min(self.rng.uniform(20, 90) + self.writer.delay(passing.contract), 4 * HOUR)
        if receiver is None or total < took + 30:
            return None
        passing.since = self.writer.moment(
            passing.since, max(0, total - took - self.rng.uniform(HOUR, 2 * DAY))
        )
        accepted_at = self.writer.moment(passing.since, took)
        packet = self.writer.taken(passing, accepted_at=accepted_at, slow=0.5)
        telling.pass_on(receiver, passing.contract.taker)
        due = packet.rounds[-1].due.contact_due_at or self.writer.end
        today = self.writer.end.date()
        telling.next_action = NextAction(what=FIRST_CONTACT, due_date=max(due.date(), today))
        return replace(packet, holds=True)

    def _tell(self, telling: Telling, contract: Contract, *, share: float = 1.0) -> frozenset[str]:
        """Answer what the contract asks for and nobody told yet; return the sentences written."""
        telling.fit = telling.fit or self.rng.choice("ABC")
        if contract.key == INSIDE_TO_FIELD:
            telling.temperature = telling.temperature or "warm"
        written = set()
        for item in contract.items:
            name = item.field.removeprefix("answers.")
            wanted = share if item.required else 0.45
            if name == item.field or name in telling.answers or self.rng.random() > wanted:
                continue
            if name in words.FULL:
                telling.answers[name] = self.rng.choice(words.FULL[name])
                written.add(item.key)
            elif name == "consent":
                telling.answers[name] = _CONSENT.get(telling.channel, "form")
            elif name == "voc_quotable":
                telling.answers[name] = self.rng.choice(("named", "anonymous", "internal"))
            elif name == "success_criterion":
                telling.answers[name] = "3か月以内に、締め日の残業を月5時間以下にする"
        return frozenset(written)

    def _passing(
        self, telling: Telling, contract: Contract, index: int, receiver: Colleague | None
    ) -> Passing:
        stay = telling.stays[index]
        manager = self.staff.manager(contract.taker)
        return Passing(
            journey_id=telling.id,
            cycle=stay.cycle,
            contract=contract,
            giver_id=stay.owner_id,
            receiver_id=receiver.user_id if receiver else None,
            receiver_team_id=receiver.team_id if receiver else None,
            manager_id=manager.user_id if manager else None,
            since=stay.entered_at,
            facts={},
        )

    def _quality(self, telling: Telling, passing: Passing, index: int) -> float:
        """How well it was written: by whom, and as it turned out for the journey."""
        giver = self.staff.by_id(passing.giver_id)
        skill = giver.skill if giver else 1.0
        later = {one.stage for one in telling.stays[index + 1 :] if one.cycle == passing.cycle}
        good = {MARKETING_TO_INSIDE: "SQL", INSIDE_TO_FIELD: "WON", FIELD_TO_SUCCESS: "ADOPT"}
        effect = 0.1 if good[passing.contract.key] in later else -0.08
        if "CHURN" in later:
            effect = -0.3
        drawn = 0.62 + 0.45 * (skill - 1) + effect + self.rng.gauss(0, 0.13)
        return max(0.05, min(0.98, drawn))

    def _slowness(self, contract: Contract, at: datetime) -> float:
        """Inside sales is short of people: it accepts later than it did."""
        is_short = at > self.writer.end - _SHORT_OF_PEOPLE
        return 1.7 if is_short and contract.taker is Department.INSIDE_SALES else 1.0

    def _contacted(self, telling: Telling, since: datetime) -> datetime | None:
        """The first time somebody reached out; long ago somebody always did."""
        calls = (
            one.happened_at
            for one in telling.activities
            if one.kind in _REACHING_OUT
            and one.direction is Direction.OUTBOUND
            and one.happened_at >= since
        )
        first = min(calls, default=None)
        if first is None and since < self.writer.end - timedelta(days=12):
            return self.writer.moment(since, self.rng.uniform(30, 3 * DAY))
        return first

    def _keep_as_told(self, telling: Telling, passing: Passing) -> None:
        """What was written too briefly stands so among the answers, too."""
        brief = self.writer.brief_facts(passing)
        for key in passing.thin:
            item = passing.contract.item(key)
            name = item.field.removeprefix("answers.") if item else ""
            if item and telling.answers.get(name) == passing.facts.get(item.field):
                telling.answers[name] = brief[item.field]

    def _is_own(self, telling: Telling, contract: Contract) -> bool:
        blueprint = telling.blueprint
        return is_checklist(blueprint=blueprint, contract=contract, motion=telling.motion)

    def _pick(self, telling: Telling, contract: Contract) -> Colleague:
        stage = contract.enters or telling.stage
        teams = teams_for(telling, stage, contract.taker)
        return self.staff.pick(self.rng, teams=teams, on=self.writer.end.date())

    def _in_turn(self, telling: Telling, contract: Contract) -> Colleague | None:
        login = self._turn(contract.taker, _CARDS[contract.taker])
        return self._pick(telling, contract) if login == "?" else self.staff.by_login(login)

    def _turn(self, key: str, of: Iterable[str]) -> str:
        return next(self.turns.setdefault(key, cycle(of)))


def teams_for(telling: Telling, stage: str, department: Department) -> tuple[str, ...]:
    """This will tell which teams of a department carry such a journey."""
    if department is Department.MARKETING:
        return ("marketing",)
    if department is Department.INSIDE_SALES:
        return ("bdr",) if telling.channel in {"outbound", "partner"} else ("sdr",)
    if department is Department.SUCCESS:
        return ("onboarding",) if stage == "ONB" else ("adoption",)
    if telling.account.segment == "大手":
        return ("enterprise",)
    return ("east",) if telling.account.prefecture in EAST else ("west",)


def _holds(telling: Telling, crossing: Crossing) -> bool:
    """Whether the journey has not gone back before the boundary since."""
    after = telling.stays[crossing.stay + 1 :]
    enters = telling.blueprint.stage(crossing.contract.enters or "").position
    places = [telling.blueprint.place(one.stage) for one in after]
    return all(
        one.cycle == telling.stays[crossing.stay].cycle
        and place.kind is StageKind.MAIN
        and telling.blueprint.stage(one.stage).position >= enters
        for one, place in zip(after, places, strict=True)
    )
