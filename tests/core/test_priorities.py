"""What comes first: stake, fading and urgency, worked out by hand."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasuki.core.priorities import (
    HALF_LIFE_DAYS,
    MOST_URGENT,
    Work,
    WorkKind,
    loss_by_waiting,
    rank,
    urgency,
)


def work(key: str = "a", **stated: Any) -> Work:
    settled = {
        "kind": WorkKind.DECIDE,
        "journey_id": 1,
        "value_yen": 1_000_000,
        "probability_ratio": 0.1,
        "days_late": 0.0,
    }
    return Work(key=key, **{**settled, **stated})


@pytest.mark.parametrize(
    ("days_late", "expected"),
    [(None, 1.0), (-2.0, 0.25), (-1.0, 0.5), (0.0, 1.0), (7.0, 2.0), (14.0, 3.0), (90.0, 3.0)],
)
def test_urgency_halves_with_each_day_left_and_rises_with_each_week_late(
    days_late: float | None, expected: float
) -> None:
    assert urgency(days_late=days_late) == expected


def test_a_day_of_waiting_costs_stake_times_fading_times_urgency() -> None:
    # 1,000,000 yen x 10 % x (1 - 1/2 a day) x 2 a week late.
    assert loss_by_waiting(work=work(days_late=7.0), usual_value_yen=5) == 100_000.0


def test_an_unknown_amount_counts_as_the_usual_one_and_an_unknown_chance_as_whole() -> None:
    unknown = work(value_yen=None, probability_ratio=None)
    assert loss_by_waiting(work=unknown, usual_value_yen=300) == 150.0


def test_the_dearest_stands_first_and_each_journey_once() -> None:
    works = [
        work("step", kind=WorkKind.NEXT_ACTION, journey_id=1),
        work("small", journey_id=2, value_yen=1_000),
        work("packet", journey_id=1),
        work("stalled", kind=WorkKind.STALLED, journey_id=1),
    ]
    ranked = rank(works=works, usual_value_yen=0)
    assert [one.work.key for one in ranked] == ["packet", "small"]
    assert [one.key for one in ranked[0].also] == ["step", "stalled"]
    assert ranked[1].loss_yen == 50.0


def test_equals_keep_the_order_they_came_in() -> None:
    works = [work(str(number), journey_id=number) for number in range(5)]
    assert [one.work.key for one in rank(works=works, usual_value_yen=0)] == list("01234")


def test_every_kind_has_a_name_and_a_half_life() -> None:
    assert all(kind.label.ja and kind.label.en for kind in WorkKind)
    assert set(HALF_LIFE_DAYS) == set(WorkKind)


@given(st.floats(-400, 400), st.floats(-400, 400))
def test_later_is_never_less_urgent(one: float, other: float) -> None:
    early, late = sorted((one, other))
    assert urgency(days_late=early) <= urgency(days_late=late) <= MOST_URGENT
