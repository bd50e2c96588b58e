"""The list of journeys: a filter, a sort and a page, in a fixed number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from tasuki.core.access import Access, Capability
from tasuki.core.blueprint import Blueprint, StageKind
from tasuki.core.departments import Department
from tasuki.core.money import Money
from tasuki.core.periods import Period, utc_bounds
from tasuki.journeys.models import Journey, Stay
from tasuki.journeys.queries.filters import ME, NOBODY, JourneyFilter
from tasuki.journeys.queries.paging import (
    CAP,
    Count,
    Cursor,
    Order,
    Search,
    Slice,
    SortColumn,
    ValueKind,
    count_of,
    slice_of,
)
from tasuki.journeys.queries.search import search_words
from tasuki.journeys.queries.visibility import visible_journeys

_DAY: Final = timedelta(days=1)
NO_REASON: Final = "-"
JOINED_CAP: Final = 1_000
"""How far rows are counted when other tables decide about each."""

JOURNEY_SORTS: Final[Mapping[str, SortColumn]] = {
    "entered_at": SortColumn("entered_at", ValueKind.MOMENT, descending_first=True),
    "opened_at": SortColumn("opened_at", ValueKind.MOMENT, descending_first=True),
    "next_action_date": SortColumn("next_action_date", ValueKind.DAY, nullable=True),
    "amount": SortColumn(
        "amount_reporting_minor", ValueKind.NUMBER, nullable=True, descending_first=True
    ),
    "last_activity_at": SortColumn(
        "last_activity_at", ValueKind.MOMENT, nullable=True, descending_first=True
    ),
    "name": SortColumn("sort_key", ValueKind.TEXT),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who looks, when, and by which process."""

    access: Access
    now: datetime
    zone: ZoneInfo
    blueprint: Blueprint

    @property
    def today(self) -> date:
        """The calendar day in the business time zone."""
        return self.now.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyRow:
    """What a list shows of a journey."""

    id: int
    revision: int
    account_id: int
    account_name: str
    segment: str
    person_id: int | None
    family_name: str
    given_name: str
    sees_personal_data: bool
    is_workable: bool
    title: str
    kind: str
    stage: str
    department: Department
    is_open: bool
    is_completed: bool
    cycle: int
    entered_at: datetime
    opened_at: datetime
    owner_id: int | None
    owner_family_name: str
    owner_given_name: str
    team_id: int | None
    next_action: str
    next_action_date: date | None
    amount: Money | None
    expected_close_date: date | None
    temperature: str
    fit: str
    motion: str
    channel_ja: str
    channel_en: str
    last_activity_at: datetime | None

    @property
    def owner_name(self) -> str:
        """The name of who carries it, family name first; empty for nobody."""
        return f"{self.owner_family_name} {self.owner_given_name}".strip()


def filtered_journeys(*, chosen: JourneyFilter, viewer: Viewer) -> QuerySet[Journey]:
    """This will return the journeys in sight that the filter keeps, its text search apart."""
    rows = visible_journeys(access=viewer.access).filter(_of_journey(chosen, viewer))
    if chosen.won:
        winning = viewer.blueprint.winning_stage()
        code = winning.code if winning else ""
        rows = rows.filter(Exists(_stays().filter(stage=code)))
    if not chosen.is_about_stays:
        return rows.filter(_of_present(chosen, viewer))
    if "held" in chosen.first:
        winning = viewer.blueprint.winning_stage()
        rows = rows.filter(kind=winning.line.value if winning else "")
    return rows.filter(pk__in=_behind(chosen, viewer).values("journey_id"))


def search_of(*, chosen: JourneyFilter, viewer: Viewer) -> Search:
    """This will return the text search of a filter, as far as the viewer may look."""
    reach = viewer.access.reach(Capability.SEE_PERSONAL_DATA)
    return Search(search_words(chosen.q), with_personal_data=reach.everything)


def journey_slice(
    *, chosen: JourneyFilter, viewer: Viewer, order: Order, cursor: Cursor | None, size: int
) -> Slice:
    """This will return the keys of one page of the list."""
    return slice_of(
        rows=filtered_journeys(chosen=chosen, viewer=viewer),
        order=order,
        cursor=cursor,
        size=size,
        search=search_of(chosen=chosen, viewer=viewer),
    )


