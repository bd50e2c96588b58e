"""Channels and campaigns: found by name, or made once; and the company's own name."""

from datetime import date

import pytest

from tasuki.core.labels import Label
from tasuki.journeys.models import Campaign, Channel, ReportingSettings
from tasuki.journeys.operations.setup import name_company, own_settings
from tasuki.journeys.operations.sources import ensure_campaign, ensure_channel
from tests.journeys import factories

pytestmark = pytest.mark.django_db


def test_a_new_channel_takes_its_place_after_the_others() -> None:
    factories.process()

    channel, made = ensure_channel(code="radio", label=Label("ラジオ", "Radio"), batch_id=None)
    again, made_again = ensure_channel(code="radio", label=Label("x", "x"), batch_id=None)

    assert (made, made_again) == (True, False)
    assert again == channel
    assert list(Channel.objects.values_list("code", flat=True))[-1] == "radio"
    assert (channel.label_ja, channel.label_en) == ("ラジオ", "Radio")


def test_a_campaign_is_made_once_in_its_channel() -> None:
    channel, _ = ensure_channel(code="radio", label=Label("ラジオ", "Radio"), batch_id=None)

    for _ in range(2):
        ensure_campaign(
            channel_id=channel.pk,
            name="春の番組",
            starts_date=date(2026, 4, 1),
            ends_date=None,
            batch_id=None,
        )

    assert Campaign.objects.get().starts_date == date(2026, 4, 1)


def test_the_company_is_named_whether_or_not_settings_are_there() -> None:
    name_company(company_name="青葉")
    name_company(company_name="青葉クラウド")

    assert own_settings().company_name == "青葉クラウド"
    assert ReportingSettings.objects.count() == 1
