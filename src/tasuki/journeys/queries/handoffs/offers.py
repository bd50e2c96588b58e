"""Every time that a packet was offered in a period, with what became of it: three queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection

from tasuki.core.clocks import BusinessClock
from tasuki.core.departments import Department
from tasuki.core.handoffs import PacketState
from tasuki.core.worktime import Away
from tasuki.people.models import User
from tasuki.people.queries import upcoming_absences, work_time_of_department


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferRow:
    """One offer, and the packet it belongs to. `state` is None while it waits.

    `transfer_minutes` is working time of the receiver from offer to acceptance; `late` tells of a
    decision after its deadline, or a wait past it; `contact_late` of a first contact.
    """

    handoff_id: int
    journey_id: int
    contract: str
    kind: str
    blueprint_id: int
    number: int
    giver_id: int | None
    receiver_id: int | None
    channel_id: int | None
    offered_at: datetime
    ended_at: datetime | None
    state: PacketState | None
    reason: str
    item: str
    completeness_ratio: float
    usefulness: int | None
    told: frozenset[str]
    asked_again: frozenset[str]
    transfer_minutes: int | None
    late: bool
    contact_late: bool


_PLAIN: Final = (
    "handoff_id",
    "journey_id",
    "contract",
    "kind",
    "blueprint_id",
    "number",
    "giver_id",
    "receiver_id",
    "channel_id",
    "offered_at",
    "ended_at",
    "outcome",
    "reason",
    "item",
    "completeness_ratio",
    "usefulness",
)
_OFFERS: Final = """
SELECT h.id, h.journey_id, h.contract, h.kind, h.blueprint_id, r.number, r.giver_id,
       coalesce(r.ended_by_id, r.receiver_id), j.channel_id, r.offered_at, r.ended_at, r.outcome,
       r.reason, r.item, r.completeness_ratio,
       CASE WHEN r.outcome = 'accepted' THEN h.usefulness END,
       ARRAY(SELECT jsonb_object_keys(r.values)),
       CASE WHEN r.outcome = 'accepted'
            THEN ARRAY(SELECT a.item FROM journeys_askedagain AS a WHERE a.handoff_id = h.id)
            ELSE ARRAY[]::varchar[] END,
       coalesce(coalesce(r.ended_at, %(now)s) > r.accept_due_at AND r.outcome <> 'withdrawn',
                false),
       r.outcome = 'accepted' AND h.kind <> 'voice'
           AND coalesce(coalesce(h.contacted_at, %(now)s) > h.contact_due_at, false),
       h.receiver_id, h.receiver_team_id, h.taker_department
FROM journeys_handoffround AS r
JOIN journeys_handoff AS h ON h.id = r.handoff_id
JOIN journeys_journey AS j ON j.id = h.journey_id
WHERE r.offered_at < %(end)s AND (r.offered_at >= %(start)s OR r.ended_at >= %(start)s)
  AND (r.offered_at >= %(start)s OR r.ended_at < %(end)s)
ORDER BY r.offered_at, r.id
"""


def offers_of(*, start: datetime, end: datetime, now: datetime) -> tuple[OfferRow, ...]:
    """This will return every offer that was made or decided from `start` until before `end`.

    Grain: one row for each round of a packet, in the order of offering. Times are aware.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OFFERS, {"start": start, "end": end, "now": now})
        rows = cursor.fetchall()
    clocks = _Clocks((row[20] for row in rows), start)
    return tuple(_offer(row, clocks) for row in rows)


class _Clocks:
    """The calendar of each receiver: that of their team, less their absences."""

    def __init__(self, receivers: Iterable[int | None], since: datetime) -> None:
        people = {pk for pk in receivers if pk is not None}
        self._teams: Mapping[int, int | None] = dict(
            User.objects.filter(pk__in=people).values_list("pk", "team_id")
        )
        self._away: dict[int, list[Away]] = defaultdict(list)
        for one in upcoming_absences(since=since).filter(user_id__in=people):
            away = Away(starts_at=one.starts_at, ends_at=one.ends_at)
            self._away[one.user_id].append(away)
        self._of_team: dict[tuple[int | None, str], BusinessClock] = {}
        self._of_person: dict[int, BusinessClock] = {}

    def of(self, receiver_id: int | None, team_id: int | None, department: str) -> BusinessClock:
        if receiver_id is None:
            return self._shared(team_id, department)
        if receiver_id not in self._of_person:
            shared = self._shared(self._teams[receiver_id], department)
            self._of_person[receiver_id] = shared.with_absences(self._away[receiver_id])
        return self._of_person[receiver_id]

    def _shared(self, team_id: int | None, department: str) -> BusinessClock:
        key = (team_id, department)
        if key not in self._of_team:
            work = work_time_of_department(department=Department(department), team_id=team_id)
            self._of_team[key] = BusinessClock(work)
        return self._of_team[key]


def _offer(row: tuple[Any, ...], clocks: _Clocks) -> OfferRow:
    (*plain, told, asked_again, late, contact_late, named_id, team_id, department) = row
    said: dict[str, Any] = dict(zip(_PLAIN, plain, strict=True))
    outcome = said.pop("outcome")
    state = PacketState(outcome) if outcome else None
    taken = None
    if state is PacketState.ACCEPTED:
        clock = clocks.of(named_id, team_id, department)
        taken = clock.elapsed_minutes(since=said["offered_at"], until=said["ended_at"])
    return OfferRow(
        **said,
        state=state,
        told=frozenset(told),
        asked_again=frozenset(asked_again),
        transfer_minutes=taken,
        late=late,
        contact_late=contact_late,
    )