def journey_count(
    *, chosen: JourneyFilter, viewer: Viewer, exact: bool = False, page: Slice | None = None
) -> Count:
    """This will return how many journeys the filter keeps; `page`: one that was read of them."""
    return count_of(
        rows=filtered_journeys(chosen=chosen, viewer=viewer),
        search=search_of(chosen=chosen, viewer=viewer),
        cap=JOINED_CAP if chosen.is_about_stays or chosen.channel or chosen.segment else CAP,
        exact=exact,
        page=page,
    )


def matching_journeys(*, chosen: JourneyFilter, viewer: Viewer) -> QuerySet[Journey]:
    """This will return every journey that the filter keeps, its text search included."""
    rows = filtered_journeys(chosen=chosen, viewer=viewer)
    search = search_of(chosen=chosen, viewer=viewer)
    return rows.filter(search.text) if search.words else rows


def journey_rows(*, ids: Sequence[int], access: Access) -> tuple[JourneyRow, ...]:
    """This will return the journeys as rows of a list, in the order of `ids`: one query."""
    found = {row["id"]: _row(row, access) for row in _values(ids)}
    return tuple(found[pk] for pk in ids if pk in found)


_PLAIN: Final = (
    "id",
    "revision",
    "account_id",
    "person_id",
    "title",
    "kind",
    "stage",
    "is_open",
    "cycle",
    "entered_at",
    "opened_at",
    "owner_id",
    "team_id",
    "next_action",
    "next_action_date",
    "expected_close_date",
    "temperature",
    "fit",
    "motion",
    "last_activity_at",
)
_JOINED: Final[Mapping[str, str]] = {
    "account_name": "account__name",
    "segment": "account__segment",
    "family_name": "person__family_name",
    "given_name": "person__given_name",
    "owner_family_name": "owner__family_name",
    "owner_given_name": "owner__given_name",
    "channel_ja": "channel__label_ja",
    "channel_en": "channel__label_en",
}


def _values(ids: Sequence[int]) -> Iterable[Mapping[str, Any]]:
    rows: Iterable[Mapping[str, Any]] = Journey.objects.filter(pk__in=ids).values(
        *_PLAIN, *_JOINED.values(), "department", "closed_at", "amount_minor", "currency"
    )
    return rows


def _row(row: Mapping[str, Any], access: Access) -> JourneyRow:
    department = Department(row["department"])
    amount = row["amount_minor"]
    plain: dict[str, Any] = {name: row[name] for name in _PLAIN}
    joined: dict[str, Any] = {name: row[path] or "" for name, path in _JOINED.items()}
    return JourneyRow(
        **plain,
        **joined,
        department=department,
        is_completed=row["closed_at"] is not None,
        amount=None if amount is None else Money(amount, row["currency"]),
        sees_personal_data=access.may_see(
            owner_ids=[row["owner_id"]] if row["owner_id"] else [],
            team_id=row["team_id"],
            department=department,
            capability=Capability.SEE_PERSONAL_DATA,
        ),
        is_workable=access.may_work_on(
            owner_id=row["owner_id"], team_id=row["team_id"], department=department
        ),
    )


def _of_journey(chosen: JourneyFilter, viewer: Viewer) -> Q:
    """What speaks of the journey itself, whatever is said of its stays."""
    found = _texts("account__segment", chosen.segment)
    found &= _texts("motion", chosen.motion) & _texts("kind", chosen.kind)
    found &= _texts("temperature", chosen.temperature)
    found &= _numbers("campaign", chosen.campaign, viewer)
    found &= _numbers("account", chosen.account, viewer)
    found &= _channels(chosen.channel)
    if chosen.amount_from is not None:
        found &= Q(amount_reporting_minor__gte=chosen.amount_from)
    if chosen.amount_to is not None:
        found &= Q(amount_reporting_minor__lte=chosen.amount_to)
    if chosen.next_action:
        found &= _any(_next_action(word, viewer.today) for word in chosen.next_action)
    return found & _stalled(viewer) if chosen.stalled else found


def _of_present(chosen: JourneyFilter, viewer: Viewer) -> Q:
    """Where the journey is now and who carries it."""
    found = _texts("stage", chosen.stage) & _texts("department", chosen.department)
    found &= _numbers("owner", chosen.owner, viewer) & _numbers("team", chosen.team, viewer)
    if chosen.state:
        found &= _any(_state(word, with_stage=bool(chosen.stage)) for word in chosen.state)
    return found


