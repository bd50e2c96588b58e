"""The drawing of the course: what stands where, computed from counts alone."""

from dataclasses import replace
from itertools import pairwise

import pytest

from tasuki.analytics.course import Course, CourseQuery, Dwell, Edge, StageFigures
from tasuki.analytics.course.values import Blueprinted
from tasuki.core.blueprint import JourneyKind, Stage
from tasuki.core.labels import Label
from tasuki.core.lifecycle import Exit
from tasuki.dashboards.picture import Picture, draw, paths
from tasuki.dashboards.picture.measures import HEIGHT, WIDTH, broken
from tasuki.dashboards.picture.shapes import ArcKind
from tests.analytics.company import at, the_model


def _stages(**changes: dict[str, object]) -> tuple[StageFigures, ...]:
    return tuple(
        replace(
            StageFigures(
                code=place.code,
                label=place.label,
                department=place.department,
                is_side=place not in the_model().stages,
                line=place.line if isinstance(place, Stage) else JourneyKind.NEW,
            ),
            **changes.get(place.code, {}),  # type: ignore[arg-type]
        )
        for place in the_model().places
    )


def _course(stages: tuple[StageFigures, ...], *edges: Edge) -> Course:
    return Course(
        query=CourseQuery(now=at("2026-06-01")),
        blueprint=Blueprinted(
            key="the_model", version=1, label=Label("モデル", "Model"), winning_stage="WON"
        ),
        currency="JPY",
        stages=stages,
        edges=edges,
        drop_offs=(),
    )


def _edge(source: str, target: str, way: Exit, count: int) -> Edge:
    return Edge(source=source, target=target, exit=way, dwell=Dwell(count, 1.0, 2.0))


def _drawn(*edges: Edge, **changes: dict[str, object]) -> Picture:
    return draw(course=_course(_stages(**changes), *edges), language="ja")


def test_an_empty_course_is_drawn_all_the_same() -> None:
    picture = _drawn()

    assert len(picture.bands) == 4
    assert len(picture.nodes) == 14
    assert len(picture.pools) == 4
    assert not picture.arcs
    assert not picture.marks


def test_everything_stands_inside_the_picture_from_left_to_right() -> None:
    picture = _drawn(LEAD={"open": 4}, MQL={"open": 9000})

    middles = [node.x for node in picture.nodes if not node.is_branch]
    assert middles == sorted(middles)
    for node in picture.nodes:
        assert 0 < node.left < node.left + node.width < WIDTH
        assert 0 < node.top < node.bottom < HEIGHT
    ends = [(band.x, band.x + band.width) for band in picture.bands]
    assert all(left[1] < right[0] for left, right in pairwise(ends))


def test_bars_grow_with_the_root_of_the_balance() -> None:
    nodes = {node.stage.code: node for node in _drawn(LEAD={"open": 25}, MQL={"open": 100}).nodes}

    assert nodes["LEAD"].height == pytest.approx(nodes["MQL"].height / 2)
    assert nodes["SAL"].height > 0


def test_each_way_out_has_its_own_kind_of_line() -> None:
    picture = _drawn(
        _edge("LEAD", "MQL", Exit.ADVANCED, 50),
        _edge("MQL", "WON", Exit.ADVANCED, 5),
        _edge("SAL", "MQL", Exit.RETURNED, 4),
        _edge("MQL", "RECYCLE", Exit.RECYCLED, 3),
        _edge("RECYCLE", "MQL", Exit.REACTIVATED, 2),
        _edge("RENEW", "", Exit.COMPLETED, 1),
        _edge("GONE", "MQL", Exit.ADVANCED, 1),
        LEAD={"began": 50},
        SAL={"began": 2},
        RENEW={"began": 3},
        ADOPT={"open": 3},
    )

    kinds = [(arc.kind, arc.source, arc.target, arc.count) for arc in picture.arcs]
    assert kinds == [
        (ArcKind.BEGIN, "", "LEAD", 50),
        (ArcKind.FEED, "", "SAL", 2),
        (ArcKind.CHILD, "ADOPT", "RENEW", 3),
        (ArcKind.SKIP, "MQL", "WON", 5),
        (ArcKind.RETURN, "SAL", "MQL", 4),
        (ArcKind.DRAIN, "MQL", "RECYCLE", 3),
        (ArcKind.REVIVAL, "RECYCLE", "MQL", 2),
    ]
    [straight] = [flow for flow in picture.flows if flow.count]
    assert (straight.source.code, straight.target.code, straight.count) == ("LEAD", "MQL", 50)
    assert not straight.crosses
    assert [flow.source.code for flow in picture.flows if flow.crosses] == ["MQL", "SQL", "WON"]
    assert [sample.count for sample in picture.samples] == [1, 5]


def test_the_slowest_and_the_leakiest_stage_are_marked() -> None:
    slow = {"exits": {Exit.ADVANCED: 9}, "dwell": Dwell(9, 40.0, 60.0)}
    leaky = {"exits": {Exit.ADVANCED: 5, Exit.LOST: 5}, "dwell": Dwell(10, 4.0, 6.0)}

    marks = _drawn(O3=slow, SAO=leaky).marks

    assert [(mark.stage.code, mark.is_slowest, mark.is_leakiest) for mark in marks] == [
        ("SAO", False, True),
        ("O3", True, False),
    ]


def test_a_process_of_renewals_alone_has_no_straight_way() -> None:
    stages = tuple(
        replace(stage, began=1) for stage in _stages() if stage.line is not JourneyKind.NEW
    )

    picture = draw(course=_course(stages), language="en")

    assert not picture.flows
    assert not picture.arcs
    assert not picture.bands


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("MQL", ("MQL",)),
        ("有効商談", ("有効商談",)),
        ("決裁プロセス確認", ("決裁プロ", "セス確認")),
        ("稟議・条件の最終合意", ("稟議・", "条件の最終…")),
        ("Decision process", ("Decision", "process")),
        ("Extraordinarily long word", ("Extraordinarily", "long word")),
    ],
)
def test_names_break_into_two_lines(text: str, lines: tuple[str, ...]) -> None:
    assert broken(text) == lines


def test_paths_are_written_with_one_decimal() -> None:
    assert paths.fall((1.04, 0), (3.0, 10.25)) == "M1 0C1 5.1 3 5.1 3 10.2"
    assert paths.hop((0, 10), (4, 10), 2) == "M0 10C0 2 4 2 4 10"
    assert paths.hop_top(10, 10, 2) == 4.0
    assert paths.turn((0, 0), (4, 6)) == "M0 0Q0 6 4 6"
    assert paths.ribbon((0, 0), (2, 0), 4) == "M0 -2C1 -2 1 -2 2 -2V2C1 2 1 2 0 2Z"
