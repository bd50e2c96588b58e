"""What a stored row is called where nobody drew a screen for it: the log and the shell."""

from datetime import date

import pytest
from django.db.models import Model

from tasuki.journeys.models import (
    Account,
    Activity,
    BlueprintVersion,
    Campaign,
    Channel,
    DealChange,
    Event,
    ExchangeRate,
    ExternalRef,
    Merge,
    NotDuplicate,
    RecordChange,
    ReportingSettings,
    RequestReceipt,
    Spend,
    SubscriptionPeriod,
    WriteBatch,
)

DAY = date(2026, 4, 1)


@pytest.mark.parametrize(
    ("row", "name"),
    [
        (Account(name="株式会社青葉"), "株式会社青葉"),
        (Activity(pk=7, kind="call"), "call 7"),
        (BlueprintVersion(key="the_model", version=2), "the_model v2"),
        (Campaign(name="春の展示会"), "春の展示会"),
        (Channel(code="seo"), "seo"),
        (DealChange(journey_id=3, amount_minor=120_000, currency="JPY"), "3 120000 JPY"),
        (Event(pk=9, kind="advanced"), "advanced 9"),
        (ExchangeRate(currency="USD", to_currency="JPY", valid_date=DAY), "USD/JPY 2026-04-01"),
        (ExternalRef(source="crm", entity="journey", key="L1"), "crm:journey:L1"),
        (Merge(entity="account", loser_id=2, winner_id=1), "account 2 into 1"),
        (NotDuplicate(entity="person", first_id=1, second_id=2), "person 1 is not 2"),
        (RecordChange(entity="stay", object_id=5), "stay 5"),
        (ReportingSettings(company_name="青葉商事"), "青葉商事"),
        (RequestReceipt(operation="open_journey", key="form-1"), "open_journey form-1"),
        (Spend(channel_id=4, from_date=DAY), "4 2026-04-01"),
        (SubscriptionPeriod(journey_id=3, starts_date=DAY), "3 2026-04-01"),
        (WriteBatch(pk=8, kind="import", label="leads.csv"), "import 8 leads.csv"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Model) else "",
)
def test_a_row_is_called_by_what_tells_it_apart(row: Model, name: str) -> None:
    assert str(row) == name
