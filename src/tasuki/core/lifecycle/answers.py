"""Which answers still hold when a journey is taken up again."""

from collections.abc import Mapping

from tasuki.core.blueprint.types import Blueprint
from tasuki.core.conditions.fields import ANSWERS_PREFIX


def answers_that_hold(
    *, blueprint: Blueprint, answers: Mapping[str, object], stage: str
) -> dict[str, object]:
    """Return the answers that count in a new cycle beginning at `stage`.

    What a gate after that stage asks must be asked again: last year's meeting date does not book
    this year's meeting. Answers of earlier gates, and those no gate asks for, are kept.

    Raises: KeyError when the blueprint has no such stage.
    """
    place = blueprint.stage(stage)
    asked_again = {
        item.field.removeprefix(ANSWERS_PREFIX)
        for later in blueprint.line(place.line)
        if later.position > place.position
        for item in later.gate
        if item.field.startswith(ANSWERS_PREFIX)
    }
    return {key: value for key, value in answers.items() if key not in asked_again}
