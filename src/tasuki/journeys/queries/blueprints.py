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
    current = BlueprintVersion.objects.filter(is_current=True)
    version_id = current.values_list("pk", flat=True).first()
    if version_id is None:
        raise NoBlueprintPublished
    return blueprint_version(version_id=version_id)


@lru_cache(maxsize=32)
def blueprint_version(*, version_id: int) -> Published:
    """This will return a version by the id that a stay or journey remembers.

    Published versions never change, so each is read once in a process.
    """
    version, text = BlueprintVersion.objects.values_list("version", "text").get(pk=version_id)
    return Published(version_id=version_id, version=version, blueprint=read_blueprint(text=text))


@lru_cache(maxsize=32)
def kept_blueprint(*, version_id: int) -> Published:
    """This will return a version to look at, also one that today's rules would refuse."""
    version, text = BlueprintVersion.objects.values_list("version", "text").get(pk=version_id)
    blueprint, _problems = examine_blueprint(text=text)
    return Published(version_id=version_id, version=version, blueprint=blueprint)


def default_blueprint_text() -> str:
    """This will return the default The Model blueprint as YAML."""
    return DEFAULT_BLUEPRINT.read_text(encoding="utf-8")
