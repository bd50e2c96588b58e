"""How good hand-offs are: each figure with its sample and the packets behind it.

An offer counts in the period in which it was made or, for what became of it, decided:

- acceptance (受諾率): accepted of all that the receivers decided or let expire
- completeness (充足率): mean part of the required items that said something real, when offered
- asked again (再質問率): accepted packets of which something already told was asked again
- transfer time (引き継ぎ時間): working minutes from offer to acceptance, median and P90
- bounces (差し戻し回数): returns for each packet that was decided
- usefulness (役立ち度): mean of the ratings, 1 to 5
- late (期限超過): offers that were decided after their deadline, or wait past it, and first
  contacts after theirs
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from statistics import fmean, median
from typing import Final, TypeVar

from tasuki.core.handoffs import PacketState
from tasuki.journeys.queries.handoffs.offers import OfferRow

SMALL_SAMPLE: Final = 10
"""Below this many a figure is shown with the warning that it says little."""
_DECIDED: Final = (PacketState.ACCEPTED, PacketState.RETURNED, PacketState.EXPIRED)

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of `n` cases, None for none, with the ids of the packets that it points at."""

    value: float | None
    n: int
    handoff_ids: tuple[int, ...]

    @property
    def is_small(self) -> bool:
        """Whether there are too few cases to conclude from."""
        return self.n < SMALL_SAMPLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """The figures of some offers. Counts tell their packets; ratios are 0 to 1.

    `acceptance` points at what was not accepted, `asked_again` at what was asked again.
    """

    offered: Figure
    accepted: Figure
    returned: Figure
    expired: Figure
    late: Figure
    contact_late: Figure
    acceptance: Figure
    completeness: Figure
    asked_again: Figure
    transfer_median: Figure
    transfer_p90: Figure
    bounces: Figure
    usefulness: Figure


@dataclass(frozen=True, slots=True)
class Span:
    """From an instant until before another; aware."""

    start: datetime
    end: datetime

    def holds(self, at: datetime | None) -> bool:
        """This will tell whether an instant lies within."""
        return at is not None and self.start <= at < self.end


@dataclass(frozen=True, slots=True)
class ItemTrouble:
    """What went wrong with one item of a contract: the packets by how it showed."""

    contract: str
    item: str
    named_in_returns: tuple[int, ...]
    asked_again: tuple[int, ...]

    @property
    def count(self) -> int:
        """How often it showed."""
        return len(self.named_in_returns) + len(self.asked_again)


def quality_of(*, offers: Iterable[OfferRow], span: Span) -> Quality:
    """This will return the figures of some offers for a period."""
    rows = list(offers)
    made = [row for row in rows if span.holds(row.offered_at)]
    decided = [row for row in rows if span.holds(row.ended_at) and row.state in _DECIDED]
    accepted = [row for row in decided if row.state is PacketState.ACCEPTED]
    returned = [row for row in decided if row.state is PacketState.RETURNED]
    asked = [row for row in accepted if row.asked_again]
    packets = {row.handoff_id for row in decided}
    minutes = sorted(row.transfer_minutes for row in accepted if row.transfer_minutes is not None)
    rated = [row for row in accepted if row.usefulness is not None]
    refused = [row for row in decided if row.state is not PacketState.ACCEPTED]
    return Quality(
        offered=_count(made),
        accepted=_count(accepted),
        returned=_count(returned),
        expired=_count(row for row in decided if row.state is PacketState.EXPIRED),
        late=_count(row for row in rows if row.late),
        contact_late=_count(row for row in accepted if row.contact_late),
        acceptance=Figure(_ratio(len(accepted), len(decided)), len(decided), _ids(refused)),
        completeness=Figure(
            fmean(row.completeness_ratio for row in made) if made else None,
            len(made),
            _ids(row for row in made if row.completeness_ratio < 1),
        ),
        asked_again=Figure(_ratio(len(asked), len(accepted)), len(accepted), _ids(asked)),
        transfer_median=Figure(median(minutes) if minutes else None, len(minutes), _ids(accepted)),
        transfer_p90=Figure(_p90(minutes), len(minutes), _ids(accepted)),
        bounces=Figure(_ratio(len(returned), len(packets)), len(packets), _ids(returned)),
        usefulness=Figure(
            fmean(float(row.usefulness or 0) for row in rated) if rated else None,
            len(rated),
            _ids(rated),
        ),
    )


def quality_by(
    *, offers: Iterable[OfferRow], span: Span, key: Callable[[OfferRow], Key]
) -> dict[Key, Quality]:
    """This will return the figures for each boundary, person or channel that `key` names."""
    grouped: dict[Key, list[OfferRow]] = defaultdict(list)
    for row in offers:
        grouped[key(row)].append(row)
    return {name: quality_of(offers=rows, span=span) for name, rows in grouped.items()}


def returned_for(
    *, offers: Iterable[OfferRow], span: Span
) -> Mapping[tuple[str, str], tuple[OfferRow, ...]]:
    """This will return what came back in a period by contract and reason, the most first."""
    grouped: dict[tuple[str, str], list[OfferRow]] = defaultdict(list)
    for row in offers:
        if row.state is PacketState.RETURNED and span.holds(row.ended_at):
            grouped[row.contract, row.reason].append(row)
    ordered = sorted(grouped.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return {name: tuple(rows) for name, rows in ordered}


def worst_items(*, offers: Iterable[OfferRow], span: Span) -> tuple[ItemTrouble, ...]:
    """This will return the items that were named in returns or asked again, the most first."""
    named: dict[tuple[str, str], set[int]] = defaultdict(set)
    again: dict[tuple[str, str], set[int]] = defaultdict(set)
    for row in offers:
        if not span.holds(row.ended_at):
            continue
        if row.state is PacketState.RETURNED and row.item:
            named[row.contract, row.item].add(row.handoff_id)
        for item in row.asked_again:
            again[row.contract, item].add(row.handoff_id)
    found = [
        ItemTrouble(
            contract,
            item,
            tuple(sorted(named[contract, item])),
            tuple(sorted(again[contract, item])),
        )
        for contract, item in named.keys() | again.keys()
    ]
    return tuple(sorted(found, key=lambda one: (-one.count, one.contract, one.item)))


def _count(rows: Iterable[OfferRow]) -> Figure:
    found = list(rows)
    return Figure(float(len(found)), len(found), _ids(found))


def _ids(rows: Iterable[OfferRow]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(row.handoff_id for row in rows))


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _p90(ordered: Sequence[int]) -> float | None:
    """Give the smallest value that at least nine in ten do not exceed."""
    return float(ordered[ceil(len(ordered) * 0.9) - 1]) if ordered else None
