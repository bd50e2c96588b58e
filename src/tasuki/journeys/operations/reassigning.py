"""Handing on everything that somebody holds: one journey a transaction, so that it can go on.

Each journey gets an event of its own. Past stays keep who carried them; next steps stay as agreed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import F

from tasuki.core.departments import Department
from tasuki.core.handoffs import PacketState
from tasuki.journeys.actor import Act, Actor
from tasuki.journeys.kinds import EventKind
from tasuki.journeys.models import Account, Handoff, HandoffRound, Journey, Reassignment
from tasuki.journeys.operations import guard, journal
from tasuki.journeys.operations.assigning import Cause, choose_holder
from tasuki.journeys.operations.assignment import Holder, assign_owner
from tasuki.journeys.queries.holdings import held_journeys
from tasuki.people.models import User

CHUNK: Final = 200

State = Reassignment.State


class ReassignmentUnderWay(Exception):
    """What this person holds is being handed on already."""

    def __init__(self, *, from_user_id: int) -> None:
        super().__init__(f"the work of user {from_user_id} is being handed on already")
        self.from_user_id = from_user_id


@dataclass(frozen=True, slots=True, kw_only=True)
class HandingOn:
    """What is to be handed on: of whom, to whom (None: by rule), which stages, and why."""

    from_user_id: int
    to_user_id: int | None
    stages: Sequence[str]
    reason: str = ""


def request_reassignment(*, wish: HandingOn, act: Act) -> Reassignment:
    """This will note down that everything in these stages is to be handed on, and return the note.

    Nothing is handed on yet: `carry_out_reassignment` does it, in the background.

    Raises:
        ReassignmentUnderWay: another one for the same person is not done yet.
    """
    total = held_journeys(user_id=wish.from_user_id).filter(stage__in=wish.stages).count()
    try:
        with transaction.atomic():
            return Reassignment.objects.create(
                from_user_id=wish.from_user_id,
                to_user_id=wish.to_user_id,
                stages=list(wish.stages),
                reason=wish.reason,
                requested_by_id=act.actor.user_id,
                requested_at=act.now,
                total=total,
            )
    except IntegrityError as error:
        if "reassignment_one_at_a_time" not in str(error):
            raise
        raise ReassignmentUnderWay(from_user_id=wish.from_user_id) from error


def carry_out_reassignment(*, reassignment_id: int, clock: Callable[[], datetime]) -> None:
    """This will hand on what was asked for, one journey after the other.

    Carried out again after an interruption, it goes on behind the last journey that was done.
    Packets that wait for this person wait for another then, or in the queue. With a person to give
    to, the companies they are responsible for are given as well.
    """
    Reassignment.objects.filter(pk=reassignment_id, state=State.WAITING).update(
        state=State.RUNNING, heartbeat_at=clock()
    )
    run = Reassignment.objects.get(pk=reassignment_id)
    while run.state == State.RUNNING and (ids := _next_of(run)):
        for journey_id in ids:
            _hand_on_one(reassignment_id, journey_id, clock())
        run.refresh_from_db()
    if run.state == State.RUNNING:
        _hand_on_packets(run, clock())
        _hand_on_companies(run, clock())
    Reassignment.objects.filter(pk=reassignment_id, state=State.RUNNING).update(
        state=State.DONE, finished_at=clock()
    )


def _next_of(run: Reassignment) -> list[int]:
    held = held_journeys(user_id=run.from_user_id).filter(stage__in=run.stages)
    left = held.filter(pk__gt=run.last_journey_id).order_by("pk")
    return list(left.values_list("pk", flat=True)[:CHUNK])


def _hand_on_one(reassignment_id: int, journey_id: int, now: datetime) -> None:
    with transaction.atomic():
        # Two workers with the same task: the second waits here and finds the journey done.
        run = (
            Reassignment.objects.select_related("requested_by", "to_user")
            .select_for_update(of=("self",))
            .get(pk=reassignment_id)
        )
        Journey.objects.select_for_update(of=("self",)).only("pk").get(pk=journey_id)
        journey = guard.load(journey_id=journey_id)
        if run.last_journey_id >= journey_id or journey.owner_id != run.from_user_id:
            return
        act = _act_of(run, now)
        holder = _holder_for(run, journey, act)
        assign_owner(journey_id=journey_id, holder=holder, act=act, reason=run.reason)
        if holder.owner_id is not None:
            _hand_on_company(run, journey.account_id, holder.owner_id, act)
        _count(run, journey_id, holder.owner_id, now)


def _count(run: Reassignment, journey_id: int, owner_id: int | None, now: datetime) -> None:
    run.done += 1
    if owner_id is None:
        run.queued += 1
    else:
        run.taken[str(owner_id)] = run.taken.get(str(owner_id), 0) + 1
    run.last_journey_id, run.heartbeat_at = journey_id, now
    run.save(update_fields=["done", "queued", "taken", "last_journey_id", "heartbeat_at"])


def _holder_for(run: Reassignment, journey: Journey, act: Act) -> Holder:
    if run.to_user is not None:
        return Holder(owner_id=run.to_user.pk, team_id=run.to_user.team_id)
    return _by_rule(run, journey, Department(journey.department), act)


def _by_rule(run: Reassignment, journey: Journey, department: Department, act: Act) -> Holder:
    return choose_holder(
        journey=journey,
        department=department,
        act=act,
        cause=Cause.HANDED_ON,
        but=(run.from_user_id,),
    )


def _hand_on_packets(run: Reassignment, now: datetime) -> None:
    waiting = Handoff.objects.filter(receiver_id=run.from_user_id, state=PacketState.OFFERED)
    for handoff in waiting.order_by("pk"):
        with transaction.atomic():
            _hand_on_packet(run, handoff, _act_of(run, now))


def _hand_on_packet(run: Reassignment, handoff: Handoff, act: Act) -> None:
    journey = guard.load(journey_id=handoff.journey_id)
    if run.to_user is not None:
        holder = Holder(owner_id=run.to_user.pk, team_id=run.to_user.team_id)
    else:
        holder = _by_rule(run, journey, Department(handoff.taker_department), act)
    changed = Handoff.objects.filter(
        pk=handoff.pk,
        state=PacketState.OFFERED,
        round=handoff.round,
        receiver_id=run.from_user_id,
    ).update(receiver_id=holder.owner_id, receiver_team_id=holder.team_id)
    if changed:
        HandoffRound.objects.filter(handoff_id=handoff.pk, number=handoff.round).update(
            receiver_id=holder.owner_id
        )
        journal.record(
            about=journal.About(journey_id=journey.pk),
            kind=EventKind.DETAILS_CHANGED,
            act=act,
            payload={"changes": {"receiver_id": [run.from_user_id, holder.owner_id]}},
        )


def _hand_on_companies(run: Reassignment, now: datetime) -> None:
    if run.to_user_id is None:
        return
    owned = Account.objects.filter(owner_id=run.from_user_id, merged_into__isnull=True)
    for account_id in owned.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            _hand_on_company(run, account_id, run.to_user_id, _act_of(run, now))


def _hand_on_company(run: Reassignment, account_id: int, to_user_id: int, act: Act) -> None:
    changed = Account.objects.filter(pk=account_id, owner_id=run.from_user_id).update(
        owner_id=to_user_id, revision=F("revision") + 1, updated_at=act.now
    )
    if changed:
        journal.record(
            about=journal.About(account_id=account_id),
            kind=EventKind.DETAILS_CHANGED,
            act=act,
            payload={"changes": {"owner_id": [run.from_user_id, to_user_id]}},
        )


def _act_of(run: Reassignment, now: datetime) -> Act:
    by: User | None = run.requested_by
    actor = Actor(user_id=by.pk if by else None, kind="user", label=by.full_name if by else "")
    return Act(actor=actor, now=now)
