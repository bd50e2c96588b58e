"""What every decision looks up, and the refusals that several moves share."""

from dataclasses import dataclass
from datetime import date, datetime

from tasuki.core.blueprint.items import GateItem
from tasuki.core.blueprint.types import Blueprint, Place, Stage
from tasuki.core.conditions.evaluate import BUSINESS_ZONE, Facts
from tasuki.core.conditions.wording import describe_condition
from tasuki.core.labels import Label
from tasuki.core.lifecycle.gates import Unmet, unmet_gates
from tasuki.core.lifecycle.refusal import RuleCode, TransitionRefused
from tasuki.core.lifecycle.types import Happening, LifecycleEvent


@dataclass(frozen=True, slots=True)
class Case:
    """One question: by which process, on which facts, when, and how strictly.

    `rests_in` is the stage the journey is in, None before it is opened.
    """

    blueprint: Blueprint
    facts: Facts
    at: datetime
    now: datetime
    enforces_gates: bool
    rests_in: str | None

    @property
    def today(self) -> date:
        """The business day on which the question is asked."""
        return self.now.astimezone(BUSINESS_ZONE).date()

    def judge(self, stages: tuple[Stage, ...], also: tuple[GateItem, ...] = ()) -> Unmet:
        """Find what the gates of these stages lack, or refuse when they are enforced.

        `also` are items that are lacking for another reason.
        """
        unmet = unmet_gates(stages=stages, facts=self.facts, today=self.today).with_items(also)
        if unmet and self.enforces_gates:
            raise self._gate_refusal(unmet, stages[-1])
        return unmet

    def place(self, code: str) -> Place:
        """Find a place, or refuse."""
        if self.blueprint.has_place(code):
            return self.blueprint.place(code)
        message = Label(f"「{code}」というステージはありません。", f'There is no stage "{code}".')
        raise self.refusal(RuleCode.UNKNOWN_STAGE, message, code)

    def stage(self, code: str) -> Stage:
        """Find a main stage, or refuse."""
        place = self.place(code)
        if isinstance(place, Stage):
            return place
        message = Label(
            f"「{place.label.ja}」へは、この操作では動かせません。",
            f'"{place.label.en}" is not reached by this move.',
        )
        raise self.refusal(RuleCode.NOT_FROM_HERE, message, code)

    def refuse_future(self, to: str | None) -> None:
        """Refuse what is said to happen after now."""
        if self.at > self.now:
            message = Label(
                "未来の日時は記録できません。", "A date in the future cannot be recorded."
            )
            raise self.refusal(RuleCode.IN_FUTURE, message, to)

    def wrong_line(self, stage: Stage) -> TransitionRefused:
        """Word that journeys of this kind do not travel there."""
        message = Label(
            f"「{stage.label.ja}」はこの区分のジャーニーが通るステージではありません。",
            f'Journeys of this kind do not pass through "{stage.label.en}".',
        )
        return self.refusal(RuleCode.WRONG_LINE, message, stage.code)

    def refusal(self, rule: RuleCode, message: Label, to: str | None = None) -> TransitionRefused:
        """Make a refusal that says where the journey rests."""
        return TransitionRefused(rule=rule, message=message, stage=self.rests_in, to=to)

    def gate_events(self, unmet: Unmet, to: str) -> tuple[LifecycleEvent, ...]:
        """Tell the journal what the gate lacked, if anything."""
        if not unmet:
            return ()
        items = (*(item.key for item in unmet.items), *(f"entry:{code}" for code in unmet.stages))
        return (LifecycleEvent(Happening.GATE_NOT_SHOWN, self.at, to_stage=to, items=items),)

    def _gate_refusal(self, unmet: Unmet, to: Stage) -> TransitionRefused:
        fields = self.blueprint.fields
        conditions = tuple(
            describe_condition(condition=part, fields=fields) for _stage, part in unmet.conditions
        )
        lacking = [*(item.label for item in unmet.items), *conditions]
        message = Label(
            f"「{to.label.ja}」に進むには次が必要です: {'、'.join(one.ja for one in lacking)}",
            f'To enter "{to.label.en}" this is needed: {", ".join(one.en for one in lacking)}',
        )
        return TransitionRefused(
            rule=RuleCode.GATE_NOT_MET,
            message=message,
            stage=self.rests_in,
            to=to.code,
            missing=unmet.items,
            conditions=conditions,
        )
