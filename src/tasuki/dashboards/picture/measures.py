"""Sizes of the drawing: how thick a flow, how high a bar, how a name breaks into lines."""

import unicodedata
from dataclasses import dataclass
from math import sqrt
from typing import Final

from tasuki.analytics.course import Course, StageFigures

WIDTH: Final = 1180.0
MARGIN: Final = 10.0
BRANCH: Final = 124.0
AXIS: Final = 262.0
GROUND: Final = 352.0
POOL_TOP: Final = 432.0
POOL_HEIGHT: Final = 60.0
HEIGHT: Final = 528.0
BAR: Final = 14.0
HIGHEST_BAR: Final = 132.0
HIGHEST_BRANCH: Final = 56.0
LOWEST_BAR: Final = 5.0
THICKEST: Final = 84.0
THINNEST: Final = 1.5
FEWEST_AT_FULL_SIZE: Final = 30
LINE_UNITS: Final = 11
"""Half-width characters of a stage's name that fit over its column."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Lengths grow with the square root of a count, so that a stage of ten is seen beside one of
    ten thousand. One scale for all flows, one for all bars.
    """

    most_moved: int
    most_open: int

    def thickness(self, count: int) -> float:
        """Return how thick a flow of so many is."""
        return max(THINNEST, THICKEST * sqrt(count / self.most_moved)) if count else 0.0

    def bar(self, count: int, highest: float = HIGHEST_BAR) -> float:
        """Return how high a balance of so many is."""
        return max(LOWEST_BAR, highest * sqrt(count / self.most_open))


def scale_of(course: Course) -> Scale:
    """Return the scale at which the busiest flow and the fullest stage are full size; a handful
    of journeys stays thin.
    """
    moved = [edge.count for edge in course.edges] + [stage.began for stage in course.stages]
    resting = [stage.open for stage in course.stages if not stage.is_side]
    return Scale(
        most_moved=max([*moved, FEWEST_AT_FULL_SIZE]),
        most_open=max([*resting, FEWEST_AT_FULL_SIZE]),
    )


def column_of(stages: list[StageFigures], place: int) -> float:
    """Return where the column of a main stage has its middle."""
    return MARGIN + (place + 0.5) * column_width(len(stages))


def column_width(columns: int) -> float:
    """Return how wide each column is; the renewals' column at the right is kept free."""
    return (WIDTH - 2 * MARGIN - BRANCH) / max(columns, 1)


def broken(text: str, units: int = LINE_UNITS) -> tuple[str, ...]:
    """Return a name in at most two lines, the second cut with … where it is too long.

    Japanese breaks anywhere, but after a separator where there is one; English between words.
    """
    if _units(text) <= units:
        return (text,)
    first = _first_line(text, units)
    rest = text[len(first) :].strip()
    return (first.strip(), _cut(rest, units))


def _first_line(text: str, units: int) -> str:
    fitting = text
    while _units(fitting) > units:
        fitting = fitting[:-1]
    for sign in (" ", "・"):
        if sign in fitting[1:]:
            return fitting[: fitting.rindex(sign) + 1]
    if text.isascii():
        return text.partition(" ")[0]
    # Halves of about the same length read better than a full line and a leftover.
    half = (len(text) + 1) // 2
    return text[: min(half, len(fitting))]


def _cut(text: str, units: int) -> str:
    if _units(text) <= units:
        return text
    while _units(text) > units - 1:
        text = text[:-1]
    return f"{text}…"


def _units(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
