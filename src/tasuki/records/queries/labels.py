"""What codes and keys of a filter are called, for chips, menus and exports."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tasuki.core.blueprint import Blueprint
from tasuki.core.departments import Department
from tasuki.core.labels import Label
from tasuki.journeys.models import Account, Campaign, Channel
from tasuki.journeys.queries.filters import ME, NOBODY, JourneyFilter
from tasuki.people.models import Team, User

Text = str | Promise | Label

FILTER_LABELS: Final[Mapping[str, Text]] = {
    "stage": _("Stage"),
    "department": _("Department"),
    "state": _("State"),
    "exit": _("How it left"),
    "reason": _("Reason"),
    "channel": _("Channel"),
    "campaign": _("Campaign"),
    "segment": _("Segment"),
    "team": _("Team"),
    "owner": _("Owner"),
    "motion": _("Motion"),
    "kind": _("Kind"),
    "temperature": _("Temperature"),
    "account": _("Account"),
    "next_action": _("Next action"),
    "stalled": _("Stalled"),
    "to": _("Went to"),
    "first": _("First stay"),
    "won": _("Won"),
    "open_on": _("Was there on"),
    "entered_from": _("Entered from"),
    "entered_to": _("Entered until"),
    "left_from": _("Left from"),
    "left_to": _("Left until"),
    "amount_from": _("Amount from"),
    "amount_to": _("Amount up to"),
    "q": _("Search"),
}
VALUE_LABELS: Final[Mapping[str, Mapping[str, Text]]] = {
    "state": {"open": _("In progress"), "side": _("Beside the way"), "closed": _("Completed")},
    "exit": {
        "advanced": _("Advanced"),
        "returned": _("Returned"),
        "recycled": _("Recycled"),
        "disqualified": _("Disqualified"),
        "lost": _("Lost"),
        "churned": _("Churned"),
        "reactivated": _("Reactivated"),
        "won_back": _("Won back"),
        "completed": _("Completed"),
    },
    "kind": {"new": _("New"), "renewal": _("Renewal"), "expansion": _("Expansion")},
    "temperature": {"hot": _("Hot"), "warm": _("Warm"), "cold": _("Cold")},
    "next_action": {
        "overdue": _("Overdue"),
        "today": _("Today"),
        "week": _("This week"),
        "none": _("None"),
    },
    "stalled": {"yes": _("Yes")},
    "won": {"1": _("Yes")},
    "first": {"journey": _("Of the journey"), "held": _("Of the chosen holder")},
    "reason": {"-": _("None given")},
}
SEGMENTS: Final[Mapping[str, Label]] = {
    "enterprise": Label("大企業", "Enterprise"),
    "mid": Label("中堅", "Mid-size"),
    "small": Label("中小", "Small"),
}


@dataclass(frozen=True, slots=True)
class Option:
    """A value to choose and what it is called."""

    value: str
    label: Text


def values_of(*, chosen: JourneyFilter, blueprint: Blueprint) -> dict[tuple[str, str], Text]:
    """Return what each value of the filter is called; asks only for the names that it holds."""
    labels = _fixed(blueprint)
    found = {pair: labels.get(pair, pair[1]) for pair in chosen.parameters()}
    found |= _named(chosen)
    for name in ("owner", "team", "channel", "segment"):
        found |= {pair: _("Nobody") for pair in found if pair == (name, NOBODY)}
    return found


def stage_options(blueprint: Blueprint) -> tuple[Option, ...]:
    """Return the places of the process in order."""
    return tuple(Option(place.code, place.label) for place in blueprint.places)


def department_options() -> tuple[Option, ...]:
    """Return the departments."""
    return tuple(Option(each.value, each.label) for each in Department)


def motion_options(blueprint: Blueprint) -> tuple[Option, ...]:
    """Return the ways of dividing the work."""
    return tuple(Option(each.code, each.label) for each in blueprint.motions)


def channel_options() -> tuple[Option, ...]:
    """Return the channels in use."""
    rows = Channel.objects.filter(is_active=True).values_list("code", "label_ja", "label_en")
    return tuple(Option(code, Label(ja, en)) for code, ja, en in rows)


def owner_options() -> tuple[Option, ...]:
    """Return everybody who can carry a journey."""
    people = User.objects.filter(is_active=True).only("family_name", "given_name")
    return tuple(Option(str(user.pk), user.full_name) for user in people)


def team_options() -> tuple[Option, ...]:
    """Return the teams at work."""
    return tuple(Option(str(team.pk), team.name) for team in Team.objects.filter(is_active=True))


def choices(name: str) -> tuple[Option, ...]:
    """Return the values of a closed set of the filter."""
    return tuple(Option(value, label) for value, label in VALUE_LABELS[name].items())


def names(blueprint: Blueprint) -> dict[str, dict[str, str]]:
    """Return what the codes of rows are called, as texts in the language of the page."""
    return {
        "stage": {place.code: in_words(place.label) for place in blueprint.places},
        "motion": {motion.code: in_words(motion.label) for motion in blueprint.motions},
        "segment": {code: in_words(label) for code, label in SEGMENTS.items()},
        "temperature": {
            code: in_words(label) for code, label in VALUE_LABELS["temperature"].items()
        },
        "kind": {code: in_words(label) for code, label in VALUE_LABELS["kind"].items()},
    }


def in_words(value: Text) -> str:
    """Return a label as text in the language of the page."""
    return value.text(get_language() or "ja") if isinstance(value, Label) else str(value)


def segment_label(code: str) -> Text:
    """Return what a segment is called; own codes stand for themselves."""
    return SEGMENTS.get(code, code)


def _fixed(blueprint: Blueprint) -> dict[tuple[str, str], Text]:
    found: dict[tuple[str, str], Text] = {
        (name, value): label
        for name, labels in VALUE_LABELS.items()
        for value, label in labels.items()
    }
    for place in blueprint.places:
        found["stage", place.code] = found["to", place.code] = place.label
    for motion in blueprint.motions:
        found["motion", motion.code] = motion.label
    for department in Department:
        found["department", department.value] = department.label
    found |= {("segment", code): label for code, label in SEGMENTS.items()}
    reasons = [reason for side in blueprint.sides for reason in side.reasons]
    reasons += [reason for rule in blueprint.returns for reason in rule.reasons]
    found |= {("reason", reason.code): reason.label for reason in reasons}
    return found | {("owner", ME): _("Me")}


def _named(chosen: JourneyFilter) -> dict[tuple[str, str], Text]:
    found: dict[tuple[str, str], Text] = {}
    if keys := _keys(chosen.owner):
        found |= {
            ("owner", str(user.pk)): user.full_name for user in User.objects.filter(pk__in=keys)
        }
    if keys := _keys(chosen.team):
        found |= {("team", str(team.pk)): team.name for team in Team.objects.filter(pk__in=keys)}
    if keys := _keys(chosen.account):
        rows = Account.objects.filter(pk__in=keys).values_list("pk", "name")
        found |= {("account", str(pk)): name for pk, name in rows}
    if keys := _keys(chosen.campaign):
        campaigns = Campaign.objects.filter(pk__in=keys).values_list("pk", "name")
        found |= {("campaign", str(pk)): name for pk, name in campaigns}
    if chosen.channel:
        channels = Channel.objects.filter(code__in=chosen.channel)
        found |= {("channel", each.code): Label(each.label_ja, each.label_en) for each in channels}
    return found


def _keys(values: Iterable[str]) -> list[int]:
    return [int(value) for value in values if value.isdigit()]
