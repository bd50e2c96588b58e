"""Packets in lists: what waits for somebody, what they gave, and what was decided lately."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from tasuki.core.access import Access, Area, Capability
from tasuki.core.clocks import ClockStatus
from tasuki.core.departments import Department
from tasuki.core.handoffs import PacketState
from tasuki.journeys.models import Handoff, HandoffRound
from tasuki.journeys.queries.visibility import visible_journeys

PAGE: Final = 50
LATELY: Final = timedelta(days=30)
ANYBODY: Final = "any"
"""As the person of a filter: whoever it is that they may act for."""

_NEEDS_GIVER: Final = (PacketState.RETURNED, PacketState.EXPIRED)
STILL_THEIRS: Final = Q(
    journey__is_open=True,
    cycle=F("journey__cycle"),
    giver_department=F("journey__department"),
)
"""The journey rests with the giver in the same cycle: what came back can be offered again."""
_GIVEN: Final = Q(state=PacketState.OFFERED) | (Q(state__in=_NEEDS_GIVER) & STILL_THEIRS)


class Shelf(StrEnum):
    """Which packets of a person a list shows."""

    WAITING = "waiting"
    """Offered to them, or to a queue they take from."""
    GIVEN = "given"
    """Given by them and not taken yet, or given back."""
    LATELY = "lately"
    """Decided within the last thirty days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketFilter:
    """What a list is narrowed to; empty means all. `person` is the other side, an id as text."""

    shelf: Shelf = Shelf.WAITING
    contract: str = ""
    state: str = ""
    person: str = ""
    overdue: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class PacketSlice:
    """One page of packets; `has_more` tells whether another follows."""

    rows: Sequence[Handoff]
    has_more: bool


