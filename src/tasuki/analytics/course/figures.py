"""The course and its groups, from a fixed small number of set-based queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tasuki.analytics.course import tallies
from tasuki.analytics.course.population import Bounds, bounds, population
from tasuki.analytics.course.reasons import reason_label
from tasuki.analytics.course.tallies import Key, Stays
from tasuki.analytics.course.values import (
    WITHOUT,
    Blueprinted,
    Cohort,
    Course,
    CourseQuery,
    DropOff,
    Dwell,
    Edge,
    StageFigures,
)
from tasuki.core.blueprint import Blueprint, JourneyKind, Place, Stage, StageKind
from tasuki.core.lifecycle import Exit
from tasuki.journeys.queries.blueprints import Published, current_blueprint
from tasuki.journeys.queries.rates import reporting_settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What every figure of a query is computed against."""

    query: CourseQuery
    published: Published
    between: Bounds
    currency: str

    @property
    def blueprint(self) -> Blueprint:
        """The process whose stages the figures are told by."""
        return self.published.blueprint


def course(*, query: CourseQuery) -> Course:
    """This will return the figures of every stage, edge and drop-off in the period.

    Grain: one row a stage of the current blueprint, counted in stays; days in the reporting time
    zone; durations in days; amounts in minor units of the reporting currency, at the rate under
    which each deal was written. Runs eight queries (seven for all time), whatever the data.

    Raises:
        NoBlueprintPublished: nothing went live yet.
    """
    frame = frame_of(query)
    stays = Stays(population(query.filters))
    moved = tallies.moves(stays, frame.between)
    return Course(
        query=query,
        blueprint=_blueprinted(frame),
        currency=frame.currency,
        stages=stage_figures(frame=frame, stays=stays, exits=_exits(moved))[WITHOUT],
        edges=tuple(
            Edge(source=source, target=target, exit=exit_, dwell=dwell)
            for _, source, exit_, target, dwell in sorted(moved, key=lambda row: row[1:4])
        ),
        drop_offs=tuple(
            DropOff(
                stage=stage,
                exit=exit_,
                reason=reason,
                label=reason_label(blueprint=frame.blueprint, stage=stage, exit=exit_, code=reason),
                count=count,
            )
            for stage, exit_, reason, count in tallies.reasons(stays, frame.between)
        ),
    )


def _blueprinted(frame: Frame) -> Blueprinted:
    winning = frame.blueprint.winning_stage()
    return Blueprinted(
        key=frame.blueprint.key,
        version=frame.published.version,
        label=frame.blueprint.label,
        winning_stage=winning.code if winning else "",
    )


def frame_of(query: CourseQuery) -> Frame:
    """Return what the figures of the query are computed against: two queries.

    Raises: NoBlueprintPublished.
    """
    settings = reporting_settings()
    return Frame(
        query=query,
        published=current_blueprint(),
        between=bounds(query.period, zone=ZoneInfo(settings.time_zone)),
        currency=settings.reporting_currency,
    )


def stage_figures(
    *, frame: Frame, stays: Stays, exits: Mapping[Key, Mapping[Exit, int]]
) -> dict[str, tuple[StageFigures, ...]]:
    """Return the figures of every stage for every group; the ungrouped one always exists."""
    start, end = frame.between
    counts = _Counts(
        now=frame.query.now,
        blueprint=frame.blueprint,
        exits=exits,
        entries=tallies.entries(stays, frame.between),
        dwells=tallies.dwells(stays, frame.between),
        before=tallies.headcounts(stays, start),
        after=tallies.balances(stays, end, frame.query.now),
    )
    return {
        group: tuple(counts.figures(group, place) for place in frame.blueprint.places)
        for group in counts.groups
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counts:
    now: datetime
    blueprint: Blueprint
    exits: Mapping[Key, Mapping[Exit, int]]
    entries: Mapping[Key, Mapping[str, Any]]
    dwells: Mapping[Key, Dwell]
    before: Mapping[Key, int]
    after: Mapping[Key, dict[str, Any]]

    @property
    def groups(self) -> set[str]:
        keys = {*self.exits, *self.entries, *self.before, *self.after}
        return {WITHOUT, *(group for group, _ in keys)}

    def figures(self, group: str, place: Place) -> StageFigures:
        key = (group, place.code)
        entry, rest = self.entries.get(key), self.after.get(key)
        dwell = self.dwells.get(key, Dwell())
        return StageFigures(
            code=place.code,
            label=place.label,
            department=place.department,
            is_side=place.kind is StageKind.SIDE,
            line=place.line if isinstance(place, Stage) else JourneyKind.NEW,
            goes_on=_goes_on(place, self.blueprint),
            entered=entry["entered"] if entry else 0,
            began=entry["began"] if entry else 0,
            exits=dict(self.exits.get(key, {})),
            balance_start=self.before.get(key, 0),
            open=rest["count"] if rest else 0,
            priced=rest["priced"] if rest else 0,
            pipeline_minor=int(rest["pipeline_minor"]) if rest else 0,
            dwell=dwell,
            open_age=tallies.dwell_of(rest),
            cohort=self._cohort(entry, dwell),
        )

    def _cohort(self, entry: Mapping[str, Any] | None, dwell: Dwell) -> Cohort:
        if entry is None:
            return Cohort()
        return Cohort(
            entered=entry["entered"],
            advanced=entry["advanced"],
            returned=entry["returned"],
            lost=entry["lost"],
            undecided=entry["undecided"],
            is_young=self._has_time_left(entry["youngest"], dwell),
        )

    def _has_time_left(self, youngest: datetime | None, dwell: Dwell) -> bool:
        if youngest is None:
            return False
        return dwell.p90_days is None or self.now - youngest < timedelta(days=dwell.p90_days)


def _goes_on(place: Place, blueprint: Blueprint) -> bool:
    if not isinstance(place, Stage) or place.line is not JourneyKind.NEW:
        return True
    return blueprint.next_stage(place.code) is not None


def _exits(
    moved: list[tuple[str, str, Exit, str, Dwell]],
) -> dict[Key, dict[Exit, int]]:
    found: dict[Key, dict[Exit, int]] = {}
    for group, stage, exit_, _, dwell in moved:
        ways = found.setdefault((group, stage), {})
        ways[exit_] = ways.get(exit_, 0) + dwell.count
    return found
