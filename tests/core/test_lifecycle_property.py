"""Whatever is accepted, in whatever order: stays never overlap and every stage balances."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from tasuki.core.blueprint import JourneyKind, SideMove, SideTrack
from tasuki.core.lifecycle import (
    Advance,
    Churn,
    Complete,
    Decision,
    Disqualify,
    Exit,
    JourneyState,
    Lose,
    Move,
    MoveBack,
    Open,
    Reactivate,
    Recycle,
    TransitionRefused,
    WinBack,
    decide_ungated,
)
from tests.core.processes import the_model

START = datetime(2026, 1, 1, tzinfo=UTC)
NOW = START + timedelta(days=365)
LATER = date(2030, 1, 1)
STAGES = st.sampled_from([stage.code for stage in the_model().stages])
REASONS = {side.move: [reason.code for reason in side.reasons] for side in the_model().sides}


def reasons(move: SideMove) -> st.SearchStrategy[str]:
    return st.sampled_from([*REASONS[move], "unheard_of"])


NOTES = st.sampled_from(["", "詳しく"])
MOVES: st.SearchStrategy[Move] = st.one_of(
    st.builds(Advance),
    st.builds(Advance, STAGES),
    st.builds(MoveBack, STAGES, st.sampled_from(["bad_data", "other", "need_unclear"]), NOTES),
    st.builds(Recycle, reasons(SideMove.RECYCLE), st.sampled_from([LATER, None]), NOTES),
    st.builds(Disqualify, reasons(SideMove.DISQUALIFY), NOTES),
    st.builds(Lose, reasons(SideMove.LOSE), NOTES),
    st.builds(Churn, reasons(SideMove.CHURN), NOTES),
    st.builds(Reactivate),
    st.builds(WinBack),
    st.builds(Complete),
)
GAPS = st.integers(-1, 3).map(lambda days: timedelta(days=days))


@dataclass
class Row:
    """A stay as the store would keep it."""

    stage: str
    cycle: int
    visit: int
    entered_at: datetime
    left_at: datetime | None = None
    leaving: Exit | None = None


def write(rows: list[Row], decision: Decision) -> None:
    """Keep what was decided: one open row is closed, one row is added."""
    if decision.closes is not None:
        (row,) = [row for row in rows if row.left_at is None]
        assert row.stage == decision.closes.stage
        row.left_at, row.leaving = decision.closes.left_at, decision.closes.exit
    if decision.opens is not None:
        opens = decision.opens
        rows.append(Row(opens.stage, opens.cycle, opens.visit, opens.entered_at))


@settings(max_examples=200)
@given(
    kind=st.sampled_from(list(JourneyKind)),
    steps=st.lists(st.tuples(MOVES, GAPS), max_size=30),
)
def test_any_accepted_sequence_keeps_the_books(
    kind: JourneyKind, steps: list[tuple[Move, timedelta]]
) -> None:
    rows: list[Row] = []
    state: JourneyState | None = None
    at = START
    for move, gap in [(Open(kind), timedelta()), *steps]:
        at += gap
        try:
            decision = decide_ungated(
                blueprint=the_model(), state=state, move=move, facts={}, at=at, now=NOW
            )
        except TransitionRefused:
            continue
        write(rows, decision)
        state = decision.after

    assert state is not None
    assert_one_open_stay(rows, state)
    assert_in_order_without_gap(rows)
    assert_numbered(rows)
    assert_balanced(rows)


def assert_one_open_stay(rows: list[Row], state: JourneyState) -> None:
    still = [row for row in rows if row.left_at is None]
    assert [row.stage for row in still] == ([] if state.completed_at else [state.stage])
    assert rows[-1].entered_at == state.entered_at
    assert rows[0].entered_at == state.opened_at


def assert_in_order_without_gap(rows: list[Row]) -> None:
    for row, following in pairwise(rows):
        assert row.left_at == following.entered_at
        assert row.entered_at <= following.entered_at


def assert_numbered(rows: list[Row]) -> None:
    """Each cycle numbers its visits; leaving a side track, and nothing else, opens a cycle."""
    seen: Counter[tuple[int, str]] = Counter()
    for row in rows:
        seen[row.cycle, row.stage] += 1
        assert row.visit == seen[row.cycle, row.stage]
    for row, following in pairwise(rows):
        on_side = isinstance(the_model().place(row.stage), SideTrack)
        assert following.cycle == row.cycle + on_side


def assert_balanced(rows: list[Row]) -> None:
    entered = Counter(row.stage for row in rows)
    left = {leaving: Counter(r.stage for r in rows if r.leaving is leaving) for leaving in Exit}
    still = Counter(row.stage for row in rows if row.left_at is None)
    forward = left[Exit.ADVANCED] + left[Exit.COMPLETED]
    forward += left[Exit.REACTIVATED] + left[Exit.WON_BACK]
    back = left[Exit.RETURNED] + left[Exit.RECYCLED]
    lost = left[Exit.LOST] + left[Exit.DISQUALIFIED] + left[Exit.CHURNED]
    assert entered == forward + back + lost + still
