"""Amounts of money: an integer count of minor units and the currency they are counted in.

Exponents and codes follow ISO 4217 (list one, active currencies). Every division rounds half to
even (IEEE 754 `roundTiesToEven`, "banker's rounding"), so that rounding many amounts does not drift
upwards.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Final

DEFAULT_EXPONENT: Final = 2

_NO_DECIMALS: Final = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE_DECIMALS: Final = "BHD IQD JOD KWD LYD OMR TND"
_FOUR_DECIMALS: Final = "CLF UYW"
_TWO_DECIMALS: Final = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
    CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL
    HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT
    MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB
    SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH
    USD UYU UZS VED VES WST XCD YER ZAR ZMW ZWG
"""

EXPONENTS: Final[Mapping[str, int]] = MappingProxyType(
    {
        **dict.fromkeys(_NO_DECIMALS.split(), 0),
        **dict.fromkeys(_THREE_DECIMALS.split(), 3),
        **dict.fromkeys(_FOUR_DECIMALS.split(), 4),
    }
)
"""ISO 4217 currencies whose minor unit is not a hundredth."""

CURRENCIES: Final = frozenset(EXPONENTS) | frozenset(_TWO_DECIMALS.split())


class MoneyError(ValueError):
    """Something about an amount of money that cannot be carried out."""


class UnknownCurrency(MoneyError):
    """The code is not an active ISO 4217 currency."""

    def __init__(self, currency: str) -> None:
        self.currency = currency
        super().__init__(f"{currency!r} is not an ISO 4217 currency code")


class CurrencyMismatch(MoneyError):
    """Two amounts in different currencies were combined without a rate."""

    def __init__(self, left: str, right: str) -> None:
        self.left = left
        self.right = right
        super().__init__(f"cannot combine {left} with {right} without a dated rate")


class TooPrecise(MoneyError):
    """The amount has a fraction smaller than the currency's minor unit."""

    def __init__(self, amount: Decimal, currency: str) -> None:
        self.amount = amount
        self.currency = currency
        places = exponent_of(currency)
        super().__init__(f"{amount} has more than the {places} decimals of {currency}")


class MissingRate(MoneyError):
    """No rate for the pair is known on or before the date."""

    def __init__(self, from_currency: str, to_currency: str, on: date) -> None:
        self.from_currency = from_currency
        self.to_currency = to_currency
        self.on = on
        super().__init__(f"no rate from {from_currency} to {to_currency} on or before {on}")


class InvalidRate(MoneyError):
    """A rate that is not positive and finite, pairs a currency with itself, or is given twice."""

    def __init__(self, rate: Rate, problem: str) -> None:
        self.rate = rate
        self.problem = problem
        super().__init__(
            f"rate {rate.from_currency} to {rate.to_currency} from {rate.from_date}: {problem}"
        )


def exponent_of(currency: str) -> int:
    """Return the number of decimals of the currency's minor unit (ISO 4217).

    Raises: UnknownCurrency.
    """
    if currency not in CURRENCIES:
        raise UnknownCurrency(currency)
    return EXPONENTS.get(currency, DEFAULT_EXPONENT)


