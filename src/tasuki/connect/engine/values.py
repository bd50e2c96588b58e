"""From the texts of cells to values: dates, numbers, flags, amounts.

What has two readings is refused, never guessed.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from tasuki.connect.problems import RowRefused, Rule
from tasuki.core.labels import Label
from tasuki.core.money import Money
from tasuki.core.money_text import UnreadableAmount, parse_money

_ERAS: Final[Mapping[str, int]] = {
    "令和": 2018,
    "平成": 1988,
    "昭和": 1925,
    "R": 2018,
    "H": 1988,
    "S": 1925,
}
_TIME: Final = (
    r"(?:(?:[ T]+)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.(?P<part>\d+))?)?"
    r"\s*(?P<zone>Z|UTC|[+-]\d{2}:?\d{2})?)?"
)
_WEEKDAY: Final = r"(?:\s*\([月火水木金土日]\))?"
_WESTERN: Final = re.compile(
    r"(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?" + _WEEKDAY + _TIME
)
_ERA: Final = re.compile(
    r"(?P<era>令和|平成|昭和|[RHS])\s*(?P<year>\d{1,2}|元)[-/.年](?P<month>\d{1,2})[-/.月]"
    r"(?P<day>\d{1,2})日?" + _WEEKDAY + _TIME
)
_COMPACT: Final = re.compile(r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})" + _TIME)
_SERIAL: Final = re.compile(r"(?P<days>[2-7]\d{4})(?:\.\d+)?")
_TWO_READINGS: Final = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}.*")
_EXCEL_DAY_ZERO: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - the zone follows from the mapping
_YES: Final = frozenset(
    "true yes y 1 on はい 有 あり ○ 〇 ◯ ✓ ✔ レ t".split()  # noqa: SIM905 - read as a line
)
_NO: Final = frozenset(
    "false no n 0 off いいえ 無 なし × ✕ - f".split()  # noqa: SIM905
)


def moment(text: str, *, zone: ZoneInfo, pattern: str = "") -> datetime:
    """Return the instant in UTC; a day alone begins at midnight in the zone. Raises: RowRefused."""
    local = _stamp(text, pattern)
    aware = local if local.tzinfo else local.replace(tzinfo=zone)
    return aware.astimezone(UTC)


def day(text: str, *, pattern: str = "") -> date:
    """Return the calendar day as it was written. Raises: RowRefused."""
    return _stamp(text, pattern).date()


def number(text: str) -> int:
    """Return a whole number that is not negative. Raises: RowRefused."""
    narrow = unicodedata.normalize("NFKC", text).strip().replace(",", "")
    narrow = re.sub(r"\.0+$|[名人]$", "", narrow)
    if not re.fullmatch(r"[0-9]{1,9}", narrow):
        message = Label("0以上の整数ではありません。", "This is not a whole number.")
        raise RowRefused(Rule.NOT_A_NUMBER, message, value=text)
    return int(narrow)


def flag(text: str) -> bool:
    """Return yes or no. Raises: RowRefused."""
    word = unicodedata.normalize("NFKC", text).strip().lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    message = Label("「はい」か「いいえ」で書いてください。", "Write yes or no.")
    raise RowRefused(Rule.NOT_A_FLAG, message, value=text)


def amount(text: str, *, currency: str) -> Money:
    """Return an amount; a plain number with a decimal point is read as programs write it.

    Raises: RowRefused.
    """
    plain = _without_noise(text.strip())
    # Machines write 1234.567 and 24487.030000; people do not group four digits.
    if re.fullmatch(r"-?[0-9]+\.[0-9]*0", plain):
        plain = plain.rstrip("0").rstrip(".")
    try:
        return parse_money(plain, currency=currency)
    except UnreadableAmount as error:
        raise RowRefused(Rule.NOT_AN_AMOUNT, error.problem.label, value=text) from error


def _without_noise(text: str) -> str:
    """Undo what binary fractions do to amounts: 112436.18000000001 is 112436.18."""
    if not re.fullmatch(r"-?[0-9]{1,15}\.[0-9]{7,}", text):
        return text
    exact = Decimal(text)
    rounded = exact.quantize(Decimal("0.0001"))
    return str(rounded) if abs(exact - rounded) < Decimal("0.0000001") else text


def _stamp(text: str, pattern: str) -> datetime:
    if pattern:
        try:
            return datetime.strptime(text.strip(), pattern)  # noqa: DTZ007 - the zone comes later
        except ValueError:
            message = Label(
                f"日付の形「{pattern}」に合いません。", f'This does not fit the format "{pattern}".'
            )
            raise RowRefused(Rule.NOT_A_DATE, message, value=text) from None
    found = _read(text)
    if found is None:
        raise _no_date(text)
    return found


def _no_date(text: str) -> RowRefused:
    if _TWO_READINGS.fullmatch(text.strip()):
        message = Label(
            "日と月の順が分かりません。対応づけのformatで形を指定してください(例: %d/%m/%Y)。",
            "Day and month may be either way round. State the format in the mapping "
            "(such as %d/%m/%Y).",
        )
        return RowRefused(Rule.AMBIGUOUS_DATE, message, value=text)
    message = Label(
        "日付として読めません(例: 2026/11/22、令和8年11月22日)。",
        "This is not a date (examples: 2026-11-22, 2026/11/22).",
    )
    return RowRefused(Rule.NOT_A_DATE, message, value=text)


@lru_cache(maxsize=65_536)
def _read(text: str) -> datetime | None:
    narrow = unicodedata.normalize("NFKC", text).strip()
    for pattern in (_WESTERN, _COMPACT, _ERA):
        if match := pattern.fullmatch(narrow):
            return _from_parts(match.groupdict())
    if match := _SERIAL.fullmatch(narrow):
        stamp = _EXCEL_DAY_ZERO + timedelta(days=float(match[0]))
        return stamp.replace(microsecond=0)
    return None


def _from_parts(parts: dict[str, str | None]) -> datetime | None:
    year = 1 if parts["year"] == "元" else int(parts["year"] or 0)
    year += _ERAS.get(parts.get("era") or "", 0)
    micro = (parts["part"] or "")[:6].ljust(6, "0")
    try:
        moment_of_day = time(
            int(parts["hour"] or 0),
            int(parts["minute"] or 0),
            int(parts["second"] or 0),
            int(micro),
        )
        stamp = datetime.combine(
            date(year, int(parts["month"] or 0), int(parts["day"] or 0)), moment_of_day
        )
    except ValueError:
        return None
    if zone := parts["zone"]:
        return datetime.fromisoformat(stamp.isoformat() + ("+00:00" if zone in "ZUTC" else zone))
    return stamp
