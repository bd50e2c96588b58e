"""Opening journeys and moving them: load, ask the core, write state and event in one transaction.

Two people moving the same journey at once: the conditional update of `guard.change` lets exactly
one through, and the other is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.db import transaction

from tasuki.core.blueprint import Blueprint, JourneyKind, StageKind
from tasuki.core.conditions.evaluate import BUSINESS_ZONE
from tasuki.core.departments import Department
from tasuki.core.lifecycle import (
    Advance,
    Decision,
    JourneyState,
    KeepsOwner,
    Move,
    Open,
    answers_that_hold,
    decide,
    motion_for,
    owner_after,
)
from tasuki.journeys.actor import Act
from tasuki.journeys.kinds import EventKind
from tasuki.journeys.models import Account, AssignmentDecision, Journey, Person, Stay
from tasuki.journeys.operations import guard, journal
from tasuki.journeys.operations.assigning import assign_by_rule
from tasuki.journeys.operations.assignment import NOBODY, Holder
from tasuki.journeys.operations.facts import DEFAULT_NEXT_ACTION, NextAction, next_action_columns
from tasuki.journeys.operations.handoffs.overtaken import leave_behind
from tasuki.journeys.operations.receipts import claim, settle
from tasuki.journeys.operations.records import journey_search_columns
from tasuki.journeys.operations.standing import standing_of
from tasuki.journeys.queries.blueprints import Published, current_blueprint
from tasuki.journeys.queries.facts import account_facts, journey_facts


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJourney:
    """What is stated when a journey begins. Without a stage it begins where its kind does.

    With `by_rule` and no holder, the assignment rules of the blueprint choose one.
    """

    account_id: int
    next_action: NextAction
    person_id: int | None = None
    kind: JourneyKind = JourneyKind.NEW
    parent_id: int | None = None
    stage: str | None = None
    title: str = ""
    channel_id: int | None = None
    campaign_id: int | None = None
    source: str = ""
    motion: str = ""
    holder: Holder = NOBODY
    by_rule: bool = False
    expected_close_date: date | None = None
    temperature: str = ""
    fit: str = ""
    answers: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOn:
    """What goes along with a move: who carries on, what is next, answers that the gate asks for.

    `revision` is the state the person saw; None accepts whatever is stored.
    """

    holder: Holder | None = None
    next_action: NextAction | None = None
    answers: Mapping[str, object] = field(default_factory=dict)
    revision: int | None = None


def open_journey(*, new: NewJourney, act: Act) -> Journey:
    """This will begin a journey and return it.

    Raises:
        TransitionRefused: the stage is none of its kind's, or its gate is not met.
        UnableToSetNextAction: the next action says nothing.
    """
    published = current_blueprint()
    account = Account.objects.get(pk=new.account_id)
    person = Person.objects.get(pk=new.person_id) if new.person_id else None
    with transaction.atomic():
        claim(act=act, operation="open_journey")
        journey = _unsaved(new=new, account=account, person=person, act=act)
        journey.blueprint_id = published.version_id
        journey.motion = journey.motion or motion_for(
            blueprint=published.blueprint, facts=account_facts(account), today=_today(act)
        )
        decision = decide(
            blueprint=published.blueprint,
            state=None,
            move=Open(kind=new.kind, stage=new.stage),
            facts=journey_facts(journey),
            at=act.at,
            now=act.now,
        )
        for name, value in _state_columns(decision, published.blueprint).items():
            setattr(journey, name, value)
        journey.opened_at = act.at
        journey.created_at = journey.updated_at = act.now
        journey.save(force_insert=True)
        settle(act=act, journey_id=journey.pk)
        _write(journey=journey, decision=decision, published=published, act=act, number=1)
        if new.by_rule and new.holder == NOBODY:
            return _given_by_rule(journey, act)
    return journey


def _given_by_rule(journey: Journey, act: Act) -> Journey:
    return assign_by_rule(
        journey_id=journey.pk,
        department=Department(journey.department),
        act=replace(act, request_key=None),
        cause=AssignmentDecision.Cause.OPENED,
    )


def move_journey(
    *, journey_id: int, move: Move, act: Act, hand_on: HandOn | None = None
) -> Journey:
    """This will move a journey and return it as it now is.

    Raises:
        TransitionRefused: a rule of the lifecycle or a gate is not met; nothing was written.
        JourneyChangedMeanwhile: somebody else was first; nothing was written.
        RequestRepeated: the same request was carried out before.
    """
    hand_on = hand_on or HandOn()
    published = current_blueprint()
    with transaction.atomic():
        claim(act=act, operation="move_journey", journey_id=journey_id)
        journey = guard.load(journey_id=journey_id, revision=hand_on.revision)
        carry_on(journey=journey, move=move, hand_on=hand_on, published=published, act=act)
    return journey


def carry_on(
    *, journey: Journey, move: Move, hand_on: HandOn, published: Published, act: Act
) -> None:
    """This will move a loaded journey inside the caller's transaction.

    Packets that the journey leaves behind are withdrawn, or hold no longer.

    Raises:
        TransitionRefused: a rule of the lifecycle, a gate or a contract is not met.
        JourneyChangedMeanwhile: somebody else was first.
    """
    blueprint = published.blueprint
    standing = standing_of(journey)
    _take_along(journey, move, hand_on, blueprint)
    decision = decide(
        blueprint=blueprint,
        state=standing.state,
        move=move,
        facts=journey_facts(journey),
        at=act.at,
        now=act.now,
    )
    dropped = leave_behind(
        packets=standing.packets, decision=decision, blueprint=blueprint, act=act
    )
    if hand_on.holder is None and dropped is not None:
        hand_on = replace(hand_on, holder=dropped)
    guard.change(
        journey=journey,
        act=act,
        **_state_columns(decision, blueprint),
        **_next_action(journey, decision, hand_on, act),
        **_holder(journey, decision, hand_on, blueprint),
        blueprint_id=published.version_id,
        answers=_answers(journey, standing.state, decision, blueprint),
    )
    _write(
        journey=journey,
        decision=decision,
        published=published,
        act=act,
        number=standing.last_number + 1,
        answers=hand_on.answers,
    )


def _unsaved(*, new: NewJourney, account: Account, person: Person | None, act: Act) -> Journey:
    return Journey(
        account=account,
        person=person,
        parent_id=new.parent_id,
        kind=new.kind,
        title=new.title,
        channel_id=new.channel_id,
        campaign_id=new.campaign_id,
        source=new.source,
        motion=new.motion or account.motion,
        owner_id=new.holder.owner_id,
        team_id=new.holder.team_id,
        expected_close_date=new.expected_close_date,
        temperature=new.temperature,
        fit=new.fit,
        answers=dict(new.answers),
        **next_action_columns(new.next_action),
        **journey_search_columns(account=account, person=person, title=new.title),
    )


def _take_along(journey: Journey, move: Move, hand_on: HandOn, blueprint: Blueprint) -> None:
    """Let the gate judge what comes with the move and who will hold it, before it is written."""
    journey.answers = {**journey.answers, **hand_on.answers}
    if hand_on.holder is not None:
        journey.owner_id, journey.team_id = hand_on.holder.owner_id, hand_on.holder.team_id
    elif isinstance(move, Advance) and (target := _target(journey, move, blueprint)):
        kept = _kept_by_motion(journey, target, blueprint)
        journey.owner_id, journey.team_id = kept.owner_id, kept.team_id


def _target(journey: Journey, move: Advance, blueprint: Blueprint) -> str | None:
    """Where an advance leads; None where the core will refuse it."""
    if move.to is not None:
        return move.to if blueprint.has_place(move.to) else None
    if journey.stage not in {stage.code for stage in blueprint.stages}:
        return None
    following = blueprint.next_stage(journey.stage)
    return following.code if following else None


def _kept_by_motion(journey: Journey, to_stage: str, blueprint: Blueprint) -> Holder:
    """Whom the motion keeps, else nobody: the queue of the department that takes over."""
    after = owner_after(
        blueprint=blueprint,
        motion=journey.motion,
        held_by=Department(journey.department),
        to_stage=to_stage,
        owner=journey.owner_id,
        team=journey.team_id,
    )
    owner_id = after.owner if isinstance(after, KeepsOwner) else None
    return Holder(owner_id=owner_id, team_id=after.team)


def _holder(
    journey: Journey, decision: Decision, hand_on: HandOn, blueprint: Blueprint
) -> dict[str, object]:
    if hand_on.holder is not None:
        return {"owner_id": hand_on.holder.owner_id, "team_id": hand_on.holder.team_id}
    if decision.opens is None:
        return {"owner_id": journey.owner_id, "team_id": journey.team_id}
    kept = _kept_by_motion(journey, decision.opens.stage, blueprint)
    return {"owner_id": kept.owner_id, "team_id": kept.team_id}


def _answers(
    journey: Journey, state: JourneyState, decision: Decision, blueprint: Blueprint
) -> dict[str, object]:
    if decision.after.cycle == state.cycle:
        return dict(journey.answers)
    return answers_that_hold(
        blueprint=blueprint, answers=journey.answers, stage=decision.after.stage
    )


def _state_columns(decision: Decision, blueprint: Blueprint) -> dict[str, object]:
    after = decision.after
    place = blueprint.place(after.stage)
    on_main = place.kind is StageKind.MAIN and after.completed_at is None
    return {
        "stage": after.stage,
        "department": place.department,
        "is_open": on_main,
        "cycle": after.cycle,
        "entered_at": after.entered_at,
        "closed_at": after.completed_at,
        "revisit_date": decision.revisit_date,
    }


def _next_action(
    journey: Journey, decision: Decision, hand_on: HandOn, act: Act
) -> dict[str, object]:
    """Keep an agreed step that is still ahead; otherwise an open journey gets one for tomorrow."""
    if hand_on.next_action is not None:
        return next_action_columns(hand_on.next_action)
    today = _today(act)
    if journey.next_action and journey.next_action_date and journey.next_action_date >= today:
        return {}
    if decision.after.completed_at is not None:
        return {}
    return {
        "next_action": DEFAULT_NEXT_ACTION,
        "next_action_date": decision.revisit_date or today + timedelta(days=1),
    }


def _today(act: Act) -> date:
    return act.now.astimezone(BUSINESS_ZONE).date()


def _write(
    *,
    journey: Journey,
    decision: Decision,
    published: Published,
    act: Act,
    number: int,
    answers: Mapping[str, object] | None = None,
) -> None:
    _close_stay(journey=journey, decision=decision, act=act)
    _write_stay(journey, decision, published, act, number)
    _write_events(journey=journey, decision=decision, act=act, answers=answers)


def _close_stay(*, journey: Journey, decision: Decision, act: Act) -> None:
    closing = decision.closes
    if closing is None:
        return
    Stay.objects.filter(journey_id=journey.pk, left_at__isnull=True).update(
        left_at=closing.left_at,
        left_recorded_at=act.now,
        exit=closing.exit,
        to_stage=closing.to_stage or "",
        reason=decision.reason,
        note=decision.note,
    )


def _write_stay(
    journey: Journey, decision: Decision, published: Published, act: Act, number: int
) -> None:
    opening = decision.opens
    if opening is None:
        return
    Stay.objects.create(
        journey_id=journey.pk,
        number=number,
        cycle=opening.cycle,
        visit=opening.visit,
        stage=opening.stage,
        department=opening.department,
        owner_id=journey.owner_id,
        team_id=journey.team_id,
        entered_at=opening.entered_at,
        entered_recorded_at=act.now,
        blueprint_id=published.version_id,
    )


def _write_events(
    *,
    journey: Journey,
    decision: Decision,
    act: Act,
    answers: Mapping[str, object] | None,
) -> None:
    for event in decision.events:
        journal.record(
            about=journal.About(journey_id=journey.pk),
            kind=EventKind(event.happening),
            act=act,
            payload={
                "from": event.from_stage,
                "to": event.to_stage,
                "cycle": decision.after.cycle,
                "reason": decision.reason,
                "note": decision.note,
                "items": list(event.items),
                **({"answers": dict(answers)} if answers else {}),
            },
        )
