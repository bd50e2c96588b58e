"""A selection of records in words, for the head of their list."""

from collections.abc import Iterator, Mapping

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tasuki.analytics.course import WITHOUT, GroupBy, Selection
from tasuki.analytics.course.labels import group_labels
from tasuki.analytics.course.records import EARLIEST
from tasuki.core.blueprint import Blueprint
from tasuki.core.labels import Label
from tasuki.core.periods import Period
from tasuki.core.periods import label as period_label
from tasuki.dashboards.forms import UNKNOWN
from tasuki.dashboards.labels import EXIT_LABELS
from tasuki.dashboards.queries import KIND_LABELS
from tasuki.ui import formats

Fact = tuple[str | Promise, str | Label | Promise]

BY_ID = (GroupBy.CAMPAIGN, GroupBy.TEAM, GroupBy.OWNER)

FILTER_NAMES: Mapping[str, Promise] = {
    "channel": _("Channel"),
    "segment": _("Segment"),
    "campaign": _("Campaign"),
    "team": _("Team"),
    "owner": _("Owner"),
    "motion": _("Motion"),
    "kind": _("Kind"),
}


def described(
    selection: Selection, texts: Mapping[str, str], blueprint: Blueprint
) -> tuple[Fact, ...]:
    """Return what was selected, as names and values."""
    return (
        *_where(selection, blueprint),
        *_when(selection),
        *_how(selection),
        *((FILTER_NAMES[name], _chosen(name, text, blueprint)) for name, text in texts.items()),
    )


def _where(selection: Selection, blueprint: Blueprint) -> Iterator[Fact]:
    if selection.stage:
        yield _("Stage"), _name(selection.stage, blueprint)
    if selection.target:
        yield _("Went to"), _name(selection.target, blueprint)


def _when(selection: Selection) -> Iterator[Fact]:
    if selection.entered:
        yield _("Entered"), _days(selection.entered)
    if selection.left:
        yield _("Left"), _days(selection.left)
    if selection.open_on:
        language = get_language() or "ja"
        yield _("There at the end of"), formats.format_date(selection.open_on, language=language)
    if selection.is_open:
        yield _("State"), _("There now")


def _how(selection: Selection) -> Iterator[Fact]:
    if selection.exits and len(selection.exits) < len(EXIT_LABELS):
        yield _("How it ended"), ", ".join(str(EXIT_LABELS[way]) for way in selection.exits)
    if selection.reason is not None:
        yield _("Reason"), selection.reason or _("None given")
    if selection.began or selection.arrived:
        yield _("Only"), _("The first stay of each journey")
    if selection.won:
        yield _("Only"), _("Won since")


def _name(code: str, blueprint: Blueprint) -> Label:
    return blueprint.place(code).label if blueprint.has_place(code) else Label(code, code)


def _chosen(name: str, text: str, blueprint: Blueprint) -> str:
    """Name what a filter lets through: `organic,-` becomes `Organic search, Unknown channel`."""
    language = get_language() or "ja"
    words = text.split(",")
    if name == "kind":
        kinds = {kind.value: label for kind, label in KIND_LABELS.items()}
        return ", ".join(kinds[word].text(language) if word in kinds else word for word in words)
    by = GroupBy(name)
    # An id that is none names nobody; it must not reach the database.
    keys = [WITHOUT if word == UNKNOWN else word for word in words]
    known = [key for key in keys if by not in BY_ID or key.isdecimal() or key == WITHOUT]
    labels = group_labels(by=by, keys=known, blueprint=blueprint)
    return ", ".join(labels[key].text(language) if key in labels else key for key in keys)


def _days(period: Period) -> str:
    language = get_language() or "ja"
    if period.start_date == EARLIEST:
        return formats.format_date(period.last_date, language=language)
    return period_label(period, language=language)
