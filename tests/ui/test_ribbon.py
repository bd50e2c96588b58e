"""The layout of the ribbon."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasuki.core.departments import Department
from tasuki.core.labels import Label
from tasuki.core.lifecycle.types import Exit
from tasuki.ui.ribbon import COLUMNS, MINIMUM_SPAN, Joint, RibbonSegment, lay_out, spans

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
MARKETING, INSIDE_SALES = Department.MARKETING, Department.INSIDE_SALES


def segment(
    days: int,
    *,
    exit_: Exit | None = Exit.ADVANCED,
    department: Department | None = MARKETING,
    cycle: int = 1,
) -> RibbonSegment:
    return RibbonSegment(
        stage="X",
        label=Label("段階", "Stage"),
        department=department,
        started_at=NOW - timedelta(days=days),
        ended_at=NOW if exit_ else None,
        exit=exit_,
        cycle=cycle,
    )


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ([], []),
        ([5], [60]),
        ([1, 1], [30, 30]),
        ([1, 2, 3], [10, 20, 30]),
        ([1, 1000], [5, 55]),
        ([0, 0, 0], [20, 20, 20]),
        ([0, 0, 9], [5, 5, 50]),
        ([1, 1, 1, 1, 1, 1, 1], [9, 9, 9, 9, 8, 8, 8]),
    ],
)
def test_spans_share_the_columns_by_time(weights: list[float], expected: list[int]) -> None:
    assert spans(weights) == expected


def test_the_minimum_gives_way_when_there_are_too_many() -> None:
    assert spans([1] * 30) == [2] * 30
    assert spans([0] * 70) == [1] * 70


@given(st.lists(st.floats(min_value=0, max_value=1e9), min_size=1, max_size=COLUMNS))
def test_spans_fill_the_band_and_keep_the_minimum(weights: list[float]) -> None:
    widths = spans(weights)

    assert sum(widths) == COLUMNS
    assert min(widths) >= min(MINIMUM_SPAN, COLUMNS // len(weights))


def test_pieces_stand_side_by_side_with_the_current_one_last() -> None:
    (row,) = lay_out([segment(10), segment(20, exit_=None)], now=NOW)

    assert [(piece.start, piece.span) for piece in row.pieces] == [(1, 20), (21, 40)]
    assert [piece.is_now for piece in row.pieces] == [False, True]
    assert row.pieces[1].duration == timedelta(days=20)
    assert row.duration == timedelta(days=30)


def test_each_cycle_is_a_row_of_its_own() -> None:
    rows = lay_out([segment(9), segment(3), segment(1, cycle=2)], now=NOW)

    assert [(row.cycle, len(row.pieces)) for row in rows] == [(1, 2), (2, 1)]


def test_a_stay_that_begins_after_now_has_no_length() -> None:
    (row,) = lay_out([segment(-1, exit_=None)], now=NOW)

    assert row.duration == timedelta(0)


def test_only_a_change_of_department_is_a_handing_on() -> None:
    stays = [segment(1), segment(1), segment(1, department=INSIDE_SALES), segment(1)]

    (row,) = lay_out(stays, now=NOW)

    assert [piece.joint for piece in row.pieces] == [None, Joint.HANDED_ON, Joint.HANDED_ON, None]


@pytest.mark.parametrize(
    ("exit_", "joint"),
    [
        (Exit.RETURNED, Joint.RETURNED),
        (Exit.RECYCLED, Joint.RECYCLED),
        (Exit.DISQUALIFIED, Joint.DROPPED),
        (Exit.LOST, Joint.DROPPED),
        (Exit.CHURNED, Joint.DROPPED),
        (Exit.COMPLETED, Joint.COMPLETED),
        (Exit.REACTIVATED, Joint.TAKEN_UP),
        (Exit.WON_BACK, Joint.TAKEN_UP),
        (None, None),
    ],
)
def test_joint_of_each_exit(exit_: Exit | None, joint: Joint | None) -> None:
    (row,) = lay_out([segment(1, exit_=exit_)], now=NOW)

    assert row.pieces[0].joint is joint
