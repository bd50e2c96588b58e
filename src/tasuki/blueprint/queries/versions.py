"""The versions of the process, their differences, and the drafts of what may follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import QuerySet

from tasuki.blueprint.models import BlueprintDraft
from tasuki.core.blueprint.difference import Change, ChangeKind, differences
from tasuki.journeys.models import BlueprintVersion
from tasuki.journeys.queries.blueprints import kept_blueprint

MOST_VERSIONS = 20


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version with how many differences it has to the one before it; None for the first."""

    version: BlueprintVersion
    former: BlueprintVersion | None
    added: int
    removed: int
    changed: int


def versions() -> QuerySet[BlueprintVersion]:
    """Return every version with who published it, the newest first."""
    return BlueprintVersion.objects.select_related("published_by").order_by("-published_at", "-pk")


def version_rows() -> tuple[VersionRow, ...]:
    """Return the newest versions with their differences counted."""
    newest = list(versions().defer("text")[: MOST_VERSIONS + 1])
    formers = [*newest[1:], None]
    return tuple(_row(version, former) for version, former in zip(newest, formers, strict=True))[
        :MOST_VERSIONS
    ]


def former_of(version: BlueprintVersion) -> BlueprintVersion | None:
    """Return the version that was in force before."""
    earlier = versions().filter(published_at__lte=version.published_at, pk__lt=version.pk)
    return earlier.first()


@lru_cache(maxsize=128)
def changes_between(before_id: int, after_id: int) -> tuple[Change, ...]:
    """Return what changed from one version to another; versions never change."""
    return differences(
        before=kept_blueprint(version_id=before_id).blueprint,
        after=kept_blueprint(version_id=after_id).blueprint,
    )


def drafts() -> QuerySet[BlueprintDraft]:
    """Return the drafts, the one that was worked on last first."""
    return BlueprintDraft.objects.select_related("author", "updated_by", "based_on")


def _row(version: BlueprintVersion, former: BlueprintVersion | None) -> VersionRow:
    if former is None:
        return VersionRow(version, None, 0, 0, 0)
    changes = changes_between(former.pk, version.pk)
    return VersionRow(
        version,
        former,
        _count(changes, ChangeKind.ADDED),
        _count(changes, ChangeKind.REMOVED),
        _count(changes, ChangeKind.CHANGED),
    )


def _count(changes: Sequence[Change], kind: ChangeKind) -> int:
    return sum(change.kind is kind for change in changes)
