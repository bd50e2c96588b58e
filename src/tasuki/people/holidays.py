"""Japanese public holidays, by law (祝日法) as the `holidays` package knows it."""

from datetime import date
from functools import cache


@cache
def public_holidays(year: int) -> dict[date, str]:
    """Return the public holidays of a year with their Japanese names, substitutes included."""
    import holidays  # noqa: PLC0415 - loads all countries' tables; only where a calendar is read

    return dict(sorted(holidays.country_holidays("JP", years=year, language="ja").items()))
