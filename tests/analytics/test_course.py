"""The course of a small company, counted by hand."""

from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from tasuki.analytics.course import (
    Cohort,
    Course,
    CourseQuery,
    Dwell,
    Filters,
    StageFigures,
    course,
)
from tasuki.core.access import Reach
from tasuki.core.labels import Label
from tasuki.core.lifecycle import Exit
from tasuki.core.periods import Period
from tests.analytics.company import Company, Step, at, employ, found_company

pytestmark = pytest.mark.django_db

NOW = at("2026-06-01")
APRIL = Period(date(2026, 4, 1), date(2026, 5, 1))


@pytest.fixture
def company() -> Company:
    return found_company()


def _course(period: Period | None = None, filters: Filters = Filters()) -> Course:  # noqa: B008
    return course(query=CourseQuery(now=NOW, period=period, filters=filters))


def _counts(stage: StageFigures) -> tuple[int, int, int, int, int, int]:
    """Balance at the start, entered, advanced, returned, lost, open."""
    return (
        stage.balance_start,
        stage.entered,
        stage.advanced,
        stage.returned,
        stage.lost,
        stage.open,
    )


def test_nothing_yet_is_an_empty_course(company: Company) -> None:
    found = _course()

    assert found.is_empty
    assert [stage.code for stage in found.stages] == [
        *["LEAD", "MQL", "SAL", "SQL", "SAO", "O1", "O2", "O3", "O4", "WON"],
        *["ONB", "ADOPT", "RENEW", "EXPAND", "RECYCLE", "DISQ", "LOST", "CHURN"],
    ]
    assert found.stage("MQL").advanced_of_left_ratio is None
    assert found.stage("MQL").cohort.advanced_ratio is None
    assert found.stage("MQL").dwell == Dwell(0, None, None)
    with pytest.raises(KeyError):
        found.stage("NOWHERE")


def test_a_single_journey_is_counted_where_it_was_and_where_it_is(company: Company) -> None:
    company.journey(
        [
            Step("LEAD", "2026-04-01", "2026-04-03 12:00", Exit.ADVANCED, "MQL"),
            Step("MQL", "2026-04-03 12:00"),
        ],
        amount_minor=300_000,
        currency="JPY",
        amount_reporting_minor=300_000,
    )

    found = _course()

    assert _counts(found.stage("LEAD")) == (0, 1, 1, 0, 0, 0)
    assert _counts(found.stage("MQL")) == (0, 1, 0, 0, 0, 1)
    assert found.stage("LEAD").dwell == Dwell(1, 2.5, 2.5)
    assert found.stage("LEAD").began == 1
    assert found.stage("MQL").began == 0
    assert found.stage("MQL").open_age == Dwell(1, 58.5, 58.5)
    assert (found.stage("MQL").pipeline_minor, found.stage("MQL").priced) == (300_000, 1)
    assert found.currency == "JPY"
    assert (found.blueprint.key, found.blueprint.version) == ("the_model", 1)
    [edge] = found.edges
    assert (edge.source, edge.target, edge.exit, edge.count) == ("LEAD", "MQL", Exit.ADVANCED, 1)


def test_a_day_of_the_period_begins_at_midnight_in_tokyo(company: Company) -> None:
    company.journey([Step("LEAD", "2026-03-31 23:59")])
    company.journey([Step("LEAD", "2026-04-01 00:00")])
    company.journey([Step("LEAD", "2026-04-30 23:59")])
    company.journey([Step("LEAD", "2026-05-01 00:00")])

    assert _counts(_course(APRIL).stage("LEAD")) == (1, 2, 0, 0, 0, 3)


def test_leaving_at_the_first_moment_after_the_period_is_not_in_it(company: Company) -> None:
    leaving = [("2026-04-01", "2026-05-01 00:00"), ("2026-04-01", "2026-04-30 23:59")]
    for entered, left in leaving:
        company.journey([Step("LEAD", entered, left, Exit.ADVANCED, "MQL"), Step("MQL", left)])

    found = _course(APRIL)

    assert _counts(found.stage("LEAD")) == (0, 2, 1, 0, 0, 1)
    assert _counts(found.stage("MQL")) == (0, 1, 0, 0, 0, 1)