def packets_of(*, chosen: PacketFilter, access: Access, now: datetime) -> PacketSlice:
    """This will return one page of packets with what their rows name: one query.

    Order: what waits by its deadline, what came back before that; what was decided newest first.
    """
    if chosen.shelf is Shelf.LATELY:
        return _lately(chosen, access, now)
    rows = waiting_for(access=access) if chosen.shelf is Shelf.WAITING else given_by(access=access)
    if chosen.person == ANYBODY and chosen.shelf is Shelf.WAITING:
        rows = Handoff.objects.filter(_may_take(access), state=PacketState.OFFERED)
    elif chosen.person == ANYBODY:
        theirs = visible_journeys(access=access, capability=Capability.WORK_JOURNEYS)
        rows = Handoff.objects.filter(_GIVEN, journey__in=theirs)
    rows = _narrowed(rows, chosen, now)
    urgent = Case(
        When(state__in=_NEEDS_GIVER, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    ordered = rows.order_by(urgent, F("accept_due_at").asc(nulls_last=True), "id")
    return _page(list(_named(ordered)[_window(chosen)]))


def waiting_for(*, access: Access) -> QuerySet[Handoff]:
    """This will return the packets offered to a person, or to a queue that they take from."""
    mine = Q(receiver_id=access.user_id)
    return Handoff.objects.filter(mine | _queues(access), state=PacketState.OFFERED)


def given_by(*, access: Access) -> QuerySet[Handoff]:
    """This will return the packets that a person gave and nobody has taken; one that came back
    counts while its journey still rests with the giver."""
    return Handoff.objects.filter(_GIVEN, giver_id=access.user_id)


def count_waiting(*, access: Access) -> int:
    """This will count what waits for a person: packets to decide and packets given back."""
    back = given_by(access=access).exclude(state=PacketState.OFFERED)
    return waiting_for(access=access).count() + back.count()


def may_take(*, handoff: Handoff, access: Access) -> bool:
    """This will tell whether a person may decide about a packet, for the side that takes it."""
    return access.may_work_on(
        owner_id=handoff.receiver_id,
        team_id=handoff.receiver_team_id,
        department=Department(handoff.taker_department),
    )


def clock_status(*, handoff: Handoff, now: datetime) -> ClockStatus | None:
    """This will tell how the clock for deciding stands; None where no deadline was agreed."""
    if handoff.accept_due_at is None:
        return None
    if (handoff.decided_at or now) > handoff.accept_due_at:
        return ClockStatus.BREACHED
    if handoff.decided_at is not None:
        return ClockStatus.MET
    warns = handoff.accept_warn_at is not None and now >= handoff.accept_warn_at
    return ClockStatus.WARNING if warns else ClockStatus.RUNNING


def row_of(*, handoff_id: int) -> Handoff:
    """This will return one packet with what a row names.

    Raises:
        Handoff.DoesNotExist: there is none.
    """
    return _named(Handoff.objects.filter(pk=handoff_id)).get()


def _lately(chosen: PacketFilter, access: Access, now: datetime) -> PacketSlice:
    ended = HandoffRound.objects.filter(ended_at__gte=now - LATELY)
    if chosen.person == ANYBODY:
        ended = ended.filter(journey__in=visible_journeys(access=access))
    else:
        me = access.user_id
        ended = ended.filter(Q(giver_id=me) | Q(receiver_id=me) | Q(ended_by_id=me))
    if chosen.contract:
        ended = ended.filter(handoff__contract=chosen.contract)
    if chosen.state:
        ended = ended.filter(outcome=chosen.state)
    if chosen.person.isdigit():
        other = Q(giver_id=chosen.person) | Q(receiver_id=chosen.person)
        ended = ended.filter(other | Q(ended_by_id=chosen.person))
    if chosen.overdue:
        ended = ended.filter(ended_at__gt=F("accept_due_at"))
    rounds = ended.order_by("-ended_at", "-id").values_list("handoff_id", flat=True)
    # A packet that went back and forth stands once, where it ended last.
    ids = list(dict.fromkeys(rounds[_window(chosen)]))
    found = {row.pk: row for row in _named(Handoff.objects.filter(pk__in=ids))}
    return _page([found[pk] for pk in ids])


def _narrowed(rows: QuerySet[Handoff], chosen: PacketFilter, now: datetime) -> QuerySet[Handoff]:
    if chosen.contract:
        rows = rows.filter(contract=chosen.contract)
    if chosen.state:
        rows = rows.filter(state=chosen.state)
    if chosen.person.isdigit():
        rows = rows.filter(Q(giver_id=chosen.person) | Q(receiver_id=chosen.person))
    if chosen.overdue:
        rows = rows.filter(state=PacketState.OFFERED, accept_due_at__lt=now)
    return rows


def _queues(access: Access) -> Q:
    """Packets that nobody is named for, in the departments and teams where the person works."""
    found = Q(pk__in=[])
    for area in _areas(access):
        found |= _in_area(area)
    return Q(receiver__isnull=True) & found


def _may_take(access: Access) -> Q:
    reach = access.reach(Capability.WORK_JOURNEYS)
    if reach.everything:
        return Q()
    return Q(receiver_id=access.user_id) | _reached(access)


def _reached(access: Access) -> Q:
    found = Q(pk__in=[])
    for area in _areas(access):
        held = _held(area)
        if area.team_ids is None:
            found |= held
            continue
        teams = Q(receiver_team_id__in=sorted(area.team_ids))
        if area.queue:
            teams |= Q(receiver__isnull=True, receiver_team__isnull=True)
        found |= held & teams
    return found


def _areas(access: Access) -> list[Area]:
    reach = access.reach(Capability.WORK_JOURNEYS)
    everywhere = [Area()] if reach.everything else []
    return [*everywhere, *sorted(reach.areas, key=repr)]


def _in_area(area: Area) -> Q:
    if area.team_ids is None:
        return _held(area)
    teams = Q(receiver_team_id__in=sorted(area.team_ids))
    return _held(area) & (teams | Q(receiver_team__isnull=True) if area.queue else teams)


def _held(area: Area) -> Q:
    held = ~Q(pk__in=[])
    return held if area.department is None else Q(taker_department=area.department.value)


def _named(rows: QuerySet[Handoff]) -> QuerySet[Handoff]:
    return rows.select_related("journey__account", "giver", "receiver", "receiver_team")


def _window(chosen: PacketFilter) -> slice:
    start = (max(chosen.page, 1) - 1) * PAGE
    return slice(start, start + PAGE + 1)


def _page(rows: Sequence[Handoff]) -> PacketSlice:
    return PacketSlice(rows[:PAGE], len(rows) > PAGE)
