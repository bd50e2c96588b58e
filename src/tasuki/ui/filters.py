"""The formats as Jinja filters, bound to the language and time zone of the page."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.utils import timezone

from tasuki.core.labels import Label
from tasuki.core.money import Money
from tasuki.ui import formats
from tasuki.ui.speaking import language


def _date(value: date | datetime | None) -> str:
    return formats.format_date(value, language=language(), zone=timezone.get_current_timezone())


def _date_short(value: date | datetime | None) -> str:
    zone = timezone.get_current_timezone()
    return formats.format_date_short(value, language=language(), zone=zone)


def _month(value: date | datetime | None) -> str:
    return formats.format_month(value, language=language(), zone=timezone.get_current_timezone())


def _moment(value: datetime | None) -> str:
    return formats.format_moment(value, language=language(), zone=timezone.get_current_timezone())


def _time(value: datetime | None) -> str:
    return formats.format_time(value, zone=timezone.get_current_timezone())


def _ago(value: datetime | None, now: datetime) -> str:
    return formats.format_ago(value, now=now, language=language())


def _duration(value: timedelta | None) -> str:
    return formats.format_duration(value, language=language())


def _days(value: formats.Number | None) -> str:
    return formats.format_days(value, language=language())


def _number(value: formats.Number | None, decimals: int = 0) -> str:
    return formats.format_number(value, decimals=decimals)


def _percent(value: formats.Number | None, decimals: int = 1) -> str:
    return formats.format_ratio(value, decimals=decimals)


def _money_short(value: Money | None) -> str:
    return formats.format_money_short(value, language=language())


def _label(value: Label | str | None) -> str:
    """Return a blueprint's label in the language of the page; plain text passes through."""
    if value is None:
        return formats.MISSING
    return value.text(language()) if isinstance(value, Label) else str(value)


FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "date": _date,
    "date_short": _date_short,
    "month": _month,
    "moment": _moment,
    "time": _time,
    "ago": _ago,
    "duration": _duration,
    "days": _days,
    "number": _number,
    "percent": _percent,
    "interval": formats.format_interval,
    "money": formats.format_money,
    "money_short": _money_short,
    "size": formats.format_size,
    "masked_email": formats.mask_email,
    "masked_phone": formats.mask_phone,
    "label": _label,
}
