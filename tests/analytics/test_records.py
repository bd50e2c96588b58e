"""Every figure is the number of the records behind it."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tasuki.analytics.course import (
    ADVANCED,
    LOST,
    RETURNED,
    Course,
    CourseQuery,
    Filters,
    GroupBy,
    Selection,
    course,
    course_by,
    read_selection,
    stays_behind,
)
from tasuki.analytics.course import records as behind
from tasuki.core.blueprint import Blueprint
from tasuki.core.lifecycle import Exit
from tasuki.core.periods import Period
from tasuki.people.models import User
from tests.analytics.company import Company, Step, at, employ, found_company, the_model

pytestmark = pytest.mark.django_db

NOW = at("2026-06-01")
APRIL = Period(date(2026, 4, 1), date(2026, 5, 1))
FORWARD = ["LEAD", "MQL", "SAL", "SQL", "SAO", "WON"]
AWAY = {
    Exit.RECYCLED: "RECYCLE",
    Exit.DISQUALIFIED: "DISQ",
    Exit.LOST: "LOST",
}


def _walk(chance: random.Random, owners: list[User]) -> Iterator[Step]:
    """Yield a journey that goes on, back, aside and comes again, until it rests."""
    moment, stage, cycle = date(2026, 3, 1) + timedelta(days=chance.randrange(60)), "LEAD", 1
    while True:
        owner = chance.choice([None, *owners])
        left = moment + timedelta(days=chance.randrange(12))
        if left >= date(2026, 5, 31) or stage == "WON" or chance.random() < 0.1:
            yield Step(stage, f"{moment}", owner=owner, cycle=cycle)
            return
        way, target = _way(chance, stage)
        reason = chance.choice(["", "timing", "other"]) if way not in ADVANCED else ""
        yield Step(stage, f"{moment}", f"{left}", way, target, reason, owner, None, cycle)
        cycle += way in (Exit.REACTIVATED, Exit.WON_BACK)
        moment, stage = left, target


def _way(chance: random.Random, stage: str) -> tuple[Exit, str]:
    if stage not in FORWARD:
        return (Exit.WON_BACK if stage == "LOST" else Exit.REACTIVATED), "MQL"
    place = FORWARD.index(stage)
    roll = chance.random()
    if roll < 0.6:
        return Exit.ADVANCED, FORWARD[place + 1]
    if roll < 0.75 and place:
        return Exit.RETURNED, FORWARD[place - 1]
    way = chance.choice(list(AWAY))
    return way, AWAY[way]


@pytest.fixture
def company() -> Company:
    company = found_company()
    chance = random.Random(20260401)  # noqa: S311 data for a test
    owners = [employ(f"owner{number}@example.jp") for number in range(3)]
    for _ in range(80):
        company.journey(
            list(_walk(chance, owners)),
            channel=chance.choice(["", "seo", "ads"]),
            segment=chance.choice(["", "smb"]),
        )
    return company


def _count(selection: Selection, filters: Filters) -> int:
    again = read_selection(selection.parameters)
    assert again == selection
    return stays_behind(selection=again, filters=filters).count()


def _assert_reconciles(found: Course) -> None:
    period, filters = found.query.period, found.query.filters
    for stage in found.stages:
        code = stage.code
        figures = {
            behind.entered_in(code, period): stage.entered,
            behind.began_in(code, period): stage.began,
            behind.left_in(code, period, ADVANCED): stage.advanced,
            behind.left_in(code, period, RETURNED): stage.returned,
            behind.left_in(code, period, LOST): stage.lost,
            behind.left_in(code, period): stage.outflow,
            behind.open_at_end(code, period): stage.open,
            replace(behind.entered_in(code, period), exits=ADVANCED): stage.cohort.advanced,
            replace(behind.entered_in(code, period), is_open=True): stage.cohort.undecided,
        }
        if period:
            figures[behind.open_at_start(code, period)] = stage.balance_start
        assert {key: _count(key, filters) for key in figures} == figures
        gone = stage.advanced + stage.returned + stage.lost
        assert stage.balance_start + stage.entered == gone + stage.open
        known = stage.cohort.advanced + stage.cohort.returned + stage.cohort.lost
        assert stage.cohort.entered == stage.entered == known + stage.cohort.undecided


@pytest.mark.parametrize("period", [None, APRIL])
@pytest.mark.parametrize("filters", [Filters(), Filters(channels=("seo",), segments=("smb",))])
def test_every_figure_of_a_stage(company: Company, period: Period | None, filters: Filters) -> None:
    _assert_reconciles(course(query=CourseQuery(now=NOW, period=period, filters=filters)))


def test_every_edge_and_drop_off(company: Company) -> None:
    found = course(query=CourseQuery(now=NOW, period=APRIL))

    assert found.edges
    assert found.drop_offs
    for edge in found.edges:
        selection = replace(
            behind.left_in(edge.source, APRIL, (edge.exit,)), target=edge.target or None
        )
        assert _count(selection, Filters()) == edge.count
    for drop_off in found.drop_offs:
        selection = replace(
            behind.left_in(drop_off.stage, APRIL, (drop_off.exit,)), reason=drop_off.reason
        )
        assert _count(selection, Filters()) == drop_off.count


@pytest.mark.parametrize("period", [None, APRIL])
@pytest.mark.parametrize("by", [GroupBy.CHANNEL, GroupBy.SEGMENT, GroupBy.OWNER])
def test_every_figure_of_a_group(company: Company, by: GroupBy, period: Period | None) -> None:
    groups = course_by(query=CourseQuery(now=NOW, period=period), by=by)

    assert len(groups) > 1
    for group in groups:
        filters = _only(by, group.key)
        arrived = behind.arrived_in(period)
        assert _count(arrived, filters) == group.journeys
        assert _count(behind.won_of(arrived), filters) == group.won
        for stage in group.stages:
            assert _count(behind.entered_in(stage.code, period), filters) == stage.entered
            assert _count(behind.open_at_end(stage.code, period), filters) == stage.open


def _only(by: GroupBy, key: str) -> Filters:
    match by:
        case GroupBy.CHANNEL:
            return Filters(channels=(key,))
        case GroupBy.SEGMENT:
            return Filters(segments=(key,))
        case _:
            return Filters(owners=(int(key or 0),))


def test_channels_add_up_to_the_whole(company: Company) -> None:
    query = CourseQuery(now=NOW, period=APRIL)
    whole = course(query=query)

    groups = course_by(query=query, by=GroupBy.CHANNEL)

    for place, stage in enumerate(whole.stages):
        parts = [group.stages[place] for group in groups]
        assert sum(part.entered for part in parts) == stage.entered
        assert sum(part.open for part in parts) == stage.open
        assert sum(part.outflow for part in parts) == stage.outflow


def test_parameters_that_mean_nothing_are_left_out() -> None:
    read = read_selection(
        {
            "entered_from": "yesterday",
            "left_from": "2026-05-01",
            "left_to": "2026-04-01",
            "open_on": "9999-12-31",
            "exit": "advanced,vanished",
            "first": "?",
        }
    )

    assert read == Selection(open_on=behind.LATEST, exits=(Exit.ADVANCED,))


@pytest.mark.parametrize(
    ("parameters", "period"),
    [
        ({"entered_from": "2026-04-01"}, Period(date(2026, 4, 1), date(9000, 1, 2))),
        ({"entered_to": "2026-04-30"}, Period(date(1900, 1, 1), date(2026, 5, 1))),
    ],
)
def test_half_a_period_is_open_on_the_other_side(
    parameters: dict[str, str], period: Period
) -> None:
    assert read_selection(parameters).entered == period


def test_nothing_is_won_where_nothing_can_be(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    won = behind.won_of(Selection())
    assert stays_behind(selection=won, filters=Filters()).exists()
    monkeypatch.setattr(Blueprint, "winning_stage", lambda _self: None)

    assert not stays_behind(selection=won, filters=Filters()).exists()


def test_the_walk_visits_known_places_only() -> None:
    assert all(the_model().has_place(code) for code in (*FORWARD, *AWAY.values()))
