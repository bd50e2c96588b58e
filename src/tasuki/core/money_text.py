"""Reading an amount of money as people write it: "¥1,200,000", "1億2,000万円", "R$ 1.234,56".

What has two readings is refused, never guessed: "1.200" is 1.2 in Japan and 1,200 in Germany.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from enum import StrEnum
from typing import Final

from tasuki.core.labels import Label
from tasuki.core.money import (
    CURRENCIES,
    Money,
    MoneyError,
    TooPrecise,
    exponent_of,
    from_major,
)

_SYMBOLS: Final = {
    "US$": "USD",
    "R$": "BRL",
    "A$": "AUD",
    "AU$": "AUD",
    "C$": "CAD",
    "CA$": "CAD",
    "HK$": "HKD",
    "NT$": "TWD",
    "S$": "SGD",
    "NZ$": "NZD",
    "€": "EUR",
    "ユーロ": "EUR",
    "£": "GBP",
    "ポンド": "GBP",
    "₩": "KRW",
    "ウォン": "KRW",
    "₹": "INR",
    "฿": "THB",
    "₫": "VND",
    "円": "JPY",
    "米ドル": "USD",
    "人民元": "CNY",
    "元": "CNY",
}
_DOLLARS: Final = frozenset(("USD", "AUD", "CAD", "HKD", "NZD", "SGD", "TWD"))
_SHARED_SYMBOLS: Final = {
    "$": ("USD", _DOLLARS),
    "ドル": ("USD", _DOLLARS),
    "¥": ("JPY", frozenset(("JPY", "CNY"))),
}
"""Symbols of several currencies: the one they mean alone, and those they may mean by setting."""

_MULTIPLIERS: Final = {
    "千": 10**3,
    "万": 10**4,
    "十万": 10**5,
    "百万": 10**6,
    "千万": 10**7,
    "億": 10**8,
    "十億": 10**9,
    "百億": 10**10,
    "千億": 10**11,
    "兆": 10**12,
    "K": 10**3,
    "M": 10**6,
    "MM": 10**6,
    "MN": 10**6,
    "B": 10**9,
    "BN": 10**9,
}
_MARKS: Final = sorted({*_SYMBOLS, *_SHARED_SYMBOLS}, key=len, reverse=True)
_CODES: Final = "|".join(sorted(CURRENCIES))
_MARK: Final = "|".join([*map(re.escape, _MARKS), _CODES])
_UNIT: Final = "|".join(sorted(_MULTIPLIERS, key=len, reverse=True))
_MARKED: Final = re.compile(rf"({_MARK})?([0-9.,']+(?:(?:{_UNIT})[0-9.,']*)*)({_MARK})?")
_SEGMENT: Final = re.compile(rf"([0-9.,']+)({_UNIT})?")
_DASHES: Final = str.maketrans(dict.fromkeys("‐‑‒–—―−─ー", "-"))
_PLAIN: Final = re.compile(r"[0-9]+")
_GROUPED: Final = {
    ",": re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+"),
    ".": re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+"),
    "'": re.compile(r"[0-9]{1,3}(?:'[0-9]{3})+"),
}
MAX_LENGTH: Final = 60
MAX_MINOR: Final = 2**63 - 1
"""The largest amount a PostgreSQL bigint holds."""


class AmountProblem(StrEnum):
    """Why a written amount was refused."""

    EMPTY = "empty"
    NOT_AN_AMOUNT = "not_an_amount"
    AMBIGUOUS = "ambiguous"
    TWO_CURRENCIES = "two_currencies"
    TOO_PRECISE = "too_precise"
    TOO_LARGE = "too_large"

    @property
    def label(self) -> Label:
        """Say the rule in both languages."""
        return _PROBLEM_LABELS[self]


_PROBLEM_LABELS: Final = {
    AmountProblem.EMPTY: Label("金額がありません", "The amount is empty"),
    AmountProblem.NOT_AN_AMOUNT: Label(
        "金額として読み取れません", "This is not an amount of money"
    ),
    AmountProblem.AMBIGUOUS: Label(
        "桁区切りと小数点の区別がつきません",
        "The separator may mean thousands or decimals",
    ),
    AmountProblem.TWO_CURRENCIES: Label(
        "通貨が2つ書かれています", "Two currencies are written in one amount"
    ),
    AmountProblem.TOO_PRECISE: Label(
        "通貨の最小単位より細かい端数があります",
        "The amount is finer than the currency's smallest unit",
    ),
    AmountProblem.TOO_LARGE: Label("金額が大きすぎます", "The amount is too large"),
}


class UnreadableAmount(MoneyError):
    """A text that cannot be read as exactly one amount of money."""

    def __init__(self, problem: AmountProblem, text: str) -> None:
        self.problem = problem
        self.text = text
        super().__init__(f"{problem.label.en}: {text!r}")


def parse_money(text: str, *, currency: str) -> Money:
    """Return the amount a person wrote; `currency` holds where the text names none.

    Full-width digits, 万/億/兆 and 千円/百万円, K/M/B, ISO codes and the common symbols are read;
    ¥ and $ mean the given currency where that is one of theirs, else JPY and USD. A comma before
    exactly three digits groups thousands; a point before exactly three digits is ambiguous, unless
    the currency has three decimals. Negative: -1, △1, ▲1, (1).

    Raises: UnreadableAmount with the problem; UnknownCurrency for the given currency.
    """
    exponent_of(currency)
    narrow = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).translate(_DASHES).upper()
    if not narrow:
        raise UnreadableAmount(AmountProblem.EMPTY, text)
    unsigned, sign = _unsigned(narrow.replace("’", "'"))
    marked = _MARKED.fullmatch(unsigned) if len(unsigned) <= MAX_LENGTH else None
    if not marked:
        raise UnreadableAmount(AmountProblem.NOT_AN_AMOUNT, text)
    before, digits, after = marked.groups()
    named = {_currency_of(mark, currency) for mark in (before, after) if mark}
    if len(named) > 1:
        raise UnreadableAmount(AmountProblem.TWO_CURRENCIES, text)
    stated = named.pop() if named else currency
    return _money(sign * _amount(digits, stated, text), stated, text)


def _unsigned(narrow: str) -> tuple[str, int]:
    """Split off the sign, which may stand before or after a currency mark."""
    if bracketed := re.fullmatch(r"\((.+)\)", narrow):
        return bracketed[1], -1
    signed = re.fullmatch(rf"((?:{_MARK})?)([-+△▲])(.+)", narrow)
    if not signed:
        return narrow, 1
    return signed[1] + signed[3], 1 if signed[2] == "+" else -1


def _currency_of(mark: str, currency: str) -> str:
    if mark in _SHARED_SYMBOLS:
        alone, possible = _SHARED_SYMBOLS[mark]
        return currency if currency in possible else alone
    return _SYMBOLS.get(mark, mark)


def _amount(digits: str, currency: str, text: str) -> Decimal:
    """Add up segments such as 1億 and 2,000万: each must be smaller than the unit before it."""
    amount, limit = Decimal(0), None
    for number, unit in _SEGMENT.findall(digits):
        value = _number(number, currency, text, in_units=bool(unit)) * _MULTIPLIERS.get(unit, 1)
        if limit is not None and (value >= limit or amount % limit):
            raise UnreadableAmount(AmountProblem.NOT_AN_AMOUNT, text)
        amount, limit = amount + value, _MULTIPLIERS.get(unit, 1)
    return amount


def _number(number: str, currency: str, text: str, *, in_units: bool) -> Decimal:
    if _PLAIN.fullmatch(number):
        return Decimal(number)
    point = _decimal_point(number, currency, text, in_units=in_units)
    whole, _, fraction = number.rpartition(point) if point else (number, "", "")
    if not _is_whole(whole) or (point and not _PLAIN.fullmatch(fraction)):
        raise UnreadableAmount(AmountProblem.NOT_AN_AMOUNT, text)
    return Decimal(f"{re.sub(r'[^0-9]', '', whole)}.{fraction or 0}")


def _decimal_point(number: str, currency: str, text: str, *, in_units: bool) -> str:
    """Return the character that starts the decimals, empty when the number has none."""
    used = [character for character in ".,'" if character in number]
    last = max(used, key=number.rindex)
    if last == "'" or number.count(last) > 1:
        return ""
    before, after = number.split(last)
    may_group = len(used) == 1 and len(after) == 3 and re.fullmatch(r"[1-9][0-9]{0,2}", before)
    if not may_group:
        return last
    if last == ",":
        return ""
    if in_units or exponent_of(currency) == 3:
        return last
    raise UnreadableAmount(AmountProblem.AMBIGUOUS, text)


def _is_whole(number: str) -> bool:
    patterns = (_PLAIN, *_GROUPED.values())
    return any(pattern.fullmatch(number) for pattern in patterns)


def _money(amount: Decimal, currency: str, text: str) -> Money:
    try:
        money = from_major(amount, currency=currency)
    except TooPrecise:
        raise UnreadableAmount(AmountProblem.TOO_PRECISE, text) from None
    if abs(money.minor) > MAX_MINOR:
        raise UnreadableAmount(AmountProblem.TOO_LARGE, text)
    return money
