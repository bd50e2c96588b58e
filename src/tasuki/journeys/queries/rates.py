"""The reporting currency and its dated rates."""

from datetime import date

from tasuki.core.money import Money, Rate, RateTable, convert
from tasuki.journeys.models import ExchangeRate, ReportingSettings


def reporting_settings() -> ReportingSettings:
    """This will return how this company reports; defaults when nobody chose yet."""
    return ReportingSettings.objects.filter(pk=1).first() or ReportingSettings()


def rate_table() -> RateTable:
    """This will return every dated rate, in the shape the core converts with."""
    return RateTable(
        Rate(row.currency, row.to_currency, row.valid_date, row.rate)
        for row in ExchangeRate.objects.all()
    )


def in_reporting_currency(*, amount: Money, on: date) -> int:
    """This will return the amount in minor units of the reporting currency at that day's rate.

    Raises:
        MissingRate: no rate is known for the pair on or before the day.
    """
    to = reporting_settings().reporting_currency
    if amount.currency == to:
        return amount.minor
    return convert(amount, to=to, rates=rate_table(), on=on).minor