def test_a_period_in_which_nothing_happens_keeps_its_balance(company: Company) -> None:
    company.journey([Step("LEAD", "2026-03-01")])

    lead = _course(APRIL).stage("LEAD")

    assert _counts(lead) == (1, 0, 0, 0, 0, 1)
    assert lead.open_age == Dwell(1, 61.0, 61.0)
    assert (lead.inflow, lead.outflow) == (0, 0)


def test_a_return_enters_the_stage_again(company: Company) -> None:
    company.journey(
        [
            Step("MQL", "2026-04-01", "2026-04-02", Exit.ADVANCED, "SAL"),
            Step("SAL", "2026-04-02", "2026-04-05", Exit.RETURNED, "MQL", "bad_data"),
            Step("MQL", "2026-04-05", "2026-04-06", Exit.ADVANCED, "SAL"),
            Step("SAL", "2026-04-06"),
        ]
    )

    found = _course()

    assert _counts(found.stage("MQL")) == (0, 2, 2, 0, 0, 0)
    assert _counts(found.stage("SAL")) == (0, 2, 0, 1, 0, 1)
    assert found.stage("SAL").advanced_of_left_ratio == 0.0
    [drop_off] = found.drop_offs
    assert (drop_off.stage, drop_off.reason, drop_off.count) == ("SAL", "bad_data", 1)
    assert drop_off.label.ja != "bad_data"


def test_a_second_cycle_leaves_the_side_track_forward(company: Company) -> None:
    company.journey(
        [
            Step("SQL", "2026-04-01", "2026-04-11", Exit.RECYCLED, "RECYCLE", "timing"),
            Step("RECYCLE", "2026-04-11", "2026-05-11", Exit.REACTIVATED, "MQL"),
            Step("MQL", "2026-05-11", "2026-05-12", Exit.LOST, "LOST", "???", cycle=2),
            Step("LOST", "2026-05-12", cycle=2),
        ]
    )

    found = _course()

    assert _counts(found.stage("SQL")) == (0, 1, 0, 1, 0, 0)
    assert _counts(found.stage("RECYCLE")) == (0, 1, 1, 0, 0, 0)
    assert _counts(found.stage("MQL")) == (0, 1, 0, 0, 1, 0)
    assert _counts(found.stage("LOST")) == (0, 1, 0, 0, 0, 1)
    assert found.stage("RECYCLE").dwell == Dwell(1, 30.0, 30.0)
    assert found.stage("LOST").is_side
    labels = {drop_off.exit: drop_off.label for drop_off in found.drop_offs}
    assert labels[Exit.LOST] == Label("???", "???")
    assert labels[Exit.RECYCLED].en != "timing"


def test_a_renewal_completes_in_its_own_stage(company: Company) -> None:
    parent = company.journey([Step("ADOPT", "2025-04-01")])
    company.journey(
        [Step("RENEW", "2026-03-01", "2026-04-01", Exit.COMPLETED)], kind="renewal", parent=parent
    )
    company.journey(
        [
            Step("RENEW", "2026-03-01", "2026-03-11", Exit.LOST, "LOST"),
            Step("LOST", "2026-03-11"),
        ],
        kind="renewal",
        parent=parent,
    )

    found = _course()

    assert _counts(found.stage("RENEW")) == (0, 2, 1, 0, 1, 0)
    assert found.stage("RENEW").advanced_of_left_ratio == 0.5
    assert _counts(found.stage("ADOPT")) == (0, 1, 0, 0, 0, 1)
    assert [(edge.target, edge.exit) for edge in found.edges] == [
        ("", Exit.COMPLETED),
        ("LOST", Exit.LOST),
    ]
    assert found.drop_offs[0].label.en == "No reason given"
    assert _course(filters=Filters(kinds=("new",))).stage("RENEW").is_quiet


