"""The course told apart: what came to each group, what was won, what it was worth."""

from datetime import date
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from tasuki.analytics.course import CourseQuery, Filters, Group, GroupBy, course_by
from tasuki.core.blueprint import Blueprint
from tasuki.core.lifecycle import Exit
from tasuki.core.money import Money
from tasuki.core.periods import Period
from tasuki.journeys.models import Campaign
from tasuki.people.models import Team
from tests.analytics.company import Company, Step, at, employ, found_company

pytestmark = pytest.mark.django_db

NOW = at("2026-06-01")
APRIL = Period(date(2026, 4, 1), date(2026, 5, 1))


@pytest.fixture
def company() -> Company:
    return found_company()


def _groups(
    by: GroupBy, period: Period | None = None, filters: Filters | None = None
) -> dict[str, Group]:
    query = CourseQuery(now=NOW, period=period, filters=filters or Filters())
    return {group.key: group for group in course_by(query=query, by=by)}


def _won(entered: str = "2026-04-01", won: str = "2026-05-01") -> list[Step]:
    return [Step("MQL", entered, won, Exit.ADVANCED, "WON"), Step("WON", won)]


def _deal(minor: int, currency: str = "JPY", *, converted: bool = True) -> dict[str, Any]:
    return {
        "amount_minor": minor,
        "currency": currency,
        "amount_reporting_minor": minor if converted else None,
    }


def test_won_rate_and_revenue_of_each_channel(company: Company) -> None:
    company.journey(_won(), channel="seo", **_deal(1000))
    company.journey(_won(), channel="seo", **_deal(500))
    company.journey(_won(), channel="seo")
    company.journey([Step("MQL", "2026-04-01")], channel="seo", **_deal(9999))
    company.journey([Step("MQL", "2026-04-01")])

    groups = _groups(GroupBy.CHANNEL)

    assert list(groups) == ["seo", ""]
    seo = groups["seo"]
    assert (seo.label.ja, seo.journeys, seo.won, seo.won_ratio) == ("seo（日）", 4, 3, 0.75)
    assert (seo.revenue.minor, seo.revenue.currency) == (1500, "JPY")
    assert (seo.revenue.unpriced, seo.revenue.unconverted) == (1, 0)
    assert seo.revenue_per_journey_minor == 375.0
    assert seo.revenue.as_money == Money(1500, "JPY")
    assert seo.revenue.per(4) == Money(375, "JPY")
    mql = next(stage for stage in seo.stages if stage.code == "MQL")
    assert (mql.entered, mql.advanced, mql.open) == (4, 3, 1)
    unknown = groups[""]
    assert (unknown.label.en, unknown.journeys, unknown.won) == ("Unknown channel", 1, 0)
    assert (unknown.revenue.minor, unknown.revenue.currency) == (0, "JPY")


def test_the_cohort_of_a_period_may_win_after_it(company: Company) -> None:
    company.journey(_won("2026-04-30", "2026-05-20"), channel="seo")
    company.journey(_won("2026-03-31", "2026-04-20"), channel="seo")

    seo = _groups(GroupBy.CHANNEL, APRIL)["seo"]

    assert (seo.journeys, seo.won) == (1, 1)
    assert next(stage for stage in seo.stages if stage.code == "WON").entered == 1


def test_amounts_in_another_currency_stay_as_they_were_written(company: Company) -> None:
    company.journey(_won(), channel="seo", **_deal(1050, "BRL", converted=False))

    revenue = _groups(GroupBy.CHANNEL)["seo"].revenue

    assert (revenue.minor, revenue.currency) == (1050, "BRL")
    assert (revenue.reporting_minor, revenue.reporting_currency) == (0, "JPY")
    assert revenue.unconverted == 1


def test_mixed_currencies_are_told_in_the_reporting_one(company: Company) -> None:
    company.journey(_won(), channel="seo", **_deal(1000))
    company.journey(
        _won(),
        channel="seo",
        amount_minor=10,
        currency="USD",
        amount_reporting_minor=1500,
    )

    revenue = _groups(GroupBy.CHANNEL)["seo"].revenue

    assert (revenue.minor, revenue.currency, revenue.original_minor) == (2500, "JPY", None)


