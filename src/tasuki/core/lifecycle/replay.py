"""Rebuilding stays from dates that another system kept, in whatever order they are.

Nothing is dropped: a date that contradicts the order of stages is kept on its stay and reported.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from tasuki.core.blueprint.types import Blueprint, JourneyKind, Place, SideTrack, Stage
from tasuki.core.conditions.evaluate import BUSINESS_ZONE
from tasuki.core.departments import Department
from tasuki.core.labels import Label, Message
from tasuki.core.lifecycle.exits import SIDE_EXITS, WAYS_BACK
from tasuki.core.lifecycle.types import Exit


class ReplayRule(StrEnum):
    """What is wrong with a claimed date."""

    UNKNOWN_STAGE = "unknown_stage"
    WRONG_LINE = "wrong_line"
    IN_FUTURE = "in_future"
    OUT_OF_ORDER = "out_of_order"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayProblem:
    """One claimed date that could not be taken as it stands.

    Out of order, `stage` claims `at` although `other_stage` claims the earlier or later
    `other_at` that it contradicts.
    """

    rule: ReplayRule
    stage: str
    at: datetime
    message: Message
    other_stage: str | None = None
    other_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayedStay:
    """A stay as it is to be written; `claimed_at` is set where the source said otherwise."""

    stage: str
    department: Department
    cycle: int
    visit: int
    entered_at: datetime
    left_at: datetime | None = None
    exit: Exit | None = None
    to_stage: str | None = None
    claimed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Replay:
    """The stays in order, the last one open unless the journey completed, and the problems."""

    stays: tuple[ReplayedStay, ...]
    problems: tuple[ReplayProblem, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    place: Place
    entered_at: datetime
    claimed_at: datetime


def replay(
    *,
    blueprint: Blueprint,
    kind: JourneyKind,
    dates: Mapping[str, datetime],
    now: datetime,
    completed_at: datetime | None = None,
) -> Replay:
    """Build the stays of one journey from the date it is said to have entered each stage.

    A stage that claims a later date than a stage after it becomes a stay of no length at the
    later stage's date: the later stage wins and keeps the journey. A side track that is followed
    by a main stage ends a cycle. `completed_at` ends a renewal or an expansion.

    Shape: stays that follow each other without gap or overlap, and a problem for every date that
    was not taken as it stands. Dates that name no stage of this line, or lie after `now`, give a
    problem and no stay. Never raises.
    """
    problems: list[ReplayProblem] = []
    places = list(_usable(blueprint, kind, dates, now, problems))
    mains = [(place, dates[place.code]) for place in places if isinstance(place, Stage)]
    sides = [(place, dates[place.code]) for place in places if isinstance(place, SideTrack)]
    entries = _in_order(mains, problems)
    for side, at in sorted(sides, key=lambda pair: pair[1]):
        entries = _insert(entries, _Entry(side, at, at))
    stays = _stays(entries, problems)
    if completed_at is not None:
        stays = _Completion(blueprint, kind, completed_at, now).applied(stays, problems)
    return Replay(tuple(stays), tuple(problems))


def _usable(
    blueprint: Blueprint,
    kind: JourneyKind,
    dates: Mapping[str, datetime],
    now: datetime,
    problems: list[ReplayProblem],
) -> Iterable[Place]:
    known = {place.code: place for place in blueprint.places}
    for code, at in dates.items():
        place = known.get(code)
        if place is None:
            message = Label(
                f"「{code}」というステージはありません。", f'There is no stage "{code}".'
            )
            rule = ReplayRule.UNKNOWN_STAGE
        elif isinstance(place, Stage) and place.line is not kind:
            message = Label(
                f"「{place.label.ja}」はこの区分のジャーニーが通るステージではありません。",
                f'Journeys of this kind do not pass through "{place.label.en}".',
            )
            rule = ReplayRule.WRONG_LINE
        elif at > now:
            message = Label(
                f"「{place.label.ja}」の日付({_day(at)})が未来です。",
                f'The date of "{place.label.en}" ({_day(at)}) is in the future.',
            )
            rule = ReplayRule.IN_FUTURE
        else:
            yield place
            continue
        problems.append(ReplayProblem(rule=rule, stage=code, at=at, message=message))


def _in_order(mains: list[tuple[Stage, datetime]], problems: list[ReplayProblem]) -> list[_Entry]:
    """Let no stage begin after a later one: walk from the last stage to the first."""
    entries: list[_Entry] = []
    for stage, claimed in sorted(mains, key=lambda pair: pair[0].position, reverse=True):
        later = entries[-1] if entries else None
        if later is not None and claimed > later.entered_at:
            witness = next(e for e in entries if e.claimed_at == later.entered_at)
            problems.append(_out_of_order(stage, claimed, witness))
            entries.append(_Entry(stage, later.entered_at, claimed))
        else:
            entries.append(_Entry(stage, claimed, claimed))
    return entries[::-1]


def _out_of_order(place: Place, claimed: datetime, later: _Entry) -> ReplayProblem:
    first, second = place.label, later.place.label
    days = _day(claimed), _day(later.claimed_at)
    return ReplayProblem(
        rule=ReplayRule.OUT_OF_ORDER,
        stage=place.code,
        at=claimed,
        other_stage=later.place.code,
        other_at=later.claimed_at,
        message=Label(
            f"「{first.ja}」の日付({days[0]})と「{second.ja}」の日付({days[1]})の順序が逆です。",
            f'"{first.en}" ({days[0]}) and "{second.en}" ({days[1]}) are in the wrong order.',
        ),
    )


def _insert(entries: list[_Entry], entry: _Entry) -> list[_Entry]:
    index = sum(other.entered_at <= entry.entered_at for other in entries)
    return [*entries[:index], entry, *entries[index:]]


def _stays(entries: list[_Entry], problems: list[ReplayProblem]) -> list[ReplayedStay]:
    stays: list[ReplayedStay] = []
    cycle = 1
    for index, entry in enumerate(entries):
        following = entries[index + 1] if index + 1 < len(entries) else None
        stay = ReplayedStay(
            stage=entry.place.code,
            department=entry.place.department,
            cycle=cycle,
            visit=1,
            entered_at=entry.entered_at,
            claimed_at=None if entry.claimed_at == entry.entered_at else entry.claimed_at,
        )
        if following is not None:
            leaving = _exit(entry.place, following.place)
            if _unlikely(entry.place, following.place):
                problems.append(_out_of_order(following.place, following.claimed_at, entry))
            cycle += leaving in (Exit.REACTIVATED, Exit.WON_BACK)
            stay = replace(
                stay,
                left_at=following.entered_at,
                exit=leaving,
                to_stage=following.place.code,
            )
        stays.append(stay)
    return stays


def _exit(place: Place, following: Place) -> Exit:
    if isinstance(following, SideTrack):
        return SIDE_EXITS[following.move]
    return WAYS_BACK[place.move] if isinstance(place, SideTrack) else Exit.ADVANCED


def _unlikely(place: Place, following: Place) -> bool:
    """Whether the process knows no such step, so that a person should look at the dates."""
    if isinstance(following, SideTrack):
        return place.code not in following.from_stages
    return isinstance(place, SideTrack) and following.code not in place.reactivates_to


@dataclass(frozen=True, slots=True)
class _Completion:
    blueprint: Blueprint
    kind: JourneyKind
    at: datetime
    now: datetime

    def applied(
        self, stays: list[ReplayedStay], problems: list[ReplayProblem]
    ) -> list[ReplayedStay]:
        """End the last stay well, or tell why it cannot be."""
        last = stays[-1] if stays else None
        line = self.blueprint.line(self.kind)
        if self.kind is JourneyKind.NEW or last is None or last.stage != line[-1].code:
            problems.append(self._misplaced(last.stage if last else ""))
            return stays
        if self.at > self.now:
            problems.append(self._in_future(last.stage))
            return stays
        left_at = max(self.at, last.entered_at)
        if left_at != self.at:
            entered = _Entry(line[-1], last.entered_at, last.entered_at)
            problems.append(_out_of_order(line[-1], self.at, entered))
        return [*stays[:-1], replace(last, left_at=left_at, exit=Exit.COMPLETED)]

    def _misplaced(self, stage: str) -> ReplayProblem:
        message = Label(
            f"完了の日付({_day(self.at)})は、更新・拡大の最後のステージだけで使えます。",
            f"A date of completion ({_day(self.at)}) is only for the last stage of a renewal "
            "or an expansion.",
        )
        return ReplayProblem(rule=ReplayRule.WRONG_LINE, stage=stage, at=self.at, message=message)

    def _in_future(self, stage: str) -> ReplayProblem:
        message = Label(
            f"完了の日付({_day(self.at)})が未来です。",
            f"The date of completion ({_day(self.at)}) is in the future.",
        )
        return ReplayProblem(rule=ReplayRule.IN_FUTURE, stage=stage, at=self.at, message=message)


def _day(at: datetime) -> str:
    return at.astimezone(BUSINESS_ZONE).date().isoformat()
