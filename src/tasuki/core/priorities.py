"""What to do next: the work that loses most by waiting comes first.

    stake    = value of the deal in yen x probability of winning it from its stage
    fading   = 1 - 2 ** (-1 / half life of the chance in days, by the kind of work)
    urgency  = 2 ** (-days left) before the deadline, 1 at it, and 1 + days late / 7 after it,
               at most 3
    priority = stake x fading x urgency

So priority is the yen that one more day of waiting costs, in round terms. The half lives are
settings of judgement: an inquiry cools within a day, a stalled deal within weeks. A deal without an
amount counts with the usual amount of won deals. What is equal stays in the order it came in.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tasuki.core.labels import Label

MOST_URGENT: Final = 3.0
_DAYS_TO_RISE: Final = 7.0


class WorkKind(StrEnum):
    """What kind of thing is to be done."""

    DECIDE = "decide"
    """A packet waits to be accepted or given back."""
    FIRST_CONTACT = "first_contact"
    """A packet was accepted; nobody has reached out yet."""
    COMPLETE = "complete"
    """A packet came back, or expired, and waits for its giver."""
    FIRST_MEETING = "first_meeting"
    """The first meeting of a hand-over: the first appointment, the kick-off."""
    NEXT_ACTION = "next_action"
    """The dated next action of a journey."""
    STALLED = "stalled"
    """A journey that rests longer than its stage expects, or of which nobody has heard."""
    REVISIT = "revisit"
    """A journey beside the way whose day to look again has come."""

    @property
    def label(self) -> Label:
        """Name the kind in both languages."""
        return _LABELS[self]


_LABELS: Final = {
    WorkKind.DECIDE: Label("受け取りの判断", "Accept or return"),
    WorkKind.FIRST_CONTACT: Label("最初の連絡", "First contact"),
    WorkKind.COMPLETE: Label("引き継ぎの補完", "Complete the packet"),
    WorkKind.FIRST_MEETING: Label("最初の打ち合わせ", "First meeting"),
    WorkKind.NEXT_ACTION: Label("次の一手", "Next step"),
    WorkKind.STALLED: Label("停滞", "Stalled"),
    WorkKind.REVISIT: Label("掘り起こし", "Look again"),
}
HALF_LIFE_DAYS: Final = {
    WorkKind.DECIDE: 1.0,
    WorkKind.FIRST_CONTACT: 1.0,
    WorkKind.COMPLETE: 2.0,
    WorkKind.FIRST_MEETING: 4.0,
    WorkKind.NEXT_ACTION: 5.0,
    WorkKind.STALLED: 14.0,
    WorkKind.REVISIT: 14.0,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Something to do about a journey.

    `value_yen` None means not known yet. `days_late` is negative while time is left, None where
    there is no deadline.
    """

    key: str
    kind: WorkKind
    journey_id: int
    value_yen: int | None
    probability_ratio: float | None
    days_late: float | None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A work in its place: what a day of waiting costs in yen, and what else its journey needs."""

    work: Work
    loss_yen: float
    also: tuple[Work, ...] = ()


def rank(*, works: Iterable[Work], usual_value_yen: int) -> tuple[Ranked, ...]:
    """Return the works by what waiting costs, dearest first, one for each journey.

    The other works of the same journey stand in `also`, dearest first.
    """
    priced = [(loss_by_waiting(work=work, usual_value_yen=usual_value_yen), work) for work in works]
    priced.sort(key=lambda pair: -pair[0])
    found: dict[int, tuple[float, list[Work]]] = {}
    for loss, work in priced:
        found.setdefault(work.journey_id, (loss, []))[1].append(work)
    return tuple(Ranked(works[0], loss, tuple(works[1:])) for loss, works in found.values())


def loss_by_waiting(*, work: Work, usual_value_yen: int) -> float:
    """Return the yen that a day of waiting costs: stake x fading x urgency."""
    value = usual_value_yen if work.value_yen is None else work.value_yen
    stake = value * (1.0 if work.probability_ratio is None else work.probability_ratio)
    fading = 1 - 2 ** (-1 / HALF_LIFE_DAYS[work.kind])
    return stake * fading * urgency(days_late=work.days_late)


def urgency(*, days_late: float | None) -> float:
    """Return how pressing a deadline makes it: 0 to 1 before, 1 at it, up to 3 after it.

    Without a deadline it presses as if it were due now.
    """
    if days_late is None:
        return 1.0
    if days_late <= 0:
        return float(2**days_late)
    return min(1 + days_late / _DAYS_TO_RISE, MOST_URGENT)
