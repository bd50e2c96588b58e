"""What groups are called, and the order they are shown in."""

from collections.abc import Iterable, Sequence
from typing import Final

from tasuki.analytics.course.values import WITHOUT, Group, GroupBy
from tasuki.core.blueprint import Blueprint
from tasuki.core.labels import Label
from tasuki.journeys.models import Campaign, Channel
from tasuki.people.models import Team, User

UNKNOWN: Final = {
    GroupBy.CHANNEL: Label("チャネル不明", "Unknown channel"),
    GroupBy.SEGMENT: Label("セグメントなし", "No segment"),
    GroupBy.TEAM: Label("チームなし", "No team"),
    GroupBy.OWNER: Label("担当者なし", "No owner"),
    GroupBy.CAMPAIGN: Label("施策なし", "No campaign"),
    GroupBy.MOTION: Label("進め方なし", "No motion"),
}


def group_labels(*, by: GroupBy, keys: Sequence[str], blueprint: Blueprint) -> dict[str, Label]:
    """This will return the name of every key; at most one query."""
    known = _known(by, [key for key in keys if key != WITHOUT], blueprint)
    known[WITHOUT] = UNKNOWN[by]
    return {key: known.get(key, Label(key, key)) for key in keys}


def in_order(groups: Iterable[Group]) -> tuple[Group, ...]:
    """This will return the groups by their journeys, the unknown one last."""
    return tuple(
        sorted(groups, key=lambda group: (group.key == WITHOUT, -group.journeys, group.key))
    )


def _known(by: GroupBy, keys: list[str], blueprint: Blueprint) -> dict[str, Label]:
    match by:
        case GroupBy.CHANNEL:
            channels = Channel.objects.filter(code__in=keys)
            return {row.code: Label(row.label_ja, row.label_en) for row in channels}
        case GroupBy.TEAM:
            teams = Team.objects.filter(pk__in=keys)
            return {str(row.pk): Label(row.name_ja, row.name_en or row.name_ja) for row in teams}
        case GroupBy.OWNER:
            users = User.objects.filter(pk__in=keys)
            return {str(row.pk): Label(row.full_name, row.full_name) for row in users}
        case GroupBy.CAMPAIGN:
            campaigns = Campaign.objects.filter(pk__in=keys)
            return {str(row.pk): Label(row.name, row.name) for row in campaigns}
        case GroupBy.MOTION:
            return {motion.code: motion.label for motion in blueprint.motions}
        case _:  # a segment is its own name
            return {}
