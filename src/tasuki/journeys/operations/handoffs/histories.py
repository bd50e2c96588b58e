"""Writing packets that were handed over before: many at once, by COPY, with their journal.

The journeys they belong to are written already. The caller opens the transaction.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tasuki.core.blueprint import Contract, ContractKind
from tasuki.core.handoffs import PacketState
from tasuki.journeys.kinds import EventKind
from tasuki.journeys.models import AskedAgain, Event, Handoff, HandoffRound
from tasuki.journeys.operations.bulk import copy_rows, fresh_row, reserve_ids
from tasuki.journeys.operations.handoffs.ending import ENDINGS, Ending
from tasuki.journeys.operations.history_plans import Stamp
from tasuki.journeys.queries.deadlines import DueTimes


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRound:
    """One time that a packet was offered. Without an `ending` it still waits."""

    offered_at: datetime
    giver_id: int | None
    receiver_id: int | None
    due: DueTimes
    values: Mapping[str, object]
    completeness_ratio: float
    message: str = ""
    ending: Ending | None = None
    ended_at: datetime | None = None
    ended_by: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedMark:
    """Something that was asked again."""

    item: str
    at: datetime
    by: int | None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedHandoff:
    """A packet with everything that happened to it; `rounds` in order, at least one."""

    journey_id: int
    cycle: int
    contract: Contract
    rounds: tuple[PlannedRound, ...]
    holds: bool = False
    receiver_team_id: int | None = None
    why: str = ""
    contacted_at: datetime | None = None
    usefulness: int | None = None
    rated_at: datetime | None = None
    marks: tuple[PlannedMark, ...] = ()


@dataclass(slots=True)
class _Rows:
    handoffs: list[Handoff] = field(default_factory=list)
    rounds: list[HandoffRound] = field(default_factory=list)
    marks: list[AskedAgain] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Ids:
    rounds: Iterator[int]
    marks: Iterator[int]
    events: Iterator[int]


@dataclass(frozen=True, slots=True)
class _Told:
    """One line of the journal, before it is a row."""

    kind: EventKind
    at: datetime
    by: int | None
    said: Mapping[str, object]


def write_handoffs(*, planned: Sequence[PlannedHandoff], stamp: Stamp) -> int:
    """This will write packets with their rounds, marks and journal; returns how many packets."""
    rows = _Rows()
    ids = _Ids(
        rounds=reserve_ids(model=HandoffRound, count=sum(len(one.rounds) for one in planned)),
        marks=reserve_ids(model=AskedAgain, count=sum(len(one.marks) for one in planned)),
        events=reserve_ids(model=Event, count=sum(len(_story(one)) for one in planned)),
    )
    packets = reserve_ids(model=Handoff, count=len(planned))
    for one, handoff_id in zip(planned, packets, strict=True):
        _build(one, handoff_id, stamp, rows, ids)
    written = copy_rows(model=Handoff, rows=rows.handoffs)
    copy_rows(model=HandoffRound, rows=rows.rounds)
    copy_rows(model=AskedAgain, rows=rows.marks)
    copy_rows(model=Event, rows=rows.events)
    return written


def _build(one: PlannedHandoff, handoff_id: int, stamp: Stamp, rows: _Rows, ids: _Ids) -> None:
    rows.handoffs.append(_packet(one, handoff_id, stamp))
    rows.rounds += [
        _round(one, handoff_id, number, stamp, next(ids.rounds))
        for number in range(1, len(one.rounds) + 1)
    ]
    rows.marks += [
        fresh_row(
            AskedAgain,
            id=next(ids.marks),
            handoff_id=handoff_id,
            journey_id=one.journey_id,
            item=mark.item,
            note=mark.note,
            marked_by_id=mark.by,
            marked_at=mark.at,
            batch_id=stamp.batch_id,
        )
        for mark in one.marks
    ]
    rows.events += [
        _event(one, handoff_id, number, told, stamp, next(ids.events))
        for number, told in _story(one)
    ]


def _packet(one: PlannedHandoff, handoff_id: int, stamp: Stamp) -> Handoff:
    last = one.rounds[-1]
    ending = last.ending or Ending(PacketState.OFFERED)
    returns = [each for each in one.rounds if _outcome(each) is PacketState.RETURNED]
    return fresh_row(
        Handoff,
        id=handoff_id,
        journey_id=one.journey_id,
        cycle=one.cycle,
        contract=one.contract.key,
        kind=one.contract.kind,
        blueprint_id=stamp.blueprint_id,
        giver_department=one.contract.giver,
        taker_department=one.contract.taker,
        state=ending.outcome,
        holds=one.holds and one.contract.kind is ContractKind.FORWARD,
        round=len(one.rounds),
        returns=len(returns),
        giver_id=last.giver_id,
        receiver_id=last.receiver_id,
        receiver_team_id=one.receiver_team_id,
        values=dict(last.values),
        completeness_ratio=last.completeness_ratio,
        message=last.message,
        why=one.why,
        offered_at=last.offered_at,
        accept_warn_at=last.due.accept_warn_at,
        accept_due_at=last.due.accept_due_at,
        contact_due_at=last.due.contact_due_at,
        meeting_due_at=last.due.meeting_due_at,
        decided_at=last.ended_at,
        decided_by_id=last.ended_by,
        contacted_at=one.contacted_at,
        reason=ending.reason,
        item=ending.item,
        note=ending.note,
        usefulness=one.usefulness,
        rated_by_id=last.receiver_id if one.usefulness else None,
        rated_at=one.rated_at,
        batch_id=stamp.batch_id,
    )


def _round(
    one: PlannedHandoff, handoff_id: int, number: int, stamp: Stamp, row_id: int
) -> HandoffRound:
    told = one.rounds[number - 1]
    ending = told.ending
    return fresh_row(
        HandoffRound,
        id=row_id,
        handoff_id=handoff_id,
        journey_id=one.journey_id,
        number=number,
        giver_id=told.giver_id,
        receiver_id=told.receiver_id,
        values=dict(told.values),
        completeness_ratio=told.completeness_ratio,
        message=told.message,
        offered_at=told.offered_at,
        accept_due_at=told.due.accept_due_at,
        ended_at=told.ended_at,
        outcome=ending.outcome if ending else "",
        ended_by_id=told.ended_by,
        reason=ending.reason if ending else "",
        item=ending.item if ending else "",
        note=ending.note if ending else "",
        batch_id=stamp.batch_id,
    )


def _story(one: PlannedHandoff) -> list[tuple[int, _Told]]:
    """Tell every round and what came after, each with the number of its round."""
    story: list[tuple[int, _Told]] = []
    for number, each in enumerate(one.rounds, start=1):
        offered = _Told(
            EventKind.HANDOFF_OFFERED, each.offered_at, each.giver_id, {"note": each.message}
        )
        story.append((number, offered))
        if each.ending is not None and each.ended_at is not None:
            end = each.ending
            said = {"reason": end.reason, "item": end.item, "note": end.note}
            told = _Told(ENDINGS[end.outcome], each.ended_at, each.ended_by, said)
            story.append((number, told))
    last = len(one.rounds)
    for mark in one.marks:
        said = {"item": mark.item}
        story.append((last, _Told(EventKind.HANDOFF_ASKED_AGAIN, mark.at, mark.by, said)))
    if one.usefulness is not None and one.rated_at is not None:
        by, given = one.rounds[-1].receiver_id, {"usefulness": one.usefulness}
        story.append((last, _Told(EventKind.HANDOFF_RATED, one.rated_at, by, given)))
    return story


def _event(
    one: PlannedHandoff, handoff_id: int, number: int, told: _Told, stamp: Stamp, row_id: int
) -> Event:
    offered = one.rounds[number - 1]
    return fresh_row(
        Event,
        id=row_id,
        journey_id=one.journey_id,
        kind=told.kind,
        happened_at=told.at,
        recorded_at=stamp.recorded(told.at),
        actor_id=told.by or stamp.actor.user_id,
        actor_kind="user" if told.by else stamp.actor.kind,
        payload={
            "handoff": handoff_id,
            "contract": one.contract.key,
            "round": number,
            "giver": offered.giver_id,
            "receiver": offered.receiver_id,
            **{key: value for key, value in told.said.items() if value not in ("", None)},
        },
        batch_id=stamp.batch_id,
    )


def _outcome(told: PlannedRound) -> PacketState | None:
    return told.ending.outcome if told.ending else None
