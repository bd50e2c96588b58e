"""Dates from another system become stays; what contradicts itself is kept and told."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tasuki.core.blueprint import JourneyKind, Stage
from tasuki.core.departments import Department
from tasuki.core.lifecycle import Exit, Replay, ReplayedStay, ReplayRule, replay
from tests.core.processes import NOW, the_model


def day(number: int, month: int = 1) -> datetime:
    return datetime(2026, month, number, tzinfo=UTC)


def replayed(
    dates: dict[str, datetime],
    *,
    kind: JourneyKind = JourneyKind.NEW,
    completed_at: datetime | None = None,
) -> Replay:
    return replay(blueprint=the_model(), kind=kind, dates=dates, now=NOW, completed_at=completed_at)


def brief(found: Replay) -> list[tuple[str, int, datetime, datetime | None, Exit | None]]:
    return [(s.stage, s.cycle, s.entered_at, s.left_at, s.exit) for s in found.stays]


def test_dates_in_any_order_become_stays_in_the_order_of_stages() -> None:
    found = replayed({"WON": day(9), "MQL": day(1), "SQL": day(4)})

    assert found.problems == ()
    assert found.stays == (
        ReplayedStay(
            stage="MQL",
            department=Department.MARKETING,
            cycle=1,
            visit=1,
            entered_at=day(1),
            left_at=day(4),
            exit=Exit.ADVANCED,
            to_stage="SQL",
        ),
        ReplayedStay(
            stage="SQL",
            department=Department.INSIDE_SALES,
            cycle=1,
            visit=1,
            entered_at=day(4),
            left_at=day(9),
            exit=Exit.ADVANCED,
            to_stage="WON",
        ),
        ReplayedStay(
            stage="WON",
            department=Department.FIELD_SALES,
            cycle=1,
            visit=1,
            entered_at=day(9),
        ),
    )


def test_a_deal_won_before_its_first_contact_is_kept_and_told() -> None:
    found = replayed({"MQL": day(9), "WON": day(2)})

    assert brief(found) == [
        ("MQL", 1, day(2), day(2), Exit.ADVANCED),
        ("WON", 1, day(2), None, None),
    ]
    assert [stay.claimed_at for stay in found.stays] == [day(9), None]
    (problem,) = found.problems
    assert problem.rule is ReplayRule.OUT_OF_ORDER
    assert (problem.stage, problem.at) == ("MQL", day(9))
    assert (problem.other_stage, problem.other_at) == ("WON", day(2))
    assert problem.message.en == '"MQL" (2026-01-09) and "Won" (2026-01-02) are in the wrong order.'


def test_each_stage_out_of_order_names_the_stage_that_contradicts_it() -> None:
    found = replayed({"LEAD": day(8), "MQL": day(5), "SQL": day(3), "WON": day(6)})

    assert brief(found) == [
        ("LEAD", 1, day(3), day(3), Exit.ADVANCED),
        ("MQL", 1, day(3), day(3), Exit.ADVANCED),
        ("SQL", 1, day(3), day(6), Exit.ADVANCED),
        ("WON", 1, day(6), None, None),
    ]
    assert [(p.stage, p.other_stage) for p in found.problems] == [("MQL", "SQL"), ("LEAD", "SQL")]


def test_a_lost_deal_rests_in_lost() -> None:
    found = replayed({"SQL": day(1), "LOST": day(5)})

    assert found.problems == ()
    assert brief(found) == [
        ("SQL", 1, day(1), day(5), Exit.LOST),
        ("LOST", 1, day(5), None, None),
    ]


def test_what_was_recycled_and_taken_up_again_is_a_second_cycle() -> None:
    found = replayed({"MQL": day(1), "RECYCLE": day(3), "SQL": day(9)})

    assert found.problems == ()
    assert brief(found) == [
        ("MQL", 1, day(1), day(3), Exit.RECYCLED),
        ("RECYCLE", 1, day(3), day(9), Exit.REACTIVATED),
        ("SQL", 2, day(9), None, None),
    ]


def test_a_side_track_before_a_stage_it_does_not_lead_to_is_kept_and_told() -> None:
    found = replayed({"SQL": day(1), "LOST": day(3), "WON": day(9)})

    assert brief(found)[-1] == ("WON", 2, day(9), None, None)
    (problem,) = found.problems
    assert (problem.rule, problem.stage, problem.other_stage) == ("out_of_order", "WON", "LOST")


def test_a_side_track_from_a_stage_it_is_not_reached_from_is_kept_and_told() -> None:
    found = replayed({"WON": day(3), "LOST": day(9)})

    assert brief(found)[-1] == ("LOST", 1, day(9), None, None)
    assert [(p.stage, p.other_stage) for p in found.problems] == [("LOST", "WON")]


def test_dates_that_name_no_place_of_the_line_are_told() -> None:
    found = replayed({"MQL": day(1), "RENEW": day(2), "XYZ": day(3), "SQL": NOW + timedelta(1)})

    assert brief(found) == [("MQL", 1, day(1), None, None)]
    assert [(p.stage, p.rule) for p in found.problems] == [
        ("RENEW", ReplayRule.WRONG_LINE),
        ("XYZ", ReplayRule.UNKNOWN_STAGE),
        ("SQL", ReplayRule.IN_FUTURE),
    ]
    assert all(problem.message.ja and problem.message.en for problem in found.problems)


def test_a_renewal_completes() -> None:
    found = replayed({"RENEW": day(1)}, kind=JourneyKind.RENEWAL, completed_at=day(5))

    assert found.problems == ()
    assert brief(found) == [("RENEW", 1, day(1), day(5), Exit.COMPLETED)]


def test_a_completion_before_its_beginning_is_kept_and_told() -> None:
    found = replayed({"RENEW": day(5)}, kind=JourneyKind.RENEWAL, completed_at=day(1))

    assert brief(found) == [("RENEW", 1, day(5), day(5), Exit.COMPLETED)]
    assert [(p.rule, p.at) for p in found.problems] == [(ReplayRule.OUT_OF_ORDER, day(1))]


def test_a_completion_in_the_future_is_told() -> None:
    found = replayed(
        {"RENEW": day(5)}, kind=JourneyKind.RENEWAL, completed_at=NOW + timedelta(days=1)
    )

    assert brief(found) == [("RENEW", 1, day(5), None, None)]
    assert [problem.rule for problem in found.problems] == [ReplayRule.IN_FUTURE]


def test_only_renewals_and_expansions_complete() -> None:
    new = replayed({"MQL": day(1)}, completed_at=day(5))
    lost = replayed({"LOST": day(1)}, kind=JourneyKind.RENEWAL, completed_at=day(5))
    nothing = replayed({}, kind=JourneyKind.RENEWAL, completed_at=day(5))

    for found in (new, lost, nothing):
        assert [problem.rule for problem in found.problems] == [ReplayRule.WRONG_LINE]
        assert all(stay.exit is None for stay in found.stays)


CODES = st.sampled_from([place.code for place in the_model().places])
DATES = st.dictionaries(CODES, st.integers(1, 20).map(day))


@given(dates=DATES, kind=st.sampled_from(list(JourneyKind)))
def test_nothing_is_dropped_and_stays_follow_each_other(
    dates: dict[str, datetime], kind: JourneyKind
) -> None:
    found = replayed(dates, kind=kind)

    told = {problem.stage for problem in found.problems}
    for code, at in dates.items():
        stays = [stay for stay in found.stays if stay.stage == code]
        place = the_model().place(code)
        assert len(stays) == (0 if isinstance(place, Stage) and place.line is not kind else 1)
        assert code in told or (stays[0].claimed_at or stays[0].entered_at) == at
        assert all((stay.claimed_at or stay.entered_at) == at for stay in stays)
    for stay, following in pairwise(found.stays):
        assert stay.entered_at <= following.entered_at == stay.left_at
        assert stay.to_stage == following.stage
    assert [stay.left_at is None for stay in found.stays].count(True) == bool(found.stays)
