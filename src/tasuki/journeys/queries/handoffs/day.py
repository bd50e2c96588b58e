"""What somebody has to do today, gathered in a fixed number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Final

from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from tasuki.core.access import Access
from tasuki.core.blueprint import Blueprint, Stage
from tasuki.core.conditions.evaluate import BUSINESS_ZONE
from tasuki.core.handoffs import PacketState
from tasuki.core.priorities import Ranked, Work, WorkKind, rank
from tasuki.journeys.kinds import ActivityKind
from tasuki.journeys.models import Activity, Handoff, Journey, Stay
from tasuki.journeys.queries.handoffs.queue import waiting_for
from tasuki.journeys.queries.visibility import visible_journeys
from tasuki.people.models import User

LIMIT: Final = 30
"""How many of each kind are looked at; who has more of one kind works those off first."""
SOON: Final = timedelta(days=2)
WON_SAMPLE: Final = 200
USUAL_VALUE_YEN: Final = 1_000_000
"""Stands in while nothing was won yet."""
_KEPT_SECONDS: Final = 3_600


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDo:
    """A ranked work with the records it is about; `due_at` or `due_date` where there is one."""

    ranked: Ranked
    journey: Journey
    handoff: Handoff | None = None
    due_at: datetime | None = None
    due_date: date | None = None

    @property
    def kind(self) -> WorkKind:
        """What kind of thing is to be done."""
        return self.ranked.work.kind


@dataclass(frozen=True, slots=True)
class _Found:
    work: Work
    journey: Journey
    handoff: Handoff | None
    due_at: datetime | None
    due_date: date | None


@dataclass(frozen=True, slots=True)
class _Whose:
    user_id: int
    access: Access
    viewer: Access
    blueprint: Blueprint
    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(BUSINESS_ZONE).date()


@dataclass(frozen=True, slots=True)
class Load:
    """How much somebody has on hand: open journeys, overdue steps, packets and first contacts."""

    user: User
    open: int
    overdue: int
    waiting: int
    uncontacted: int

    @property
    def pressing(self) -> int:
        """What should have been done already, or waits for a decision."""
        return self.overdue + self.waiting + self.uncontacted


def day_of(
    *, access: Access, viewer: Access, blueprint: Blueprint, now: datetime
) -> tuple[ToDo, ...]:
    """This will return what the person of `access` has to do, by what loses most by waiting.

    `viewer` looks: only journeys that they see are shown. Ten queries, however much there is.
    """
    whose = _Whose(access.user_id, access, viewer, blueprint, now)
    found = [
        *_packets(whose),
        *_returned(whose),
        *_contacts(whose),
        *_meetings(whose),
        *_next_actions(whose),
        *_stalled(whose),
        *_revisits(whose),
    ]
    by_key = {one.work.key: one for one in found}
    ranked = rank(
        works=[one.work for one in by_key.values()],
        usual_value_yen=usual_value(blueprint=blueprint),
    )
    return tuple(_to_do(one, by_key[one.work.key]) for one in ranked)


def usual_value(*, blueprint: Blueprint) -> int:
    """This will return the median amount of the deals won last, in the reporting currency's minor
    unit; kept for an hour."""
    kept: int | None = cache.get("usual-deal-value")
    if kept is None:
        kept = _usual_value(blueprint)
        cache.set("usual-deal-value", kept, _KEPT_SECONDS)
    return kept


def loads_of_people(*, users: Sequence[User], now: datetime) -> list[Load]:
    """This will return what each person has on hand, who is pressed most first: four queries."""
    ids = [user.pk for user in users]
    today = now.astimezone(BUSINESS_ZONE).date()
    carried = Journey.objects.filter(owner_id__in=ids, is_open=True)
    taken = Handoff.objects.filter(receiver_id__in=ids)
    late = taken.filter(
        state=PacketState.ACCEPTED,
        contacted_at__isnull=True,
        contact_due_at__lt=now,
        journey__is_open=True,
    )
    counts = [
        _counted(carried, "owner_id"),
        _counted(carried.filter(next_action_date__lt=today), "owner_id"),
        _counted(taken.filter(state=PacketState.OFFERED), "receiver_id"),
        _counted(late, "receiver_id"),
    ]
    loads = [Load(user, *(count.get(user.pk, 0) for count in counts)) for user in users]
    return sorted(loads, key=lambda load: (-load.pressing, -load.open))


def _packets(whose: _Whose) -> Iterable[_Found]:
    rows = _seen(waiting_for(access=whose.access), whose)
    for row in _with_records(rows.order_by("accept_due_at", "id")):
        yield _of_packet(WorkKind.DECIDE, row, row.accept_due_at, whose)


def _returned(whose: _Whose) -> Iterable[_Found]:
    rows = Handoff.objects.filter(
        giver_id=whose.user_id, state__in=[PacketState.RETURNED, PacketState.EXPIRED]
    )
    # One whose journey went elsewhere since is no longer completed.
    rows = _seen(rows, whose).filter(journey__is_open=True, journey__owner_id=whose.user_id)
    for row in _with_records(rows.order_by("decided_at", "id")):
        if row.journey.stage in _given_from(row, whose.blueprint):
            yield _of_packet(WorkKind.COMPLETE, row, row.decided_at, whose)


def _contacts(whose: _Whose) -> Iterable[_Found]:
    rows = Handoff.objects.filter(
        receiver_id=whose.user_id,
        state=PacketState.ACCEPTED,
        contacted_at__isnull=True,
        contact_due_at__isnull=False,
        journey__owner_id=whose.user_id,
        journey__is_open=True,
    )
    for row in _with_records(_seen(rows, whose).order_by("contact_due_at", "id")):
        yield _of_packet(WorkKind.FIRST_CONTACT, row, row.contact_due_at, whose)


def _meetings(whose: _Whose) -> Iterable[_Found]:
    met = Activity.objects.filter(
        journey_id=OuterRef("journey_id"),
        kind=ActivityKind.MEETING,
        happened_at__gte=OuterRef("offered_at"),
    )
    rows = Handoff.objects.filter(
        ~Exists(met),
        receiver_id=whose.user_id,
        state=PacketState.ACCEPTED,
        meeting_due_at__lt=whose.now + SOON,
        journey__owner_id=whose.user_id,
        journey__is_open=True,
    )
    for row in _with_records(_seen(rows, whose).order_by("-meeting_due_at", "id")):
        if row.journey.department == row.taker_department:
            yield _of_packet(WorkKind.FIRST_MEETING, row, row.meeting_due_at, whose)


def _next_actions(whose: _Whose) -> Iterable[_Found]:
    rows = Journey.objects.filter(
        owner_id=whose.user_id, is_open=True, next_action_date__lte=whose.today
    )
    for row in _journeys(rows.order_by("next_action_date", "id"), whose):
        yield _of_journey(WorkKind.NEXT_ACTION, row, row.next_action_date, whose)


def _stalled(whose: _Whose) -> Iterable[_Found]:
    stuck = Q(pk__in=[])
    for stage in whose.blueprint.stages:
        if stage.stall_days is not None:
            since = whose.now - timedelta(days=stage.stall_days)
            silent = Q(last_activity_at__lt=since) | Q(last_activity_at__isnull=True)
            stuck |= Q(stage=stage.code, entered_at__lt=since) & silent
    rows = Journey.objects.filter(stuck, owner_id=whose.user_id, is_open=True)
    for row in _journeys(rows.order_by("entered_at", "id"), whose):
        days = _stall_days(row, whose.blueprint)
        since = max(row.entered_at, row.last_activity_at or row.entered_at)
        due = (since + timedelta(days=days)).astimezone(BUSINESS_ZONE).date()
        yield _of_journey(WorkKind.STALLED, row, due, whose)


def _revisits(whose: _Whose) -> Iterable[_Found]:
    rows = Journey.objects.filter(
        owner_id=whose.user_id, is_open=False, revisit_date__lte=whose.today
    )
    for row in _journeys(rows.order_by("revisit_date", "id"), whose):
        yield _of_journey(WorkKind.REVISIT, row, row.revisit_date, whose)


def _of_packet(kind: WorkKind, row: Handoff, due_at: datetime | None, whose: _Whose) -> _Found:
    late = (whose.now - due_at) / timedelta(days=1) if due_at else None
    work = _work(f"{kind}-{row.pk}", kind, row.journey, late, whose)
    return _Found(work, row.journey, row, due_at, None)


def _of_journey(kind: WorkKind, row: Journey, due_date: date | None, whose: _Whose) -> _Found:
    evening = datetime.combine(due_date or whose.today, time(18), tzinfo=BUSINESS_ZONE)
    late = (whose.now - evening) / timedelta(days=1)
    work = _work(f"{kind}-j{row.pk}", kind, row, late, whose)
    return _Found(work, row, None, None, due_date)


def _work(
    key: str, kind: WorkKind, journey: Journey, days_late: float | None, whose: _Whose
) -> Work:
    place = (
        whose.blueprint.place(journey.stage) if whose.blueprint.has_place(journey.stage) else None
    )
    return Work(
        key=key,
        kind=kind,
        journey_id=journey.pk,
        value_yen=journey.amount_reporting_minor,
        probability_ratio=place.probability_ratio if isinstance(place, Stage) else _SIDE_RATIO,
        days_late=days_late,
    )


_SIDE_RATIO: Final = 0.01
"""What a journey beside the way still promises: as much as a lead."""


def _to_do(ranked: Ranked, found: _Found) -> ToDo:
    return ToDo(
        ranked=ranked,
        journey=found.journey,
        handoff=found.handoff,
        due_at=found.due_at,
        due_date=found.due_date,
    )


def _seen(rows: QuerySet[Handoff], whose: _Whose) -> QuerySet[Handoff]:
    if whose.viewer.user_id == whose.user_id:
        return rows
    return rows.filter(journey__in=visible_journeys(access=whose.viewer))


def _with_records(rows: QuerySet[Handoff]) -> QuerySet[Handoff]:
    return rows.select_related("journey__account", "journey__person", "giver")[:LIMIT]


def _journeys(rows: QuerySet[Journey], whose: _Whose) -> QuerySet[Journey]:
    if whose.viewer.user_id != whose.user_id:
        rows = rows.filter(pk__in=visible_journeys(access=whose.viewer).values("pk"))
    return rows.select_related("account", "person")[:LIMIT]


def _given_from(row: Handoff, blueprint: Blueprint) -> tuple[str, ...]:
    has = blueprint.has_contract(row.contract)
    return blueprint.contract(row.contract).from_stages if has else ()


def _stall_days(row: Journey, blueprint: Blueprint) -> int:
    return blueprint.stage(row.stage).stall_days or 0


def _usual_value(blueprint: Blueprint) -> int:
    stage = blueprint.winning_stage()
    if stage is None:
        return USUAL_VALUE_YEN
    amounts = (
        Stay.objects.filter(stage=stage.code, journey__amount_reporting_minor__gt=0)
        .order_by("-entered_at")
        .values_list("journey__amount_reporting_minor", flat=True)
    )
    known = [amount for amount in amounts[:WON_SAMPLE] if amount is not None]
    return int(median(known)) if known else USUAL_VALUE_YEN


def _counted(rows: QuerySet[Journey] | QuerySet[Handoff], name: str) -> Mapping[int, int]:
    return dict(rows.values_list(name).annotate(number=Count("pk")).order_by())