def test_a_journey_counts_for_everybody_who_held_it(company: Company) -> None:
    teams = [Team.objects.create(name_ja=name, name_en=name) for name in ("内勤", "外勤")]
    caller, seller = (employ(f"{name}@example.jp") for name in ("caller", "seller"))
    company.journey(
        [
            Step("SAL", "2026-04-01", "2026-04-02", Exit.ADVANCED, "SQL", "", caller, teams[0]),
            Step("SQL", "2026-04-02", "2026-04-03", Exit.RETURNED, "SAL", "", caller, teams[0]),
            Step("SAL", "2026-04-03", "2026-04-04", Exit.ADVANCED, "WON", "", caller, teams[0]),
            Step("WON", "2026-04-04", owner=seller, team=teams[1]),
        ],
        **_deal(700),
    )
    company.journey([Step("SAL", "2026-04-01", owner=caller, team=teams[0])])
    company.journey([Step("SAL", "2026-04-01")])

    owners = _groups(GroupBy.OWNER)

    assert [(key, group.journeys, group.won) for key, group in owners.items()] == [
        (str(caller.pk), 2, 1),
        (str(seller.pk), 1, 1),
        ("", 1, 0),
    ]
    assert owners[str(caller.pk)].revenue.minor == 700
    assert owners[str(caller.pk)].label.ja == "caller"
    assert [group.label.ja for group in _groups(GroupBy.TEAM).values()] == [
        "内勤",
        "外勤",
        "チームなし",
    ]


def test_with_an_owner_chosen_journeys_count_from_when_that_owner_had_them(
    company: Company,
) -> None:
    caller, seller = (employ(f"{name}@example.jp") for name in ("caller", "seller"))
    company.journey(
        [
            Step("SAL", "2026-03-01", "2026-04-02", Exit.ADVANCED, "SQL", "", caller),
            Step("SQL", "2026-04-02", owner=seller),
        ],
        channel="seo",
    )

    chosen = Filters(owners=(seller.pk,))

    assert _groups(GroupBy.CHANNEL, APRIL, chosen)["seo"].journeys == 1
    assert "seo" not in _groups(GroupBy.CHANNEL, APRIL, Filters(owners=(-1,)))


def test_segments_campaigns_and_motions_have_names(company: Company) -> None:
    campaign = Campaign.objects.create(channel=company.channel("seo"), name="春の展示会")
    company.journey([Step("LEAD", "2026-04-01")], segment="smb", campaign=campaign)

    assert [group.label.ja for group in _groups(GroupBy.SEGMENT).values()] == ["smb"]
    assert [group.label.ja for group in _groups(GroupBy.CAMPAIGN).values()] == ["春の展示会"]
    assert [group.label.ja for group in _groups(GroupBy.MOTION).values()] == ["分業"]


def test_a_renewal_is_nobodys_new_journey(company: Company) -> None:
    company.journey(
        [Step("RENEW", "2026-04-01", "2026-05-01", Exit.COMPLETED)], kind="renewal", channel="seo"
    )

    seo = _groups(GroupBy.CHANNEL)["seo"]

    assert (seo.journeys, seo.won, seo.won_ratio) == (0, 0, None)


def test_a_process_without_a_contract_wins_nothing(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.journey([Step("MQL", "2026-04-01")], channel="seo")
    monkeypatch.setattr(Blueprint, "winning_stage", lambda _self: None)

    seo = _groups(GroupBy.CHANNEL)["seo"]

    assert (seo.journeys, seo.won) == (0, 0)


def test_what_it_costs_does_not_grow(
    company: Company, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for channel in ("seo", "ads", "event"):
        company.journey(_won(), channel=channel)
    _groups(GroupBy.CHANNEL)
    with django_assert_num_queries(8):
        _groups(GroupBy.CHANNEL)
    with django_assert_num_queries(9):
        _groups(GroupBy.CHANNEL, APRIL)
