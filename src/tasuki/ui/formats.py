"""Dates, durations, numbers and money as people read them, in Japanese and in English.

Pure functions: the language and, where it matters, the time zone and `now` are arguments.
`tasuki.ui.filters` binds them to the language of the page.
"""

from datetime import date, datetime, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from typing import Final
from zoneinfo import ZoneInfo

from tasuki.core.money import Money, exponent_of

MISSING: Final = "–"
"""What stands where there is no value, on every screen."""

TOKYO: Final = ZoneInfo("Asia/Tokyo")

_WEEKDAYS_JA = "月火水木金土日"
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SYMBOLS = {"JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}
_SIZES = ("B", "kB", "MB", "GB", "TB")
_SCALES_JA = ((Decimal(10) ** 4, "万"), (Decimal(10) ** 8, "億"), (Decimal(10) ** 12, "兆"))
_SCALES_EN = ((Decimal(10) ** 3, "K"), (Decimal(10) ** 6, "M"), (Decimal(10) ** 9, "B"))

Number = int | float | Decimal


def format_date(value: date | datetime | None, *, language: str, zone: tzinfo = TOKYO) -> str:
    """Return `2026/11/22 (日)` or `22 Nov 2026`; a moment counts as its day in `zone`."""
    day = _day(value, zone)
    if day is None:
        return MISSING
    if _is_english(language):
        return f"{day.day} {_MONTHS_EN[day.month - 1]} {day.year}"
    return f"{day:%Y/%m/%d} ({_WEEKDAYS_JA[day.weekday()]})"


def format_date_short(value: date | datetime | None, *, language: str, zone: tzinfo = TOKYO) -> str:
    """Return `11/22 (日)` or `22 Nov`: for places where the year is plain."""
    day = _day(value, zone)
    if day is None:
        return MISSING
    if _is_english(language):
        return f"{day.day} {_MONTHS_EN[day.month - 1]}"
    return f"{day.month}/{day.day} ({_WEEKDAYS_JA[day.weekday()]})"


def format_month(value: date | datetime | None, *, language: str, zone: tzinfo = TOKYO) -> str:
    """Return `2026年11月` or `Nov 2026`."""
    day = _day(value, zone)
    if day is None:
        return MISSING
    if _is_english(language):
        return f"{_MONTHS_EN[day.month - 1]} {day.year}"
    return f"{day.year}年{day.month}月"


def format_moment(value: datetime | None, *, language: str, zone: tzinfo = TOKYO) -> str:
    """Return the day and the minute in `zone`: `2026/11/22 (日) 14:05` or `22 Nov 2026, 14:05`."""
    if value is None:
        return MISSING
    day = format_date(value, language=language, zone=zone)
    return f"{day}{',' if _is_english(language) else ''} {format_time(value, zone=zone)}"


def format_time(value: datetime | None, *, zone: tzinfo = TOKYO) -> str:
    """Return the minute of the day in `zone`, `14:05`."""
    return MISSING if value is None else f"{value.astimezone(zone):%H:%M}"


def format_duration(value: timedelta | None, *, language: str) -> str:
    """Return a length of time by its two leading units at most: `3日`, `1日4時間`, `2時間15分`.

    Hours are dropped from three days on. English: `3 days`, `1 day 4 h`, `2 h 15 min`.
    """
    if value is None:
        return MISSING
    if value < timedelta(0):
        return f"-{format_duration(-value, language=language)}"
    minutes = int(value.total_seconds() // 60)
    days, hours = minutes // 1440, minutes // 60 % 24
    english = _is_english(language)
    if days >= 3 or (days and not hours):
        return _days(days, english=english)
    if days:
        return f"{_days(days, english=english)}{_hours(hours, english=english)}"
    if hours:
        return f"{_hours(hours, english=english).strip()}{_minutes(minutes % 60, english=english)}"
    if minutes:
        return _minutes(minutes, english=english).strip()
    return "under 1 min" if english else "1分未満"


def format_days(value: Number | None, *, language: str) -> str:
    """Return a number of days with one decimal below ten: `4.5日`, `12日`, `4.5 days`."""
    if value is None:
        return MISSING
    rounded = _rounded(value, 1)
    text = _trimmed(rounded) if abs(rounded) < 10 else format_number(rounded)
    if _is_english(language):
        return f"{text} {'day' if text == '1' else 'days'}"
    return f"{text}日"


def format_ago(value: datetime | None, *, now: datetime, language: str) -> str:
    """Return how long ago or from now, by its leading unit: `3日前`, `2時間後`, `3 days ago`."""
    if value is None:
        return MISSING
    english = _is_english(language)
    distance = abs(now - value)
    if distance < timedelta(minutes=1):
        return "just now" if english else "たった今"
    text = format_duration(_leading_unit(distance), language=language)
    if value <= now:
        return f"{text} ago" if english else f"{text}前"
    return f"in {text}" if english else f"{text}後"


def format_number(value: Number | None, *, decimals: int = 0) -> str:
    """Return the number with separators, rounded half up: `1,234`, `1,234.5`."""
    return MISSING if value is None else f"{_rounded(value, decimals):,.{decimals}f}"


def format_ratio(value: Number | None, *, decimals: int = 1) -> str:
    """Return a ratio 0 to 1 as a percentage: `12.3%`."""
    if value is None:
        return MISSING
    return f"{format_number(Decimal(str(value)) * 100, decimals=decimals)}%"


def format_interval(low: Number | None, high: Number | None, *, decimals: int = 1) -> str:
    """Return an interval of ratios: `10.1–14.8%`."""
    if low is None or high is None:
        return MISSING
    return f"{format_ratio(low, decimals=decimals)[:-1]}–{format_ratio(high, decimals=decimals)}"


def format_money(value: Money | None) -> str:
    """Return the whole amount with its currency's sign and decimals: `¥1,234,567`, `$12.50`."""
    if value is None:
        return MISSING
    exponent = exponent_of(value.currency)
    text = format_number(abs(_major(value)), decimals=exponent)
    return f"{_sign(value)}{_symbol(value.currency)}{text}"


def format_money_short(value: Money | None, *, language: str) -> str:
    """Return the amount to about three figures: `1.2億円`, `350万円`, `¥1.2M`, `$3.4K`.

    Below the first scale the amount is whole: `9,800円`, `¥980`.
    """
    if value is None:
        return MISSING
    english = _is_english(language)
    number, unit = _scaled(abs(_major(value)), _SCALES_EN if english else _SCALES_JA)
    if value.currency == "JPY" and not english:
        return f"{_sign(value)}{number}{unit}円"
    return f"{_sign(value)}{_symbol(value.currency)}{number}{unit}"


def format_size(octets: int) -> str:
    """Return a file size in decimal units: `12.3 MB`."""
    amount, unit = Decimal(octets), 0
    while amount >= 1000 and unit < len(_SIZES) - 1:
        amount, unit = amount / 1000, unit + 1
    return f"{format_number(amount, decimals=1 if unit else 0)} {_SIZES[unit]}"


def mask_email(value: str | None) -> str:
    """Return an address that tells only its first letter and its domain: `t•••@example.co.jp`."""
    if not value:
        return MISSING
    local, at, domain = value.rpartition("@")
    return f"{local[:1]}•••{at}{domain}" if at else f"{value[:1]}•••"


def mask_phone(value: str | None) -> str:
    """Return a number that tells only its last two digits, grouped as before: `••-••••-••34`."""
    if not value:
        return MISSING
    keep_from = sum(char.isdigit() for char in value) - 2
    seen = 0
    masked = []
    for char in value:
        hidden = char.isdigit() and seen < keep_from
        seen += char.isdigit()
        masked.append("•" if hidden else char)
    return "".join(masked)


def _is_english(language: str) -> bool:
    return language.lower().startswith("en")


def _day(value: date | datetime | None, zone: tzinfo) -> date | None:
    return value.astimezone(zone).date() if isinstance(value, datetime) else value


def _days(count: int, *, english: bool) -> str:
    if not english:
        return f"{count:,}日"
    return f"{count:,} {'day' if count == 1 else 'days'}"


def _hours(count: int, *, english: bool) -> str:
    return f" {count} h" if english else f"{count}時間"


def _minutes(count: int, *, english: bool) -> str:
    if not count:
        return ""
    return f" {count} min" if english else f"{count}分"


def _leading_unit(distance: timedelta) -> timedelta:
    for unit in (timedelta(days=1), timedelta(hours=1)):
        if distance >= unit:
            return distance // unit * unit
    return distance


def _rounded(value: Number, decimals: int) -> Decimal:
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    rounded = number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return abs(rounded) if rounded == 0 else rounded


def _trimmed(value: Decimal) -> str:
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _scaled(amount: Decimal, scales: tuple[tuple[Decimal, str], ...]) -> tuple[str, str]:
    """Take the largest scale that the amount reaches once it is rounded in the scale below."""
    chosen, sign = Decimal(1), ""
    for scale, unit in scales:
        if _three_figures(amount / chosen) * chosen < scale:
            break
        chosen, sign = scale, unit
    return (_trimmed(_three_figures(amount / chosen)) if sign else format_number(amount)), sign


def _three_figures(number: Decimal) -> Decimal:
    """Round to one decimal below a hundred, to a whole number above."""
    return _rounded(number, 1 if number < 100 else 0)


def _major(value: Money) -> Decimal:
    return Decimal(value.minor).scaleb(-exponent_of(value.currency))


def _sign(value: Money) -> str:
    return "-" if value.minor < 0 else ""


def _symbol(currency: str) -> str:
    return _SYMBOLS.get(currency, f"{currency} ")
