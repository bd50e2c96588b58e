"""What a person asked the course for, read from the URL and written back into it."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final, TypeVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from tasuki.analytics.course import (
    NOBODY,
    WITHOUT,
    CourseQuery,
    Filters,
    Group,
    GroupBy,
    Selection,
)
from tasuki.core.access import Access, Capability
from tasuki.core.period_choice import (
    InvalidPeriod,
    PeriodChoice,
    PeriodName,
    parse_period,
)
from tasuki.core.periods import Period, local_date, previous, same_period_last_year
from tasuki.journeys.models import ReportingSettings

ALL_TIME: Final = "all"
UNKNOWN: Final = "-"
"""What stands in the URL for "without": no channel, nobody."""
DEFAULT_PERIOD: Final = PeriodName.LAST_90_DAYS
OFFERED: Final = (
    PeriodName.THIS_MONTH,
    PeriodName.LAST_MONTH,
    PeriodName.THIS_QUARTER,
    PeriodName.LAST_QUARTER,
    PeriodName.FISCAL_YEAR,
    PeriodName.LAST_FISCAL_YEAR,
    PeriodName.LAST_30_DAYS,
    PeriodName.LAST_90_DAYS,
    PeriodName.LAST_12_MONTHS,
)
ChoiceT = TypeVar("ChoiceT", bound=StrEnum)


class Compared(StrEnum):
    """What the period is held against."""

    PREVIOUS = "previous"
    LAST_YEAR = "last_year"
    NOTHING = "none"


COMPARED_LABELS: Final = {
    Compared.PREVIOUS: _("Previous period"),
    Compared.LAST_YEAR: _("A year before"),
    Compared.NOTHING: _("No comparison"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One view of the course. `choice` is None for all time; `problem` says what was refused."""

    choice: PeriodChoice | None
    filters: Filters
    compared: Compared
    by: GroupBy
    now: datetime
    problem: InvalidPeriod | None = None
    texts: dict[str, str] = field(default_factory=dict)
    """The filters as they stand in the URL."""

    @property
    def period(self) -> Period | None:
        """The days asked for."""
        return self.choice.period if self.choice else None

    @property
    def period_name(self) -> str:
        """The name the period goes by in the URL."""
        return self.choice.name.value if self.choice else ALL_TIME

    @property
    def query(self) -> CourseQuery:
        """What the analytics are asked."""
        return CourseQuery(now=self.now, period=self.period, filters=self.filters)

    @property
    def compared_query(self) -> CourseQuery | None:
        """The same for the period it is compared with; None when there is none."""
        if self.period is None or self.compared is Compared.NOTHING:
            return None
        earlier = previous if self.compared is Compared.PREVIOUS else same_period_last_year
        return replace(self.query, period=earlier(self.period))

    @property
    def parameters(self) -> dict[str, str]:
        """The shortest URL parameters that ask for the same."""
        period = self.choice.parameters if self.choice else {"period": ALL_TIME}
        asked = {**period, **self.texts, "compare": self.compared.value, "by": self.by.value}
        usual = {
            "period": DEFAULT_PERIOD.value,
            "compare": Compared.PREVIOUS.value,
            "by": GroupBy.CHANNEL.value,
        }
        return {key: text for key, text in asked.items() if usual.get(key) != text}

    @property
    def is_filtered(self) -> bool:
        """Whether any filter is in force."""
        return bool(self.texts)

    def url(self, path: str, **changed: str) -> str:
        """Return the address of the same view with some parameters changed; empty drops one."""
        found = {**self.parameters, **changed}
        query = urlencode({key: text for key, text in found.items() if text}, safe=",")
        return f"{path}?{query}" if query else path

    def records_url(self, path: str, selection: Selection) -> str:
        """Return the address of the records behind a figure."""
        query = urlencode({**selection.parameters, **self.texts}, safe=",")
        return f"{path}?{query}"

    def group_url(self, path: str, group: Group, selection: Selection) -> str:
        """Return the address of the records behind a figure of a group."""
        only = {self.by.value: group.key or UNKNOWN}
        return f"{path}?{urlencode({**selection.parameters, **self.texts, **only}, safe=',')}"


def read_asked(
    *, parameters: QueryDict, access: Access, settings: ReportingSettings, now: datetime
) -> Asked:
    """Return what the URL asks for; a period that means nothing becomes the usual one, told."""
    today = local_date(now, zone=ZoneInfo(settings.time_zone))
    problem: InvalidPeriod | None = None
    try:
        choice = _choice(parameters, today, settings.fiscal_year_start_month)
    except InvalidPeriod as refused:
        problem, choice = refused, _usual(today, settings.fiscal_year_start_month)
    filters, texts = read_filters(parameters=parameters, access=access)
    return Asked(
        choice=choice,
        filters=filters,
        compared=_one_of(Compared, parameters.get("compare"), Compared.PREVIOUS),
        by=_one_of(GroupBy, parameters.get("by"), GroupBy.CHANNEL),
        now=now,
        problem=problem,
        texts=texts,
    )


def read_filters(*, parameters: QueryDict, access: Access) -> tuple[Filters, dict[str, str]]:
    """Return the filters of the URL within the reach of who asks, and how they are written."""
    words = {
        name: tuple(sorted(_words(parameters, name)))
        for name in ("channel", "segment", "campaign", "team", "owner", "motion", "kind")
    }
    filters = Filters(
        channels=_texts(words["channel"]),
        segments=_texts(words["segment"]),
        campaigns=_ids(words["campaign"]),
        teams=_ids(words["team"]),
        owners=_ids(words["owner"]),
        motions=_texts(words["motion"]),
        kinds=_texts(words["kind"]),
        reach=access.reach(Capability.SEE_FIGURES),
        user_id=access.user_id,
    )
    return filters, {name: ",".join(found) for name, found in words.items() if found}


def _choice(parameters: QueryDict, today: date, month: int) -> PeriodChoice | None:
    if parameters.get("period") == ALL_TIME:
        return None
    chosen = {key: parameters.get(key, "") for key in ("period", "from", "to")}
    if chosen["period"] != PeriodName.CUSTOM:
        if chosen["period"]:
            chosen["from"] = chosen["to"] = ""
    elif not (chosen["from"] or chosen["to"]):
        # Just chosen in the picker: begin with the days that are on the screen anyway.
        return replace(_usual(today, month), name=PeriodName.CUSTOM)
    return parse_period(chosen, today=today, fiscal_start_month=month, default=DEFAULT_PERIOD)


def _usual(today: date, month: int) -> PeriodChoice:
    return parse_period({}, today=today, fiscal_start_month=month, default=DEFAULT_PERIOD)


def _words(parameters: QueryDict, name: str) -> set[str]:
    return {word for text in parameters.getlist(name) for word in text.split(",") if word.strip()}


def _texts(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(WITHOUT if word == UNKNOWN else word for word in words)


def _ids(words: tuple[str, ...]) -> tuple[int, ...]:
    """Ids of a filter; a word that is no id stands for a row that does not exist."""
    return tuple(NOBODY if word == UNKNOWN else _id(word) for word in words)


def _id(word: str) -> int:
    return int(word) if word.isascii() and word.isdecimal() and len(word) < 18 else -1


def _one_of(kind: type[ChoiceT], text: str | None, usual: ChoiceT) -> ChoiceT:
    return kind(text) if text in {item.value for item in kind} else usual
