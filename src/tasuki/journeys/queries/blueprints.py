"""The published process: the current version, and any version that once judged."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from tasuki.core.blueprint import Blueprint, examine_blueprint, read_blueprint
from tasuki.journeys.models import BlueprintVersion

DEFAULT_BLUEPRINT: Final = Path(__file__).parent.parent / "blueprints" / "the_model.yaml"


class NoBlueprintPublished(Exception):
    """No process has gone live yet; `tasuki init` publishes the default one."""


@dataclass(frozen=True, slots=True)
class Published:
    """A blueprint and the id of the version row that keeps it."""

    version_id: int
    version: int
    blueprint: Blueprint


def current_blueprint() -> Published:
    """This will return the version that judges new moves.

    Raises:
        NoBlueprintPublished: nothing went live yet.
    """
    row = BlueprintVersion.objects.filter(is_current=True).values_list("pk", "version").first()
    if row is None:
        raise NoBlueprintPublished
    return Published(version_id=row[0], version=row[1], blueprint=_read_version(row[0]))


def blueprint_version(*, version_id: int) -> Published:
    """This will return a version by the id that a stay or journey remembers."""
    row = BlueprintVersion.objects.values_list("pk", "version").get(pk=version_id)
    return Published(version_id=row[0], version=row[1], blueprint=_read_version(row[0]))


def kept_blueprint(*, version_id: int) -> Published:
    """This will return a version to look at, also one that today's rules would refuse."""
    row = BlueprintVersion.objects.values_list("pk", "version").get(pk=version_id)
    return Published(version_id=row[0], version=row[1], blueprint=_examine_version(row[0]))


def default_blueprint_text() -> str:
    """This will return the default The Model blueprint as YAML."""
    return DEFAULT_BLUEPRINT.read_text(encoding="utf-8")


@lru_cache(maxsize=32)
def _examine_version(version_id: int) -> Blueprint:
    text = BlueprintVersion.objects.values_list("text", flat=True).get(pk=version_id)
    blueprint, _problems = examine_blueprint(text=text)
    return blueprint


@lru_cache(maxsize=32)
def _read_version(version_id: int) -> Blueprint:
    """Published versions never change, so each is parsed once in a process."""
    text = BlueprintVersion.objects.values_list("text", flat=True).get(pk=version_id)
    return read_blueprint(text=text)
