"""The ribbon: the stays of one journey laid out as one band a cycle, wide by time.

Pure: the caller brings the stays and `now`, the macro in `components/ribbon.html` draws the result.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import accumulate, groupby
from typing import Final

from tasuki.core.departments import Department
from tasuki.core.labels import Label
from tasuki.core.lifecycle.types import Exit

COLUMNS: Final = 60
"""Columns of the band's grid; a segment spans whole columns."""

MINIMUM_SPAN: Final = 5
"""Columns that the shortest segment gets while there is room: enough for its mark and label."""


class Joint(StrEnum):
    """What happened at the end of a segment."""

    HANDED_ON = "handed_on"
    RETURNED = "returned"
    RECYCLED = "recycled"
    DROPPED = "dropped"
    COMPLETED = "completed"
    TAKEN_UP = "taken_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Baton:
    """What became of the packets that were handed over during a stay, counted."""

    accepted: int = 0
    waiting: int = 0
    returned: int = 0
    dropped: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RibbonSegment:
    """One stay as the ribbon shows it; no `ended_at` and no `exit` where the journey rests."""

    stage: str
    label: Label
    department: Department | None
    started_at: datetime
    ended_at: datetime | None = None
    exit: Exit | None = None
    holder: str = ""
    cycle: int = 1
    href: str = ""
    is_breach: bool = False
    is_side_track: bool = False
    baton: Baton = Baton()


@dataclass(frozen=True, slots=True, kw_only=True)
class RibbonPiece:
    """A segment in its place: columns `start` to `start + span`, counted from 1."""

    segment: RibbonSegment
    start: int
    span: int
    duration: timedelta
    joint: Joint | None

    @property
    def is_now(self) -> bool:
        """Whether the journey rests here."""
        return self.segment.ended_at is None


@dataclass(frozen=True, slots=True)
class RibbonRow:
    """One cycle of the journey."""

    cycle: int
    pieces: tuple[RibbonPiece, ...]
    duration: timedelta


def lay_out(segments: Sequence[RibbonSegment], *, now: datetime) -> tuple[RibbonRow, ...]:
    """Return one row a cycle, in order; each row fills the `COLUMNS` of the grid.

    A segment is as wide as its share of the row's time, but at least `MINIMUM_SPAN` columns (fewer
    when there are more segments than fit), so that a stay of an hour can still be read and opened.
    """
    return tuple(
        _row(cycle, list(group), now)
        for cycle, group in groupby(segments, key=lambda segment: segment.cycle)
    )


def spans(
    weights: Sequence[float], *, columns: int = COLUMNS, minimum: int = MINIMUM_SPAN
) -> list[int]:
    """Return whole spans that add up to `columns`, by weight, none under the minimum.

    With more weights than columns each gets one column, and the sum is their number.
    """
    if not weights:
        return []
    if len(weights) >= columns:
        return [1] * len(weights)
    least = min(minimum, columns // len(weights))
    shares = _shares(weights, columns, least)
    return _whole(shares, columns)


def _row(cycle: int, segments: list[RibbonSegment], now: datetime) -> RibbonRow:
    durations = [_duration(segment, now) for segment in segments]
    widths = spans([duration.total_seconds() for duration in durations])
    starts = accumulate(widths[:-1], initial=1)
    followers = [*segments[1:], None]
    joints = [_joint(each, after) for each, after in zip(segments, followers, strict=True)]
    pieces = tuple(
        RibbonPiece(segment=segment, start=start, span=span, duration=duration, joint=joint)
        for segment, start, span, duration, joint in zip(
            segments, starts, widths, durations, joints, strict=True
        )
    )
    return RibbonRow(cycle, pieces, sum(durations, timedelta(0)))


def _duration(segment: RibbonSegment, now: datetime) -> timedelta:
    return max((segment.ended_at or now) - segment.started_at, timedelta(0))


_JOINTS: Final = {
    Exit.RETURNED: Joint.RETURNED,
    Exit.RECYCLED: Joint.RECYCLED,
    Exit.DISQUALIFIED: Joint.DROPPED,
    Exit.LOST: Joint.DROPPED,
    Exit.CHURNED: Joint.DROPPED,
    Exit.COMPLETED: Joint.COMPLETED,
    Exit.REACTIVATED: Joint.TAKEN_UP,
    Exit.WON_BACK: Joint.TAKEN_UP,
}


def _joint(segment: RibbonSegment, after: RibbonSegment | None) -> Joint | None:
    if segment.exit is None:
        return None
    if segment.exit is Exit.ADVANCED:
        changes_hands = after is not None and after.department is not segment.department
        return Joint.HANDED_ON if changes_hands else None
    return _JOINTS[segment.exit]


def _shares(weights: Sequence[float], columns: int, least: int) -> list[float]:
    """Water-filling: who would get too little gets the least, the others share what remains."""
    shares = [float(least)] * len(weights)
    sharing = set(range(len(weights)))
    room = float(columns)
    while sharing:
        total = sum(weights[index] for index in sharing)
        if total == 0:
            even = room / len(sharing)
            return [even if index in sharing else least for index in range(len(weights))]
        short = {index for index in sharing if weights[index] / total * room < least}
        if not short:
            break
        sharing -= short
        room -= least * len(short)
    for index in sharing:
        shares[index] = weights[index] / total * room
    return shares


def _whole(shares: Sequence[float], columns: int) -> list[int]:
    """Round down and give the columns left over to the largest remainders, the first ones first."""
    whole = [int(share) for share in shares]
    order = sorted(range(len(shares)), key=lambda index: (whole[index] - shares[index], index))
    for index in order[: columns - sum(whole)]:
        whole[index] += 1
    return whole
