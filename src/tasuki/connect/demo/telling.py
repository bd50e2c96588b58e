"""One journey as it is told: every move is decided by the core, so no history is impossible."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from tasuki.connect.demo.staff import Colleague
from tasuki.core.blueprint import Blueprint, JourneyKind
from tasuki.core.departments import Department
from tasuki.core.lifecycle import (
    Advance,
    Decision,
    JourneyState,
    Move,
    Open,
    answers_that_hold,
    decide,
)
from tasuki.core.money import Money
from tasuki.journeys.actor import Actor
from tasuki.journeys.kinds import ActivityKind, Direction
from tasuki.journeys.models import Account, Person
from tasuki.journeys.operations.facts import NextAction
from tasuki.journeys.operations.history_plans import (
    JourneyPlan,
    PlannedActivity,
    PlannedDeal,
    PlannedStay,
    PlannedSubscription,
)
from tasuki.journeys.queries.facts import account_facts, person_facts

STORYTELLER = Actor(user_id=None, kind="system", label="Demo")


@dataclass(slots=True, kw_only=True)
class Telling:
    """A journey while it is being told; `plan` gives what is to be written."""

    id: int
    blueprint: Blueprint
    account: Account
    person: Person
    end: datetime
    kind: JourneyKind = JourneyKind.NEW
    parent_id: int | None = None
    title: str = ""
    channel: str = ""
    channel_id: int | None = None
    campaign_id: int | None = None
    source: str = ""
    motion: str = ""
    owner: Colleague | None = None
    fit: str = ""
    temperature: str = ""
    state: JourneyState | None = None
    stays: list[PlannedStay] = field(default_factory=list)
    activities: list[PlannedActivity] = field(default_factory=list)
    deals: list[PlannedDeal] = field(default_factory=list)
    subscriptions: list[PlannedSubscription] = field(default_factory=list)
    answers: dict[str, object] = field(default_factory=dict)
    revisit_date: date | None = None
    next_action: NextAction | None = None
    held_by: Department | None = None

    @property
    def stage(self) -> str:
        """This will return where the journey rests now."""
        return self.stays[-1].stage

    @property
    def entered_at(self) -> datetime:
        """This will return when the present stay began."""
        return self.stays[-1].entered_at

    def open(self, at: datetime, *, stage: str | None = None) -> None:
        """This will begin the journey."""
        self._take(self._decide(Open(kind=self.kind, stage=stage), at), at)

    def move(self, move: Move, at: datetime) -> None:
        """This will make a move; the core refuses what cannot be."""
        self._take(self._decide(move, at), at)

    def advance(self, at: datetime, *, to: str | None = None) -> None:
        """This will go forward."""
        self.move(Advance(to=to), at)

    def agree(self, amount: Money, at: datetime, *, close: date | None) -> None:
        """This will set the deal's amount and expected close date from that moment on."""
        actor_id = self.owner.user_id if self.owner else None
        self.deals.append(
            PlannedDeal(amount=amount, happened_at=at, expected_close_date=close, actor_id=actor_id)
        )

    def touch(
        self,
        kind: ActivityKind,
        at: datetime,
        subject: str,
        *,
        inbound: bool = False,
        outcome: str = "",
        minutes: int | None = None,
    ) -> None:
        """This will add a contact, if it lies in the past."""
        if at > self.end:
            return
        own = kind not in {ActivityKind.WEB, ActivityKind.FORM, ActivityKind.USAGE}
        self.activities.append(
            PlannedActivity(
                kind=kind,
                happened_at=at,
                direction=Direction.INBOUND if inbound else Direction.OUTBOUND,
                outcome=outcome,
                subject=subject,
                minutes=minutes,
                actor_id=self.owner.user_id if self.owner and own else None,
            )
        )

    def pass_on(self, owner: Colleague, department: Department) -> None:
        """This will put the journey into other hands while it rests where it is."""
        self.owner, self.held_by = owner, department
        self.stays[-1] = replace(self.stays[-1], owner_id=owner.user_id, team_id=owner.team_id)

    def plan(self) -> JourneyPlan:
        """This will return the whole history, ready to be written."""
        return JourneyPlan(
            id=self.id,
            account=self.account,
            person=self.person,
            stays=tuple(self.stays),
            parent_id=self.parent_id,
            kind=self.kind,
            title=self.title,
            channel_id=self.channel_id,
            campaign_id=self.campaign_id,
            source=self.source,
            motion=self.motion,
            next_action=self.next_action,
            held_by=self.held_by,
            revisit_date=self.revisit_date,
            temperature=self.temperature,
            fit=self.fit,
            answers=self.answers,
            deals=tuple(self.deals),
            activities=tuple(sorted(self.activities, key=lambda item: item.happened_at)),
            subscriptions=tuple(self.subscriptions),
        )

    def _decide(self, move: Move, at: datetime) -> Decision:
        return decide(
            blueprint=self.blueprint,
            state=self.state,
            move=move,
            facts=self.facts(),
            at=at,
            now=at,
        )

    def facts(self) -> dict[str, object]:
        """This will return what is known of the journey now, by field path."""
        deal = self.deals[-1] if self.deals else None
        return {
            **account_facts(self.account),
            **person_facts(self.person),
            "journey.kind": self.kind,
            "journey.motion": self.motion,
            "journey.channel": self.channel,
            "journey.owner_id": self.owner.user_id if self.owner else None,
            "journey.amount_minor": deal.amount.minor if deal and deal.amount else None,
            "journey.expected_close_date": deal.expected_close_date if deal else None,
            "journey.temperature": self.temperature,
            "journey.fit": self.fit,
            **{f"answers.{key}": value for key, value in self.answers.items()},
        }

    def _take(self, decision: Decision, at: datetime) -> None:
        closing, opening = decision.closes, decision.opens
        if closing is not None:
            self.stays[-1] = replace(
                self.stays[-1],
                left_at=closing.left_at,
                exit=closing.exit,
                to_stage=closing.to_stage or "",
                reason=decision.reason,
                note=decision.note,
            )
        if opening is not None:
            owner = self.owner
            self.stays.append(
                PlannedStay(
                    stage=opening.stage,
                    entered_at=at,
                    cycle=opening.cycle,
                    visit=opening.visit,
                    owner_id=owner.user_id if owner else None,
                    team_id=owner.team_id if owner else None,
                    entered_by=owner.user_id if owner else None,
                )
            )
        if self.state is not None and decision.after.cycle > self.state.cycle:
            self.answers = answers_that_hold(
                blueprint=self.blueprint, answers=self.answers, stage=decision.after.stage
            )
        # Whoever is told of here was handed over properly; the packets follow.
        handed = frozenset(contract.key for contract in self.blueprint.contracts)
        self.state = replace(decision.after, handed=handed)
        self.revisit_date = decision.revisit_date