def _state(word: str, *, with_stage: bool) -> Q:
    if word == "closed":
        return Q(closed_at__isnull=False)
    if word == "side":
        return Q(is_open=False, closed_at__isnull=True)
    # In a stage that is named, also beside the way, open is: resting there now.
    return Q(closed_at__isnull=True) if with_stage else Q(is_open=True)


def _behind(chosen: JourneyFilter, viewer: Viewer) -> QuerySet[Stay]:
    """The stays that the filter speaks about."""
    held = _numbers("owner", chosen.owner, viewer) & _numbers("team", chosen.team, viewer)
    found = held & _texts("stage", chosen.stage) & _texts("department", chosen.department)
    found &= _texts("exit", chosen.exit) & _texts("to_stage", chosen.to)
    found &= _texts("reason", tuple("" if each == NO_REASON else each for each in chosen.reason))
    found &= _days("entered_at", chosen.entered_from, chosen.entered_to, viewer.zone)
    found &= _days("left_at", chosen.left_from, chosen.left_to, viewer.zone)
    if "open" in chosen.state:
        found &= Q(left_at__isnull=True)
    if chosen.open_on:
        _, end = utc_bounds(Period(chosen.open_on, chosen.open_on + _DAY), zone=viewer.zone)
        found &= Q(entered_at__lt=end) & (Q(left_at__isnull=True) | Q(left_at__gte=end))
    if "journey" in chosen.first:
        found &= Q(number=1)
    stays = Stay.objects.filter(found)
    if "held" in chosen.first:
        earlier = Stay.objects.filter(
            held, journey_id=OuterRef("journey_id"), number__lt=OuterRef("number")
        )
        stays = stays.filter(~Exists(earlier))
    return stays


def _days(column: str, first: date | None, last: date | None, zone: ZoneInfo) -> Q:
    found = Q()
    if first:
        found &= Q(**{f"{column}__gte": utc_bounds(Period(first, first + _DAY), zone=zone)[0]})
    if last:
        found &= Q(**{f"{column}__lt": utc_bounds(Period(last, last + _DAY), zone=zone)[1]})
    return found


def _next_action(word: str, today: date) -> Q:
    days = {
        "overdue": Q(next_action_date__lt=today, is_open=True),
        "today": Q(next_action_date=today, is_open=True),
        "week": Q(
            next_action_date__range=(today, today + timedelta(days=6 - today.weekday())),
            is_open=True,
        ),
        "none": Q(next_action_date__isnull=True),
    }
    return days[word]


def _stalled(viewer: Viewer) -> Q:
    """Open longer in the stage than its own limit."""
    late = [
        Q(stage=place.code, entered_at__lt=viewer.now - timedelta(days=place.stall_days))
        for place in viewer.blueprint.stages
        if place.kind is StageKind.MAIN and place.stall_days is not None
    ]
    return _any(late) & Q(is_open=True)


def _channels(codes: tuple[str, ...]) -> Q:
    if not codes:
        return Q()
    known = Q(channel__code__in=codes)
    return known | Q(channel__isnull=True) if NOBODY in codes else known


def _texts(column: str, values: tuple[str, ...]) -> Q:
    if len(values) == 1:
        return Q(**{column: "" if values[0] == NOBODY else values[0]})
    texts = ["" if value == NOBODY else value for value in values]
    return Q(**{f"{column}__in": texts}) if values else Q()


def _numbers(column: str, values: tuple[str, ...], viewer: Viewer) -> Q:
    if not values:
        return Q()
    keys = [viewer.access.user_id if each == ME else int(each) for each in values if each != NOBODY]
    found = Q(**{f"{column}_id": keys[0]}) if len(keys) == 1 else Q(**{f"{column}_id__in": keys})
    return found | Q(**{f"{column}__isnull": True}) if NOBODY in values else found


def _any(conditions: Iterable[Q]) -> Q:
    found = Q(pk__in=[])
    for condition in conditions:
        found |= condition
    return found


def _stays() -> QuerySet[Stay]:
    return Stay.objects.filter(journey_id=OuterRef("pk"))
