"""Dates that a source contradicts itself in are reported."""

from datetime import date

import pytest

from tasuki.analytics.course import DateConflict, Filters, date_conflicts
from tasuki.core.lifecycle import Exit
from tasuki.journeys.models import Journey, Stay
from tests.analytics.company import Company, Step, at, found_company

pytestmark = pytest.mark.django_db


def _contradicted(company: Company, channel: str = "") -> Journey:
    journey = company.journey(
        [
            Step("MQL", "2026-04-10", "2026-04-10", Exit.ADVANCED, "WON"),
            Step("WON", "2026-04-10"),
        ],
        channel=channel,
    )
    Stay.objects.filter(journey=journey, stage="WON").update(claimed_date=date(2026, 4, 1))
    return journey


def test_a_deal_won_before_its_first_contact_is_reported() -> None:
    journey = _contradicted(found_company())

    assert date_conflicts(filters=Filters()) == (
        DateConflict(
            journey_id=journey.pk,
            name="株式会社無区分",
            stage="WON",
            claimed_date=date(2026, 4, 1),
            entered_at=at("2026-04-10"),
            previous_stage="MQL",
            next_stage="",
        ),
    )


def test_only_what_the_filters_let_count() -> None:
    company = found_company()
    _contradicted(company, "seo")
    kept = _contradicted(company, "ads")

    [found] = date_conflicts(filters=Filters(channels=("ads",)))

    assert found.journey_id == kept.pk


def test_a_first_stay_has_nothing_before_it() -> None:
    journey = found_company().journey([Step("MQL", "2026-04-10")], title="移行データ")
    Stay.objects.filter(journey=journey).update(claimed_date=date(2026, 4, 1))

    [found] = date_conflicts(filters=Filters())

    assert (found.name, found.previous_stage) == ("移行データ", "")
