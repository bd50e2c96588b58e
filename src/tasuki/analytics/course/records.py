"""The stays behind a figure: what a person sees on opening it.

A `Selection` travels in a URL. Every figure of the course has one, and counts exactly the stays
that it selects.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from tasuki.analytics.course.groups import arrivals, has_won
from tasuki.analytics.course.population import bounds, population, resting_at, within
from tasuki.analytics.course.values import Filters
from tasuki.core.lifecycle import Exit
from tasuki.core.periods import Period
from tasuki.journeys.models import Stay
from tasuki.journeys.queries.blueprints import current_blueprint
from tasuki.journeys.queries.rates import reporting_settings

NO_REASON: Final = "-"
"""What stands in a URL for "no reason was given"."""
EARLIEST: Final = date(1900, 1, 1)
LATEST: Final = date(9000, 1, 1)

_DAY: Final = timedelta(days=1)
_EXIT_CODES: Final = frozenset(way.value for way in Exit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Some stays, by where, when they began and ended, and how. Days include the last one.

    `open_on`: resting there at the end of that day. `is_open`: resting there now.
    `arrived`: only the stay with which a journey came (see `arrivals`), on the winning line.
    `won`: only of journeys that have entered the winning stage.
    """

    stage: str = ""
    entered: Period | None = None
    left: Period | None = None
    open_on: date | None = None
    is_open: bool = False
    exits: tuple[Exit, ...] = ()
    target: str | None = None
    reason: str | None = None
    began: bool = False
    arrived: bool = False
    won: bool = False

    @property
    def parameters(self) -> dict[str, str]:
        """The URL parameters that select the same stays."""
        texts = {
            "stage": self.stage,
            "entered_from": _first(self.entered),
            "entered_to": _last(self.entered),
            "left_from": _first(self.left),
            "left_to": _last(self.left),
            "open_on": self.open_on.isoformat() if self.open_on else "",
            "state": "open" if self.is_open else "",
            "exit": ",".join(self.exits),
            "to": self.target or "",
            "reason": NO_REASON if self.reason == "" else self.reason or "",
            "first": "journey" if self.began else "held" if self.arrived else "",
            "won": "1" if self.won else "",
        }
        return {name: text for name, text in texts.items() if text}


def entered_in(stage: str, period: Period | None) -> Selection:
    """Return what `entered` counts."""
    return Selection(stage=stage, entered=period)


def began_in(stage: str, period: Period | None) -> Selection:
    """Return what `began` counts."""
    return Selection(stage=stage, entered=period, began=True)


def left_in(stage: str, period: Period | None, exits: tuple[Exit, ...] = tuple(Exit)) -> Selection:
    """Return what `advanced`, `returned`, `lost` and `outflow` count."""
    return Selection(stage=stage, left=period, exits=exits)


def open_at_end(stage: str, period: Period | None) -> Selection:
    """Return what `open` counts."""
    if period is None:
        return Selection(stage=stage, is_open=True)
    return Selection(stage=stage, open_on=period.last_date)


def open_at_start(stage: str, period: Period) -> Selection:
    """Return what `balance_start` counts; before all time there was nothing."""
    return Selection(stage=stage, open_on=period.start_date - _DAY)


def arrived_in(period: Period | None) -> Selection:
    """Return what `Group.journeys` counts, once the filters name the group."""
    return Selection(entered=period, arrived=True)


def won_of(selection: Selection) -> Selection:
    """Return those of the selection whose journey has won."""
    return replace(selection, won=True)


def read_selection(parameters: Mapping[str, str]) -> Selection:
    """This will return the selection that URL parameters mean; what means nothing is left out."""
    return Selection(
        stage=parameters.get("stage", ""),
        entered=_period(parameters, "entered"),
        left=_period(parameters, "left"),
        open_on=_date(parameters.get("open_on", "")),
        is_open=parameters.get("state") == "open",
        exits=tuple(
            Exit(text) for text in parameters.get("exit", "").split(",") if text in _EXIT_CODES
        ),
        target=parameters.get("to") or None,
        reason="" if parameters.get("reason") == NO_REASON else parameters.get("reason") or None,
        began=parameters.get("first") == "journey",
        arrived=parameters.get("first") == "held",
        won=parameters.get("won") == "1",
    )


def stays_behind(*, selection: Selection, filters: Filters) -> QuerySet[Stay]:
    """This will return the stays that a figure counts: one row for each it counts.

    Days are those of the reporting time zone.

    Raises:
        NoBlueprintPublished: won or arrived is asked for and nothing went live yet.
    """
    zone = ZoneInfo(reporting_settings().time_zone)
    stays = arrivals(filters=filters) if selection.arrived else population(filters)
    stays = stays.filter(_where(selection, zone))
    if not (selection.arrived or selection.won):
        return stays
    winning = current_blueprint().blueprint.winning_stage()
    if winning is None:
        return stays.none()
    if selection.arrived:
        stays = stays.filter(journey__kind=winning.line.value)
    return stays.filter(has_won(winning.code)) if selection.won else stays


def _where(selection: Selection, zone: ZoneInfo) -> Q:
    where = Q(stage=selection.stage) if selection.stage else Q()
    if selection.entered:
        where &= within("entered_at", bounds(selection.entered, zone=zone))
    if selection.left:
        where &= within("left_at", bounds(selection.left, zone=zone))
    if selection.exits:
        where &= Q(exit__in=[way.value for way in selection.exits])
    if selection.open_on:
        _, end = bounds(Period(selection.open_on, selection.open_on + _DAY), zone=zone)
        where &= resting_at(end)
    return where & _named(selection)


def _named(selection: Selection) -> Q:
    where = Q(left_at__isnull=True) if selection.is_open else Q()
    if selection.target is not None:
        where &= Q(to_stage=selection.target)
    if selection.reason is not None:
        where &= Q(reason=selection.reason)
    return where & Q(number=1) if selection.began else where


def _period(parameters: Mapping[str, str], name: str) -> Period | None:
    first = _date(parameters.get(f"{name}_from", ""))
    last = _date(parameters.get(f"{name}_to", ""))
    if first is None and last is None:
        return None
    start, end = first or EARLIEST, (last or LATEST) + _DAY
    return Period(start, end) if start < end else None


def _date(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return min(max(day, EARLIEST), LATEST)


def _first(period: Period | None) -> str:
    return period.start_date.isoformat() if period else ""


def _last(period: Period | None) -> str:
    return period.last_date.isoformat() if period else ""
