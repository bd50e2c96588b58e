"""What the filters of the course can be set to."""

from dataclasses import dataclass

from django.db.models import Q

from tasuki.core.access import Reach
from tasuki.core.blueprint import Blueprint, JourneyKind
from tasuki.core.labels import Label
from tasuki.journeys.models import Account, Channel
from tasuki.people.models import Team, User

Option = tuple[str, Label]

KIND_LABELS = {
    JourneyKind.NEW: Label("新規", "New business"),
    JourneyKind.RENEWAL: Label("更新", "Renewal"),
    JourneyKind.EXPANSION: Label("拡大", "Expansion"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterOptions:
    """The choices of each filter, as they stand in the URL and as they are called."""

    channel: tuple[Option, ...]
    segment: tuple[Option, ...]
    team: tuple[Option, ...]
    owner: tuple[Option, ...]
    motion: tuple[Option, ...]
    kind: tuple[Option, ...]


def filter_options(*, blueprint: Blueprint, reach: Reach, user_id: int) -> FilterOptions:
    """This will return the choices for somebody: teams and owners only within the reach."""
    channels = Channel.objects.filter(is_active=True)
    segments = (
        Account.objects.exclude(segment="")
        .order_by("segment")
        .values_list("segment", flat=True)
        .distinct()
    )
    return FilterOptions(
        channel=tuple((row.code, Label(row.label_ja, row.label_en)) for row in channels),
        segment=tuple((text, Label(text, text)) for text in segments),
        team=tuple(
            (str(row.pk), Label(row.name_ja, row.name_en or row.name_ja))
            for row in Team.objects.filter(_teams(reach))
        ),
        owner=tuple(
            (str(row.pk), Label(row.full_name, row.full_name))
            for row in User.objects.filter(_owners(reach, user_id), grants__isnull=False).distinct()
        ),
        motion=tuple((motion.code, motion.label) for motion in blueprint.motions),
        kind=tuple((kind.value, label) for kind, label in KIND_LABELS.items()),
    )


def _teams(reach: Reach) -> Q:
    if reach.everything:
        return Q()
    seen = Q(pk__in=[])
    for area in reach.areas:
        inside = Q(department=area.department.value) if area.department else Q()
        seen |= inside if area.team_ids is None else Q(pk__in=area.team_ids)
    return seen


def _owners(reach: Reach, user_id: int) -> Q:
    if reach.everything:
        return Q()
    return Q(pk=user_id) | Q(team__in=Team.objects.filter(_teams(reach)))
