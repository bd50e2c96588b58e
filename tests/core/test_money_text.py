"""Amounts as people write them: one reading or a refusal that names the rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasuki.core.money import Money, UnknownCurrency
from tasuki.core.money_text import AmountProblem, UnreadableAmount, parse_money


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("1200000", 1_200_000),
        ("1,200,000", 1_200_000),
        ("¥1,200,000", 1_200_000),
        ("￥１，２００，０００", 1_200_000),
        ("1,200,000円", 1_200_000),
        (" 1 200 000 JPY ", 1_200_000),
        ("120万", 1_200_000),
        ("１２０万円", 1_200_000),
        ("1.2億", 120_000_000),
        ("1億2,000万円", 120_000_000),
        ("1億2000万3千", 120_003_000),
        ("120万5000", 1_205_000),
        ("1,200千円", 1_200_000),
        ("12百万円", 12_000_000),
        ("5千万", 50_000_000),
        ("1.234億", 123_400_000),
        ("2兆", 2_000_000_000_000),
        ("1.2M", 1_200_000),
        ("500k", 500_000),
        ("0", 0),
        ("1200.00", 1200),
        ("1200.0", 1200),
        ("-1,200", -1200),
        ("−1,200", -1200),
        ("△1,200", -1200),
        ("▲1,200", -1200),
        ("(1,200)", -1200),
        ("（1,200円）", -1200),
        ("¥-500", -500),
        ("-¥500", -500),
        ("+5", 5),
        ("1'234'567", 1_234_567),
        ("1.234.567", 1_234_567),
    ],
)
def test_yen(text: str, minor: int) -> None:
    assert parse_money(text, currency="JPY") == Money(minor, "JPY")


@pytest.mark.parametrize(
    ("text", "setting", "minor", "currency"),
    [
        ("R$ 1.234,56", "JPY", 123_456, "BRL"),
        ("$100", "JPY", 10_000, "USD"),
        ("$100", "SGD", 10_000, "SGD"),
        ("US$1.2M", "JPY", 120_000_000, "USD"),
        ("120万ドル", "JPY", 120_000_000, "USD"),
        ("€1.234.567,89", "JPY", 123_456_789, "EUR"),
        ("1,20 €", "JPY", 120, "EUR"),
        ("CHF 1’234.50", "JPY", 123_450, "CHF"),
        ("1,234.56", "USD", 123_456, "USD"),
        ("1.200,5 EUR", "JPY", 120_050, "EUR"),
        ("0.5", "EUR", 50, "EUR"),
        ("0,500", "KWD", 500, "KWD"),
        ("1.250", "KWD", 1250, "KWD"),
        ("1,250", "KWD", 1_250_000, "KWD"),
        ("¥300", "CNY", 30_000, "CNY"),
        ("¥300", "USD", 300, "JPY"),
        ("USD 5 USD", "JPY", 500, "USD"),
        ("500 usd", "JPY", 50_000, "USD"),
    ],
)
def test_other_currencies(text: str, setting: str, minor: int, currency: str) -> None:
    assert parse_money(text, currency=setting) == Money(minor, currency)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", AmountProblem.EMPTY),
        ("　", AmountProblem.EMPTY),
        ("約100万", AmountProblem.NOT_AN_AMOUNT),
        ("百万円", AmountProblem.NOT_AN_AMOUNT),
        ("1,234,56", AmountProblem.NOT_AN_AMOUNT),
        ("12,34,567", AmountProblem.NOT_AN_AMOUNT),
        ("1.2.3", AmountProblem.NOT_AN_AMOUNT),
        (".5", AmountProblem.NOT_AN_AMOUNT),
        ("5.", AmountProblem.NOT_AN_AMOUNT),
        (",", AmountProblem.NOT_AN_AMOUNT),
        ("1億2億", AmountProblem.NOT_AN_AMOUNT),
        ("1.2億3000万", AmountProblem.NOT_AN_AMOUNT),
        ("=1+1", AmountProblem.NOT_AN_AMOUNT),
        ("1" * 61, AmountProblem.NOT_AN_AMOUNT),
        ("JPY 100 USD", AmountProblem.TWO_CURRENCIES),
        ("$100円", AmountProblem.TWO_CURRENCIES),
        ("1.200", AmountProblem.AMBIGUOUS),
        ("12.500円", AmountProblem.AMBIGUOUS),
        ("€1.234", AmountProblem.AMBIGUOUS),
        ("1200.5", AmountProblem.TOO_PRECISE),
        ("$1.005,001", AmountProblem.TOO_PRECISE),
        ("9" * 30, AmountProblem.TOO_LARGE),
    ],
)
def test_what_has_no_single_reading_is_refused(text: str, problem: AmountProblem) -> None:
    with pytest.raises(UnreadableAmount) as refusal:
        parse_money(text, currency="JPY")
    assert refusal.value.problem is problem
    assert refusal.value.text == text
    assert problem.label.ja
    assert problem.label.en in str(refusal.value)


def test_the_currency_of_the_setting_must_exist() -> None:
    with pytest.raises(UnknownCurrency):
        parse_money("100", currency="YEN")


@given(
    st.integers(min_value=-(2**63) + 1, max_value=2**63 - 1),
    st.sampled_from(["JPY", "USD", "EUR", "KRW", "CLF"]),
)
def test_a_printed_amount_reads_back(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert parse_money(f"{money.major:,f}", currency=currency) == money
    assert parse_money(str(money), currency="JPY") == money


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        money = parse_money(text, currency="JPY")
    except UnreadableAmount:
        return
    assert isinstance(money.minor, int)
