"""Values of a blueprint in words: minutes, shares, flags, lists. None where nothing is said."""

from collections.abc import Sequence

from tasuki.core.blueprint.contracts import MINUTES_PER_BUSINESS_DAY
from tasuki.core.labels import Label

_MINUTES_PER_HOUR = 60


def spoken_minutes(minutes: int | None) -> Label | None:
    """Say working minutes in days of eight hours, hours and minutes; None stays None."""
    if minutes is None:
        return None
    days, rest = divmod(minutes, MINUTES_PER_BUSINESS_DAY)
    hours, left = divmod(rest, _MINUTES_PER_HOUR)
    told = [
        (count, ja, en)
        for count, ja, en in (
            (days, "営業日", "business day"),
            (hours, "時間", "hour"),
            (left, "分", "minute"),
        )
        if count
    ]
    return Label(
        "".join(f"{count}{ja}" for count, ja, _en in told) or "すぐに",
        " ".join(f"{count} {en}{'' if count == 1 else 's'}" for count, _ja, en in told)
        or "at once",
    )


def spoken_ratio(ratio: float | None) -> Label | None:
    """Say a share as a percentage, with as many digits as it has."""
    if ratio is None:
        return None
    text = f"{round(ratio * 100, 4):g}%"
    return Label(text, text)


def spoken_number(number: int | None, unit: Label) -> Label | None:
    """Say a count with its unit."""
    return None if number is None else Label(f"{number}{unit.ja}", f"{number}{unit.en}")


def spoken_flag(flag: bool) -> Label:  # noqa: FBT001 - the one thing that is said
    """Say yes or no."""
    return Label("はい", "yes") if flag else Label("いいえ", "no")


def joined(labels: Sequence[Label]) -> Label | None:
    """Say several names in a row; None for none."""
    if not labels:
        return None
    return Label("・".join(one.ja for one in labels), ", ".join(one.en for one in labels))