def test_both_conversions_are_told_apart(company: Company) -> None:
    # In April: one of two that left went on; of three that entered, one has gone on since.
    company.journey(
        [Step("LEAD", "2026-02-01", "2026-04-10", Exit.ADVANCED, "MQL"), Step("MQL", "2026-04-10")]
    )
    company.journey(
        [
            Step("LEAD", "2026-04-01", "2026-04-05", Exit.DISQUALIFIED, "DISQ"),
            Step("DISQ", "2026-04-05"),
        ]
    )
    company.journey(
        [Step("LEAD", "2026-04-20", "2026-05-10", Exit.ADVANCED, "MQL"), Step("MQL", "2026-05-10")]
    )
    company.journey([Step("LEAD", "2026-04-29")])

    lead = _course(APRIL).stage("LEAD")

    assert _counts(lead) == (1, 3, 1, 0, 1, 2)
    assert lead.advanced_of_left_ratio == 0.5
    assert lead.cohort == Cohort(
        entered=3, advanced=1, returned=0, lost=1, undecided=1, is_young=True
    )
    assert lead.cohort.advanced_ratio == pytest.approx(1 / 3)
    assert lead.cohort.highest_ratio == pytest.approx(2 / 3)
    # 4 and 68 days: the median lies half way, P90 nine tenths of the way.
    assert (lead.dwell.count, lead.dwell.median_days) == (2, 36.0)
    assert lead.dwell.p90_days == pytest.approx(61.6)


def test_a_cohort_that_has_had_its_time_is_no_longer_young(company: Company) -> None:
    company.journey(
        [Step("LEAD", "2026-04-01", "2026-04-03", Exit.ADVANCED, "MQL"), Step("MQL", "2026-04-03")]
    )
    company.journey([Step("LEAD", "2026-04-02")])

    assert not _course(APRIL).stage("LEAD").cohort.is_young
    assert _course(APRIL).stage("MQL").cohort.is_young


@pytest.mark.parametrize(
    ("filters", "entered"),
    [
        (Filters(channels=("seo",)), 1),
        (Filters(channels=("",)), 2),
        (Filters(channels=("", "seo")), 3),
        (Filters(segments=("smb",)), 1),
        (Filters(segments=("", "smb")), 3),
        (Filters(motions=("abm",)), 1),
        (Filters(motions=("abm",), channels=("seo",)), 0),
        (Filters(campaigns=(0,)), 3),
    ],
)
def test_filters_of_the_journey(company: Company, filters: Filters, entered: int) -> None:
    company.journey([Step("LEAD", "2026-04-01")], channel="seo")
    company.journey([Step("LEAD", "2026-04-01")], segment="smb")
    company.journey([Step("LEAD", "2026-04-01")], motion="abm")

    assert _course(APRIL, filters).stage("LEAD").entered == entered


def test_team_and_owner_are_those_who_held_the_stay(company: Company) -> None:
    marketer, seller = employ("marketer@example.jp"), employ("seller@example.jp")
    company.journey(
        [
            Step("LEAD", "2026-04-01", "2026-04-02", Exit.ADVANCED, "MQL", "", marketer),
            Step("MQL", "2026-04-02", owner=seller),
        ]
    )

    found = _course(filters=Filters(owners=(marketer.pk,)))

    assert _counts(found.stage("LEAD")) == (0, 1, 1, 0, 0, 0)
    assert found.stage("MQL").is_quiet
    assert _course(filters=Filters(owners=(0,))).is_empty
    assert not _course(filters=Filters(teams=(0,))).is_empty


def test_figures_keep_to_the_viewers_reach(company: Company) -> None:
    mine, yours = employ("mine@example.jp"), employ("yours@example.jp")
    company.journey([Step("LEAD", "2026-04-01", owner=mine)])
    company.journey([Step("LEAD", "2026-04-01", owner=yours)])
    own = Filters(reach=Reach(own=True), user_id=mine.pk)

    assert _course(filters=own).stage("LEAD").entered == 1
    beyond = Filters(reach=own.reach, user_id=mine.pk, owners=(yours.pk,))
    assert _course(filters=beyond).is_empty
    assert _course(filters=Filters(reach=Reach(), user_id=mine.pk)).is_empty


def test_what_it_costs_does_not_grow(
    company: Company, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    _course()  # the process is read once
    with django_assert_num_queries(7):
        _course()
    for day in range(1, 20):
        left = NOW - timedelta(days=day)
        company.journey(
            [
                Step("LEAD", "2026-04-01", f"{left:%Y-%m-%d}", Exit.ADVANCED, "MQL"),
                Step("MQL", f"{left:%Y-%m-%d}"),
            ]
        )
    with django_assert_num_queries(8):
        _course(APRIL)