@dataclass(frozen=True, slots=True)
class Money:
    """`minor` units of `currency`: Money(1200, "JPY") is ¥1,200, Money(1200, "USD") is $12.00."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        exponent_of(self.currency)

    @property
    def major(self) -> Decimal:
        """The exact amount in the currency's main unit, with all its decimals."""
        return Decimal(self.minor).scaleb(-exponent_of(self.currency))

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._minor_of(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._minor_of(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __mul__(self, factor: int) -> Money:
        return Money(self.minor * factor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._minor_of(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._minor_of(other)

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._minor_of(other)

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._minor_of(other)

    def __str__(self) -> str:
        return f"{self.currency} {self.major:,f}"

    def allocate(self, parts: int) -> tuple[Money, ...]:
        """Return `parts` amounts that differ by at most one minor unit and add up to this one.

        Raises: MoneyError when parts is not positive.
        """
        if parts < 1:
            raise MoneyError(f"cannot allocate to {parts} parts")
        return self.allocate_by([1] * parts)

    def allocate_by(self, weights: Sequence[int]) -> tuple[Money, ...]:
        """Return one amount per weight, in proportion, adding up to this one exactly.

        Units left over go to the largest remainders, the earlier part first (the Hare quota and
        largest remainder method).

        Raises: MoneyError when a weight is negative or all of them are zero.
        """
        total = sum(weights)
        if total <= 0 or min(weights) < 0:
            raise MoneyError(f"cannot allocate by weights {list(weights)}")
        sign = -1 if self.minor < 0 else 1
        shares = [divmod(abs(self.minor) * weight, total) for weight in weights]
        left_over = abs(self.minor) - sum(quotient for quotient, _ in shares)
        by_remainder = sorted(range(len(shares)), key=lambda index: (-shares[index][1], index))
        topped_up = frozenset(by_remainder[:left_over])
        return tuple(
            Money(sign * (quotient + (index in topped_up)), self.currency)
            for index, (quotient, _) in enumerate(shares)
        )

    def _minor_of(self, other: Money) -> int:
        if other.currency != self.currency:
            raise CurrencyMismatch(self.currency, other.currency)
        return other.minor


@dataclass(frozen=True, slots=True)
class Rate:
    """From `from_date` on, one main unit of `from_currency` is `ratio` main units of the other."""

    from_currency: str
    to_currency: str
    from_date: date
    ratio: Decimal


class RateTable:
    """Dated exchange rates. A rate holds from its date until the next one of the same pair."""

    __slots__ = ("_rates",)

    def __init__(self, rates: Iterable[Rate] = ()) -> None:
        """Index the rates by pair.

        Raises: UnknownCurrency; InvalidRate when a ratio is not positive and finite, a currency is
        paired with itself, or a pair has two rates for one date.
        """
        by_pair: dict[tuple[str, str], dict[date, Rate]] = {}
        for rate in rates:
            _check_rate(rate)
            dated = by_pair.setdefault((rate.from_currency, rate.to_currency), {})
            if rate.from_date in dated:
                raise InvalidRate(rate, "given twice")
            dated[rate.from_date] = rate
        self._rates = {
            pair: tuple(dated[day] for day in sorted(dated)) for pair, dated in by_pair.items()
        }

    def ratio(self, *, from_currency: str, to_currency: str, on: date) -> Fraction:
        """Return how many main units of `to_currency` one of `from_currency` is worth on the date.

        The latest rate of the pair not after the date; when the pair has none, the inverse of the
        latest rate of the opposite pair. Rates are never chained through a third currency.

        Raises: MissingRate.
        """
        if from_currency == to_currency:
            return Fraction(1)
        if direct := self._latest((from_currency, to_currency), on):
            return Fraction(direct.ratio)
        if inverse := self._latest((to_currency, from_currency), on):
            return 1 / Fraction(inverse.ratio)
        raise MissingRate(from_currency, to_currency, on)

    def _latest(self, pair: tuple[str, str], on: date) -> Rate | None:
        dated = self._rates.get(pair, ())
        position = bisect_right(dated, on, key=lambda rate: rate.from_date)
        return dated[position - 1] if position else None


def from_major(amount: Decimal | int, *, currency: str) -> Money:
    """Return the exact amount given in the currency's main unit.

    Raises: UnknownCurrency; TooPrecise; MoneyError when the amount is not finite.
    """
    exact = Decimal(amount)
    exponent = exponent_of(currency)
    if not exact.is_finite():
        raise MoneyError(f"{amount} is not an amount")
    minor = Fraction(exact) * 10**exponent
    if minor.denominator != 1:
        raise TooPrecise(exact, currency)
    return Money(minor.numerator, currency)


def total(amounts: Iterable[Money], *, currency: str) -> Money:
    """Return the sum of the amounts, zero of `currency` when there are none.

    Raises: CurrencyMismatch when an amount is in another currency.
    """
    return sum(amounts, start=Money(0, currency))


def convert(money: Money, *, to: str, rates: RateTable, on: date) -> Money:
    """Return the amount in the currency `to` at the rate of the date, rounded half to even.

    Raises: MissingRate; UnknownCurrency.
    """
    ratio = rates.ratio(from_currency=money.currency, to_currency=to, on=on)
    scale = Fraction(10) ** (exponent_of(to) - exponent_of(money.currency))
    return Money(round(money.minor * ratio * scale), to)


def monthly(money: Money, *, months: int) -> Money:
    """Return the amount per month of a price paid every `months` months, rounded half to even.

    Raises: MoneyError when months is not positive.
    """
    return _scaled(money, months=months, to_months=1)


def annualised(money: Money, *, months: int) -> Money:
    """Return the amount per twelve months of a price paid every `months` months.

    Computed from the price itself, not from the rounded month, and rounded half to even.

    Raises: MoneyError when months is not positive.
    """
    return _scaled(money, months=months, to_months=12)


def _scaled(money: Money, *, months: int, to_months: int) -> Money:
    if months < 1:
        raise MoneyError(f"a recurring price needs at least one month, not {months}")
    return Money(round(Fraction(money.minor * to_months, months)), money.currency)


def _check_rate(rate: Rate) -> None:
    exponent_of(rate.from_currency)
    exponent_of(rate.to_currency)
    if rate.from_currency == rate.to_currency:
        raise InvalidRate(rate, "pairs a currency with itself")
    if not rate.ratio.is_finite() or rate.ratio <= 0:
        raise InvalidRate(rate, f"{rate.ratio} is not a positive number")
