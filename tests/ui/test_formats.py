"""Dates, durations, numbers and money, to the letter."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from tasuki.core.money import Money
from tasuki.ui import formats

NOW = datetime(2026, 11, 22, 5, 5, tzinfo=UTC)  # 14:05 on a Sunday in Tokyo


@pytest.mark.parametrize(
    ("value", "ja", "en"),
    [
        (date(2026, 11, 22), "2026/11/22 (日)", "22 Nov 2026"),
        (date(2026, 1, 5), "2026/01/05 (月)", "5 Jan 2026"),
        (datetime(2026, 11, 22, 15, 0, tzinfo=UTC), "2026/11/23 (月)", "23 Nov 2026"),
        (datetime(2026, 11, 22, 14, 59, tzinfo=UTC), "2026/11/22 (日)", "22 Nov 2026"),
        (None, "–", "–"),
    ],
)
def test_date(value: date | None, ja: str, en: str) -> None:
    assert formats.format_date(value, language="ja") == ja
    assert formats.format_date(value, language="en") == en


def test_short_date_month_and_time() -> None:
    assert formats.format_date_short(NOW, language="ja") == "11/22 (日)"
    assert formats.format_date_short(NOW, language="en") == "22 Nov"
    assert formats.format_month(NOW, language="ja") == "2026年11月"
    assert formats.format_month(NOW, language="en-gb") == "Nov 2026"
    assert formats.format_moment(NOW, language="ja") == "2026/11/22 (日) 14:05"
    assert formats.format_moment(NOW, language="en") == "22 Nov 2026, 14:05"
    assert formats.format_time(NOW) == "14:05"
    assert formats.format_time(NOW, zone=UTC) == "05:05"


def test_nothing_is_a_dash() -> None:
    assert formats.format_date_short(None, language="ja") == "–"
    assert formats.format_month(None, language="ja") == "–"
    assert formats.format_moment(None, language="ja") == "–"
    assert formats.format_time(None) == "–"
    assert formats.format_duration(None, language="ja") == "–"
    assert formats.format_days(None, language="ja") == "–"
    assert formats.format_ago(None, now=NOW, language="ja") == "–"
    assert formats.format_number(None) == "–"
    assert formats.format_ratio(None) == "–"
    assert formats.format_interval(0.1, None) == "–"
    assert formats.format_money(None) == "–"
    assert formats.format_money_short(None, language="ja") == "–"
    assert formats.mask_email(None) == "–"
    assert formats.mask_phone("") == "–"


@pytest.mark.parametrize(
    ("value", "ja", "en"),
    [
        (timedelta(seconds=59), "1分未満", "under 1 min"),
        (timedelta(minutes=5), "5分", "5 min"),
        (timedelta(minutes=60), "1時間", "1 h"),
        (timedelta(minutes=135), "2時間15分", "2 h 15 min"),
        (timedelta(days=1), "1日", "1 day"),
        (timedelta(days=1, hours=4, minutes=50), "1日4時間", "1 day 4 h"),
        (timedelta(days=2, minutes=30), "2日", "2 days"),
        (timedelta(days=3, hours=23), "3日", "3 days"),
        (timedelta(days=1200), "1,200日", "1,200 days"),
        (timedelta(hours=-2), "-2時間", "-2 h"),
    ],
)
def test_duration(value: timedelta, ja: str, en: str) -> None:
    assert formats.format_duration(value, language="ja") == ja
    assert formats.format_duration(value, language="en") == en


@pytest.mark.parametrize(
    ("value", "ja", "en"),
    [
        (4.5, "4.5日", "4.5 days"),
        (1, "1日", "1 day"),
        (9.96, "10日", "10 days"),
        (12.5, "13日", "13 days"),
        (0, "0日", "0 days"),
    ],
)
def test_days(value: float, ja: str, en: str) -> None:
    assert formats.format_days(value, language="ja") == ja
    assert formats.format_days(value, language="en") == en


@pytest.mark.parametrize(
    ("distance", "ja", "en"),
    [
        (timedelta(seconds=30), "たった今", "just now"),
        (timedelta(minutes=20), "20分前", "20 min ago"),
        (timedelta(hours=2, minutes=15), "2時間前", "2 h ago"),
        (timedelta(days=1, hours=4), "1日前", "1 day ago"),
        (timedelta(days=-2), "2日後", "in 2 days"),
    ],
)
def test_ago(distance: timedelta, ja: str, en: str) -> None:
    assert formats.format_ago(NOW - distance, now=NOW, language="ja") == ja
    assert formats.format_ago(NOW - distance, now=NOW, language="en") == en


def test_numbers_round_half_up_and_never_say_minus_zero() -> None:
    assert formats.format_number(1234567) == "1,234,567"
    assert formats.format_number(2.5) == "3"
    assert formats.format_number(Decimal("0.25"), decimals=1) == "0.3"
    assert formats.format_number(-0.2) == "0"
    assert formats.format_ratio(0.1235) == "12.4%"
    assert formats.format_ratio(1, decimals=0) == "100%"
    assert formats.format_interval(0.101, 0.148) == "10.1–14.8%"


@pytest.mark.parametrize(
    ("money", "full", "ja", "en"),
    [
        (Money(0, "JPY"), "¥0", "0円", "¥0"),
        (Money(9_800, "JPY"), "¥9,800", "9,800円", "¥9.8K"),
        (Money(999_960, "JPY"), "¥999,960", "100万円", "¥1M"),
        (Money(12_345, "JPY"), "¥12,345", "1.2万円", "¥12.3K"),
        (Money(3_500_000, "JPY"), "¥3,500,000", "350万円", "¥3.5M"),
        (Money(99_999_999, "JPY"), "¥99,999,999", "1億円", "¥100M"),
        (Money(123_456_789, "JPY"), "¥123,456,789", "1.2億円", "¥123M"),
        (Money(-3_500_000, "JPY"), "-¥3,500,000", "-350万円", "-¥3.5M"),
        (Money(2_000_000_000_000, "JPY"), "¥2,000,000,000,000", "2兆円", "¥2,000B"),
        (Money(1_250, "USD"), "$12.50", "$13", "$13"),
        (Money(120_000_000, "USD"), "$1,200,000.00", "$120万", "$1.2M"),
        (Money(5_000_00, "CHF"), "CHF 5,000.00", "CHF 5,000", "CHF 5K"),
    ],
)
def test_money(money: Money, full: str, ja: str, en: str) -> None:
    assert formats.format_money(money) == full
    assert formats.format_money_short(money, language="ja") == ja
    assert formats.format_money_short(money, language="en") == en


def test_sizes() -> None:
    assert formats.format_size(999) == "999 B"
    assert formats.format_size(12_345_678) == "12.3 MB"
    assert formats.format_size(3 * 10**15) == "3,000.0 TB"


@pytest.mark.parametrize(
    ("address", "masked"),
    [("taro@example.co.jp", "t•••@example.co.jp"), ("no-address", "n•••")],
)
def test_masked_email_keeps_its_domain(address: str, masked: str) -> None:
    assert formats.mask_email(address) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [("03-1234-5678", "••-••••-••78"), ("+81 90 1234 5678", "+•• •• •••• ••78"), ("12", "12")],
)
def test_masked_phone_keeps_its_groups(number: str, masked: str) -> None:
    assert formats.mask_phone(number) == masked
