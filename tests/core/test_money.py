"""Money: exact sums, dated rates, rounding half to even, shares that lose no unit."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasuki.core.money import (
    CURRENCIES,
    CurrencyMismatch,
    InvalidRate,
    MissingRate,
    Money,
    MoneyError,
    Rate,
    RateTable,
    TooPrecise,
    UnknownCurrency,
    annualised,
    convert,
    exponent_of,
    from_major,
    monthly,
    total,
)

minors = st.integers(min_value=-(10**15), max_value=10**15)


def yen(minor: int) -> Money:
    return Money(minor, "JPY")


@pytest.mark.parametrize(
    ("currency", "exponent"),
    [
        ("JPY", 0),
        ("KRW", 0),
        ("VND", 0),
        ("USD", 2),
        ("EUR", 2),
        ("BHD", 3),
        ("KWD", 3),
        ("CLF", 4),
    ],
)
def test_exponent_follows_iso_4217(currency: str, exponent: int) -> None:
    assert exponent_of(currency) == exponent


@pytest.mark.parametrize("currency", ["", "jpy", "YEN", "XYZ", "US"])
def test_an_unknown_currency_is_refused(currency: str) -> None:
    with pytest.raises(UnknownCurrency) as refusal:
        Money(1, currency)
    assert refusal.value.currency == currency


def test_every_known_code_is_three_capitals() -> None:
    assert all(len(code) == 3 and code.isalpha() and code.isupper() for code in CURRENCIES)


def test_major_amount_and_text_carry_the_currencys_decimals() -> None:
    assert yen(1_200_000).major == Decimal(1_200_000)
    assert Money(123_456, "USD").major == Decimal("1234.56")
    assert str(yen(1_200_000)) == "JPY 1,200,000"
    assert str(Money(-123_450, "USD")) == "USD -1,234.50"


def test_arithmetic_in_one_currency() -> None:
    assert yen(700) + yen(500) == yen(1200)
    assert yen(700) - yen(500) == yen(200)
    assert -yen(700) == yen(-700)
    assert yen(700) * 12 == yen(8400)
    assert total([yen(1), yen(2), yen(3)], currency="JPY") == yen(6)
    assert total([], currency="USD") == Money(0, "USD")


def test_order_in_one_currency() -> None:
    assert yen(1) < yen(2)
    assert yen(2) <= yen(2)
    assert yen(3) > yen(2)
    assert yen(2) >= yen(2)
    assert max(yen(5), yen(9)) == yen(9)


def test_two_currencies_never_mix() -> None:
    dollar = Money(100, "USD")
    with pytest.raises(CurrencyMismatch) as refusal:
        yen(100) + dollar
    assert (refusal.value.left, refusal.value.right) == ("JPY", "USD")
    with pytest.raises(CurrencyMismatch):
        total([dollar], currency="JPY")
    with pytest.raises(CurrencyMismatch):
        _ = yen(100) < dollar


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        (Decimal("1234.5"), "USD", 123_450),
        (Decimal("1200.0"), "JPY", 1200),
        (1200, "JPY", 1200),
        (Decimal("-0.001"), "KWD", -1),
        (Decimal("1E+6"), "JPY", 1_000_000),
    ],
)
def test_from_major_is_exact(amount: Decimal | int, currency: str, minor: int) -> None:
    assert from_major(amount, currency=currency) == Money(minor, currency)


def test_from_major_refuses_what_the_currency_cannot_hold() -> None:
    with pytest.raises(TooPrecise) as refusal:
        from_major(Decimal("0.5"), currency="JPY")
    assert (refusal.value.amount, refusal.value.currency) == (Decimal("0.5"), "JPY")
    with pytest.raises(MoneyError, match="not an amount"):
        from_major(Decimal("NaN"), currency="JPY")


RATES = RateTable(
    [
        Rate("USD", "JPY", date(2026, 7, 1), Decimal("155.25")),
        Rate("USD", "JPY", date(2026, 4, 1), Decimal(150)),
        Rate("EUR", "JPY", date(2026, 4, 1), Decimal("160.5")),
    ]
)


@pytest.mark.parametrize(
    ("money", "to", "on", "expected"),
    [
        (Money(10_000, "USD"), "JPY", date(2026, 4, 1), yen(15_000)),
        (Money(10_000, "USD"), "JPY", date(2026, 6, 30), yen(15_000)),
        (Money(10_000, "USD"), "JPY", date(2026, 7, 1), yen(15_525)),
        (yen(15_000), "USD", date(2026, 5, 1), Money(10_000, "USD")),
        (yen(15_000), "JPY", date(1999, 1, 1), yen(15_000)),
        (Money(100, "EUR"), "JPY", date(2026, 4, 1), yen(160)),
        (Money(300, "EUR"), "JPY", date(2026, 4, 1), yen(482)),
        (Money(-100, "EUR"), "JPY", date(2026, 4, 1), yen(-160)),
    ],
)
def test_convert_takes_the_latest_rate_and_rounds_half_to_even(
    money: Money, to: str, on: date, expected: Money
) -> None:
    assert convert(money, to=to, rates=RATES, on=on) == expected


def test_a_missing_rate_names_pair_and_date() -> None:
    with pytest.raises(MissingRate) as refusal:
        convert(Money(1, "USD"), to="JPY", rates=RATES, on=date(2026, 3, 31))
    assert refusal.value.from_currency == "USD"
    assert refusal.value.to_currency == "JPY"
    assert refusal.value.on == date(2026, 3, 31)
    assert str(refusal.value) == "no rate from USD to JPY on or before 2026-03-31"


def test_rates_are_not_chained_through_a_third_currency() -> None:
    with pytest.raises(MissingRate):
        convert(Money(1, "USD"), to="EUR", rates=RATES, on=date(2026, 8, 1))


@pytest.mark.parametrize(
    ("rates", "problem"),
    [
        ([Rate("USD", "USD", date(2026, 1, 1), Decimal(1))], "pairs a currency with itself"),
        ([Rate("USD", "JPY", date(2026, 1, 1), Decimal(0))], "0 is not a positive number"),
        ([Rate("USD", "JPY", date(2026, 1, 1), Decimal("NaN"))], "NaN is not a positive number"),
        ([Rate("USD", "JPY", date(2026, 1, 1), Decimal(150))] * 2, "given twice"),
    ],
)
def test_a_rate_that_cannot_hold_is_refused(rates: list[Rate], problem: str) -> None:
    with pytest.raises(InvalidRate) as refusal:
        RateTable(rates)
    assert refusal.value.problem == problem
    assert refusal.value.rate == rates[-1]


def test_a_rate_of_an_unknown_currency_is_refused() -> None:
    with pytest.raises(UnknownCurrency):
        RateTable([Rate("USD", "YEN", date(2026, 1, 1), Decimal(150))])


def test_allocate_gives_the_left_over_units_to_the_first_parts() -> None:
    assert yen(100).allocate(3) == (yen(34), yen(33), yen(33))
    assert yen(-100).allocate(3) == (yen(-34), yen(-33), yen(-33))
    assert yen(1).allocate(2) == (yen(1), yen(0))


def test_allocate_by_weights_gives_them_to_the_largest_remainders() -> None:
    assert yen(100).allocate_by([1, 2, 4]) == (yen(14), yen(29), yen(57))
    assert yen(10).allocate_by([0, 1]) == (yen(0), yen(10))


@pytest.mark.parametrize("weights", [[], [0, 0], [2, -1]])
def test_weights_that_share_nothing_are_refused(weights: list[int]) -> None:
    with pytest.raises(MoneyError):
        yen(100).allocate_by(weights)


def test_allocate_refuses_no_parts() -> None:
    with pytest.raises(MoneyError):
        yen(100).allocate(0)


@given(minors, st.integers(min_value=1, max_value=60))
def test_allocate_loses_nothing_and_is_even(minor: int, parts: int) -> None:
    shares = yen(minor).allocate(parts)
    assert total(shares, currency="JPY") == yen(minor)
    assert max(shares).minor - min(shares).minor <= 1


@given(minors, st.lists(st.integers(min_value=0, max_value=1000), min_size=1).filter(any))
def test_allocate_by_weights_loses_nothing(minor: int, weights: list[int]) -> None:
    assert total(yen(minor).allocate_by(weights), currency="JPY") == yen(minor)


@given(minors, minors)
def test_subtraction_undoes_addition(first: int, second: int) -> None:
    assert yen(first) + yen(second) - yen(second) == yen(first)


@given(minors, st.sampled_from(sorted(CURRENCIES)))
def test_major_and_minor_name_the_same_amount(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert from_major(money.major, currency=currency) == money


@pytest.mark.parametrize(
    ("minor", "months", "per_month", "per_year"),
    [
        (120_000, 12, 10_000, 120_000),
        (10_000, 1, 10_000, 120_000),
        (100_000, 3, 33_333, 400_000),
        (100_000, 36, 2778, 33_333),
        (5, 2, 2, 30),
        (7, 2, 4, 42),
        (-5, 2, -2, -30),
    ],
)
def test_recurring_amounts_per_month_and_year(
    minor: int, months: int, per_month: int, per_year: int
) -> None:
    assert monthly(yen(minor), months=months) == yen(per_month)
    assert annualised(yen(minor), months=months) == yen(per_year)


def test_a_recurring_amount_needs_a_month() -> None:
    with pytest.raises(MoneyError):
        monthly(yen(1), months=0)
